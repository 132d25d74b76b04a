// Laws of severity of the scales before ASTCT, of CTCAE's signs and of both other neurotoxicity scales. Worse means: a
// higher temperature, a lower pressure, another vasopressor or a higher dose, more inspired oxygen, a higher
// aminotransferase or creatinine, dialysis; a lower score, a further sign. Neither grade nor upper grade then falls.
// And what is left out is covered: the range without a dose, a fraction or a stage holds the grade with any.
#include <array>
#include <optional>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/grade/cres.h"
#include "rules/grade/legacy_crs.h"
#include "tests/rules/grade/legacy_ward.h"

namespace cellvigil {
namespace {

using namespace legacy_ward;

constexpr Instant kAsked =
    Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 8)) + hours(8);  // 16:00 on day 3

struct Patient {
    int temperature_tenths = 386;
    int systolic = 120;
    double dose = 0;  // norepinephrine, ug/min; 0: none
    bool second_pressor = false;
    int device = 0;
    int fraction = 0;  // per cent
    double alt = 20, creatinine = 60;
    bool dialysis = false;
    bool antibiotic = false;
};

constexpr std::array kDevices{OxygenDevice::room_air, OxygenDevice::nasal_cannula, OxygenDevice::face_mask,
                              OxygenDevice::high_flow_nasal, OxygenDevice::invasive_ventilation};

Patient some_patient(std::mt19937& random) {
    const auto below = [&](unsigned end) { return static_cast<int>(random() % end); };
    Patient p;
    p.temperature_tenths = 370 + below(40);
    p.systolic = 78 + below(40);
    p.dose = below(3) == 0 ? 2.0 + below(30) : 0;
    p.second_pressor = p.dose > 0 && below(3) == 0;
    p.device = below(5);
    p.fraction = 22 + below(60);
    p.alt = 20.0 + 40.0 * below(30);
    p.creatinine = 60.0 + 60.0 * below(12);
    p.dialysis = below(6) == 0;
    p.antibiotic = below(3) == 0;
    return p;
}

struct LeftOut {
    bool dose = false;
    bool fraction = false;
};

Story told(const Patient& p, LeftOut out = {}) {
    Story story;
    with_crs(story);
    story.temperature(d(3, 15), p.temperature_tenths / 10.0);
    story.systolic(d(3, 15), p.systolic).systolic(d(3, 15, 20), p.systolic);
    const auto dose = out.dose ? std::nullopt : std::optional(p.dose);
    if (p.dose > 0) runs(story, d(3, 11), Agent::norepinephrine, dose);
    if (p.second_pressor) runs(story, d(3, 11), Agent::phenylephrine, 20.0);
    const OxygenDevice device = kDevices[static_cast<std::size_t>(p.device)];
    // A low-flow cannula counts as below 40 % without one (HOUSE): its fraction is nothing that could be left out.
    const bool open = out.fraction || device == OxygenDevice::nasal_cannula;
    const auto fraction = open ? std::nullopt : std::optional(p.fraction / 100.0);
    const bool flows = device == OxygenDevice::nasal_cannula || device == OxygenDevice::high_flow_nasal;
    if (device != OxygenDevice::room_air) {
        oxygen(story, d(3, 14), device,
               flows ? std::optional(device == OxygenDevice::nasal_cannula ? 4.0 : 40.0) : std::nullopt, fraction);
    }
    value(story, d(3, 13), Analyte::alt, p.alt, 40);
    value(story, d(3, 13), Analyte::creatinine, p.creatinine, 100);
    if (p.dialysis) course(story, d(3, 12), InterventionKind::dialysis, InterventionPhase::single);
    if (p.antibiotic) antibiotic(story, d(3, 12), Route::intravenous);
    return story;
}

Patient made_worse(Patient p, unsigned how) {
    switch (how % 8) {
        case 0:
            p.temperature_tenths += 11;
            break;
        case 1:
            p.systolic -= 15;
            break;
        case 2:
            p.dose += 12;
            break;
        case 3:
            p.dose = std::max(p.dose, 5.0);
            p.second_pressor = true;
            break;
        case 4:
            // To a cannula from air, to ventilation from anything: a step on every scale.
            p.device = p.device == 0 ? 1 : 4;
            break;
        case 5:
            p.fraction += 20;
            break;
        case 6:
            p.alt += 400;
            p.creatinine += 300;
            break;
        default:
            p.dialysis = true;
            break;
    }
    return p;
}

std::vector<ScaleTerm> scales_of_signs() {
    std::vector<ScaleTerm> all(kLegacyCrsScales.begin(), kLegacyCrsScales.end());
    for (const Scale scale : {Scale::ctcae_5_0, Scale::ctcae_6_0}) {
        for (const Term term : {Term::fever, Term::hypotension, Term::hypoxia}) all.push_back({scale, term});
    }
    return all;
}

std::string shown(const ScaleTerm& scale, const Assessment& less, const Assessment& more) {
    return std::string(name_of(scale.scale)) + " " + name_of(scale.term) + ": " + range_of(less) + " then " +
           range_of(more);
}

