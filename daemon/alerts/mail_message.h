// A mail as bytes: RFC 5322 and MIME. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/alerts/wording.h"
#include "rules/base/time.h"

namespace cellvigil::alerts {

struct MailHead {
    std::string from;  // "cellvigil@hospital.example"
    std::vector<std::string> to;
    std::string message_id;               // without the angle brackets
    std::vector<std::string> references;  // the thread so far, oldest first; the last is answered
    Instant date{};
};
// Lines end with CRLF and have at most 998 bytes; text and HTML say the same.
std::string mail_message(const MailHead& head, const Wording& wording);

// "safety@hospital.example": one @, no space, no control character, at most 254 bytes.
bool is_mail_address(std::string_view text);
std::string domain_of(std::string_view address);

}  // namespace cellvigil::alerts
