#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "daemon/ingest_json/messages.h"
#include "daemon/ingest_json/scalars.h"
#include "rules/base/time.h"

namespace cellvigil::ingest {
namespace {

namespace pb = google::protobuf;

void append_text(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                    std::array<char, 8> escape{};
                    std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
                    out += escape.data();
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

// Beyond 2^53 as text: many readers of JSON keep numbers as doubles.
void append_whole(std::string& out, const std::string& digits, bool exact) {
    if (!exact) out += '"';
    out += digits;
    if (!exact) out += '"';
}

void append_whole(std::string& out, std::int64_t value) {
    constexpr std::int64_t kLast = std::int64_t{1} << 53;
    append_whole(out, std::to_string(value), -kLast <= value && value <= kLast);
}

void append_whole(std::string& out, std::uint64_t value) {
    append_whole(out, std::to_string(value), value <= std::uint64_t{1} << 53);
}

void append_real(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "\"NaN\"";
    } else if (std::isinf(value)) {
        out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
    } else {
        std::array<char, 32> text{};
        const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
        out.append(text.data(), end);
    }
}

// False for one that RFC 3339 cannot write.
bool append_time(std::string& out, const pb::Message& time, const MessageForm& form) {
    const pb::Reflection& reflection = *time.GetReflection();
    const std::int64_t whole_seconds = reflection.GetInt64(time, form.at(0).descriptor);
    const std::int32_t nanos = reflection.GetInt32(time, form.at(1).descriptor);
    if (whole_seconds < -62135596800 || whole_seconds > 253402300799 || nanos < 0 || nanos > 999'999'999) return false;
    std::string text = to_rfc3339(Instant(seconds(whole_seconds)));
    if (nanos != 0) {
        std::array<char, 16> fraction{};
        const int digits = nanos % 1'000'000 == 0 ? 3 : nanos % 1'000 == 0 ? 6 : 9;
        std::snprintf(fraction.data(), fraction.size(), ".%09d", static_cast<int>(nanos));
        text.insert(text.size() - 1, fraction.data(), static_cast<std::size_t>(digits) + 1);
    }
    append_text(out, text);
    return true;
}

void append_enumerator(std::string& out, const EnumForm& form, int number) {
    const std::string_view name = form.name_of(number);
    if (name.empty()) {
        out += std::to_string(number);
    } else {
        append_text(out, name);
    }
}

// As deep as the message, which protobuf reads to a depth of 100 at most.
// NOLINTBEGIN(misc-no-recursion)
void append_part(std::string& out, const pb::Message& part, const FieldForm& field) {
    if (field.kind == Kind::time && append_time(out, part, *field.message)) return;
    append_json(out, part, *field.message);
}

void append_single(std::string& out, const pb::Message& message, const FieldForm& field) {
    const pb::Reflection& reflection = *message.GetReflection();
    const pb::FieldDescriptor* descriptor = field.descriptor;
    std::string scratch;
    switch (field.kind) {
        case Kind::boolean:
            out += reflection.GetBool(message, descriptor) ? "true" : "false";
            break;
        case Kind::int32:
            out += std::to_string(reflection.GetInt32(message, descriptor));
            break;
        case Kind::uint32:
            out += std::to_string(reflection.GetUInt32(message, descriptor));
            break;
        case Kind::int64:
            append_whole(out, reflection.GetInt64(message, descriptor));
            break;
        case Kind::uint64:
            append_whole(out, reflection.GetUInt64(message, descriptor));
            break;
        case Kind::real:
            append_real(out, reflection.GetDouble(message, descriptor));
            break;
        case Kind::text:
            append_text(out, reflection.GetStringReference(message, descriptor, &scratch));
            break;
        case Kind::bytes:
            append_text(out, to_base64(reflection.GetStringReference(message, descriptor, &scratch)));
            break;
        case Kind::enumeration:
            append_enumerator(out, *field.enumeration, reflection.GetEnumValue(message, descriptor));
            break;
        case Kind::time:
        case Kind::message:
            append_part(out, reflection.GetMessage(message, descriptor), field);
            break;
    }
}

void append_element(std::string& out, const pb::Message& message, const FieldForm& field, int i) {
    const pb::Reflection& reflection = *message.GetReflection();
    const pb::FieldDescriptor* descriptor = field.descriptor;
    std::string scratch;
    switch (field.kind) {
        case Kind::boolean:
            out += reflection.GetRepeatedBool(message, descriptor, i) ? "true" : "false";
            break;
        case Kind::int32:
            out += std::to_string(reflection.GetRepeatedInt32(message, descriptor, i));
            break;
        case Kind::uint32:
            out += std::to_string(reflection.GetRepeatedUInt32(message, descriptor, i));
            break;
        case Kind::int64:
            append_whole(out, reflection.GetRepeatedInt64(message, descriptor, i));
            break;
        case Kind::uint64:
            append_whole(out, reflection.GetRepeatedUInt64(message, descriptor, i));
            break;
        case Kind::real:
            append_real(out, reflection.GetRepeatedDouble(message, descriptor, i));
            break;
        case Kind::text:
            append_text(out, reflection.GetRepeatedStringReference(message, descriptor, i, &scratch));
            break;
        case Kind::bytes:
            append_text(out, to_base64(reflection.GetRepeatedStringReference(message, descriptor, i, &scratch)));
            break;
        case Kind::enumeration:
            append_enumerator(out, *field.enumeration, reflection.GetRepeatedEnumValue(message, descriptor, i));
            break;
        case Kind::time:
        case Kind::message:
            append_part(out, reflection.GetRepeatedMessage(message, descriptor, i), field);
            break;
    }
}

}  // namespace

void append_json(std::string& out, const pb::Message& message, const MessageForm& form) {
    const pb::Reflection& reflection = *message.GetReflection();
    std::vector<const pb::FieldDescriptor*> present;
    reflection.ListFields(message, &present);
    out += '{';
    for (const pb::FieldDescriptor* descriptor : present) {
        const FieldForm& field = form.at(descriptor->index());
        if (descriptor != present.front()) out += ',';
        append_text(out, field.name);
        out += ':';
        if (!field.repeated) {
            append_single(out, message, field);
            continue;
        }
        const int count = reflection.FieldSize(message, descriptor);
        out += '[';
        for (int i = 0; i < count; ++i) {
            if (i > 0) out += ',';
            append_element(out, message, field, i);
        }
        out += ']';
    }
    out += '}';
}
// NOLINTEND(misc-no-recursion)

}  // namespace cellvigil::ingest
