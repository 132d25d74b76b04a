// Errors seen in public code that grades these toxicities. Each is written here as somebody wrote it, over the same
// facts, and must be told apart from our grader by the stated vector; on an ordinary vector it agrees, so that it is
// the error that shows and not something else.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include "rules/grade/car_hematotox.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/icaht.h"
#include "tests/rules/grade/icans_ward.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace icans_ward;

constexpr Grade kNone = kNotGradable;

// What such code has before it: the latest values of one patient.
struct Bedside {
    double temperature = 0;
    bool masked = false;
    bool hypotensive = false;  // low pressure or a bolus
    int pressors = 0;
    OxygenDevice device = OxygenDevice::unspecified;
    double flow = 0;
    std::optional<int> ice;
    Consciousness level = Consciousness::unspecified;
    std::vector<NeuroKind> findings;
};

Bedside bedside(const SubjectTimeline& timeline) {
    Bedside seen;
    for (const Fact& fact : timeline.facts()) {
        const double value = static_cast<double>(fact.value.micro) / 1e6;
        if (fact.analyte == Analyte::temperature) seen.temperature = value;
        if (fact.analyte == Analyte::systolic) seen.hypotensive = value < 90;
        if (fact.body == nullptr) continue;
        if (const auto* ice = std::get_if<IceAssessment>(fact.body)) {
            if (ice->total) seen.ice = static_cast<int>(*ice->total);
            seen.level = ice->consciousness;
        }
        if (const auto* finding = std::get_if<NeuroFinding>(fact.body)) seen.findings.push_back(finding->kind);
        const auto* given = std::get_if<Intervention>(fact.body);
        if (given == nullptr) continue;
        if (given->kind == InterventionKind::vasopressor) ++seen.pressors;
        if (given->kind == InterventionKind::fluid_bolus) seen.hypotensive = true;
        const bool masks = given->agent == Agent::tocilizumab || given->agent == Agent::paracetamol;
        if (masks || given->agent == Agent::dexamethasone) seen.masked = true;
        if (given->kind != InterventionKind::oxygen) continue;
        seen.device = given->device;
        seen.flow = given->flow_l_min ? static_cast<double>(given->flow_l_min->micro) / 1e6 : 0;
    }
    return seen;
}
bool found(const Bedside& seen, NeuroKind kind) {
    return std::find(seen.findings.begin(), seen.findings.end(), kind) != seen.findings.end();
}

// ---- CRS as it should be read from such a picture, with one place for each error

struct CrsReading {
    bool hard_fever_gate = false;
    bool no_fever_gate = false;
    int low_dose_pressor = 3;
    double low_flow_below = 6.0001;
    int positive_pressure = 4;
};
int hypoxia(const Bedside& seen, const CrsReading& reading) {
    if (seen.device == OxygenDevice::cpap || seen.device == OxygenDevice::bipap) return reading.positive_pressure;
    if (seen.device == OxygenDevice::nasal_cannula) return seen.flow < reading.low_flow_below ? 2 : 3;
    return seen.device == OxygenDevice::face_mask ? 3 : 0;
}
Grade read_crs(const Bedside& seen, const CrsReading& reading) {
    const bool fever = seen.temperature >= 38.0;
    int hypotension = seen.hypotensive ? 2 : 0;
    if (seen.pressors == 1) hypotension = reading.low_dose_pressor;
    if (seen.pressors > 1) hypotension = 4;
    const int worst = std::max({fever ? 1 : 0, hypotension, hypoxia(seen, reading)});
    const bool gate = fever || (seen.masked && !reading.hard_fever_gate) || reading.no_fever_gate;
    return static_cast<Grade>(gate ? worst : 0);
}

Grade hard_fever_gate(const Bedside& seen) {
    CrsReading reading;
    reading.hard_fever_gate = true;
    return read_crs(seen, reading);
}
Grade no_fever_gate(const Bedside& seen) {
    CrsReading reading;
    reading.no_fever_gate = true;
    return read_crs(seen, reading);
}
Grade low_dose_pressor_is_grade_2(const Bedside& seen) {
    CrsReading reading;
    reading.low_dose_pressor = 2;
    return read_crs(seen, reading);
}
Grade high_flow_from_6(const Bedside& seen) {
    CrsReading reading;
    reading.low_flow_below = 6;
    return read_crs(seen, reading);
}
Grade positive_pressure_is_grade_3(const Bedside& seen) {
    CrsReading reading;
    reading.positive_pressure = 3;
    return read_crs(seen, reading);
}

// ---- ICANS likewise

