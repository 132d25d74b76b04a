// Any text as a configuration and as a rule pack: read whole, or every problem says where it is and what is wrong;
// nothing is thrown. A configuration that is taken can be printed.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/config/config_yaml.h"
#include "daemon/packs/rule_pack.h"
#include "rules/base/ensure.h"

namespace {

// The text as a file that is gone afterwards.
class TextFile {
  public:
    TextFile(const void* bytes, std::size_t size) : file_(::memfd_create("fuzz", MFD_CLOEXEC)) {
        cellvigil::ensure(file_ >= 0 && ::write(file_, bytes, size) == static_cast<ssize_t>(size),
                          "memory holds a text");
    }
    ~TextFile() { ::close(file_); }
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;
    std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

  private:
    int file_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cellvigil;
    const TextFile text(bytes, size);
    config::Sources sources;
    sources.file = text.path();
    const config::Loaded loaded = config::load(sources);
    for (const config::Problem& problem : loaded.problems)
        ensure(!problem.where.empty() && !problem.what.empty(), "a problem says where it is and what is wrong");
    if (loaded.problems.empty()) ensure(!config::print_config(loaded).empty(), "what is taken can be printed");
    const auto pack = packs::load_pack(text.path());
    ensure(pack.has_value() || !pack.error().detail.empty(), "a pack is read or refused with a reason");
    return 0;
}
