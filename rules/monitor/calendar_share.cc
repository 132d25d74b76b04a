#include "rules/monitor/calendar_share.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <variant>

#include "rules/cohort/contribution.h"
#include "rules/cohort/infection_episode.h"
#include "rules/cohort/landmark.h"

namespace cellvigil {
namespace {

enum class Shape : std::uint8_t { window, landmark, death, time, off_prophylaxis, zoster_episodes };
struct WatchedSource {
    ReportedEndpoint reported;
    Shape shape;
    std::vector<Endpoint> endpoints;  // of the cohort engine
    Day day = 0;                      // landmark, or last day of the window for deaths
};

const WatchedSource* source_of(ReportedEndpoint reported) {
    static const std::vector<WatchedSource> kSources{
        {ReportedEndpoint::crs_any, Shape::window, {Endpoint::crs_any}},
        {ReportedEndpoint::crs_3, Shape::window, {Endpoint::crs_3}},
        {ReportedEndpoint::icans_any, Shape::window, {Endpoint::icans_any}},
        {ReportedEndpoint::icans_3, Shape::window, {Endpoint::icans_3}},
        {ReportedEndpoint::neutropenia_3, Shape::window, {Endpoint::neutropenia_3}},
        {ReportedEndpoint::leukopenia_3, Shape::window, {Endpoint::leukopenia_3}},
        {ReportedEndpoint::cytopenia_day_90, Shape::landmark, {}, 90},
        {ReportedEndpoint::cytopenia_day_365, Shape::landmark, {}, 365},
        {ReportedEndpoint::death_day_30, Shape::death, {}, 30},
        {ReportedEndpoint::death_day_100, Shape::death, {}, 100},
        {ReportedEndpoint::zoster_past_day_90, Shape::time, {Endpoint::zoster_past_day_90}},
        {ReportedEndpoint::zoster_any, Shape::time, {Endpoint::zoster}},
        {ReportedEndpoint::infection_past_day_90, Shape::time, {Endpoint::infection_past_day_90}},
        {ReportedEndpoint::zoster_off_prophylaxis, Shape::off_prophylaxis, {Endpoint::zoster_past_day_90}},
        {ReportedEndpoint::zoster_disseminated, Shape::zoster_episodes, {}},
        {ReportedEndpoint::second_malignancy, Shape::time, {Endpoint::second_malignancy}},
        {ReportedEndpoint::severe_infection,
         Shape::time,
         {Endpoint::severe_infection_w0, Endpoint::severe_infection_w1, Endpoint::severe_infection_w2,
          Endpoint::severe_infection_w3}},
    };
    const auto found = std::find_if(kSources.begin(), kSources.end(),
                                    [&](const WatchedSource& one) { return one.reported == reported; });
    return found == kSources.end() ? nullptr : &*found;
}

bool is_any(const std::vector<std::string>& wanted, std::string_view name) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

bool ended_in_event(const Spell& spell) { return spell.ended_in_cause && spell.cause == kEventCause; }
// As one report says it; the class of an episode hides it behind a graver one.
bool is_disseminated(const Infection& said) {
    return said.zoster && (said.zoster->disseminated.value_or(false) || said.zoster->non_contiguous.value_or(false) ||
                           said.zoster->outside_lesions.value_or(0) > 20);
}
bool gone(Exit why) { return why == Exit::withdrawn || why == Exit::lost; }

class Shares {
  public:
    Shares(const SubjectFacts& subject, const IndexCourse& index, const IndexShare& share, const RuleSet& rules)
        : subject_(subject), index_(index), share_(share), rules_(rules) {}

    CalendarTable table(const WatchedTable& wanted) const {
        CalendarTable table;
        const WatchedSource* source = source_of(wanted.endpoint);
        if (source == nullptr) return table;
        switch (source->shape) {
            case Shape::window:
                add_window(table, graded(source->endpoints.front(), wanted.upper));
                break;
            case Shape::landmark:
                add_landmark(table, source->day);
                break;
            case Shape::death:
                add_death(table, source->day);
                break;
            case Shape::time:
                for (const Endpoint endpoint : source->endpoints) add_time(table, endpoint);
                break;
            case Shape::off_prophylaxis:
                add_time_off_prophylaxis(table, source->endpoints.front());
                break;
            case Shape::zoster_episodes:
                add_zoster_episodes(table);
                break;
        }
        return table;
    }

