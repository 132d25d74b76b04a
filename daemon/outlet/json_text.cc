#include "daemon/outlet/json_text.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/ingest/admission.h"
#include "daemon/ingest_json/json.h"

namespace cellvigil::outlet {
namespace {

namespace json = boost::json;
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
        for (std::size_t index = 0; index < 3; ++index)
            group = group << 8U | (index < have ? static_cast<unsigned char>(bytes[at + index]) : 0U);
        for (std::size_t index = 0; index < 4; ++index)
            out.push_back(index <= have ? kDigits[group >> (18U - 6U * index) & 63U] : '=');
    }
    return out;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    while (text.ends_with('=')) text.remove_suffix(1);
    std::string out;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char digit : text) {
        const auto value = kDigits.find(digit);
        if (value == std::string_view::npos) return std::nullopt;
        group = group << 6U | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out.push_back(static_cast<char>(group >> bits & 0xFFU));
    }
    return out;
}

std::optional<json::object> object_of(std::string_view line) {
    boost::system::error_code error;
    json::value value = json::parse(json::string_view(line.data(), line.size()), error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_in(const json::object& object, json::string_view name) {
    const json::value* value = object.if_contains(name);
    const json::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string{} : std::string(text->data(), text->size());
}

}  // namespace

std::string line_of(std::string_view key, std::string_view value) {
    // What reads back as the same bytes may stand as an envelope; a NaN or an unknown field would not.
    std::string line = ingest::json_of_envelope(value);
    const auto read = ingest::envelopes_of_json(line);
    if (read.size() == 1 && read.front().issues.empty() && read.front().envelope == value && key_of_line(line) == key)
        return line;
    return json::serialize(json::object{{"raw", base64(value)}, {"key", json::string_view(key.data(), key.size())}});
}

std::optional<std::string> raw_of_line(std::string_view line) {
    if (!line.starts_with("{\"raw\":")) return std::nullopt;
    const auto object = object_of(line);
    return object ? bytes_of_base64(text_in(*object, "raw")) : std::nullopt;
}

std::string key_of_line(std::string_view line) {
    const auto object = object_of(line);
    if (!object) return {};
    if (const std::string key = text_in(*object, "key"); !key.empty()) return key;
    const std::string study = text_in(*object, "study_id");
    const std::string subject = text_in(*object, "subject_id");
    if (study.empty()) return {};
    return subject.empty() ? study + "/site/" + text_in(*object, "site_id") : study + "/" + subject;
}

}  // namespace cellvigil::outlet
