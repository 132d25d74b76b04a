// The fields of an envelope straight from its bytes, along a table made from the contract's descriptors, for bytes in
// the one form that a serialiser writes.
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
    SentField unstated;  // as it is listed when absent
    std::uint32_t number = 0;
    std::uint32_t expected_tag = 0;
    Form form = Form::text;
    bool has_presence = false;
    int oneof = -1;      // of the real ones
    int last_known = 0;  // of an enumerator: all from 0 to here are known
    const Schema* inner = nullptr;
};
struct Schema {
    std::vector<SchemaField> fields;
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

// Enumerators are numbered without gaps in this contract.
int last_known(const FieldDescriptor& field) {
    return field.enum_type() == nullptr ? 0 : field.enum_type()->value_count() - 1;
}

class Schemas {
  public:
    const Schema& of(const Descriptor& descriptor) {
        auto& slot = all_[&descriptor];
        if (slot != nullptr) return *slot;
        slot = std::make_unique<Schema>();
        Schema& schema = *slot;
        for (int i = 0; i < descriptor.field_count(); ++i)
            schema.fields.push_back(made(descriptor, *descriptor.field(i), i));
        for (std::size_t i = 1; i < schema.fields.size(); ++i) {
            ensure(schema.fields[i - 1].number < schema.fields[i].number,
                   "fields are declared in the order of their numbers");
        }
        return schema;
    }

  private:
    SchemaField made(const Descriptor& descriptor, const FieldDescriptor& field, int index) {
        SchemaField made;
        made.unstated.ordinal = first_ordinal(descriptor) + static_cast<std::uint32_t>(index);
        made.unstated.message = descriptor.name();
        made.unstated.name = field.name();
        made.unstated.kind = kind_of_type(field.cpp_type());
        made.unstated.repeated = field.is_repeated();
        made.number = static_cast<std::uint32_t>(field.number());
        made.form = form_of(field);
        made.expected_tag = tag(made.number, wire_type_of(made.form));
        made.has_presence = field.has_presence();
        made.oneof = field.real_containing_oneof() == nullptr ? -1 : field.real_containing_oneof()->index();
        made.last_known = last_known(field);
        if (field.message_type() != nullptr) made.inner = &of(*field.message_type());
        return made;
    }
    std::unordered_map<const Descriptor*, std::unique_ptr<Schema>> all_;
};

const Schema& envelope_schema() {
    static Schemas schemas;
    static const Schema& schema = schemas.of(*v1::EventEnvelope::descriptor());
    return schema;
}

class Listing {
  public:
    explicit Listing(std::vector<SentField>& all) : all_(all) {}

    bool list(const Schema& schema, std::string_view bytes, std::int32_t parent) {
        Cursor in(bytes);
        std::size_t next = 0;
        std::uint32_t oneofs = 0;
        while (!in.at_end()) {
            std::uint32_t read = 0;
            if (!in.tag(read)) return false;
            for (; next < schema.fields.size() && schema.fields[next].number < read >> 3U; ++next) {
                add(schema.fields[next], parent);
            }
            if (next == schema.fields.size() || schema.fields[next].expected_tag != read) return false;
            const SchemaField& field = schema.fields[next++];
            if (field.oneof >= 0) {
                if ((oneofs >> field.oneof & 1U) != 0) return false;
                oneofs |= 1U << field.oneof;
            }
            if (field.unstated.repeated ? !list_repeated(field, in, parent) : !list_single(field, in, parent))
                return false;
        }
        for (; next < schema.fields.size(); ++next) add(schema.fields[next], parent);
        return true;
    }

  private:
    SentField& add(const SchemaField& field, std::int32_t parent) {
        all_.push_back(field.unstated);
        all_.back().parent = parent;
        return all_.back();
    }

    bool list_single(const SchemaField& field, Cursor& in, std::int32_t parent) {
        SentField& sent = add(field, parent);
        sent.stated = true;
        const auto place = static_cast<std::int32_t>(all_.size()) - 1;
        if (field.inner != nullptr) {
            std::string_view inner;
            return in.message(inner) && list(*field.inner, inner, place);
        }
        return read_value(field, in, sent);
    }

    // The elements of a message stand one after the other, those of enumerators are packed.
    bool list_repeated(const SchemaField& field, Cursor& in, std::int32_t parent) {
        const std::size_t place = all_.size();
        add(field, parent).stated = true;
        SentField element = all_.back();
        element.repeated = false;
        std::uint32_t count = 0;
        std::string_view bytes;
        if (!in.message(bytes)) return false;
        if (field.inner != nullptr) {
            for (;;) {
                element.index = static_cast<std::int32_t>(count++);
                all_.push_back(element);
                if (!list(*field.inner, bytes, static_cast<std::int32_t>(all_.size()) - 1)) return false;
                if (!in.starts_with_tag(field.expected_tag)) break;
                std::uint32_t again = 0;
                if (!in.tag(again) || !in.message(bytes)) return false;
            }
        } else {
            Cursor packed(bytes);
            if (packed.at_end() || field.form != Form::packed) return false;
            while (!packed.at_end()) {
                std::uint64_t number = 0;
                if (!packed.varint(number) || number > static_cast<std::uint64_t>(field.last_known)) return false;
                element.index = static_cast<std::int32_t>(count++);
                element.number = static_cast<double>(number);
                all_.push_back(element);
            }
        }
        all_[place].count = count;
        return true;
    }

    static bool read_value(const SchemaField& field, Cursor& in, SentField& sent) {
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
        return value <= largest_of(field);
    }
    static double number_of(Form form, std::uint64_t value) {
        if (form == Form::signed_64) return static_cast<double>(static_cast<std::int64_t>(value));
        if (form != Form::zigzag_32) return static_cast<double>(value);
        const auto half = static_cast<std::int32_t>(static_cast<std::uint32_t>(value) >> 1U);
        return (value & 1U) != 0 ? ~half : half;
    }
    // The largest varint that stands for a value; negative numbers of 32 bits are left to libprotobuf.
    static std::uint64_t largest_of(const SchemaField& field) {
        switch (field.form) {
            case Form::boolean:
                return 1;
            case Form::enumerator:
                return static_cast<std::uint64_t>(field.last_known);
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
            case Form::packed:
            case Form::real:
                return 0;
        }
        return 0;
    }

    std::vector<SentField>& all_;
};

}  // namespace

bool list_canonical(std::string_view bytes, std::vector<SentField>& all) {
    all.clear();
    return Listing(all).list(envelope_schema(), bytes, -1);
}

}  // namespace cellvigil::wire
