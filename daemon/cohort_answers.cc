#include "daemon/cohort_answers.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "daemon/evaluate/stored.h"
#include "daemon/views/cohort_view.h"
#include "rules/cohort/cohort_counting.h"
#include "rules/cohort/cohort_report.h"

namespace cellvigil {
namespace {

namespace json = boost::json;

Result<void> few_enough(store::Store& session, std::size_t at_most) {
    const auto partitions = session.partitions();
    if (!partitions) return fail(partitions.error());
    std::size_t subjects = 0;
    for (const std::uint32_t partition : *partitions) {
        const auto index = session.subjects_of(partition);
        if (!index) return fail(index.error());
        subjects += index->size();
    }
    if (subjects <= at_most) return {};
    return fail(Errc::invalid, "the store holds " + std::to_string(subjects) + " subjects, an answer reads at most " +
                                   std::to_string(at_most) + ": use cellvigilctl report");
}

json::value or_null(const std::optional<Instant>& at) {
    return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
}

// One table of the report beside what says of what it is.
Result<json::object> narrowed(const json::object& report, const std::string& table) {
    if (table.empty()) return report;
    const json::value* found = report.if_contains(table);
    if (found == nullptr || !(found->is_array() || found->is_object())) return fail(Errc::not_found, "no such table");
    json::object answer;
    for (const auto& member : report) {
        if (!member.value().is_array() && !member.value().is_object()) answer.emplace(member.key(), member.value());
    }
    answer.emplace("sets", report.at("sets"));
    answer.insert_or_assign(table, *found);
    return answer;
}

}  // namespace

Result<std::string> cohort_answer(std::shared_ptr<const ingest::Directory> directory, const RuleSet& rules,
                                  store::Store& session, const http::CohortQuestion& question) {
    if (auto few = few_enough(session, kMostSubjectsOfAnAnswer); !few) return fail(few.error());
    const auto positions = session.positions();
    if (!positions) return fail(positions.error());
    Instant log_time = kAlways;
    for (const store::Claim& claim : *positions) log_time = std::max(log_time, claim.log_time);
    CohortDefinition cohort;
    cohort.name = question.cohort;
    cohort.cohorts = {question.cohort};
    CohortCounting counting;
    std::size_t counted = 0;
    std::size_t read = 0;
    auto visited = evaluate::each_recovered_subject(
        session, std::move(directory), rules, [&](const std::string&, const SubjectTimeline& timeline) {
            ++read;
            const SubjectFacts facts = subject_facts(timeline, rules, question.known_at, question.as_of);
            if (facts.facts.empty() || !belongs(facts, cohort)) return;
            ++counted;
            counting.add(share_of(facts, cohort, rules));
        });
    if (!visited) return fail(visited.error());
    if (counted == 0) return fail(Errc::not_found, "nobody was in this cohort by then");
    const auto report =
        report_of(counting.finish(),
                  {question.cohort, question.as_of, question.known_at, rules.pack, rules.hash, counted}, rules);
    if (!report) return fail(report.error());
    auto answer = narrowed(json::parse(views::cohort_json(*report)).as_object(), question.table);
    if (!answer) return fail(answer.error());
    (*answer)["as_of"] = or_null(question.as_of);
    (*answer)["log_time"] = log_time == kAlways ? json::value(nullptr) : json::value(to_rfc3339(log_time));
    (*answer)["cost"] = json::object{{"subjects_read", read}};
    return json::serialize(*answer) + "\n";
}

}  // namespace cellvigil
