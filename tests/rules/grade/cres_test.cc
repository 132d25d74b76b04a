// CARTOX CRES and the CTCAE 6.0 term for ICANS by the whole core, each row beside ASTCT ICANS.
#include "rules/grade/cres.h"

#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/cres_rows.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace cres_rows;
using F = Flag;

// ---- The cross-walk of findings

class CresCrossWalk : public testing::TestWithParam<std::size_t> {};
TEST_P(CresCrossWalk, icans_and_cres) {
    const Finding& row = kFindings[GetParam()];
    Story told;
    row.tell(told);
    EXPECT_EQ(range_of(said_of(told, noon, Scale::astct_icans_2019)), row.icans) << row.name;
    EXPECT_EQ(range_of(said_of(told, noon, Scale::cartox_cres)), row.cres) << row.name;
}
INSTANTIATE_TEST_SUITE_P(Findings, CresCrossWalk, testing::Range<std::size_t>(0, kFindings.size()));

TEST(Cartox10, bands) {
    for (int total = 0; total <= 10; ++total) {
        const Grade expected = total == 10 ? 0 : total >= 7 ? 1 : total >= 3 ? 2 : 3;
        EXPECT_EQ(cartox_10_band(static_cast<std::uint8_t>(total)), expected) << total;
    }
}

// ---- Limits and remarks

struct CresCase {
    const char* name;
    void (*tell)(Story&);
    const char* grades;
    Flags flags;
};
void PrintTo(const CresCase& c, std::ostream* out) { *out << c.name; }

class Cres : public testing::TestWithParam<CresCase> {};
TEST_P(Cres, grade) {
    Story told;
    GetParam().tell(told);
    const Assessment said = said_of(told, noon, Scale::cartox_cres);
    EXPECT_EQ(range_of(said), GetParam().grades);
    EXPECT_EQ(names(said.flags), names(GetParam().flags));
}
class Ctcae6Icans : public testing::TestWithParam<CresCase> {};
TEST_P(Ctcae6Icans, grade) {
    Story told;
    GetParam().tell(told);
    const Assessment said = said_of(told, noon, Scale::ctcae_6_0, Term::icans);
    EXPECT_EQ(range_of(said), GetParam().grades);
    EXPECT_EQ(names(said.flags), names(GetParam().flags));
}

Story& tested(Story& s) { return adult(s).tell(d(5, 8), cartox_10(10)); }

