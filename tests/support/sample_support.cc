#include "tests/support/sample_support.h"

namespace cellvigil::sample {
namespace {

int below(std::mt19937& random, int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); }
bool often(std::mt19937& random) { return random() % 3 != 0; }

Body pressor(std::mt19937& random) {
    constexpr Agent kAgents[] = {Agent::norepinephrine, Agent::epinephrine,  Agent::phenylephrine,  Agent::dopamine,
                                 Agent::vasopressin,    Agent::terlipressin, Agent::angiotensin_ii, Agent::none};
    Intervention given;
    given.kind = InterventionKind::vasopressor;
    given.agent = kAgents[below(random, 8)];
    given.phase = static_cast<InterventionPhase>(1 + below(random, 4));
    if (often(random)) {
        given.rate = whole(below(random, 30));
        given.rate_unit = often(random) ? "ug/min" : "ug/kg/min";
    }
    return given;
}

Body oxygen(std::mt19937& random) {
    Intervention given;
    given.kind = below(random, 8) == 0 ? InterventionKind::ecmo : InterventionKind::oxygen;
    given.phase = below(random, 4) == 0 ? InterventionPhase::stop : InterventionPhase::start;
    given.device = static_cast<OxygenDevice>(below(random, 12));
    given.indication = static_cast<Indication>(below(random, 15));
    if (often(random)) given.flow_l_min = whole(1 + below(random, 12));
    if (often(random)) given.fio2 = hundredths(21 + below(random, 80));
    return given;
}

Body measured(std::mt19937& random) {
    constexpr Analyte kAnalytes[] = {Analyte::alt,         Analyte::ast,  Analyte::bilirubin,
                                     Analyte::creatinine,  Analyte::fio2, Analyte::weight,
                                     Analyte::csf_opening, Analyte::pao2, Analyte::mean_arterial};
    Observation said;
    said.analyte = kAnalytes[below(random, 9)];
    said.status = ResultStatus::final;
    said.value = said.analyte == Analyte::fio2 ? hundredths(21 + below(random, 80)) : whole(10 + below(random, 700));
    if (said.analyte == Analyte::csf_opening) said.value = whole(5 + below(random, 25));
    if (said.analyte == Analyte::mean_arterial || said.analyte == Analyte::pao2)
        said.value = whole(45 + below(random, 40));
    if (often(random)) said.reference_high = whole(40);
    return said;
}

Body treatment(std::mt19937& random) {
    constexpr InterventionKind kKinds[] = {InterventionKind::dialysis,    InterventionKind::transfusion,
                                           InterventionKind::fluid_bolus, InterventionKind::hospital_stay,
                                           InterventionKind::icu_stay,    InterventionKind::drug};
    Intervention given;
    given.kind = kKinds[below(random, 6)];
    given.phase = static_cast<InterventionPhase>(below(random, 5));
    given.indication = static_cast<Indication>(below(random, 15));
    given.product = static_cast<BloodProduct>(below(random, 6));
    given.treatment = often(random);
    given.route = often(random) ? Route::intravenous : Route::oral;
    if (often(random)) given.volume_ml = whole(100 * below(random, 8));
    return given;
}

Body verdict(std::mt19937& random) {
    constexpr Scale kScales[] = {Scale::lee_2014, Scale::penn, Scale::ctcae_5_0, Scale::ctcae_6_0, Scale::cartox_cres};
    Adjudication said;
    said.scale = kScales[below(random, 5)];
    said.component = static_cast<Component>(below(random, kComponents));
    said.verdict = often(random) ? Verdict::other_cause : Verdict::due_to_therapy;
    return said;
}

Body neurology(std::mt19937& random) {
    if (below(random, 3) == 0) {
        IceAssessment said;
        said.orientation = static_cast<std::uint32_t>(below(random, 5));
        said.naming = static_cast<std::uint32_t>(below(random, 4));
        said.writing = static_cast<std::uint32_t>(below(random, 2));
        said.attention = static_cast<std::uint32_t>(below(random, 2));
        if (often(random)) said.head_of_government = static_cast<std::uint32_t>(below(random, 2));
        said.consciousness = static_cast<Consciousness>(below(random, 7));
        return said;
    }
    NeuroFinding found;
    found.kind = static_cast<NeuroKind>(below(random, 22));
    if (often(random)) found.present = often(random);
    if (often(random)) found.duration_seconds = static_cast<std::uint32_t>(below(random, 7) * 100);
    if (often(random)) found.returned_to_baseline = often(random);
    found.seizure_type = static_cast<SeizureType>(below(random, 3));
    if (often(random)) found.papilloedema_stage = static_cast<std::uint32_t>(1 + below(random, 5));
    if (often(random)) found.csf_opening = whole(10 + below(random, 20));
    return found;
}

}  // namespace

Body some_support(std::mt19937& random) {
    switch (below(random, 8)) {
        case 0:
        case 1:
            return pressor(random);
        case 2:
            return oxygen(random);
        case 3:
        case 4:
            return measured(random);
        case 5:
            return treatment(random);
        case 6:
            return verdict(random);
        default:
            return neurology(random);
    }
}

}  // namespace cellvigil::sample
