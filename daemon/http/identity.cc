#include "daemon/http/identity.h"

namespace cellvigil::http {

const auth::Identity& identity_of(const Request& request) { return request.identity; }

auth::Identity local_identity() {
    auth::Identity identity;
    identity.person = "local";
    for (int role = static_cast<int>(Role::viewer); role < kRoles; ++role)
        identity.roles.push_back(static_cast<Role>(role));
    identity.studies = {"*"};
    identity.expires = kNever;
    return identity;
}

bool may_see(const auth::Identity& identity, std::string_view subject_key) {
    const auto slash = subject_key.find('/');
    return identity.sees(slash == std::string_view::npos ? std::string_view("*") : subject_key.substr(0, slash));
}

}  // namespace cellvigil::http
