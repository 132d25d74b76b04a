// What a message says, in the domain's own values: canonical units, enumerators instead of codes, nothing judged. The
// wire contract (proto/cellvigil/v1) has the same kinds; daemon/wire goes from one to the other. Unknown is nullopt or
// the enumerator `unspecified`, never 0. Pure values.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rules/base/quantity.h"
#include "rules/base/time.h"
#include "rules/event/agent.h"
#include "rules/event/analyte.h"

namespace cellvigil {

// A code as sent: the system's URI, the code, the text shown. Kept for people and for user-supplied mappings.
struct Coding {
    std::string system;
    std::string code;
    std::string display;
    bool operator==(const Coding&) const = default;
};

// clang-format off
enum class Sex : std::uint8_t { unspecified, male, female, other, unknown };

struct Enrollment {
    Coding indication;
    std::optional<std::uint32_t> age_years;         // at infusion
    std::optional<std::uint32_t> age_days;          // at infusion, for under-18s
    Sex sex = Sex::unspecified;
    Coding planned_product;
    std::optional<bool> prior_transplant;
    std::optional<bool> prior_zoster;
    std::optional<bool> zoster_vaccinated;
    std::optional<bool> antiviral_prophylaxis;
    std::optional<bool> developmental_delay;        // then CAPD at any age
    std::optional<Quantity> weight_kg;
    std::optional<std::uint32_t> baseline_ice;      // 0..10
    std::optional<std::uint32_t> baseline_capd;     // 0..32
    std::string dose_level;
    bool operator==(const Enrollment&) const = default;
};

struct Infusion {
    Coding product;
    std::uint32_t number = 1;
    std::optional<Quantity> dose;                   // cells in millions, or per kg: see dose_per_kg
    bool dose_per_kg = false;
    std::string lot;                                // pseudonym
    std::optional<EffectiveTime> lymphodepletion_start;
    std::optional<Quantity> weight_kg;
    std::optional<bool> out_of_specification;
    Coding target;
    Coding costimulatory_domain;
    bool operator==(const Infusion&) const = default;
};

enum class Comparator : std::uint8_t { unspecified, less, less_or_equal, greater_or_equal, greater };
enum class ResultStatus : std::uint8_t { unspecified, preliminary, final, not_done, cancelled };

// The hot kind. `value` is canonical; absent when not done, not a number, or not usable for grading (flags say why).
struct Observation {
    Analyte analyte = Analyte::other;
    Comparator comparator = Comparator::unspecified;
    ResultStatus status = ResultStatus::unspecified;
    bool in_mmol_per_litre = false;                 // haemoglobin as sent: graded by the mmol/L limits, value_as_sent holds it
    std::optional<Quantity> value;
    std::optional<Quantity> value_as_sent;          // only where the unit as sent decides the grade
    std::optional<bool> truth;                      // boolean results
    std::optional<Quantity> reference_low;          // canonical unit
    std::optional<Quantity> reference_high;
    std::string code;                               // as sent; empty when the analyte says it all
    std::string text;                               // text or coded results
    std::string panel;                              // ties systolic, diastolic and mean of one reading
    bool operator==(const Observation&) const = default;
};

enum class Consciousness : std::uint8_t {
    unspecified,
    spontaneous,   // awakens spontaneously
    to_voice,
    to_tactile,
    unarousable,   // or vigorous, repetitive stimuli needed; stupor, coma
    asleep,        // natural sleep, not tested
    alert,         // fully awake
};
enum class Unassessable : std::uint8_t { unspecified, unarousable, sedated, language, age, refused, other, intubated };

struct IceAssessment {
    std::optional<std::uint32_t> orientation;       // 0..4
    std::optional<std::uint32_t> naming;            // 0..3
    std::optional<std::uint32_t> commands;          // 0..1
    std::optional<std::uint32_t> writing;           // 0..1
    std::optional<std::uint32_t> attention;         // 0..1
    std::optional<std::uint32_t> total;             // 0..10
    std::optional<std::uint32_t> capd_total;        // 0..32
    std::optional<std::uint32_t> capd_items_answered;  // 0..8
    Consciousness consciousness = Consciousness::unspecified;
    Unassessable unassessable = Unassessable::unspecified;
    std::optional<std::int32_t> rass;               // -5..4
    bool baseline = false;                          // the documented pre-infusion assessment
    bool implausible = false;                       // out of range as sent: kept as evidence, not usable
    std::optional<std::uint32_t> head_of_government;  // CARTOX-10's fifth orientation item, 0..1
    bool operator==(const IceAssessment&) const = default;
};

enum class NeuroKind : std::uint8_t {
    unspecified, seizure, eeg_nonconvulsive_seizure, focal_motor_weakness, focal_oedema_imaging, diffuse_oedema_imaging,
    posturing, sixth_nerve_palsy, papilloedema, cushing_triad, aphasia, tremor, hallucination, stroke, parkinsonism,
    cranial_nerve_palsy, haemorrhage, myoclonus, raised_csf_pressure, headache, personality_or_memory_change, other,
};
enum class WeaknessDepth : std::uint8_t { unspecified, mild, deep };           // deep: hemiparesis, paraparesis
enum class SeizureType : std::uint8_t { unspecified, focal, generalised };

struct NeuroFinding {
    NeuroKind kind = NeuroKind::unspecified;
    std::optional<bool> present;                    // nullopt reads as present
    std::optional<std::uint32_t> duration_seconds;
    std::optional<bool> returned_to_baseline;
    std::optional<bool> repetitive;
    std::optional<bool> other_cause;                // adds alt_cause_suspected, no more
    WeaknessDepth depth = WeaknessDepth::unspecified;
    SeizureType seizure_type = SeizureType::unspecified;
    std::optional<std::uint32_t> papilloedema_stage;  // 1..5
    std::optional<Quantity> csf_opening;            // mm[Hg]
    bool operator==(const NeuroFinding&) const = default;
};

enum class InterventionKind : std::uint8_t {
    unspecified, oxygen, vasopressor, fluid_bolus, drug, immunoglobulin, transfusion, dialysis, icu_stay, hospital_stay,
    vaccination, ecmo, growth_factor, anaesthesia,
};
enum class InterventionPhase : std::uint8_t { unspecified, start, change, stop, single };
enum class OxygenDevice : std::uint8_t {
    unspecified, room_air, nasal_cannula, blow_by, high_flow_nasal, face_mask, venturi, non_rebreather, partial_rebreather,
    cpap, bipap, invasive_ventilation,
};
enum class Indication : std::uint8_t {
    unspecified, crs, icans, iec_hs, infection, prophylaxis, other, hypotension, comfort, airway, procedure, baseline,
    fever, seizure, hypoxia,
};
enum class BloodProduct : std::uint8_t { unspecified, red_cells, platelets, plasma, cryoprecipitate, fibrinogen };
enum class Route : std::uint8_t { unspecified, intravenous, oral, subcutaneous, intramuscular, topical, inhaled, other };

struct Intervention {
    InterventionKind kind = InterventionKind::unspecified;
    InterventionPhase phase = InterventionPhase::unspecified;
    Indication indication = Indication::unspecified;
    OxygenDevice device = OxygenDevice::unspecified;
    std::optional<Quantity> flow_l_min;
    std::optional<Quantity> fio2;                   // fraction
    Agent agent = Agent::none;
    Route route = Route::unspecified;
    bool by_infusion = false;                       // continuous, as opposed to a push dose
    bool push_dose = false;
    bool physiological = false;                     // replacement dose of hydrocortisone
    bool baseline = false;                          // documented before infusion: home oxygen, CPAP for sleep apnoea
    bool nocturnal_only = false;                    // CPAP or BiPAP for sleep
    bool treatment = false;                         // antimicrobial course given to treat, not to prevent
    BloodProduct product = BloodProduct::unspecified;
    std::optional<Quantity> volume_ml;
    std::optional<Quantity> duration_min;           // over which a bolus ran
    std::optional<Quantity> rate;                   // in rate_unit; 0 stops a pressor
    std::string rate_unit;                          // ug/kg/min, ug/min, [iU]/min
    std::optional<Quantity> dose;
    std::string dose_unit;
    std::string agent_code;                         // as sent, where agent is `other`
    std::string course;                             // pairs START with STOP
    std::string policy;                             // prophylaxis policy this course follows
    bool operator==(const Intervention&) const = default;
};

enum class Scale : std::uint8_t {
    astct_crs_2019, astct_icans_2019, icaht_early, icaht_late, t_icaht, ctcae_5_0, ctcae_6_0, lee_2014, penn, ctcae_4_03,
    cartox_crs, cartox_cres, iec_hs_2023, licats_2025, mskcc, bmt_ctn, car_hematotox,
    unspecified,
};

enum class AdverseEventCategory : std::uint8_t {
    unspecified, crs, icans, iec_hs, cytopenia, infection, hypogammaglobulinaemia, second_malignancy, cardiac, neuro_other,
    other, licats, enterocolitis, t_cell_malignancy,
};
enum class Outcome : std::uint8_t {
    unspecified, recovered, recovering, not_recovered, recovered_with_sequelae, fatal, unknown,
};
enum class AssessorRole : std::uint8_t { unspecified, investigator, sponsor, committee };
enum class Relatedness : std::uint8_t { unspecified, not_related, unlikely, possible, probable, definite };

struct Seriousness {
    std::optional<bool> death, life_threatening, hospitalisation, disability, congenital_anomaly, other_important;
    bool operator==(const Seriousness&) const = default;
};
struct SiteGrade {                                  // a grade as the site reports it; never overwritten by ours
    std::uint32_t grade = 0;                        // 0..5
    Scale scale = Scale::unspecified;
    bool operator==(const SiteGrade&) const = default;
};
struct AdverseEvent {
    AdverseEventCategory category = AdverseEventCategory::unspecified;
    std::vector<Coding> codes;
    std::string verbatim;
    std::optional<SiteGrade> reported;
    Seriousness seriousness;
    Outcome outcome = Outcome::unspecified;
    std::array<Relatedness, 4> causality{};         // by AssessorRole; of one that judged twice the strongest
    std::optional<bool> dose_limiting;
    std::optional<bool> expected;
    Relatedness& judged_by(AssessorRole who) { return causality[static_cast<std::size_t>(who)]; }
    Relatedness strongest() const { return *std::max_element(causality.begin(), causality.end()); }
    Relatedness judged_by(AssessorRole who) const { return causality[static_cast<std::size_t>(who)]; }
    bool operator==(const AdverseEvent&) const = default;
};

enum class PathogenClass : std::uint8_t { unspecified, bacterial, viral, fungal, parasitic, unknown };
enum class Organism : std::uint8_t {                // groups of the recurrence table
    unspecified, bacteria, c_difficile, vzv, cmv, hsv, ebv, hhv6, adenovirus, enterovirus, influenza, rsv, parainfluenza,
    rhinovirus, sars_cov_2, bk_virus, yeast, mould, pneumocystis, helicobacter, hbv, other,
};
enum class Certainty : std::uint8_t { unspecified, proven, probable, possible, refuted };
// Severity order: the class of an episode is the highest of its reports.
enum class ZosterClass : std::uint8_t { unspecified, localised, multidermatomal, disseminated, ophthalmic_or_oticus, cns_or_visceral };

struct Zoster {
    std::optional<std::uint32_t> dermatomes;
    std::optional<bool> non_contiguous;             // two or more non-adjacent dermatomes
    std::optional<std::uint32_t> outside_lesions;   // vesicles beyond the primary and adjacent dermatomes
    std::optional<bool> disseminated, ophthalmic, oticus, cns, visceral, postherpetic_neuralgia, sine_herpete;
    bool operator==(const Zoster&) const = default;
};
struct Infection {
    PathogenClass pathogen = PathogenClass::unspecified;
    Organism organism = Organism::unspecified;
    Coding organism_code;
    Coding site;
    Certainty certainty = Certainty::unspecified;
    std::vector<SiteGrade> severities;
    std::optional<bool> on_prophylaxis, hospitalised, viraemia_only;
    std::vector<Route> treatment_routes;
    std::optional<Zoster> zoster;
    Outcome outcome = Outcome::unspecified;
    std::string linked_record;                      // the episode this one belongs to, when the site says so
    Seriousness seriousness;
    bool operator==(const Infection&) const = default;
};

enum class Response : std::uint8_t { unspecified, complete, partial, stable, progressive, relapse, not_evaluable };
struct DiseaseStatus {
    Response response = Response::unspecified;
    Coding criteria;
    std::optional<bool> mrd_negative;
    bool operator==(const DiseaseStatus&) const = default;
};

enum class SubsequentTherapyKind : std::uint8_t {
    unspecified, allogeneic_hct, autologous_hct, cell_therapy, systemic, radiotherapy, checkpoint_inhibitor, t_cell_engager,
};
enum class TherapyIntent : std::uint8_t { unspecified, anti_lymphoma, consolidation, other };
struct SubsequentTherapy {
    SubsequentTherapyKind kind = SubsequentTherapyKind::unspecified;
    Coding agent;
    TherapyIntent intent = TherapyIntent::unspecified;
    bool operator==(const SubsequentTherapy&) const = default;
};

enum class DeathCause : std::uint8_t {
    unspecified, disease, infection, crs, icans, neurotoxicity_other, iec_hs, second_malignancy, other_toxicity, other, unknown,
};
struct Death {
    DeathCause principal = DeathCause::unspecified;
    std::vector<DeathCause> contributing;
    std::vector<Coding> codes;
    std::optional<bool> autopsy;
    Relatedness relatedness = Relatedness::unspecified;
    bool operator==(const Death&) const = default;
};

enum class ContactStatus : std::uint8_t { unspecified, alive, not_reached, lost_to_follow_up, transferred, completed };
enum class SurveillanceDomain : std::uint8_t {
    unspecified, all, infection, neuro, haematology, malignancy, medication, laboratory,
};
struct Surveillance {
    SurveillanceDomain domain = SurveillanceDomain::unspecified;
    EffectiveTime complete_through;
    bool operator==(const Surveillance&) const = default;
};
struct Contact {
    ContactStatus status = ContactStatus::unspecified;
    std::vector<Surveillance> surveillance;
    bool operator==(const Contact&) const = default;
};

enum class ConsentScope : std::uint8_t { unspecified, stop_treatment, stop_collection, erase, resumed };
struct ConsentChange {
    ConsentScope scope = ConsentScope::unspecified;
    bool operator==(const ConsentChange&) const = default;
};

struct SiteHeartbeat {
    std::optional<EffectiveTime> data_complete_through;
    std::uint64_t last_producer_sequence = 0;
    std::optional<std::uint32_t> open_queries;
    bool operator==(const SiteHeartbeat&) const = default;
};

// A named clinician's verdict on one component of one assessment. It holds for [effective.from, effective_end): with no end,
// until the component is absent again or the episode ends (HOUSE).
enum class Component : std::uint8_t {
    none, fever, hypotension, hypoxia,                       // CRS
    ice, capd, consciousness, seizure, motor, raised_icp,    // ICANS
    death, whole,                                            // whole: every component of the scale
    neutrophils, platelets, haemoglobin, leukocytes, lymphocytes, organ,  // laboratory scales
};
inline constexpr int kComponents = static_cast<int>(Component::organ) + 1;
enum class Verdict : std::uint8_t {
    unspecified, due_to_therapy, other_cause, undetermined,
    value_confirmed, value_rejected,                // on a single value: judged_record
};
inline bool is_on_value(Verdict verdict) {
    return verdict == Verdict::value_confirmed || verdict == Verdict::value_rejected;
}
struct Adjudication {
    Scale scale = Scale::unspecified;
    Component component = Component::none;
    Verdict verdict = Verdict::unspecified;
    std::string other_cause;                        // what else, in words
    std::string clinician;                          // who: an id known to the deployment
    std::string role;
    std::string reason;
    std::optional<Instant> signed_at;
    std::string assessment_id;                      // the assessment judged, when one is meant
    std::string judged_record;                      // "source/record" of the value judged; with value_* only
    bool operator==(const Adjudication&) const = default;
};

struct Retraction {
    bool operator==(const Retraction&) const = default;
};

using Body = std::variant<Observation, IceAssessment, NeuroFinding, Intervention, Enrollment, Infusion, AdverseEvent, Infection,
                          DiseaseStatus, SubsequentTherapy, Death, Contact, ConsentChange, SiteHeartbeat, Adjudication,
                          Retraction>;

// The kinds in the order of Body's alternatives.
enum class FactKind : std::uint8_t {
    observation, ice_assessment, neuro_finding, intervention, enrollment, infusion, adverse_event, infection, disease_status,
    subsequent_therapy, death, contact, consent_change, site_heartbeat, adjudication, retraction,
};
inline FactKind kind_of(const Body& body) { return static_cast<FactKind>(body.index()); }
const char* name_of(FactKind kind);                 // the payload's name on the wire: "observation", "ice_assessment", ...
// clang-format on

}  // namespace cellvigil
