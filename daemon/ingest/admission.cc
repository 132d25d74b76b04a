#include "daemon/ingest/admission.h"

#include <algorithm>
#include <array>

#include "daemon/ingest/clean.h"
#include "daemon/ingest/headers.h"
#include "daemon/ingest/observation.h"
#include "daemon/ingest/recall.h"
#include "daemon/ingest/validate.h"
#include "daemon/wire/decode.h"
#include "daemon/wire/framing.h"
#include "rules/base/hash.h"
#include "rules/base/short_bytes.h"

namespace cellvigil::ingest {
namespace {

// Is the key "study/subject", or of a heartbeat "study/site/<site>"?
bool is_key_of(std::string_view key, const wire::SentEnvelope& sent) {
    const std::size_t study = sent.study.size();
    if (key.size() <= study || key[study] != '/' || !same_short(key.data(), sent.study)) return false;
    key.remove_prefix(study + 1);
    if (sent.payload != FactKind::site_heartbeat) return same_short(key, sent.subject);
    constexpr std::string_view kSite = "site/";
    return key.starts_with(kSite) && key.substr(kSite.size()) == sent.site;
}

}  // namespace

class Admission::Impl {
  public:
    Impl(std::shared_ptr<const Directory> directory, wire::Reading reading)
        : may_read_fast_(reading == wire::Reading::fast), decoder_(reading) {
        replace(std::move(directory));
    }

    void replace(std::shared_ptr<const Directory> directory) {
        directory_ = std::move(directory);
        senders_.clear();
        payloads_.clear();
        usual_ahead_ = std::min(directory_->clock_tolerance, directory_->clock_limit);
    }

    std::optional<Ids> read(const MessageView& message, const Head* head) {
        out_->issues.clear();
        head_ = head;
        readable_ = take(message);
        if (!readable_) {
            clear_event();
            return std::nullopt;
        }
        return Ids{.source = sent_.source_system, .record = sent_.record, .message = sent_.message_id};
    }

    const Admitted& judge(const MessageView& message, bool key_is_here) {
        if (readable_) judge_sent(message, key_is_here);
        conclude();
        return *out_;
    }

    bool admit_ahead(const MessageView& message, const Head& head, bool key_is_here, Admitted& into) {
        const Sender& sender = senders_.at(head.sender);
        const std::string_view value = message.value;
        const bool like_others = may_read_fast_ && key_is_here && sender.serial != 0 && sender.serial == head.serial &&
                                 sender.is_placed && message.headers.empty() && !value.starts_with('\0') &&
                                 value.size() <= directory_->max_value_bytes;
        if (!like_others || !wire::read_like(value, sent_, {&head.text, &payloads_, sender.speaker_hash})) {
            return false;
        }
        const MeantCode* meant = known_meaning(sender);
        out_ = &into;
        into.issues.clear();
        const bool accepted = (meant != nullptr && take_plain(message, *meant)) || take_clean(message, sender, meant);
        into.intake = Intake::accepted;
        into.source_hash = sender.source_hash;
        out_ = &own_;
        return accepted;
    }

    bool head_was_enough() const { return head_was_enough_; }
    void remember(Head& head) {
        if (!readable_ || sent_.subject.empty() || (sent_.head.empty() && !sent_.head_is_known)) return;
        const std::size_t place = Recall<Sender, kSenders>::place_of(sender_hash());
        const Sender& sender = senders_.at(place);
        if (sender.serial == 0 || !sender.is(sent_)) return;
        if (!sent_.head_is_known) head.text.remember(sent_.head, sent_);
        head.sender = static_cast<std::uint32_t>(place);
        head.serial = sender.serial;
    }

  private:
    // Of an observation that is like others in everything but its ids, times, number and panel, whose code means
    // `meant`. False: it is not, or something is the matter with it.
    bool take_plain(const MessageView& message, const MeantCode& meant) {
        Event& event = out_->event;
        Instant effective;
        Instant recorded;
        if (!is_plain(sent_, effective, recorded)) return false;
        const milliseconds ahead = std::max(effective, recorded) - std::min(recorded, message.appended_at);
        if (ahead > usual_ahead_ || recorded - effective > kVeryLate || sent_.version > 1) return false;
        fill_ids(message);
        event.flags = 0;
        event.effective.from = event.effective.until = effective;
        event.effective.offset = UtcOffset(*sent_.effective.offset_minutes);
        event.effective.precision = wire::precision_of(sent_.effective);
        event.effective_end.reset();
        event.recorded_at = recorded;
        take_number(payloads_.at(*sent_.known_payload).said(), sent_.observation.value, sent_.observation.panel, meant,
                    observation_of(event), event.flags);
        return true;
    }
    // Of an observation whose sender and subject are known: false: it is not accepted.
    bool take_clean(const MessageView& message, const Sender& sender, const MeantCode* meant) {
        if (sent_.known_payload) payloads_.complete(*sent_.known_payload, sent_.observation);
        if (!is_clean(sent_, {.names = true, .subject = true, .code = meant != nullptr})) return false;
        fill_ids(message);
        clear_rest();
        fill_times(sender.terms);
        fill_observation(sender, meant, true);
        check_clocks();
        return out_->issues.empty();
    }

