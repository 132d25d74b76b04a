// The schema of an SQLite store and the steps that lead to it from every earlier version (docs/store.md).
#pragma once

#include <cstdint>
#include <vector>

#include "daemon/store/database.h"
#include "rules/base/result.h"

namespace cellvigil::store {

struct Migration {
    std::int64_t version = 0;  // the schema's version after this step; consecutive from 1
    const char* sql = nullptr;
};

const std::vector<Migration>& migrations();
std::int64_t newest_version();

// Brings the database to the newest version, all steps in one transaction. `invalid` when it is newer than this program
// knows; `corrupt` when it is an SQLite file of something else.
Result<void> migrate(Connection& connection);
// For those who may not migrate: the same refusals, and `invalid` when it is older.
Result<void> require_newest_version(Connection& connection);

}  // namespace cellvigil::store
