#include "daemon/store/folder_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

namespace cellvigil::store {
namespace {

// A process's locks by the file's identity, so that a second session finds the first one's whatever the path's
// spelling.
struct Held {
    std::mutex mutex;
    std::map<std::pair<dev_t, ino_t>, std::weak_ptr<FolderLock>> by_file;
};
Held& held() {
    static Held held;
    return held;
}

std::string owner_of(int fd) {
    std::array<char, 32> text{};
    const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
    std::string owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    owner.erase(owner.find_last_not_of("\n") + 1);
    return owner.empty() ? "another process" : "process " + owner;
}

Error lock_error(const std::string& path) { return {Errc::unavailable, path + ": " + std::strerror(errno)}; }

}  // namespace

Result<std::shared_ptr<FolderLock>> FolderLock::take(const std::string& folder) {
    const std::string path = folder + "/LOCK";
    const std::lock_guard guard(held().mutex);
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return fail(lock_error(path));
    std::shared_ptr<FolderLock> lock(new FolderLock(fd, ::getpid()));
    struct stat status {};
    if (::fstat(fd, &status) != 0) return fail(lock_error(path));
    std::weak_ptr<FolderLock>& known = held().by_file[{status.st_dev, status.st_ino}];
    if (auto shared = known.lock(); shared && shared->owner_ == ::getpid()) return shared;  // not a forked child's
    // A lock of the open file description, not of the process: closing some other descriptor of the file (above) keeps
    // it.
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (::fcntl(fd, F_OFD_SETLK, &whole) != 0) {
        if (errno != EAGAIN && errno != EACCES) return fail(lock_error(path));
        return fail(Errc::conflict, folder + ": in use by " + owner_of(fd));
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(fd, 0) != 0) return fail(lock_error(path));
    if (::pwrite(fd, pid.data(), pid.size(), 0) < 0) return fail(lock_error(path));
    known = lock;
    return lock;
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace cellvigil::store