    // Of a message that cannot be read.
    void clear_event() {
        sent_ = {};
        fill_ids({});
        clear_rest();
        if (auto* observation = std::get_if<Observation>(&out_->event.body)) {
            clear(*observation);
        } else {
            out_->event.body = Observation();
        }
    }
    // What fill_ids() does not say, and what is filled only as far as it was stated.
    void clear_rest() {
        Event& event = out_->event;
        event.flags = 0;
        event.effective = EffectiveTime();
        event.effective_end.reset();
        event.recorded_at = Instant();
    }

    void add(Reason reason, std::string path, std::string detail) {
        out_->issues.push_back({std::move(path), reason, std::move(detail)});
    }

    // Bytes to what was sent. False: nothing of it can be read.
    bool take(const MessageView& message) {
        const Directory& directory = *directory_;
        if (message.value.size() > directory.max_value_bytes) {
            add(Reason::oversize, "", "at most " + std::to_string(directory.max_value_bytes) + " bytes");
        }
        if (message.headers.size() > directory.max_headers) {
            add(Reason::oversize, "headers", "at most " + std::to_string(directory.max_headers));
        }
        if (!out_->issues.empty()) return false;
        std::string_view payload = message.value;
        framed_.event_id.reset();
        framed_.event_type.clear();
        if (!message.headers.empty() || payload.starts_with('\0')) {
            if (!unframer_.unframe(payload, Headers(message.headers), framed_, out_->issues)) return false;
            payload = framed_.payload;
            if (framed_.json && !take_json(payload)) return false;
        }
        wire::Known known{.head = nullptr, .payloads = &payloads_};
        if (head_ != nullptr) {
            known.head = &head_->text;
            known.speaker = senders_.at(head_->sender).speaker_hash;  // of whoever is there: a place to look at
        }
        if (decoder_.read(payload, sent_, known)) return true;
        out_->issues.push_back(decoder_.problem());
        return false;
    }

    bool take_json(std::string_view& payload) {
        std::vector<JsonItem> items = envelopes_of_json(payload);
        if (items.size() != 1) {
            add(Reason::unparsable, "", "one envelope is expected in a message");
            return false;
        }
        if (!items.front().issues.empty()) {
            out_->issues = std::move(items.front().issues);
            return false;
        }
        json_envelope_ = std::move(items.front().envelope);
        payload = json_envelope_;
        return true;
    }

    // What was sent to an Event, with every reason against it.
    void judge_sent(const MessageView& message, bool key_is_here) {
        fill_ids(message);
        clear_rest();
        const bool fast = decoder_.read_by_fast_reader();
        // A head is the subject's, and the subject was found under the key; a heartbeat has a key of another form.
        const bool like_subject = sent_.head_is_known && sent_.payload != FactKind::site_heartbeat;
        const bool key_fits = key_is_here && (like_subject || is_key_of(message.key, sent_));
        KnownClean known{.subject = key_fits};
        const Sender& sender = sender_of_sent(fast, known.names);
        const MeantCode* meant = fast ? known_meaning(sender) : nullptr;
        known.code = meant != nullptr;
        const bool clean = fast && keeps_all(known);
        if (!clean) validate(sent_, decoder_.fields(), out_->event.flags, out_->issues);
        if (sent_.unknown_enumerator) out_->event.flags |= bit(EventFlag::unknown_enumerator);
        fill_times(sender.terms);
        fill_body(sender, meant, clean);
        if (std::any_of(out_->issues.begin(), out_->issues.end(),
                        [](const Issue& issue) { return is_rejection(issue.reason); })) {
            return;
        }
        check_places(sender);
        check_event_headers();
        if (!key_fits) check_key(message);
        check_clocks();
    }

    bool keeps_all(const KnownClean& known) const {
        return sent_.payload == FactKind::observation ? is_clean(sent_, known)
                                                      : is_clean(sent_, decoder_.stated(), known);
    }

