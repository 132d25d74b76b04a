#include "rules/timeline/subject_timeline.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "rules/base/ensure.h"
#include "rules/base/hash.h"
#include "rules/timeline/body_codec.h"
#include "rules/timeline/canonical.h"
#include "rules/timeline/chunks.h"
#include "rules/timeline/published.h"
#include "rules/timeline/records.h"
#include "rules/timeline/subject_context.h"
#include "rules/timeline/told_alerts.h"

namespace cellvigil {

struct SubjectTimeline::Impl {
    std::string key;
    Records records;
    Chunks chunks;
    SubjectContext context;
    std::vector<PublishedAlert> published;
    std::vector<std::uint32_t> changed;            // reused by apply()
    std::uint32_t enrolled = kNone;                // the live enrollment that describes the subject
    std::vector<AlertCause> causes;                // as of the last apply(): to see whether they changed
    CopyOnWrite<std::vector<AlertCause>> watched;  // likewise
    ReportedCases cases;
    Instant reached = kAlways;  // log time that advance() has reached
    SubjectSummary summary;

    std::vector<std::uint32_t> live_enrollments;
    std::vector<std::uint32_t> live_verdicts;  // on values
    std::vector<std::uint32_t> live_infusions;
    SubjectContext context_now(const RuleSet& rules) const {
        return context_from(records, {enrolled, live_verdicts, live_infusions}, rules);
    }
    std::uint32_t place_version() const;
    bool lives_alone(std::uint32_t version, const RuleSet& rules);
    bool relive(std::uint32_t record, const RuleSet& rules);
    Applied applied(std::uint32_t version, Added added) const;
    bool recontext(const RuleSet& rules);
    void rebuild(const RuleSet& rules);
    SubjectWatch watch_at(Instant until, const RuleSet& rules) const;
    bool note_causes(const RuleSet& rules);
    Derived derived(FoldOutput out, FoldState end, const SubjectContext& subject, const RuleSet& rules, Instant as_of,
                    const std::vector<AlertCause>& reported) const;
};

// Brings the fold in line with what is live of one record; true when anything changed.
bool SubjectTimeline::Impl::relive(std::uint32_t record, const RuleSet& rules) {
    const std::uint32_t before = records.records()[record].live;
    std::uint32_t now = records.live(record);
    if (now != kNone && records.versions()[now].action == RecordAction::retract) now = kNone;
    if (before == now) return false;
    const auto is_enrollment = [&](auto v) { return v != kNone && records.versions()[v].kind == FactKind::enrollment; };
    records.set_live(record, now);
    if (context.scales.empty()) context = context_now(rules);
    const bool revoked = std::erase(live_verdicts, before) > 0;
    if (is_verdict_on_value(records, now)) live_verdicts.push_back(now);
    const bool infused = std::erase(live_infusions, before) > 0 || is_infusion(records, now);
    if (is_infusion(records, now)) live_infusions.push_back(now);
    // With verdicts about, a new record may be the one that a verdict names.
    const bool context_may_change =
        is_enrollment(before) || is_enrollment(now) || revoked || infused || !live_verdicts.empty();
    if (is_enrollment(before)) std::erase(live_enrollments, before);
    if (is_enrollment(now)) live_enrollments.push_back(now);
    if (context_may_change) {
        chunks.replace(before, kNone, records, context, rules);
        recontext(rules);
    }
    chunks.replace(context_may_change ? kNone : before, now, records, context, rules);
    return true;
}

bool SubjectTimeline::Impl::recontext(const RuleSet& rules) {
    enrolled = last_enrollment(records, live_enrollments);
    const SubjectContext next = context_now(rules);
    if (next == context) return false;
    context = next;
    chunks.rebuild(chunks.versions(), records, context, rules);
    return true;
}

void SubjectTimeline::Impl::rebuild(const RuleSet& rules) {
    std::vector<std::uint32_t> live;
    live_enrollments.clear();
    live_verdicts.clear();
    live_infusions.clear();
    for (std::uint32_t i = 0; i < records.records().size(); ++i) {
        std::uint32_t version = records.live(i);
        if (version != kNone && records.versions()[version].action == RecordAction::retract) version = kNone;
        records.set_live(i, version);
        if (version == kNone) continue;
        live.push_back(version);
        if (records.versions()[version].kind == FactKind::enrollment) live_enrollments.push_back(version);
        if (is_verdict_on_value(records, version)) live_verdicts.push_back(version);
        if (is_infusion(records, version)) live_infusions.push_back(version);
    }
    enrolled = last_enrollment(records, live_enrollments);
    context = context_now(rules);
    chunks.rebuild(std::move(live), records, context, rules);
}

// The watch when log time has reached `until`; most often that is no later than the last fact, and nothing is copied
// twice.
SubjectWatch SubjectTimeline::Impl::watch_at(Instant until, const RuleSet& rules) const {
    SubjectWatch watch = chunks.end().watch;
    if (watch.wake <= until) run_watch(watch, chunks.end(), until, context, rules);
    return watch;
}

// True when the causes are others than before.
bool SubjectTimeline::Impl::note_causes(const RuleSet& rules) {
    const FoldState& end = chunks.end();
    const bool moved = end.causes != causes;
    if (moved) causes = end.causes;
    if (end.watch.wake > reached) {
        if (end.watch.causes == watched) return moved;
        watched = end.watch.causes;
        return true;
    }
    SubjectWatch ahead = watch_at(reached, rules);
    if (ahead.causes == watched) return moved;
    watched = std::move(ahead.causes);
    return true;
}

SubjectTimeline::SubjectTimeline(std::string_view key) : impl_(std::make_unique<Impl>()) {
    impl_->key = std::string(key);
}
SubjectTimeline::~SubjectTimeline() = default;
SubjectTimeline::SubjectTimeline(SubjectTimeline&&) noexcept = default;
SubjectTimeline& SubjectTimeline::operator=(SubjectTimeline&&) noexcept = default;

// Takes in what has only ever been said once, as most facts are: a reading with no verdicts about, so that nothing but
// the reading itself can be news. False: relive() has to look.
bool SubjectTimeline::Impl::lives_alone(std::uint32_t version, const RuleSet& rules) {
    const Version& stored = records.versions()[version];
    if (stored.kind != FactKind::observation || stored.action == RecordAction::retract) return false;
    if (!live_verdicts.empty() || context.scales.words()[0] == 0 || !records.is_only(version)) return false;
    records.set_live(stored.record, version);
    chunks.insert(version, records, context, rules);
    return true;
}

Applied SubjectTimeline::Impl::applied(std::uint32_t version, Added added) const {
    switch (added) {
        case Added::duplicate:
            return Applied::duplicate;
        case Added::version_conflict:
            return Applied::version_conflict;
        case Added::id_reuse:
            return Applied::id_reuse;
        case Added::fresh:
            break;
    }
    const Version& stored = records.versions()[version];
    const bool live = stored.action == RecordAction::retract ? records.live(stored.record) == version
                                                             : records.records()[stored.record].live == version;
    return live ? Applied::applied : Applied::superseded;
}

ApplyOutcome SubjectTimeline::apply(const Event& event, const RuleSet& rules) {
    return apply(event, keys_of(event.source_system, event.record, event.message_id), rules);
}

ApplyOutcome SubjectTimeline::apply(const Event& event, const EventKeys& keys, const RuleSet& rules) {
    Impl& self = *impl_;
    ApplyOutcome outcome;
    std::uint32_t version = kNone;
    self.changed.clear();
    const Added added = self.records.add(event, keys, version, self.changed);
    bool moved = added == Added::fresh && self.lives_alone(version, rules);
    if (!moved) {
        for (const std::uint32_t record : self.changed) {
            moved = self.relive(record, rules) || moved;
            outcome.alerts_changed = self.cases.note(self.records, record, rules) || outcome.alerts_changed;
        }
        outcome.what = self.applied(version, added);
    }
    const FoldState& end = self.chunks.end();
    const Version& stored = self.records.versions()[version];
    if (end.dead && stored.from > end.died && !exempt_after_death(stored.kind)) outcome.held = Reason::after_death;
    if (!self.context.enrolled && stored.kind != FactKind::site_heartbeat) outcome.held = Reason::before_enrolment;
    if (!moved) return outcome;
    outcome.alerts_changed = self.note_causes(rules) || outcome.alerts_changed;
    if (end.summary == self.summary) return outcome;
    if (end.summary.quality != self.summary.quality) {
        const auto kind = self.chunks.held_as({stored.record});
        if (kind && !outcome.held) outcome.held = held_reason(*kind);
    }
    self.summary = end.summary;
    outcome.summary_changed = true;
    return outcome;
}

Applied SubjectTimeline::collect(const Event& event) {
    std::uint32_t version = kNone;
    impl_->changed.clear();
    const EventKeys keys = keys_of(event.source_system, event.record, event.message_id);
    switch (impl_->records.add(event, keys, version, impl_->changed)) {
        case Added::duplicate:
            return Applied::duplicate;
        case Added::version_conflict:
            return Applied::version_conflict;
        case Added::id_reuse:
            return Applied::id_reuse;
        case Added::fresh:
            break;
    }
    const std::uint32_t record = impl_->records.versions()[version].record;
    return impl_->records.live(record) == version ? Applied::applied : Applied::superseded;
}

std::vector<AlertChange> SubjectTimeline::publish() {
    Impl& self = *impl_;
    std::vector<SubjectAlert> now;
    for (const AlertCause& cause : self.causes) now.push_back(alert_of(cause, self.records));
    for (const AlertCause& cause : *self.watched) now.push_back(alert_of(cause, self.records));
    for (const AlertCause& cause : self.cases.causes()) now.push_back(alert_of(cause, self.records));
    return changes_since(self.published, std::move(now), self.key);
}

std::vector<CaseReport> SubjectTimeline::cases() { return impl_->cases.take(impl_->records, impl_->key); }

void SubjectTimeline::rederive(const RuleSet& rules) {
    impl_->rebuild(rules);
    impl_->cases.note_all(impl_->records, rules);
    static_cast<void>(impl_->note_causes(rules));
    impl_->summary = impl_->chunks.end().summary;
}

bool SubjectTimeline::advance(Instant as_of, const RuleSet& rules) {
    impl_->reached = std::max(impl_->reached, as_of);
    return impl_->note_causes(rules);
}

Instant SubjectTimeline::as_of() const { return impl_->reached; }

Instant SubjectTimeline::due(const RuleSet& rules) const {
    const SubjectWatch& watch = impl_->chunks.end().watch;
    return watch.wake > impl_->reached ? watch.wake : impl_->watch_at(impl_->reached, rules).wake;
}

bool SubjectTimeline::ahead() const { return impl_->chunks.end().watch.wake <= impl_->reached; }

std::vector<SubjectAlert> SubjectTimeline::alerts_at(Instant as_of, const RuleSet& rules) const {
    std::vector<SubjectAlert> alerts;
    for (const AlertCause& cause : all_causes(impl_->chunks.end(), impl_->watch_at(as_of, rules)))
        alerts.push_back(alert_of(cause, impl_->records));
    for (const AlertCause& cause : impl_->cases.causes()) alerts.push_back(alert_of(cause, impl_->records));
    return alerts;
}

void SubjectTimeline::prefetch() const {
    impl_->chunks.prefetch_front();
    impl_->records.prefetch_tables();
}

void SubjectTimeline::prefetch(const EventKeys& keys) const {
    impl_->records.prefetch(keys);
    impl_->chunks.prefetch_rest();
}

void SubjectTimeline::prefetch_last() const { impl_->chunks.prefetch_last(); }

const std::string& SubjectTimeline::key() const { return impl_->key; }
const SubjectSummary& SubjectTimeline::summary() const { return impl_->chunks.end().summary; }
std::size_t SubjectTimeline::records() const { return impl_->records.records().size(); }

// The live enrollment says where a subject belongs; without one, the last live fact does.
std::uint32_t SubjectTimeline::Impl::place_version() const { return enrolled != kNone ? enrolled : chunks.last(); }

std::string_view SubjectTimeline::cohort() const {
    const std::uint32_t version = impl_->place_version();
    if (version == kNone) return {};
    return impl_->records.places()[impl_->records.versions()[version].place].cohort;
}

std::string_view SubjectTimeline::site() const {
    const std::uint32_t version = impl_->place_version();
    if (version == kNone) return {};
    return impl_->records.places()[impl_->records.versions()[version].place].site;
}

std::size_t SubjectTimeline::memory_bytes() const {
    return sizeof(Impl) + impl_->records.memory_bytes() + impl_->chunks.memory_bytes();
}
std::uint64_t SubjectTimeline::folded_again() const { return impl_->chunks.folded_again(); }

std::string SubjectTimeline::record_text(RecordRef record) const {
    if (!record.known() || record.index >= impl_->records.records().size()) return {};
    return std::string(impl_->records.text(record.index));
}

Derived SubjectTimeline::Impl::derived(FoldOutput out, FoldState end, const SubjectContext& subject,
                                       const RuleSet& rules, Instant as_of,
                                       const std::vector<AlertCause>& reported) const {
    if (as_of != kAlways) run_timers(end, as_of, subject, rules, out);
    Derived result;
    result.quality = std::move(out.quality);
    result.assessments = settled_assessments(std::move(out.assessments));
    result.episodes = std::move(out.episodes);
    append_open_episodes(end, result.episodes);
    std::sort(result.episodes.begin(), result.episodes.end(), [](const Episode& a, const Episode& b) {
        return std::tuple(a.scale, a.term, a.infusion, a.ordinal) < std::tuple(b.scale, b.term, b.infusion, b.ordinal);
    });
    for (const AlertCause& cause : all_causes(end, end.watch)) result.alerts.push_back(alert_of(cause, records));
    for (const AlertCause& cause : reported) result.alerts.push_back(alert_of(cause, records));
    result.milestones = milestones_of(end, as_of == kAlways ? end.now : as_of, subject, rules);
    result.disagreements = disagreements_of(end, subject, rules);
    result.summary = end.summary;
    return result;
}

Derived SubjectTimeline::derived(const RuleSet& rules, Instant as_of) const {
    return impl_->derived(impl_->chunks.output(), impl_->chunks.end(), impl_->context, rules, as_of,
                          impl_->cases.causes());
}

Derived SubjectTimeline::derived_as_known(const RuleSet& rules, Instant known_at, Instant as_of) const {
    return derived_from(rules, known_facts(known_at), as_of, known_at);
}

std::vector<SubjectTimeline::KnownFact> SubjectTimeline::known_facts(Instant known_at) const {
    const Records& records = impl_->records;
    std::vector<KnownFact> known;
    for (const std::uint32_t version : records.live_at(known_at)) {
        const Version& stored = records.versions()[version];
        if (stored.action == RecordAction::retract) continue;
        known.push_back({version, stored.number, stored.appended_at, records.fact(version)});
    }
    return known;
}

Derived SubjectTimeline::derived_from(const RuleSet& rules, const std::vector<KnownFact>& known, Instant as_of,
                                      Instant known_at) const {
    const Impl& self = *impl_;
    std::vector<std::uint32_t> live;
    ContextSources sources;
    for (const KnownFact& one : known) {
        live.push_back(one.version);
        if (is_verdict_on_value(self.records, one.version)) sources.verdicts.push_back(one.version);
        if (is_infusion(self.records, one.version)) sources.infusions.push_back(one.version);
    }
    sources.enrollment = last_enrollment(self.records, live);
    const SubjectContext subject = context_from(self.records, sources, rules);
    const std::vector<AlertCause> reported = reported_cases(self.records, live, known_at, rules);
    Chunks scratch;
    scratch.rebuild(std::move(live), self.records, subject, rules);
    return self.derived(scratch.output(), scratch.end(), subject, rules, as_of, reported);
}

SubjectTimeline::Known SubjectTimeline::known(const RuleSet& rules, std::optional<Instant> known_at, Instant as_of,
                                              bool (*wanted)(const Fact&)) const {
    const Impl& self = *impl_;
    Known known;
    std::vector<std::uint32_t> versions;
    std::uint32_t place = self.place_version();
    if (known_at) {
        const std::vector<KnownFact> live = known_facts(*known_at);
        known.derived = derived_from(rules, live, as_of, *known_at);
        for (const KnownFact& one : live) versions.push_back(one.version);
        std::sort(versions.begin(), versions.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return fold_before(self.records, a, b); });
        const std::uint32_t enrolled = last_enrollment(self.records, versions);
        place = enrolled != kNone || versions.empty() ? enrolled : versions.back();
    } else {
        known.derived = derived(rules, as_of);
        versions = self.chunks.versions();
    }
    for (const std::uint32_t version : versions) {
        const Fact fact = self.records.fact(version);
        if (wanted(fact)) known.facts.push_back(fact);
    }
    if (place == kNone) return known;
    const Place& from = self.records.places()[self.records.versions()[place].place];
    known.cohort = from.cohort;
    known.site = from.site;
    return known;
}

