// Errors as values. A Result holds a value or an Error; a discarded one does not compile.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace cellvigil {

// What the caller can do about it.
enum class Errc {
    invalid,      // the input is wrong: tell its author
    not_found,    // nothing of that name
    conflict,     // somebody else changed it: drop state, read again
    unavailable,  // an outside part is away: nothing was done, retry with back-off
    corrupt,      // stored bytes are not what was written: stop
};

const char* name_of(Errc code);

struct Error {
    Errc code = Errc::invalid;
    std::string detail;  // for people; never names a subject
};

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> fail(Errc code, std::string detail) {
    return tl::unexpected<Error>(Error{code, std::move(detail)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace cellvigil
