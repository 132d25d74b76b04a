// Infections, reactivations, IEC-HS, HBV, B cells and IgG, delayed neurotoxicity, registered toxicities, malignancies.
#include "tests/rules/grade/report_story.h"
#include "tests/rules/grade/vectors/vector.h"

namespace cellvigil::vectors {
namespace {

using namespace report_story;

constexpr Scale v5 = Scale::ctcae_5_0;
constexpr Scale kNoScale = Scale::unspecified;

Story& reported(Story& s, Instant at, Infection infection) {
    return s.adult().infused().tell(at, std::move(infection));
}
Infection zoster(std::vector<Route> routes, bool apart = false, bool admitted = false) {
    Infection said = infection_by(Organism::vzv, std::move(routes));
    said.zoster->non_contiguous = apart;
    if (apart) said.zoster->dermatomes = 2;
    said.hospitalised = admitted;
    return said;
}
Infection of_blood(bool sepsis) {
    Infection said = infection_by(Organism::bacteria, {Route::intravenous});
    said.pathogen = PathogenClass::bacterial;
    said.site = {"", "blood", "blood"};
    if (sepsis) said.seriousness.life_threatening = true;
    return said;
}
Infection serious(Infection said, bool fatal) {
    if (fatal)
        said.outcome = Outcome::fatal;
    else
        said.seriousness.life_threatening = true;
    return said;
}
AdverseEvent event(AdverseEventCategory category, bool life_threatening = false, bool fatal = false,
                   bool admitted = false) {
    AdverseEvent said = event_of(category);
    if (life_threatening) said.seriousness.life_threatening = true;
    if (admitted) said.seriousness.hospitalisation = true;
    if (fatal) said.outcome = Outcome::fatal;
    return said;
}
Observation limit_value(Analyte analyte, double value, Comparator comparator = Comparator::unspecified) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.comparator = comparator;
    said.value = amount(value);
    return said;
}
Story& cd19(Story& s, int first_day, double first, int second_day, double second) {
    return s.adult().infused().lab(d(first_day), Analyte::cd19, first).lab(d(second_day), Analyte::cd19, second);
}
// Ferritin above twice its upper limit on day 9, and two common items so much later.
Story& inflamed(Story& s, int hours_later, double ferritin = 900, double fibrinogen = 1.2, double alt = 260) {
    return s.adult()
        .infused()
        .tell(d(9), measured(Analyte::ferritin, static_cast<std::int64_t>(ferritin), 300))
        .tell(d(9) + hours(hours_later), measured(Analyte::alt, static_cast<std::int64_t>(alt), 40))
        .lab(d(9) + hours(hours_later), Analyte::fibrinogen, fibrinogen);
}
Story& carrier(Story& s, std::optional<double> dna_before) {
    s.adult().tell(d(-20), told(Analyte::hbsag, true));
    if (dna_before) s.lab(d(-20), Analyte::hbv_dna, *dna_before);
    return s.infused();
}
Story& had_hbv(Story& s) {
    return s.adult().tell(d(-20), told(Analyte::hbsag, false)).tell(d(-20), told(Analyte::anti_hbc, true)).infused();
}

class ToxicityVectors : public testing::TestWithParam<Vector> {};
TEST_P(ToxicityVectors, as_the_rule_says) { check(GetParam()); }

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Infections, ToxicityVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"zoster_topical", [](Story& s) { reported(s, d(95), zoster({Route::topical})); }, d(96), v5, Term::shingles, "1"},
        {"zoster_oral", [](Story& s) { reported(s, d(95), zoster({Route::oral})); }, d(96), v5, Term::shingles, "2"},
        {"zoster_intravenous", [](Story& s) { reported(s, d(95), zoster({Route::intravenous})); }, d(96), v5, Term::shingles, "3"},
        {"zoster_oral_but_admitted", [](Story& s) { reported(s, d(95), zoster({Route::oral}, false, true)); }, d(96), v5, Term::shingles, "3"},
        {"zoster_oral_apart", [](Story& s) { reported(s, d(95), zoster({Route::oral}, true)); }, d(96), v5, Term::shingles, "3", {Flag::disseminated_zoster}},
        {"zoster_threatens_life", [](Story& s) { reported(s, d(95), serious(zoster({Route::intravenous}), false)); }, d(96), Scale::ctcae_6_0, Term::shingles, "4"},
        {"zoster_fatal", [](Story& s) { reported(s, d(95), serious(zoster({Route::intravenous}), true)); }, d(96), v5, Term::shingles, "5"},
        {"zoster_on_iv_prophylaxis", [](Story& s) { s.adult().infused().tell(d(60), prophylaxis(Agent::aciclovir)).tell(d(95), zoster({Route::oral})); }, d(96), v5, Term::shingles, "2"},
        {"zoster_then_valaciclovir", [](Story& s) { reported(s, d(95), zoster({})).tell(d(95, 15), course(Agent::valaciclovir, Route::oral)); }, d(96), v5, Term::shingles, "2"},
        {"cmv_valganciclovir", [](Story& s) { reported(s, d(40), infection_by(Organism::cmv, {Route::oral})); }, d(41), v5, Term::cmv_reactivation, "2"},
        {"cmv_foscarnet", [](Story& s) { reported(s, d(40), infection_by(Organism::cmv)).tell(d(40, 12), course(Agent::foscarnet)); }, d(41), v5, Term::cmv_reactivation, "3"},
        {"hsv_oral", [](Story& s) { reported(s, d(40), infection_by(Organism::hsv, {Route::oral})); }, d(41), v5, Term::hsv_reactivation, "2"},
        {"ebv_life_threatening", [](Story& s) { reported(s, d(40), serious(infection_by(Organism::ebv, {Route::intravenous}), false)); }, d(41), v5, Term::ebv_reactivation, "4"},
        {"hbv_oral", [](Story& s) { reported(s, d(40), infection_by(Organism::hbv, {Route::oral})); }, d(41), v5, Term::hbv_reactivation, "2"},
        {"mould_intravenous", [](Story& s) { reported(s, d(40), infection_by(Organism::mould, {Route::intravenous})); }, d(41), v5, Term::infection, "3"},
        {"bacteria_oral", [](Story& s) { reported(s, d(40), infection_by(Organism::bacteria, {Route::oral})); }, d(41), v5, Term::infection, "2"},
        {"treatment_not_known", [](Story& s) { reported(s, d(40), infection_by(Organism::bacteria)); }, d(41), v5, Term::infection, "NA-3", {Flag::treatment_unknown}},
        {"bacteraemia", [](Story& s) { reported(s, d(40), of_blood(false)); }, d(41), v5, Term::bacteraemia, "2"},
        {"sepsis_threatens_life", [](Story& s) { reported(s, d(40), of_blood(true)); }, d(41), v5, Term::sepsis, "4"},
        {"infection_fatal", [](Story& s) { reported(s, d(40), serious(infection_by(Organism::mould, {Route::intravenous}), true)); }, d(41), v5, Term::infection, "5"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Immunity, ToxicityVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"igg_6_01", [](Story& s) { s.adult().infused().lab(d(90), Analyte::igg, 6.01); }, d(91), kNoScale, Term::low_igg, "0"},
        {"igg_6_00", [](Story& s) { s.adult().infused().lab(d(90), Analyte::igg, 6.0); }, d(91), kNoScale, Term::low_igg, "1"},
        {"igg_4_01", [](Story& s) { s.adult().infused().lab(d(90), Analyte::igg, 4.01); }, d(91), kNoScale, Term::low_igg, "1"},
        {"igg_4_00", [](Story& s) { s.adult().infused().lab(d(90), Analyte::igg, 4.0); }, d(91), kNoScale, Term::low_igg, "2"},
        {"igg_below_0_2", [](Story& s) { s.adult().infused().tell(d(90), limit_value(Analyte::igg, 0.2, Comparator::less)); }, d(91), kNoScale, Term::low_igg, "2"},
        {"b_cells_28_d_apart", [](Story& s) { cd19(s, 181, 0.019, 209, 0.019); }, d(210), kNoScale, Term::prolonged_b_cell_aplasia, "1"},
        {"b_cells_27_d_apart", [](Story& s) { cd19(s, 181, 0.019, 208, 0.019); }, d(210), kNoScale, Term::prolonged_b_cell_aplasia, "0-1"},
        {"b_cells_from_day_180", [](Story& s) { cd19(s, 180, 0.001, 208, 0.001); }, d(210), kNoScale, Term::prolonged_b_cell_aplasia, "0-1"},
        {"b_cells_of_0_02", [](Story& s) { cd19(s, 181, 0.02, 209, 0.02); }, d(210), kNoScale, Term::prolonged_b_cell_aplasia, "-"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Suspicions, ToxicityVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"iec_hs_within_72_h", [](Story& s) { inflamed(s, 72); }, d(12, 11), Scale::iec_hs_2023, Term::iec_hs, "NA", {Flag::suspicion}},
        {"iec_hs_after_73_h", [](Story& s) { inflamed(s, 73); }, d(12, 12), Scale::iec_hs_2023, Term::iec_hs, "NA", {Flag::required_item_missing}, {Flag::suspicion}},
        {"iec_hs_ferritin_twice_its_limit", [](Story& s) { inflamed(s, 10, 600); }, d(10), Scale::iec_hs_2023, Term::iec_hs, "-"},
        {"iec_hs_one_common_item", [](Story& s) { inflamed(s, 10, 900, 1.5); }, d(10), Scale::iec_hs_2023, Term::iec_hs, "-"},
        {"hbv_rise_100_times", [](Story& s) { carrier(s, 40).lab(d(60), Analyte::hbv_dna, 4000); }, d(61), v5, Term::hbv_reactivation_suspected, "NA", {Flag::suspicion}},
        {"hbv_rise_less", [](Story& s) { carrier(s, 40).lab(d(60), Analyte::hbv_dna, 3999); }, d(61), v5, Term::hbv_reactivation_suspected, "-"},
        {"hbv_no_baseline_10000", [](Story& s) { carrier(s, std::nullopt).lab(d(60), Analyte::hbv_dna, 10000); }, d(61), v5, Term::hbv_reactivation_suspected, "NA", {Flag::suspicion}},
        {"hbv_no_baseline_9999", [](Story& s) { carrier(s, std::nullopt).lab(d(60), Analyte::hbv_dna, 9999); }, d(61), v5, Term::hbv_reactivation_suspected, "-"},
        {"hbv_core_positive_dna_found", [](Story& s) { had_hbv(s).lab(d(60), Analyte::hbv_dna, 25); }, d(61), v5, Term::hbv_reactivation_suspected, "NA", {Flag::suspicion}},
        {"hbv_surface_returns", [](Story& s) { had_hbv(s).tell(d(60), told(Analyte::hbsag, true)); }, d(61), v5, Term::hbv_reactivation_suspected, "NA", {Flag::suspicion}},
        {"parkinsonism_day_60", [](Story& s) { NeuroFinding sign; sign.kind = NeuroKind::parkinsonism; s.adult().infused().neuro(d(60), sign); }, d(61), v5, Term::delayed_neurotoxicity, "NA", {Flag::delayed_neurotoxicity}},
        {"parkinsonism_day_28", [](Story& s) { NeuroFinding sign; sign.kind = NeuroKind::parkinsonism; s.adult().infused().neuro(d(28), sign); }, d(28, 12), v5, Term::delayed_neurotoxicity, "-"},
        {"headache_day_60", [](Story& s) { NeuroFinding sign; sign.kind = NeuroKind::headache; s.adult().infused().neuro(d(60), sign); }, d(61), v5, Term::delayed_neurotoxicity, "-"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Registered, ToxicityVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"second_malignancy", [](Story& s) { s.adult().infused().tell(d(300), event(AdverseEventCategory::second_malignancy)); }, d(301), v5, Term::secondary_malignancy, "3", {Flag::always_serious}},
        {"second_malignancy_life_threatening", [](Story& s) { s.adult().infused().tell(d(300), event(AdverseEventCategory::second_malignancy, true)); }, d(301), v5, Term::secondary_malignancy, "4"},
        {"second_malignancy_fatal", [](Story& s) { s.adult().infused().tell(d(300), event(AdverseEventCategory::second_malignancy, false, true)); }, d(301), v5, Term::secondary_malignancy, "5"},
        {"t_cell_malignancy_years_later", [](Story& s) { s.adult().infused().tell(d(1900), event(AdverseEventCategory::t_cell_malignancy)); }, d(1901), v5, Term::secondary_malignancy, "3", {Flag::always_serious}},
        {"licats_admitted", [](Story& s) { s.adult().infused().tell(d(10), event(AdverseEventCategory::licats, false, false, true)); }, d(11), Scale::licats_2025, Term::licats, "3"},
        {"enterocolitis_fatal", [](Story& s) { s.adult().infused().tell(d(92), event(AdverseEventCategory::enterocolitis, false, true)); }, d(93), v5, Term::enterocolitis, "5"},
        {"enterocolitis_admitted", [](Story& s) { s.adult().infused().tell(d(92), event(AdverseEventCategory::enterocolitis, false, false, true)); }, d(93), v5, Term::enterocolitis, "3"},
    }),
    CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil::vectors