std::string SubjectTimeline::snapshot() const {
    const Impl& self = *impl_;
    std::string bytes;
    ByteWriter out(bytes);
    out.u8(snapshot_version());
    out.u8(kBodyCodecVersion);
    out.text(self.key);
    out.i64(self.reached.time_since_epoch().count());
    write_published(out, self.published);
    self.records.write(bytes);
    return bytes;
}

Result<SubjectTimeline> SubjectTimeline::restore(std::string_view bytes, const RuleSet& rules) {
    ByteReader in(bytes);
    if (!is_present_snapshot(bytes)) {
        return fail(Errc::invalid,
                    "a subject's snapshot of another version: the daemon rebuilds it from its journal "
                    "(docs/operations.md, Upgrade)");
    }
    in.u8();
    in.u8();
    SubjectTimeline timeline(in.text());
    Impl& self = *timeline.impl_;
    self.reached = Instant(milliseconds(in.i64()));
    self.published = read_published(in);
    if (in.failed() || !Records::read(in.rest(), self.records))
        return fail(Errc::corrupt, "a subject's snapshot is cut or garbled");
    timeline.rederive(rules);
    return timeline;
}

std::string SubjectTimeline::canonical(const RuleSet& rules) const {
    return canonical_bytes(impl_->key, impl_->records, impl_->chunks.versions(), derived(rules, kAlways),
                           [this](RecordRef record) { return record_text(record); });
}

std::vector<Fact> SubjectTimeline::facts() const {
    std::vector<Fact> facts;
    for (const std::uint32_t version : impl_->chunks.versions()) facts.push_back(impl_->records.fact(version));
    return facts;
}

}  // namespace cellvigil
