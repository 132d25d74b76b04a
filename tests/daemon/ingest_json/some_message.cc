#include "tests/daemon/ingest_json/some_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace cellvigil::ingest {
namespace {

namespace pb = google::protobuf;

bool one_in(Random& random, std::uint64_t count) { return below(random, count) == 0; }

template <typename T>
T some_whole(Random& random) {
    switch (below(random, 6)) {
        case 0:
            return 0;
        case 1:
            return std::numeric_limits<T>::max();
        case 2:
            return std::numeric_limits<T>::min();
        case 3:
            return static_cast<T>(below(random, 100));
        case 4:
            return static_cast<T>(random() >> below(random, 64));
        default:
            return static_cast<T>(random());
    }
}

double some_real(Random& random) {
    static constexpr std::array<double, 8> kOdd{
        0.0, -0.0, 38.6, 0.1, 1e22, 5e-324, 9007199254740993.0, -1.7976931348623157e308};
    if (one_in(random, 2)) return kOdd.at(below(random, kOdd.size()));
    const double value = std::bit_cast<double>(random());
    return std::isfinite(value) ? value : 1.5;
}

std::string some_text(Random& random) {
    static constexpr std::array<const char*, 10> kPieces{"a",      "\"",         "\\", "\n",   "\u00e9",
                                                         "\u7533", "\U0001F600", "/",  "\x7f", "\x01"};
    std::string text;
    for (std::uint64_t i = below(random, 12); i > 0; --i) {
        if (one_in(random, 10)) {
            text.push_back('\0');
        } else {
            text += kPieces.at(below(random, kPieces.size()));
        }
    }
    return text;
}

std::string some_bytes(Random& random) {
    std::string bytes;
    for (std::uint64_t i = below(random, 9); i > 0; --i) bytes.push_back(static_cast<char>(random()));
    return bytes;
}

int some_enumerator(Random& random, const pb::EnumDescriptor& type) {
    if (one_in(random, 10)) return some_whole<std::int32_t>(random);
    return type.value(static_cast<int>(below(random, static_cast<std::uint64_t>(type.value_count()))))->number();
}

void fill_time(pb::Message& time, Random& random) {
    constexpr std::int64_t kFirst = -62135596800;
    constexpr std::uint64_t kSpan = 315537897600;  // seconds of the years 1 to 9999
    const pb::Reflection& reflection = *time.GetReflection();
    const pb::Descriptor& type = *time.GetDescriptor();
    const bool odd = one_in(random, 10);
    const std::int64_t seconds =
        odd ? some_whole<std::int64_t>(random) : kFirst + static_cast<std::int64_t>(below(random, kSpan));
    static constexpr std::array<std::uint64_t, 4> kUnits{1, 1'000, 1'000'000, 1'000'000'000};
    const std::uint64_t unit = kUnits.at(below(random, kUnits.size()));
    const auto nanos =
        odd ? some_whole<std::int32_t>(random) : static_cast<std::int32_t>(below(random, 1'000'000'000 / unit) * unit);
    reflection.SetInt64(&time, type.FindFieldByName("seconds"), seconds);
    reflection.SetInt32(&time, type.FindFieldByName("nanos"), nanos);
}

// A type that holds itself is filled ever more rarely.
// NOLINTBEGIN(misc-no-recursion)
void fill_part(pb::Message& part, Random& random, int depth) {
    if (part.GetDescriptor()->full_name() == "google.protobuf.Timestamp") {
        fill_time(part, random);
    } else {
        fill(part, random, depth + 1);
    }
}

void add(pb::Message& message, const pb::FieldDescriptor& field, Random& random, int depth) {
    const pb::Reflection& to = *message.GetReflection();
    switch (field.cpp_type()) {
        case pb::FieldDescriptor::CPPTYPE_BOOL:
            return to.AddBool(&message, &field, one_in(random, 2));
        case pb::FieldDescriptor::CPPTYPE_INT32:
            return to.AddInt32(&message, &field, some_whole<std::int32_t>(random));
        case pb::FieldDescriptor::CPPTYPE_UINT32:
            return to.AddUInt32(&message, &field, some_whole<std::uint32_t>(random));
        case pb::FieldDescriptor::CPPTYPE_INT64:
            return to.AddInt64(&message, &field, some_whole<std::int64_t>(random));
        case pb::FieldDescriptor::CPPTYPE_UINT64:
            return to.AddUInt64(&message, &field, some_whole<std::uint64_t>(random));
        case pb::FieldDescriptor::CPPTYPE_DOUBLE:
            return to.AddDouble(&message, &field, some_real(random));
        case pb::FieldDescriptor::CPPTYPE_FLOAT:
            return;
        case pb::FieldDescriptor::CPPTYPE_ENUM:
            return to.AddEnumValue(&message, &field, some_enumerator(random, *field.enum_type()));
        case pb::FieldDescriptor::CPPTYPE_STRING:
            return to.AddString(
                &message, &field,
                field.type() == pb::FieldDescriptor::TYPE_BYTES ? some_bytes(random) : some_text(random));
        case pb::FieldDescriptor::CPPTYPE_MESSAGE:
            return fill_part(*to.AddMessage(&message, &field), random, depth);
    }
}

void set(pb::Message& message, const pb::FieldDescriptor& field, Random& random, int depth) {
    const pb::Reflection& to = *message.GetReflection();
    switch (field.cpp_type()) {
        case pb::FieldDescriptor::CPPTYPE_BOOL:
            return to.SetBool(&message, &field, one_in(random, 2));
        case pb::FieldDescriptor::CPPTYPE_INT32:
            return to.SetInt32(&message, &field, some_whole<std::int32_t>(random));
        case pb::FieldDescriptor::CPPTYPE_UINT32:
            return to.SetUInt32(&message, &field, some_whole<std::uint32_t>(random));
        case pb::FieldDescriptor::CPPTYPE_INT64:
            return to.SetInt64(&message, &field, some_whole<std::int64_t>(random));
        case pb::FieldDescriptor::CPPTYPE_UINT64:
            return to.SetUInt64(&message, &field, some_whole<std::uint64_t>(random));
        case pb::FieldDescriptor::CPPTYPE_DOUBLE:
            return to.SetDouble(&message, &field, some_real(random));
        case pb::FieldDescriptor::CPPTYPE_FLOAT:
            return;
        case pb::FieldDescriptor::CPPTYPE_ENUM:
            return to.SetEnumValue(&message, &field, some_enumerator(random, *field.enum_type()));
        case pb::FieldDescriptor::CPPTYPE_STRING:
            return to.SetString(
                &message, &field,
                field.type() == pb::FieldDescriptor::TYPE_BYTES ? some_bytes(random) : some_text(random));
        case pb::FieldDescriptor::CPPTYPE_MESSAGE:
            return fill_part(*to.MutableMessage(&message, &field), random, depth);
    }
}

}  // namespace

std::uint64_t below(Random& random, std::uint64_t count) { return random() % count; }

void fill(pb::Message& message, Random& random, int depth) {
    const pb::Descriptor& type = *message.GetDescriptor();
    const std::uint64_t rarity = 2 + static_cast<std::uint64_t>(depth) * 2;
    for (int i = 0; i < type.field_count(); ++i) {
        const pb::FieldDescriptor& field = *type.field(i);
        if (field.real_containing_oneof() != nullptr || !one_in(random, rarity)) continue;
        if (!field.is_repeated()) {
            set(message, field, random, depth);
            continue;
        }
        for (std::uint64_t count = below(random, 4); count > 0; --count) add(message, field, random, depth);
    }
    for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
        const pb::OneofDescriptor& oneof = *type.oneof_decl(i);
        if (one_in(random, 5)) continue;
        set(message, *oneof.field(static_cast<int>(below(random, static_cast<std::uint64_t>(oneof.field_count())))),
            random, depth);
    }
}
// NOLINTEND(misc-no-recursion)

}  // namespace cellvigil::ingest
