// Tells systemd how the daemon is, when it was started with Type=notify; else does nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/base/time.h"

namespace cellvigil {

// "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..."; several with line ends between.
void notify_systemd(std::string_view state);
// How often WATCHDOG=1 is wanted at least; nullopt: not at all.
std::optional<milliseconds> systemd_watchdog();

// While it lives, the watchdog waits for `at_most` instead of its configured time: for work of the thread that feeds
// it.
class PatientWatchdog {
  public:
    explicit PatientWatchdog(milliseconds at_most);
    ~PatientWatchdog();
    PatientWatchdog(const PatientWatchdog&) = delete;
    PatientWatchdog& operator=(const PatientWatchdog&) = delete;
};

// What the daemon is doing, told when it changes.
class SystemdStatus {
  public:
    void tell(const std::string& sentence);

  private:
    std::string told_;
};

}  // namespace cellvigil