struct IcansReading {
    int focal_oedema = 3;
    int diffuse_oedema = 4;
    int posturing = 4;
    int cranial_nerve_palsy = 0;
    int ice_0_awake = 3;
    int ice_0_unarousable = 4;
    bool missing_ice_is_10 = false;
};
Grade read_icans(const Bedside& seen, const IcansReading& reading) {
    int worst = -1;
    const std::optional<int> ice = seen.ice || !reading.missing_ice_is_10 ? seen.ice : std::optional<int>(10);
    if (ice) {
        worst = *ice >= 10 ? 0 : *ice >= 7 ? 1 : *ice >= 3 ? 2 : 3;
        if (*ice == 0)
            worst = seen.level == Consciousness::unarousable ? reading.ice_0_unarousable : reading.ice_0_awake;
    }
    if (found(seen, NeuroKind::focal_oedema_imaging)) worst = std::max(worst, reading.focal_oedema);
    if (found(seen, NeuroKind::diffuse_oedema_imaging)) worst = std::max(worst, reading.diffuse_oedema);
    if (found(seen, NeuroKind::posturing)) worst = std::max(worst, reading.posturing);
    if (found(seen, NeuroKind::cranial_nerve_palsy)) worst = std::max(worst, reading.cranial_nerve_palsy);
    return static_cast<Grade>(worst);
}

template <int IcansReading::*field, int value>
Grade icans_with(const Bedside& seen) {
    IcansReading reading;
    reading.*field = value;
    return read_icans(seen, reading);
}
Grade missing_ice_is_10(const Bedside& seen) {
    IcansReading reading;
    reading.missing_ice_is_10 = true;
    return read_icans(seen, reading);
}

struct ErrorCase {
    const char* name;
    Scale scale;
    Grade (*as_written)(const Bedside&);
    void (*vector)(Story&);    // tells the two apart
    Grade expected;            // ours, of the vector
    void (*ordinary)(Story&);  // on which they agree
};
class PublicErrors : public testing::TestWithParam<ErrorCase> {};

TEST_P(PublicErrors, are_told_apart_by_their_vector) {
    const ErrorCase& c = GetParam();
    const Instant asked = d(3, 12);
    Story vector;
    c.vector(vector);
    EXPECT_EQ(vector.at(asked, c.scale).grade, c.expected);
    EXPECT_NE(c.as_written(bedside(vector.timeline())), c.expected) << "the vector does not show the error";
    Story ordinary;
    c.ordinary(ordinary);
    EXPECT_EQ(c.as_written(bedside(ordinary.timeline())), ordinary.at(asked, c.scale).grade)
        << "the error is not all that is wrong with it";
}

constexpr Scale kCrs = Scale::astct_crs_2019;
constexpr Scale kIcans = Scale::astct_icans_2019;

void fever_and_pressors(Story& s) {
    adult(s).temperature(d(3, 9), 39).starts(d(3, 9), Agent::norepinephrine).starts(d(3, 9), Agent::epinephrine);
}
void fever_alone(Story& s) { adult(s).temperature(d(3, 11), 39); }
void masked_by_tocilizumab(Story& s) {
    adult(s).temperature(d(2, 20), 39).gives(d(2, 22), Agent::tocilizumab).temperature(d(3, 11), 36.8);
    s.starts(d(3, 11), Agent::norepinephrine);
}
void masked_by_paracetamol(Story& s) {
    adult(s).temperature(d(3, 6), 38.6).gives(d(3, 8), Agent::paracetamol).temperature(d(3, 11), 37.2);
    s.systolic(d(3, 11), 82).systolic(d(3, 11, 10), 80);
}
void masked_by_dexamethasone(Story& s) {
    adult(s).temperature(d(3, 2), 39).gives(d(3, 3), Agent::dexamethasone).temperature(d(3, 11), 36.9);
    s.oxygen(d(3, 11), OxygenDevice::face_mask, 8.0);
}
void never_febrile(Story& s) {
    adult(s).temperature(d(3, 9), 36.9).systolic(d(3, 10), 82).systolic(d(3, 10, 20), 80);
    s.bolus(d(3, 10, 30), 500);
}
void one_pressor(Story& s) { adult(s).temperature(d(3, 11), 39).starts(d(3, 11), Agent::norepinephrine); }
void cannula(Story& s, double flow) {
    adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::nasal_cannula, flow);
}
void cannula_6(Story& s) { cannula(s, 6); }
void cannula_4(Story& s) { cannula(s, 4); }
void on_cpap(Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::cpap); }
void on_bipap(Story& s) { adult(s).temperature(d(3, 11), 38.5).oxygen(d(3, 11), OxygenDevice::bipap); }
void ice_8(Story& s) { adult(s).ice(d(3, 11), 8); }
void ice_8_with(Story& s, NeuroKind kind) {
    NeuroFinding finding;
    finding.kind = kind;
    adult(s).ice(d(3, 11), 8).neuro(d(3, 11), finding);
}
void focal_oedema(Story& s) { ice_8_with(s, NeuroKind::focal_oedema_imaging); }
void diffuse_oedema(Story& s) { ice_8_with(s, NeuroKind::diffuse_oedema_imaging); }
void posturing(Story& s) { ice_8_with(s, NeuroKind::posturing); }
void facial_palsy(Story& s) {
    NeuroFinding finding;
    finding.kind = NeuroKind::cranial_nerve_palsy;
    adult(s).ice(d(3, 11), 10).neuro(d(3, 11), finding);
}
void mute_and_awake(Story& s) { adult(s).ice(d(3, 11), 0, Consciousness::alert); }
void unarousable(Story& s) { adult(s).ice(d(3, 11), 0, Consciousness::unarousable); }
void ice_missing(Story& s) { level(adult(s), d(3, 11), Consciousness::alert); }

