#include "daemon/ingest_json/form.h"

#include <google/protobuf/descriptor.h>

#include <utility>

#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::ingest {
namespace {

namespace pb = google::protobuf;

// "RECORD_ACTION_": what stands before UNSPECIFIED in the name of the enumerator 0.
std::string_view prefix_of(const pb::EnumDescriptor& descriptor) {
    static constexpr std::string_view kZeroSuffix = "UNSPECIFIED";
    const std::string_view zero = descriptor.value(0)->name();
    return zero.ends_with(kZeroSuffix) ? zero.substr(0, zero.size() - kZeroSuffix.size()) : std::string_view{};
}

Kind kind_of(const pb::FieldDescriptor& field) {
    switch (field.cpp_type()) {
        case pb::FieldDescriptor::CPPTYPE_BOOL:
            return Kind::boolean;
        case pb::FieldDescriptor::CPPTYPE_INT32:
            return Kind::int32;
        case pb::FieldDescriptor::CPPTYPE_UINT32:
            return Kind::uint32;
        case pb::FieldDescriptor::CPPTYPE_INT64:
            return Kind::int64;
        case pb::FieldDescriptor::CPPTYPE_UINT64:
            return Kind::uint64;
        case pb::FieldDescriptor::CPPTYPE_DOUBLE:
            return Kind::real;
        case pb::FieldDescriptor::CPPTYPE_ENUM:
            return Kind::enumeration;
        case pb::FieldDescriptor::CPPTYPE_STRING:
            return field.type() == pb::FieldDescriptor::TYPE_BYTES ? Kind::bytes : Kind::text;
        case pb::FieldDescriptor::CPPTYPE_MESSAGE:
            return field.message_type()->full_name() == "google.protobuf.Timestamp" ? Kind::time : Kind::message;
        case pb::FieldDescriptor::CPPTYPE_FLOAT:
            break;
    }
    ensure(false, "the wire contract has no single-precision numbers");
    return Kind::real;
}

}  // namespace

bool NameIndex::add(std::string_view name, std::uint32_t value) {
    if (find(name)) return false;
    index_.insert(hash64(name), static_cast<std::uint32_t>(entries_.size()));
    entries_.push_back({std::string(name), value});
    return true;
}

std::optional<std::uint32_t> NameIndex::find(std::string_view name) const {
    const std::uint32_t at = index_.find(hash64(name), [&](std::uint32_t i) { return entries_[i].name == name; });
    if (at == HashIndex::kAbsent) return std::nullopt;
    return entries_[at].value;
}

EnumForm::EnumForm(const pb::EnumDescriptor& descriptor) {
    const std::string_view prefix = prefix_of(descriptor);
    // Full names first: one enumerator's full name wins over another's short one.
    for (int i = 0; i < descriptor.value_count(); ++i) {
        index_.add(descriptor.value(i)->name(), static_cast<std::uint32_t>(i));
        numbers_.push_back(descriptor.value(i)->number());
    }
    for (int i = 0; i < descriptor.value_count(); ++i) {
        const pb::EnumValueDescriptor& value = *descriptor.value(i);
        std::string_view shown = value.name();
        if (shown.starts_with(prefix) && shown.size() > prefix.size() &&
            index_.add(shown.substr(prefix.size()), static_cast<std::uint32_t>(i)))
            shown.remove_prefix(prefix.size());
        if (shown_.emplace(value.number(), shown).second && value.number() != 0) names_.emplace_back(shown);
    }
}

std::optional<int> EnumForm::number_of(std::string_view name) const {
    const auto found = index_.find(name);
    if (!found) return std::nullopt;
    return numbers_[*found];
}

std::string_view EnumForm::name_of(int number) const {
    const auto found = shown_.find(number);
    return found == shown_.end() ? std::string_view{} : found->second;
}

const FieldForm* MessageForm::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found ? &fields_[*found] : nullptr;
}

const EnumForm& Forms::of(const pb::EnumDescriptor& descriptor) {
    auto& form = enums_[&descriptor];
    if (!form) form = std::make_unique<EnumForm>(descriptor);
    return *form;
}

// As deep as the contract's types.
const MessageForm& Forms::of(const pb::Descriptor& descriptor) {  // NOLINT(misc-no-recursion)
    const auto [place, added] = messages_.try_emplace(&descriptor);
    if (!added) return *place->second;
    place->second = std::make_unique<MessageForm>();
    MessageForm& form = *place->second;  // in its place before its fields are looked at: a type may hold itself
    ensure(descriptor.field_count() <= 64, "a message has at most 64 fields");
    ensure(descriptor.real_oneof_decl_count() <= static_cast<int>(MessageForm::kMostOneofs),
           "a message has at most 4 oneofs");
    form.fields_.resize(static_cast<std::size_t>(descriptor.field_count()));
    for (int i = 0; i < descriptor.field_count(); ++i) {
        const pb::FieldDescriptor& field = *descriptor.field(i);
        ensure(!field.is_map() && field.type() != pb::FieldDescriptor::TYPE_GROUP,
               "the wire contract has no maps or groups");
        FieldForm& made = form.fields_[static_cast<std::size_t>(i)];
        made.descriptor = &field;
        made.name = field.name();
        made.kind = kind_of(field);
        made.repeated = field.is_repeated();
        if (const auto* oneof = field.real_containing_oneof(); oneof != nullptr)
            made.oneof = static_cast<std::uint8_t>(oneof->index() + 1);
        made.bit = std::uint64_t{1} << static_cast<unsigned>(i);
        if (made.kind == Kind::message || made.kind == Kind::time) made.message = &of(*field.message_type());
        if (made.kind == Kind::enumeration) made.enumeration = &of(*field.enum_type());
        form.names_.push_back(field.name());
        form.index_.add(field.name(), static_cast<std::uint32_t>(i));
    }
    for (int i = 0; i < descriptor.field_count(); ++i)
        form.index_.add(descriptor.field(i)->json_name(), static_cast<std::uint32_t>(i));
    return form;
}

}  // namespace cellvigil::ingest
