#include "daemon/wire/framing.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdint>

namespace cellvigil::wire {
namespace {

constexpr std::string_view kEnvelopeName = "cellvigil.v1.EventEnvelope";

bool refuse(std::vector<Issue>& issues, Reason reason, std::string path, std::string detail) {
    issues.push_back({std::move(path), reason, std::move(detail)});
    return false;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower) {
    if (text.size() < lower.size()) return false;
    return std::equal(lower.begin(), lower.end(), text.begin(), [](char wanted, char sent) {
        return wanted == (sent >= 'A' && sent <= 'Z' ? static_cast<char>(sent - 'A' + 'a') : sent);
    });
}
bool is_json_type(std::string_view media_type) {
    return starts_with_ignoring_case(media_type, "application/json") ||
           media_type.find("+json") != std::string_view::npos;
}

bool read_varint(std::string_view& bytes, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (bytes.empty()) return false;
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

// 0x00, four bytes of schema id, the list of message indexes; only [0] is ours, of which 0x00 is the short form.
bool unframe_registry(std::string_view value, Framed& framed, std::vector<Issue>& issues) {
    if (value.size() < 6) return refuse(issues, Reason::unknown_framing, "", "registry framing is cut short");
    std::string_view rest = value.substr(5);
    std::uint64_t count = 0;
    if (!read_varint(rest, count)) return refuse(issues, Reason::unknown_framing, "", "message indexes are malformed");
    if (count != 0) {
        std::uint64_t index = 0;
        const bool one = count == 2 && read_varint(rest, index);  // zigzag: 2 is one
        if (!one || index != 0) return refuse(issues, Reason::wrong_schema, "", "message index is not [0]");
    }
    framed.payload = rest;
    return true;
}

bool is_our_type(std::string_view type) { return type.starts_with(kCloudEventTypePrefix); }

// What every CloudEvent must say.
bool check_event(std::string_view spec_version, std::string_view id, std::string_view type,
                 std::vector<Issue>& issues) {
    bool good = true;
    if (spec_version != "1.0") good = refuse(issues, Reason::unknown_framing, "ce_specversion", "must be 1.0");
    if (id.empty()) good = refuse(issues, Reason::missing_field, "ce_id", "must equal message_id");
    if (!is_our_type(type)) {
        good = refuse(issues, Reason::wrong_schema, "ce_type",
                      std::string(kCloudEventTypePrefix) + "<payload> is expected");
    }
    return good;
}

constexpr std::int8_t kNoDigit = -1;
constexpr std::array<std::int8_t, 256> base64_digits() {
    std::array<std::int8_t, 256> digits{};
    for (auto& digit : digits) digit = kNoDigit;
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
    }
    digits['-'] = 62;
    digits['_'] = 63;
    return digits;
}

bool decode_base64(std::string_view text, std::string& bytes) {
    static constexpr auto kDigits = base64_digits();
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() % 4 == 1) return false;
    bytes.clear();
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char character : text) {
        const std::int8_t digit = kDigits[static_cast<unsigned char>(character)];
        if (digit == kNoDigit) return false;
        held = held << 6U | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>(held >> bits & 0xffU));
        }
    }
    return true;
}

// The fields of io.cloudevents.v1.CloudEvent that matter here.
struct ProtobufEvent {
    std::string_view id;
    std::string_view spec_version;
    std::string_view type;
    std::string_view data;
    std::string_view any;
    bool has_data = false;
    bool has_text = false;
    bool has_any = false;
};

template <typename Visit>
bool visit_fields(std::string_view bytes, const Visit& visit) {
    while (!bytes.empty()) {
        std::uint64_t tag = 0;
        std::uint64_t value = 0;
        std::string_view chunk;
        if (!read_varint(bytes, tag) || tag >> 3U == 0) return false;
        switch (tag & 7U) {
            case 0:
                if (!read_varint(bytes, value)) return false;
                break;
            case 1:
            case 5: {
                const std::size_t size = (tag & 7U) == 1 ? 8 : 4;
                if (bytes.size() < size) return false;
                bytes.remove_prefix(size);
                break;
            }
            case 2:
                if (!read_varint(bytes, value) || value > bytes.size()) return false;
                chunk = bytes.substr(0, value);
                bytes.remove_prefix(value);
                visit(tag >> 3U, chunk);
                break;
            default:
                return false;
        }
    }
    return true;
}

