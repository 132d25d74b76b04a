#include "rules/timeline/subject_timeline.h"

namespace cellvigil {

const char* name_of(Applied applied) {
    switch (applied) {
        case Applied::applied:
            return "applied";
        case Applied::duplicate:
            return "duplicate";
        case Applied::superseded:
            return "superseded";
        case Applied::version_conflict:
            return "version_conflict";
        case Applied::id_reuse:
            return "id_reuse";
    }
    return "unknown";
}

}  // namespace cellvigil
