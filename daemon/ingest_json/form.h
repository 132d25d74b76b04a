// What a protobuf message looks like in JSON: the names of its fields and enumerators, looked up by hash. Built once
// per type, then only read.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/hash_index.h"

namespace google::protobuf {
class Descriptor;
class EnumDescriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace cellvigil::ingest {

// Names and what each stands for: indices of the owner's own table.
class NameIndex {
  public:
    // False when the name is there already; it keeps its first meaning.
    bool add(std::string_view name, std::uint32_t value);
    std::optional<std::uint32_t> find(std::string_view name) const;

  private:
    struct Entry {
        std::string name;
        std::uint32_t value;
    };
    std::vector<Entry> entries_;
    HashIndex index_;
};

// Enumerators by full name, and by the name without the enumeration's prefix ("CREATE").
class EnumForm {
  public:
    explicit EnumForm(const google::protobuf::EnumDescriptor& descriptor);
    std::optional<int> number_of(std::string_view name) const;
    // The shortest name that number_of reads as this number; empty when it has none.
    std::string_view name_of(int number) const;
    const std::vector<std::string>& names() const { return names_; }  // as name_of gives them, without UNSPECIFIED

  private:
    NameIndex index_;
    std::vector<int> numbers_;  // by what index_ gives
    std::map<int, std::string> shown_;
    std::vector<std::string> names_;
};

// How a value is written. `time` is google.protobuf.Timestamp.
enum class Kind : std::uint8_t { boolean, int32, uint32, int64, uint64, real, text, bytes, enumeration, time, message };

class MessageForm;

struct FieldForm {
    const google::protobuf::FieldDescriptor* descriptor = nullptr;
    std::string name;  // snake_case
    Kind kind = Kind::text;
    bool repeated = false;
    std::uint8_t oneof = 0;                 // 1, 2 ...: number of the oneof it is a member of
    std::uint64_t bit = 0;                  // its own among the message's fields
    const MessageForm* message = nullptr;   // kinds time and message
    const EnumForm* enumeration = nullptr;  // kind enumeration
};

// At most 64 fields and 4 oneofs; no maps, groups or single-precision numbers: the wire contract has none.
class MessageForm {
  public:
    static constexpr std::size_t kMostOneofs = 4;

    // By snake_case or lowerCamelCase name; nullptr when there is none.
    const FieldForm* find(std::string_view name) const;
    // By its place in the descriptor.
    const FieldForm& at(int index) const { return fields_[static_cast<std::size_t>(index)]; }
    const std::vector<std::string>& names() const { return names_; }  // snake_case

  private:
    friend class Forms;
    std::vector<FieldForm> fields_;
    std::vector<std::string> names_;
    NameIndex index_;
};

// Owns the forms of a message type and of every type below it.
class Forms {
  public:
    const MessageForm& of(const google::protobuf::Descriptor& descriptor);

  private:
    const EnumForm& of(const google::protobuf::EnumDescriptor& descriptor);
    std::map<const google::protobuf::Descriptor*, std::unique_ptr<MessageForm>> messages_;
    std::map<const google::protobuf::EnumDescriptor*, std::unique_ptr<EnumForm>> enums_;
};

}  // namespace cellvigil::ingest
