// Laws of cohort tables on random subjects with corrections and retractions among their events: any split and any order
// gives the same table, what was added can be taken back, a share follows from the set of facts, and nothing changes a
// share that is said not to.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/base/hash.h"
#include "rules/cohort/cohort_cells.h"
#include "rules/cohort/cohort_counting.h"
#include "rules/cohort/estimates.h"
#include "tests/rules/cohort/told.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;
using story::Told;

Observation measured(Analyte analyte, Quantity value) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = value;
    return said;
}

Intervention given(std::mt19937& random) {
    constexpr Agent kAgents[] = {Agent::aciclovir, Agent::cotrimoxazole, Agent::immunoglobulin_iv,
                                 Agent::norepinephrine, Agent::zoster_vaccine_recombinant};
    Intervention said;
    said.agent = kAgents[random() % 5];
    said.kind = said.agent == Agent::norepinephrine ? InterventionKind::vasopressor : InterventionKind::drug;
    said.phase = static_cast<InterventionPhase>(1 + random() % 4);
    if (random() % 2 == 0) said.course = "c" + std::to_string(random() % 2);
    return said;
}

Infection infected(std::mt19937& random) {
    Infection said = random() % 3 == 0
                         ? story::rash(1 + static_cast<std::uint32_t>(random() % 4))
                         : story::infected(static_cast<Organism>(random() % 22), random() % 2 == 0 ? "lung" : "");
    said.certainty = static_cast<Certainty>(random() % 5);
    if (random() % 3 == 0) said.severities = {{static_cast<std::uint32_t>(1 + random() % 5), Scale::ctcae_5_0}};
    if (random() % 5 == 0) said.viraemia_only = true;
    return said;
}

Body some_body(std::mt19937& random) {
    const auto tenths = [&](int low, int high) {
        return hundredths(10 * (low + static_cast<int>(random() % static_cast<unsigned>(high - low))));
    };
    switch (random() % 15) {
        case 0:
            return measured(Analyte::temperature, tenths(360, 400));
        case 1:
            return measured(Analyte::systolic, tenths(700, 1300));
        case 2:
            return measured(Analyte::spo2, tenths(850, 1000));
        case 3:
            return measured(Analyte::neutrophils, tenths(0, 30));
        case 4:
            return measured(random() % 2 == 0 ? Analyte::cd4 : Analyte::igg, tenths(0, 60));
        case 5:
        case 6:
            return infected(random);
        case 7:
            return given(random);
        case 8:
            return story::alive_through(d(static_cast<int>(random() % 900)),
                                        static_cast<SurveillanceDomain>(1 + random() % 6));
        case 9: {
            DiseaseStatus said;
            said.response = static_cast<Response>(random() % 7);
            return said;
        }
        case 10: {
            SubsequentTherapy said;
            said.kind = static_cast<SubsequentTherapyKind>(random() % 8);
            return said;
        }
        case 11: {
            if (random() % 3 == 0) return ConsentChange{static_cast<ConsentScope>(random() % 5)};
            return Contact{static_cast<ContactStatus>(random() % 6), {}};
        }
        case 13: {
            Adjudication said;
            said.verdict = random() % 3 == 0 ? Verdict::value_confirmed : Verdict::value_rejected;
            said.judged_record = "ehr/y" + std::to_string(random() % 60);
            return said;
        }
        case 12: {
            AdverseEvent said;
            said.category = static_cast<AdverseEventCategory>(random() % 14);
            said.reported = SiteGrade{static_cast<std::uint32_t>(1 + random() % 5), Scale::ctcae_5_0};
            return said;
        }
        default: {
            IceAssessment said;
            said.total = static_cast<std::uint32_t>(random() % 11);
            return said;
        }
    }
}

