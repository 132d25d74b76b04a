#include "rules/base/result.h"

namespace cellvigil {

const char* name_of(Errc code) {
    switch (code) {
        case Errc::invalid:
            return "invalid";
        case Errc::not_found:
            return "not_found";
        case Errc::conflict:
            return "conflict";
        case Errc::unavailable:
            return "unavailable";
        case Errc::corrupt:
            return "corrupt";
    }
    return "unknown";
}

}  // namespace cellvigil
