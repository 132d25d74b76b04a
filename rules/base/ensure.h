// A claim about our own code, checked in every build; a false one ends the process.
#pragma once

namespace cellvigil {

void ensure_failed [[noreturn]] (const char* claim, const char* file, int line);

inline void ensure(bool holds, const char* claim, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (!holds) ensure_failed(claim, file, line);
}

}  // namespace cellvigil
