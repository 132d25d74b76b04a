// Along a table made from the contract's descriptors.
#include "daemon/wire/stated.h"

#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <unordered_map>

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/cursor.h"
#include "daemon/wire/inspect.h"
#include "rules/base/ensure.h"

namespace cellvigil::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// How a field's value is written.
enum class Form : std::uint8_t {
    text,
    message,
    packed,
    real,
    boolean,
    enumerator,
    unsigned_32,
    unsigned_64,
    signed_32,
    signed_64,
    zigzag_32,
};

struct Schema;
struct SchemaField {
    std::uint32_t number = 0;
    std::uint32_t expected_tag = 0;
    Form form = Form::text;
    bool has_presence = false;
    bool repeated = false;
    int oneof = -1;             // of the real ones
    std::uint64_t largest = 0;  // the largest varint that stands for a value
    const Schema* inner = nullptr;
};
struct Schema {
    std::vector<SchemaField> fields;
    std::vector<SentField> unstated;  // of each, as it is listed when absent
};

std::uint32_t wire_type_of(Form form) {
    if (form == Form::text || form == Form::message || form == Form::packed) return kLength;
    return form == Form::real ? kFixed64 : kVarint;
}

Form form_of(const FieldDescriptor& field) {
    const auto type = field.type();
    if (type == FieldDescriptor::TYPE_STRING) return Form::text;
    if (type == FieldDescriptor::TYPE_MESSAGE) return Form::message;
    if (type == FieldDescriptor::TYPE_ENUM) return field.is_packed() ? Form::packed : Form::enumerator;
    if (type == FieldDescriptor::TYPE_DOUBLE) return Form::real;
    if (type == FieldDescriptor::TYPE_BOOL) return Form::boolean;
    if (type == FieldDescriptor::TYPE_UINT32) return Form::unsigned_32;
    if (type == FieldDescriptor::TYPE_UINT64) return Form::unsigned_64;
    if (type == FieldDescriptor::TYPE_INT32) return Form::signed_32;
    if (type == FieldDescriptor::TYPE_INT64) return Form::signed_64;
    ensure(type == FieldDescriptor::TYPE_SINT32, "the contract has no other types");
    return Form::zigzag_32;
}

// Negative numbers of 32 bits are left to libprotobuf. Enumerators are numbered without gaps in this contract.
std::uint64_t largest_of(Form form, const FieldDescriptor& field) {
    switch (form) {
        case Form::boolean:
            return 1;
        case Form::enumerator:
        case Form::packed:
            return static_cast<std::uint64_t>(field.enum_type()->value_count() - 1);
        case Form::unsigned_32:
        case Form::zigzag_32:
            return std::numeric_limits<std::uint32_t>::max();
        case Form::signed_32:
            return std::numeric_limits<std::int32_t>::max();
        case Form::unsigned_64:
        case Form::signed_64:
            return std::numeric_limits<std::uint64_t>::max();
        case Form::text:
        case Form::message:
        case Form::real:
            return 0;
    }
    return 0;
}

class Schemas {
  public:
    const Schema& of(const Descriptor& descriptor) {
        auto& slot = all_[&descriptor];
        if (slot != nullptr) return *slot;
        slot = std::make_unique<Schema>();
        Schema& schema = *slot;
        ensure(descriptor.field_count() <= 64, "a bit stands for each field");
        for (int i = 0; i < descriptor.field_count(); ++i) {
            schema.fields.push_back(made(*descriptor.field(i)));
            schema.unstated.push_back(unstated(descriptor, *descriptor.field(i), i));
        }
        for (std::size_t i = 1; i < schema.fields.size(); ++i) {
            ensure(schema.fields[i - 1].number < schema.fields[i].number,
                   "fields are declared in the order of their numbers");
        }
        return schema;
    }

  private:
    static SentField unstated(const Descriptor& descriptor, const FieldDescriptor& field, int index) {
        SentField made;
        made.ordinal = first_ordinal(descriptor) + static_cast<std::uint32_t>(index);
        made.message = descriptor.name();
        made.name = field.name();
        made.kind = kind_of_type(field.cpp_type());
        made.repeated = field.is_repeated();
        return made;
    }
    SchemaField made(const FieldDescriptor& field) {
        SchemaField made;
        made.number = static_cast<std::uint32_t>(field.number());
        made.form = form_of(field);
        made.expected_tag = tag(made.number, wire_type_of(made.form));
        made.has_presence = field.has_presence();
        made.repeated = field.is_repeated();
        made.oneof = field.real_containing_oneof() == nullptr ? -1 : field.real_containing_oneof()->index();
        made.largest = largest_of(made.form, field);
        if (field.message_type() != nullptr) made.inner = &of(*field.message_type());
        return made;
    }
    std::unordered_map<const Descriptor*, std::unique_ptr<Schema>> all_;
};

