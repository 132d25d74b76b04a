#include "daemon/app.h"

namespace cellvigil {

ExitStatus status_for(Errc code) {
    switch (code) {
        case Errc::invalid:
        case Errc::not_found:
            return ExitStatus::configuration;
        case Errc::conflict:
            return ExitStatus::elsewhere;
        case Errc::unavailable:
            return ExitStatus::unavailable;
        case Errc::corrupt:
            return ExitStatus::damaged;
    }
    return ExitStatus::damaged;
}

}  // namespace cellvigil
