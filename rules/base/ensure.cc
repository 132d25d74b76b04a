#include "rules/base/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace cellvigil {

void ensure_failed(const char* claim, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: broken claim: %s\n", file, line, claim);
    std::abort();
}

}  // namespace cellvigil
