// gzip (RFC 1952) of bodies. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/base/result.h"

namespace cellvigil::http {

std::string gzip(std::string_view plain);

// `invalid`: not gzip, cut, or followed by something else. `conflict`: more than `at_most` bytes come out; no more than
// that is ever held.
Result<std::string> gunzip(std::string_view packed, std::size_t at_most);

// Whether an Accept-Encoding header takes gzip: by name or by "*", not with q=0.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace cellvigil::http
