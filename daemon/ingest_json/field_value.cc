#include "daemon/ingest_json/field_value.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <limits>
#include <string>
#include <utility>

#include "daemon/ingest_json/scalars.h"

namespace cellvigil::ingest {
namespace {

namespace pb = google::protobuf;

template <typename T>
std::optional<Misfit> misfit_of(const Read<T>& read) {
    if (read.fault == nullptr) return std::nullopt;
    return Misfit{read.reason, read.fault};
}

template <typename T>
constexpr T kFirst = std::numeric_limits<T>::min();
template <typename T>
constexpr T kLast = std::numeric_limits<T>::max();

std::optional<Misfit> put_string(pb::Message& message, const FieldForm& field, std::string value) {
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddString(&message, field.descriptor, std::move(value));
    } else {
        reflection.SetString(&message, field.descriptor, std::move(value));
    }
    return std::nullopt;
}

std::optional<Misfit> put_bytes(pb::Message& message, const FieldForm& field, std::string_view base64) {
    Read<std::string> read = bytes_of(base64);
    if (const auto misfit = misfit_of(read)) return misfit;
    return put_string(message, field, std::move(read.value));
}

std::optional<Misfit> put_time(pb::Message& message, const FieldForm& field, std::string_view text) {
    const Read<TimePoint> read = time_of(text);
    if (const auto misfit = misfit_of(read)) return misfit;
    const pb::Reflection& reflection = *message.GetReflection();
    pb::Message* time = field.repeated ? reflection.AddMessage(&message, field.descriptor)
                                       : reflection.MutableMessage(&message, field.descriptor);
    time->GetReflection()->SetInt64(time, field.message->at(0).descriptor, read.value.seconds);
    time->GetReflection()->SetInt32(time, field.message->at(1).descriptor, read.value.nanos);
    return std::nullopt;
}

std::optional<Misfit> put_enumerator(pb::Message& message, const FieldForm& field, int number) {
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddEnumValue(&message, field.descriptor, number);
    } else {
        reflection.SetEnumValue(&message, field.descriptor, number);
    }
    return std::nullopt;
}

std::optional<Misfit> put_int32(pb::Message& message, const FieldForm& field, std::string_view digits) {
    const auto read = whole_of(digits, kFirst<std::int32_t>, kLast<std::int32_t>);
    if (const auto misfit = misfit_of(read)) return misfit;
    const auto value = static_cast<std::int32_t>(read.value);
    if (field.kind == Kind::enumeration) return put_enumerator(message, field, value);
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddInt32(&message, field.descriptor, value);
    } else {
        reflection.SetInt32(&message, field.descriptor, value);
    }
    return std::nullopt;
}

std::optional<Misfit> put_int64(pb::Message& message, const FieldForm& field, std::string_view digits) {
    const auto read = whole_of(digits, kFirst<std::int64_t>, kLast<std::int64_t>);
    if (const auto misfit = misfit_of(read)) return misfit;
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddInt64(&message, field.descriptor, read.value);
    } else {
        reflection.SetInt64(&message, field.descriptor, read.value);
    }
    return std::nullopt;
}

std::optional<Misfit> put_uint32(pb::Message& message, const FieldForm& field, std::string_view digits) {
    const auto read = natural_of(digits, kLast<std::uint32_t>);
    if (const auto misfit = misfit_of(read)) return misfit;
    const auto value = static_cast<std::uint32_t>(read.value);
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddUInt32(&message, field.descriptor, value);
    } else {
        reflection.SetUInt32(&message, field.descriptor, value);
    }
    return std::nullopt;
}

std::optional<Misfit> put_uint64(pb::Message& message, const FieldForm& field, std::string_view digits) {
    const auto read = natural_of(digits, kLast<std::uint64_t>);
    if (const auto misfit = misfit_of(read)) return misfit;
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddUInt64(&message, field.descriptor, read.value);
    } else {
        reflection.SetUInt64(&message, field.descriptor, read.value);
    }
    return std::nullopt;
}

std::optional<Misfit> put_real(pb::Message& message, const FieldForm& field, std::string_view digits) {
    const auto read = real_of(digits);
    if (const auto misfit = misfit_of(read)) return misfit;
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddDouble(&message, field.descriptor, read.value);
    } else {
        reflection.SetDouble(&message, field.descriptor, read.value);
    }
    return std::nullopt;
}

}  // namespace

const char* expected_of(Kind kind) {
    switch (kind) {
        case Kind::boolean:
            return "true or false was expected";
        case Kind::int32:
        case Kind::uint32:
        case Kind::int64:
        case Kind::uint64:
            return "a whole number was expected";
        case Kind::real:
            return "a number was expected";
        case Kind::text:
            return "text was expected";
        case Kind::bytes:
            return "text in base64 was expected";
        case Kind::enumeration:
            return "the name or number of an enumerator was expected";
        case Kind::time:
            return "an RFC 3339 time as text was expected";
        case Kind::message:
            return "an object was expected";
    }
    return "";
}

std::optional<Misfit> put_text(pb::Message& message, const FieldForm& field, std::string_view value) {
    if (!is_utf8(value)) return Misfit{Reason::bad_utf8, "text in UTF-8 was expected"};
    switch (field.kind) {
        case Kind::text:
            return put_string(message, field, std::string(value));
        case Kind::bytes:
            return put_bytes(message, field, value);
        case Kind::time:
            return put_time(message, field, value);
        case Kind::enumeration:
            if (const auto number = field.enumeration->number_of(value)) return put_enumerator(message, field, *number);
            break;
        case Kind::int32:
        case Kind::uint32:
        case Kind::int64:
        case Kind::uint64:
        case Kind::real:
            return put_number(message, field, value);
        case Kind::boolean:
        case Kind::message:
            break;
    }
    return Misfit{Reason::bad_field, expected_of(field.kind)};
}

std::optional<Misfit> put_number(pb::Message& message, const FieldForm& field, std::string_view digits) {
    switch (field.kind) {
        case Kind::int32:
        case Kind::enumeration:
            return put_int32(message, field, digits);
        case Kind::int64:
            return put_int64(message, field, digits);
        case Kind::uint32:
            return put_uint32(message, field, digits);
        case Kind::uint64:
            return put_uint64(message, field, digits);
        case Kind::real:
            return put_real(message, field, digits);
        case Kind::boolean:
        case Kind::text:
        case Kind::bytes:
        case Kind::time:
        case Kind::message:
            break;
    }
    return Misfit{Reason::bad_field, expected_of(field.kind)};
}

std::optional<Misfit> put_boolean(pb::Message& message, const FieldForm& field, bool value) {
    if (field.kind != Kind::boolean) return Misfit{Reason::bad_field, expected_of(field.kind)};
    const pb::Reflection& reflection = *message.GetReflection();
    if (field.repeated) {
        reflection.AddBool(&message, field.descriptor, value);
    } else {
        reflection.SetBool(&message, field.descriptor, value);
    }
    return std::nullopt;
}

}  // namespace cellvigil::ingest
