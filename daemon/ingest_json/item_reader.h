// What a JSON parser sees, value by value, into messages: one per object at the top. Nothing is kept of the text but
// the place where it is; the message is filled as the values come. All that does not fit becomes an issue, and reading
// goes on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/ingest_json/field_value.h"
#include "daemon/ingest_json/form.h"

namespace cellvigil::ingest {

class ItemReader {
  public:
    // `form` is the form of `prototype`'s type; both outlive the reader.
    ItemReader(const MessageForm& form, const google::protobuf::Message& prototype);
    ~ItemReader();
    ItemReader(const ItemReader&) = delete;
    ItemReader& operator=(const ItemReader&) = delete;

    // The parser's events, in the order of the text. False: enough was read, stop.
    bool begin_object();
    void end_object();
    bool begin_array();
    void end_array();
    void key(std::string_view name);
    bool text(std::string_view value);
    bool number(std::string_view digits);
    bool boolean(bool value);
    bool null();

    // The text breaks off here: `issue` belongs to the item being read, else to one of its own. With `at_field` its
    // path becomes the field being read.
    void broken(Issue issue, bool at_field);
    // Something follows where the item read last ought to end.
    void spoil_last(Issue issue);
    bool is_full() const { return full_; }
    std::vector<JsonItem> take_items() { return std::move(items_); }

  private:
    struct Frame {  // an object being read
        const MessageForm* form = nullptr;
        google::protobuf::Message* message = nullptr;
        const FieldForm* field = nullptr;                                 // whose value comes next
        std::int64_t index = -1;                                          // in the field's array; -1: not in one
        std::uint64_t seen = 0;                                           // bits of the fields named so far
        std::array<const FieldForm*, MessageForm::kMostOneofs> chosen{};  // members given, by oneof
    };

    bool open_item();
    void close_item();
    void begin_part(const FieldForm& field);
    // The field that the value coming next belongs to; nullptr when the value is passed over.
    const FieldForm* next_field(bool container);
    // The same for a single value: not where an array is wanted.
    const FieldForm* next_single();
    bool stray(bool container);
    void value_done();
    void choose(const FieldForm& field);
    void unknown_field(const MessageForm& form, std::string_view name);
    std::string enumerators_of(const EnumForm& form, std::string_view given);
    std::string hint(std::string_view given, const std::vector<std::string>& known);
    void note(const std::optional<Misfit>& misfit);
    void wrong_type(const FieldForm& field);
    void add_issue(Reason reason, std::string detail, std::string_view below = {});
    std::string path(std::string_view below) const;
    std::size_t room() const;  // for issues of the item being read

    const MessageForm& form_;
    struct Pool;
    std::unique_ptr<Pool> pool_;
    std::vector<JsonItem> items_;
    std::vector<Frame> frames_;
    JsonItem item_;
    std::size_t passed_over_ = 0;  // depth of objects and arrays that are passed over
    bool pass_next_ = false;       // the next value is passed over
    bool in_item_ = false;
    bool in_list_ = false;  // of items
    bool full_ = false;
    std::size_t issues_ = 0;         // of all items
    std::size_t hints_left_ = 1000;  // a search among names each
};

}  // namespace cellvigil::ingest
