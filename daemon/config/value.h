// One setting's text read as what its key expects. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::config {

enum class Kind : std::uint8_t {
    text,
    integer,   // from `first` to `last`, both included
    bytes,     // as integer, or with KiB, MiB or GiB
    boolean,   // true or false
    choice,    // one of `choices`
    list,      // of text: a YAML sequence, or words between commas
    offset,    // from UTC: "+08:00"
    secret,    // text that is never printed
    property,  // text for librdkafka
    group,     // a named thing that may have no keys of its own, such as a site
};

struct Value {
    std::string text;
    std::int64_t number = 0;
    bool truth = false;
    UtcOffset offset{};
    std::vector<std::string> list;
};

struct Expected {
    Kind kind = Kind::text;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string_view choices = {};  // "embedded|kafka"
    bool may_be_empty = true;       // text and list
};
// "an integer from 0 to 65535"
std::string to_text(const Expected& expected);
// `invalid` with what was expected and found. A list is given as its words between commas.
Result<Value> read_value(const Expected& expected, std::string_view text);
Result<Value> read_list(const Expected& expected, std::vector<std::string> words);
// The value as YAML would have it; a secret is only told to be there.
std::string to_yaml(Kind kind, const Value& value);

}  // namespace cellvigil::config