// By the number of the envelope's field; nullptr: not a message.
using Payloads = std::array<const Schema*, 64>;
const Payloads& payloads() {
    static Schemas schemas;
    static const Payloads all = [] {
        Payloads made{};
        const Descriptor& envelope = *v1::EventEnvelope::descriptor();
        for (int i = 0; i < envelope.field_count(); ++i) {
            const FieldDescriptor& field = *envelope.field(i);
            if (field.message_type() == nullptr) continue;
            made.at(static_cast<std::size_t>(field.number())) = &schemas.of(*field.message_type());
        }
        return made;
    }();
    return all;
}

class Listing {
  public:
    explicit Listing(StatedPayload& to) : to_(to) {}

    bool list(const Schema& schema, const SentField* of, std::string_view bytes) {
        const std::size_t place = to_.messages.size();
        to_.messages.push_back({&schema.unstated, of, 0});
        Cursor in(bytes);
        const std::size_t count = schema.fields.size();
        std::size_t next = 0;
        std::uint32_t oneofs = 0;
        std::uint64_t stated = 0;
        while (!in.at_end()) {
            std::uint32_t read = 0;
            if (!in.tag(read)) return false;
            while (next < count && schema.fields[next].expected_tag < read) ++next;
            if (next == count || schema.fields[next].expected_tag != read) return false;
            const SchemaField& field = schema.fields[next];
            if (field.oneof >= 0) {
                if ((oneofs >> field.oneof & 1U) != 0) return false;
                oneofs |= 1U << field.oneof;
            }
            stated |= std::uint64_t{1} << next;
            StatedField sent{.field = &schema.unstated[next++], .count = 0, .text = {}, .number = 0};
            if (field.repeated ? !list_repeated(field, in, sent) : !list_single(field, in, sent)) return false;
        }
        to_.messages[place].stated = stated;
        return true;
    }

  private:
    bool list_single(const SchemaField& field, Cursor& in, StatedField& sent) {
        if (field.inner == nullptr) {
            if (!read_value(field, in, sent)) return false;
            to_.fields.push_back(sent);
            return true;
        }
        to_.fields.push_back(sent);
        std::string_view inner;
        return in.message(inner) && list(*field.inner, sent.field, inner);
    }

    // The elements of a message stand one after the other, those of enumerators are packed.
    bool list_repeated(const SchemaField& field, Cursor& in, StatedField& sent) {
        std::string_view bytes;
        if (!in.message(bytes)) return false;
        if (field.inner != nullptr) {
            for (;;) {
                ++sent.count;
                if (!list(*field.inner, sent.field, bytes)) return false;
                if (!in.starts_with_tag(field.expected_tag)) break;
                std::uint32_t again = 0;
                if (!in.tag(again) || !in.message(bytes)) return false;
            }
        } else {
            Cursor packed(bytes);
            if (packed.at_end() || field.form != Form::packed) return false;
            for (; !packed.at_end(); ++sent.count) {
                std::uint64_t number = 0;
                if (!packed.varint(number) || number > field.largest) return false;
            }
        }
        to_.fields.push_back(sent);
        return true;
    }

    static bool read_value(const SchemaField& field, Cursor& in, StatedField& sent) {
        const bool may_be_default = field.has_presence;
        if (field.form == Form::text) return may_be_default ? in.text_or_empty(sent.text) : in.text(sent.text);
        std::uint64_t value = 0;
        if (field.form == Form::real) {
            if (!in.fixed(sent.number)) return false;
            std::memcpy(&value, &sent.number, 8);
            return may_be_default || value != 0;
        }
        if (!in.varint(value) || (value == 0 && !may_be_default)) return false;
        sent.number = number_of(field.form, value);
        return value <= field.largest;
    }
    static double number_of(Form form, std::uint64_t value) {
        if (form == Form::signed_64) return static_cast<double>(static_cast<std::int64_t>(value));
        if (form != Form::zigzag_32) return static_cast<double>(value);
        const auto half = static_cast<std::int32_t>(static_cast<std::uint32_t>(value) >> 1U);
        return (value & 1U) != 0 ? ~half : half;
    }

    StatedPayload& to_;
};

}  // namespace

bool list_stated(std::uint32_t number, std::string_view bytes, StatedPayload& to) {
    to.fields.clear();
    to.messages.clear();
    const Payloads& all = payloads();
    return number < all.size() && all[number] != nullptr && Listing(to).list(*all[number], nullptr, bytes);
}

}  // namespace cellvigil::wire
