#include "daemon/ingest/admission.h"

#include <algorithm>

#include "daemon/ingest/observation.h"
#include "daemon/ingest/validate.h"
#include "daemon/wire/decode.h"
#include "daemon/wire/framing.h"
#include "rules/base/hash.h"

namespace cellvigil::ingest {
namespace {

class Headers : public wire::HeaderLookup {
  public:
    explicit Headers(std::span<const journal::Header> headers) : headers_(headers) {}
    std::optional<std::string_view> find(std::string_view name) const override {
        for (const journal::Header& header : headers_) {
            if (same_name(header.name, name)) return header.value;
        }
        return std::nullopt;
    }

  private:
    static bool same_name(std::string_view sent, std::string_view lower) {
        return std::equal(sent.begin(), sent.end(), lower.begin(), lower.end(), [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        });
    }
    std::span<const journal::Header> headers_;
};

// What the directory knows of a message's study and site; the last answer is kept, as messages come in runs.
class Places {
  public:
    void replace(std::shared_ptr<const Directory> directory) {
        directory_ = std::move(directory);
        found_ = {};
        study_name_.clear();
        site_name_.clear();
        cohort_name_.clear();
    }
    const Directory& directory() const { return *directory_; }

    struct Found {
        bool study = false;
        bool cohort = false;
        const Site* site = nullptr;
    };
    Found find(const wire::SentEnvelope& sent) {
        if (sent.study == study_name_ && sent.site == site_name_ && sent.cohort == cohort_name_ &&
            !study_name_.empty()) {
            return found_;
        }
        study_name_ = sent.study;
        site_name_ = sent.site;
        cohort_name_ = sent.cohort;
        found_ = {};
        const auto study = directory_->studies.find(study_name_);
        if (study == directory_->studies.end()) return found_;
        found_.study = true;
        found_.cohort = study->second.cohorts.contains(cohort_name_);
        const auto site = study->second.sites.find(site_name_);
        if (site != study->second.sites.end()) found_.site = &site->second;
        return found_;
    }

  private:
    std::shared_ptr<const Directory> directory_;
    Found found_;
    std::string study_name_;
    std::string site_name_;
    std::string cohort_name_;
};

// Is the key "study/subject", or of a heartbeat "study/site/<site>"?
bool is_key_of(std::string_view key, const wire::SentEnvelope& sent) {
    if (!key.starts_with(sent.study)) return false;
    key.remove_prefix(sent.study.size());
    if (!key.starts_with('/')) return false;
    key.remove_prefix(1);
    if (sent.payload != FactKind::site_heartbeat) return key == sent.subject;
    constexpr std::string_view kSite = "site/";
    return key.starts_with(kSite) && key.substr(kSite.size()) == sent.site;
}

}  // namespace

class Admission::Impl {
  public:
    Impl(std::shared_ptr<const Directory> directory, wire::Reading reading) : decoder_(reading) {
        replace(std::move(directory));
    }

    void replace(std::shared_ptr<const Directory> directory) { places_.replace(std::move(directory)); }

    std::optional<Ids> read(const MessageView& message) {
        admitted_.issues.clear();
        clear_event();
        readable_ = take(message);
        if (!readable_) return std::nullopt;
        return Ids{.source = sent_.source_system, .record = sent_.record, .message = sent_.message_id};
    }

    const Admitted& judge(const MessageView& message) {
        if (readable_) judge_sent(message);
        conclude();
        return admitted_;
    }

  private:
    // Field by field: an observation's text keeps its room for the next one.
    void clear_event() {
        Event& event = admitted_.event;
        for (std::string_view Event::*text :
             {&Event::message_id, &Event::source_system, &Event::study, &Event::cohort, &Event::site, &Event::subject,
              &Event::record, &Event::infusion_record, &Event::action_reason}) {
            event.*text = {};
        }
        event.version = 1;
        event.action = RecordAction::create;
        event.origin = DataOrigin::unspecified;
        event.flags = 0;
        event.producer_sequence = 0;
        event.effective = EffectiveTime();
        event.effective_end.reset();
        event.recorded_at = event.appended_at = Instant();
        event.content_hash = 0;
        if (auto* observation = std::get_if<Observation>(&event.body)) {
            clear(*observation);
        } else {
            event.body = Observation();
        }
    }

    void add(Reason reason, std::string path, std::string detail) {
        admitted_.issues.push_back({std::move(path), reason, std::move(detail)});
    }

    // Bytes to what was sent. False: nothing of it can be read.
    bool take(const MessageView& message) {
        const Directory& directory = places_.directory();
        if (message.value.size() > directory.max_value_bytes) {
            add(Reason::oversize, "", "at most " + std::to_string(directory.max_value_bytes) + " bytes");
        }
        if (message.headers.size() > directory.max_headers) {
            add(Reason::oversize, "headers", "at most " + std::to_string(directory.max_headers));
        }
        if (!admitted_.issues.empty()) return false;
        std::string_view payload = message.value;
        framed_.event_id.reset();
        framed_.event_type.clear();
        if (!message.headers.empty() || payload.starts_with('\0')) {
            if (!unframer_.unframe(payload, Headers(message.headers), framed_, admitted_.issues)) return false;
            payload = framed_.payload;
            if (framed_.json && !take_json(payload)) return false;
        }
        if (decoder_.read(payload, sent_)) return true;
        admitted_.issues.push_back(decoder_.problem());
        return false;
    }