// clang-format off
const CresCase kCres[] = {
    {"score_10", [](Story& s) { adult(s).tell(d(5, 11), cartox_10(10)); }, "0", {}},
    {"score_9", [](Story& s) { adult(s).tell(d(5, 11), cartox_10(9)); }, "1", {}},
    {"score_7", [](Story& s) { adult(s).tell(d(5, 11), cartox_10(7)); }, "1", {}},
    {"score_6", [](Story& s) { adult(s).tell(d(5, 11), cartox_10(6)); }, "2", {}},
    {"score_3", [](Story& s) { adult(s).tell(d(5, 11), cartox_10(3)); }, "2", {}},
    {"score_2", [](Story& s) { adult(s).tell(d(5, 11), cartox_10(2)); }, "3", {}},
    {"score_0", [](Story& s) { adult(s).tell(d(5, 11), cartox_10(0)); }, "3", {}},
    {"ice_total_is_never_a_cartox_10", [](Story& s) { adult(s).ice(d(5, 11), 8); }, "NA-1", {F::ambiguous_scale}},
    {"ice_total_bounds_the_upper_grade", [](Story& s) { adult(s).ice(d(5, 11), 7); }, "NA-2", {F::ambiguous_scale}},
    {"ice_10_is_no_grade_0", [](Story& s) { adult(s).ice(d(5, 11), 10); }, "NA-1", {F::ambiguous_scale}},
    {"head_of_government_not_asked", [](Story& s) { adult(s).tell(d(5, 11), without_head(6)); }, "1-2", {F::ambiguous_scale}},
    {"head_of_government_not_asked_and_of_no_matter", [](Story& s) { adult(s).tell(d(5, 11), without_head(4)); }, "2", {}},
    {"the_command_does_not_count", [](Story& s) { IceAssessment told = cartox_10(6); told.commands = 1; adult(s).tell(d(5, 11), told); }, "2", {}},
    {"score_of_11_hours_ago", [](Story& s) { adult(s).tell(d(5, 1), cartox_10(5)); }, "2", {}},
    {"score_of_13_hours_ago", [](Story& s) { adult(s).tell(d(4, 23), cartox_10(5)); }, "2", {F::carried_forward}},
    {"score_of_25_hours_ago", [](Story& s) { adult(s).tell(d(4, 11), cartox_10(5)); }, "NA-2", {F::stale_input}},
    {"csf_20", [](Story& s) { tested(s).neuro(d(5, 11), opening_pressure(20)); }, "4", {}},
    {"csf_below_20", [](Story& s) { tested(s).neuro(d(5, 11), opening_pressure(19)); }, "3", {}},
    {"csf_raised_by_how_much_unknown", [](Story& s) { tested(s).neuro(d(5, 11), finding(NeuroKind::raised_csf_pressure)); }, "3-4", {F::ambiguous_scale}},
    {"csf_measured_at_20", [](Story& s) { tested(s).lab(d(5, 11), Analyte::csf_opening, 20); }, "4", {}},
    {"csf_measured_below_20_may_be_raised", [](Story& s) { tested(s).lab(d(5, 11), Analyte::csf_opening, 15); }, "0-3", {F::ambiguous_scale}},
    {"csf_measured_below_15", [](Story& s) { tested(s).lab(d(5, 11), Analyte::csf_opening, 14.9); }, "0", {}},
    {"papilloedema_stage_2", [](Story& s) { tested(s).neuro(d(5, 11), papilloedema(2)); }, "3", {}},
    {"papilloedema_stage_3", [](Story& s) { tested(s).neuro(d(5, 11), papilloedema(3)); }, "4", {}},
    {"papilloedema_stage_unknown", [](Story& s) { tested(s).neuro(d(5, 11), finding(NeuroKind::papilloedema)); }, "3-4", {F::ambiguous_scale}},
    {"posturing_is_not_named", [](Story& s) { tested(s).neuro(d(5, 11), finding(NeuroKind::posturing)); }, "0-4", {F::ambiguous_scale}},
    {"mild_weakness", [](Story& s) { tested(s).neuro(d(5, 11), weakness(WeaknessDepth::mild)); }, "4", {}},
    {"weakness_gone", [](Story& s) { tested(s).neuro(d(5, 9), weakness(WeaknessDepth::mild)).neuro(d(5, 11), absent(NeuroKind::focal_motor_weakness)); }, "0", {}},
    {"partial_seizure_of_5_minutes", [](Story& s) { tested(s).neuro(d(5, 11), seizure_of(SeizureType::focal, 300)); }, "3-4", {F::seizure_at_5min}},
    {"partial_seizure_longer", [](Story& s) { tested(s).neuro(d(5, 11), seizure_of(SeizureType::focal, 301)); }, "4", {}},
    {"seizure_of_unknown_type", [](Story& s) { tested(s).neuro(d(5, 11), seizure_of(SeizureType::unspecified, 60)); }, "3-4", {F::ambiguous_scale}},
    {"eeg_seizure_that_did_not_respond", [](Story& s) { tested(s).neuro(d(5, 11), finding(NeuroKind::eeg_nonconvulsive_seizure, 600U)); }, "4", {}},
    {"eeg_seizure_whose_response_is_unknown", [](Story& s) { tested(s).neuro(d(5, 11), finding(NeuroKind::eeg_nonconvulsive_seizure)); }, "3-4", {F::ambiguous_scale}},
    {"seizure_24_hours_ago", [](Story& s) { tested(s).neuro(d(4, 11, 59), seizure_of(SeizureType::generalised, 60)); }, "4", {}},
    {"seizure_longer_ago", [](Story& s) { tested(s).neuro(d(4, 11, 58), seizure_of(SeizureType::generalised, 60)); }, "0", {}},
    {"wakes_to_touch_and_was_not_tested", [](Story& s) { level(tested(s), d(5, 11), Consciousness::to_tactile); }, "0-4", {F::ambiguous_scale}},
    {"wakes_to_voice_is_not_in_the_table", [](Story& s) { level(tested(s), d(5, 11), Consciousness::to_voice); }, "0", {}},
    {"sedated", [](Story& s) { adult(s).starts(d(5, 9), Agent::propofol); }, "NA-4", {F::sedated}},
    {"weakness_signed_for_icans", [](Story& s) { tested(s).neuro(d(5, 9), weakness(WeaknessDepth::deep)).signed_other(d(5, 10), Scale::astct_icans_2019, Component::motor); }, "0-4", {F::alt_cause_confirmed}},
    {"weakness_signed_for_cres", [](Story& s) { tested(s).neuro(d(5, 9), weakness(WeaknessDepth::deep)).signed_other(d(5, 10), Scale::cartox_cres, Component::motor); }, "0-4", {F::alt_cause_confirmed}},
    {"death_of_it", [](Story& s) { tested(s).died(d(5, 11), DeathCause::icans); }, "5", {}},
};

