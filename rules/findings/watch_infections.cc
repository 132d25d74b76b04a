// P02, P04, P05, P06, P11, P17: infections as reported. Episodes follow the recurrence intervals of cohort episodes.
#include <array>
#include <variant>

#include "rules/base/hash.h"
#include "rules/findings/watch_parts.h"
#include "rules/grade/reported_term.h"

namespace cellvigil {
namespace {

std::uint64_t hash_of(const std::string& text) { return text.empty() ? 0 : hash64(text) | 1U; }

// "source/record" and, as a site may write it, the record alone.
bool names(const WatchedInfection& infection, std::uint64_t link) {
    return std::find(infection.names.begin(), infection.names.end(), link) != infection.names.end();
}

std::string small(std::string text) {
    for (char& letter : text) letter = static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    return text;
}

// Of the airways by organism, or by what the site writes of its place.
bool is_sinopulmonary(const Infection& said, const Pathogen& pathogen) {
    if (pathogen.group == RecurrenceGroup::respiratory || pathogen.group == RecurrenceGroup::sars_cov_2 ||
        pathogen.group == RecurrenceGroup::pneumocystis)
        return true;
    constexpr auto kPlaces =
        std::to_array<std::string_view>({"lung", "pulmon", "pneumon", "bronch", "sinus", "respirat", "airway"});
    const std::string place = small(said.site.display + " " + said.site.code);
    return std::any_of(kPlaces.begin(), kPlaces.end(),
                       [&](std::string_view one) { return place.find(one) != std::string::npos; });
}

bool is_serious(const Infection& said) {
    const Seriousness& s = said.seriousness;
    return s.death.value_or(false) || s.life_threatening.value_or(false) || s.hospitalisation.value_or(false) ||
           s.disability.value_or(false) || s.congenital_anomaly.value_or(false) || s.other_important.value_or(false) ||
           said.hospitalised.value_or(false) || said.outcome == Outcome::fatal;
}

std::string criteria_of(const Infection& said) {
    const Seriousness& s = said.seriousness;
    const std::array<std::pair<std::optional<bool>, const char*>, 6> all{{{s.death, "death"},
                                                                          {s.life_threatening, "life-threatening"},
                                                                          {s.hospitalisation, "hospitalisation"},
                                                                          {s.disability, "disability"},
                                                                          {s.congenital_anomaly, "congenital anomaly"},
                                                                          {s.other_important, "medically important"}}};
    std::string text;
    bool any_unsaid = false;
    for (const auto& [value, name] : all) {
        any_unsaid = any_unsaid || !value;
        if (value.value_or(false)) text += std::string(text.empty() ? "" : ", ") + name;
    }
    if (!text.empty()) return text;
    return any_unsaid ? "none; not all were answered" : "none; all were denied";
}

bool within(const WatchedInfection& infection, Instant at, days interval, const InfectionRules& rules) {
    return at - (rules.interval_from_onset ? infection.onset : infection.last) <= interval;
}

bool is_of(const WatchedInfection& infection, RecurrenceGroup group) {
    return std::any_of(infection.pathogens.begin(), infection.pathogens.end(),
                       [&](const Pathogen& pathogen) { return pathogen.group == group; });
}

bool continues(const WatchedInfection& infection, const Fact& fact, const Infection& said, const Pathogen& pathogen,
               const InfectionRules& rules) {
    for (const Pathogen& known : infection.pathogens) {
        if (may_be_same(known, pathogen) &&
            within(infection, fact.at, recurrence_interval(pathogen.group, rules), rules))
            return true;
    }
    const std::uint64_t site = hash_of(site_of(said));
    if (site == 0 || std::find(infection.sites.begin(), infection.sites.end(), site) == infection.sites.end())
        return false;
    const bool unknown = pathogen.group == RecurrenceGroup::unknown || is_of(infection, RecurrenceGroup::unknown);
    if (unknown && within(infection, fact.at, days(rules.recurrence.unknown), rules)) return true;
    if (pathogen.group == RecurrenceGroup::vzv || is_of(infection, RecurrenceGroup::vzv)) return false;
    return fact.at - infection.onset <= days(rules.coinfection_days);
}

WatchedInfection* episode_for(const Watching& w, const Fact& fact, const Infection& said, const Pathogen& pathogen) {
    auto& all = w.state.infections;
    const std::uint64_t link = hash_of(said.linked_record);
    for (auto one = all.rbegin(); link != 0 && one != all.rend(); ++one) {
        if (names(*one, link)) return &*one;
    }
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
        if (continues(*one, fact, said, pathogen, w.rules().infection)) return &*one;
    }
    return nullptr;
}

void add_pathogen(WatchedInfection& infection, const Pathogen& pathogen) {
    for (Pathogen& known : infection.pathogens) {
        if (known == pathogen || pathogen.group == RecurrenceGroup::unknown) return;
        if (known.group == RecurrenceGroup::unknown) {
            known = pathogen;
            return;
        }
        if (!may_be_same(known, pathogen)) continue;
        if (known.code.empty()) known.code = pathogen.code;
        if (known.organism == Organism::unspecified) known.organism = pathogen.organism;
        return;
    }
    if (infection.pathogens.size() < 4) infection.pathogens.push_back(pathogen);
}

void extend(const Watching& w, WatchedInfection& infection, const Fact& fact, const Infection& said,
            const Pathogen& pathogen) {
    infection.last = std::max(infection.last, fact.until != kNever ? fact.until : fact.at);
    add_pathogen(infection, pathogen);
    const std::uint64_t site = hash_of(site_of(said));
    if (site != 0 && infection.sites.size() < 8) infection.sites.push_back(site);
    if (!fact.name.empty() && infection.names.size() < 16) {
        const std::string name(fact.name);
        infection.names.push_back(hash_of(name));
        if (const auto slash = name.find('/'); slash != std::string::npos)
            infection.names.push_back(hash_of(name.substr(slash + 1)));
    }
    infection.sinopulmonary = infection.sinopulmonary || is_sinopulmonary(said, pathogen);
    infection.treated =
        infection.treated || !said.treatment_routes.empty() || w.state.cover(CoverKind::antimicrobial).covers(fact.at);
    infection.serious = infection.serious || is_serious(said);
    infection.only_viraemia = infection.only_viraemia && said.viraemia_only.value_or(false);
}

std::string organism_text(const WatchedInfection& infection) {
    std::string text;
    for (const Pathogen& pathogen : infection.pathogens)
        text += std::string(text.empty() ? "" : " and ") + name_of(pathogen.group);
    return text.empty() ? "organism unknown" : text;
}

// One organism for certain: by its code, or because its name is that of one organism.
bool surely_same(const Pathogen& a, const Pathogen& b) {
    if (!a.code.empty() && a.code == b.code) return true;
    if (a.organism != b.organism || !may_be_same(a, b)) return false;
    return a.organism != Organism::unspecified && a.organism != Organism::bacteria && a.organism != Organism::yeast &&
           a.organism != Organism::mould && a.organism != Organism::other && a.organism != Organism::vzv;
}

const WatchedInfection* earlier_of_organism(const Watching& w, const WatchedInfection& infection) {
    for (auto one = w.state.infections.rbegin(); one != w.state.infections.rend(); ++one) {
        if (one->ordinal == infection.ordinal || one->only_viraemia) continue;
        for (const Pathogen& a : one->pathogens) {
            for (const Pathogen& b : infection.pathogens) {
                if (surely_same(a, b)) return &*one;
            }
        }
    }
    return nullptr;
}

void repeated(const Watching& w, WatchedInfection& infection, Instant at) {
    if (!w.infused() || infection.only_viraemia) return;
    std::vector<const WatchedInfection*> chain;
    for (const WatchedInfection& one : w.state.infections) {
        const bool near = infection.onset - one.onset < days(w.limits().p11_within_days);
        if (near && !one.only_viraemia && one.onset >= w.scene.context.infusion.at) chain.push_back(&one);
    }
    const bool many = static_cast<std::int32_t>(chain.size()) >= w.limits().p11_count;
    const WatchedInfection* again = earlier_of_organism(w, infection);
    if (!many && again == nullptr) return;
    const auto weight = static_cast<std::int32_t>(many) + static_cast<std::int32_t>(again != nullptr);
    if (infection.repeat == 0) infection.repeat = ++w.state.repeats;
    AlertCause* cause = raise(w, {SubjectRule::repeated_infection, infection.repeat, Urgency::medium, at, weight});
    if (cause == nullptr) return;
    add(*cause, Detail::organism, 0, organism_text(infection), infection.record);
    if (again != nullptr) add_at(w, *cause, Detail::again, again->onset, again->record);
    if (!many) return;
    add(*cause, Detail::infections, static_cast<std::int64_t>(chain.size()));
    add(*cause, Detail::within_days, w.limits().p11_within_days);
    for (const WatchedInfection* one : chain)
        add_at(w, *cause, Detail::infection, one->onset, one->record, organism_text(*one));
}

void after_therapy(const Watching& w, WatchedInfection& infection, Instant at) {
    if (!w.infused() || w.state.therapy > infection.onset) return;
    if (infection.after_therapy == 0) infection.after_therapy = ++w.state.after_therapies;
    AlertCause* cause = raise(w, {SubjectRule::infection_after_therapy, infection.after_therapy, Urgency::info, at});
    if (cause == nullptr) return;
    add_at(w, *cause, Detail::infection, infection.onset, infection.record, organism_text(infection));
    add_at(w, *cause, Detail::therapy, w.state.therapy, w.state.therapy_record);
    add(*cause, Detail::competing, 0);
}

// ---- zoster

const char* standing_at_onset(const Watching& w, const Fact& fact, const Infection& said) {
    if (w.state.cover(CoverKind::antiviral).covers(fact.at) || said.on_prophylaxis == true) return "yes: breakthrough";
    if (said.on_prophylaxis == false || w.state.medication_complete >= fact.at) return "no";
    return "unknown";
}

const ZosterEpisode* before_last(const Watching& w) {
    const auto& all = w.scene.zoster;
    return all.size() < 2 ? nullptr : &all[all.size() - 2];
}

void severe_zoster(const Watching& w, const ZosterEpisode& episode, const Fact& fact, const Infection& said) {
    if (episode.worst < ZosterClass::disseminated) return;
    AlertCause* cause = raise(w, {SubjectRule::severe_zoster, episode.ordinal, Urgency::immediate, fact.at,
                                  static_cast<std::int32_t>(episode.worst), episode.infusion});
    if (cause == nullptr) return;
    cause->zoster = episode.worst;
    cause->at = episode.onset;
    cause->day = episode.day;
    for (const RecordRef record : episode.records) cause->add_evidence(record);
    add(*cause, Detail::zoster_class, 0, name_of(episode.worst), fact.record);
    add(*cause, Detail::seriousness, 0, criteria_of(said));
    add_at(w, *cause, Detail::clock_7_days, fact.recorded_at + days(7));
    add_at(w, *cause, Detail::clock_15_days, fact.recorded_at + days(15));
}

// What the alert says besides its class is settled when the episode begins; further reports add class and evidence.
void any_zoster(const Watching& w, const ZosterEpisode& episode, const Fact& fact, const Infection& said) {
    const ZosterEpisode* previous = before_last(w);
    const bool second = previous != nullptr && episode.onset - previous->onset <= days(w.limits().p04_again_days);
    const std::string standing = standing_at_onset(w, fact, said);
    AlertCause* cause = standing_cause(w, SubjectRule::herpes_zoster, episode.ordinal, episode.infusion);
    if (cause == nullptr) {
        const Urgency urgency = second || standing.starts_with("yes") ? Urgency::high : Urgency::medium;
        cause = raise(w, {SubjectRule::herpes_zoster, episode.ordinal, urgency, episode.onset, 0, episode.infusion});
        if (cause == nullptr) return;
        if (second) add_at(w, *cause, Detail::previous, previous->onset, previous->records.front());
        add(*cause, Detail::prophylaxis, 0, standing);
        add_cd4(w, *cause, fact.at, w.rules().immune.cd4_valid_days);
    }
    std::erase_if(cause->details, [](const AlertDetail& one) {
        return one.what == Detail::zoster_class || one.what == Detail::dermatomes;
    });
    add(*cause, Detail::zoster_class, 0, name_of(episode.worst));
    if (said.zoster && said.zoster->dermatomes) add(*cause, Detail::dermatomes, *said.zoster->dermatomes);
    cause->at = cause->worst_at = episode.onset;
    cause->day = cause->worst_day = episode.day;
    cause->zoster = episode.worst;
    if (episode.imputed) cause->flags.add(Flag::imputed_date);
    cause->evidence = {};
    for (const RecordRef record : episode.records) cause->add_evidence(record);
}

void neuralgia(const Watching& w, const Fact& fact, const Infection& said) {
    if (!said.zoster || !said.zoster->postherpetic_neuralgia.value_or(false)) return;
    WatchState& state = w.state;
    const bool over = said.outcome == Outcome::recovered || said.outcome == Outcome::recovered_with_sequelae;
    if (w.scene.zoster.empty()) {
        AlertCause* cause = raise(w, {SubjectRule::neuralgia, 0, Urgency::info, fact.at});
        if (cause == nullptr) return;
        cause->flags.add(Flag::unconfirmed_infection);  // no zoster is known before it
        add_at(w, *cause, Detail::report, fact.at, fact.record);
        return;
    }
    state.neuralgia_rash = w.scene.zoster.back().onset;
    state.neuralgia_ordinal = w.scene.zoster.back().ordinal;
    state.neuralgia = {fact.at, {}, Comparator::unspecified, fact.record};
    Instant& check = state.check(WatchCheck::neuralgia);
    const Instant lasts = state.neuralgia_rash + days(w.limits().p06_pain_days);
    const bool ended_before = (over && fact.at < lasts) || fact.until < lasts;
    check = ended_before ? kNever : lasts;
    if (!ended_before && fact.at >= lasts) {
        check = kNever;
        check_neuralgia(w, fact.at);
    }
}

}  // namespace

