// Every field of an envelope, by the contract's descriptors.
#include <unordered_map>

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/inspect.h"

namespace cellvigil::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The first ordinal of each kind of message that an envelope can hold.
using Ordinals = std::unordered_map<const google::protobuf::Descriptor*, std::uint32_t>;
void number_fields(const google::protobuf::Descriptor& descriptor, Ordinals& ordinals, std::uint32_t& next) {
    if (!ordinals.emplace(&descriptor, next).second) return;
    next += static_cast<std::uint32_t>(descriptor.field_count());
    for (int i = 0; i < descriptor.field_count(); ++i) {
        const auto* inner = descriptor.field(i)->message_type();
        if (inner != nullptr) number_fields(*inner, ordinals, next);
    }
}
bool is_known(const FieldDescriptor& field, int number) {
    return field.enum_type()->FindValueByNumber(number) != nullptr;
}

void read_value(const Message& message, const FieldDescriptor& field, SentField& to) {
    const Reflection& reflection = *message.GetReflection();
    static std::string scratch;  // never written: our strings are held as std::string
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
            to.text = reflection.GetStringReference(message, &field, &scratch);
            break;
        case FieldDescriptor::CPPTYPE_DOUBLE:
            to.number = reflection.GetDouble(message, &field);
            break;
        case FieldDescriptor::CPPTYPE_FLOAT:
            to.number = static_cast<double>(reflection.GetFloat(message, &field));
            break;
        case FieldDescriptor::CPPTYPE_BOOL:
            to.number = reflection.GetBool(message, &field) ? 1 : 0;
            break;
        case FieldDescriptor::CPPTYPE_INT32:
            to.number = reflection.GetInt32(message, &field);
            break;
        case FieldDescriptor::CPPTYPE_UINT32:
            to.number = reflection.GetUInt32(message, &field);
            break;
        case FieldDescriptor::CPPTYPE_INT64:
            to.number = static_cast<double>(reflection.GetInt64(message, &field));
            break;
        case FieldDescriptor::CPPTYPE_UINT64:
            to.number = static_cast<double>(reflection.GetUInt64(message, &field));
            break;
        case FieldDescriptor::CPPTYPE_ENUM: {
            const int number = reflection.GetEnumValue(message, &field);
            to.number = number;
            to.known = is_known(field, number);
            break;
        }
        case FieldDescriptor::CPPTYPE_MESSAGE:
            break;
    }
}

void list_message(const Message& message, std::int32_t parent, std::vector<SentField>& all);

void list_elements(const Message& message, const FieldDescriptor& field, std::size_t place,
                   std::vector<SentField>& all) {
    const Reflection& reflection = *message.GetReflection();
    const SentField whole = all[place];
    for (int i = 0; i < static_cast<int>(whole.count); ++i) {
        SentField element = whole;
        element.repeated = false;
        element.count = 0;
        element.index = i;
        element.stated = true;
        if (whole.kind == FieldKind::enumerator) {
            const int number = reflection.GetRepeatedEnumValue(message, &field, i);
            element.number = number;
            element.known = is_known(field, number);
        }
        all.push_back(element);
        if (whole.kind != FieldKind::message) continue;
        list_message(reflection.GetRepeatedMessage(message, &field, i), static_cast<std::int32_t>(all.size()) - 1, all);
    }
}

void list_field(const Message& message, const FieldDescriptor& field, std::uint32_t ordinal, std::int32_t parent,
                std::vector<SentField>& all) {
    const Reflection& reflection = *message.GetReflection();
    SentField sent;
    sent.ordinal = ordinal;
    sent.message = message.GetDescriptor()->name();
    sent.name = field.name();
    sent.parent = parent;
    sent.kind = kind_of_type(field.cpp_type());
    const std::size_t place = all.size();
    if (field.is_repeated()) {
        sent.repeated = true;
        sent.count = static_cast<std::uint32_t>(reflection.FieldSize(message, &field));
        sent.stated = sent.count > 0;
        all.push_back(sent);
        list_elements(message, field, place, all);
        return;
    }
    sent.stated = reflection.HasField(message, &field);
    if (sent.stated) read_value(message, field, sent);
    all.push_back(sent);
    if (sent.stated && sent.kind == FieldKind::message) {
        list_message(reflection.GetMessage(message, &field), static_cast<std::int32_t>(place), all);
    }
}

void list_message(const Message& message, std::int32_t parent, std::vector<SentField>& all) {
    const auto& descriptor = *message.GetDescriptor();
    const std::uint32_t first = first_ordinal(descriptor);
    for (int i = 0; i < descriptor.field_count(); ++i) {
        list_field(message, *descriptor.field(i), first + static_cast<std::uint32_t>(i), parent, all);
    }
}

}  // namespace

std::uint32_t first_ordinal(const google::protobuf::Descriptor& descriptor) {
    static const Ordinals ordinals = [] {
        Ordinals all;
        std::uint32_t next = 0;
        number_fields(*v1::EventEnvelope::descriptor(), all, next);
        return all;
    }();
    return ordinals.at(&descriptor);
}

FieldKind kind_of_type(int cpp_type) {
    switch (static_cast<FieldDescriptor::CppType>(cpp_type)) {
        case FieldDescriptor::CPPTYPE_STRING:
            return FieldKind::text;
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT:
            return FieldKind::number;
        case FieldDescriptor::CPPTYPE_BOOL:
            return FieldKind::boolean;
        case FieldDescriptor::CPPTYPE_ENUM:
            return FieldKind::enumerator;
        case FieldDescriptor::CPPTYPE_MESSAGE:
            return FieldKind::message;
        case FieldDescriptor::CPPTYPE_INT32:
        case FieldDescriptor::CPPTYPE_INT64:
        case FieldDescriptor::CPPTYPE_UINT32:
        case FieldDescriptor::CPPTYPE_UINT64:
            return FieldKind::whole_number;
    }
    return FieldKind::message;
}

void list_fields(const v1::EventEnvelope& envelope, std::vector<SentField>& all) { list_message(envelope, -1, all); }

std::string path_of(const std::vector<SentField>& fields, std::size_t place) {
    const SentField& field = fields[place];
    std::string path = field.parent < 0 ? std::string() : path_of(fields, static_cast<std::size_t>(field.parent)) + ".";
    path += field.name;
    if (field.index >= 0) path += "[" + std::to_string(field.index) + "]";
    return path;
}

}  // namespace cellvigil::wire
