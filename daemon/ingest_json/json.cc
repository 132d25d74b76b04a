#include "daemon/ingest_json/json.h"

#include <cellvigil/v1/envelope.pb.h>

#include <google/protobuf/stubs/logging.h>

#include <limits>

#include "daemon/ingest_json/messages.h"

namespace cellvigil::ingest {
namespace {

const MessageForm& envelope_form() {
    static const MessageForm& form = [&]() -> const MessageForm& {
        static Forms forms;
        return forms.of(*v1::EventEnvelope::descriptor());
    }();
    return form;
}

}  // namespace

std::vector<JsonItem> envelopes_of_json(std::string_view text) {
    return messages_of_json(text, envelope_form(), v1::EventEnvelope::default_instance());
}

std::string json_of_envelope(std::string_view envelope_bytes) {
    // Bytes that are none are an outcome of ours, not a line on standard error.
    [[maybe_unused]] static const auto silenced = google::protobuf::SetLogHandler(nullptr);
    v1::EventEnvelope envelope;
    std::string json;
    constexpr std::size_t kMostBytes = std::numeric_limits<int>::max();
    if (envelope_bytes.size() <= kMostBytes &&
        envelope.ParseFromArray(envelope_bytes.data(), static_cast<int>(envelope_bytes.size())))
        append_json(json, envelope, envelope_form());
    return json;
}

}  // namespace cellvigil::ingest
