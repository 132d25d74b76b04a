#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/views/borrowing_json.h"
#include "daemon/views/cohort_view.h"
#include "rules/stats/half_up.h"

namespace cellvigil::views {
namespace {

namespace json = boost::json;

json::value number(const std::optional<double>& value) { return value ? json::value(*value) : json::value(nullptr); }
json::value time(const std::optional<Instant>& at) { return at ? json::value(to_rfc3339(*at)) : json::value(nullptr); }
json::value interval(const std::optional<Interval>& ends) {
    return ends ? json::value(json::array{ends->lower, ends->upper}) : json::value(nullptr);
}

json::object key_json(const TableKey& key) {
    return json::object{{"endpoint", name_of(key.endpoint.endpoint)},
                        {"analysis_set", name_of(key.set)},
                        {"estimand", name_of(key.endpoint.estimand)},
                        {"grade_source", name_of(key.endpoint.side)},
                        {"counting", name_of(key.endpoint.counting)},
                        {"dimension", name_of(key.stratum.dimension)},
                        {"stratum", key.stratum.value}};
}

json::object fraction_json(const Fraction& fraction) {
    const auto shown = percent(fraction.events, fraction.subjects);
    return json::object{{"events", fraction.events},
                        {"subjects", fraction.subjects},
                        {"percent", shown ? json::value(*shown) : json::value(nullptr)},
                        {"wilson_95", interval(fraction.wilson)},
                        {"clopper_pearson_95", interval(fraction.exact)}};
}

json::array counts_json(const CohortReport& report) {
    json::array rows;
    for (const CountRow& row : report.counts) {
        json::object object = key_json(row.key);
        object["crude"] = fraction_json(row.crude);
        object["completed"] = row.completed ? json::value(fraction_json(*row.completed)) : json::value(nullptr);
        object["pending"] = row.pending;
        rows.push_back(std::move(object));
    }
    return rows;
}

json::array rates_json(const CohortReport& report) {
    json::array rows;
    for (const RateRow& row : report.rates) {
        json::object object = key_json(row.key);
        object["events"] = row.rate.events;
        object["person_days"] = row.rate.person_days;
        object["subjects"] = row.rate.subjects;
        object["per_100_person_years"] = number(row.rate.per_100_years);
        object["garwood_95"] = interval(row.rate.garwood);
        object["se_by_subject"] = number(row.rate.se_by_subject);
        rows.push_back(std::move(object));
    }
    return rows;
}

json::array landmarks_json(const CohortReport& report) {
    json::array rows;
    for (const LandmarkRow& row : report.landmarks) {
        json::object object = key_json(row.key);
        object["day"] = row.prevalence.landmark;
        object["at_landmark"] = row.prevalence.there;
        object["found"] = fraction_json(row.prevalence.found);
        rows.push_back(std::move(object));
    }
    return rows;
}

json::array exits_json(const CohortReport& report) {
    json::array rows;
    for (const ExitRow& row : report.exits) {
        json::object object = key_json(row.key);
        object["subjects"] = row.subjects;
        json::object exits;
        for (std::size_t exit = 0; exit < kExits; ++exit) exits[name_of(static_cast<Exit>(exit))] = row.exits[exit];
        object["exits"] = std::move(exits);
        rows.push_back(std::move(object));
    }
    return rows;
}

json::array deaths_json(const CohortReport& report) {
    json::array rows;
    for (const DeathRow& row : report.deaths) {
        json::object causes;
        for (std::size_t cause = 0; cause < kCauses; ++cause)
            causes[cause_name(Endpoint::death, cause)] = row.by_cause[cause];
        rows.push_back(json::object{{"analysis_set", name_of(row.set)}, {"causes", std::move(causes)}});
    }
    return rows;
}

json::object curve_json(const CurveReport& curve) {
    json::object object = key_json(curve.key);
    object["estimator"] = curve.kind == CurveKind::survival ? "kaplan_meier" : "aalen_johansen";
    object["origin_day"] = curve.origin;
    object["entered"] = curve.entered;
    object["events"] = curve.events;
    object["too_few_for_a_curve"] = curve.too_few;
    json::array points;
    for (const CurvePoint& point : curve.points)
        points.push_back(
            json::object{{"day", point.day}, {"value", point.value}, {"interval_95", interval(point.interval)}});
    object["points"] = std::move(points);
    json::array stands;
    for (const CurveStand& stand : curve.stands) {
        stands.push_back(json::object{{"day", stand.at.day},
                                      {"value", stand.at.value},
                                      {"se", number(stand.se)},
                                      {"interval_95", interval(stand.at.interval)},
                                      {"at_risk", stand.at_risk},
                                      {"few_at_risk", stand.few}});
    }
    object["at"] = std::move(stands);
    object["median"] = nullptr;
    if (curve.median) {
        object["median"] = json::object{{"day", number(curve.median->day)},
                                        {"lower_95", number(curve.median->lower)},
                                        {"upper_95", number(curve.median->upper)}};
    }
    json::object competing;
    for (const auto& [cause, at] : curve.competing)
        competing[cause] = json::object{{"day", at.day}, {"value", at.value}, {"interval_95", interval(at.interval)}};
    object["competing"] = std::move(competing);
    object["one_minus_kaplan_meier"] = number(curve.one_minus_survival);
    return object;
}

// null: no monitor of the pack names a reference.
json::value references_json(const std::vector<ReportedReference>& references) {
    if (references.empty()) return nullptr;
    json::array rows;
    for (const ReportedReference& row : references) {
        const bool person_time = counts_person_time(row.monitor.method);
        rows.push_back(
            json::object{{"monitor", row.monitor.id},
                         {"cohort", row.monitor.cohort},
                         {"endpoint", row_of(row.monitor.endpoint).name},
                         {"limit", static_cast<double>(row.monitor.limit_millionths) / 1e6},
                         {"limit_of", person_time ? "person-year" : "subject"},
                         {"events", row.seen.events},
                         {"subjects", person_time ? json::value(nullptr) : json::value(row.seen.subjects)},
                         {"person_days", person_time ? json::value(row.seen.person_days) : json::value(nullptr)},
                         {"reference", borrowing_json(row.borrowing)}});
    }
    return rows;
}

}  // namespace

std::string cohort_json(const CohortReport& report) {
    json::array curves;
    for (const CurveReport& curve : report.curves) curves.push_back(curve_json(curve));
    json::object object{
        {"cohort", report.head.cohort},
        {"data_cut", time(report.head.data_cut)},
        {"known_at", time(report.head.known_at)},
        {"pack", report.head.pack},
        {"pack_hash", report.head.pack_hash},
        {"subjects", report.head.subjects},
        {"sets",
         json::object{{"safety", report.safety}, {"efficacy", report.efficacy}, {"reinfusions", report.reinfusions}}},
        {"median_follow_up_days", number(report.median_follow_up_days)},
        {"counts", counts_json(report)},
        {"rates", rates_json(report)},
        {"landmarks", landmarks_json(report)},
        {"exits", exits_json(report)},
        {"deaths", deaths_json(report)},
        {"curves", std::move(curves)},
        {"completeness", json::object{{"person_days", report.completeness.person_days},
                                      {"prophylaxis_known", report.completeness.prophylaxis_known},
                                      {"cd4_known", report.completeness.cd4_known}}}};
    json::array budgets;
    for (const ReportedBudget& budget : report.budgets)
        budgets.push_back(json::object{{"id", budget.id},
                                       {"alpha", static_cast<double>(budget.alpha_millionths) / 1e6},
                                       {"spent", static_cast<double>(budget.spent_millionths) / 1e6}});
    if (!budgets.empty()) object["budgets"] = std::move(budgets);
    if (report.references) object["references"] = references_json(*report.references);
    return json::serialize(object);
}

}  // namespace cellvigil::views
