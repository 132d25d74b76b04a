// What a physician reads. Whole sentences, so that a change of words is seen in review.
#include "rules/grade/render.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

std::string sentence_at(const Story& told, Instant at, Scale scale = Scale::astct_crs_2019) {
    const SubjectTimeline timeline = told.timeline();
    const auto facts = timeline.facts();
    const auto fact_of = [&](RecordRef record) {
        const auto found =
            std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
        return found == facts.end() ? nullptr : &*found;
    };
    return render_sentence(told.at(at, scale), fact_of, story::kOffset, {});
}

TEST(Sentence, names_grade_time_day_and_what_decided) {
    Story told;
    told.adult().infused().temperature(d(4, 14), 39).starts(d(4, 14, 20), Agent::norepinephrine);
    EXPECT_EQ(
        sentence_at(told, d(4, 15)),
        "CRS grade 3 since 14:20 on day 4: hypotension; norepinephrine started 14:20; temperature 39 °C at 14:00");
}

TEST(Sentence, says_what_is_not_certain_and_asks_for_adjudication) {
    Story told;
    told.adult().infused().temperature(d(3, 11), 38.5).systolic(d(3, 11), 88).systolic(d(3, 11, 10), 104);
    EXPECT_EQ(sentence_at(told, d(3, 12)),
              "CRS grade 1, could be as high as 2 since 11:00 on day 3: fever; systolic pressure 88 mmHg at 11:00; "
              "temperature "
              "38.5 °C at 11:00; one low pressure, neither confirmed nor treated (needs adjudication)");
}

TEST(Sentence, cannot_be_graded_is_said_as_such) {
    Story told;
    told.adult().infused().temperature(d(3, 2), 37).starts(d(3, 11), Agent::norepinephrine);
    EXPECT_EQ(sentence_at(told, d(3, 12)),
              "CRS cannot be graded, could be as high as 3 since 11:00 on day 3: hypotension; norepinephrine started "
              "11:00; no "
              "valid temperature (needs adjudication)");
}

TEST(Sentence, gives_the_day_of_what_happened_on_another_day) {
    Story told;
    told.adult().infused().temperature(d(3, 20), 38.5).starts(d(4, 1), Agent::norepinephrine);
    EXPECT_EQ(sentence_at(told, d(4, 2)),
              "CRS grade 3 since 01:00 on day 4: hypotension; norepinephrine started 01:00; temperature 38.5 °C at "
              "20:00 on day 3");
}

TEST(Sentence, says_what_waives_the_fever) {
    Story told;
    told.adult().infused().temperature(d(2, 8), 39).gives(d(2, 9), Agent::tocilizumab).temperature(d(3, 11), 36.5);
    told.starts(d(3, 11), Agent::norepinephrine);
    EXPECT_EQ(
        sentence_at(told, d(3, 12)),
        "CRS grade 3 since 11:00 on day 3: hypotension; norepinephrine started 11:00; fever waived, tocilizumab given "
        "at 09:00 on "
        "day 2; temperature 39 °C at 08:00 on day 2; a recurrence whose fever may be masked (needs adjudication)");
}

TEST(Sentence, quotes_a_signature) {
    Story told;
    told.adult().infused().temperature(d(3, 11), 38.6).starts(d(3, 11), Agent::norepinephrine);
    told.signed_other(d(3, 11, 30), Scale::astct_crs_2019, Component::hypotension, "bleeding");
    EXPECT_NE(sentence_at(told, d(3, 12)).find("hypotension signed as due to bleeding by clinician-1 at 11:30"),
              std::string::npos)
        << sentence_at(told, d(3, 12));
}

TEST(Flags, each_has_a_meaning_in_words) {
    for (int i = 0; i < kFlags; ++i) EXPECT_FALSE(meaning_of(static_cast<Flag>(i)).empty()) << i;
}

}  // namespace
}  // namespace cellvigil
