#include "rules/cohort/infection_episode.h"

#include <algorithm>
#include <variant>

#include "rules/findings/zoster.h"

namespace cellvigil {
namespace {

struct Report {
    const Fact* fact = nullptr;
    const Infection* said = nullptr;
    const std::string* record = nullptr;  // "source/record"
    Pathogen pathogen;
    std::string site;
};

bool has_ended(const Infection& infection) {
    return infection.outcome == Outcome::recovered || infection.outcome == Outcome::recovered_with_sequelae ||
           infection.outcome == Outcome::fatal;
}

std::vector<Report> reports_of(const SubjectFacts& subject) {
    std::vector<Report> reports;
    for (std::size_t i = 0; i < subject.facts.size(); ++i) {
        const Fact& fact = subject.facts[i];
        const auto* said = fact.body == nullptr ? nullptr : std::get_if<Infection>(fact.body);
        if (said == nullptr || said->certainty == Certainty::refuted) continue;
        reports.push_back({&fact, said, &subject.records[i], pathogen_of(*said), site_of(*said)});
    }
    return reports;
}

// "source/record" names the record within its source; a site writes the record alone, or both.
bool names(const std::string& link, const std::string& record) {
    if (link == record) return true;
    const std::size_t slash = record.find('/');
    return slash != std::string::npos && record.compare(slash + 1, std::string::npos, link) == 0;
}

bool shares_site(const InfectionEpisode& episode, const std::string& site) {
    return !site.empty() && std::find(episode.sites.begin(), episode.sites.end(), site) != episode.sites.end();
}

bool within(const InfectionEpisode& episode, Instant at, days interval, const InfectionRules& rules) {
    const Instant from = rules.interval_from_onset ? episode.onset : episode.last;
    return at - from <= interval;
}

bool continues(const InfectionEpisode& episode, const Report& report, const InfectionRules& rules) {
    const Instant at = report.fact->at;
    for (const Pathogen& pathogen : episode.pathogens) {
        if (may_be_same(pathogen, report.pathogen) &&
            within(episode, at, recurrence_interval(report.pathogen.group, rules), rules)) {
            return true;
        }
    }
    const bool unknown = report.pathogen.group == RecurrenceGroup::unknown || episode.is(RecurrenceGroup::unknown);
    if (!shares_site(episode, report.site)) return false;
    if (unknown && within(episode, at, days(rules.recurrence.unknown), rules)) return true;
    // Zoster stands alone: what else is found in its skin is another infection.
    if (report.pathogen.group == RecurrenceGroup::vzv || episode.is(RecurrenceGroup::vzv)) return false;
    return at - episode.onset <= days(rules.coinfection_days);
}

class Episodes {
  public:
    explicit Episodes(const RuleSet& rules) : rules_(rules.infection) {}

    void take(const Report& report) {
        if (is_neuralgia_alone(*report.said)) {
            take_neuralgia(report);
            return;
        }
        InfectionEpisode* episode = linked(report);
        for (auto at = found_.episodes.rbegin(); episode == nullptr && at != found_.episodes.rend(); ++at) {
            if (continues(*at, report, rules_)) episode = &*at;
        }
        if (episode == nullptr) episode = &begin(report);
        extend(*episode, report);
    }
    // A course given to treat, which names no report: of the infection that it began in.
    void treat(const Fact& fact, const Intervention& given) {
        for (auto at = found_.episodes.rbegin(); at != found_.episodes.rend(); ++at) {
            if (at->onset > fact.at) continue;
            if (fact.at <= refractory_until(*at, rules_)) worsen(at->severity, severity_of_treatment(given.route));
            return;
        }
    }
    Infections result() && { return std::move(found_); }

