#include "rules/alert/signal_management.h"

#include <gmock/gmock.h>

namespace cellvigil {
namespace {

using testing::HasSubstr;

SignalStep step(SignalStage to, const std::string& person = "lead-1") {
    SignalStep step;
    step.to = to;
    step.by = {person, Role::safety_lead};
    step.reason = "because";
    step.checklist = {true, true, true, false};
    step.recommendation = "none";
    return step;
}

SignalRecord walked(const std::vector<SignalStep>& steps) {
    SignalRecord record;
    for (const SignalStep& one : steps) record = *after(record, one);
    return record;
}
std::string refusal(const SignalRecord& record, const SignalStep& one) {
    const auto next = after(record, one);
    return next ? "" : next.error().detail;
}

const SignalStep kDetected = step(SignalStage::detected, "engine");
const SignalStep kValidated = step(SignalStage::validated);

TEST(SignalManagement, from_detection_to_closure_and_open_again) {
    const SignalRecord record =
        walked({kDetected, kValidated, step(SignalStage::confirmed, "lead-2"), step(SignalStage::assessed),
                step(SignalStage::closed), step(SignalStage::detected)});
    EXPECT_EQ(record.stage, SignalStage::detected);
    EXPECT_EQ(record.steps.size(), 6U);
}

TEST(SignalManagement, one_that_is_not_validated_is_closed_with_its_reason) {
    EXPECT_EQ(walked({kDetected, step(SignalStage::not_validated), step(SignalStage::closed)}).stage,
              SignalStage::closed);
}

TEST(SignalManagement, the_person_who_validated_does_not_confirm) {
    EXPECT_THAT(refusal(walked({kDetected, kValidated}), step(SignalStage::confirmed)), HasSubstr("another person"));
}

TEST(SignalManagement, steps_are_not_left_out) {
    EXPECT_THAT(refusal(walked({kDetected}), step(SignalStage::confirmed)), HasSubstr("cannot become confirmed"));
    EXPECT_THAT(refusal(walked({kDetected, kValidated}), step(SignalStage::closed)), HasSubstr("cannot become closed"));
    EXPECT_THAT(refusal({}, kValidated), HasSubstr("begins with its detection"));
}

TEST(SignalManagement, what_a_step_lacks_is_said) {
    SignalStep lacking = kValidated;
    lacking.checklist.already_known.reset();
    EXPECT_THAT(refusal(walked({kDetected}), lacking), HasSubstr("checklist"));
    lacking = kValidated;
    lacking.reason.clear();
    EXPECT_THAT(refusal(walked({kDetected}), lacking), HasSubstr("reason"));
    lacking = step(SignalStage::assessed);
    lacking.recommendation.clear();
    EXPECT_THAT(refusal(walked({kDetected, kValidated, step(SignalStage::confirmed, "lead-2")}), lacking),
                HasSubstr("recommendation"));
    lacking = kValidated;
    lacking.by.role = Role::reviewer;
    EXPECT_THAT(refusal(walked({kDetected}), lacking), HasSubstr("may not judge"));
}

}  // namespace
}  // namespace cellvigil
