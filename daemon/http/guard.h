// Who may use a route. Every route names it; one that names nothing is refused to everybody. Pure.
#pragma once

#include <cstdint>

#include "daemon/auth/access.h"

namespace cellvigil::http {

struct Guard {
    enum class Kind : std::uint8_t {
        refused,    // named nothing
        open,       // no token asked for: the probes
        scrape,     // the scraper's static token, or read_aggregates
        permitted,  // an identity with `permission`
    };
    Kind kind = Kind::refused;
    auth::Permission permission = auth::Permission::read_aggregates;
    bool of_study = false;  // the route's first capture is a study: the identity must see it
};

constexpr Guard open_to_all() { return {.kind = Guard::Kind::open}; }
constexpr Guard for_scrapers() { return {.kind = Guard::Kind::scrape}; }
constexpr Guard needs(auth::Permission permission) {
    return {.kind = Guard::Kind::permitted, .permission = permission};
}
// `permission`, of a subject in the study that the first {..} of the pattern names.
constexpr Guard needs_in_study(auth::Permission permission) {
    return {.kind = Guard::Kind::permitted, .permission = permission, .of_study = true};
}

}  // namespace cellvigil::http