std::vector<Told> some_subject(std::uint32_t seed, std::size_t facts) {
    std::mt19937 random(seed);
    Story story;
    if (random() % 6 != 0) story.adult();
    if (random() % 8 != 0) story.infused(story::infusion_time(), "lot-1");
    if (random() % 5 == 0) story.infused(d(static_cast<int>(100 + random() % 400)), "lot-2");
    if (random() % 4 == 0) story.died(d(static_cast<int>(random() % 900)), static_cast<DeathCause>(random() % 11));
    std::vector<Told> all = story.told();
    for (std::size_t i = 0; i < facts; ++i) {
        const bool later_word = !all.empty() && random() % 6 == 0;
        Told told = later_word ? all[random() % all.size()] : Told{};
        told.message_id = "x" + std::to_string(i);
        if (later_word) {
            told.event.version += 1;
            told.event.action = random() % 3 == 0 ? RecordAction::retract : RecordAction::amend;
        } else {
            told.record = "y" + std::to_string(i);
            told.event.version = 1;
            told.event.action = RecordAction::create;
            const Instant at =
                d(static_cast<int>(random() % 20) * (random() % 2 == 0 ? 1 : 47) - 3, static_cast<int>(random() % 24));
            told.event.effective = {at, at, story::kOffset, TimePrecision::second};
        }
        told.event.body = told.event.action == RecordAction::retract ? Body(Retraction{}) : some_body(random);
        told.event.recorded_at = told.event.appended_at = d(1000) + minutes(static_cast<int>(i));
        told.event.content_hash = hash64(told.record, random());
        all.push_back(std::move(told));
    }
    return all;
}

SubjectTimeline timeline_of(const std::vector<Told>& events) {
    SubjectTimeline timeline("STUDY/S-001");
    for (const Told& told : events) static_cast<void>(timeline.apply(story::event_of(told), {}));
    return timeline;
}

SubjectShare share_of_timeline(const SubjectTimeline& timeline, std::optional<Instant> known_at = std::nullopt) {
    return share_of(subject_facts(timeline, {}, known_at, std::nullopt), {}, {});
}

std::vector<SubjectShare> some_shares(std::uint32_t seed) {
    std::vector<SubjectShare> shares;
    for (std::uint32_t i = 0; i < 8; ++i) shares.push_back(share_of_timeline(timeline_of(some_subject(seed + i, 40))));
    return shares;
}

RC_GTEST_PROP(CohortLaw, any_split_merged_in_any_order_is_the_same_table, (std::uint32_t seed)) {
    const std::vector<SubjectShare> shares = some_shares(seed);
    CohortTable whole;
    for (const SubjectShare& share : shares) whole.add(share);
    std::mt19937 random(seed);
    std::vector<CohortTable> parts(2 + random() % 6);
    std::vector<SubjectShare> shuffled = shares;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    for (const SubjectShare& share : shuffled) parts[random() % parts.size()].add(share);
    std::shuffle(parts.begin(), parts.end(), random);
    CohortTable merged;
    for (const CohortTable& part : parts) merged.merge(part);
    RC_ASSERT(merged == whole);
    for (CohortTable& part : parts) merged.subtract(part);
    RC_ASSERT(merged.empty());
}

RC_GTEST_PROP(CohortLaw, what_was_added_can_be_taken_back, (std::uint32_t seed)) {
    const std::vector<SubjectShare> shares = some_shares(seed);
    CohortTable table;
    for (const SubjectShare& share : shares) table.add(share);
    CohortTable without;
    for (std::size_t i = 1; i < shares.size(); ++i) without.add(shares[i]);
    table.subtract(shares[0]);
    RC_ASSERT(table == without);
    for (std::size_t i = shares.size(); i-- > 1;) table.subtract(shares[i]);
    RC_ASSERT(table.empty());
}

// Enough of them that cells are put into their tables in between.
TEST(CohortLaw, counting_many_at_once_is_adding_one_by_one) {
    CohortTable table;
    CohortCounting counting;
    std::vector<SubjectShare> shares;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        for (SubjectShare& share : some_shares(seed)) shares.push_back(std::move(share));
    }
    for (int again = 0; again < 30; ++again) {
        for (const SubjectShare& share : shares) {
            table.add(share);
            counting.add(share);
        }
    }
    std::int64_t most = 0;
    for (const auto& [key, cell] : table.cells()) {
        std::int64_t entries = 0;
        for (std::size_t i = 0; i < cell.days.size(); ++i) entries += cell.days.row(i).entries;
        most = std::max(most, entries);
    }
    EXPECT_GT(most, 2048) << "as many as a cell gathers";
    EXPECT_EQ(counting.finish(), table);
    EXPECT_TRUE(counting.finish().empty()) << "it begins anew";
}

