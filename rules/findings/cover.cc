#include "rules/findings/cover.h"

#include <algorithm>

#include "rules/base/hash.h"
#include "rules/event/agent_groups.h"
#include "rules/grade/antimicrobial.h"

namespace cellvigil {
namespace {

constexpr std::uint32_t bit_of(CoverKind kind) { return std::uint32_t{1} << static_cast<unsigned>(kind); }

bool treats_bacteria(const Intervention& given) {
    if (given.kind != InterventionKind::drug && given.kind != InterventionKind::unspecified) return false;
    const bool meant =
        given.treatment || given.indication == Indication::infection || given.indication == Indication::fever;
    return meant && given.indication != Indication::prophylaxis && given.route != Route::topical &&
           may_treat(given, PathogenClass::bacterial, Organism::unspecified);
}

days tail_of(CoverKind kind, const Intervention& given, const ProphylaxisRules& rules) {
    if (kind == CoverKind::immunoglobulin) return days(rules.immunoglobulin_covers_days);
    if (given.agent == Agent::pentamidine) return days(rules.pentamidine_covers_days);
    return days(1);
}

bool ended(Cover& cover, const RunningCourse& course, Instant at, RecordRef by) {
    cover.covered_until = std::max(cover.covered_until, at);
    if (!course.prevents) return false;
    cover.ended = at;
    cover.ended_by = by;
    cover.policy = course.policy;
    return true;
}

}  // namespace

std::uint32_t covers_of(const Intervention& given) {
    const bool drug = given.kind == InterventionKind::drug || given.kind == InterventionKind::unspecified;
    std::uint32_t kinds = 0;
    if (drug && is_zoster_antiviral(given.agent)) kinds |= bit_of(CoverKind::antiviral);
    if (drug && is_pneumocystis_agent(given.agent)) kinds |= bit_of(CoverKind::pneumocystis);
    if (drug && is_hepatitis_b_antiviral(given.agent)) kinds |= bit_of(CoverKind::hepatitis_b);
    if (treats_bacteria(given)) kinds |= bit_of(CoverKind::antimicrobial);
    const bool systemic = given.route != Route::topical && given.route != Route::inhaled;
    if (drug && is_glucocorticoid(given.agent) && !given.physiological && systemic) kinds |= bit_of(CoverKind::steroid);
    if (given.kind == InterventionKind::immunoglobulin || given.agent == Agent::immunoglobulin_iv ||
        given.agent == Agent::immunoglobulin_sc)
        kinds |= bit_of(CoverKind::immunoglobulin);
    if (given.agent == Agent::filgrastim || given.agent == Agent::pegfilgrastim)
        kinds |= bit_of(CoverKind::growth_factor);
    if (is_zoster_vaccine(given.agent)) {
        kinds |= bit_of(CoverKind::zoster_vaccine);
    } else if (given.kind == InterventionKind::vaccination) {
        kinds |= bit_of(CoverKind::vaccine);
    }
    return kinds;
}

Instant Cover::next_end() const {
    Instant next = kNever;
    for (const RunningCourse& course : running) next = std::min(next, course.until);
    return next;
}

bool take_course(Cover& cover, CoverKind kind, const Fact& fact, const Intervention& given, const RuleSet& rules) {
    const std::uint64_t id = given.course.empty() ? 0 : hash64(given.course) | 1U;
    const auto same = std::find_if(cover.running.begin(), cover.running.end(), [&](const RunningCourse& one) {
        return id == 0 || one.course == 0 ? one.agent == given.agent : one.course == id;
    });
    const RunningCourse told{fact.until, id, given.agent, !given.treatment, fact.record, given.policy};
    const auto begins = [&] {
        cover.began = fact.at;
        cover.began_by = fact.record;
        ++cover.begun;
    };
    switch (given.phase) {
        case InterventionPhase::start:
        case InterventionPhase::change:
            if (same != cover.running.end()) {
                if (fact.until != kNever) same->until = fact.until;
                return false;
            }
            begins();
            if (cover.running.size() < Cover::kMost) cover.running.push_back(told);
            return false;
        case InterventionPhase::stop: {
            if (same == cover.running.end()) return ended(cover, told, fact.at, fact.record);
            const RunningCourse stopped = *same;
            cover.running.erase(same);
            return ended(cover, stopped, fact.at, fact.record);
        }
        case InterventionPhase::single:
        case InterventionPhase::unspecified:
            begins();
            cover.covered_until = std::max(cover.covered_until, fact.at + tail_of(kind, given, rules.prophylaxis));
            if (fact.until != kNever) cover.covered_until = std::max(cover.covered_until, fact.until);
            return false;
    }
    return false;
}

bool end_courses(Cover& cover, Instant at) {
    bool prevented = false;
    for (std::size_t i = 0; i < cover.running.size();) {
        const RunningCourse course = cover.running[i];
        if (course.until > at) {
            ++i;
            continue;
        }
        cover.running.erase(cover.running.begin() + static_cast<std::ptrdiff_t>(i));
        prevented = ended(cover, course, course.until, course.record) || prevented;
    }
    return prevented;
}

}  // namespace cellvigil
