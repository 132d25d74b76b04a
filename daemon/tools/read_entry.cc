#include "daemon/tools/read_entry.h"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "daemon/clock.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

constexpr const char* kFileVariable = "CELLVIGIL_AUDIT_FILE";

std::string name_of_user(uid_t user) {
    const passwd* entry = getpwuid(user);
    return entry != nullptr ? entry->pw_name : std::to_string(user);
}

Result<void> append_line(const std::string& path, const std::string& line) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return fail(Errc::unavailable, path + ": " + std::strerror(errno));
    const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                         ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    return written ? Result<void>() : Result<void>(fail(Errc::unavailable, path + ": " + std::strerror(error)));
}

}  // namespace

std::string os_user() {
    const std::string user = name_of_user(::geteuid());
    const char* before = std::getenv("SUDO_USER");
    if (::geteuid() == 0 && before != nullptr && *before != '\0') return std::string("os:") + before + " as " + user;
    return "os:" + user;
}

Result<void> enter_read(const std::string& folder, const ReadEntry& entry) {
    store::AuditRow row;
    row.at = wall_clock();
    row.who = os_user();
    row.what = "read.folder." + entry.what;
    row.object = entry.object;
    row.detail = entry.arguments.empty() ? "{}" : entry.arguments;
    if (entry.is_subject) row.subjects = {entry.object};
    if (const char* path = std::getenv(kFileVariable); path != nullptr && *path != '\0') {
        const boost::json::object line{{"at", to_rfc3339(row.at)}, {"who", row.who},       {"what", row.what},
                                       {"object", row.object},     {"detail", row.detail}, {"folder", folder}};
        return append_line(path, boost::json::serialize(line) + "\n");
    }
    const auto store = open_beside(folder);
    if (!store) return fail(store.error());
    store::Commit commit;
    commit.audit.push_back(std::move(row));
    if (auto written = (*store)->write(commit); !written)
        return fail(written.error().code, "the read could not be entered into the audit trail (" +
                                              written.error().detail + "); where the folder may only be read, name a "
                                              "file for the entry in " + kFileVariable);
    return {};
}

}  // namespace cellvigil::tools