    // The sender as it is known from a message before, else as the directory has it. `clean`: its names keep their
    // limits.
    const Sender& sender_of_sent(bool fast, bool& clean) {
        clean = head_was_enough_ = false;
        if (!fast) return asked_ = look_up(*directory_, sent_);
        head_was_enough_ = sent_.head_is_known && senders_.at(head_->sender).serial == head_->serial;
        if (head_was_enough_) {
            clean = true;
            return senders_.at(head_->sender);
        }
        Sender& here = senders_.at(sender_hash());
        clean = here.serial != 0 && here.is(sent_);
        if (clean) return here;
        asked_ = look_up(*directory_, sent_);
        clean = names_are_clean(sent_);
        if (!clean) return asked_;
        asked_.serial = ++last_serial_;
        return here = asked_;
    }
    std::size_t sender_hash() const {
        return ending_of(sent_.site) + 5 * ending_of(sent_.cohort) + sent_.source_system.size();
    }

    // nullptr: not one that came before.
    const MeantCode* known_meaning(const Sender& sender) const {
        if (!sent_.known_payload) return nullptr;
        const KnownMeaning& here = meanings_[*sent_.known_payload];
        return here.at == sender.speaker ? &here.meant : nullptr;
    }
    void remember_meaning(const Sender& sender, const MeantCode& meant) {
        if (meant.analyte == Analyte::other || meant.unit == nullptr) return;
        const std::size_t place = sent_.known_payload
                                      ? *sent_.known_payload
                                      : payloads_.remember(sent_.in_order, sender.speaker_hash, sent_.observation);
        if (place != wire::KnownPayloads::kNowhere) meanings_[place] = {sender.speaker, meant};
    }

    void fill_ids(const MessageView& message) {
        Event& event = out_->event;
        event.message_id = sent_.message_id;
        event.source_system = sent_.source_system;
        event.study = sent_.study;
        event.cohort = sent_.cohort;
        event.site = sent_.site;
        event.subject = sent_.subject;
        event.record = sent_.record;
        event.infusion_record = sent_.infusion_record;
        event.action_reason = sent_.action_reason;
        event.version = sent_.version;
        event.action = sent_.action;
        event.origin = sent_.origin;
        event.producer_sequence = sent_.producer_sequence;
        event.appended_at = message.appended_at;
        event.content_hash = sent_.content_hash;
    }

    // The offset that holds for the message; times that are wrong have their issue already.
    void fill_times(const wire::SiteTerms& terms) {
        Event& event = out_->event;
        if (const auto recorded = instant_of(sent_.recorded_at)) event.recorded_at = *recorded;
        if (const auto effective = effective_time(sent_.effective, terms, event.flags)) {
            event.effective = *effective;
        } else if (sent_.payload == FactKind::site_heartbeat) {
            event.effective.from = event.effective.until = event.recorded_at;
        }
        if (sent_.effective_end.stated) event.effective_end = effective_time(sent_.effective_end, terms, event.flags);
    }

    void fill_body(const Sender& sender, const MeantCode* meant, bool clean) {
        if (sent_.payload == FactKind::observation) return fill_observation(sender, meant, clean);
        out_->event.body = decoder_.body(sender.terms, out_->event.flags);
    }
    static Observation& observation_of(Event& event) {
        auto* here = std::get_if<Observation>(&event.body);
        return here != nullptr ? *here : event.body.emplace<Observation>();
    }
    // `meant`: nullptr: to be found out, and remembered if it is `clean`.
    void fill_observation(const Sender& sender, const MeantCode* meant, bool clean) {
        Event& event = out_->event;
        Observation& to = observation_of(event);
        if (meant != nullptr) return take_observation(sent_.observation, *meant, to, event.flags);
        const MeantCode found = meant_by(sent_.observation, sender.terms);
        take_observation(sent_.observation, found, to, event.flags);
        if (clean) remember_meaning(sender, found);
    }

    void check_places(const Sender& sender) {
        if (directory_->accept_any) return;
        if (!sender.known_study) {
            add(Reason::unknown_study, "study_id", "not configured");
            return;
        }
        if (sender.at == nullptr) add(Reason::unknown_site, "site_id", "not configured in this study");
        const bool names_cohort = !sent_.cohort.empty() || sent_.payload != FactKind::site_heartbeat;
        if (names_cohort && !sender.known_cohort)
            add(Reason::unknown_cohort, "cohort_id", "not configured in this study");
    }