RC_GTEST_PROP(CohortLaw, every_table_can_be_read_by_the_estimators, (std::uint32_t seed)) {
    CohortTable table;
    for (const SubjectShare& share : some_shares(seed)) table.add(share);
    for (const auto& [key, cell] : table.cells()) {
        const auto risk = risk_table(cell.days);
        RC_ASSERT(risk.has_value());
        RC_ASSERT(risk->person_days().has_value());
        // The infused are counted among the deaths, also those without a day at risk.
        const bool there_only = key.endpoint.endpoint == Endpoint::death && cell.subjects > 0;
        RC_ASSERT(*risk->person_days() > 0 || there_only);
        const bool landmark = key.endpoint.endpoint >= Endpoint::severe_cytopenia;  // has an answer per landmark
        if (key.stratum == Stratum{} && key.endpoint.counting == Counting::first && !landmark) {
            const Fraction share = crude(table, key);
            RC_ASSERT(share.events <= share.subjects);
        }
        RC_ASSERT(risk_table(events_alone(cell, key.endpoint.endpoint)).has_value());
    }
}

RC_GTEST_PROP(CohortLaw, stored_cells_read_back_as_the_table, (std::uint32_t seed)) {
    CohortTable one;
    CohortTable two;
    const std::vector<SubjectShare> shares = some_shares(seed);
    for (std::size_t i = 0; i < shares.size(); ++i) (i % 2 == 0 ? one : two).add(shares[i]);
    std::vector<CohortCell> cells = cells_of(one);
    for (const CohortCell& cell : cells_of(two)) cells.push_back(cell);
    cells.push_back({"subject_state", 1, 5});
    const auto read = table_of(cells);
    RC_ASSERT(read.has_value());
    one.merge(two);
    RC_ASSERT(*read == one);
}

RC_GTEST_PROP(CohortLaw, the_order_of_arrival_does_not_matter, (std::uint32_t seed)) {
    std::vector<Told> events = some_subject(seed, 60);
    const SubjectShare as_told = share_of_timeline(timeline_of(events));
    std::mt19937 random(seed + 1);
    std::shuffle(events.begin(), events.end(), random);
    RC_ASSERT(share_of_timeline(timeline_of(events)) == as_told);
}

RC_GTEST_PROP(CohortLaw, what_was_known_then_is_what_was_shown_then, (std::uint32_t seed)) {
    const std::vector<Told> events = some_subject(seed, 40);
    // The story's own events are appended before day 1000 where they lie before it; the rest one a minute from then.
    const SubjectTimeline whole = timeline_of(events);
    const int minute = static_cast<int>(seed % 40);
    const Instant then = d(1000) + minutes(minute);
    std::vector<Told> known;
    for (const Told& told : events) {
        if (told.event.appended_at <= then) known.push_back(told);
    }
    RC_ASSERT(share_of_timeline(whole, then) == share_of_timeline(timeline_of(known)));
}

RC_GTEST_PROP(CohortLaw, a_share_changes_only_where_it_may, (std::uint32_t seed)) {
    SubjectTimeline timeline("STUDY/S-001");
    SubjectShare before;
    for (const Told& told : some_subject(seed, 60)) {
        const Event event = story::event_of(told);
        const ApplyOutcome outcome = timeline.apply(event, {});
        SubjectShare after = share_of_timeline(timeline);
        RC_ASSERT(share_may_change(event, outcome, timeline.summary()) || after == before);
        before = std::move(after);
    }
}

TEST(ShareMayChange, is_never_said_of_a_plain_vital_sign) {
    Story told;
    told.adult().infused().temperature(d(200), 36.8).systolic(d(200), 120).spo2(d(200), 97);
    SubjectTimeline timeline("STUDY/S-001");
    for (const Told& one : told.told()) {
        const Event event = story::event_of(one);
        const ApplyOutcome outcome = timeline.apply(event, {});
        if (std::holds_alternative<Observation>(event.body)) {
            // The first of the day moves the subject's standing to "at risk", which is in the summary.
            const bool first = event.body == Body(told.told()[2].event.body);
            EXPECT_EQ(share_may_change(event, outcome, timeline.summary()), first);
        }
    }
}

}  // namespace
}  // namespace cellvigil