const CresCase kCtcae6[] = {
    {"ice_10", [](Story& s) { adult(s).ice(d(5, 11), 10); }, "0", {}},
    {"ice_9", [](Story& s) { adult(s).ice(d(5, 11), 9); }, "1", {}},
    {"ice_7", [](Story& s) { adult(s).ice(d(5, 11), 7); }, "1", {}},
    {"ice_6", [](Story& s) { adult(s).ice(d(5, 11), 6); }, "2", {}},
    {"ice_3", [](Story& s) { adult(s).ice(d(5, 11), 3); }, "2", {}},
    {"ice_2", [](Story& s) { adult(s).ice(d(5, 11), 2); }, "3", {}},
    {"ice_0_awake", [](Story& s) { adult(s).ice(d(5, 11), 0); }, "3", {}},
    {"ice_0_unarousable", [](Story& s) { adult(s).ice(d(5, 11), 0, Consciousness::unarousable); }, "4", {}},
    {"capd_0", [](Story& s) { child(s, 8).tell(d(5, 11), capd(0)); }, "0", {}},
    {"capd_1", [](Story& s) { child(s, 8).tell(d(5, 11), capd(1)); }, "1", {F::capd_no_baseline}},
    {"capd_8", [](Story& s) { child(s, 8).tell(d(5, 11), capd(8)); }, "1", {F::capd_no_baseline}},
    {"capd_9", [](Story& s) { child(s, 8).tell(d(5, 11), capd(9)); }, "3", {}},
    {"no_row_for_weakness", [](Story& s) { adult(s).ice(d(5, 11), 10).neuro(d(5, 11), weakness(WeaknessDepth::deep)); }, "0", {}},
    {"no_row_for_a_brief_seizure", [](Story& s) { adult(s).ice(d(5, 11), 10).neuro(d(5, 11), seizure_of(SeizureType::generalised, 60)); }, "0", {}},
    {"status_epilepticus_may_threaten_life", [](Story& s) { adult(s).ice(d(5, 11), 10).neuro(d(5, 11), seizure_of(SeizureType::generalised, 900)); }, "0-4", {F::ambiguous_scale}},
    {"no_row_for_focal_oedema", [](Story& s) { adult(s).ice(d(5, 11), 10).neuro(d(5, 11), finding(NeuroKind::focal_oedema_imaging)); }, "0", {}},
    {"diffuse_oedema_may_threaten_life", [](Story& s) { adult(s).ice(d(5, 11), 8).neuro(d(5, 11), finding(NeuroKind::diffuse_oedema_imaging)); }, "1-4", {F::ambiguous_scale}},
    {"wakes_to_touch_bounds_it", [](Story& s) { adult(s).ice(d(5, 11), 8, Consciousness::to_tactile); }, "1-3", {F::ambiguous_scale}},
    {"not_tested", [](Story& s) { untested(adult(s), d(5, 11), Unassessable::sedated); }, "NA-4", {F::sedated}},
    {"score_signed", [](Story& s) { adult(s).ice(d(5, 9), 5).signed_other(d(5, 10), Scale::ctcae_6_0, Component::ice); }, "0-2", {F::alt_cause_confirmed}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Rows, Cres, testing::ValuesIn(kCres), CaseName{});
INSTANTIATE_TEST_SUITE_P(Rows, Ctcae6Icans, testing::ValuesIn(kCtcae6), CaseName{});

TEST(CresEpisode, follows_icans) {
    Story told;
    IceAssessment both = cartox_10(2);
    both.commands = 0;
    adult(told).tell(d(5, 8), both);
    for (int hour = 12; hour <= 60; hour += 12) told.tell(d(5, hour), full_score());
    std::vector<Episode> found;
    for (const Episode& episode : told.timeline(all_scales()).derived(all_scales(), d(9)).episodes) {
        if (episode.scale == Scale::astct_icans_2019 || episode.scale == Scale::cartox_cres) found.push_back(episode);
    }
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].scale, Scale::cartox_cres);
    EXPECT_EQ(found[1].onset, found[0].onset);
    EXPECT_TRUE(found[1].resolved.has_value());
    EXPECT_EQ(found[1].resolved, found[0].resolved);
    EXPECT_EQ(int{found[1].max_grade}, 3);
}

TEST(CresEvidence, names_what_decided) {
    Story told;
    adult(told).tell(d(5, 8), cartox_10(10)).neuro(d(5, 9), weakness(WeaknessDepth::mild));
    const Assessment said = said_of(told, noon, Scale::cartox_cres);
    EXPECT_EQ(names(said.deciding), "motor ");
    EXPECT_EQ(told.timeline(all_scales()).record_text(said.evidence[0]), "ehr/r-4");
}

}  // namespace
}  // namespace cellvigil
