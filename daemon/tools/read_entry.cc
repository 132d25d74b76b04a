#include "daemon/tools/read_entry.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>

#include "daemon/clock.h"
#include "daemon/config/config_yaml.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

constexpr const char* kFileVariable = "CELLVIGIL_AUDIT_FILE";

std::string name_of_user(uid_t user) {
    const passwd* entry = getpwuid(user);
    return entry != nullptr ? entry->pw_name : std::to_string(user);
}

std::string variable(const char* name) {
    const auto all = config::environment_of_process();
    const auto found = all.find(name);
    return found == all.end() ? std::string() : found->second;
}

Result<void> append_line(const std::string& path, const std::string& line) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return fail(Errc::unavailable, path + ": " + std::strerror(errno));
    struct stat kind {};
    if (::fstat(file, &kind) != 0 || !S_ISREG(kind.st_mode)) {  // a device keeps nothing
        ::close(file);
        return fail(Errc::invalid, path + ": not a regular file");
    }
    const bool written =
        ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    return written ? Result<void>() : Result<void>(fail(Errc::unavailable, path + ": " + std::strerror(error)));
}

Result<void> enter_into(const std::string& folder, const store::AuditRow& row) {
    const auto store = open_beside(folder);
    if (!store) return fail(store.error());
    store::Commit commit;
    commit.audit.push_back(row);
    if (auto written = (*store)->write(commit); !written)
        return fail(written.error().code, "the read could not be entered into the audit trail (" +
                                              written.error().detail +
                                              "); where the folder may only be read, name a "
                                              "file for the entry in " +
                                              kFileVariable);
    return {};
}

}  // namespace

std::string os_user() {
    const std::string user = name_of_user(::geteuid());
    std::uint64_t login = 0;  // who logged in, whatever became of the process since; the largest number: not known
    std::ifstream file("/proc/self/loginuid");
    const bool known = static_cast<bool>(file >> login) && login < 0xffffffffU;
    if (known && login != ::geteuid()) return "os:" + name_of_user(static_cast<uid_t>(login)) + " as " + user;
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
    // The trail first: a variable must not keep anybody out of it who can write there.
    const auto entered = enter_into(folder, row);
    const std::string path = variable(kFileVariable);
    if (entered || path.empty()) return entered;
    const boost::json::object line{{"at", to_rfc3339(row.at)}, {"who", row.who},       {"what", row.what},
                                   {"object", row.object},     {"detail", row.detail}, {"folder", folder}};
    return append_line(path, boost::json::serialize(line) + "\n");
}

}  // namespace cellvigil::tools
