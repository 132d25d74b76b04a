// ASTCT ICANS by the whole core: facts in, assessment out. Each row is a vector of the grading specification
// (docs/clinical/icans.md), told as a ward would chart it, or a row on one side of a limit.
#include "rules/grade/icans.h"

#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/icans_ward.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace icans_ward;
using story::d;
using story::Story;

struct IcansCase {
    const char* name;
    std::function<void(Story&)> tell;
    Instant asked;
    Grade grade;
    Grade upper;
    Components deciding;
    Flags flags;
};
void PrintTo(const IcansCase& c, std::ostream* out) { *out << c.name; }

constexpr Grade NA = kNotGradable;
const Instant noon = d(3, 12);
using F = Flag;
using C = Component;

class AstctIcans : public testing::TestWithParam<IcansCase> {};

TEST_P(AstctIcans, grade) {
    const IcansCase& c = GetParam();
    Story told;
    c.tell(told);
    const Assessment said = told.at(c.asked, Scale::astct_icans_2019);
    EXPECT_TRUE(said.under_surveillance);
    EXPECT_EQ(int{said.grade}, int{c.grade});
    EXPECT_EQ(int{said.grade_upper}, int{c.upper});
    EXPECT_EQ(names(said.deciding), names(c.deciding));
    EXPECT_EQ(names(said.flags), names(c.flags));
    EXPECT_EQ(said.needs_adjudication(), !c.flags.empty());
}

