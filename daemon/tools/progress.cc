#include "daemon/tools/progress.h"

#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace cellvigil::tools {
namespace {

using std::chrono::steady_clock;
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kNextLine = std::chrono::seconds(5);
constexpr std::uint64_t kBarWidth = 24;

double seconds_since(steady_clock::time_point start) {
    return std::max(1e-3, std::chrono::duration<double>(steady_clock::now() - start).count());
}

}  // namespace

Progress::Style Progress::style_of_stderr() { return ::isatty(STDERR_FILENO) == 1 ? Style::bar : Style::lines; }

Progress::Progress(std::ostream& out, Style style, std::string what, std::string unit, std::uint64_t total)
    : out_(out),
      style_(style),
      what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      start_(steady_clock::now()),
      next_(start_ + (style == Style::bar ? kRedraw : kNextLine)) {}

void Progress::update(std::uint64_t done, std::string_view beside) {
    // The clock is asked once in 64 items, and always for those that are slow.
    if (style_ == Style::quiet || (++calls_ % 64 != 0 && total_ > 10'000)) return;
    const auto now = steady_clock::now();
    if (now < next_) return;
    next_ = now + (style_ == Style::bar ? kRedraw : kNextLine);
    draw(done, beside, false);
}

void Progress::finish(std::uint64_t done, std::string_view beside) {
    if (style_ != Style::quiet) draw(done, beside, true);
}

void Progress::draw(std::uint64_t done, std::string_view beside, bool last) {
    std::string line = what_;
    if (total_ > 0) {
        const std::uint64_t share = std::min(done, total_);
        if (style_ == Style::bar) {
            const std::uint64_t filled = share * kBarWidth / total_;
            line += " [" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
        }
        line += fmt::format(" {:3}%", share * 100 / total_);
    }
    line += fmt::format("  {} {}  {:.0f}/s", done, unit_, static_cast<double>(done) / seconds_since(start_));
    if (!beside.empty()) line.append("  ").append(beside);
    if (style_ == Style::bar) {
        out_ << '\r' << line << "\x1b[K" << (last ? "\n" : "") << std::flush;
    } else {
        out_ << line << std::endl;
    }
}

std::chrono::milliseconds Pace::until_due(std::uint64_t number, std::int64_t at_ms) const {
    double due_s = 0;
    if (speed_ > 0) due_s = static_cast<double>(at_ms) / 1000 / speed_;
    if (rate_ > 0) due_s = std::max(due_s, static_cast<double>(number) / rate_);
    const double wait_s = due_s - std::chrono::duration<double>(steady_clock::now() - start_).count();
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::max(0.0, wait_s) * 1000));
}

}  // namespace cellvigil::tools
