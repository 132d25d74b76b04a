#include "daemon/simulate/simulation.h"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/wire/encode.h"
#include "rules/base/ensure.h"

namespace cellvigil::simulate {
namespace {

constexpr std::uint32_t kMostSubjects = 1'000'000;
constexpr std::uint32_t kMostSites = 99;

Result<void> check(const Parameters& parameters) {
    const auto bad = [](const char* what) { return fail(Errc::invalid, what); };
    if (parameters.subjects < 1 || parameters.subjects > kMostSubjects) return bad("subjects: 1 to 1000000");
    if (parameters.sites < 1 || parameters.sites > kMostSites) return bad("sites: 1 to 99");
    if (parameters.lots < 1) return bad("lots: at least 1");
    if (parameters.vitals.every_minutes < 1 || parameters.vitals.every_minutes > 24 * 60)
        return bad("vital signs: every 1 to 1440 minutes");
    if (parameters.now < Instant(days(10'957))) return bad("now: not before the year 2000");
    if (parameters.paediatric < 0 || parameters.paediatric > 1) return bad("paediatric share: 0 to 1");
    return {};
}

std::string site_name(std::uint32_t site) { return fmt::format("site-{:02}", site + 1); }

// Body by body, because an Event's text is views into what lives in `sent`.
Event event_of(const Transmission& sent, const Parameters& parameters, std::string_view site,
               std::string_view subject) {
    Event event;
    event.message_id = sent.message_id;
    event.source_system = sent.source;
    event.study = parameters.study;
    event.cohort = parameters.cohort;
    event.site = site;
    event.subject = subject;
    event.record = sent.record;
    event.action_reason = sent.reason;
    event.version = sent.version;
    event.action = sent.action;
    event.origin = sent.origin;
    event.producer_sequence = sent.sequence;
    event.effective = sent.effective;
    event.effective_end = sent.effective_end;
    event.recorded_at = sent.recorded;
    event.body = sent.body;
    return event;
}

bool carries(const Transmission& base, Payload needed) {
    if (base.action != RecordAction::create) return false;
    switch (needed) {
        case Payload::any:
            return !std::holds_alternative<Retraction>(base.body);
        case Payload::enrollment:
            return std::holds_alternative<Enrollment>(base.body);
        case Payload::quantity: {
            const auto* reading = std::get_if<Observation>(&base.body);
            return reading != nullptr && reading->value.has_value();
        }
    }
    return false;
}

}  // namespace

Result<Simulation> Simulation::make(Parameters parameters) {
    if (auto checked = check(parameters); !checked) return fail(checked.error());
    if (parameters.scenario_from == Instant{}) parameters.scenario_from = parameters.now - days(730);
    return Simulation(std::move(parameters));
}

Simulation::Simulation(Parameters parameters) : parameters_(std::move(parameters)), first_(parameters_.now) {
    ledger_.open(parameters_);
}

void Simulation::add_message(Instant at, std::string_view key, std::string_view value) {
    if (keys_.empty() || keys_.back() != key) keys_.emplace_back(key);
    pending_.push_back(
        {at, static_cast<std::uint32_t>(keys_.size() - 1), static_cast<std::uint32_t>(value.size()), bytes_.size()});
    bytes_.append(value);
    ++totals_.messages;
    totals_.bytes += value.size();
}

void Simulation::count(const Transmission& sent) {
    for (int index = 0; index < kFaults; ++index)
        if ((sent.faults & bit(static_cast<Fault>(index))) != 0) ++totals_.faults.at(static_cast<std::size_t>(index));
    if ((sent.faults & bit(Fault::sent_twice)) != 0) {
        ++totals_.repeats;
        return;
    }
    switch (sent.action) {
        case RecordAction::unspecified:
            break;
        case RecordAction::create:
            ++totals_.creates;
            break;
        case RecordAction::amend:
            ++totals_.amends;
            break;
        case RecordAction::retract:
            ++totals_.retracts;
            break;
    }
}

bool Simulation::break_one(const SubjectTruth& truth, const Transmission& base, std::string_view key,
                           std::string_view value) {
    // The kinds take turns, so that every one occurs; one oversize message of a megabyte is enough.
    const auto unwanted = [this](Malformed kind) {
        const bool made = totals_.malformed_by_kind.at(static_cast<std::size_t>(kind)) > 0;
        return (kind == Malformed::oversize && made) ||
               (kind == Malformed::wrong_key && !parameters_.stream.wrong_keys);
    };
    auto kind = static_cast<Malformed>(broken_ % kMalformed);
    while (unwanted(kind)) kind = static_cast<Malformed>(++broken_ % kMalformed);
    if (!carries(base, needed_by(kind))) return false;
    ++broken_;
    Random random =
        Random::stream(parameters_.seed, truth.index, (std::uint64_t{1} << 32U) + static_cast<std::uint64_t>(broken_));
    const std::string message_id = uuid_v7(base.recorded, random);
    const std::string record = fmt::format("m{}", broken_);
    const BrokenMessage made =
        broken(kind, {parameters_.study, truth.subject, base.recorded, key, value}, message_id, record, random);
    const std::string own_key = keys_.back();
    const Instant at = base.emitted + seconds(1);
    if (at >= parameters_.now) return true;
    add_message(at, made.key, made.value);
    if (made.key != own_key) keys_.push_back(own_key);
    ++totals_.malformed;
    ++totals_.malformed_by_kind.at(static_cast<std::size_t>(kind));
    ledger_.add_malformed(kind, message_id, at);
    return true;
}

void Simulation::add_subject_messages(const SubjectTruth& truth, const std::vector<Transmission>& sent) {
    Random random = stream_of(parameters_, truth.index, Purpose::malformed);
    const std::string site = site_name(truth.site);
    const std::string key = parameters_.study + "/" + truth.subject;
    for (const Transmission& one : sent) {
        if (one.emitted >= parameters_.now) {
            ++totals_.not_yet_sent;
            continue;
        }
        const std::string value = wire::encode(event_of(one, parameters_, site, truth.subject));
        add_message(one.emitted, key, value);
        count(one);
        ledger_.add_faults(truth, one);
        due_ += random.chance(parameters_.stream.malformed) ? 1 : 0;
        // A kind that finds no message to be made from waits for the next that carries what it needs.
        if (due_ > 0 && break_one(truth, one, key, value)) --due_;
    }
}

bool Simulation::draw_next() {
    if (next_ >= parameters_.subjects) return false;
    const SubjectTruth truth = draw_subject(parameters_, next_);
    ledger_.add_subject(truth, parameters_);
    first_ = std::min(first_, truth.at(-31));
    std::vector<Transmission> written = write_down(truth, parameters_, course_of(truth, parameters_));
    add_subject_messages(truth, transport(truth.index, truth.site, parameters_, std::move(written)));
    ++totals_.subjects;
    ++next_;
    return next_ < parameters_.subjects;
}

void Simulation::add_heartbeats() {
    for (std::uint32_t site = 0; site < parameters_.sites; ++site) {
        const std::string name = site_name(site);
        const std::string key = parameters_.study + "/site/" + name;
        for (const Transmission& beat : heartbeats(site, first_, parameters_)) {
            if (beat.emitted >= parameters_.now) continue;
            const std::string value = wire::encode(event_of(beat, parameters_, name, {}));
            add_message(beat.emitted, key, value);
            ++totals_.heartbeats;
            if ((beat.faults & bit(Fault::held_by_outage)) != 0)
                ++totals_.faults.at(static_cast<std::size_t>(Fault::held_by_outage));
        }
    }
}

void Simulation::finish() {
    ensure(next_ == parameters_.subjects, "every subject is drawn before the stream is put in order");
    add_heartbeats();
    std::stable_sort(pending_.begin(), pending_.end(), [](const Pending& a, const Pending& b) { return a.at < b.at; });
    ledger_.close(totals_);
}

Result<void> Simulation::emit(const std::function<Result<void>(const Outgoing&)>& take) const {
    const std::string_view bytes = bytes_;
    for (const Pending& one : pending_)
        if (auto taken = take({one.at, keys_[one.key], bytes.substr(one.offset, one.size)}); !taken) return taken;
    return {};
}

}  // namespace cellvigil::simulate
