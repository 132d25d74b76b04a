// The truth ledger: what really happened and what was done to the messages, as lines of JSON beside the stream.
// docs/simulator.md describes every line. The subjects' pseudonyms are simulated ones.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/simulate/malformed.h"
#include "daemon/simulate/stream.h"

namespace cellvigil::simulate {

// The stream, counted. messages = creates + amends + retracts + heartbeats + repeats + malformed.
struct Totals {
    std::uint64_t subjects = 0;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t creates = 0;
    std::uint64_t amends = 0;
    std::uint64_t retracts = 0;
    std::uint64_t heartbeats = 0;
    std::uint64_t repeats = 0;  // the same bytes again
    std::uint64_t malformed = 0;
    std::uint64_t not_yet_sent = 0;  // written, but not out by `now`: in no other count
    std::array<std::uint64_t, kMalformed> malformed_by_kind{};
    std::array<std::uint64_t, kFaults> faults{};
};

class Ledger {
  public:
    void open(const Parameters& parameters);
    void add_subject(const SubjectTruth& truth, const Parameters& parameters);
    // One line per fault of a transmission that was sent.
    void add_faults(const SubjectTruth& truth, const Transmission& sent);
    void add_malformed(Malformed kind, std::string_view message_id, Instant emitted);
    // The cohort's true numbers and the totals.
    void close(const Totals& totals);

    std::string_view text() const { return text_; }

  private:
    void add_line(std::string_view line);

    struct Cohort {
        std::uint64_t crs_any = 0, crs_3 = 0, icans_any = 0, icans_3 = 0, neutropenia_3 = 0, infected = 0,
                      infected_past_90 = 0, zoster = 0, zoster_past_90 = 0, deaths = 0, lost = 0, relapses = 0;
    };
    Cohort cohort_;
    std::string text_;
};

}  // namespace cellvigil::simulate