INSTANTIATE_TEST_SUITE_P(
    Seen, PublicErrors,
    testing::ValuesIn(std::to_array<ErrorCase>({
        {"C58_hard_fever_gate_paracetamol", kCrs, hard_fever_gate, masked_by_paracetamol, 2, fever_and_pressors},
        {"C59_hard_fever_gate_tocilizumab", kCrs, hard_fever_gate, masked_by_tocilizumab, 3, fever_and_pressors},
        {"C60_hard_fever_gate_dexamethasone", kCrs, hard_fever_gate, masked_by_dexamethasone, 3, fever_and_pressors},
        {"C63_no_fever_gate_at_all", kCrs, no_fever_gate, never_febrile, 0, fever_and_pressors},
        {"C13_low_dose_pressor_in_grade_2", kCrs, low_dose_pressor_is_grade_2, one_pressor, 3, fever_alone},
        {"C33_high_flow_from_6", kCrs, high_flow_from_6, cannula_6, 2, cannula_4},
        {"C47_bipap_in_grade_3", kCrs, positive_pressure_is_grade_3, on_bipap, 4, cannula_4},
        {"C48_cpap_in_grade_3", kCrs, positive_pressure_is_grade_3, on_cpap, 4, cannula_4},
        {"N36_focal_oedema_as_4", kIcans, icans_with<&IcansReading::focal_oedema, 4>, focal_oedema, 3, ice_8},
        {"N37_diffuse_oedema_as_5", kIcans, icans_with<&IcansReading::diffuse_oedema, 5>, diffuse_oedema, 4, ice_8},
        {"N40_posturing_as_5", kIcans, icans_with<&IcansReading::posturing, 5>, posturing, 4, ice_8},
        {"N43_cranial_nerve_palsy_as_4", kIcans, icans_with<&IcansReading::cranial_nerve_palsy, 4>, facial_palsy, 0,
         ice_8},
        {"N07_ice_0_always_4", kIcans, icans_with<&IcansReading::ice_0_awake, 4>, mute_and_awake, 3, unarousable},
        {"N08_ice_0_always_3", kIcans, icans_with<&IcansReading::ice_0_unarousable, 3>, unarousable, 4, mute_and_awake},
        {"N22_missing_ice_is_10", kIcans, missing_ice_is_10, ice_missing, kNone, ice_8},
    })),
    CaseName{});

// ---- laboratory scales

struct Count {
    Quantity anc;  // 10*9/L
    std::optional<Quantity> lower_limit;
};
Grade limits_from(Quantity anc, Quantity normal, Quantity grade_2) {
    if (anc < thousandths(500)) return 4;
    if (anc < whole(1)) return 3;
    if (anc < grade_2) return 2;
    return anc < normal ? 1 : 0;
}
Grade normal_hard_coded_as_2000(const Count& count) { return limits_from(count.anc, whole(2), thousandths(1500)); }
Grade grade_1_at_most_1500(const Count& count) {
    if (count.anc >= whole(1) && count.anc <= thousandths(1500)) return 2;
    return limits_from(count.anc, count.lower_limit.value_or(whole(2)), thousandths(1500));
}
Grade missing_limit_is_normal(const Count& count) {
    return count.lower_limit ? limits_from(count.anc, *count.lower_limit, thousandths(1500)) : Grade{0};
}
// "A value above 50 must be per microlitre."
Grade unit_by_magnitude(const Count& count) {
    const Quantity anc = count.anc > whole(50) ? Quantity{count.anc.micro / 1000} : count.anc;
    return limits_from(anc, count.lower_limit.value_or(whole(2)), thousandths(1500));
}

struct LabErrorCase {
    const char* name;
    Grade (*as_written)(const Count&);
    Count vector;
    Grade expected;
    Count ordinary;
};
class PublicLabErrors : public testing::TestWithParam<LabErrorCase> {};

