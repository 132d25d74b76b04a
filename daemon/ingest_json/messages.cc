#include "daemon/ingest_json/messages.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstddef>
#include <utility>

#include "daemon/ingest_json/item_reader.h"
#include "daemon/ingest_json/json.h"
#include "daemon/ingest_json/members.h"

namespace cellvigil::ingest {
namespace {

namespace json = boost::json;

constexpr std::string_view kBlank = " \t\r\n";

// Joins the parts of a token and hands the whole on.
class Events {
  public:
    // NOLINTBEGIN(readability-identifier-naming): the parser asks for these names
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    // NOLINTEND(readability-identifier-naming)

    Events(const MessageForm& form, const google::protobuf::Message& prototype) : items(form, prototype) {}

    bool on_document_begin(json::error_code&) {
        token_.clear();
        return true;
    }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code& error) { return go_on(items.begin_object(), error); }
    bool on_object_end(std::size_t, json::error_code&) {
        items.end_object();
        return true;
    }
    bool on_array_begin(json::error_code& error) { return go_on(items.begin_array(), error); }
    bool on_array_end(std::size_t, json::error_code&) {
        items.end_array();
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return keep(part); }
    bool on_key(json::string_view last, std::size_t, json::error_code&) {
        items.key(joined(last));
        token_.clear();
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return keep(part); }
    bool on_string(json::string_view last, std::size_t, json::error_code& error) {
        const bool more = items.text(joined(last));
        token_.clear();
        return go_on(more, error);
    }
    bool on_number_part(json::string_view part, json::error_code&) { return keep(part); }
    bool on_int64(std::int64_t, json::string_view last, json::error_code& error) { return on_number(last, error); }
    bool on_uint64(std::uint64_t, json::string_view last, json::error_code& error) { return on_number(last, error); }
    bool on_double(double, json::string_view last, json::error_code& error) { return on_number(last, error); }
    bool on_bool(bool value, json::error_code& error) { return go_on(items.boolean(value), error); }
    bool on_null(json::error_code& error) { return go_on(items.null(), error); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

    ItemReader items;

  private:
    bool keep(json::string_view part) {
        token_.append(part.data(), part.size());
        return true;
    }
    std::string_view joined(json::string_view last) {
        if (token_.empty()) return {last.data(), last.size()};
        keep(last);
        return token_;
    }
    bool on_number(json::string_view last, json::error_code& error) {
        const bool more = items.number(joined(last));  // from its digits: Boost 1.81 rounds some doubles wrongly
        token_.clear();
        return go_on(more, error);
    }
    static bool go_on(bool more, json::error_code& error) {
        if (!more) error = json::error::array_too_large;
        return more;
    }

    std::string token_;
};

// The first half of a surrogate pair, as an escape: the other half ought to follow.
bool ends_with_half_a_pair(std::string_view text) {
    if (text.size() < 6) return false;
    const std::string_view escape = text.substr(text.size() - 6);
    return escape.starts_with("\\u") && (escape[2] == 'd' || escape[2] == 'D') &&
           std::string_view("89abAB").find(escape[3]) != std::string_view::npos;
}

class TextReader {
  public:
    TextReader(std::string_view text, const MessageForm& form, const google::protobuf::Message& prototype)
        : text_(text), parser_(options(), form, prototype) {}

    // All of the text as one value. False: it may rather be an object per line.
    bool read_whole() {
        const std::size_t end = read_value(0, text_.size());
        if (end == std::string_view::npos) return is_full() || !has_lines(text_.find('\n'));
        const std::size_t rest = text_.find_first_not_of(kBlank, end);
        if (rest == std::string_view::npos) return true;
        if (text_[text_.find_first_not_of(kBlank)] != '[') {
            if (is_first_line(rest) || has_lines(text_.find('\n'))) return false;
            items().spoil_last(issue_at(rest, "something follows the object"));
        } else {
            items().broken(issue_at(rest, "something follows the array"), false);
        }
        return true;
    }

    void read_lines() {
        for (std::size_t from = 0; from < text_.size() && !is_full(); ++line_) {
            const std::size_t until = std::min(text_.find('\n', from), text_.size());
            line_begin_ = from;
            if (text_.substr(from, until - from).find_first_not_of(kBlank) != std::string_view::npos) {
                lines_.push_back(text_.substr(from, until - from));
                read_line(from, until);
            }
            from = until + 1;
        }
    }

    std::vector<JsonItem> take_items() {
        std::vector<JsonItem> taken = items().take_items();
        name_texts(taken);
        if (is_full())
            taken.push_back({{},
                             {{"", Reason::oversize,
                               "at most " + std::to_string(kMostJsonItems) + " items; the rest was not read"}}});
        return taken;
    }

