#include <boost/json.hpp>

#include <algorithm>

#include "daemon/http/reads.h"
#include "daemon/metrics/clinical.h"
#include "rules/stats/wilson.h"

namespace cellvigil::http {
namespace {

namespace json = boost::json;

json::object rate_json(std::int64_t events, std::int64_t subjects) {
    json::object rate{{"n", events}, {"N", subjects}, {"rate", nullptr}, {"lower", nullptr}, {"upper", nullptr}};
    if (const auto interval = wilson_95(events, subjects)) {
        rate["rate"] = static_cast<double>(events) / static_cast<double>(subjects);
        rate["lower"] = interval->lower;
        rate["upper"] = interval->upper;
    }
    return rate;
}

json::object endpoint_json(metrics::Endpoint endpoint, const metrics::EndpointNumbers& numbers, std::int64_t infused) {
    json::array at_least;
    json::array highest;
    json::array active;
    for (int grade = 0; grade <= 5; ++grade) {
        const auto place = static_cast<std::size_t>(grade);
        highest.push_back(numbers.highest[place]);
        active.push_back(numbers.active[place]);
        if (grade == 0) continue;
        json::object row = rate_json(numbers.at_least(grade), infused);
        row["grade"] = grade;
        row["n_upper"] = numbers.at_least_upper(grade);
        at_least.push_back(std::move(row));
    }
    return {{"endpoint", metrics::name_of(endpoint)},
            {"highest_grade", std::move(highest)},
            {"not_gradable", numbers.not_gradable},
            {"active_by_grade", std::move(active)},
            {"at_least", std::move(at_least)}};
}

json::object zoster_json(const std::array<std::int64_t, metrics::kZosterClasses>& by_class, std::int64_t infused) {
    std::int64_t total = 0;
    json::object classes;
    for (std::size_t i = 0; i < by_class.size(); ++i) {
        classes[name_of(static_cast<ZosterClass>(i))] = by_class[i];
        total += by_class[i];
    }
    json::object row = rate_json(total, infused);
    row["by_class"] = std::move(classes);
    return row;
}

json::object cohort_json(const metrics::CohortNumbers& cohort) {
    json::object subjects;
    for (std::size_t i = 0; i < cohort.subjects.size(); ++i)
        subjects[cellvigil::name_of(static_cast<SubjectState>(i))] = cohort.subjects[i];
    json::array endpoints;
    for (std::size_t i = 0; i < cohort.endpoints.size(); ++i)
        endpoints.push_back(endpoint_json(static_cast<metrics::Endpoint>(i), cohort.endpoints[i], cohort.infused));
    return {{"cohort", cohort.cohort},
            {"subjects", std::move(subjects)},
            {"infused", cohort.infused},
            {"endpoints", std::move(endpoints)},
            {"zoster", zoster_json(cohort.zoster, cohort.infused)},
            {"zoster_past_day_90", zoster_json(cohort.zoster_past_day_90, cohort.infused)},
            {"infection_past_day_90", rate_json(cohort.infection_past_day_90, cohort.infused)}};
}

json::value time_json(Instant at) {
    if (at == kAlways || at == kNever) return nullptr;
    return json::value(to_rfc3339(at));
}

}  // namespace

Result<std::string> summary_json(store::Store& session) {
    const auto cells = session.cell_sums();
    if (!cells) return fail(cells.error());
    const auto positions = session.positions();
    if (!positions) return fail(positions.error());
    Instant log_time = kAlways;
    Instant watermark = positions->empty() ? kAlways : kNever;
    for (const store::Claim& claim : *positions) {
        log_time = std::max(log_time, claim.log_time);
        watermark = std::min(watermark, claim.watermark);
    }
    json::array partitions;
    for (const store::Claim& claim : *positions) {
        partitions.push_back(json::object{{"partition", claim.partition},
                                          {"position", claim.next},
                                          {"log_time", time_json(claim.log_time)},
                                          {"complete_through", time_json(claim.watermark)}});
    }
    json::array cohorts;
    for (const metrics::CohortNumbers& cohort : metrics::cohort_numbers(*cells)) cohorts.push_back(cohort_json(cohort));
    const json::object summary{{"as_of", time_json(log_time)},
                               {"complete_through", time_json(watermark)},
                               {"analysis_set", "infused subjects; grades over the episodes of the first infusion"},
                               {"interval", "Wilson, 95 %"},
                               {"partitions", std::move(partitions)},
                               {"cohorts", std::move(cohorts)}};
    return json::serialize(summary) + "\n";
}

Result<std::map<std::string, std::string>> cohorts_json(store::Store& session) {
    const auto cells = session.cell_sums();
    if (!cells) return fail(cells.error());
    std::map<std::string, std::string> cohorts;
    for (const metrics::CohortNumbers& cohort : metrics::cohort_numbers(*cells))
        cohorts.emplace(cohort.cohort, json::serialize(cohort_json(cohort)));
    return cohorts;
}

Result<std::string> cohort_list_json(store::Store& session, const Request& request) {
    const auto page = page_of(request, "cohorts");
    if (!page) return fail(page.error());
    const auto cohorts = cohorts_json(session);
    if (!cohorts) return fail(cohorts.error());
    std::string rows;
    std::string last;
    std::size_t count = 0;
    for (auto row = cohorts->upper_bound(page->after); row != cohorts->end(); ++row) {
        if (count == page->limit)
            return "{\"cohorts\":[" + rows + "],\"next\":\"" + cursor_of("cohorts", last) + "\"}\n";
        rows += (count == 0 ? "" : ",") + row->second;
        last = row->first;
        ++count;
    }
    return "{\"cohorts\":[" + rows + "],\"next\":null}\n";
}

Result<std::string> cohort_summary_json(store::Store& session, const Request& request) {
    const auto cohorts = cohorts_json(session);
    if (!cohorts) return fail(cohorts.error());
    const auto found = cohorts->find(request.captures[0] + "/" + request.captures[1]);
    if (found == cohorts->end()) return fail(Errc::not_found, "no such cohort");
    return found->second + "\n";
}

}  // namespace cellvigil::http
