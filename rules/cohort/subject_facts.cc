#include "rules/cohort/subject_facts.h"

#include <algorithm>

#include "rules/timeline/fold.h"

namespace cellvigil {
namespace {

bool matters(const Fact& fact) { return concerns_cohort(fact.kind, fact.analyte); }

bool is_counted(Analyte analyte) {
    return analyte == Analyte::neutrophils || analyte == Analyte::lymphocytes || analyte == Analyte::leukocytes ||
           analyte == Analyte::platelets || analyte == Analyte::haemoglobin || analyte == Analyte::igg ||
           analyte == Analyte::cd4 || analyte == Analyte::cd19;
}

// Values that no grader sees, cohorts do not see either.
std::vector<std::uint32_t> held_records(const std::vector<QualityItem>& quality) {
    std::vector<std::uint32_t> held;
    for (const QualityItem& item : quality) {
        if (!is_used(item.kind)) held.push_back(item.record.index);
    }
    std::sort(held.begin(), held.end());
    return held;
}

bool concerns_immune_toxicity(FactKind kind) {
    return kind == FactKind::observation || kind == FactKind::ice_assessment || kind == FactKind::neuro_finding ||
           kind == FactKind::intervention || kind == FactKind::adjudication;
}

}  // namespace

bool concerns_cohort(FactKind kind, Analyte analyte) {
    switch (kind) {
        case FactKind::observation:
            return is_counted(analyte);
        case FactKind::intervention:
        case FactKind::enrollment:
        case FactKind::infusion:
        case FactKind::adverse_event:
        case FactKind::infection:
        case FactKind::disease_status:
        case FactKind::subsequent_therapy:
        case FactKind::death:
        case FactKind::contact:
        case FactKind::consent_change:
        case FactKind::retraction:
        case FactKind::adjudication:  // may reject a value
            return true;
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::site_heartbeat:
            return false;
    }
    return true;
}

bool share_may_change(const Event& event, const ApplyOutcome& outcome, const SubjectSummary& after) {
    if (outcome.what == Applied::duplicate) return false;
    // What corrects, conflicts or takes back may concern a fact of another kind than its own.
    if (outcome.what != Applied::applied || event.version > 1 || event.action != RecordAction::create) return true;
    if (outcome.summary_changed) return true;
    // Who is not enrolled belongs where the latest fact came from.
    if (outcome.held == Reason::before_enrolment) return true;
    const FactKind kind = kind_of(event.body);
    const auto* observed = std::get_if<Observation>(&event.body);
    if (concerns_cohort(kind, observed == nullptr ? Analyte::other : observed->analyte)) return true;
    return after.reinfused && concerns_immune_toxicity(kind);
}

std::int32_t day_since(SiteDate infused, Instant at, UtcOffset offset) {
    return infusion_day(infused, site_date(at, offset)).value;
}
std::int32_t day_since(SiteDate infused, const Fact& fact) { return day_since(infused, fact.at, fact.offset); }

SubjectFacts subject_facts(const SubjectTimeline& timeline, const RuleSet& rules, std::optional<Instant> known_at,
                           std::optional<Instant> data_cut) {
    const Instant as_of = data_cut.value_or(kAlways);
    SubjectTimeline::Known known = timeline.known(rules, known_at, as_of, matters);
    SubjectFacts subject;
    subject.key = timeline.key();
    subject.cohort = std::move(known.cohort);
    subject.site = std::move(known.site);
    subject.summary = known.derived.summary;
    subject.data_cut = data_cut;
    const std::vector<std::uint32_t> held = held_records(known.derived.quality);
    Instant died = kNever;
    for (const Fact& fact : known.facts) {
        const bool verifies = fact.kind == FactKind::contact || fact.kind == FactKind::death;
        if (data_cut && fact.at > *data_cut && !verifies) continue;
        if (fact.kind == FactKind::death && died == kNever) died = fact.at;
        if (fact.at > died && !exempt_after_death(fact.kind)) continue;
        subject.records.push_back(timeline.record_text(fact.record));
        subject.facts.push_back(fact);
        if (std::binary_search(held.begin(), held.end(), fact.record.index)) subject.facts.back().has_value = false;
    }
    for (const Assessment& said : known.derived.assessments) {
        const bool immune = said.scale == Scale::astct_crs_2019 || said.scale == Scale::astct_icans_2019;
        if (immune && said.infusion > 1 && (!data_cut || said.at <= *data_cut)) subject.assessments.push_back(said);
    }
    return subject;
}

}  // namespace cellvigil
