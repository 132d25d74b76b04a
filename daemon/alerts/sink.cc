#include "daemon/alerts/sink.h"

namespace cellvigil::alerts {

const char* name_of(Announcement::Kind kind) {
    switch (kind) {
        case Announcement::Kind::test:
            return "test";
        case Announcement::Kind::digest:
            return "digest";
        case Announcement::Kind::escalation:
            return "escalation";
        case Announcement::Kind::held:
            return "held";
    }
    return "";
}

Attempt Sink::announce(const Announcement&) {
    Attempt attempt;
    attempt.fate = Fate::refused;
    attempt.detail = "this sink takes alerts only";
    return attempt;
}

}  // namespace cellvigil::alerts
