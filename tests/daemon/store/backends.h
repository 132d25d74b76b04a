// The two stores, for suites that both must pass.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>

#include "daemon/store/memory.h"
#include "daemon/store/store.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {

// Somewhere to keep things, and sessions on it.
class Backend {
  public:
    virtual ~Backend() = default;
    virtual std::unique_ptr<Store> open() = 0;
};

class SqliteBackend final : public Backend {
  public:
    std::unique_ptr<Store> open() override { return take(open_sqlite({folder_.path()})); }

  private:
    TemporaryFolder folder_;
};

class MemoryBackend final : public Backend {
  public:
    std::unique_ptr<Store> open() override { return open_memory(database_); }

  private:
    std::shared_ptr<MemoryDatabase> database_ = std::make_shared<MemoryDatabase>();
};

struct BackendCase {
    const char* name;
    std::unique_ptr<Backend> (*make)();
};
inline void PrintTo(const BackendCase& c, std::ostream* out) { *out << c.name; }

inline auto both_backends() {
    return testing::Values(BackendCase{"sqlite", [] { return std::unique_ptr<Backend>(new SqliteBackend); }},
                           BackendCase{"memory", [] { return std::unique_ptr<Backend>(new MemoryBackend); }});
}

}  // namespace cellvigil::store
