#include "rules/cohort/cohort_report.h"

#include <algorithm>

namespace cellvigil {
namespace {

constexpr Confidence kConfidence{0.95};
constexpr Estimand kEstimands[] = {Estimand::before_next_therapy, Estimand::regardless};
constexpr Day kMarks[] = {0, 90, 180, 365, 730, 1095, 1461, 1826};

GradeSide side_of(GradeSource source) {
    switch (source) {
        case GradeSource::computed:
            return GradeSide::computed;
        case GradeSource::site:
            return GradeSide::site;
        case GradeSource::computed_else_site:
            return GradeSide::computed_else_site;
    }
    return GradeSide::computed;
}

class Reporter {
  public:
    Reporter(const CohortTable& table, const RuleSet& rules) : table_(table), rules_(rules) {}

    Result<CohortReport> report(ReportHead head) && {
        report_.head = std::move(head);
        report_.safety = subjects_in(table_, AnalysisSet::safety, {});
        report_.efficacy = subjects_in(table_, AnalysisSet::efficacy, {});
        report_.reinfusions = subjects_in(table_, AnalysisSet::safety, {}, true);
        const auto follow_up = median_follow_up(table_, AnalysisSet::safety);
        if (!follow_up) return fail(follow_up.error());
        report_.median_follow_up_days = *follow_up;
        add_counts();
        add_landmarks();
        add_deaths(AnalysisSet::safety);
        if (const auto added = add_rates(); !added) return fail(added.error());
        if (const auto added = add_curves(); !added) return fail(added.error());
        if (const auto added = add_completeness(); !added) return fail(added.error());
        return std::move(report_);
    }

  private:
    // Every stratum of one dimension that the table knows for an endpoint.
    std::vector<Stratum> strata(const TableKey& of, Dimension dimension) const {
        std::vector<Stratum> found;
        TableKey from = of;
        from.stratum = {dimension, {}};
        for (auto at = table_.cells().lower_bound(from); at != table_.cells().end(); ++at) {
            const TableKey& key = at->first;
            const bool same = key.set == of.set && key.reinfusion == of.reinfusion && key.endpoint == of.endpoint;
            if (!same || key.stratum.dimension != dimension) break;
            found.push_back(key.stratum);
        }
        return found;
    }

    void add_count(const TableKey& key) {
        CountRow row{key, crude(table_, key), std::nullopt, pending(table_, key)};
        if (days_of(key.endpoint.endpoint, rules_).last < kOpenEnd) row.completed = completed(table_, key);
        report_.counts.push_back(std::move(row));
    }
    void add_counts() {
        const GradeSide preferred = side_of(rules_.cohorts.grade_source);
        for (const Endpoint endpoint : {Endpoint::crs_any, Endpoint::crs_3, Endpoint::icans_any, Endpoint::icans_3}) {
            add_count({AnalysisSet::safety, false, {endpoint, Estimand::regardless, preferred}, {}});
            add_count({AnalysisSet::safety, false, {endpoint, Estimand::regardless, GradeSide::upper}, {}});
        }
        for (const Endpoint endpoint : {Endpoint::neutropenia_3, Endpoint::leukopenia_3})
            add_count({AnalysisSet::safety, false, {endpoint, Estimand::regardless}, {}});
        for (const Endpoint endpoint :
             {Endpoint::zoster_past_day_90, Endpoint::zoster_past_day_90_with_possible, Endpoint::zoster,
              Endpoint::infection_past_day_90, Endpoint::severe_infection_w0, Endpoint::severe_infection_w1,
              Endpoint::severe_infection_w2, Endpoint::severe_infection_w3, Endpoint::second_malignancy}) {
            for (const Estimand estimand : kEstimands)
                add_count({AnalysisSet::safety, false, {endpoint, estimand}, {}});
        }
        add_count({AnalysisSet::safety, false, {Endpoint::death, Estimand::regardless}, {}});
        add_count({AnalysisSet::safety, false, {Endpoint::non_relapse_death, Estimand::regardless}, {}});
        for (const Endpoint endpoint : {Endpoint::response, Endpoint::complete_response}) {
            const TableKey key{AnalysisSet::efficacy, false, {endpoint, Estimand::before_next_therapy}, {}};
            add_count(key);
            // A stratum in which nobody responded has a row as well: it has deaths or survivors.
            const TableKey everybody{AnalysisSet::efficacy, false, {Endpoint::death, Estimand::regardless}, {}};
            for (const Stratum& stratum : strata(everybody, Dimension::indication)) {
                TableKey of = key;
                of.stratum = stratum;
                add_count(of);
            }
        }
    }

