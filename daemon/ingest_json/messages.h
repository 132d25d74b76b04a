// JSON to protobuf messages of any type and back. The daemon reads envelopes only (json.h); tests bring other types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/ingest_json/form.h"

namespace cellvigil::ingest {

// One object, an array of objects, or an object per line; a text of white space alone holds none. An object that is
// broken, or followed by something else, spoils its own item; in an array nothing can be read beyond it. `form` is the
// form of `prototype`'s type.
std::vector<JsonItem> messages_of_json(std::string_view text, const MessageForm& form,
                                       const google::protobuf::Message& prototype);

void append_json(std::string& out, const google::protobuf::Message& message, const MessageForm& form);

}  // namespace cellvigil::ingest
