// Who sent a request. The server sets it before a handler sees the request, and the route's guard (guard.h) has let it
// through; a handler asks for what the guard cannot know: the person's name for the record, the roles for the
// lifecycle, the studies whose subjects may be shown.
#pragma once

#include <string_view>

#include "daemon/auth/token.h"
#include "daemon/http/message.h"

namespace cellvigil::http {

// Without roles when nobody was identified: then nothing is allowed.
const auth::Identity& identity_of(const Request& request);

// Whom everybody is without authentication, on the loopback only: "local", with every role and every study.
auth::Identity local_identity();

// "study/subject" as keys have it: may it be shown? A key without a slash belongs to no study and is shown to those who
// see all.
bool may_see(const auth::Identity& identity, std::string_view subject_key);

}  // namespace cellvigil::http