    Result<void> add_rate(const TableKey& key) {
        const TableCell* cell = table_.find(key);
        RateRow row{key, {}};
        if (cell != nullptr) {
            const auto rate = event_rate(*cell);
            if (!rate) return fail(rate.error());
            row.rate = *rate;
            const bool of_all = key.stratum.dimension == Dimension::all && key.endpoint.counting == Counting::first;
            if (of_all) report_.exits.push_back({key, cell->subjects, cell->exits});
        }
        report_.rates.push_back(std::move(row));
        return {};
    }
    Result<void> add_rates() {
        for (const Endpoint endpoint :
             {Endpoint::zoster_past_day_90, Endpoint::infection_past_day_90, Endpoint::severe_infection_w0,
              Endpoint::severe_infection_w1, Endpoint::severe_infection_w2, Endpoint::severe_infection_w3,
              Endpoint::second_malignancy}) {
            for (const Estimand estimand : kEstimands) {
                for (const Counting counting : {Counting::first, Counting::every}) {
                    if (endpoint == Endpoint::second_malignancy && counting == Counting::every) continue;
                    const TableKey key{
                        AnalysisSet::safety, false, {endpoint, estimand, GradeSide::computed, counting}, {}};
                    if (const auto added = add_rate(key); !added) return added;
                    if (const auto added = add_strata_of(key); !added) return added;
                }
            }
        }
        return {};
    }
    // Strata are shown where they answer a question: first zosters and infections past day 90.
    Result<void> add_strata_of(const TableKey& key) {
        const bool shown = key.endpoint.endpoint == Endpoint::zoster_past_day_90 ||
                           key.endpoint.endpoint == Endpoint::infection_past_day_90;
        if (!shown || key.endpoint.counting == Counting::every) return {};
        for (const Dimension dimension : {Dimension::antiviral, Dimension::immunoglobulin, Dimension::cd4,
                                          Dimension::window, Dimension::site, Dimension::lot}) {
            for (const Stratum& stratum : strata(key, dimension)) {
                TableKey of = key;
                of.stratum = stratum;
                if (const auto added = add_rate(of); !added) return added;
            }
        }
        return {};
    }

    void add_landmarks() {
        for (const Endpoint endpoint :
             {Endpoint::severe_cytopenia, Endpoint::low_igg, Endpoint::low_cd4, Endpoint::b_cell_aplasia}) {
            const TableKey key{AnalysisSet::safety, false, {endpoint, Estimand::before_next_therapy}, {}};
            const TableCell* cell = table_.find(key);
            for (const Prevalence& prevalence : prevalences(cell == nullptr ? TableCell{} : *cell))
                report_.landmarks.push_back({key, prevalence});
        }
    }

    void add_deaths(AnalysisSet set) {
        DeathRow row;
        row.set = set;
        const TableCell* cell = table_.find({set, false, {Endpoint::death, Estimand::regardless}, {}});
        if (cell == nullptr) return;
        for (std::size_t i = 0; i < cell->days.size(); ++i) {
            const DayTable::Row day = cell->days.row(i);
            for (std::size_t cause = 0; cause < kCauses; ++cause) row.by_cause[cause] += day.events[cause];
        }
        report_.deaths.push_back(row);
    }

    Result<void> add_curves() {
        for (const AnalysisSet set : {AnalysisSet::efficacy, AnalysisSet::safety}) {
            if (const auto added = add_survival({set, false, {Endpoint::death, Estimand::regardless}, {}}); !added)
                return added;
        }
        for (const Estimand estimand : kEstimands) {
            const TableKey key{AnalysisSet::efficacy, false, {Endpoint::progression_free, estimand}, {}};
            if (const auto added = add_survival(key); !added) return added;
        }
        for (const Endpoint endpoint : {Endpoint::zoster_past_day_90, Endpoint::infection_past_day_90}) {
            for (const Estimand estimand : kEstimands) {
                if (const auto added = add_incidence({AnalysisSet::safety, false, {endpoint, estimand}, {}}); !added)
                    return added;
            }
        }
        const TableKey nrm{AnalysisSet::safety, false, {Endpoint::non_relapse_death, Estimand::regardless}, {}};
        return add_incidence(nrm);
    }

    CurveReport begin_curve(const TableKey& key, CurveKind kind, const RiskTable& risk) const {
        CurveReport curve;
        curve.key = key;
        curve.kind = kind;
        curve.origin = std::max<Day>(0, days_of(key.endpoint.endpoint, rules_).first - 1);
        for (const RiskDay& day : risk.days()) curve.entered += day.entries;
        // Past a landmark, the first risk set must be large enough to bear a curve.
        curve.too_few = risk.at_risk_on(curve.origin + 1) < kFewestAtLandmark;
        return curve;
    }
    std::vector<Day> marks(const CurveReport& curve, const RiskTable& risk) const {
        std::vector<Day> days;
        for (const Day mark : kMarks) {
            if (mark < curve.origin) continue;
            days.push_back(mark);
            if (risk.at_risk_on(mark + 1) == 0) break;
        }
        return days;
    }
    CurveStand stand(Day day, const RiskTable& risk) const {
        CurveStand stand;
        stand.at.day = day;
        stand.at_risk = risk.at_risk_on(day + 1);
        stand.few = stand.at_risk < rules_.cohorts.fewest_at_risk;
        return stand;
    }

