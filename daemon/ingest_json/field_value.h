// Puts one value of JSON into a field: sets a single one, appends to a repeated one.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/ingest_json/form.h"
#include "rules/event/admit.h"

namespace cellvigil::ingest {

struct Misfit {
    Reason reason = Reason::bad_field;
    const char* expected = "";  // for people
};

// What a field of this kind takes, for people.
const char* expected_of(Kind kind);

// Each answers nullopt when the value was put into `message`, else leaves the field alone.
// Text: also numbers, times, base64 and names of enumerators. Must be UTF-8, else bad_utf8.
std::optional<Misfit> put_text(google::protobuf::Message& message, const FieldForm& field, std::string_view value);
std::optional<Misfit> put_number(google::protobuf::Message& message, const FieldForm& field, std::string_view digits);
std::optional<Misfit> put_boolean(google::protobuf::Message& message, const FieldForm& field, bool value);

}  // namespace cellvigil::ingest
