#include <gtest/gtest.h>

#include <set>
#include <string>

#include "rules/event/admit.h"
#include "rules/event/body.h"
#include "rules/event/event.h"
#include "rules/event/report_words.h"

namespace cellvigil {
namespace {

template <typename Enum>
std::set<std::string> names_up_to(Enum last) {
    std::set<std::string> names;
    for (int i = 0; i <= static_cast<int>(last); ++i) names.insert(name_of(static_cast<Enum>(i)));
    names.erase("unknown");
    return names;
}

TEST(Names, are_one_for_each_enumerator) {
    EXPECT_EQ(names_up_to(Reason::values_disagree).size(), static_cast<std::size_t>(Reason::values_disagree) + 1);
    EXPECT_EQ(names_up_to(EventFlag::offset_missing).size(), static_cast<std::size_t>(EventFlag::offset_missing) + 1);
    EXPECT_EQ(names_up_to(FactKind::retraction).size(), std::variant_size_v<Body>);
}

TEST(Names, of_kinds_are_the_payloads_of_the_contract) {
    EXPECT_STREQ(name_of(kind_of(Body(AdverseEvent{}))), "adverse_event_report");
    EXPECT_STREQ(name_of(kind_of(Body(Contact{}))), "follow_up_contact");
    EXPECT_STREQ(name_of(kind_of(Body(Retraction{}))), "retraction");
}

TEST(Reasons, are_rejections_up_to_the_wrong_schema_and_quarantines_after) {
    for (const Reason reason :
         {Reason::unparsable, Reason::unknown_framing, Reason::oversize, Reason::missing_field, Reason::bad_field,
          Reason::out_of_range, Reason::not_finite, Reason::bad_utf8, Reason::bad_time, Reason::wrong_schema}) {
        EXPECT_TRUE(is_rejection(reason)) << name_of(reason);
    }
    for (const Reason reason :
         {Reason::unknown_study, Reason::unknown_cohort, Reason::unknown_site, Reason::future_time,
          Reason::key_mismatch, Reason::id_mismatch, Reason::version_conflict, Reason::id_reuse, Reason::after_death,
          Reason::before_enrolment, Reason::unit_slip_suspected, Reason::values_disagree}) {
        EXPECT_FALSE(is_rejection(reason)) << name_of(reason);
    }
}

TEST(ReportWords, every_category_has_words_of_its_own) {
    std::set<std::string> words;
    constexpr auto kLast = AdverseEventCategory::t_cell_malignancy;
    for (int i = 0; i <= static_cast<int>(kLast); ++i) words.insert(words_of(static_cast<AdverseEventCategory>(i)));
    EXPECT_EQ(words.size(), static_cast<std::size_t>(kLast) + 1);
}

}  // namespace
}  // namespace cellvigil