  private:
    CalendarDay calendar(Day day) const {
        return static_cast<CalendarDay>(index_.date.time_since_epoch().count()) + day;
    }
    static EndpointKey graded(Endpoint endpoint, bool upper) {
        return {endpoint, Estimand::regardless, upper ? GradeSide::upper : GradeSide::computed, Counting::first};
    }
    const std::vector<Spell>* spells(const EndpointKey& key) const {
        for (const Contribution& one : share_.contributions) {
            if (one.key == key) return &one.spells;
        }
        return nullptr;
    }
    void add_binary(CalendarTable& table, bool event, Day known_from) const {
        table.add(BinaryShare{calendar(0), event, false, event ? std::optional(calendar(known_from)) : std::nullopt});
    }
    void add_window(CalendarTable& table, const EndpointKey& key) const {
        const std::vector<Spell>* found = spells(key);
        if (found == nullptr || found->empty()) {
            // Nobody has said anything of a day at risk yet: pending, unless observation began late.
            if (index_.entry == 0) add_binary(table, false, 0);
            return;
        }
        const Spell& spell = found->front();
        if (!spell.ended_in_cause && gone(spell.why) && spell.exit < days_of(key.endpoint, rules_).last) return;
        add_binary(table, ended_in_event(spell), spell.exit);
    }
    void add_death(CalendarTable& table, Day last) const {
        const std::vector<Spell>* found = spells({Endpoint::death, Estimand::regardless});
        const bool died = index_.death && *index_.death <= last;
        if (!died && found != nullptr && !found->empty() && gone(found->front().why) && found->front().exit < last)
            return;
        add_binary(table, died, died ? *index_.death : 0);
    }
    void add_landmark(CalendarTable& table, Day landmark) const {
        if (is_at(index_, landmark, Estimand::before_next_therapy)) {
            const Standing standing = severe_cytopenia_at(subject_, index_, landmark, rules_);
            // Until the last day that counts for it a second value may still come.
            const bool open = index_.survival.last < landmark + rules_.cohorts.landmark_slack;
            if (standing == Standing::unknown && !open) return;
            add_binary(table, standing == Standing::yes, landmark);
            return;
        }
        const auto therapy = index_.next_therapy();
        const bool out = index_.entry > landmark || (index_.death && *index_.death <= landmark) ||
                         (therapy && *therapy <= landmark) || (index_.lost && *index_.lost < landmark) ||
                         (index_.withdrawn && *index_.withdrawn < landmark);
        if (!out) add_binary(table, false, 0);
    }
    void add_time(CalendarTable& table, Endpoint endpoint) const {
        const std::vector<Spell>* found = spells({endpoint, Estimand::before_next_therapy});
        if (found == nullptr) return;
        for (const Spell& spell : *found)
            table.add(PersonTimeShare{calendar(spell.origin + 1), calendar(spell.exit), ended_in_event(spell)});
    }

    // Only days on which it is known that no course runs.
    void add_time_off_prophylaxis(CalendarTable& table, Endpoint endpoint) const {
        const std::vector<Spell>* found = spells({endpoint, Estimand::before_next_therapy});
        if (found == nullptr) return;
        for (const Spell& spell : *found) {
            for (const StratumRun& run : share_.runs) {
                if (run.stratum.dimension != Dimension::antiviral || run.stratum.value != "off") continue;
                const Day first = std::max(spell.origin + 1, run.first);
                const Day last = std::min(spell.exit, run.last);
                if (first > last) continue;
                table.add(
                    PersonTimeShare{calendar(first), calendar(last), ended_in_event(spell) && last == spell.exit});
            }
        }
    }
    // Every episode since the infusion, by its onset.
    void add_zoster_episodes(CalendarTable& table) const {
        for (const InfectionEpisode& episode : infections_of(subject_, rules_).episodes) {
            if (!episode.is(RecurrenceGroup::vzv) || !counts(episode, rules_.infection)) continue;
            const Day onset = day_since(index_.date, episode.onset, episode.offset);
            if (onset < 0) continue;
            bool disseminated = episode.zoster == ZosterClass::disseminated;
            for (const Fact& fact : subject_.facts) {
                const auto* said = fact.body == nullptr ? nullptr : std::get_if<Infection>(fact.body);
                const bool of_it = said != nullptr && std::find(episode.records.begin(), episode.records.end(),
                                                                fact.record) != episode.records.end();
                disseminated = disseminated || (of_it && is_disseminated(*said));
            }
            table.add(BinaryShare{calendar(onset), disseminated, false, std::nullopt});
        }
    }