Grade ours(const Count& count) {
    LabValue value;
    value.value = count.anc;
    value.reference_low = count.lower_limit;
    return grade_lab(LabTerm::neutrophil_count_decreased, CtcaeVersion::v5_0, value).grade;
}
TEST_P(PublicLabErrors, are_told_apart_by_their_vector) {
    const LabErrorCase& c = GetParam();
    EXPECT_EQ(ours(c.vector), c.expected);
    EXPECT_NE(c.as_written(c.vector), c.expected);
    EXPECT_EQ(c.as_written(c.ordinary), ours(c.ordinary));
}
INSTANTIATE_TEST_SUITE_P(
    Seen, PublicLabErrors,
    testing::ValuesIn(std::to_array<LabErrorCase>({
        {"T23_normal_hard_coded",
         normal_hard_coded_as_2000,
         {thousandths(1900), thousandths(1800)},
         0,
         {thousandths(400), thousandths(1800)}},
        {"one_and_a_half_is_grade_1",
         grade_1_at_most_1500,
         {thousandths(1500), whole(2)},
         1,
         {thousandths(1600), whole(2)}},
        {"T16_missing_limit_is_normal",
         missing_limit_is_normal,
         {thousandths(1700), std::nullopt},
         kNone,
         {thousandths(1700), whole(2)}},
        {"unit_guessed_from_magnitude", unit_by_magnitude, {whole(60), whole(2)}, 0, {thousandths(700), whole(2)}},
    })),
    CaseName{});

// ---- CAR-HEMATOTOX

using Items = std::array<std::optional<ItemValue>, kHematotoxItems>;
Items items_of(std::int64_t platelets, Quantity neutrophils, std::int64_t haemoglobin, std::int64_t crp,
               std::int64_t ferritin) {
    return {ItemValue{whole(platelets)}, ItemValue{neutrophils}, ItemValue{whole(haemoglobin)}, ItemValue{whole(crp)},
            ItemValue{whole(ferritin)}};
}
// Every item with up to two points: a score of 0 to 10.
int score_of_ten(const Items& items) {
    const auto points = [&](HematotoxItem item) {
        const std::int32_t most = points_of(item, items[static_cast<std::size_t>(item)]).most;
        const bool of_one =
            item == HematotoxItem::neutrophils || item == HematotoxItem::haemoglobin || item == HematotoxItem::crp;
        return of_one ? 2 * most : most;
    };
    return points(HematotoxItem::platelets) + points(HematotoxItem::neutrophils) + points(HematotoxItem::haemoglobin) +
           points(HematotoxItem::crp) + points(HematotoxItem::ferritin);
}
bool high_from_3(Grade score) { return score >= 3; }

TEST(PublicHematotoxErrors, T05_is_7_of_7_and_not_10) {
    const Items vector = items_of(40, thousandths(400), 78, 95, 3200);
    EXPECT_EQ(car_hematotox(vector).grade, 7);
    EXPECT_NE(score_of_ten(vector), 7);
    const Items ordinary = items_of(220, thousandths(3400), 124, 8, 180);
    EXPECT_EQ(score_of_ten(ordinary), car_hematotox(ordinary).grade);
}
TEST(PublicHematotoxErrors, T07_is_2_and_high) {
    const Grade score = car_hematotox(items_of(175, thousandths(3400), 124, 8, 650)).grade;
    EXPECT_EQ(score, 2);
    EXPECT_TRUE(is_high_risk(score));
    EXPECT_NE(high_from_3(score), is_high_risk(score));
    EXPECT_EQ(high_from_3(7), is_high_risk(7));
}

// Membership in a list of whole numbers (101, 102, ..., 500) instead of a comparison: what lies between is in no list.
Grade late_by_integer_ranges(const std::vector<double>& per_microlitre) {
    const double lowest = *std::min_element(per_microlitre.begin(), per_microlitre.end());
    const auto in_list = [&](int first, int last) {
        for (int listed = first; listed <= last; ++listed) {
            if (lowest == listed) return true;
        }
        return false;
    };
    if (in_list(0, 100)) return 4;
    if (in_list(101, 500)) return 3;
    if (in_list(501, 1000)) return 2;
    return in_list(1001, 1500) ? 1 : 0;
}
TEST(PublicIcahtErrors, integer_ranges_let_450_5_fall_through) {
    const auto graded = [](Quantity day_45, Quantity day_50) {
        DayLows lows;
        lows.note(45, day_45);
        lows.note(50, day_50);
        return grade_late_icaht(lows, 100).grade;
    };
    EXPECT_EQ(graded(Quantity{450'500}, thousandths(460)), 3);
    EXPECT_NE(late_by_integer_ranges({450.5, 460}), 3);
    EXPECT_EQ(late_by_integer_ranges({450, 460}), graded(thousandths(450), thousandths(460)));
}

}  // namespace
}  // namespace cellvigil
