#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>

#include "daemon/metrics/state.h"

namespace cellvigil::metrics {
namespace {

std::string text_of(const char* file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// The n-th word (from 0) as a number; 0 when there is none.
double number_at(std::string_view text, int n) {
    while (n-- > 0) {
        const auto space = text.find(' ');
        if (space == std::string_view::npos) return 0;
        text.remove_prefix(space + 1);
    }
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// When the process started, in seconds since 1970: the machine's start plus the process's, both as the kernel tells
// them.
double start_time() {
    const std::string stat = text_of("/proc/self/stat");
    const auto name_end = stat.rfind(')');
    const std::string machine = text_of("/proc/stat");
    const auto boot = machine.find("\nbtime ");
    if (name_end == std::string::npos || boot == std::string::npos) return 0;
    const double ticks = number_at(std::string_view(stat).substr(name_end + 2), 19);
    return number_at(std::string_view(machine).substr(boot + 7), 0) +
           ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::int64_t open_descriptors() {
    std::int64_t count = -1;  // the one that looks
    if (DIR* folder = ::opendir("/proc/self/fd")) {
        while (const dirent* entry = ::readdir(folder)) count += entry->d_name[0] != '.' ? 1 : 0;
        ::closedir(folder);
    }
    return count;
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace

void add_process(Families& out, const State& state, const std::vector<ProbeCheck>& checks, Instant now) {
    out.gauge("cellvigil_build_info", "1; what runs.");
    out.add({{"version", state.options.version}, {"revision", state.options.revision}}, 1.0);
    out.gauge("cellvigil_config_info", "1; which configuration is in effect.");
    out.add({{"hash", state.options.config_hash}}, 1.0);
    out.gauge("cellvigil_config_last_reload_successful", "1 when the last reload was taken, 0 when it was refused.");
    out.add({}, state.process.config_reload_ok.get());
    out.gauge("cellvigil_config_last_reload_success_timestamp_seconds", "When the configuration was last taken.");
    out.add({}, static_cast<double>(state.process.config_reload_at_ms.get()) / 1000.0);
    out.gauge("cellvigil_clock_timestamp_seconds", "What the daemon's clock shows: against the scraper's, its skew.");
    out.add({}, static_cast<double>(now.time_since_epoch().count()) / 1000.0);
    out.gauge("cellvigil_check_passed",
              "1 when a check of /livez or /readyz passes, 0 when it does not; probe `advice`: shown by /readyz, which "
              "passes without it.");
    for (const ProbeCheck& one : checks) out.add({{"probe", one.probe}, {"check", one.check}}, one.passed ? 1.0 : 0.0);
    out.counter("cellvigil_state_read_failures_total",
                "Scrapes that show an older committed state because it could not be read.");
    out.add({}, state.read_failures);
    static const double started = start_time();
    out.counter("process_cpu_seconds_total", "Processor time used.");
    out.add({}, cpu_seconds());
    out.gauge("process_resident_memory_bytes", "Memory held.");
    out.add({}, number_at(text_of("/proc/self/statm"), 1) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    out.gauge("process_open_fds", "Open descriptors.");
    out.add({}, open_descriptors());
    out.gauge("process_start_time_seconds", "When the process started.");
    out.add({}, started);
}

}  // namespace cellvigil::metrics