    const SubjectFacts& subject_;
    const IndexCourse& index_;
    const IndexShare& share_;
    const RuleSet& rules_;
};

}  // namespace

const char* name_of(CalendarColumn column) {
    switch (column) {
        case CalendarColumn::infused:
            return "infused";
        case CalendarColumn::known_events:
            return "known_events";
        case CalendarColumn::entered:
            return "entered";
        case CalendarColumn::left:
            return "left";
        case CalendarColumn::events:
            return "events";
    }
    return "";
}

std::string calendar_measure(const WatchedTable& table, CalendarColumn column) {
    return "calendar/" + name_of(table) + "/" + name_of(column);
}

std::int64_t& in(CalendarRow& row, CalendarColumn column) {
    switch (column) {
        case CalendarColumn::infused:
            return row.infused;
        case CalendarColumn::known_events:
            return row.known_events;
        case CalendarColumn::entered:
            return row.entered;
        case CalendarColumn::left:
            return row.left;
        case CalendarColumn::events:
            break;
    }
    return row.events;
}

bool is_counted(ReportedEndpoint endpoint) { return source_of(endpoint) != nullptr; }

bool is_in(const CohortFilter& cohort, const SubjectFacts& subject, const IndexCourse& index,
           const std::vector<Product>& products) {
    const std::string_view study = std::string_view(subject.key).substr(0, subject.key.find('/'));
    return is_any(cohort.studies, study) && is_any(cohort.cohorts, subject.cohort) &&
           is_any(cohort.sites, subject.site) && is_any(cohort.lots, index.lot) &&
           (cohort.products.empty() || is_any(cohort.products, product_in(subject, products)));
}

std::string product_in(const SubjectFacts& subject, const std::vector<Product>& products) {
    Catalogue known;
    for (const Fact& fact : subject.facts) {
        const auto* given = fact.body == nullptr ? nullptr : std::get_if<Infusion>(fact.body);
        if (given == nullptr) continue;
        known.products = products;
        const Product* named = product_named(known, given->product.code);
        return named == nullptr ? std::string() : named->id;
    }
    return {};
}

std::optional<AtRisk> at_risk(const SubjectFacts& subject, const IndexCourse& index, const IndexShare& share,
                              ReportedEndpoint endpoint, const RuleSet& rules) {
    const WatchedSource* source = source_of(endpoint);
    if (source == nullptr) return std::nullopt;
    AtRisk found;
    if (source->shape == Shape::window) {
        // Pending subjects have been at risk for the days that are known, no longer.
        const EndpointKey key{source->endpoints.front(), Estimand::regardless};
        for (const Contribution& one : share.contributions) {
            if (!(one.key == key)) continue;
            for (const Spell& spell : one.spells) {
                found.days += spell.exit - spell.origin;
                found.events += ended_in_event(spell) ? 1 : 0;
            }
        }
        return found;
    }
    if (source->shape != Shape::time && source->shape != Shape::off_prophylaxis) return std::nullopt;
    const CalendarTable table = Shares(subject, index, share, rules).table(WatchedTable{{}, endpoint, false});
    const Exposure all = exposure(table, std::numeric_limits<CalendarDay>::max());
    return AtRisk{all.events, all.person_days};
}

CalendarShare calendar_counts(const SubjectFacts& subject, const IndexCourse& index, const IndexShare& share,
                              const WatchPlan& plan, const RuleSet& rules) {
    CalendarShare counts;
    for (std::size_t i = 0; i < plan.tables.size(); ++i) {
        if (!is_in(plan.tables[i].cohort, subject, index, plan.catalogue.products)) continue;
        const CalendarTable table = Shares(subject, index, share, rules).table(plan.tables[i]);
        for (const auto& [day, row] : table.rows()) {
            CalendarRow copy = row;
            for (int c = 0; c < kCalendarColumns; ++c) {
                const auto column = static_cast<CalendarColumn>(c);
                if (const std::int64_t count = in(copy, column); count != 0)
                    counts.push_back({static_cast<std::uint16_t>(i), column, day, count});
            }
        }
    }
    return counts;
}

CalendarShare calendar_share(const SubjectFacts& subject, const WatchPlan& plan, const RuleSet& rules) {
    if (plan.empty()) return {};
    const std::vector<IndexCourse> indexes = index_courses(subject, rules);
    if (indexes.empty()) return {};
    const bool concerned = std::any_of(plan.tables.begin(), plan.tables.end(), [&](const WatchedTable& table) {
        return is_in(table.cohort, subject, indexes.front(), plan.catalogue.products);
    });
    if (!concerned) return {};
    return calendar_counts(subject, indexes.front(), share_of(subject, {}, rules).indexes.front(), plan, rules);
}

}  // namespace cellvigil
