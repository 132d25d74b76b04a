// ASTCT ICANS 2019, adults and children, and CARTOX CRES.
#include "tests/rules/grade/icans_ward.h"
#include "tests/rules/grade/vectors/vector.h"

namespace cellvigil::vectors {
namespace {

using namespace icans_ward;

const Instant noon = d(6, 12);

Story& tested(Story& s, std::uint32_t ice_total, Consciousness consciousness = Consciousness::alert) {
    return s.adult().infused().ice(d(6, 11), ice_total, consciousness);
}
Story& capd_of(Story& s, std::uint32_t years, std::uint32_t total, Consciousness consciousness = Consciousness::alert) {
    return s.aged_years(years).infused().tell(d(6, 11), capd(total, consciousness));
}
Story& capd_above(Story& s, std::uint32_t baseline, std::uint32_t total) {
    return with_baseline_capd(s, baseline).tell(d(6, 11), capd(total, Consciousness::spontaneous));
}
Story& score_of_cartox(Story& s, std::uint32_t orientation, std::uint32_t naming) {
    IceAssessment told = ice_parts(orientation, naming, 1, 1, 1, std::nullopt);
    told.head_of_government = 1;
    return s.adult().infused().tell(d(6, 11), told);
}
NeuroFinding papilloedema(std::uint32_t stage) {
    NeuroFinding told = finding(NeuroKind::papilloedema);
    told.papilloedema_stage = stage;
    return told;
}
NeuroFinding brief_seizure(SeizureType type) {
    NeuroFinding told = finding(NeuroKind::seizure, 45U);
    told.seizure_type = type;
    told.returned_to_baseline = true;
    return told;
}
Story& rass_on_propofol(Story& s, std::int32_t rass) {
    IceAssessment told;
    told.rass = rass;
    return s.adult().infused().ice(d(6, 2), 5).starts(d(6, 8), Agent::propofol).tell(d(6, 11), told);
}

class IcansVectors : public testing::TestWithParam<Vector> {};
TEST_P(IcansVectors, as_the_guideline_says) { check(GetParam()); }

constexpr Scale kIcans = Scale::astct_icans_2019;
constexpr Scale kCres = Scale::cartox_cres;
constexpr Term kNone = Term::none;

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Scores, IcansVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"ice_9", [](Story& s) { tested(s, 9); }, noon, kIcans, kNone, "1"},
        {"ice_6", [](Story& s) { tested(s, 6); }, noon, kIcans, kNone, "2"},
        {"ice_2", [](Story& s) { tested(s, 2); }, noon, kIcans, kNone, "3"},
        {"ice_1", [](Story& s) { tested(s, 1); }, noon, kIcans, kNone, "3"},
        {"ice_0_unarousable", [](Story& s) { tested(s, 0, Consciousness::unarousable); }, noon, kIcans, kNone, "4"},
        {"ice_never_tested", [](Story& s) { level(s.adult().infused(), d(6, 11), Consciousness::alert); }, noon, kIcans, kNone, "NA"},
        {"parts_beat_the_total", [](Story& s) { s.adult().infused().tell(d(6, 11), ice_parts(3, 2, 1, 0, 0, 9U)); }, noon, kIcans, kNone, "2", {Flag::ice_total_mismatch}},
        {"at_a_low_baseline", [](Story& s) { with_baseline_ice(s, 8).ice(d(6, 11), 8); }, noon, kIcans, kNone, "0-1", {Flag::ice_at_baseline}},
        {"below_a_low_baseline", [](Story& s) { with_baseline_ice(s, 8).ice(d(6, 11), 7); }, noon, kIcans, kNone, "1"},
        {"score_12_h_old", [](Story& s) { s.adult().infused().ice(d(6, 0), 5); }, noon, kIcans, kNone, "2", {}, {Flag::carried_forward}},
        {"score_over_12_h_old", [](Story& s) { s.adult().infused().ice(d(5, 23, 59), 5); }, noon, kIcans, kNone, "2", {Flag::carried_forward}},
        {"score_24_h_old", [](Story& s) { s.adult().infused().ice(d(5, 12), 5); }, noon, kIcans, kNone, "2", {Flag::carried_forward}},
        {"score_over_24_h_old", [](Story& s) { s.adult().infused().ice(d(5, 11, 59), 5); }, noon, kIcans, kNone, "NA-2", {Flag::stale_input}},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Consciousness, IcansVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"ice_10_to_voice", [](Story& s) { tested(s, 10, Consciousness::to_voice); }, noon, kIcans, kNone, "2"},
        {"ice_10_spontaneous", [](Story& s) { tested(s, 10, Consciousness::spontaneous); }, noon, kIcans, kNone, "0"},
        {"ice_8_unarousable", [](Story& s) { tested(s, 8, Consciousness::unarousable); }, noon, kIcans, kNone, "4"},
        {"sedated_an_earlier_score_is_carried", [](Story& s) { rass_on_propofol(s, -4); }, noon, kIcans, kNone, "2-4", {Flag::sedated}},
        {"unarousable_on_propofol", [](Story& s) { s.adult().infused().starts(d(6, 8), Agent::propofol); level(s, d(6, 11), Consciousness::unarousable); }, noon, kIcans, kNone, "NA-4", {Flag::sedated}},
        {"unarousable_24_h_after_sedation", [](Story& s) { s.adult().infused().starts(d(4, 8), Agent::propofol).stops(d(5, 11), Agent::propofol); level(s, d(6, 11), Consciousness::unarousable); }, noon, kIcans, kNone, "4"},
        {"unarousable_signed_as_sedation", [](Story& s) { tested(s, 8, Consciousness::unarousable).signed_other(d(6, 11, 30), kIcans, Component::consciousness, "sedation"); }, noon, kIcans, kNone, "1-4", {Flag::alt_cause_confirmed}},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Findings, IcansVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"seizure_of_4_min_59", [](Story& s) { seizure(tested(s, 10), d(6, 10), 299U, true); }, noon, kIcans, kNone, "3", {}, {Flag::seizure_at_5min}},
        {"seizure_of_5_min_1", [](Story& s) { seizure(tested(s, 10), d(6, 10), 301U, true); }, noon, kIcans, kNone, "4"},
        {"seizure_of_unknown_length", [](Story& s) { seizure(tested(s, 10), d(6, 10), std::nullopt, true); }, noon, kIcans, kNone, "3-4", {Flag::seizure_at_5min}},
        {"seizure_23_h_ago", [](Story& s) { seizure(s.adult().infused(), d(5, 13), 60U, true).ice(d(6, 11), 10); }, noon, kIcans, kNone, "3"},
        {"seizure_25_h_ago", [](Story& s) { seizure(s.adult().infused(), d(5, 11), 60U, true).ice(d(6, 11), 10); }, noon, kIcans, kNone, "0"},
        {"seizure_on_eeg", [](Story& s) { NeuroFinding eeg = finding(NeuroKind::eeg_nonconvulsive_seizure, 120U); eeg.returned_to_baseline = true; tested(s, 10).neuro(d(6, 11), eeg); }, noon, kIcans, kNone, "3"},
        {"two_seizures_with_return", [](Story& s) { tested(s, 10).neuro(d(6, 11), repetitive(true)); }, noon, kIcans, kNone, "3"},
        {"mild_weakness", [](Story& s) { tested(s, 10).neuro(d(6, 11), weakness(WeaknessDepth::mild)); }, noon, kIcans, kNone, "0"},
        {"weakness_of_unknown_depth", [](Story& s) { tested(s, 10).neuro(d(6, 11), weakness(WeaknessDepth::unspecified)); }, noon, kIcans, kNone, "0-4", {Flag::weakness_depth_missing}},
        {"focal_oedema", [](Story& s) { tested(s, 10).neuro(d(6, 11), finding(NeuroKind::focal_oedema_imaging)); }, noon, kIcans, kNone, "3"},
        {"diffuse_oedema_alone", [](Story& s) { tested(s, 10).neuro(d(6, 11), finding(NeuroKind::diffuse_oedema_imaging)); }, noon, kIcans, kNone, "4"},
        {"posturing", [](Story& s) { tested(s, 10).neuro(d(6, 11), finding(NeuroKind::posturing)); }, noon, kIcans, kNone, "4"},
        {"sixth_nerve", [](Story& s) { tested(s, 10).neuro(d(6, 11), finding(NeuroKind::sixth_nerve_palsy)); }, noon, kIcans, kNone, "4"},
        {"cushing", [](Story& s) { tested(s, 10).neuro(d(6, 11), finding(NeuroKind::cushing_triad)); }, noon, kIcans, kNone, "4"},
        {"tremor_does_not_count", [](Story& s) { tested(s, 10).neuro(d(6, 11), finding(NeuroKind::tremor)); }, noon, kIcans, kNone, "0"},
        {"myoclonus_does_not_count", [](Story& s) { tested(s, 8).neuro(d(6, 11), finding(NeuroKind::myoclonus)); }, noon, kIcans, kNone, "1"},
        {"haemorrhage_is_not_icans", [](Story& s) { tested(s, 10).neuro(d(6, 11), finding(NeuroKind::haemorrhage)); }, noon, kIcans, kNone, "0"},
        {"oedema_over_7_d_old", [](Story& s) { s.adult().infused().neuro(d(5, 11), finding(NeuroKind::focal_oedema_imaging)).ice(d(12, 12), 10); }, d(12, 13), kIcans, kNone, "0-3", {Flag::stale_input}},
        {"oedema_resolved", [](Story& s) { tested(s, 10).neuro(d(6, 8), finding(NeuroKind::diffuse_oedema_imaging)).neuro(d(6, 11), absent(NeuroKind::diffuse_oedema_imaging)); }, noon, kIcans, kNone, "0"},
        {"ice_7_on_day_30", [](Story& s) { s.adult().infused().ice(d(30, 11), 7); }, d(30, 12), kIcans, kNone, "1", {Flag::delayed_neurotoxicity}},
        {"ice_7_on_day_28", [](Story& s) { s.adult().infused().ice(d(28, 11), 7); }, d(28, 12), kIcans, kNone, "1", {}, {Flag::delayed_neurotoxicity}},
        {"died_of_unknown_cause", [](Story& s) { tested(s, 5).died(d(6, 11, 30), DeathCause::unknown); }, noon, kIcans, kNone, "2-5", {Flag::death_cause_unknown}},
        {"died_of_lymphoma", [](Story& s) { tested(s, 5).died(d(6, 11, 30), DeathCause::disease); }, noon, kIcans, kNone, "2"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Children, IcansVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"capd_1_no_baseline", [](Story& s) { capd_of(s, 6, 1, Consciousness::spontaneous); }, noon, kIcans, kNone, "1", {Flag::capd_no_baseline}},
        {"capd_8_to_voice", [](Story& s) { capd_of(s, 6, 8, Consciousness::to_voice); }, noon, kIcans, kNone, "2"},
        {"capd_9_alert", [](Story& s) { capd_of(s, 6, 9); }, noon, kIcans, kNone, "3"},
        {"capd_8_to_touch", [](Story& s) { capd_of(s, 6, 8, Consciousness::to_tactile); }, noon, kIcans, kNone, "3"},
        {"capd_unarousable", [](Story& s) { s.aged_years(6).infused(); level(s, d(6, 11), Consciousness::unarousable); }, noon, kIcans, kNone, "4"},
        {"capd_above_baseline", [](Story& s) { capd_above(s, 3, 4); }, noon, kIcans, kNone, "1", {}, {Flag::capd_no_baseline}},
        {"capd_at_baseline", [](Story& s) { capd_above(s, 4, 4); }, noon, kIcans, kNone, "0-1", {Flag::capd_at_baseline}},
        {"seven_of_eight_items", [](Story& s) { s.aged_years(6).infused().tell(d(6, 11), capd_of_items(5, 7)); }, noon, kIcans, kNone, "NA-3", {Flag::capd_incomplete}},
        {"invalid_at_rass_minus_4", [](Story& s) { s.aged_years(6).infused().tell(d(6, 11), capd_at_rass(20, -4)); }, noon, kIcans, kNone, "NA-3", {Flag::capd_incomplete}},
        {"twelve_years_by_ice", [](Story& s) { s.aged_years(12).infused().ice(d(6, 11), 3); }, noon, kIcans, kNone, "2"},
        {"delayed_development_by_capd", [](Story& s) { delayed_development(s, 15).tell(d(6, 11), capd(10)); }, noon, kIcans, kNone, "3"},
        {"child_with_a_seizure", [](Story& s) { seizure(capd_of(s, 6, 0), d(6, 10), 400U, true); }, noon, kIcans, kNone, "4"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Cres, IcansVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"cartox_10_of_9", [](Story& s) { score_of_cartox(s, 4, 2); }, noon, kCres, kNone, "1"},
        {"cartox_10_of_6", [](Story& s) { score_of_cartox(s, 2, 1); }, noon, kCres, kNone, "2"},
        {"focal_seizure", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), brief_seizure(SeizureType::focal)); }, noon, kCres, kNone, "3"},
        {"generalised_seizure", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), brief_seizure(SeizureType::generalised)); }, noon, kCres, kNone, "4"},
        {"generalised_seizure_of_icans", [](Story& s) { tested(s, 10).neuro(d(6, 11), brief_seizure(SeizureType::generalised)); }, noon, kIcans, kNone, "3"},
        {"papilloedema_2", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), papilloedema(2)); }, noon, kCres, kNone, "3"},
        {"papilloedema_3", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), papilloedema(3)); }, noon, kCres, kNone, "4"},
        {"opening_pressure_19", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), opening_pressure(19)); }, noon, kCres, kNone, "3"},
        {"opening_pressure_20", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), opening_pressure(20)); }, noon, kCres, kNone, "4"},
        {"weakness_mild", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), weakness(WeaknessDepth::mild)); }, noon, kCres, kNone, "4"},
        {"focal_oedema_of_cres", [](Story& s) { score_of_cartox(s, 4, 3).neuro(d(6, 11), finding(NeuroKind::focal_oedema_imaging)); }, noon, kCres, kNone, "4"},
    }),
    CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil::vectors
