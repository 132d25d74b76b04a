#include "daemon/alerts/sink.h"

namespace cellvigil::alerts {

const char* name_of(Announcement::Kind kind) { return kind == Announcement::Kind::test ? "test" : "digest"; }

Attempt Sink::announce(const Announcement&) {
    Attempt attempt;
    attempt.fate = Fate::refused;
    attempt.detail = "this sink takes alerts only";
    return attempt;
}

}  // namespace cellvigil::alerts
