// What becomes of a handler's answer on its way out: an entity tag, "not modified" for who has it already, gzip. Runs
// where the handler answers, not on the io thread. Private to the server.
#pragma once

#include <string>
#include <string_view>

#include "daemon/http/guard.h"
#include "daemon/http/message.h"

namespace cellvigil::http {

struct Wishes {
    bool read = false;  // GET or HEAD
    bool gzip = false;
    std::string if_none_match;
};
void shape(Response& response, const Wishes& wishes);

// Whether one of the tags of an If-None-Match or If-Match header is `tag`, weakly compared; "*" is every tag.
bool names_tag(std::string_view header, std::string_view tag);

std::string sha256_hex(std::string_view text);
std::string random_hex();  // eight digits, from the system's own source

// "no-store" for whatever may name a subject; aggregates may be kept and asked for anew.
std::string_view cache_control_of(const Guard& guard);

}  // namespace cellvigil::http
