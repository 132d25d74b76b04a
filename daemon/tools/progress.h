// How far a long command is: a bar that redraws itself on a terminal, a plain line now and then elsewhere, nothing when
// quiet.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace cellvigil::tools {

class Progress {
  public:
    enum class Style : std::uint8_t { quiet, lines, bar };
    // The style for standard error as it is: a bar on a terminal, else lines.
    static Style style_of_stderr();

    // `total` 0: not known. `unit` is what is counted: "messages".
    Progress(std::ostream& out, Style style, std::string what, std::string unit, std::uint64_t total);
    // Cheap to call for every item. `beside` is shown after the numbers.
    void update(std::uint64_t done, std::string_view beside = {});
    void finish(std::uint64_t done, std::string_view beside = {});

  private:
    void draw(std::uint64_t done, std::string_view beside, bool last);

    std::ostream& out_;
    Style style_;
    std::string what_;
    std::string unit_;
    std::uint64_t total_;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point next_;
    std::uint64_t calls_ = 0;
};

// Keeps messages in step with the time they tell: `speed` seconds of theirs in one of ours, at most `rate` of them a
// second. 0: without limit.
class Pace {
  public:
    Pace(double speed, double rate) : speed_(speed), rate_(rate), start_(std::chrono::steady_clock::now()) {}
    // How long until message `number` (from 0), which tells of `at_ms` milliseconds after the first, is due.
    std::chrono::milliseconds until_due(std::uint64_t number, std::int64_t at_ms) const;

  private:
    double speed_;
    double rate_;
    std::chrono::steady_clock::time_point start_;
};

}  // namespace cellvigil::tools