    void check_event_headers() {
        if (framed_.event_id && *framed_.event_id != sent_.message_id) {
            add(Reason::id_mismatch, "message_id", "differs from the CloudEvents id");
        }
        if (framed_.event_type.empty() || !sent_.payload) return;
        const std::string_view kind = std::string_view(framed_.event_type).substr(wire::kCloudEventTypePrefix.size());
        if (kind != name_of(*sent_.payload)) add(Reason::wrong_schema, "ce_type", "names another payload");
    }

    void check_key(const MessageView& message) {
        if (message.partition_count == 0) return;
        if (!is_key_of(message.key, sent_)) {
            add(Reason::key_mismatch, "key", "study_id/subject_id, or study_id/site/site_id for a heartbeat");
        } else if (partition_of(message.key, message.partition_count) != message.partition) {
            add(Reason::key_mismatch, "key", "not the partition of its key: set partitioner=murmur2_random");
        }
    }

    void check_clocks() {
        Event& event = out_->event;
        const Directory& directory = *directory_;
        const Instant written = std::min(event.recorded_at, event.appended_at);
        const bool dated = sent_.effective.stated;
        const milliseconds effective_ahead = dated ? event.effective.from - written : milliseconds(0);
        const milliseconds recorded_ahead = event.recorded_at - event.appended_at;
        if (std::max(effective_ahead, recorded_ahead) > directory.clock_tolerance)
            event.flags |= bit(EventFlag::clock_ahead);
        if (effective_ahead > directory.clock_limit)
            add(Reason::future_time, "effective", "after it was recorded or received");
        if (recorded_ahead > directory.clock_limit) add(Reason::future_time, "recorded_at", "after it was received");
        const bool late = dated && event.recorded_at - event.effective.from > kVeryLate;
        if (event.origin == DataOrigin::ehr && late) event.flags |= bit(EventFlag::very_late);
        if (event.action == RecordAction::create && event.version > 1)
            event.flags |= bit(EventFlag::created_late_version);
    }

    void conclude() {
        const auto& issues = out_->issues;
        if (issues.empty()) {
            out_->intake = Intake::accepted;
        } else if (std::any_of(issues.begin(), issues.end(),
                               [](const Issue& issue) { return is_rejection(issue.reason); })) {
            out_->intake = Intake::rejected;
        } else {
            out_->intake = Intake::quarantined;
        }
    }

    static constexpr milliseconds kVeryLate = hours(72);
    milliseconds usual_ahead_{};  // not beyond any limit of clocks
    bool readable_ = false;
    std::shared_ptr<const Directory> directory_;
    static constexpr std::size_t kSenders = 64;
    Recall<Sender, kSenders> senders_;
    std::uint32_t last_serial_ = 0;  // goes on over a change of the directory
    bool head_was_enough_ = false;
    const Head* head_ = nullptr;  // of the message that was read last
    const bool may_read_fast_;
    wire::KnownPayloads payloads_;
    std::array<KnownMeaning, wire::KnownPayloads::kPlaces> meanings_;  // of the payload at the same place
    Sender asked_;                                                     // of the last message whose sender was looked up
    wire::Decoder decoder_;
    wire::Unframer unframer_;
    wire::Framed framed_;
    wire::SentEnvelope sent_;
    std::string json_envelope_;
    Admitted own_;
    Admitted* out_ = &own_;  // where the answer goes
};

Admission::Admission(std::shared_ptr<const Directory> directory)
    : Admission(std::move(directory), wire::Reading::fast) {}
Admission::Admission(std::shared_ptr<const Directory> directory, wire::Reading reading)
    : impl_(std::make_unique<Impl>(std::move(directory), reading)) {}
Admission::~Admission() = default;

void Admission::replace(std::shared_ptr<const Directory> directory) { impl_->replace(std::move(directory)); }
std::optional<Admission::Ids> Admission::read(const MessageView& message, const Head* head) {
    return impl_->read(message, head);
}
bool Admission::admit_ahead(const MessageView& message, const Head& head, bool key_is_here, Admitted& into) {
    return impl_->admit_ahead(message, head, key_is_here, into);
}
bool Admission::head_was_enough() const { return impl_->head_was_enough(); }
void Admission::remember(Head& head) { impl_->remember(head); }
const Admitted& Admission::judge(const MessageView& message, bool key_is_here) {
    return impl_->judge(message, key_is_here);
}
const Admitted& Admission::admit(const MessageView& message) {
    impl_->read(message, nullptr);
    return impl_->judge(message, false);
}

}  // namespace cellvigil::ingest
