#include "tests/rules/timeline/some_subject.h"

#include <algorithm>
#include <random>
#include <string>

#include "rules/base/hash.h"
#include "tests/support/sample_support.h"

namespace cellvigil {
namespace {

using story::d;
using story::Told;

constexpr Agent kDrugs[] = {Agent::norepinephrine, Agent::epinephrine, Agent::vasopressin,   Agent::dobutamine,
                            Agent::paracetamol,    Agent::tocilizumab, Agent::dexamethasone, Agent::propofol};
constexpr OxygenDevice kDevices[] = {OxygenDevice::nasal_cannula, OxygenDevice::face_mask, OxygenDevice::cpap,
                                     OxygenDevice::invasive_ventilation, OxygenDevice::room_air};

template <typename T, std::size_t n>
T pick(const T (&from)[n], std::mt19937& random) {
    return from[random() % n];
}

Observation measured(Analyte analyte, Quantity value) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = value;
    return said;
}

// Counts around the limits of their scales, some with a range of the laboratory or only a bound.
Body some_count(std::mt19937& random) {
    constexpr std::pair<Analyte, int> kCounts[] = {
        {Analyte::neutrophils, 2500},  {Analyte::platelets, 120'000}, {Analyte::haemoglobin, 120'000},
        {Analyte::leukocytes, 5000},   {Analyte::lymphocytes, 1500},  {Analyte::cd4, 600},
        {Analyte::cd19, 60},           {Analyte::igg, 8000},          {Analyte::crp, 60'000},
        {Analyte::ferritin, 3'000'000}};
    const auto& [analyte, most] = pick(kCounts, random);
    Observation said = measured(analyte, thousandths(static_cast<int>(random() % static_cast<unsigned>(most))));
    if (random() % 3 == 0) said.reference_low = thousandths(most);
    if (random() % 8 == 0) said.comparator = static_cast<Comparator>(random() % 5);
    return said;
}

Body some_support(std::mt19937& random) {
    constexpr Agent kAgents[] = {Agent::filgrastim, Agent::pegfilgrastim, Agent::eltrombopag, Agent::immunoglobulin_iv,
                                 Agent::fludarabine};
    Intervention given;
    given.kind = random() % 2 == 0 ? InterventionKind::transfusion : InterventionKind::growth_factor;
    given.phase = static_cast<InterventionPhase>(1 + random() % 4);
    if (given.kind == InterventionKind::transfusion) {
        given.product = random() % 2 == 0 ? BloodProduct::red_cells : BloodProduct::platelets;
    } else {
        given.agent = pick(kAgents, random);
    }
    return given;
}

Body some_turn(std::mt19937& random) {
    if (random() % 3 == 0) return DiseaseStatus{static_cast<Response>(random() % 7), {}, std::nullopt};
    if (random() % 2 == 0) return Contact{static_cast<ContactStatus>(random() % 6), {}};
    SubsequentTherapy next;
    next.kind = SubsequentTherapyKind::systemic;
    return next;
}

// Values that may not fit with each other: units a thousand apart, parts above the whole, pressures the wrong way
// round.
Body some_lab(std::mt19937& random) {
    constexpr Analyte kLabs[] = {Analyte::neutrophils, Analyte::lymphocytes, Analyte::leukocytes, Analyte::platelets,
                                 Analyte::haemoglobin, Analyte::crp,         Analyte::diastolic,  Analyte::il6};
    constexpr int kScales[] = {1, 10, 1000};
    Observation said =
        measured(pick(kLabs, random), thousandths(static_cast<int>(random() % 9000) * pick(kScales, random)));
    if (random() % 6 == 0) said.comparator = static_cast<Comparator>(1 + random() % 4);
    if (random() % 3 == 0) said.panel = random() % 2 == 0 ? "p1" : "p2";
    return said;
}

Body value_verdict(std::mt19937& random) {
    Adjudication verdict;
    verdict.verdict = random() % 2 == 0 ? Verdict::value_confirmed : Verdict::value_rejected;
    verdict.judged_record = "ehr/r" + std::to_string(1000 + random() % 60);
    return verdict;
}

constexpr Analyte kSuspectLabs[] = {Analyte::ferritin,  Analyte::alt,     Analyte::ast,   Analyte::fibrinogen,
                                    Analyte::platelets, Analyte::hbv_dna, Analyte::hbsag, Analyte::anti_hbc};
constexpr Agent kAntimicrobials[] = {Agent::aciclovir,     Agent::valaciclovir, Agent::ganciclovir,
                                     Agent::entecavir,     Agent::levofloxacin, Agent::immunoglobulin_iv,
                                     Agent::cotrimoxazole, Agent::pentamidine};
constexpr Scale kReportedScales[] = {Scale::astct_crs_2019, Scale::astct_icans_2019, Scale::ctcae_5_0,
                                     Scale::ctcae_6_0,      Scale::iec_hs_2023,      Scale::licats_2025,
                                     Scale::icaht_early,    Scale::bmt_ctn};

std::optional<bool> perhaps(std::mt19937& random) {
    const auto throw_ = random() % 4;
    return throw_ < 2 ? std::nullopt : std::optional(throw_ == 3);
}

Seriousness some_seriousness(std::mt19937& random) {
    Seriousness serious;
    serious.hospitalisation = perhaps(random);
    if (random() % 3 == 0) serious.life_threatening = perhaps(random);
    if (random() % 8 == 0) serious.death = perhaps(random);
    return serious;
}

Observation suspect_lab(std::mt19937& random) {
    Observation said;
    said.analyte = pick(kSuspectLabs, random);
    said.status = ResultStatus::final;
    if (said.analyte == Analyte::hbsag || said.analyte == Analyte::anti_hbc) {
        said.truth = random() % 2 == 0;
        return said;
    }
    constexpr std::int64_t kValues[] = {0, 1, 20, 300, 1000, 20'000};
    said.value = whole(pick(kValues, random));
    if (random() % 2 == 0) said.reference_high = whole(300);
    if (random() % 6 == 0) said.comparator = random() % 2 == 0 ? Comparator::less : Comparator::greater;
    return said;
}

AdverseEvent some_report(std::mt19937& random) {
    AdverseEvent said;
    said.category = static_cast<AdverseEventCategory>(random() % 14);
    if (random() % 3 == 0) said.codes = {{"", random() % 2 == 0 ? "10040555" : "10040047", ""}};
    if (random() % 3 != 0)
        said.reported = SiteGrade{static_cast<std::uint32_t>(random() % 6), pick(kReportedScales, random)};
    said.seriousness = some_seriousness(random);
    said.outcome = static_cast<Outcome>(random() % 7);
    return said;
}

Infection some_infection(std::mt19937& random) {
    constexpr Organism kOrganisms[] = {Organism::vzv,      Organism::cmv,         Organism::hbv,
                                       Organism::bacteria, Organism::unspecified, Organism::rsv};
    Infection infection;
    infection.organism = pick(kOrganisms, random);
    if (infection.organism == Organism::vzv) infection.zoster = Zoster{};
    if (infection.zoster) {
        infection.zoster->dermatomes = static_cast<std::uint32_t>(1 + random() % 4);
        infection.zoster->non_contiguous = perhaps(random);
    }
    infection.certainty = static_cast<Certainty>(random() % 5);
    infection.hospitalised = perhaps(random);
    if (random() % 2 == 0) infection.treatment_routes = {static_cast<Route>(random() % 7)};
    if (random() % 3 == 0) infection.site.code = random() % 2 == 0 ? "blood" : "lung";
    if (infection.zoster && random() % 4 == 0) infection.zoster->postherpetic_neuralgia = true;
    if (random() % 3 == 0) infection.viraemia_only = true;
    if (random() % 4 == 0) infection.linked_record = "r" + std::to_string(1000 + random() % 100);
    if (random() % 2 == 0) infection.severities = {{static_cast<std::uint32_t>(random() % 6), Scale::ctcae_5_0}};
    infection.seriousness = some_seriousness(random);
    infection.outcome = static_cast<Outcome>(random() % 7);
    return infection;
}

Intervention some_course(std::mt19937& random) {
    Intervention given;
    given.kind = random() % 5 == 0 ? InterventionKind::hospital_stay : InterventionKind::drug;
    given.agent = pick(kAntimicrobials, random);
    given.treatment = random() % 3 != 0;
    given.route = static_cast<Route>(random() % 8);
    given.indication = static_cast<Indication>(random() % 6);
    given.phase = static_cast<InterventionPhase>(1 + random() % 4);
    return given;
}

Body some_body(std::mt19937& random) {
    const auto around = [&](int low, int high) {
        return whole(low + static_cast<int>(random() % static_cast<unsigned>(high - low)));
    };
    switch (random() % 32) {
        case 14:
        case 15:
        case 16:
        case 17:
        case 18:
            return some_count(random);
        case 19:
        case 20:
            return some_support(random);
        case 22:
            return some_lab(random);
        case 21:
            return random() % 6 == 0 ? some_turn(random) : some_count(random);
        case 23:
        case 24:
            return suspect_lab(random);
        case 25:
        case 26:
            return some_report(random);
        case 27:
            return some_course(random);
        case 0:
        case 1:
        case 2:
            return measured(Analyte::temperature, around(36, 41));
        case 3:
        case 4:
            return measured(Analyte::systolic, around(75, 130));
        case 5:
            return measured(Analyte::spo2, around(85, 100));
        case 6:
            return some_lab(random);
        case 7: {
            Intervention given;
            given.kind = InterventionKind::drug;
            given.agent = pick(kDrugs, random);
            given.phase = static_cast<InterventionPhase>(1 + random() % 4);
            return given;
        }
        case 8: {
            Intervention given;
            given.kind = InterventionKind::oxygen;
            given.phase = random() % 4 == 0 ? InterventionPhase::stop : InterventionPhase::start;
            given.device = pick(kDevices, random);
            if (random() % 2 == 0) given.flow_l_min = around(1, 12);
            return given;
        }
        case 9: {
            IceAssessment said;
            said.total = static_cast<std::uint32_t>(random() % 11);
            said.consciousness = static_cast<Consciousness>(random() % 7);
            return said;
        }
        case 10: {
            if (random() % 4 == 0) return value_verdict(random);
            if (random() % 3 == 0) {
                Adjudication verdict;
                verdict.scale = random() % 2 == 0 ? Scale::astct_crs_2019 : Scale::astct_icans_2019;
                verdict.component = static_cast<Component>(random() % 9);
                verdict.verdict = random() % 3 == 0 ? Verdict::due_to_therapy : Verdict::other_cause;
                return verdict;
            }
            NeuroFinding finding;
            finding.kind = static_cast<NeuroKind>(random() % 16);
            if (random() % 2 == 0) finding.duration_seconds = static_cast<std::uint32_t>(random() % 600);
            return finding;
        }
        case 11:
        case 12:
        case 13:
            return sample::some_support(random);
        default:
            return some_infection(random);
    }
}

}  // namespace

void seal(story::Told& told, std::mt19937& random) {
    told.event.content_hash = hash64(told.record, random());
    told.event.appended_at = told.event.recorded_at;
}

story::Told fresh(std::size_t i, std::mt19937& random) {
    Told told;
    told.message_id = "m" + std::to_string(i);
    told.record = "r" + std::to_string(i);
    told.event.body = some_body(random);
    // Coarse times, so that many facts share an instant; a few lie far out.
    const int hour = static_cast<int>(random() % 240) + (random() % 12 == 0 ? 24 * 100 : 0) +
                     (random() % 6 == 0 ? 24 * static_cast<int>(random() % 420) : 0) -
                     (random() % 12 == 0 ? 24 * 12 : 0);
    told.event.effective = {d(0) + hours(hour), d(0) + hours(hour), story::kOffset, TimePrecision::second};
    const bool report =
        std::holds_alternative<Infection>(told.event.body) || std::holds_alternative<AdverseEvent>(told.event.body);
    if (report && random() % 2 == 0) {
        const Instant end = told.event.effective.from + hours(random() % 200);
        told.event.effective_end = EffectiveTime{end, end, story::kOffset, TimePrecision::second};
    }
    told.event.recorded_at = told.event.effective.from + minutes(1);
    if (random() % 10 == 0) told.event.flags = bit(EventFlag::imputed_date);
    seal(told, random);
    return told;
}

namespace {

// A later word on an earlier record: amendment, retraction, other content under the same version, or the same message
// id.
Told later_word(const Told& earlier, std::size_t i, std::mt19937& random) {
    Told told = earlier;
    told.message_id = "m" + std::to_string(i);
    switch (random() % 4) {
        case 0:
            told.event.version += 1;
            told.event.action = RecordAction::amend;
            told.event.body = some_body(random);
            break;
        case 1:
            told.event.version += 1;
            told.event.action = RecordAction::retract;
            told.event.body = Retraction{};
            break;
        case 2:
            told.event.body = some_body(random);
            break;
        default:
            told.message_id = earlier.message_id;
            told.record = "r" + std::to_string(i);
            told.event.body = some_body(random);
            break;
    }
    told.event.recorded_at += minutes(static_cast<int>(random() % 3));
    seal(told, random);
    return told;
}

}  // namespace

std::vector<story::Told> some_subject(std::uint32_t seed, std::size_t facts) {
    std::mt19937 random(seed);
    story::Story story;
    if (random() % 8 != 0) story.adult();
    if (random() % 8 != 0) story.infused();
    if (random() % 4 == 0) story.infused(d(static_cast<int>(random() % 40)), "lot-2");
    if (random() % 5 == 0) story.died(d(static_cast<int>(random() % 12)), static_cast<DeathCause>(random() % 11));
    std::vector<Told> all = story.told();
    for (std::size_t i = 0; i < facts; ++i) {
        if (!all.empty() && random() % 6 == 0) {
            all.push_back(later_word(all[random() % all.size()], 1000 + i, random));
        } else {
            all.push_back(fresh(1000 + i, random));
        }
        if (random() % 3 == 0) {
            Told& last = all.back();
            last.infusion =
                random() % 4 == 0 ? "no-such-record" : all[random() % std::min<std::size_t>(all.size(), 4)].record;
            last.event.content_hash ^= hash64(last.infusion);
        }
    }
    return all;
}

}  // namespace cellvigil
