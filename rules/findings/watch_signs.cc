// P14: what may be the first of a T-cell malignancy. A sign is no diagnosis: somebody has to look. Enlarged lymph nodes
// or a mass are high; a rash, and a cytopenia that begins late after a recovery, have many causes and are medium by
// themselves, high together, and immediate beside nodes or a mass, whichever came first. A relapse looks the same: no
// code of a sign excludes it.
#include <array>

#include "rules/findings/watch_parts.h"
#include "rules/grade/coded_diagnosis.h"

namespace cellvigil {
namespace {

constexpr std::uint16_t kSuspected = 2000;  // ordinals of signs, by their place below, from 1

struct Sign {
    const char* words;
    bool strong;
};
constexpr std::size_t kFirstCytopenia = 3;
constexpr std::array<Sign, kFirstCytopenia + kWatchedLineages> kSigns{{{"enlarged lymph nodes", true},
                                                                       {"a mass", true},
                                                                       {"a rash", false},
                                                                       {"new neutropenia", false},
                                                                       {"new thrombocytopenia", false},
                                                                       {"new anaemia", false}}};

std::uint16_t ordinal_of(std::size_t place) { return static_cast<std::uint16_t>(kSuspected + place + 1); }

const AlertCause* standing(const Watching& w, std::size_t place) {
    return known_cause(w, SubjectRule::second_malignancy, ordinal_of(place), w.state.infusion);
}

// The first other sign of that strength that stands; kSigns.size(): none.
std::size_t other(const Watching& w, std::size_t place, bool strong) {
    std::size_t found = 0;
    while (found < kSigns.size() && (found == place || kSigns[found].strong != strong || standing(w, found) == nullptr))
        ++found;
    return found;
}

struct Seen {
    std::size_t place = 0;
    Instant at{};
    RecordRef record;
};

// nullptr: it is told already, or not worth telling by itself.
AlertCause* suspect(const Watching& w, const Seen& seen) {
    const Sign& sign = kSigns[seen.place];
    const std::size_t strong = other(w, seen.place, true);
    const std::size_t weak = other(w, seen.place, false);
    // Beside nodes or a mass a weak sign makes theirs worse, instead of one more alert.
    const bool joins = !sign.strong && strong < kSigns.size();
    const std::size_t beside = joins ? strong : weak;
    Urgency urgency = sign.strong ? Urgency::high : Urgency::medium;
    if (beside < kSigns.size()) urgency = sign.strong || joins ? Urgency::immediate : Urgency::high;
    if (!sign.strong && beside == kSigns.size() && !w.limits().p14_lone_weak_sign) return nullptr;
    RecordRef before;
    if (beside < kSigns.size()) before = standing(w, beside)->evidence[0];
    AlertCause* cause = raise(w, {SubjectRule::second_malignancy, ordinal_of(joins ? strong : seen.place), urgency,
                                  seen.at, beside < kSigns.size() ? 1 : 0});
    if (cause == nullptr) return nullptr;
    const std::string after = beside < kSigns.size() ? std::string(", after ") + kSigns[beside].words : "";
    add_at(w, *cause, Detail::malignancy, seen.at, seen.record, std::string("suspected: ") + sign.words + after);
    cause->add_evidence(before);
    return cause;
}

}  // namespace

void watch_sign(const Watching& w, const Fact& fact, const AdverseEvent& report) {
    const MalignancySign sign = malignancy_sign(report);
    if (sign == MalignancySign::none || !w.infused() || is_t_cell_malignancy(report) ||
        w.day(fact.at) <= w.limits().p14_suspect_after_day)
        return;
    AlertCause* cause = suspect(w, {static_cast<std::size_t>(sign) - 1, fact.at, fact.record});
    if (cause != nullptr) add(*cause, Detail::transgene, 0);
}

void watch_new_cytopenia(const Watching& w, std::size_t lineage, const Fact& fact) {
    const SevereRun& run = w.state.severe[lineage];
    const Instant mild = w.state.mild[lineage];
    const bool lasts = w.day(fact.at) - w.day(run.since) >= w.rules().counts.persistent_apart_days;
    if (run.grade < 3 || !lasts || mild == kAlways || w.state.therapy <= run.since ||
        w.day(run.since) <= w.limits().p14_cytopenia_after_day)
        return;
    AlertCause* cause = suspect(w, {kFirstCytopenia + lineage, run.since, run.first});
    if (cause == nullptr) return;
    cause->add_evidence(fact.record);
    add_at(w, *cause, Detail::mild, mild);
    if (w.state.transfused != kAlways) add_at(w, *cause, Detail::transfusion, w.state.transfused);
    add(*cause, Detail::marrow, 0);
    add(*cause, Detail::transgene, 0);
}

}  // namespace cellvigil
