#include "daemon/ingest/inlet.h"

namespace cellvigil::ingest {

const char* name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::accepted:
            return "accepted";
        case Outcome::duplicate:
            return "duplicate";
        case Outcome::superseded:
            return "superseded";
        case Outcome::quarantined:
            return "quarantined";
        case Outcome::rejected:
            return "rejected";
        case Outcome::queued:
            return "queued";
    }
    return "unknown";
}

}  // namespace cellvigil::ingest
