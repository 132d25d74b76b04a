#include "rules/grade/disagreement.h"

#include <algorithm>
#include <variant>

#include "rules/grade/ctcae_version.h"
#include "rules/grade/panel.h"
#include "rules/grade/reported_term.h"

namespace cellvigil {
namespace {

bool is_window(Scale scale) {
    return scale == Scale::icaht_early || scale == Scale::icaht_late || scale == Scale::t_icaht ||
           scale == Scale::car_hematotox;
}

bool is_registered_term(Term term) {
    return term == Term::secondary_malignancy || term == Term::t_cell_malignancy || term == Term::licats ||
           term == Term::enterocolitis;
}

// The score is taken before the infusion, so what was reported before the first is about it.
bool of_same_infusion(const ComputedStretch& one, const ReportedGrade& report) {
    if (one.scale == Scale::car_hematotox && report.infusion == 0) return one.infusion == 1;
    return one.infusion == report.infusion;
}

// Compared by the report's own record, so not kept as stretches.
bool is_by_record(Term term) { return is_infection_term(term) || is_registered_term(term); }

void add_report(CopyOnWrite<GradeLedger>& ledger, const Fact& fact, const InfusionContext& infusion, SiteGrade given,
                std::optional<Term> term, std::int32_t day) {
    if (ledger->reports.size() >= GradeLedger::kMaxReports) return;
    ReportedGrade report;
    report.record = fact.record;
    report.scale = given.scale;
    report.has_term = term.has_value();
    report.term = term.value_or(Term::none);
    report.infusion = infusion.ordinal;
    report.day = day;
    report.at = fact.at;
    report.imputed = (fact.flags & bit(EventFlag::imputed_date)) != 0;
    report.grade = static_cast<Grade>(given.grade);
    ledger.edit().reports.push_back(report);
}

ComputedStretch* last_of(std::vector<ComputedStretch>& computed, Scale scale, Term term) {
    for (auto one = computed.rbegin(); one != computed.rend(); ++one) {
        if (one->scale == scale && one->term == term) return &*one;
    }
    return nullptr;
}

bool goes_on(const ComputedStretch& stretch, const Assessment& said, std::uint16_t episode) {
    constexpr hours kSameWithout{24};
    if (stretch.infusion != said.infusion || stretch.episode != episode) return false;
    if (stretch.end == kNever || episode > 0 || is_window(said.scale)) return true;
    return said.at - stretch.end <= kSameWithout;
}

void raise(ComputedStretch& stretch, const Assessment& said) {
    if (stretch.told == said.at) {
        stretch.max = stretch.max_before;
        stretch.max_upper = stretch.upper_before;
        stretch.evidence = stretch.evidence_before;
    } else {
        stretch.told = said.at;
        stretch.max_before = stretch.max;
        stretch.upper_before = stretch.max_upper;
        stretch.evidence_before = stretch.evidence;
    }
    const bool window = is_window(said.scale);
    if (window || said.grade > stretch.max || !stretch.evidence[0].known()) stretch.evidence = said.evidence;
    stretch.max = window ? said.grade : std::max(stretch.max, said.grade);
    stretch.max_upper = window ? said.grade_upper : std::max(stretch.max_upper, said.grade_upper);
}

struct Computed {
    bool any = false;
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    std::array<RecordRef, kMaxEvidence> evidence{};
};

Computed of_record(const ReportedGrade& report, const PanelState& panel) {
    Computed found;
    if (is_infection_term(report.term)) {
        const GradedInfection* episode = episode_of(*panel.infections, report.record);
        if (episode == nullptr) return found;
        const InfectionGrade graded = grade_infection(episode->term(), episode->picture);
        return {true, graded.grade, graded.upper, evidence_of(*episode)};
    }
    for (const RegisteredEvent& event : panel.registered->events) {
        if (event.records[0] != report.record) continue;
        const RegisteredGrade graded = grade_registered(event);
        found = {true, graded.grade, graded.upper, {}};
        std::copy(event.records.begin(), event.records.end(), found.evidence.begin());
    }
    return found;
}

Computed of_time(const ReportedGrade& report, const GradeLedger& ledger, hours tolerance) {
    Computed found;
    for (const ComputedStretch& one : ledger.computed) {
        if (one.scale != report.scale || one.term != report.term) continue;
        const bool within =
            report.at >= one.onset - tolerance && (one.end == kNever || report.at <= one.end + tolerance);
        if (is_window(one.scale) ? !of_same_infusion(one, report) : !within) continue;
        if (!found.any || one.max > found.grade) {
            found.grade = one.max;
            found.evidence = one.evidence;
        }
        found.any = true;
        found.upper = std::max(found.upper, one.max_upper);
    }
    return found;
}

bool is_computed(Scale scale, const SubjectContext& subject) {
    return kComputedScales.has(scale) &&
           (subject.scales.has(scale) || scale == Scale::astct_crs_2019 || scale == Scale::astct_icans_2019);
}

Disagreement begun(const ReportedGrade& report, NotComputed why) {
    Disagreement item;
    item.kind = DisagreementKind::not_computed;
    item.why = why;
    item.scale = report.scale;
    item.term = report.term;
    item.infusion = report.infusion;
    item.day = report.day;
    item.at = report.at;
    item.imputed = report.imputed;
    item.reported = report.grade;
    item.report = report.record;
    return item;
}

std::optional<Disagreement> compare(const ReportedGrade& report, const GradeLedger& ledger, const PanelState& panel,
                                    const SubjectContext& subject, const RuleSet& rules) {
    if (!is_computed(report.scale, subject)) return begun(report, NotComputed::scale);
    if (!report.has_term) return begun(report, NotComputed::term);
    const Computed found =
        is_by_record(report.term) ? of_record(report, panel) : of_time(report, ledger, rules.report_tolerance);
    if (!found.any) {
        if (report.grade == 0) return std::nullopt;
        return begun(report, NotComputed::episode);
    }
    Disagreement item = begun(report, NotComputed::none);
    item.computed = found.grade;
    item.computed_upper = found.upper;
    item.evidence = found.evidence;
    if (report.grade == found.grade) return std::nullopt;
    if (found.upper == kNotGradable) {
        item.why = NotComputed::grade;
        return item;
    }
    const bool possible = report.grade >= found.grade && report.grade <= found.upper;
    item.kind = possible ? DisagreementKind::left_open : DisagreementKind::differs;
    return item;
}

}  // namespace

const char* name_of(DisagreementKind kind) {
    switch (kind) {
        case DisagreementKind::differs:
            return "differs";
        case DisagreementKind::left_open:
            return "left_open";
        case DisagreementKind::not_computed:
            return "not_computed";
    }
    return "unknown";
}

const char* name_of(NotComputed why) {
    switch (why) {
        case NotComputed::none:
            return "";
        case NotComputed::scale:
            return "scale";
        case NotComputed::term:
            return "term";
        case NotComputed::episode:
            return "episode";
        case NotComputed::grade:
            return "grade";
    }
    return "";
}

bool note_report(CopyOnWrite<GradeLedger>& ledger, const Fact& fact, const InfusionContext& infusion) {
    if (fact.body == nullptr) return false;
    std::int32_t day = 0;
    if (infusion.ordinal > 0) day = infusion_day(infusion.date, site_date(fact.at, infusion.offset)).value;
    if (const auto* event = std::get_if<AdverseEvent>(fact.body)) {
        if (!event->reported) return false;
        const SiteGrade given = *event->reported;
        add_report(ledger, fact, infusion, given, reported_term(*event, given.scale, day), day);
        return true;
    }
    const auto* infection = std::get_if<Infection>(fact.body);
    if (infection == nullptr || infection->certainty == Certainty::refuted) return false;
    for (const SiteGrade given : infection->severities) {
        std::optional<Term> term;
        if (is_ctcae(given.scale)) term = infection_term(*infection);
        add_report(ledger, fact, infusion, given, term, day);
    }
    return !infection->severities.empty();
}

void note_statement(CopyOnWrite<GradeLedger>& ledger, const Assessment& said) {
    if (is_by_record(said.term)) return;
    const std::uint16_t episode = said.episode_open ? said.episode : std::uint16_t{0};
    const bool present = said.episode_open || (said.under_surveillance && (said.grade >= 1 || said.grade_upper >= 1));
    // Nothing before and nothing now: the most frequent case costs no copy.
    const auto& kept = ledger->computed;
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const ComputedStretch& one) {
        return one.scale == said.scale && one.term == said.term;
    });
    if (!known && !present) return;
    auto& computed = ledger.edit().computed;
    ComputedStretch* last = last_of(computed, said.scale, said.term);
    if (last != nullptr && present && goes_on(*last, said, episode)) {
        last->end = kNever;
        return raise(*last, said);
    }
    if (last != nullptr && last->end == kNever) {
        last->end = said.at;
        if (is_window(said.scale) && said.under_surveillance) raise(*last, said);
    }
    if (!present) return;
    if (computed.size() >= GradeLedger::kMaxStretches) computed.erase(computed.begin());
    ComputedStretch next;
    next.scale = said.scale;
    next.term = said.term;
    next.infusion = said.infusion;
    next.episode = episode;
    next.onset = said.at;
    raise(next, said);
    computed.push_back(next);
}

void note_resolution(CopyOnWrite<GradeLedger>& ledger, const Episode& episode) {
    if (!episode.resolved || is_by_record(episode.term)) return;
    for (ComputedStretch& one : ledger.edit().computed) {
        const bool same = one.scale == episode.scale && one.term == episode.term && one.infusion == episode.infusion &&
                          one.episode == episode.ordinal;
        if (same) one.end = *episode.resolved;
    }
}

std::vector<Disagreement> disagreements_of(const GradeLedger& ledger, const PanelState& panel,
                                           const SubjectContext& subject, const RuleSet& rules) {
    std::vector<Disagreement> items;
    for (const ReportedGrade& report : ledger.reports) {
        if (auto item = compare(report, ledger, panel, subject, rules)) items.push_back(*item);
    }
    return items;
}

}  // namespace cellvigil