    Result<void> add_survival(const TableKey& key) {
        const TableCell* cell = table_.find(key);
        if (cell == nullptr) return {};
        const auto risk = risk_table(events_alone(*cell, key.endpoint.endpoint));
        if (!risk) return fail(risk.error());
        CurveReport curve = begin_curve(key, CurveKind::survival, *risk);
        curve.events = risk->events();
        if (!curve.too_few) {
            const SurvivalCurve estimate = kaplan_meier(*risk, kConfidence);
            double before = 1;
            for (const SurvivalPoint& point : estimate.points) {
                if (point.survival < before) curve.points.push_back({point.day, point.survival, point.interval});
                before = point.survival;
            }
            for (const Day day : marks(curve, *risk)) {
                CurveStand at = stand(day, *risk);
                const SurvivalPoint point = survival_on(estimate, day);
                at.at.value = point.survival;
                at.at.interval = point.interval;
                at.se = point.se;
                curve.stands.push_back(at);
            }
            curve.median = survival_quantile(estimate, 0.5);
        }
        report_.curves.push_back(std::move(curve));
        return {};
    }

    Result<void> add_incidence(const TableKey& key) {
        const TableCell* cell = table_.find(key);
        if (cell == nullptr) return {};
        const auto risk = risk_table(cell->days);
        if (!risk) return fail(risk.error());
        CurveReport curve = begin_curve(key, CurveKind::incidence, *risk);
        std::vector<Day> moves;
        for (std::size_t i = 0; i < risk->days().size(); ++i) {
            const std::int64_t events = risk->events(i, kEventCause);
            curve.events += events;
            if (events > 0) moves.push_back(risk->days()[i].day);
        }
        if (!curve.too_few) fill_incidence(curve, *risk, *cell, moves);
        report_.curves.push_back(std::move(curve));
        return {};
    }
    void fill_incidence(CurveReport& curve, const RiskTable& risk, const TableCell& cell,
                        const std::vector<Day>& moves) {
        for (const IncidencePoint& point : aalen_johansen(risk, kEventCause, moves, kConfidence))
            curve.points.push_back({point.day, point.incidence, point.interval});
        const std::vector<Day> asked = marks(curve, risk);
        for (const IncidencePoint& point : aalen_johansen(risk, kEventCause, asked, kConfidence)) {
            CurveStand at = stand(point.day, risk);
            at.at = {point.day, point.incidence, point.interval};
            at.se = point.se;
            curve.stands.push_back(at);
        }
        if (asked.empty()) return;
        for (std::size_t cause = 1; cause < kCauses; ++cause) {
            const IncidencePoint at = aalen_johansen(risk, cause, {asked.back()}, kConfidence).front();
            if (at.incidence > 0) {
                curve.competing.emplace_back(cause_name(curve.key.endpoint.endpoint, cause),
                                             CurvePoint{at.day, at.incidence, at.interval});
            }
        }
        const auto alone = risk_table(events_alone(cell, curve.key.endpoint.endpoint));
        if (!alone) return;
        curve.one_minus_survival = 1 - survival_on(kaplan_meier(*alone, kConfidence), asked.back()).survival;
    }

    Result<void> add_completeness() {
        const TableKey key{
            AnalysisSet::safety, false, {Endpoint::zoster_past_day_90, Estimand::before_next_therapy}, {}};
        const auto days_in = [&](const Stratum& stratum) -> Result<std::int64_t> {
            TableKey of = key;
            of.stratum = stratum;
            const TableCell* cell = table_.find(of);
            if (cell == nullptr) return std::int64_t{0};
            const auto rate = event_rate(*cell);
            if (!rate) return fail(rate.error());
            return rate->person_days;
        };
        const auto whole = days_in({});
        const auto no_prophylaxis = days_in({Dimension::antiviral, "unknown"});
        const auto no_cd4 = days_in({Dimension::cd4, "unknown"});
        if (!whole || !no_prophylaxis || !no_cd4) return fail(Errc::invalid, "a part of the cohort's table is missing");
        report_.completeness = {*whole, *whole - *no_prophylaxis, *whole - *no_cd4};
        return {};
    }

    const CohortTable& table_;
    const RuleSet& rules_;
    CohortReport report_;
};

}  // namespace

Result<CohortReport> report_of(const CohortTable& table, ReportHead head, const RuleSet& rules) {
    return Reporter(table, rules).report(std::move(head));
}

}  // namespace cellvigil
