// ICAHT, T-ICAHT, CAR-HEMATOTOX.
#include "tests/rules/grade/vectors/vector.h"

namespace cellvigil::vectors {
namespace {

// Days `first` to `last`, both, a value a morning.
Story& daily(Story& s, Analyte analyte, int first, int last, double value) {
    for (int day = first; day <= last; ++day) s.lab(d(day, 12), analyte, value);
    return s;
}
struct Stretch {
    int first, last;
    double value;
};
// Healthy on every day of 0 to 30 that no stretch says; NaN-like -1: nothing measured.
Story& early(Story& s, Analyte analyte, double healthy, const std::vector<Stretch>& stretches) {
    s.adult().infused();
    for (int day = 0; day <= 30; ++day) {
        double value = healthy;
        for (const Stretch& one : stretches) {
            if (day >= one.first && day <= one.last) value = one.value;
        }
        if (value >= 0) s.lab(d(day, 12), analyte, value);
    }
    return s;
}
Story& anc(Story& s, const std::vector<Stretch>& stretches) { return early(s, Analyte::neutrophils, 2.0, stretches); }
Story& platelets(Story& s, const std::vector<Stretch>& stretches) {
    return early(s, Analyte::platelets, 200, stretches);
}
Story& late(Story& s, Analyte analyte, const std::vector<Stretch>& stretches) {
    s.adult().infused();
    for (const Stretch& one : stretches) daily(s, analyte, one.first, one.last, one.value);
    return s;
}
struct Panel {  // as laboratories report them: 10*9/L, 10*9/L, g/L, mg/L, ug/L; -1: not measured
    double platelets = 220, anc = 3.4, haemoglobin = 124, crp = 8, ferritin = 180;
};
Story& before_lymphodepletion(Story& s, const Panel& panel, int day = -6) {
    s.adult();
    if (panel.platelets >= 0) s.lab(d(day), Analyte::platelets, panel.platelets);
    if (panel.anc >= 0) s.lab(d(day), Analyte::neutrophils, panel.anc);
    if (panel.haemoglobin >= 0) s.lab(d(day), Analyte::haemoglobin, panel.haemoglobin);
    if (panel.crp >= 0) s.lab(d(day), Analyte::crp, panel.crp);
    if (panel.ferritin >= 0) s.lab(d(day), Analyte::ferritin, panel.ferritin);
    Infusion infusion;
    infusion.product = {"urn:cellvigil:product", "C-CAR039", ""};
    infusion.lymphodepletion_start = EffectiveTime{d(-5), d(-5), story::kOffset, TimePrecision::second};
    return s.tell(story::infusion_time(), infusion);
}
Story& progressed(Story& s, Instant at) {
    DiseaseStatus status;
    status.response = Response::progressive;
    return s.tell(at, status);
}

class CountsVectors : public testing::TestWithParam<Vector> {};
TEST_P(CountsVectors, as_the_guideline_says) { check(GetParam()); }

constexpr Scale kEarly = Scale::icaht_early;
constexpr Scale kLate = Scale::icaht_late;
constexpr Scale kPlatelets = Scale::t_icaht;
constexpr Scale kScore = Scale::car_hematotox;
constexpr Term kNone = Term::none;
const Instant after_30 = d(31, 12);
const Instant after_100 = d(101, 12);

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    EarlyIcaht, CountsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"one_day_of_500", [](Story& s) { anc(s, {{9, 9, 0.5}}); }, after_30, kEarly, kNone, "1"},
        {"one_day_of_501", [](Story& s) { anc(s, {{9, 9, 0.501}}); }, after_30, kEarly, kNone, "0"},
        {"lowest_of_the_day", [](Story& s) { anc(s, {}).lab(d(9, 18), Analyte::neutrophils, 0.45); }, after_30, kEarly, kNone, "1"},
        {"six_days", [](Story& s) { anc(s, {{5, 10, 0.3}}); }, after_30, kEarly, kNone, "1"},
        {"thirteen_days", [](Story& s) { anc(s, {{5, 17, 0.3}}); }, after_30, kEarly, kNone, "2"},
        {"six_days_of_100", [](Story& s) { anc(s, {{5, 10, 0.1}}); }, after_30, kEarly, kNone, "1"},
        {"seven_days_of_100", [](Story& s) { anc(s, {{5, 11, 0.1}}); }, after_30, kEarly, kNone, "3"},
        {"thirteen_days_of_100", [](Story& s) { anc(s, {{5, 17, 0.1}}); }, after_30, kEarly, kNone, "3"},
        {"fourteen_days_of_100", [](Story& s) { anc(s, {{5, 18, 0.1}}); }, after_30, kEarly, kNone, "4"},
        {"fourteen_days_of_101", [](Story& s) { anc(s, {{5, 18, 0.101}}); }, after_30, kEarly, kNone, "3"},
        {"two_days_above_join", [](Story& s) { anc(s, {{5, 8, 0.3}, {9, 10, 0.8}, {11, 13, 0.3}}); }, after_30, kEarly, kNone, "2"},
        {"three_days_above_part", [](Story& s) { anc(s, {{5, 8, 0.3}, {9, 11, 0.8}, {12, 14, 0.3}}); }, after_30, kEarly, kNone, "1"},
        {"seven_missing_days_are_filled", [](Story& s) { anc(s, {{5, 5, 0.3}, {6, 12, -1}, {13, 13, 0.3}}); }, after_30, kEarly, kNone, "2", {}, {Flag::data_gap}},
        {"eight_missing_days_are_not", [](Story& s) { anc(s, {{5, 5, 0.3}, {6, 13, -1}, {14, 14, 0.3}}); }, after_30, kEarly, kNone, "1-3", {Flag::data_gap}},
        {"filled_by_a_straight_line_six_days", [](Story& s) { anc(s, {{5, 5, 0.4}, {6, 12, -1}, {13, 13, 0.56}}); }, after_30, kEarly, kNone, "1"},
        {"filled_by_a_straight_line_seven_days", [](Story& s) { anc(s, {{5, 5, 0.4}, {6, 12, -1}, {13, 13, 0.533}}); }, after_30, kEarly, kNone, "2"},
        {"from_day_3_to_the_end", [](Story& s) { anc(s, {{3, 30, 0.4}}); }, after_30, kEarly, kNone, "4"},
        {"from_day_4_to_the_end", [](Story& s) { anc(s, {{4, 30, 0.4}}); }, after_30, kEarly, kNone, "3"},
        {"open_on_day_20", [](Story& s) { anc(s, {{5, 11, 0.3}}); }, d(20, 13), kEarly, kNone, "2-4", {Flag::window_open}},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    LateIcaht, CountsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"two_of_1500", [](Story& s) { late(s, Analyte::neutrophils, {{45, 46, 1.5}}); }, after_100, kLate, kNone, "1"},
        {"one_of_1400_one_of_1501", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 1.4}, {60, 60, 1.501}}); }, after_100, kLate, kNone, "0"},
        {"lowest_1001", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 1.001}, {60, 60, 1.2}}); }, after_100, kLate, kNone, "1"},
        {"lowest_1000", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 1.0}, {60, 60, 1.2}}); }, after_100, kLate, kNone, "2"},
        {"lowest_501", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 0.501}, {60, 60, 1.2}}); }, after_100, kLate, kNone, "2"},
        {"lowest_500", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 0.5}, {60, 60, 1.5}}); }, after_100, kLate, kNone, "3"},
        {"lowest_450_5", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 0.4505}, {50, 50, 0.46}}); }, after_100, kLate, kNone, "3"},
        {"lowest_100_5", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 0.1005}, {50, 50, 0.2}}); }, after_100, kLate, kNone, "3"},
        {"lowest_100", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 0.1}, {50, 50, 0.2}}); }, after_100, kLate, kNone, "4"},
        {"a_single_value", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 0.09}}); }, after_100, kLate, kNone, "NA-4", {Flag::single_value}},
        {"two_of_one_day_are_single", [](Story& s) { late(s, Analyte::neutrophils, {{45, 45, 0.09}}).lab(d(45, 20), Analyte::neutrophils, 0.2); }, after_100, kLate, kNone, "NA-4", {Flag::single_value}},
        {"day_30_is_not_late", [](Story& s) { late(s, Analyte::neutrophils, {{30, 30, 0.05}, {40, 41, 1.4}}); }, after_100, kLate, kNone, "1"},
        {"days_31_and_100_are", [](Story& s) { late(s, Analyte::neutrophils, {{31, 31, 0.9}, {100, 100, 1.4}}); }, after_100, kLate, kNone, "2"},
        {"after_progression_is_not", [](Story& s) { progressed(late(s, Analyte::neutrophils, {{40, 41, 1.4}}), d(50)); daily(s, Analyte::neutrophils, 55, 56, 0.3); }, after_100, kLate, kNone, "1"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    PlateletsIcaht, CountsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"one_day_of_49_9", [](Story& s) { platelets(s, {{9, 9, 49.9}}); }, after_30, kPlatelets, Term::early, "1"},
        {"one_day_of_50", [](Story& s) { platelets(s, {{9, 9, 50}}); }, after_30, kPlatelets, Term::early, "0"},
        {"six_days_below_50", [](Story& s) { platelets(s, {{9, 14, 40}}); }, after_30, kPlatelets, Term::early, "1"},
        {"seven_days_below_50", [](Story& s) { platelets(s, {{9, 15, 40}}); }, after_30, kPlatelets, Term::early, "2"},
        {"seven_days_in_two_stretches", [](Story& s) { platelets(s, {{5, 7, 40}, {15, 18, 40}}); }, after_30, kPlatelets, Term::early, "2"},
        {"two_days_of_recovery_count", [](Story& s) { platelets(s, {{5, 8, 40}, {9, 10, 80}, {11, 11, 40}}); }, after_30, kPlatelets, Term::early, "2"},
        {"three_days_of_recovery_do_not", [](Story& s) { platelets(s, {{5, 8, 40}, {9, 11, 80}, {12, 12, 40}}); }, after_30, kPlatelets, Term::early, "1"},
        {"one_day_of_20", [](Story& s) { platelets(s, {{9, 9, 20}}); }, after_30, kPlatelets, Term::early, "1"},
        {"one_day_of_19_9", [](Story& s) { platelets(s, {{9, 9, 19.9}}); }, after_30, kPlatelets, Term::early, "3"},
        {"thirteen_days_below_20", [](Story& s) { platelets(s, {{5, 17, 15}}); }, after_30, kPlatelets, Term::early, "3"},
        {"fourteen_days_below_20", [](Story& s) { platelets(s, {{5, 18, 15}}); }, after_30, kPlatelets, Term::early, "4"},
        {"late_two_of_99", [](Story& s) { late(s, Analyte::platelets, {{45, 46, 99}}); }, after_100, kPlatelets, Term::late, "1"},
        {"late_two_of_100", [](Story& s) { late(s, Analyte::platelets, {{45, 46, 100}}); }, after_100, kPlatelets, Term::late, "0"},
        {"late_two_of_49", [](Story& s) { late(s, Analyte::platelets, {{45, 46, 49}}); }, after_100, kPlatelets, Term::late, "2"},
        {"late_two_of_50", [](Story& s) { late(s, Analyte::platelets, {{45, 46, 50}}); }, after_100, kPlatelets, Term::late, "1"},
        {"late_two_of_19", [](Story& s) { late(s, Analyte::platelets, {{31, 44, 150}, {45, 46, 19}, {47, 100, 150}}); }, after_100, kPlatelets, Term::late, "3"},
        {"late_fourteen_of_19", [](Story& s) { late(s, Analyte::platelets, {{45, 58, 19}}); }, after_100, kPlatelets, Term::late, "4"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Hematotox, CountsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"all_well", [](Story& s) { before_lymphodepletion(s, {}); }, d(0, 12), kScore, kNone, "0"},
        {"all_bad", [](Story& s) { before_lymphodepletion(s, {40, 0.4, 78, 95, 3200}); }, d(0, 12), kScore, kNone, "7"},
        {"platelets_176", [](Story& s) { before_lymphodepletion(s, {.platelets = 176}); }, d(0, 12), kScore, kNone, "0"},
        {"platelets_175", [](Story& s) { before_lymphodepletion(s, {.platelets = 175}); }, d(0, 12), kScore, kNone, "1"},
        {"platelets_75", [](Story& s) { before_lymphodepletion(s, {.platelets = 75}); }, d(0, 12), kScore, kNone, "1"},
        {"platelets_74", [](Story& s) { before_lymphodepletion(s, {.platelets = 74}); }, d(0, 12), kScore, kNone, "2"},
        {"anc_1201", [](Story& s) { before_lymphodepletion(s, {.anc = 1.201}); }, d(0, 12), kScore, kNone, "0", {}, {Flag::boundary}},
        {"anc_1200", [](Story& s) { before_lymphodepletion(s, {.anc = 1.2}); }, d(0, 12), kScore, kNone, "1", {Flag::boundary}},
        {"haemoglobin_90", [](Story& s) { before_lymphodepletion(s, {.haemoglobin = 90}); }, d(0, 12), kScore, kNone, "1", {Flag::boundary}},
        {"haemoglobin_91", [](Story& s) { before_lymphodepletion(s, {.haemoglobin = 91}); }, d(0, 12), kScore, kNone, "0"},
        {"crp_29_mg_per_litre", [](Story& s) { before_lymphodepletion(s, {.crp = 29}); }, d(0, 12), kScore, kNone, "0"},
        {"crp_30_mg_per_litre", [](Story& s) { before_lymphodepletion(s, {.crp = 30}); }, d(0, 12), kScore, kNone, "1", {Flag::boundary}},
        {"ferritin_649", [](Story& s) { before_lymphodepletion(s, {.ferritin = 649}); }, d(0, 12), kScore, kNone, "0"},
        {"ferritin_650", [](Story& s) { before_lymphodepletion(s, {.ferritin = 650}); }, d(0, 12), kScore, kNone, "1"},
        {"ferritin_2000", [](Story& s) { before_lymphodepletion(s, {.ferritin = 2000}); }, d(0, 12), kScore, kNone, "1"},
        {"ferritin_2001", [](Story& s) { before_lymphodepletion(s, {.ferritin = 2001}); }, d(0, 12), kScore, kNone, "2"},
        {"ferritin_missing", [](Story& s) { before_lymphodepletion(s, {.platelets = 110, .ferritin = -1}); }, d(0, 12), kScore, kNone, "NA-3"},
        {"crp_missing", [](Story& s) { before_lymphodepletion(s, {.crp = -1}); }, d(0, 12), kScore, kNone, "NA-1"},
        {"fourteen_days_before", [](Story& s) { before_lymphodepletion(s, {}, -14); }, d(0, 12), kScore, kNone, "0"},
        {"fifteen_days_before", [](Story& s) { before_lymphodepletion(s, {}, -15).lab(d(-1), Analyte::crp, 8); }, d(0, 12), kScore, kNone, "NA-6"},
    }),
    CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil::vectors
