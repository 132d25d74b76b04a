#include "daemon/ingest_json/item_reader.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <utility>

#include "daemon/ingest_json/field_value.h"
#include "daemon/ingest_json/json.h"
#include "daemon/ingest_json/near_name.h"
#include "daemon/ingest_json/scalars.h"
#include "rules/base/ensure.h"

namespace cellvigil::ingest {
namespace {

namespace pb = google::protobuf;

constexpr std::size_t kMostNameBytes = 64;  // of a stranger's field name, in a path
constexpr std::size_t kMostChoices = 12;    // enumerators that a detail lists

// A stranger's name as it may stand in a path: what no name of ours holds becomes '?', and it has an end.
std::string shown_name(std::string_view name) {
    std::string shown;
    for (const char c : name.substr(0, kMostNameBytes)) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        shown.push_back(plain ? c : '?');
    }
    if (name.size() > kMostNameBytes) shown += "...";
    return shown;
}

}  // namespace

// Messages live in one arena that is emptied after each item; its first block is kept.
struct ItemReader::Pool {
    static constexpr std::size_t kFirstBlock = 16'384;
    explicit Pool(const pb::Message& an_example) : block(kFirstBlock), arena(options()), example(an_example) {}
    pb::ArenaOptions options() {
        pb::ArenaOptions made;
        made.initial_block = block.data();
        made.initial_block_size = block.size();
        return made;
    }
    std::vector<char> block;
    pb::Arena arena;
    const pb::Message& example;
};

ItemReader::ItemReader(const MessageForm& form, const pb::Message& prototype)
    : form_(form), pool_(std::make_unique<Pool>(prototype)) {
    frames_.reserve(8);
}
ItemReader::~ItemReader() = default;

bool ItemReader::open_item() {
    if (items_.size() == kMostJsonItems) {
        full_ = true;
        return false;
    }
    in_item_ = true;
    return true;
}

void ItemReader::close_item() {
    if (item_.issues.empty()) {
        const pb::Message& message = *frames_.front().message;
        const std::size_t size = message.ByteSizeLong();
        if (size > kMostEnvelopeBytes) {
            frames_.clear();
            add_issue(Reason::oversize, "at most " + std::to_string(kMostEnvelopeBytes) + " bytes as an envelope");
        } else {
            item_.envelope.resize(size);
            message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(item_.envelope.data()));
        }
    }
    frames_.clear();
    pool_->arena.Reset();
    items_.push_back(std::move(item_));
    item_ = {};
    in_item_ = false;
    passed_over_ = 0;
    pass_next_ = false;
}

bool ItemReader::begin_object() {
    if (!in_item_) {
        if (!open_item()) return false;
        frames_.push_back({&form_, pool_->example.New(&pool_->arena), nullptr, -1, 0, {}});
        return true;
    }
    const FieldForm* field = next_field(true);
    if (field == nullptr) return true;
    const bool fits = field->message != nullptr && field->repeated == (frames_.back().index >= 0);
    if (!fits) {
        wrong_type(*field);
        passed_over_ = 1;
        return true;
    }
    choose(*field);
    begin_part(*field);
    return true;
}

void ItemReader::begin_part(const FieldForm& field) {
    pb::Message& whole = *frames_.back().message;
    const pb::Reflection& reflection = *whole.GetReflection();
    pb::Message* part = field.repeated ? reflection.AddMessage(&whole, field.descriptor)
                                       : reflection.MutableMessage(&whole, field.descriptor);
    frames_.push_back({field.message, part, nullptr, -1, 0, {}});
}

void ItemReader::end_object() {
    if (passed_over_ > 0) {
        if (--passed_over_ == 0) value_done();
        return;
    }
    if (frames_.size() == 1) return close_item();
    frames_.pop_back();
    value_done();
}

bool ItemReader::begin_array() {
    if (!in_item_) {
        if (in_list_) return stray(true);
        in_list_ = true;
        return true;
    }
    const FieldForm* field = next_field(true);
    if (field == nullptr) return true;
    if (field->repeated && frames_.back().index < 0) {
        frames_.back().index = 0;
    } else {
        wrong_type(*field);
        passed_over_ = 1;
    }
    return true;
}

void ItemReader::end_array() {
    if (passed_over_ > 0) {
        if (--passed_over_ == 0) value_done();
    } else if (frames_.empty()) {
        in_list_ = false;
    } else {
        frames_.back().index = -1;
    }
}

// After each value, read or passed over.
void ItemReader::value_done() {
    if (frames_.empty()) {
        close_item();  // it was none: its issue says so
    } else if (frames_.back().index >= 0) {
        ++frames_.back().index;
    }
}

// An item that is no object.
bool ItemReader::stray(bool container) {
    if (!open_item()) return false;
    add_issue(Reason::bad_field, "an object was expected");
    if (container) {
        passed_over_ = 1;
    } else {
        close_item();
    }
    return true;
}

void ItemReader::key(std::string_view name) {
    if (passed_over_ > 0) return;
    Frame& frame = frames_.back();
    frame.field = nullptr;
    const FieldForm* field = frame.form->find(name);
    if (field == nullptr) {
        unknown_field(*frame.form, name);
        pass_next_ = true;
        return;
    }
    frame.field = field;
    if ((frame.seen & field->bit) != 0) {
        add_issue(Reason::bad_field, "named more than once in one object");
        pass_next_ = true;
    }
    frame.seen |= field->bit;
}

