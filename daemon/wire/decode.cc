#include "daemon/wire/decode.h"

#include <google/protobuf/stubs/logging.h>

#include <limits>

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/enumerators.h"
#include "daemon/wire/inspect.h"
#include "daemon/wire/payload_messages.h"
#include "daemon/wire/stated.h"
#include "daemon/wire/take_body.h"

namespace cellvigil::wire {
namespace {

std::optional<FactKind> payload_kind(v1::EventEnvelope::PayloadCase set) {
    using E = v1::EventEnvelope;
    switch (set) {
        case E::kEnrollment:
            return FactKind::enrollment;
        case E::kInfusion:
            return FactKind::infusion;
        case E::kObservation:
            return FactKind::observation;
        case E::kIceAssessment:
            return FactKind::ice_assessment;
        case E::kNeuroFinding:
            return FactKind::neuro_finding;
        case E::kIntervention:
            return FactKind::intervention;
        case E::kAdverseEventReport:
            return FactKind::adverse_event;
        case E::kInfection:
            return FactKind::infection;
        case E::kDiseaseStatus:
            return FactKind::disease_status;
        case E::kSubsequentTherapy:
            return FactKind::subsequent_therapy;
        case E::kDeath:
            return FactKind::death;
        case E::kFollowUpContact:
            return FactKind::contact;
        case E::kConsentChange:
            return FactKind::consent_change;
        case E::kSiteHeartbeat:
            return FactKind::site_heartbeat;
        case E::kAdjudication:
            return FactKind::adjudication;
        case E::PAYLOAD_NOT_SET:
            return std::nullopt;
    }
    return std::nullopt;
}

SentCoding sent_coding(const v1::Coding& coding) {
    return {coding.system(), coding.code(), coding.version(), coding.display()};
}

void read_observation(const v1::Observation& from, SentEnvelope& sent) {
    SentObservation& to = sent.observation;
    to.has_code = from.has_code();
    to.code = sent_coding(from.code());
    switch (from.value_case()) {
        case v1::Observation::kQuantity:
            to.result = SentResult::quantity;
            to.value = from.quantity().value();
            to.unit = from.quantity().unit();
            to.comparator = known(from.quantity().comparator(), Comparator::greater, sent.unknown_enumerator);
            break;
        case v1::Observation::kBoolean:
            to.result = SentResult::boolean;
            to.boolean = from.boolean();
            break;
        case v1::Observation::kCoded:
            to.result = SentResult::coded;
            to.coded = sent_coding(from.coded());
            break;
        case v1::Observation::kText:
            to.result = SentResult::text;
            to.text = from.text();
            break;
        case v1::Observation::VALUE_NOT_SET:
            break;
    }
    to.status = known(from.status(), ResultStatus::cancelled, sent.unknown_enumerator);
    if (from.has_reference_low()) to.reference_low = from.reference_low();
    if (from.has_reference_high()) to.reference_high = from.reference_high();
    to.not_done_reason = from.not_done_reason();
    to.panel = from.panel_id();
}

void read_envelope(const v1::EventEnvelope& from, SentEnvelope& sent) {
    sent.message_id = from.message_id();
    sent.source_system = from.source_system();
    sent.producer_version = from.producer_version();
    sent.study = from.study_id();
    sent.cohort = from.cohort_id();
    sent.site = from.site_id();
    sent.subject = from.subject_id();
    sent.record = from.record_id();
    sent.version = from.record_version();
    sent.action = known(from.action(), RecordAction::retract, sent.unknown_enumerator);
    sent.action_reason = from.action_reason();
    sent.supersedes = from.supersedes_message_id();
    if (from.has_effective()) sent.effective = sent_time(from.effective(), sent.unknown_enumerator);
    if (from.has_effective_end()) sent.effective_end = sent_time(from.effective_end(), sent.unknown_enumerator);
    if (from.has_recorded_at()) sent.recorded_at = sent_timestamp(from.recorded_at());
    if (from.has_sent_at()) sent.sent_at = sent_timestamp(from.sent_at());
    sent.producer_sequence = from.producer_sequence();
    sent.infusion_record = from.infusion_record_id();
    sent.origin = known(from.origin(), DataOrigin::test, sent.unknown_enumerator);
    sent.payload = payload_kind(from.payload_case());
    if (from.has_observation()) read_observation(from.observation(), sent);
}

}  // namespace

class Decoder::Impl {
  public:
    explicit Impl(Reading reading) : reading_(reading) {
        // A message that is not UTF-8 is an outcome of ours, not a line on standard error.
        google::protobuf::SetLogHandler(nullptr);
    }