  private:
    InfectionEpisode* linked(const Report& report) {
        if (report.said->linked_record.empty()) return nullptr;
        for (std::size_t i = 0; i < records_.size(); ++i) {
            if (names(report.said->linked_record, *records_[i].first)) return &found_.episodes[records_[i].second];
        }
        return nullptr;
    }
    InfectionEpisode& begin(const Report& report) {
        InfectionEpisode next;
        next.ordinal = static_cast<std::uint16_t>(found_.episodes.size() + 1);
        next.onset = report.fact->at;
        next.offset = report.fact->offset;
        next.last = report.fact->at;
        found_.episodes.push_back(std::move(next));
        return found_.episodes.back();
    }
    void extend(InfectionEpisode& episode, const Report& report) {
        const Infection& said = *report.said;
        const bool until_stated = report.fact->until != kNever;
        episode.resolved = until_stated || has_ended(said);
        episode.last = std::max(episode.last, until_stated ? report.fact->until : report.fact->at);
        const Certainty stated = said.certainty == Certainty::unspecified ? Certainty::probable : said.certainty;
        episode.certainty = std::min(episode.certainty, stated);  // proven comes first
        add_pathogen(episode, report.pathogen);
        if (!report.site.empty() && !shares_site(episode, report.site)) episode.sites.push_back(report.site);
        episode.zoster = std::max(episode.zoster, zoster_class(said));
        if (said.zoster) {
            episode.sine_herpete = episode.sine_herpete || said.zoster->sine_herpete.value_or(false);
            episode.postherpetic = episode.postherpetic || said.zoster->postherpetic_neuralgia.value_or(false);
        }
        episode.only_viraemia = episode.only_viraemia && said.viraemia_only.value_or(false);
        episode.imputed = episode.imputed || (report.fact->flags & bit(EventFlag::imputed_date)) != 0;
        worsen(episode.severity, severity_of(said));
        episode.records.push_back(report.fact->record);
        records_.emplace_back(report.record, static_cast<std::size_t>(&episode - found_.episodes.data()));
    }
    // An organism found later replaces "unknown"; a code found later names the organism more closely.
    static void add_pathogen(InfectionEpisode& episode, const Pathogen& pathogen) {
        for (Pathogen& known : episode.pathogens) {
            if (pathogen == known || (pathogen.group == RecurrenceGroup::unknown)) return;
            if (known.group == RecurrenceGroup::unknown) {
                known = pathogen;
                return;
            }
            if (!may_be_same(known, pathogen)) continue;
            if (known.code.empty()) known.code = pathogen.code;
            if (known.organism == Organism::unspecified) known.organism = pathogen.organism;
            return;
        }
        episode.pathogens.push_back(pathogen);
    }
    void take_neuralgia(const Report& report) {
        PostherpeticNeuralgia neuralgia{report.fact->at, 0, report.fact->record};
        for (auto at = found_.episodes.rbegin(); at != found_.episodes.rend(); ++at) {
            if (!at->is(RecurrenceGroup::vzv)) continue;
            at->postherpetic = true;
            neuralgia.episode = at->ordinal;
            break;
        }
        found_.neuralgias.push_back(neuralgia);
    }

    const InfectionRules& rules_;
    Infections found_;
    std::vector<std::pair<const std::string*, std::size_t>> records_;  // of which episode each report is
};

}  // namespace

bool InfectionEpisode::is(RecurrenceGroup group) const {
    return std::any_of(pathogens.begin(), pathogens.end(),
                       [group](const Pathogen& pathogen) { return pathogen.group == group; });
}

Infections infections_of(const SubjectFacts& subject, const RuleSet& rules) {
    Episodes episodes(rules);
    for (const Report& report : reports_of(subject)) episodes.take(report);
    for (const Fact& fact : subject.facts) {
        const auto* given = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
        if (given == nullptr || !given->treatment || given->phase == InterventionPhase::stop) continue;
        if (given->indication == Indication::infection || given->indication == Indication::unspecified)
            episodes.treat(fact, *given);
    }
    return std::move(episodes).result();
}

Instant refractory_until(const InfectionEpisode& episode, const InfectionRules& rules) {
    days longest{0};
    for (const Pathogen& pathogen : episode.pathogens)
        longest = std::max(longest, recurrence_interval(pathogen.group, rules));
    return (rules.interval_from_onset ? episode.onset : episode.last) + longest;
}

bool counts(const InfectionEpisode& episode, const InfectionRules& rules) {
    // proven 1, probable 2, possible 3 in the contract's order; the key counts them from possible upwards.
    const std::int32_t level = 4 - static_cast<std::int32_t>(episode.certainty);
    return !episode.only_viraemia && level >= rules.fewest_certainty;
}

}  // namespace cellvigil
