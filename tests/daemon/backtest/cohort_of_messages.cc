#include "tests/daemon/backtest/cohort_of_messages.h"

#include <map>
#include <memory>

#include "daemon/ingest/admission.h"
#include "rules/cohort/estimates.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil::backtest {
namespace {

TableKey key(Endpoint endpoint) {
    TableKey key;
    key.endpoint.endpoint = endpoint;
    return key;
}

}  // namespace

simulate::Parameters without_faults(simulate::Parameters parameters) {
    auto& stream = parameters.stream;
    stream.malformed = stream.sent_twice = stream.out_of_order = stream.far_out_of_order = stream.outage = 0;
    stream.reported_twice = stream.nullified = stream.wrong_zone = stream.clock_skew_s = 0;
    stream.onset_corrected = stream.grade_corrected = stream.term_corrected = stream.causality_corrected = 0;
    stream.lot_corrected = stream.month_only = stream.year_only = 0;
    auto& vitals = parameters.vitals;
    vitals.unit_error = vitals.digit_slip = vitals.wrong_day = vitals.missed_reading = 0;
    vitals.missed_night_assessment = vitals.outpatient = 0;
    return parameters;
}

namespace {

CohortTable cohort_of_messages(const simulate::Parameters& parameters) {
    CohortTable table;
    auto simulation = simulate::Simulation::make(parameters);
    if (!simulation) return table;
    while (simulation->draw_next()) {
    }
    simulation->finish();
    auto directory = std::make_shared<ingest::Directory>();
    directory->accept_any = true;
    ingest::Admission admission(directory);
    std::map<std::string, SubjectTimeline, std::less<>> timelines;
    const auto emitted = simulation->emit([&](const simulate::Outgoing& one) -> Result<void> {
        ingest::MessageView view;
        view.appended_at = one.at;
        view.key = one.key;
        view.value = one.value;
        const ingest::Admitted& admitted = admission.admit(view);
        if (admitted.intake != Intake::accepted || admitted.event.subject.empty()) return {};
        timelines.try_emplace(std::string(one.key), one.key).first->second.collect(admitted.event);
        return {};
    });
    if (!emitted) return table;
    const RuleSet rules;
    CohortDefinition cohort;
    cohort.name = parameters.study + "/" + parameters.cohort;
    cohort.cohorts = {cohort.name};
    for (auto& [key, timeline] : timelines) {
        timeline.rederive(rules);
        const SubjectFacts facts = subject_facts(timeline, rules, std::nullopt, std::nullopt);
        if (belongs(facts, cohort)) table.add(share_of(facts, cohort, rules));
    }
    return table;
}

}  // namespace

EngineCounts counts_of_messages(simulate::Parameters parameters, std::uint32_t times) {
    CohortTable table;
    for (std::uint32_t i = 0; i < times; ++i) {
        table.merge(cohort_of_messages(parameters));
        ++parameters.seed;
    }
    const auto events = [&](Endpoint endpoint) { return crude(table, key(endpoint)).events; };
    EngineCounts counts;
    counts.subjects = subjects_in(table, AnalysisSet::safety, {});
    counts.crs_any = events(Endpoint::crs_any);
    counts.crs_3 = events(Endpoint::crs_3);
    counts.icans_any = events(Endpoint::icans_any);
    counts.icans_3 = events(Endpoint::icans_3);
    counts.neutropenia_3 = events(Endpoint::neutropenia_3);
    counts.infection_past_day_90 = events(Endpoint::infection_past_day_90);
    counts.zoster_past_day_90 = events(Endpoint::zoster_past_day_90);
    const TableCell* zoster = table.find(key(Endpoint::zoster_past_day_90));
    const auto rate = zoster ? event_rate(*zoster) : Result<EventRate>(EventRate{});
    if (rate) counts.zoster_person_days = rate->person_days;
    return counts;
}

}  // namespace cellvigil::backtest