  private:
    static json::parse_options options() {
        json::parse_options made;
        made.max_depth = kMostJsonDepth;
        made.allow_invalid_utf8 = true;  // found by the field's reader, which knows the path
        return made;
    }
    ItemReader& items() { return parser_.handler().items; }
    bool is_full() { return items().is_full(); }

    void read_line(std::size_t from, std::size_t until) {
        if (text_[text_.find_first_not_of(kBlank, from)] == '[')
            return items().broken(issue_at(from, "one object per line was expected"), false);
        const std::size_t end = read_value(from, until);
        if (end == std::string_view::npos) return;
        const std::size_t rest = text_.substr(0, until).find_first_not_of(kBlank, end);
        if (rest != std::string_view::npos) items().spoil_last(issue_at(rest, "something follows the object"));
    }

    // An item is a line, a member of the array, or all there is.
    void name_texts(std::vector<JsonItem>& taken) const {
        if (std::ranges::all_of(taken, [](const JsonItem& item) { return item.issues.empty(); })) return;
        std::vector<std::string_view> texts = lines_;
        if (texts.empty())
            texts = text_[text_.find_first_not_of(kBlank)] == '[' ? members_of_array(text_) : std::vector{text_};
        for (std::size_t i = 0; i < taken.size() && i < texts.size(); ++i) {
            if (!taken[i].issues.empty()) taken[i].text = texts[i];
        }
    }

    // Reads the value at the front of [from, until); answers where it ends, npos when it is broken: then its issue is
    // noted.
    std::size_t read_value(std::size_t from, std::size_t until) {
        json::error_code error;
        parser_.reset();
        const std::size_t count = parser_.write_some(false, text_.data() + from, until - from, error);
        if (!error) return from + count;
        if (!is_full()) note(error, from + count);
        return std::string_view::npos;
    }

    void note(const json::error_code& error, std::size_t at) {
        const std::string_view rest = text_.substr(at);
        if (error == json::error::illegal_leading_surrogate || error == json::error::illegal_trailing_surrogate ||
            error == json::error::expected_utf16_escape || ends_with_half_a_pair(text_.substr(0, at))) {
            items().broken(issue_at(at, "half of a surrogate pair", Reason::bad_utf8), true);
        } else if (error == json::error::exponent_overflow) {
            items().broken(issue_at(at, "the exponent is too large", Reason::out_of_range), true);
        } else if (rest.starts_with("NaN") || rest.starts_with("Infinity")) {
            items().broken(issue_at(at, "JSON has no NaN or Infinity", Reason::not_finite), true);
        } else if (error == json::error::too_deep) {
            items().broken(issue_at(at, "nested more than " + std::to_string(kMostJsonDepth) + " deep"), false);
        } else if (error == json::error::incomplete) {
            items().broken(issue_at(at, "the text ends too early"), false);
        } else {
            items().broken(issue_at(at, "no JSON"), false);
        }
    }

    Issue issue_at(std::size_t at, const std::string& what, Reason reason = Reason::unparsable) const {
        const std::string_view before = text_.substr(line_begin_, at - line_begin_);
        const auto line = line_ + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
        const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        const std::string_view left = before.substr(begin);
        const auto characters = std::count_if(left.begin(), left.end(),
                                              [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
        return {"", reason,
                "line " + std::to_string(line) + ", column " + std::to_string(characters + 1) + ": " + what};
    }

    // Whether what stands before `rest` is the first line and nothing else.
    bool is_first_line(std::size_t rest) const {
        const std::size_t last = text_.find_last_not_of(kBlank, rest - 1);
        const std::size_t newline = text_.find('\n', text_.find_first_not_of(kBlank));
        return newline > last && newline < rest;
    }

    // Whether a line after `from` looks like an object of its own. One that is written over several lines has no such
    // line: the objects in it begin after white space.
    bool has_lines(std::size_t from) const {
        while (from < text_.size()) {
            const std::size_t begin = from + 1;
            from = std::min(text_.find('\n', begin), text_.size());
            const std::string_view line = text_.substr(begin, from - begin);
            const std::size_t last = line.find_last_not_of(kBlank);
            if (line.starts_with('{') && line[last] == '}') return true;
        }
        return false;
    }

    std::string_view text_;
    json::basic_parser<Events> parser_;
    std::size_t line_ = 1;
    std::size_t line_begin_ = 0;
    std::vector<std::string_view> lines_;  // those that hold an item
};

}  // namespace

std::vector<JsonItem> messages_of_json(std::string_view text, const MessageForm& form,
                                       const google::protobuf::Message& prototype) {
    if (text.size() > kMostJsonBytes)
        return {{{},
                 {{"", Reason::oversize, "at most " + std::to_string(kMostJsonBytes) + " bytes of JSON at once"}},
                 text}};
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    TextReader whole(text, form, prototype);
    if (whole.read_whole()) return whole.take_items();
    TextReader lines(text, form, prototype);
    lines.read_lines();
    return lines.take_items();
}

}  // namespace cellvigil::ingest
