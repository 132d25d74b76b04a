#include "daemon/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace cellvigil {

void notify_systemd(std::string_view state) {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = std::strlen(path);
    if (length >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    // Not being heard is systemd's to notice.
    static_cast<void>(
        ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size));
    ::close(socket);
}

namespace {

// As configured in the unit; 0: there is no watchdog.
std::int64_t watchdog_microseconds() {
    const char* text = std::getenv("WATCHDOG_USEC");
    std::int64_t microseconds = 0;
    if (text != nullptr) std::from_chars(text, text + std::strlen(text), microseconds);
    return std::max<std::int64_t>(microseconds, 0);
}

}  // namespace

std::optional<milliseconds> systemd_watchdog() {
    const std::int64_t microseconds = watchdog_microseconds();
    if (microseconds == 0) return std::nullopt;
    return milliseconds(microseconds / 1000 / 2);
}

PatientWatchdog::PatientWatchdog(milliseconds at_most) {
    if (watchdog_microseconds() > 0)
        notify_systemd("WATCHDOG_USEC=" + std::to_string(at_most.count() * 1000) + "\nWATCHDOG=1");
}

PatientWatchdog::~PatientWatchdog() {
    if (const std::int64_t own = watchdog_microseconds(); own > 0) {
        notify_systemd("WATCHDOG_USEC=" + std::to_string(own) + "\nWATCHDOG=1");
    }
}

void SystemdStatus::tell(const std::string& sentence) {
    if (sentence == told_) return;
    notify_systemd("STATUS=" + sentence);
    told_ = sentence;
}

}  // namespace cellvigil
