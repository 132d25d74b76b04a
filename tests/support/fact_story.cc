#include "tests/support/fact_story.h"

#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::story {
namespace {

Quantity quantity(double value) {
    const auto amount = quantity_of(value);
    ensure(amount.has_value(), "a story tells finite amounts");
    return *amount;
}

Observation observation(Analyte analyte, Quantity value) {
    Observation told;
    told.analyte = analyte;
    told.status = ResultStatus::final;
    told.value = value;
    return told;
}

Intervention drug(Agent agent, InterventionPhase phase) {
    Intervention told;
    const bool pressor = agent >= Agent::norepinephrine && agent <= Agent::terlipressin;
    told.kind = pressor ? InterventionKind::vasopressor : InterventionKind::drug;
    told.phase = phase;
    told.agent = agent;
    told.by_infusion = phase != InterventionPhase::single;
    return told;
}

}  // namespace

Story::Story() = default;

Story& Story::tell(Instant at, Body body, std::string record) {
    return tell_until(at, kNever, std::move(body), std::move(record));
}

Story& Story::tell_until(Instant at, Instant until, Body body, std::string record) {
    Told told;
    told.message_id = "m-" + std::to_string(next_);
    told.record = record.empty() ? "r-" + std::to_string(next_) : std::move(record);
    ++next_;
    Event& event = told.event;
    event.version = 1;
    event.action = RecordAction::create;
    event.origin = DataOrigin::test;
    event.effective = {at, at, kOffset, TimePrecision::second};
    if (until != kNever) event.effective_end = EffectiveTime{until, until, kOffset, TimePrecision::second};
    event.recorded_at = at + minutes(1);
    event.appended_at = at + minutes(2);
    event.body = std::move(body);
    event.content_hash = hash64(told.record + "#" + std::to_string(next_));
    told_.push_back(std::move(told));
    return *this;
}

Story& Story::last_with(EventFlags flags) {
    told_.back().event.flags = flags;
    if (auto* value = std::get_if<Observation>(&told_.back().event.body)) {
        if ((flags & (bit(EventFlag::implausible) | bit(EventFlag::unit_unknown))) != 0) value->value.reset();
    }
    return *this;
}

Story& Story::enrolled(Enrollment enrollment) {
    return tell(infusion_time() - days(14), std::move(enrollment), "enrollment");
}
Story& Story::adult() {
    Enrollment enrollment;
    enrollment.age_years = 58;
    return enrolled(enrollment);
}
Story& Story::aged_years(std::uint32_t years) {
    Enrollment enrollment;
    enrollment.age_years = years;
    return enrolled(enrollment);
}
Story& Story::aged_days(std::uint32_t age_days) {
    Enrollment enrollment;
    enrollment.age_days = age_days;
    return enrolled(enrollment);
}
Story& Story::infused(Instant at, std::string lot) {
    Infusion infusion;
    infusion.product = {"urn:cellvigil:product", "C-CAR039", ""};
    infusion.lot = std::move(lot);
    return tell(at, infusion);
}
Story& Story::temperature(Instant at, double celsius) {
    return tell(at, observation(Analyte::temperature, quantity(celsius)));
}
Story& Story::systolic(Instant at, int mmhg) { return tell(at, observation(Analyte::systolic, whole(mmhg))); }
Story& Story::mean_pressure(Instant at, int mmhg) { return tell(at, observation(Analyte::mean_arterial, whole(mmhg))); }
Story& Story::spo2(Instant at, int percent) { return tell(at, observation(Analyte::spo2, whole(percent))); }
Story& Story::lab(Instant at, Analyte analyte, double value) { return tell(at, observation(analyte, quantity(value))); }
Story& Story::starts(Instant at, Agent agent) { return tell(at, drug(agent, InterventionPhase::start)); }
Story& Story::stops(Instant at, Agent agent) { return tell(at, drug(agent, InterventionPhase::stop)); }
Story& Story::gives(Instant at, Agent agent) { return tell(at, drug(agent, InterventionPhase::single)); }
Story& Story::transfuses(Instant at, BloodProduct product) {
    Intervention told;
    told.kind = InterventionKind::transfusion;
    told.phase = InterventionPhase::single;
    told.product = product;
    return tell(at, told);
}
Story& Story::bolus(Instant at, int ml, Indication indication) {
    Intervention told;
    told.kind = InterventionKind::fluid_bolus;
    told.phase = InterventionPhase::single;
    told.indication = indication;
    told.volume_ml = whole(ml);
    told.duration_min = whole(30);
    return tell(at, told);
}
Story& Story::oxygen(Instant at, OxygenDevice device, std::optional<double> flow, Indication indication) {
    Intervention told;
    told.kind = InterventionKind::oxygen;
    told.phase = InterventionPhase::start;
    told.device = device;
    told.indication = indication;
    if (flow) told.flow_l_min = quantity(*flow);
    return tell(at, told);
}
Story& Story::ice(Instant at, std::uint32_t total, Consciousness consciousness) {
    IceAssessment told;
    told.total = total;
    told.consciousness = consciousness;
    return tell(at, told);
}
Story& Story::neuro(Instant at, NeuroFinding finding) { return tell(at, finding); }
Story& Story::signed_other(Instant at, Scale scale, Component component, std::string cause) {
    Adjudication told;
    told.scale = scale;
    told.component = component;
    told.verdict = Verdict::other_cause;
    told.other_cause = std::move(cause);
    told.clinician = "clinician-1";
    told.role = "investigator";
    told.signed_at = at;
    return tell(at, told);
}
Story& Story::died(Instant at, DeathCause cause) {
    Death told;
    told.principal = cause;
    return tell(at, told);
}

Event event_of(const Told& told) {
    Event event = told.event;
    event.message_id = told.message_id;
    event.record = told.record;
    event.infusion_record = told.infusion;
    event.source_system = "ehr";
    event.study = "STUDY";
    event.cohort = "COHORT";
    event.site = "site-01";
    event.subject = "S-001";
    return event;
}

SubjectTimeline Story::timeline(const RuleSet& rules) const {
    SubjectTimeline timeline("STUDY/S-001");
    for (const Told& told : told_) static_cast<void>(timeline.apply(event_of(told), rules));
    return timeline;
}

Assessment Story::at(Instant at, Scale scale, const RuleSet& rules) const {
    Assessment last;
    last.under_surveillance = false;
    for (const Assessment& said : timeline(rules).derived(rules, at).assessments) {
        if (said.scale == scale && said.at <= at) last = said;
    }
    return last;
}
Assessment Story::at(Instant at, Scale scale, Term term, const RuleSet& rules) const {
    Assessment last;
    last.under_surveillance = false;
    for (const Assessment& said : timeline(rules).derived(rules, at).assessments) {
        if (said.scale == scale && said.term == term && said.at <= at) last = said;
    }
    return last;
}

}  // namespace cellvigil::story
