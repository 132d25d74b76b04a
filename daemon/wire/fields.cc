// Every field of an envelope, by the contract's descriptors.
#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/inspect.h"

namespace cellvigil::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

FieldKind kind_of(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING: return FieldKind::text;
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT: return FieldKind::number;
        case FieldDescriptor::CPPTYPE_BOOL: return FieldKind::boolean;
        case FieldDescriptor::CPPTYPE_ENUM: return FieldKind::enumerator;
        case FieldDescriptor::CPPTYPE_MESSAGE: return FieldKind::message;
        case FieldDescriptor::CPPTYPE_INT32:
        case FieldDescriptor::CPPTYPE_INT64:
        case FieldDescriptor::CPPTYPE_UINT32:
        case FieldDescriptor::CPPTYPE_UINT64: return FieldKind::whole_number;
    }
    return FieldKind::message;
}

bool enumerator_known(const FieldDescriptor& field, int number) {
    return field.enum_type()->FindValueByNumber(number) != nullptr;
}

void read_value(const Message& message, const FieldDescriptor& field, SentField& to) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING: to.text = reflection.GetString(message, &field); break;
        case FieldDescriptor::CPPTYPE_DOUBLE: to.number = reflection.GetDouble(message, &field); break;
        case FieldDescriptor::CPPTYPE_FLOAT: to.number = static_cast<double>(reflection.GetFloat(message, &field)); break;
        case FieldDescriptor::CPPTYPE_BOOL: to.number = reflection.GetBool(message, &field) ? 1 : 0; break;
        case FieldDescriptor::CPPTYPE_INT32: to.number = reflection.GetInt32(message, &field); break;
        case FieldDescriptor::CPPTYPE_UINT32: to.number = reflection.GetUInt32(message, &field); break;
        case FieldDescriptor::CPPTYPE_INT64: to.number = static_cast<double>(reflection.GetInt64(message, &field)); break;
        case FieldDescriptor::CPPTYPE_UINT64: to.number = static_cast<double>(reflection.GetUInt64(message, &field)); break;
        case FieldDescriptor::CPPTYPE_ENUM: {
            const int number = reflection.GetEnumValue(message, &field);
            to.number = number;
            to.known = enumerator_known(field, number);
            break;
        }
        case FieldDescriptor::CPPTYPE_MESSAGE: break;
    }
}

void add_fields(const Message& message, const std::string& prefix, std::vector<SentField>& all);

void add_elements(const Message& message, const FieldDescriptor& field, const SentField& whole, std::vector<SentField>& all) {
    const Reflection& reflection = *message.GetReflection();
    for (std::size_t i = 0; i < whole.count; ++i) {
        const std::string path = whole.path + "[" + std::to_string(i) + "]";
        const int index = static_cast<int>(i);
        if (whole.kind == FieldKind::message) {
            add_fields(reflection.GetRepeatedMessage(message, &field, index), path + ".", all);
        } else if (whole.kind == FieldKind::enumerator) {
            SentField element = whole;
            element.path = path;
            element.repeated = false;
            element.number = reflection.GetRepeatedEnumValue(message, &field, index);
            element.known = enumerator_known(field, static_cast<int>(element.number));
            all.push_back(std::move(element));
        }
    }
}

void add_field(const Message& message, const FieldDescriptor& field, const std::string& prefix, std::vector<SentField>& all) {
    const Reflection& reflection = *message.GetReflection();
    SentField sent;
    sent.path = prefix + field.name();
    sent.message = message.GetDescriptor()->name();
    sent.field = field.name();
    sent.kind = kind_of(field);
    if (field.is_repeated()) {
        sent.repeated = true;
        sent.count = static_cast<std::size_t>(reflection.FieldSize(message, &field));
        sent.stated = sent.count > 0;
        all.push_back(sent);
        add_elements(message, field, sent, all);
        return;
    }
    sent.stated = reflection.HasField(message, &field);
    if (sent.stated) read_value(message, field, sent);
    const bool goes_in = sent.stated && sent.kind == FieldKind::message;
    const std::string inner = sent.path + ".";
    all.push_back(std::move(sent));
    if (goes_in) add_fields(reflection.GetMessage(message, &field), inner, all);
}

void add_fields(const Message& message, const std::string& prefix, std::vector<SentField>& all) {
    const Descriptor& descriptor = *message.GetDescriptor();
    for (int i = 0; i < descriptor.field_count(); ++i) add_field(message, *descriptor.field(i), prefix, all);
}

}  // namespace

std::vector<SentField> fields_of(const v1::EventEnvelope& envelope) {
    std::vector<SentField> all;
    add_fields(envelope, "", all);
    return all;
}

}  // namespace cellvigil::wire