const IcansCase kVectors[] = {
    // ICE bands and ICE 0
    {"N01_ice_10_alert", [](Story& s) { adult(s).ice(d(3, 11), 10); }, noon, 0, 0, {}, {}},
    {"N02_ice_9", [](Story& s) { adult(s).ice(d(3, 11), 9); }, noon, 1, 1, {C::ice}, {}},
    {"N03_ice_7", [](Story& s) { adult(s).ice(d(3, 11), 7); }, noon, 1, 1, {C::ice}, {}},
    {"N04_ice_6", [](Story& s) { adult(s).ice(d(3, 11), 6); }, noon, 2, 2, {C::ice}, {}},
    {"N05_ice_3", [](Story& s) { adult(s).ice(d(3, 11), 3); }, noon, 2, 2, {C::ice}, {}},
    {"N06_ice_2", [](Story& s) { adult(s).ice(d(3, 11), 2); }, noon, 3, 3, {C::ice}, {}},
    {"N07_ice_0_awake_mute",
     [](Story& s) { adult(s).ice(d(3, 11), 0, Consciousness::alert).neuro(d(3, 11), finding(NeuroKind::aphasia)); }, noon, 3, 3,
     {C::ice}, {}},
    {"N08_ice_0_unarousable", [](Story& s) { adult(s).ice(d(3, 11), 0, Consciousness::unarousable); }, noon, 4, 4,
     {C::ice, C::consciousness}, {}},
    {"N08_cannot_perform_unarousable", [](Story& s) { untested(adult(s), d(3, 11), Unassessable::unarousable); }, noon, 4, 4,
     {C::ice, C::consciousness}, {}},
    {"N09_ice_0_consciousness_not_charted", [](Story& s) { adult(s).ice(d(3, 11), 0, Consciousness::unspecified); }, noon, 3, 4,
     {C::ice}, {F::ice0_loc_missing}},
    {"ice_0_level_charted_apart",
     [](Story& s) { level(adult(s), d(3, 10), Consciousness::alert).ice(d(3, 11), 0, Consciousness::unspecified); }, noon, 3, 3,
     {C::ice}, {}},
    {"N11_ice_11_refused", [](Story& s) { adult(s).tell(d(3, 11), refused_ice()); }, noon, NA, NA, {}, {F::implausible_input}},
    {"ice_11_not_marked_is_refused_too", [](Story& s) { adult(s).ice(d(3, 11), 11); }, noon, NA, NA, {}, {F::implausible_input}},
    {"refused_value_leaves_the_last_one",
     [](Story& s) { adult(s).ice(d(3, 6), 8).tell(d(3, 11), refused_ice()); }, noon, 1, 1, {C::ice}, {F::implausible_input}},
    {"refused_value_is_forgotten_with_the_next",
     [](Story& s) { adult(s).tell(d(3, 10), refused_ice()).ice(d(3, 11), 8); }, noon, 1, 1, {C::ice}, {}},
    {"parts_beat_the_total", [](Story& s) { adult(s).tell(d(3, 11), ice_parts(3, 3, 1, 1, 1, 10)); }, noon, 1, 1, {C::ice},
     {F::ice_total_mismatch}},
    {"parts_agree_with_the_total", [](Story& s) { adult(s).tell(d(3, 11), ice_parts(3, 3, 1, 1, 1, 9)); }, noon, 1, 1, {C::ice}, {}},
    {"parts_without_total", [](Story& s) { adult(s).tell(d(3, 11), ice_parts(2, 3, 1, 0, 0, std::nullopt)); }, noon, 2, 2, {C::ice},
     {}},
    // Baseline
    {"N13_baseline_8_now_6", [](Story& s) { with_baseline_ice(s, 8).ice(d(3, 11), 6); }, noon, 2, 2, {C::ice}, {}},
    {"baseline_8_now_7", [](Story& s) { with_baseline_ice(s, 8).ice(d(3, 11), 7); }, noon, 1, 1, {C::ice}, {}},
    {"baseline_8_now_8", [](Story& s) { with_baseline_ice(s, 8).ice(d(3, 11), 8); }, noon, 0, 1, {}, {F::ice_at_baseline}},
    {"baseline_8_now_9", [](Story& s) { with_baseline_ice(s, 8).ice(d(3, 11), 9); }, noon, 0, 1, {}, {F::ice_at_baseline}},
    {"baseline_8_now_10", [](Story& s) { with_baseline_ice(s, 8).ice(d(3, 11), 10); }, noon, 0, 0, {}, {}},
    {"baseline_from_before_the_infusion",
     [](Story& s) { s.adult().ice(d(-1), 8).infused().ice(d(3, 11), 8); }, noon, 0, 1, {}, {F::ice_at_baseline}},
    {"baseline_as_documented_beats_the_last_before",
     [](Story& s) { s.adult().tell(d(-5), baseline_ice(9)).ice(d(-1), 8).infused().ice(d(3, 11), 8); }, noon, 1, 1, {C::ice}, {}},
    {"baseline_told_late_is_no_current_value",
     [](Story& s) { adult(s).ice(d(3, 10), 8).tell(d(3, 11), baseline_ice(8)); }, noon, 0, 1, {}, {F::ice_at_baseline}},
    // Consciousness
    {"N10_awakens_to_voice", [](Story& s) { adult(s).ice(d(3, 11), 10, Consciousness::to_voice); }, noon, 2, 2, {C::consciousness},
     {}},
    {"awakens_spontaneously_alone_is_0", [](Story& s) { adult(s).ice(d(3, 11), 10, Consciousness::spontaneous); }, noon, 0, 0, {}, {}},
    {"N15_ice_9_awakens_to_touch", [](Story& s) { adult(s).ice(d(3, 11), 9, Consciousness::to_tactile); }, noon, 3, 3,
     {C::consciousness}, {}},
    {"unarousable_without_a_score", [](Story& s) { level(adult(s), d(3, 11), Consciousness::unarousable); }, noon, 4, 4,
     {C::consciousness}, {}},
    {"ties_are_all_named", [](Story& s) { adult(s).ice(d(3, 11), 2, Consciousness::to_tactile); }, noon, 3, 3,
     {C::ice, C::consciousness}, {}},
    {"N17_asleep_then_voice_then_ice_10",
     [](Story& s) { level(level(adult(s), d(3, 3), Consciousness::asleep), d(3, 3, 5), Consciousness::to_voice).ice(d(3, 3, 15), 10); },
     d(3, 3, 15), 0, 0, {}, {F::asleep}},
    {"N17_asleep_then_one_assessment",
     [](Story& s) { level(adult(s), d(3, 3), Consciousness::asleep).ice(d(3, 3, 15), 10, Consciousness::to_voice); }, d(3, 3, 15), 0,
     0, {}, {F::asleep}},
    {"N17_asleep_then_awake",
     [](Story& s) { level(adult(s), d(3, 3), Consciousness::asleep).ice(d(3, 3, 15), 10, Consciousness::alert); }, d(3, 3, 15), 0, 0,
     {}, {F::asleep}},
    {"woken_to_voice_and_not_tested_yet",
     [](Story& s) {
         level(level(adult(s).ice(d(2, 20), 10), d(3, 3), Consciousness::asleep), d(3, 3, 5), Consciousness::to_voice);
     },
     d(3, 3, 10), 0, 2, {}, {F::asleep}},
    {"still_to_voice_when_seen_again",
     [](Story& s) {
         level(adult(s), d(3, 3), Consciousness::asleep);
         level(level(s, d(3, 3, 5), Consciousness::to_voice), d(3, 4), Consciousness::to_voice);
     },
     d(3, 4), 2, 2, {C::consciousness}, {F::asleep}},
    {"woken_to_touch_is_not_sleep",
     [](Story& s) { level(level(adult(s), d(3, 3), Consciousness::asleep), d(3, 3, 5), Consciousness::to_tactile); }, d(3, 4), 3, 3,
     {C::consciousness}, {F::asleep}},
    {"asleep_is_forgotten_with_the_second_score",
     [](Story& s) { level(adult(s), d(3, 3), Consciousness::asleep).ice(d(3, 7), 10).ice(d(3, 11), 10); }, noon, 0, 0, {}, {}},
    {"rass_minus_2_where_no_level_is_charted",
     [](Story& s) { adult(s).ice(d(3, 10), 10, Consciousness::unspecified).lab(d(3, 11), Analyte::rass, -2); }, noon, 0, 2, {},
     {F::consciousness_from_score}},
    {"rass_minus_5_raises_the_upper_grade",
     [](Story& s) { adult(s).ice(d(3, 10), 10, Consciousness::unspecified).lab(d(3, 11), Analyte::rass, -5); }, noon, 0, 4, {},
     {F::consciousness_from_score}},
    {"a_charted_level_beats_rass", [](Story& s) { adult(s).lab(d(3, 10), Analyte::rass, -2).ice(d(3, 11), 10); }, noon, 0, 0, {}, {}},
    {"gcs_8", [](Story& s) { adult(s).ice(d(3, 10), 10).lab(d(3, 11), Analyte::gcs, 8); }, noon, 0, 4, {},
     {F::consciousness_from_score}},
    {"gcs_9", [](Story& s) { adult(s).ice(d(3, 10), 10).lab(d(3, 11), Analyte::gcs, 9); }, noon, 0, 3, {},
     {F::consciousness_from_score}},
    {"gcs_12", [](Story& s) { adult(s).ice(d(3, 10), 10).lab(d(3, 11), Analyte::gcs, 12); }, noon, 0, 3, {},
     {F::consciousness_from_score}},
    {"gcs_13", [](Story& s) { adult(s).ice(d(3, 10), 10).lab(d(3, 11), Analyte::gcs, 13); }, noon, 0, 0, {}, {}},
    // Carry-forward
    {"N22_ice_missing_is_never_10", [](Story& s) { level(adult(s), d(3, 11), Consciousness::alert); }, noon, NA, NA, {}, {}},
    {"N23_ice_8_six_hours_ago", [](Story& s) { level(adult(s).ice(d(3, 6), 8), d(3, 11), Consciousness::alert); }, noon, 1, 1,
     {C::ice}, {}},
    {"ice_8_twelve_hours_ago", [](Story& s) { level(adult(s).ice(d(3, 0), 8), d(3, 11), Consciousness::alert); }, noon, 1, 1, {C::ice},
     {}},
    {"ice_8_more_than_twelve_hours_ago",
     [](Story& s) { level(adult(s).ice(d(2, 23, 59), 8), d(3, 11), Consciousness::alert); }, noon, 1, 1, {C::ice},
     {F::carried_forward}},
    {"N24_ice_8_eighteen_hours_ago", [](Story& s) { level(adult(s).ice(d(2, 18), 8), d(3, 11), Consciousness::alert); }, noon, 1, 1,
     {C::ice}, {F::carried_forward}},
    {"ice_8_twenty_four_hours_ago", [](Story& s) { level(adult(s).ice(d(2, 12), 8), d(3, 11), Consciousness::alert); }, noon, 1, 1,
     {C::ice}, {F::carried_forward}},
    {"ice_8_more_than_twenty_four_hours_ago",
     [](Story& s) { level(adult(s).ice(d(2, 11, 59), 8), d(3, 11), Consciousness::alert); }, noon, NA, 1, {}, {F::stale_input}},
    {"N25_ice_8_thirty_hours_ago", [](Story& s) { level(adult(s).ice(d(2, 6), 8), d(3, 11), Consciousness::alert); }, noon, NA, 1, {},
     {F::stale_input}},
    {"ice_10_thirty_hours_ago", [](Story& s) { level(adult(s).ice(d(2, 6), 10), d(3, 11), Consciousness::alert); }, noon, NA, 0, {},
     {F::stale_input}},
    {"level_twelve_hours_ago",
     [](Story& s) { level(adult(s), d(3, 0), Consciousness::to_tactile).ice(d(3, 11), 8, Consciousness::unspecified); }, noon, 3, 3,
     {C::consciousness}, {}},
    {"level_more_than_twelve_hours_ago",
     [](Story& s) { level(adult(s), d(2, 23, 59), Consciousness::to_tactile).ice(d(3, 11), 8, Consciousness::unspecified); }, noon, 3,
     3, {C::consciousness}, {F::carried_forward}},
    {"level_more_than_a_day_ago_not_tested_since",
     [](Story& s) { level(adult(s).ice(d(2, 6), 10), d(2, 11, 59), Consciousness::to_tactile); }, noon, NA, 3, {}, {F::stale_input}},
    {"level_more_than_a_day_ago_tested_since",
     [](Story& s) { level(adult(s), d(2, 11, 59), Consciousness::to_tactile).ice(d(3, 11), 10, Consciousness::unspecified); }, noon, 0,
     0, {}, {}},
    {"refusal_is_no_score", [](Story& s) { untested(adult(s), d(3, 11), Unassessable::refused); }, noon, NA, NA, {}, {}},
    // Sedation
    {"N19_intubated_on_propofol_no_ice_ever",
     [](Story& s) {
         adult(s).oxygen(d(3, 8), OxygenDevice::invasive_ventilation, std::nullopt, Indication::hypoxia).starts(d(3, 8), Agent::propofol);
     },
     noon, NA, 4, {}, {F::sedated}},
    {"N20_sedated_ice_before_is_carried", [](Story& s) { adult(s).ice(d(3, 6), 5).starts(d(3, 8), Agent::midazolam); }, noon, 2, 4,
     {C::ice}, {F::sedated}},
    {"sedated_ice_10_before", [](Story& s) { adult(s).ice(d(3, 6), 10).starts(d(3, 8), Agent::dexmedetomidine); }, noon, 0, 4, {},
     {F::sedated}},
    {"sedated_ice_before_is_stale", [](Story& s) { adult(s).ice(d(2, 6), 5).starts(d(2, 8), Agent::ketamine); }, noon, NA, 4, {},
     {F::stale_input, F::sedated}},
    {"ventilated_without_sedatives",
     [](Story& s) { adult(s).ice(d(3, 6), 10).oxygen(d(3, 8), OxygenDevice::invasive_ventilation); }, noon, 0, 4, {}, {F::sedated}},
    {"extubated", [](Story& s) {
         adult(s).ice(d(3, 6), 10).oxygen(d(3, 8), OxygenDevice::invasive_ventilation).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.0);
     }, noon, 0, 0, {}, {}},
    {"tested_on_the_infusion", [](Story& s) { adult(s).starts(d(3, 8), Agent::dexmedetomidine).ice(d(3, 11), 8); }, noon, 1, 1, {C::ice},
     {F::sedated}},
    {"opioid_tablets_do_not_sedate", [](Story& s) { adult(s).ice(d(3, 6), 10).tell(d(3, 8), opioid(false)); }, noon, 0, 0, {}, {}},
    {"opioid_infusion_sedates", [](Story& s) { adult(s).ice(d(3, 6), 10).tell(d(3, 8), opioid(true)); }, noon, 0, 4, {}, {F::sedated}},
    {"anaesthesia", [](Story& s) { adult(s).ice(d(3, 6), 10).tell_until(d(3, 11), d(3, 13), anaesthesia()); }, noon, 0, 4, {},
     {F::sedated}},
    {"anaesthesia_over", [](Story& s) { adult(s).ice(d(3, 6), 10).tell_until(d(3, 9), d(3, 11), anaesthesia()); }, noon, 0, 0, {}, {}},
    {"assessor_says_sedated", [](Story& s) { untested(adult(s).ice(d(3, 6), 10), d(3, 11), Unassessable::sedated); }, noon, 0, 4, {},
     {F::sedated}},
    {"assessor_says_intubated", [](Story& s) { untested(adult(s).ice(d(3, 6), 10), d(3, 11), Unassessable::intubated); }, noon, 0, 4,
     {}, {F::sedated}},
    {"unarousable_on_propofol",
     [](Story& s) { level(adult(s).ice(d(3, 6), 10).starts(d(3, 8), Agent::propofol), d(3, 11), Consciousness::unarousable); }, noon, 0,
     4, {}, {F::sedated}},
    {"unarousable_before_propofol_counts",
     [](Story& s) { level(adult(s).ice(d(3, 6), 10), d(3, 7), Consciousness::unarousable).starts(d(3, 8), Agent::propofol); }, noon, 4,
     4, {C::consciousness}, {F::sedated}},
    {"unarousable_less_than_24_h_after_propofol",
     [](Story& s) {
         adult(s).ice(d(3, 6), 10).starts(d(2, 0), Agent::propofol).stops(d(2, 11, 1), Agent::propofol);
         level(s, d(3, 11), Consciousness::unarousable);
     },
     noon, 0, 4, {}, {F::sedated}},
    {"unarousable_24_h_after_propofol",
     [](Story& s) {
         adult(s).starts(d(2, 0), Agent::propofol).stops(d(2, 11), Agent::propofol);
         level(s, d(3, 11), Consciousness::unarousable);
     },
     noon, 4, 4, {C::consciousness}, {}},
    {"rass_minus_3_after_lorazepam",
     [](Story& s) { adult(s).ice(d(3, 6), 10).gives(d(3, 8), Agent::lorazepam).lab(d(3, 11), Analyte::rass, -3); }, noon, 0, 4, {},
     {F::sedated}},
    {"rass_minus_2_after_lorazepam",
     [](Story& s) { adult(s).ice(d(3, 6), 10).gives(d(3, 8), Agent::lorazepam).lab(d(3, 11), Analyte::rass, -2); }, noon, 0, 2, {},
     {F::consciousness_from_score}},
    {"rass_minus_3_lorazepam_24_h_ago",
     [](Story& s) { adult(s).ice(d(3, 6), 10).gives(d(2, 11), Agent::lorazepam).lab(d(3, 11), Analyte::rass, -3); }, noon, 0, 2, {},
     {F::consciousness_from_score}},
    {"propofol_stopped_not_tested_yet",
     [](Story& s) { adult(s).ice(d(3, 6), 10).starts(d(3, 7), Agent::propofol).stops(d(3, 10), Agent::propofol); }, noon, 0, 4, {},
     {F::sedated}},
    {"propofol_stopped_awake_since",
     [](Story& s) {
         adult(s).ice(d(3, 6), 10).starts(d(3, 7), Agent::propofol).stops(d(3, 10), Agent::propofol);
         level(s, d(3, 11), Consciousness::alert);
     },
     noon, 0, 0, {}, {}},
    {"propofol_rate_change_in_one_minute_runs_on",
     [](Story& s) {
         adult(s).ice(d(3, 6), 10).starts(d(3, 7), Agent::propofol).stops(d(3, 10), Agent::propofol).starts(d(3, 10), Agent::propofol);
     },
     d(4, 11), NA, 4, {}, {F::stale_input, F::sedated}},
    {"propofol_rate_change_charted_the_other_way_round_runs_on",
     [](Story& s) {
         adult(s).ice(d(3, 6), 10).starts(d(3, 7), Agent::propofol).starts(d(3, 10), Agent::propofol).stops(d(3, 10), Agent::propofol);
     },
     d(4, 11), NA, 4, {}, {F::stale_input, F::sedated}},
    {"N21_seizure_then_touch_after_lorazepam_signed",
     [](Story& s) {
         seizure(adult(s), d(3, 9), 60u).gives(d(3, 9, 5), Agent::lorazepam);
         level(s, d(3, 10), Consciousness::to_tactile);
         s.signed_other(d(3, 10), Scale::astct_icans_2019, Component::consciousness, "sedation");
     },
     noon, 3, 3, {C::seizure}, {F::sedated}},
    {"touch_after_lorazepam_not_signed",
     [](Story& s) { level(adult(s).gives(d(3, 9), Agent::lorazepam), d(3, 10), Consciousness::to_tactile); }, noon, 3, 3,
     {C::consciousness}, {F::alt_cause_suspected}},
    // Seizure
    {"N27_ice_3_and_seizure", [](Story& s) { seizure(adult(s).ice(d(3, 11), 3), d(3, 11), 90u); }, noon, 3, 3, {C::seizure}, {}},
    {"seizure_299_s", [](Story& s) { seizure(adult(s).ice(d(3, 11), 10), d(3, 11), 299u); }, noon, 3, 3, {C::seizure}, {}},
    {"N29_seizure_300_s", [](Story& s) { seizure(adult(s).ice(d(3, 11), 10), d(3, 11), 300u); }, noon, 3, 4, {C::seizure},
     {F::seizure_at_5min}},
    {"N28_seizure_301_s", [](Story& s) { seizure(adult(s).ice(d(3, 11), 10), d(3, 11), 301u); }, noon, 4, 4, {C::seizure}, {}},
    {"N30_seizure_of_unknown_length", [](Story& s) { seizure(adult(s).ice(d(3, 11), 10), d(3, 11), std::nullopt); }, noon, 3, 4,
     {C::seizure}, {F::seizure_at_5min}},
    {"seizure_length_from_its_stated_end",
     [](Story& s) { adult(s).ice(d(3, 11), 10).tell_until(d(3, 11), d(3, 11, 6), finding(NeuroKind::seizure)); }, noon, 4, 4,
     {C::seizure}, {}},
    {"eeg_seizure", [](Story& s) { adult(s).neuro(d(3, 11), finding(NeuroKind::eeg_nonconvulsive_seizure, 120u)); }, noon, 3, 3,
     {C::seizure}, {}},
    {"N31_two_seizures_without_return",
     [](Story& s) { seizure(seizure(adult(s), d(3, 10), 60u), d(3, 11), 60u, false); }, noon, 4, 4, {C::seizure}, {}},
    {"N31_told_as_one_repetitive", [](Story& s) { adult(s).neuro(d(3, 11), repetitive(false)); }, noon, 4, 4, {C::seizure}, {}},
    {"repetitive_with_return", [](Story& s) { adult(s).neuro(d(3, 11), repetitive(true)); }, noon, 3, 3, {C::seizure}, {}},
    {"two_seizures_with_return",
     [](Story& s) { seizure(seizure(adult(s), d(3, 10), 60u, true), d(3, 11), 60u, true); }, noon, 3, 3, {C::seizure}, {}},
    {"two_seizures_return_not_charted",
     [](Story& s) { seizure(seizure(adult(s), d(3, 10), 60u), d(3, 11), 60u); }, noon, 3, 4, {C::seizure},
     {F::seizure_at_5min}},
    {"two_seizures_more_than_a_day_apart",
     [](Story& s) { seizure(seizure(adult(s), d(2, 10), 0u), d(3, 10, 1), 60u); }, noon, 3, 3, {C::seizure}, {}},
    {"seizure_24_h_ago", [](Story& s) { seizure(adult(s).ice(d(3, 11), 10), d(2, 12), 0u); }, noon, 3, 3, {C::seizure}, {}},
    {"seizure_more_than_24_h_ago", [](Story& s) { seizure(adult(s).ice(d(3, 11), 10), d(2, 11, 59), 0u); }, noon, 0, 0, {}, {}},
    {"no_seizure_seen",
     [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), absent(NeuroKind::seizure)); }, noon, 0, 0, {}, {}},
    // Motor
    {"N33_hemiparesis", [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), weakness(WeaknessDepth::deep)); }, noon, 4, 4,
     {C::motor}, {}},
    {"mild_weakness", [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), weakness(WeaknessDepth::mild)); }, noon, 0, 0, {}, {}},
    {"weakness_of_unsaid_depth",
     [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), weakness(WeaknessDepth::unspecified)); }, noon, 0, 4, {},
     {F::weakness_depth_missing}},
    {"weakness_of_unsaid_depth_does_not_end_a_deep_one",
     [](Story& s) {
         adult(s).neuro(d(3, 10), weakness(WeaknessDepth::deep)).neuro(d(3, 11), weakness(WeaknessDepth::unspecified));
     },
     noon, 4, 4, {C::motor}, {}},
    {"weakness_gone",
     [](Story& s) {
         adult(s).ice(d(3, 11), 10).neuro(d(3, 9), weakness(WeaknessDepth::deep)).neuro(d(3, 11), absent(NeuroKind::focal_motor_weakness));
     },
     noon, 0, 0, {}, {}},
    {"weakness_to_its_stated_end",
     [](Story& s) { adult(s).ice(d(3, 11), 10).tell_until(d(3, 9), d(3, 11), weakness(WeaknessDepth::deep)); }, noon, 0, 0, {}, {}},
    {"weakness_charted_24_h_ago",
     [](Story& s) { adult(s).neuro(d(2, 12), weakness(WeaknessDepth::deep)).ice(d(3, 11), 10); }, noon, 4, 4, {C::motor}, {}},
    {"weakness_not_charted_for_more_than_24_h",
     [](Story& s) { adult(s).neuro(d(2, 11, 59), weakness(WeaknessDepth::deep)).ice(d(3, 11), 10); }, noon, 4, 4, {C::motor},
     {F::stale_input}},
    {"weakness_charted_7_d_ago",
     [](Story& s) { adult(s).neuro(d(3, 12), weakness(WeaknessDepth::deep)).ice(d(10, 11), 10); }, d(10, 12), 4, 4, {C::motor},
     {F::stale_input}},
    {"weakness_not_charted_for_more_than_7_d",
     [](Story& s) { adult(s).neuro(d(3, 11, 59), weakness(WeaknessDepth::deep)).ice(d(10, 11), 10); }, d(10, 12), 0, 4, {},
     {F::stale_input}},
    {"N34_tremor_and_myoclonus",
     [](Story& s) {
         adult(s).ice(d(3, 11), 10).neuro(d(3, 11), finding(NeuroKind::tremor)).neuro(d(3, 11), finding(NeuroKind::myoclonus));
     },
     noon, 0, 0, {}, {}},
    {"N35_headache", [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), finding(NeuroKind::headache)); }, noon, 0, 0, {}, {}},
    // Raised pressure, oedema
    {"N36_focal_oedema",
     [](Story& s) { adult(s).ice(d(3, 11), 8).neuro(d(3, 11), finding(NeuroKind::focal_oedema_imaging)); }, noon, 3, 3,
     {C::raised_icp}, {}},
    {"N37_diffuse_oedema",
     [](Story& s) { adult(s).ice(d(3, 11), 8).neuro(d(3, 11), finding(NeuroKind::diffuse_oedema_imaging)); }, noon, 4, 4,
     {C::raised_icp}, {}},
    {"N38_sixth_nerve_palsy",
     [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), finding(NeuroKind::sixth_nerve_palsy)); }, noon, 4, 4,
     {C::raised_icp}, {}},
    {"N39_papilloedema", [](Story& s) { adult(s).ice(d(3, 11), 9).neuro(d(3, 11), finding(NeuroKind::papilloedema)); }, noon, 4, 4,
     {C::raised_icp}, {}},
    {"N40_posturing", [](Story& s) { adult(s).ice(d(3, 11), 8).neuro(d(3, 11), finding(NeuroKind::posturing)); }, noon, 4, 4,
     {C::raised_icp}, {}},
    {"N41_opening_pressure_22_only", [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), opening_pressure(22)); }, noon, 0, 4, {},
     {F::icp_measured_only}},
    {"opening_pressure_20", [](Story& s) { adult(s).ice(d(3, 11), 10).lab(d(3, 11), Analyte::csf_opening, 20); }, noon, 0, 4, {},
     {F::icp_measured_only}},
    {"opening_pressure_below_20", [](Story& s) { adult(s).ice(d(3, 11), 10).lab(d(3, 11), Analyte::csf_opening, 19.9); }, noon, 0, 0,
     {}, {}},
    {"opening_pressure_beside_diffuse_oedema",
     [](Story& s) { adult(s).neuro(d(3, 11), finding(NeuroKind::diffuse_oedema_imaging)).neuro(d(3, 11), opening_pressure(30)); },
     noon, 4, 4, {C::raised_icp}, {}},
    {"N42_cushing_triad", [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), finding(NeuroKind::cushing_triad)); }, noon, 4, 4,
     {C::raised_icp}, {}},
    {"oedema_until_imaging_says_resolved",
     [](Story& s) {
         adult(s).ice(d(3, 11), 10).neuro(d(3, 8), finding(NeuroKind::focal_oedema_imaging));
         s.neuro(d(3, 11), absent(NeuroKind::focal_oedema_imaging));
     },
     noon, 0, 0, {}, {}},
    {"oedema_7_d_ago",
     [](Story& s) { adult(s).neuro(d(3, 12), finding(NeuroKind::focal_oedema_imaging)).ice(d(10, 11), 10); }, d(10, 12), 3, 3,
     {C::raised_icp}, {}},
    {"oedema_more_than_7_d_ago",
     [](Story& s) { adult(s).neuro(d(3, 11, 59), finding(NeuroKind::focal_oedema_imaging)).ice(d(10, 11), 10); }, d(10, 12), 0, 3, {},
     {F::stale_input}},
    {"haemorrhage_alone", [](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), finding(NeuroKind::haemorrhage)); }, noon, 0, 0, {},
     {}},
    {"haemorrhage_with_oedema_is_for_a_clinician",
     [](Story& s) {
         adult(s).neuro(d(3, 11), finding(NeuroKind::haemorrhage)).neuro(d(3, 11), finding(NeuroKind::focal_oedema_imaging));
     },
     noon, 3, 3, {C::raised_icp}, {F::alt_cause_suspected}},
    {"N43_day_25_facial_palsy",
     [](Story& s) { adult(s).ice(d(25, 11), 10).neuro(d(25, 11), finding(NeuroKind::cranial_nerve_palsy)); }, d(25, 12), 0, 0, {},
     {F::delayed_neurotoxicity}},
    {"parkinsonism_never_grades",
     [](Story& s) { adult(s).ice(d(40, 11), 10).neuro(d(40, 11), finding(NeuroKind::parkinsonism)); }, d(40, 12), 0, 0, {},
     {F::delayed_neurotoxicity}},
    {"change_of_personality_never_grades",
     [](Story& s) { adult(s).ice(d(40, 11), 10).neuro(d(40, 11), finding(NeuroKind::personality_or_memory_change)); }, d(40, 12), 0,
     0, {}, {F::delayed_neurotoxicity}},
    // Attribution and death
    {"N44_other_cause_suspected", [](Story& s) { adult(s).neuro(d(3, 11), suspected(weakness(WeaknessDepth::deep))); }, noon, 4, 4,
     {C::motor}, {F::alt_cause_suspected}},
    {"N45_ice_5_signed_off",
     [](Story& s) {
         adult(s).ice(d(3, 11), 5).signed_other(d(3, 11), Scale::astct_icans_2019, Component::ice, "hepatic encephalopathy");
     },
     noon, 0, 2, {}, {F::alt_cause_confirmed}},
    {"N45_signed_off_as_a_whole",
     [](Story& s) {
         adult(s).ice(d(3, 11), 5).signed_other(d(3, 11, 30), Scale::astct_icans_2019, Component::whole, "hepatic encephalopathy");
     },
     noon, 0, 2, {}, {F::alt_cause_confirmed}},
    {"signed_off_for_crs_only",
     [](Story& s) { adult(s).ice(d(3, 11), 5).signed_other(d(3, 11), Scale::astct_crs_2019, Component::whole); }, noon, 2, 2, {C::ice},
     {}},
    {"N46_ice_signed_off_seizure_stays",
     [](Story& s) {
         seizure(adult(s).ice(d(3, 11), 2).signed_other(d(3, 11), Scale::astct_icans_2019, Component::ice), d(3, 11), 60u);
     },
     noon, 3, 3, {C::seizure}, {F::alt_cause_confirmed}},
    {"N47_death_due_to_icans",
     [](Story& s) { adult(s).neuro(d(6, 8), finding(NeuroKind::diffuse_oedema_imaging)).died(d(7, 11), DeathCause::icans); }, d(7, 12),
     5, 5, {C::death}, {}},
    {"death_due_to_icans_signed_off",
     [](Story& s) {
         adult(s).ice(d(7, 10), 0).died(d(7, 11), DeathCause::icans);
         s.signed_other(d(7, 11, 30), Scale::astct_icans_2019, Component::death, "infection");
     },
     d(7, 12), 3, 5, {C::ice}, {F::alt_cause_confirmed}},
    {"N48_death_of_unknown_cause_in_an_episode",
     [](Story& s) { adult(s).ice(d(7, 10), 5).died(d(7, 11), DeathCause::unknown); }, d(7, 12), 2, 5, {C::ice},
     {F::death_cause_unknown}},
    {"death_of_unknown_cause_outside_an_episode",
     [](Story& s) { adult(s).ice(d(7, 10), 10).died(d(7, 11), DeathCause::unknown); }, d(7, 12), 0, 0, {}, {}},
    {"death_of_lymphoma", [](Story& s) { adult(s).ice(d(7, 10), 5).died(d(7, 11), DeathCause::disease); }, d(7, 12), 2, 2, {C::ice},
     {}},
    {"death_of_other_neurotoxicity", [](Story& s) { adult(s).ice(d(7, 10), 5).died(d(7, 11), DeathCause::neurotoxicity_other); },
     d(7, 12), 2, 2, {C::ice}, {}},
    {"nothing_expires_after_death", [](Story& s) { adult(s).ice(d(7, 10), 5).died(d(7, 11), DeathCause::disease); }, d(9, 12), 2, 2,
     {C::ice}, {}},
    // Children
    {"N49_age_11_capd_0", [](Story& s) { child(s, 11).tell(d(3, 11), capd(0)); }, noon, 0, 0, {}, {}},
    {"age_11_capd_1", [](Story& s) { child(s, 11).tell(d(3, 11), capd(1)); }, noon, 1, 1, {C::capd}, {F::capd_no_baseline}},
    {"N51_age_11_capd_8", [](Story& s) { child(s, 11).tell(d(3, 11), capd(8, Consciousness::spontaneous)); }, noon, 1, 1, {C::capd},
     {F::capd_no_baseline}},
    {"N50_age_11_capd_8_to_voice", [](Story& s) { child(s, 11).tell(d(3, 11), capd(8, Consciousness::to_voice)); }, noon, 2, 2,
     {C::consciousness}, {F::capd_no_baseline}},
    {"N53_age_11_capd_9", [](Story& s) { child(s, 11).tell(d(3, 11), capd(9)); }, noon, 3, 3, {C::capd}, {}},
    {"age_11_capd_32", [](Story& s) { child(s, 11).tell(d(3, 11), capd(32)); }, noon, 3, 3, {C::capd}, {}},
    {"age_11_capd_33", [](Story& s) { child(s, 11).tell(d(3, 11), capd(33)); }, noon, NA, NA, {}, {F::implausible_input}},
    {"N54_child_unarousable", [](Story& s) { untested(child(s, 5), d(3, 11), Unassessable::unarousable); }, noon, 4, 4,
     {C::capd, C::consciousness}, {}},
    {"N55_capd_5_at_baseline", [](Story& s) { with_baseline_capd(s, 5).tell(d(3, 11), capd(5)); }, noon, 0, 1, {},
     {F::capd_at_baseline}},
    {"capd_6_above_baseline_5", [](Story& s) { with_baseline_capd(s, 5).tell(d(3, 11), capd(6)); }, noon, 1, 1, {C::capd}, {}},
    {"capd_10_at_baseline_10", [](Story& s) { with_baseline_capd(s, 10).tell(d(3, 11), capd(10)); }, noon, 0, 3, {},
     {F::capd_at_baseline}},
    {"capd_baseline_from_before_the_infusion",
     [](Story& s) { s.aged_years(6).tell(d(-1), capd(4)).infused().tell(d(3, 11), capd(4)); }, noon, 0, 1, {}, {F::capd_at_baseline}},
    {"capd_with_seven_items_and_8_points", [](Story& s) { child(s, 6).tell(d(3, 11), capd_of_items(8, 7)); }, noon, NA, 3, {},
     {F::capd_incomplete}},
    {"capd_with_seven_items_and_4_points", [](Story& s) { child(s, 6).tell(d(3, 11), capd_of_items(4, 7)); }, noon, NA, 1, {},
     {F::capd_incomplete}},
    {"capd_with_eight_items", [](Story& s) { child(s, 6).tell(d(3, 11), capd_of_items(4, 8)); }, noon, 1, 1, {C::capd},
     {F::capd_no_baseline}},
    {"capd_at_rass_minus_4", [](Story& s) { child(s, 6).tell(d(3, 11), capd_at_rass(4, -4)); }, noon, NA, 3, {},
     {F::capd_incomplete}},
    {"capd_at_rass_minus_3", [](Story& s) { child(s, 6).tell(d(3, 11), capd_at_rass(4, -3)); }, noon, 1, 1, {C::capd},
     {F::capd_no_baseline}},
    {"N56_age_11_ice_6", [](Story& s) { child(s, 11).ice(d(3, 11), 6); }, noon, NA, 2, {}, {F::instrument_for_age}},
    {"day_before_the_12th_birthday", [](Story& s) { s.aged_days(4379).infused().ice(d(3, 11), 6); }, noon, NA, 2, {},
     {F::instrument_for_age}},
    {"N57_12th_birthday_ice_6", [](Story& s) { s.aged_days(4380).infused().ice(d(3, 11), 6); }, noon, 2, 2, {C::ice}, {}},
    {"age_12_ice_6", [](Story& s) { child(s, 12).ice(d(3, 11), 6); }, noon, 2, 2, {C::ice}, {}},
    {"age_12_capd_9", [](Story& s) { child(s, 12).tell(d(3, 11), capd(9)); }, noon, NA, 3, {}, {F::instrument_for_age}},
    {"age_15_with_developmental_delay", [](Story& s) { delayed_development(s, 15).tell(d(3, 11), capd(9)); }, noon, 3, 3, {C::capd}, {}},
    {"age_unknown_scored_by_capd", [](Story& s) { s.enrolled().infused().tell(d(3, 11), capd(9)); }, noon, 3, 3, {C::capd}, {}},
    {"score_taken_before_the_12th_birthday_holds",
     [](Story& s) { s.aged_days(4379).infused().tell(d(3, 23), capd(9)); }, d(4, 1), 3, 3, {C::capd}, {}},
    // Timing
    {"first_sign_on_day_28", [](Story& s) { adult(s).ice(d(28, 23, 59), 8); }, d(28, 23, 59), 1, 1, {C::ice}, {}},
    {"first_sign_on_day_29", [](Story& s) { adult(s).ice(d(29, 0), 8); }, d(29, 1), 1, 1, {C::ice}, {F::delayed_neurotoxicity}},
    {"sign_that_began_on_day_28_goes_on", [](Story& s) { adult(s).ice(d(28, 22), 8).ice(d(29, 6), 8); }, d(29, 7), 1, 1, {C::ice}, {}},
    {"recurrence",
     [](Story& s) {
         adult(s).ice(d(4, 8), 6);
         for (int day = 5; day <= 7; ++day) s.ice(d(day, 8), 10).ice(d(day, 20), 10);
         s.ice(d(9, 8), 7);
     },
     d(9, 9), 1, 1, {C::ice}, {F::recurrence}},
    {"not_enrolled", [](Story& s) { s.infused().ice(d(3, 11), 8); }, noon, 1, 1, {C::ice}, {F::not_enrolled}},
    {"what_was_before_the_infusion_never_grades",
     [](Story& s) { s.adult().neuro(d(0, 8), weakness(WeaknessDepth::deep)).infused().ice(d(0, 20), 10); }, d(0, 21), 0, 0, {}, {}},
};