void check_neuralgia(const Watching& w, Instant at) {
    AlertCause* cause = raise(w, {SubjectRule::neuralgia, w.state.neuralgia_ordinal, Urgency::info, at});
    if (cause == nullptr) return;
    add_at(w, *cause, Detail::previous, w.state.neuralgia_rash);
    add_at(w, *cause, Detail::report, w.state.neuralgia.at, w.state.neuralgia.record);
}

void watch_infection(const Watching& w, const Fact& fact, bool zoster_changed) {
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Infection>(fact.body);
    if (said == nullptr || said->certainty == Certainty::refuted) return;
    neuralgia(w, fact, *said);
    if (zoster_changed && !w.scene.zoster.empty()) {
        any_zoster(w, w.scene.zoster.back(), fact, *said);
        severe_zoster(w, w.scene.zoster.back(), fact, *said);
    }
    if (is_neuralgia_alone(*said)) return;
    if (said->organism == Organism::cmv) w.state.cmv_tested = fact.at;
    const Pathogen pathogen = pathogen_of(*said);
    WatchedInfection* infection = episode_for(w, fact, *said, pathogen);
    if (infection == nullptr) {
        auto& all = w.state.infections;
        if (all.size() == WatchState::kMostInfections) all.erase(all.begin());
        WatchedInfection next;
        next.onset = next.last = fact.at;
        next.ordinal = ++w.state.infections_begun;
        next.record = fact.record;
        infection = &all.emplace_back(std::move(next));
    }
    extend(w, *infection, fact, *said, pathogen);
    repeated(w, *infection, fact.at);
    after_therapy(w, *infection, fact.at);
    check_low_igg(w, fact.at);
}

