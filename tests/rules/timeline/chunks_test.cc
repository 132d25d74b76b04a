// Facts that come late are folded again from a near state, whatever the order of arrival the fold says what it says
// from scratch, and the states are held only where late facts were.
#include "rules/timeline/chunks.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/timeline/subject_context.h"
#include "tests/rules/grade/legacy_ward.h"
#include "tests/rules/timeline/some_subject.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Told;

const RuleSet& kRules = legacy_ward::all_scales();

struct Folded {
    Records records;
    Chunks chunks;
    SubjectContext subject = context_from(Records{}, ContextSources{}, kRules);

    void tell(const Told& told) {
        const Event event = story::event_of(told);
        std::uint32_t version = kNone;
        std::vector<std::uint32_t> changed;
        static_cast<void>(
            records.add(event, keys_of(event.source_system, event.record, event.message_id), version, changed));
        for (const std::uint32_t record : changed) {
            const std::uint32_t before = records.records()[record].live;
            std::uint32_t now = records.live(record);
            if (now != kNone && records.versions()[now].action == RecordAction::retract) now = kNone;
            if (before == now) continue;
            records.set_live(record, now);
            chunks.replace(before, now, records, subject, kRules);
        }
    }
    bool equals_from_scratch() const {
        Chunks scratch;
        scratch.rebuild(chunks.versions(), records, subject, kRules);
        const FoldOutput told = chunks.output();
        const FoldOutput anew = scratch.output();
        return scratch.versions() == chunks.versions() && scratch.end() == chunks.end() &&
               told.assessments == anew.assessments && told.episodes == anew.episodes && told.quality == anew.quality;
    }
};

// A reading of the ward, `at` minutes after the infusion's hour.
Told reading(int number, int at) {
    Observation said;
    said.status = ResultStatus::final;
    said.analyte = number % 3 == 0 ? Analyte::temperature : number % 3 == 1 ? Analyte::spo2 : Analyte::systolic;
    said.value = whole(number % 3 == 0 ? 36 + number % 4 : 85 + number % 15);
    Told told{"m" + std::to_string(number), "r" + std::to_string(number), {}};
    told.event.effective.from = told.event.effective.until = d(0, 11) + minutes(at);
    told.event.content_hash = static_cast<std::uint64_t>(number) + 1;
    told.event.body = said;
    return told;
}

// Readings a minute apart; from the `first` on every other one stands before the last `behind` ones.
Folded ward(int readings, int first, int last, int behind) {
    Folded folded;
    for (int i = 0; i < readings; ++i) {
        const bool late = i >= first && i < last && i % 2 == 1;
        folded.tell(reading(i, late ? 10 * (i - 2 * behind) + 5 : 10 * i));
    }
    return folded;
}

TEST(Chunks, facts_in_order_make_large_chunks_and_fold_nothing_again) {
    const Folded folded = ward(2560, 0, 0, 0);
    EXPECT_EQ(folded.chunks.chunks(), 2560 / Chunks::kTarget);
    EXPECT_EQ(folded.chunks.folded_again(), 0U);
}

TEST(Chunks, what_is_late_by_a_few_folds_a_few_again) {
    for (const int behind : {1, 2, 4}) {
        const Folded folded = ward(4000, 1000, 4000, behind);
        EXPECT_LE(folded.chunks.folded_again(), 1500U * 24) << behind;
        EXPECT_TRUE(folded.equals_from_scratch()) << behind;
    }
}

TEST(Chunks, small_chunks_stand_near_the_end_only) {
    EXPECT_LE(ward(4000, 0, 4000, 2).chunks.chunks(), 4000 / (Chunks::kTarget / 2) + 6);
}

TEST(Chunks, small_chunks_are_joined_when_no_more_is_late) {
    const Folded folded = ward(2000, 0, 1000, 2);
    EXPECT_LE(folded.chunks.chunks(), 2000 / (Chunks::kTarget / 2));
    EXPECT_TRUE(folded.equals_from_scratch());
}

// The states between the two places are the same as before: only that both are folded makes the findings right.
TEST(Chunks, a_correction_folds_where_the_fact_was_and_where_it_is) {
    for (const auto& [was, is] : {std::pair(100, 700), std::pair(700, 100)}) {
        Folded folded;
        Told told = reading(1, 0);
        std::get<Observation>(told.event.body).value = whole(97);
        const auto at = [&](int number, int place) {
            told.message_id = "m" + std::to_string(number);
            told.record = "r" + std::to_string(number);
            told.event.effective.from = told.event.effective.until = d(0, 11) + minutes(10 * place);
            told.event.content_hash = static_cast<std::uint64_t>(number);
        };
        for (int i = 1; i <= 1000; ++i) {
            at(i, i);
            folded.tell(told);
        }
        at(was, is);
        told.message_id = "corrected";
        told.event.version = 2;
        told.event.action = RecordAction::amend;
        std::get<Observation>(told.event.body).value = whole(80);
        folded.tell(told);
        EXPECT_TRUE(folded.equals_from_scratch()) << was;
    }
}

// In order of time, but for every other fact, which comes up to some hundred later than it should, most only a few.
std::vector<Told> partly_late(std::vector<Told> events, std::mt19937& random) {
    std::sort(events.begin(), events.end(),
              [](const Told& a, const Told& b) { return a.event.effective.from < b.event.effective.from; });
    std::vector<std::pair<std::size_t, Told>> arriving;
    for (std::size_t i = 0; i < events.size(); ++i) {
        std::size_t delay = 0;
        if (random() % 2 == 0) delay = 1 + random() % (random() % 20 == 0 ? 500 : 8);
        arriving.emplace_back(i + delay, events[i]);
    }
    std::stable_sort(arriving.begin(), arriving.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    events.clear();
    for (auto& [place, told] : arriving) events.push_back(std::move(told));
    return events;
}

RC_GTEST_PROP(ChunksLaw, late_at_any_distance_equals_from_scratch, (std::uint32_t seed)) {
    std::mt19937 random(seed + 11);
    std::vector<Told> events = some_subject(seed, seed % 4 == 0 ? 200 : seed % 3 == 0 ? 900 : 400);
    if (seed % 4 == 0) {
        std::shuffle(events.begin(), events.end(), random);
    } else {
        events = partly_late(std::move(events), random);
    }
    Folded folded;
    for (std::size_t i = 0; i < events.size(); ++i) {
        folded.tell(events[i]);
        if (i % 250 == 249) RC_ASSERT(folded.equals_from_scratch());
    }
    RC_ASSERT(folded.equals_from_scratch());
    RC_ASSERT(folded.chunks.chunks() > events.size() / (4 * Chunks::kTarget));
}

// The law is about finer chunks only if they come about, and about corrections only if facts are replaced.
TEST(ChunksLawGenerator, reaches_small_chunks_and_joins_them) {
    std::size_t most = 0;
    std::size_t joined = 0;
    std::mt19937 random(1);
    Folded folded;
    std::size_t before = 0;
    for (const Told& told : partly_late(some_subject(7, 1500), random)) {
        folded.tell(told);
        most = std::max(most, folded.chunks.chunks());
        if (folded.chunks.chunks() < before) ++joined;
        before = folded.chunks.chunks();
    }
    EXPECT_GT(most, folded.chunks.versions().size() / Chunks::kTarget + 2);
    EXPECT_GT(joined, 10U);
}

}  // namespace
}  // namespace cellvigil