    bool read(std::string_view bytes, SentEnvelope& sent, const Known& known) {
        bytes_ = bytes;
        fields_.clear();
        fast_ = reading_ == Reading::fast && read_fast(bytes, sent, other_, known) &&
                (other_.number == 0 || list_stated(other_.number, other_.bytes, stated_));
        if (fast_) {
            kind_ = sent.payload;
            return true;
        }
        sent = SentEnvelope();
        if (!parse()) return false;
        sent.content_hash = content_hash();
        read_envelope(message_, sent);
        return true;
    }

    bool fast() const { return fast_; }
    const StatedPayload& stated() const { return stated_; }
    Issue problem() const { return why_unreadable(bytes_); }
    Body body(const SiteTerms& terms, EventFlags& flags) {
        if (!fast_) return take_body(message_, terms, flags);
        return take_payload(*kind_, other_.bytes, payloads_, terms, flags);
    }
    const std::vector<SentField>& fields() {
        if (!fields_.empty()) return fields_;
        if (fast_) parse();
        list_fields(message_, fields_);
        return fields_;
    }

  private:
    bool parse() {
        return bytes_.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) &&
               message_.ParseFromArray(bytes_.data(), static_cast<int>(bytes_.size()));
    }

    // What does not count is taken out while the rest is written, and put back.
    std::uint64_t content_hash() {
        message_.DiscardUnknownFields();
        std::string message_id;
        std::string producer_version;
        std::string supersedes;
        const auto trade = [&] {
            message_.mutable_message_id()->swap(message_id);
            message_.mutable_producer_version()->swap(producer_version);
            message_.mutable_supersedes_message_id()->swap(supersedes);
        };
        std::optional<google::protobuf::Timestamp> sent_at;
        if (message_.has_sent_at()) sent_at = message_.sent_at();
        const std::uint64_t sequence = message_.producer_sequence();
        trade();
        message_.clear_sent_at();
        message_.clear_producer_sequence();
        content_.clear();
        message_.AppendToString(&content_);
        trade();
        if (sent_at) *message_.mutable_sent_at() = *sent_at;
        message_.set_producer_sequence(sequence);
        return content_hash_of(content_);
    }

    Reading reading_;
    bool fast_ = false;
    std::string_view bytes_;
    // Of what our own reader took:
    std::optional<FactKind> kind_;
    OtherPayload other_;
    StatedPayload stated_;
    PayloadMessages payloads_;
    v1::EventEnvelope message_;
    std::string content_;
    std::vector<SentField> fields_;
};

Decoder::Decoder(Reading reading) : impl_(std::make_unique<Impl>(reading)) {}
Decoder::~Decoder() = default;

bool Decoder::read(std::string_view bytes, SentEnvelope& sent, const Known& known) {
    return impl_->read(bytes, sent, known);
}
bool Decoder::read_by_fast_reader() const { return impl_->fast(); }
Issue Decoder::problem() const { return impl_->problem(); }
Body Decoder::body(const SiteTerms& terms, EventFlags& flags) { return impl_->body(terms, flags); }
const StatedPayload& Decoder::stated() const { return impl_->stated(); }
const std::vector<SentField>& Decoder::fields() { return impl_->fields(); }

}  // namespace cellvigil::wire
