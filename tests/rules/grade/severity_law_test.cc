// Laws of severity. What "worse" means, by component: fever: a temperature of 38.0 or more is added. Hypotension: a
// vasopressor is started, or a low pressure becomes lower. Hypoxia: the device is exchanged for one of a higher row, or
// the flow on a cannula rises. ICANS: the ICE falls, or a sign is found. The grade and the upper grade then never fall.
// Nothing else lowers the upper grade "without cause": the causes are a better value of the same component, the end of
// a support, a verdict, a documented baseline, and the passing of time.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <random>

#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

constexpr std::array kDevices{OxygenDevice::room_air, OxygenDevice::nasal_cannula, OxygenDevice::face_mask,
                              OxygenDevice::cpap};
constexpr std::array kPressors{Agent::norepinephrine, Agent::epinephrine, Agent::dopamine, Agent::phenylephrine};

// A patient as numbers, each of which may be made worse.
struct Patient {
    int temperature_tenths = 370;  // 36.0 to 41.0
    int systolic = 100;            // both of two readings
    int pressors = 0;
    int device = 0;
    int flow = 2;  // on the cannula
    int ice = 10;
    bool weak = false;
    bool seizing = false;
    bool oedema = false;
    bool masked = false;
};

Patient some_patient(std::mt19937& random) {
    const auto below = [&](unsigned end) { return static_cast<int>(random() % end); };
    return {360 + below(50), 75 + below(40), below(4),      below(4),      1 + below(10),
            below(11),       below(3) == 0,  below(3) == 0, below(3) == 0, below(3) == 0};
}

Story told(const Patient& p) {
    Story story;
    story.adult().infused().temperature(d(3, 6), 36.8);
    if (p.masked) story.temperature(d(3, 6, 30), 38.4).gives(d(3, 7), Agent::paracetamol);
    story.temperature(d(3, 10), p.temperature_tenths / 10.0);
    story.systolic(d(3, 10), p.systolic).systolic(d(3, 10, 20), p.systolic);
    for (int i = 0; i < p.pressors; ++i) story.starts(d(3, 10), kPressors[static_cast<std::size_t>(i)]);
    const OxygenDevice device = kDevices[static_cast<std::size_t>(p.device)];
    if (device == OxygenDevice::nasal_cannula) {
        story.oxygen(d(3, 10), device, p.flow);
    } else if (device != OxygenDevice::room_air) {
        story.oxygen(d(3, 10), device);
    }
    story.ice(d(3, 10), static_cast<std::uint32_t>(p.ice));
    const auto find = [&](bool present, NeuroKind kind) {
        NeuroFinding finding;
        finding.kind = kind;
        finding.depth = WeaknessDepth::deep;
        if (present) story.neuro(d(3, 10), finding);
    };
    find(p.weak, NeuroKind::focal_motor_weakness);
    find(p.seizing, NeuroKind::seizure);
    find(p.oedema, NeuroKind::focal_oedema_imaging);
    return story;
}

Patient made_worse(Patient p, unsigned how) {
    switch (how % 8) {
        case 0:
            p.temperature_tenths = std::max(p.temperature_tenths, 380) + 3;
            break;
        case 1:
            p.systolic -= 15;
            break;
        case 2:
            p.pressors = std::min(p.pressors + 1, 4);
            break;
        case 3:
            p.device = std::min(p.device + 1, 3);
            break;
        case 4:
            p.flow += 3;
            break;
        case 5:
            p.ice = std::max(p.ice - 2, 0);
            break;
        case 6:
            p.weak = true;
            break;
        default:
            p.seizing = p.oedema = true;
            break;
    }
    return p;
}

void expect_no_lower(const Patient& before, const Patient& after, Scale scale) {
    for (const Instant asked : {d(3, 10, 25), d(3, 10, 45), d(3, 12)}) {
        const Assessment less = told(before).at(asked, scale);
        const Assessment more = told(after).at(asked, scale);
        RC_ASSERT(more.grade >= less.grade);
        RC_ASSERT(more.grade_upper >= less.grade_upper);
    }
}

RC_GTEST_PROP(SeverityLaw, crs_never_falls_when_a_component_grows_worse, (std::uint32_t seed, unsigned how)) {
    std::mt19937 random(seed);
    const Patient before = some_patient(random);
    expect_no_lower(before, made_worse(before, how), Scale::astct_crs_2019);
}

RC_GTEST_PROP(SeverityLaw, icans_never_falls_when_a_component_grows_worse, (std::uint32_t seed, unsigned how)) {
    std::mt19937 random(seed);
    const Patient before = some_patient(random);
    expect_no_lower(before, made_worse(before, how), Scale::astct_icans_2019);
}

// A remark of another cause lowers nothing; only a signed verdict lowers the grade, and never the upper one.
RC_GTEST_PROP(SeverityLaw, a_verdict_lowers_the_grade_and_never_the_upper_grade, (std::uint32_t seed, bool hypoxia)) {
    std::mt19937 random(seed);
    const Patient patient = some_patient(random);
    Story judged = told(patient);
    judged.signed_other(d(3, 9), Scale::astct_crs_2019, hypoxia ? Component::hypoxia : Component::hypotension);
    const Assessment plain = told(patient).at(d(3, 12), Scale::astct_crs_2019);
    const Assessment said = judged.at(d(3, 12), Scale::astct_crs_2019);
    RC_ASSERT(said.grade <= plain.grade);
    RC_ASSERT(said.grade_upper >= plain.grade_upper);
}

}  // namespace
}  // namespace cellvigil