const FieldForm* ItemReader::next_field(bool container) {
    if (passed_over_ > 0) {
        if (container) ++passed_over_;
        return nullptr;
    }
    if (pass_next_) {
        pass_next_ = false;
        if (container) passed_over_ = 1;
        return nullptr;
    }
    return frames_.back().field;
}

const FieldForm* ItemReader::next_single() {
    const FieldForm* field = next_field(false);
    if (field == nullptr) return nullptr;
    if (field->repeated && frames_.back().index < 0) {
        wrong_type(*field);
        return nullptr;
    }
    choose(*field);
    return field;
}

bool ItemReader::text(std::string_view value) {
    if (!in_item_) return stray(false);
    const FieldForm* field = next_single();
    if (field == nullptr) return true;
    if (field->kind == Kind::enumeration && !field->enumeration->number_of(value)) {
        add_issue(Reason::bad_field, enumerators_of(*field->enumeration, value));
    } else {
        note(put_text(*frames_.back().message, *field, value));
    }
    value_done();
    return true;
}

bool ItemReader::number(std::string_view digits) {
    if (!in_item_) return stray(false);
    if (const FieldForm* field = next_single(); field != nullptr) {
        note(put_number(*frames_.back().message, *field, digits));
        value_done();
    }
    return true;
}

bool ItemReader::boolean(bool value) {
    if (!in_item_) return stray(false);
    if (const FieldForm* field = next_single(); field != nullptr) {
        note(put_boolean(*frames_.back().message, *field, value));
        value_done();
    }
    return true;
}

bool ItemReader::null() {
    if (!in_item_) return stray(false);
    const FieldForm* field = next_field(false);
    if (field != nullptr && frames_.back().index >= 0) {
        add_issue(Reason::bad_field, "null has no place in an array");
        value_done();
    }
    return true;
}

// Two members of one oneof contradict each other; both are read, for their own issues.
void ItemReader::choose(const FieldForm& field) {
    if (field.oneof == 0) return;
    const FieldForm*& chosen = frames_.back().chosen[field.oneof - 1U];
    if (chosen == nullptr) {
        chosen = &field;
    } else {
        add_issue(Reason::bad_field, chosen->name + " and " + field.name + " exclude each other: give one of them");
    }
}

void ItemReader::unknown_field(const MessageForm& form, std::string_view name) {
    if (!is_utf8(name)) return add_issue(Reason::bad_utf8, "names in UTF-8 were expected", shown_name(name));
    add_issue(Reason::bad_field, "no field of that name" + hint(name, form.names()), shown_name(name));
}

std::string ItemReader::enumerators_of(const EnumForm& form, std::string_view given) {
    std::string detail = "no enumerator of that name" + hint(given, form.names());
    if (form.names().size() > kMostChoices) return detail;
    detail += "; one of";
    for (const std::string& name : form.names()) detail += " " + name;
    return detail;
}

std::string ItemReader::hint(std::string_view given, const std::vector<std::string>& known) {
    if (hints_left_ == 0) return {};
    --hints_left_;
    const std::string* nearest = nearest_name(given, known);
    return nearest == nullptr ? std::string{} : "; the nearest is " + *nearest;
}

void ItemReader::wrong_type(const FieldForm& field) {
    const bool wants_array = field.repeated && frames_.back().index < 0;
    add_issue(Reason::bad_field, wants_array ? "an array was expected" : expected_of(field.kind));
}

void ItemReader::note(const std::optional<Misfit>& misfit) {
    if (misfit) add_issue(misfit->reason, misfit->expected);
}

// `below`: a name within the object being read.
std::string ItemReader::path(std::string_view below) const {
    std::string path;
    for (const Frame& frame : frames_) {
        if (frame.field == nullptr) break;
        if (!path.empty()) path += '.';
        path += frame.field->name;
        if (frame.index >= 0) path += "[" + std::to_string(frame.index) + "]";
    }
    if (!path.empty() && !below.empty()) path += '.';
    return path.append(below);
}

std::size_t ItemReader::room() const { return issues_ < kMostIssuesOfText ? kMostIssuesOfItem : 1; }

void ItemReader::add_issue(Reason reason, std::string detail, std::string_view below) {
    if (item_.issues.size() >= room()) return;
    item_.issues.push_back({path(below), reason, std::move(detail)});
    ++issues_;
}

void ItemReader::broken(Issue issue, bool at_field) {
    if (!in_item_ && !open_item()) return;
    if (at_field) issue.path = path({});
    if (item_.issues.size() >= room()) item_.issues.pop_back();
    item_.issues.insert(item_.issues.begin(), std::move(issue));
    ++issues_;
    close_item();
}

void ItemReader::spoil_last(Issue issue) {
    ensure(!items_.empty(), "an item was read");
    JsonItem& last = items_.back();
    last.envelope.clear();
    if (last.issues.size() >= room()) last.issues.pop_back();
    last.issues.insert(last.issues.begin(), std::move(issue));
    ++issues_;
}

}  // namespace cellvigil::ingest