INSTANTIATE_TEST_SUITE_P(Vectors, AstctIcans, testing::ValuesIn(kVectors), CaseName{});

struct BandCase {
    const char* name;
    std::uint8_t total;
    Grade grade;
};
void PrintTo(const BandCase& c, std::ostream* out) { *out << c.name; }

class IceBand : public testing::TestWithParam<BandCase> {};
TEST_P(IceBand, grade) {
    EXPECT_EQ(int{ice_band(GetParam().total)}, int{GetParam().grade});
    Story told;
    adult(told).ice(d(3, 11), GetParam().total);
    EXPECT_EQ(int{told.at(noon, Scale::astct_icans_2019).grade}, int{GetParam().grade});
}
const BandCase kIce[] = {{"ice_0", 0, 3}, {"ice_1", 1, 3}, {"ice_2", 2, 3},  {"ice_3", 3, 2},
                         {"ice_4", 4, 2}, {"ice_5", 5, 2}, {"ice_6", 6, 2},  {"ice_7", 7, 1},
                         {"ice_8", 8, 1}, {"ice_9", 9, 1}, {"ice_10", 10, 0}};
INSTANTIATE_TEST_SUITE_P(Limits, IceBand, testing::ValuesIn(kIce), CaseName{});

class CapdBand : public testing::TestWithParam<BandCase> {};
TEST_P(CapdBand, grade) { EXPECT_EQ(int{capd_band(GetParam().total)}, int{GetParam().grade}); }
const BandCase kCapd[] = {{"capd_0", 0, 0}, {"capd_1", 1, 1}, {"capd_8", 8, 1}, {"capd_9", 9, 3}, {"capd_32", 32, 3}};
INSTANTIATE_TEST_SUITE_P(Limits, CapdBand, testing::ValuesIn(kCapd), CaseName{});

}  // namespace
}  // namespace cellvigil
