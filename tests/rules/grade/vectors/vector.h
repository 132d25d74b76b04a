// Cases written from the published tables and the rules of docs/clinical alone, before anybody looked at how the
// program comes to its answer: facts, when asked, what is to be said. They find what a test beside the code takes over
// from the code.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/rules/grade/legacy_ward.h"
#include "tests/support/case_name.h"

namespace cellvigil::vectors {

using legacy_ward::amount;
using story::d;
using story::Story;

struct Vector {
    const char* name;
    std::function<void(Story&)> tell;
    Instant asked;
    Scale scale;
    Term term;
    const char* expected;         // "2", "2-3", "NA-4"; "-": nothing is said
    std::vector<Flag> with = {};  // among the flags
    std::vector<Flag> without = {};
};
inline void PrintTo(const Vector& one, std::ostream* out) { *out << one.name; }

inline void check(const Vector& one) {
    Story told;
    one.tell(told);
    const Assessment said = legacy_ward::said_of(told, one.asked, one.scale, one.term);
    EXPECT_EQ(legacy_ward::range_of(said), one.expected) << legacy_ward::names(said.flags);
    for (const Flag flag : one.with)
        EXPECT_TRUE(said.flags.has(flag)) << name_of(flag) << " of " << legacy_ward::names(said.flags);
    for (const Flag flag : one.without) EXPECT_FALSE(said.flags.has(flag)) << name_of(flag);
}

}  // namespace cellvigil::vectors
