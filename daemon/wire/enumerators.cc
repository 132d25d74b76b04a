#include "daemon/wire/enumerators.h"

#include <array>

#include "cellvigil/v1/alert.pb.h"
#include "cellvigil/v1/envelope.pb.h"

namespace cellvigil::wire {
namespace {

// Where both sides share their numbers, the last ones are the same.
template <typename Enum>
constexpr bool ends_with(int contract_max, Enum last) {
    return contract_max == static_cast<int>(last);
}
static_assert(ends_with(v1::RecordAction_MAX, 3) && ends_with(v1::DataOrigin_MAX, 5) &&
              ends_with(v1::TimePrecision_MAX, 5));
static_assert(ends_with(v1::Comparator_MAX, Comparator::greater) &&
              ends_with(v1::ResultStatus_MAX, ResultStatus::cancelled));
static_assert(ends_with(v1::Consciousness_MAX, Consciousness::alert));
static_assert(ends_with(v1::UnassessableReason_MAX, Unassessable::intubated));
static_assert(ends_with(v1::NeuroKind_MAX, NeuroKind::other) && ends_with(v1::WeaknessDepth_MAX, WeaknessDepth::deep));
static_assert(ends_with(v1::SeizureType_MAX, SeizureType::generalised));
static_assert(ends_with(v1::InterventionKind_MAX, InterventionKind::anaesthesia));
static_assert(ends_with(v1::InterventionPhase_MAX, InterventionPhase::single));
static_assert(ends_with(v1::Indication_MAX, Indication::hypoxia) && ends_with(v1::Route_MAX, Route::other));
static_assert(ends_with(v1::BloodProduct_MAX, BloodProduct::fibrinogen) && ends_with(v1::Sex_MAX, Sex::unknown));
static_assert(ends_with(v1::AdverseEventCategory_MAX, AdverseEventCategory::t_cell_malignancy));
static_assert(ends_with(v1::Outcome_MAX, Outcome::unknown) && ends_with(v1::AssessorRole_MAX, AssessorRole::committee));
static_assert(ends_with(v1::Relatedness_MAX, Relatedness::definite));
static_assert(ends_with(v1::PathogenClass_MAX, PathogenClass::unknown) && ends_with(v1::Organism_MAX, Organism::other));
static_assert(ends_with(v1::Certainty_MAX, Certainty::refuted) && ends_with(v1::Verdict_MAX, Verdict::value_rejected));
static_assert(ends_with(v1::ResponseCategory_MAX, Response::not_evaluable));
static_assert(ends_with(v1::SubsequentTherapyKind_MAX, SubsequentTherapyKind::t_cell_engager));
static_assert(ends_with(v1::TherapyIntent_MAX, TherapyIntent::other));
static_assert(ends_with(v1::ContactStatus_MAX, ContactStatus::completed));
static_assert(ends_with(v1::SurveillanceDomain_MAX, SurveillanceDomain::laboratory));
static_assert(ends_with(v1::ConsentScope_MAX, ConsentScope::resumed) && ends_with(v1::Component_MAX, Component::organ));
static_assert(ends_with(v1::ZosterClass_MAX, ZosterClass::cns_or_visceral));

template <typename Enum>
struct Pair {
    int number;
    Enum value;
};

constexpr auto kDevices = std::to_array<Pair<OxygenDevice>>({
    {v1::OXYGEN_DEVICE_UNSPECIFIED, OxygenDevice::unspecified},
    {v1::OXYGEN_DEVICE_ROOM_AIR, OxygenDevice::room_air},
    {v1::OXYGEN_DEVICE_NASAL_CANNULA, OxygenDevice::nasal_cannula},
    {v1::OXYGEN_DEVICE_BLOW_BY, OxygenDevice::blow_by},
    {v1::OXYGEN_DEVICE_HIGH_FLOW_NASAL, OxygenDevice::high_flow_nasal},
    {v1::OXYGEN_DEVICE_FACE_MASK, OxygenDevice::face_mask},
    {v1::OXYGEN_DEVICE_VENTURI, OxygenDevice::venturi},
    {v1::OXYGEN_DEVICE_NON_REBREATHER, OxygenDevice::non_rebreather},
    {v1::OXYGEN_DEVICE_CPAP, OxygenDevice::cpap},
    {v1::OXYGEN_DEVICE_BIPAP, OxygenDevice::bipap},
    {v1::OXYGEN_DEVICE_INVASIVE_VENTILATION, OxygenDevice::invasive_ventilation},
    {v1::OXYGEN_DEVICE_PARTIAL_REBREATHER, OxygenDevice::partial_rebreather},
});
static_assert(kDevices.size() == static_cast<std::size_t>(OxygenDevice::invasive_ventilation) + 1);
static_assert(kDevices.size() == v1::OxygenDevice_ARRAYSIZE);

constexpr auto kCauses = std::to_array<Pair<DeathCause>>({
    {v1::DEATH_CAUSE_UNSPECIFIED, DeathCause::unspecified},
    {v1::DEATH_CAUSE_DISEASE, DeathCause::disease},
    {v1::DEATH_CAUSE_INFECTION, DeathCause::infection},
    {v1::DEATH_CAUSE_CRS, DeathCause::crs},
    {v1::DEATH_CAUSE_NEUROTOXICITY_OTHER, DeathCause::neurotoxicity_other},
    {v1::DEATH_CAUSE_IEC_HS, DeathCause::iec_hs},
    {v1::DEATH_CAUSE_SECOND_MALIGNANCY, DeathCause::second_malignancy},
    {v1::DEATH_CAUSE_OTHER_TOXICITY, DeathCause::other_toxicity},
    {v1::DEATH_CAUSE_OTHER, DeathCause::other},
    {v1::DEATH_CAUSE_UNKNOWN, DeathCause::unknown},
    {v1::DEATH_CAUSE_ICANS, DeathCause::icans},
});
static_assert(kCauses.size() == static_cast<std::size_t>(DeathCause::unknown) + 1);
static_assert(kCauses.size() == v1::DeathCause_ARRAYSIZE);

constexpr auto kScales = std::to_array<Pair<Scale>>({
    {v1::GRADING_SYSTEM_UNSPECIFIED, Scale::unspecified},
    {v1::GRADING_SYSTEM_CTCAE_V5, Scale::ctcae_5_0},
    {v1::GRADING_SYSTEM_CTCAE_V6, Scale::ctcae_6_0},
    {v1::GRADING_SYSTEM_LEE_2014, Scale::lee_2014},
    {v1::GRADING_SYSTEM_PENN, Scale::penn},
    {v1::GRADING_SYSTEM_EHA_EBMT_ICAHT, Scale::icaht_early},
    {v1::GRADING_SYSTEM_EHA_EBMT_ICAHT_LATE, Scale::icaht_late},
    {v1::GRADING_SYSTEM_T_ICAHT, Scale::t_icaht},
    {v1::GRADING_SYSTEM_CTCAE_V4_03, Scale::ctcae_4_03},
    {v1::GRADING_SYSTEM_CARTOX_CRS, Scale::cartox_crs},
    {v1::GRADING_SYSTEM_CARTOX_CRES, Scale::cartox_cres},
    {v1::GRADING_SYSTEM_IEC_HS_2023, Scale::iec_hs_2023},
    {v1::GRADING_SYSTEM_LICATS_2025, Scale::licats_2025},
    {v1::GRADING_SYSTEM_MSKCC, Scale::mskcc},
    {v1::GRADING_SYSTEM_BMT_CTN, Scale::bmt_ctn},
    {v1::GRADING_SYSTEM_CAR_HEMATOTOX, Scale::car_hematotox},
    {v1::GRADING_SYSTEM_ASTCT_CRS_2019, Scale::astct_crs_2019},
    {v1::GRADING_SYSTEM_ASTCT_ICANS_2019, Scale::astct_icans_2019},
});
static_assert(kScales.size() == static_cast<std::size_t>(Scale::unspecified) + 1);
static_assert(kScales.size() + 1 == v1::GradingSystem_ARRAYSIZE);  // ASTCT_2019 depends on the report

template <typename Enum, std::size_t N>
Enum value_in(const std::array<Pair<Enum>, N>& pairs, int number, bool& unknown) {
    for (const auto& pair : pairs) {
        if (pair.number == number) return pair.value;
    }
    unknown = true;
    return pairs.front().value;
}
template <typename Enum, std::size_t N>
int number_in(const std::array<Pair<Enum>, N>& pairs, Enum value) {
    for (const auto& pair : pairs) {
        if (pair.value == value) return pair.number;
    }
    return 0;
}

}  // namespace

OxygenDevice oxygen_device(int number, bool& unknown) { return value_in(kDevices, number, unknown); }
int number_of(OxygenDevice device) { return number_in(kDevices, device); }
DeathCause death_cause(int number, bool& unknown) { return value_in(kCauses, number, unknown); }
int number_of(DeathCause cause) { return number_in(kCauses, cause); }

Scale scale(int number, AdverseEventCategory category, bool& unknown) {
    if (number == v1::GRADING_SYSTEM_ASTCT_2019) {
        return category == AdverseEventCategory::icans ? Scale::astct_icans_2019 : Scale::astct_crs_2019;
    }
    return value_in(kScales, number, unknown);
}
int number_of(Scale scale) { return number_in(kScales, scale); }

}  // namespace cellvigil::wire