void check_low_igg(const Watching& w, Instant at) {
    if (!w.infused()) return;
    const WatchState& state = w.state;
    const ImmuneRules& immune = w.rules().immune;
    if (low(state.igg, at, immune.igg_valid_days, whole(immune.igg_low_g_per_l)) != Standing::yes) return;
    if (state.cover(CoverKind::immunoglobulin).covers(at)) return;
    std::vector<const WatchedInfection*> counted;
    std::int32_t serious = 0;
    std::int32_t treated = 0;
    for (const WatchedInfection& one : state.infections) {
        if (!one.sinopulmonary || at - one.onset > days(w.limits().p02_window_days)) continue;
        serious += one.serious ? 1 : 0;
        treated += one.treated ? 1 : 0;
        if (one.serious || one.treated) counted.push_back(&one);
    }
    if (serious < w.limits().p02_serious && treated < w.limits().p02_treated) return;
    const std::int32_t weight = serious + static_cast<std::int32_t>(counted.size());
    AlertCause* cause = raise(w, {SubjectRule::low_igg_infections, 1, Urgency::high, at, weight});
    if (cause == nullptr) return;
    add_test(w, *cause, Detail::igg, state.igg);
    add(*cause, Detail::serious, serious);
    add(*cause, Detail::treated, treated);
    for (const WatchedInfection* one : counted)
        add_at(w, *cause, Detail::infection, one->onset, one->record, organism_text(*one));
    const Cover& cover = state.cover(CoverKind::immunoglobulin);
    if (cover.began != kAlways) add_at(w, *cause, Detail::last_dose, cover.began, cover.began_by, "immunoglobulin");
    add_medication(w, *cause);
}

void check_b_cell_aplasia(const Watching& w, Instant at) {
    if (!w.infused() || w.day(at) <= w.limits().p03_after_day) return;
    const WatchState& state = w.state;
    const ImmuneRules& immune = w.rules().immune;
    const bool igg = low(state.igg, at, immune.igg_valid_days, whole(immune.igg_low_g_per_l)) == Standing::yes;
    const bool absent = low(state.b_cells, at, immune.cd19_valid_days, per_ul(immune.cd19_low_per_ul)) == Standing::yes;
    if (!igg || !absent) return;
    AlertCause* cause = raise(w, {SubjectRule::b_cell_aplasia, 1, Urgency::medium, at});
    if (cause == nullptr) return;
    add_test(w, *cause, Detail::b_cells, state.b_cells);
    add_at(w, *cause, Detail::b_cells_since, state.b_cells_absent_since);
    add_test(w, *cause, Detail::igg, state.igg);
}

}  // namespace cellvigil