RC_GTEST_PROP(SeverityOfSigns, no_scale_falls_when_something_grows_worse, (std::uint32_t seed, unsigned how)) {
    std::mt19937 random(seed);
    const Patient before = some_patient(random);
    const Story milder = told(before);
    const Story worse = told(made_worse(before, how));
    for (const ScaleTerm& scale : scales_of_signs()) {
        const Assessment less = said_of(milder, kAsked, scale.scale, scale.term);
        const Assessment more = said_of(worse, kAsked, scale.scale, scale.term);
        const bool falls = less.under_surveillance && (more.grade < less.grade || more.grade_upper < less.grade_upper);
        RC_ASSERT((falls ? shown(scale, less, more) : "") == "");
    }
}

// Is what is known with everything within what could be said without?
bool covers(const Assessment& without, const Assessment& with) {
    const bool low = without.grade == kNotGradable || without.grade <= with.grade || with.grade == kNotGradable;
    return low && without.grade_upper >= with.grade_upper;
}

RC_GTEST_PROP(SeverityOfSigns, what_is_left_out_is_covered_by_the_range, (std::uint32_t seed, bool dose)) {
    std::mt19937 random(seed);
    const Patient patient = some_patient(random);
    const Story whole = told(patient);
    const Story without = told(patient, {dose, !dose});
    for (const ScaleTerm& scale : scales_of_signs()) {
        const Assessment full = said_of(whole, kAsked, scale.scale, scale.term);
        const Assessment open = said_of(without, kAsked, scale.scale, scale.term);
        const bool covered = !full.under_surveillance || covers(open, full);
        RC_ASSERT((covered ? "" : shown(scale, full, open)) == "");
    }
}

// ---- Neurotoxicity

struct Neurology {
    int score = 10;
    bool weak = false;
    int seizure = 0;  // none, partial, generalised
    int stage = 0;    // of papilloedema
    int opening = 0;  // mm[Hg]; 0: not measured
    bool oedema = false;
};

Neurology some_neurology(std::mt19937& random) {
    const auto below = [&](unsigned end) { return static_cast<int>(random() % end); };
    return {below(11),    below(5) == 0, below(3), below(4) == 0 ? 1 + below(5) : 0, below(4) == 0 ? 10 + below(20) : 0,
            below(5) == 0};
}

Story told(const Neurology& p, bool stage_left_out = false) {
    Story story;
    story.adult().infused();
    IceAssessment ice;
    ice.total = static_cast<std::uint32_t>(p.score);
    ice.consciousness = Consciousness::alert;
    story.tell(d(3, 14), ice);
    const auto find = [&](NeuroKind kind, const auto& fill) {
        NeuroFinding finding;
        finding.kind = kind;
        finding.present = true;
        fill(finding);
        story.neuro(d(3, 14), finding);
    };
    if (p.weak) find(NeuroKind::focal_motor_weakness, [](NeuroFinding& f) { f.depth = WeaknessDepth::deep; });
    if (p.seizure > 0) {
        find(NeuroKind::seizure, [&](NeuroFinding& f) {
            f.seizure_type = p.seizure == 1 ? SeizureType::focal : SeizureType::generalised;
            f.duration_seconds = 60;
            f.returned_to_baseline = true;
        });
    }
    if (p.stage > 0) {
        find(NeuroKind::papilloedema, [&](NeuroFinding& f) {
            if (!stage_left_out) f.papilloedema_stage = static_cast<std::uint32_t>(p.stage);
        });
    }
    if (p.opening > 0)
        find(NeuroKind::raised_csf_pressure, [&](NeuroFinding& f) { f.csf_opening = ::cellvigil::whole(p.opening); });
    if (p.oedema) find(NeuroKind::focal_oedema_imaging, [](NeuroFinding&) {});
    return story;
}

Neurology made_worse(Neurology p, unsigned how) {
    switch (how % 6) {
        case 0:
            p.score = std::max(p.score - 3, 0);
            break;
        case 1:
            p.weak = true;
            break;
        case 2:
            p.seizure = std::min(p.seizure + 1, 2);
            break;
        case 3:
            p.stage = std::min(p.stage + 2, 5);
            break;
        case 4:
            p.opening = std::max(p.opening, 10) + 8;
            break;
        default:
            p.oedema = true;
            break;
    }
    return p;
}

RC_GTEST_PROP(SeverityOfNeurology, no_scale_falls_when_something_grows_worse, (std::uint32_t seed, unsigned how)) {
    std::mt19937 random(seed);
    const Neurology before = some_neurology(random);
    const Story milder = told(before);
    const Story worse = told(made_worse(before, how));
    for (const ScaleTerm& scale : kNeuroScales) {
        const Assessment less = said_of(milder, kAsked, scale.scale, scale.term);
        const Assessment more = said_of(worse, kAsked, scale.scale, scale.term);
        const bool falls = less.under_surveillance && (more.grade < less.grade || more.grade_upper < less.grade_upper);
        RC_ASSERT((falls ? shown(scale, less, more) : "") == "");
    }
}

RC_GTEST_PROP(SeverityOfNeurology, a_stage_left_out_is_covered_by_the_range, (std::uint32_t seed)) {
    std::mt19937 random(seed);
    Neurology patient = some_neurology(random);
    patient.stage = 1 + static_cast<int>(random() % 5);
    for (const ScaleTerm& scale : kNeuroScales) {
        const Assessment full = said_of(told(patient), kAsked, scale.scale, scale.term);
        const Assessment open = said_of(told(patient, true), kAsked, scale.scale, scale.term);
        RC_ASSERT((covers(open, full) ? "" : shown(scale, full, open)) == "");
    }
}

}  // namespace
}  // namespace cellvigil