    bool take_json(std::string_view& payload) {
        std::vector<JsonItem> items = envelopes_of_json(payload);
        if (items.size() != 1) {
            add(Reason::unparsable, "", "one envelope is expected in a message");
            return false;
        }
        if (!items.front().issues.empty()) {
            admitted_.issues = std::move(items.front().issues);
            return false;
        }
        json_envelope_ = std::move(items.front().envelope);
        payload = json_envelope_;
        return true;
    }

    // What was sent to an Event, with every reason against it.
    void judge_sent(const MessageView& message) {
        fill_ids(message);
        const bool clean = decoder_.read_by_fast_reader() && is_clean(sent_);
        if (!clean) validate(sent_, decoder_.fields(), admitted_.event.flags, admitted_.issues);
        if (sent_.unknown_enumerator) admitted_.event.flags |= bit(EventFlag::unknown_enumerator);
        const Places::Found found = places_.find(sent_);
        wire::SiteTerms terms;
        if (found.site != nullptr) terms = {found.site->offset, &found.site->unit_aliases, &found.site->code_aliases};
        fill_times(terms);
        fill_body(terms);
        if (std::any_of(admitted_.issues.begin(), admitted_.issues.end(),
                        [](const Issue& issue) { return is_rejection(issue.reason); })) {
            return;
        }
        check_places(found);
        check_event_headers();
        check_key(message);
        check_clocks();
    }

    void fill_ids(const MessageView& message) {
        Event& event = admitted_.event;
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
        Event& event = admitted_.event;
        if (const auto recorded = instant_of(sent_.recorded_at)) event.recorded_at = *recorded;
        if (const auto effective = effective_time(sent_.effective, terms, event.flags)) {
            event.effective = *effective;
        } else if (sent_.payload == FactKind::site_heartbeat) {
            event.effective.from = event.effective.until = event.recorded_at;
        }
        if (sent_.effective_end.stated) event.effective_end = effective_time(sent_.effective_end, terms, event.flags);
    }

    void fill_body(const wire::SiteTerms& terms) {
        Event& event = admitted_.event;
        if (sent_.payload == FactKind::observation) {
            take_observation(sent_.observation, terms, std::get<Observation>(event.body), event.flags);
        } else {
            event.body = decoder_.body(terms, event.flags);
        }
    }

    void check_places(const Places::Found& found) {
        if (places_.directory().accept_any) return;
        if (!found.study) {
            add(Reason::unknown_study, "study_id", "not configured");
            return;
        }
        if (found.site == nullptr) add(Reason::unknown_site, "site_id", "not configured in this study");
        const bool names_cohort = !sent_.cohort.empty() || sent_.payload != FactKind::site_heartbeat;
        if (names_cohort && !found.cohort) add(Reason::unknown_cohort, "cohort_id", "not configured in this study");
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
        Event& event = admitted_.event;
        const Directory& directory = places_.directory();
        const Instant written = std::min(event.recorded_at, event.appended_at);
        const bool dated = sent_.effective.stated;
        const milliseconds effective_ahead = dated ? event.effective.from - written : milliseconds(0);
        const milliseconds recorded_ahead = event.recorded_at - event.appended_at;
        if (std::max(effective_ahead, recorded_ahead) > directory.clock_tolerance)
            event.flags |= bit(EventFlag::clock_ahead);
        if (effective_ahead > directory.clock_limit)
            add(Reason::future_time, "effective", "after it was recorded or received");
        if (recorded_ahead > directory.clock_limit) add(Reason::future_time, "recorded_at", "after it was received");
        const bool late = dated && event.recorded_at - event.effective.from > hours(72);
        if (event.origin == DataOrigin::ehr && late) event.flags |= bit(EventFlag::very_late);
        if (event.action == RecordAction::create && event.version > 1)
            event.flags |= bit(EventFlag::created_late_version);
    }

    void conclude() {
        const auto& issues = admitted_.issues;
        if (issues.empty()) {
            admitted_.intake = Intake::accepted;
        } else if (std::any_of(issues.begin(), issues.end(),
                               [](const Issue& issue) { return is_rejection(issue.reason); })) {
            admitted_.intake = Intake::rejected;
        } else {
            admitted_.intake = Intake::quarantined;
        }
    }

    bool readable_ = false;
    Places places_;
    wire::Decoder decoder_;
    wire::Unframer unframer_;
    wire::Framed framed_;
    wire::SentEnvelope sent_;
    std::string json_envelope_;
    Admitted admitted_;
};

Admission::Admission(std::shared_ptr<const Directory> directory)
    : Admission(std::move(directory), wire::Reading::fast) {}
Admission::Admission(std::shared_ptr<const Directory> directory, wire::Reading reading)
    : impl_(std::make_unique<Impl>(std::move(directory), reading)) {}
Admission::~Admission() = default;

void Admission::replace(std::shared_ptr<const Directory> directory) { impl_->replace(std::move(directory)); }
std::optional<Admission::Ids> Admission::read(const MessageView& message) { return impl_->read(message); }
const Admitted& Admission::judge(const MessageView& message) { return impl_->judge(message); }
const Admitted& Admission::admit(const MessageView& message) {
    impl_->read(message);
    return impl_->judge(message);
}

}  // namespace cellvigil::ingest