bool read_event(std::string_view bytes, ProtobufEvent& event) {
    return visit_fields(bytes, [&](std::uint64_t number, std::string_view chunk) {
        if (number == 1) event.id = chunk;
        if (number == 3) event.spec_version = chunk;
        if (number == 4) event.type = chunk;
        if (number < 6 || number > 8) return;
        event.has_data = number == 6;
        event.has_text = number == 7;
        event.has_any = number == 8;
        (number == 8 ? event.any : event.data) = chunk;
    });
}

}  // namespace

bool Unframer::unframe_binary(std::string_view value, const HeaderLookup& headers, Framed& framed,
                              std::vector<Issue>& issues) {
    const std::string_view id = headers.find("ce_id").value_or("");
    const std::string_view type = headers.find("ce_type").value_or("");
    if (!check_event(headers.find("ce_specversion").value_or(""), id, type, issues)) return false;
    framed.event_id = std::string(id);
    framed.event_type = std::string(type);
    framed.json = is_json_type(headers.find("content-type").value_or(""));
    framed.payload = value;
    if (!framed.json && value.starts_with('\0')) return unframe_registry(value, framed, issues);
    return true;
}

bool Unframer::unframe_protobuf_event(std::string_view value, Framed& framed, std::vector<Issue>& issues) {
    ProtobufEvent event;
    if (!read_event(value, event)) return refuse(issues, Reason::unparsable, "", "not a CloudEvent in protobuf");
    if (!check_event(event.spec_version, event.id, event.type, issues)) return false;
    framed.event_id = std::string(event.id);
    framed.event_type = std::string(event.type);
    framed.payload = event.data;
    framed.json = event.has_text;
    if (event.has_data || event.has_text) return true;
    if (!event.has_any)
        return refuse(issues, Reason::missing_field, "data", "a CloudEvent holds an envelope as its data");
    std::string_view type_url;
    const bool read = visit_fields(event.any, [&](std::uint64_t number, std::string_view chunk) {
        if (number == 1) type_url = chunk;
        if (number == 2) framed.payload = chunk;
    });
    if (!read) return refuse(issues, Reason::unparsable, "proto_data", "malformed");
    if (type_url.substr(type_url.rfind('/') + 1) != kEnvelopeName) {
        return refuse(issues, Reason::wrong_schema, "proto_data.type_url", std::string(kEnvelopeName) + " is expected");
    }
    return true;
}

bool Unframer::unframe_json_event(std::string_view value, Framed& framed, std::vector<Issue>& issues) {
    boost::system::error_code error;
    const boost::json::value parsed = boost::json::parse(value, error);
    if (error || !parsed.is_object()) return refuse(issues, Reason::unparsable, "", "not a CloudEvent in JSON");
    const boost::json::object& event = parsed.get_object();
    const auto text = [&](std::string_view name) {
        const boost::json::value* found = event.if_contains(name);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    framed.event_id = text("id");
    framed.event_type = text("type");
    if (!check_event(text("specversion"), *framed.event_id, framed.event_type, issues)) return false;
    if (event.contains("data_base64")) {
        if (!decode_base64(text("data_base64"), decoded_)) {
            return refuse(issues, Reason::unparsable, "data_base64", "not base64");
        }
        framed.payload = decoded_;
        return true;
    }
    const boost::json::value* data = event.if_contains("data");
    if (data == nullptr)
        return refuse(issues, Reason::missing_field, "data", "a CloudEvent holds an envelope as its data");
    decoded_ = data->is_string() ? std::string(data->get_string()) : boost::json::serialize(*data);
    framed.payload = decoded_;
    framed.json = true;
    return true;
}

bool Unframer::unframe(std::string_view value, const HeaderLookup& headers, Framed& framed,
                       std::vector<Issue>& issues) {
    framed = Framed();
    const auto content_type = headers.find("content-type");
    if (content_type && starts_with_ignoring_case(*content_type, "application/cloudevents-batch")) {
        return refuse(issues, Reason::unknown_framing, "content-type",
                      "batches of CloudEvents do not exist on a topic");
    }
    if (content_type && starts_with_ignoring_case(*content_type, "application/cloudevents")) {
        if (content_type->find("+protobuf") != std::string_view::npos)
            return unframe_protobuf_event(value, framed, issues);
        if (content_type->find("+json") != std::string_view::npos) return unframe_json_event(value, framed, issues);
        return refuse(issues, Reason::unknown_framing, "content-type",
                      "application/cloudevents+protobuf or +json is expected");
    }
    if (headers.find("ce_specversion")) return unframe_binary(value, headers, framed, issues);
    if (value.starts_with('\0')) return unframe_registry(value, framed, issues);
    framed.payload = value;
    return true;
}

}  // namespace cellvigil::wire
