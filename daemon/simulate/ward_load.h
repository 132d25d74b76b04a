// Load for benchmarks: a ward's mix of messages (vital signs 85 %, laboratory 12 %, the rest 3 %) over any number of
// subjects, made one after the other without keeping any. No faults, no truth ledger; the same settings give the same
// bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/simulate/random.h"
#include "daemon/simulate/simulation.h"

namespace cellvigil::simulate {

struct WardLoad {
    std::string study = "CCAR039-SIM";
    std::string cohort = "C-CAR039";
    std::uint64_t messages = 1'000'000;  // in all; each subject's first two are its enrolment and its infusion
    std::uint32_t subjects = 1'000;
    std::uint32_t sites = 4;
    std::uint64_t seed = 1;
    Instant now{};  // the last message leaves before it
    UtcOffset offset = hours(8);
};

class WardGenerator {
  public:
    explicit WardGenerator(WardLoad load);
    // The next message, valid until the following call; false when all are made.
    bool next(Outgoing& out);

  private:
    Body vital_sign(std::uint32_t subject);
    Body result(std::uint32_t subject);
    Body rest(Instant at);
    Body body_of(std::uint32_t subject, Instant at);

    WardLoad load_;
    Random random_;
    std::uint64_t made_ = 0;
    Instant start_{};
    double step_ms_ = 0;
    std::vector<std::uint32_t> sequence_;  // messages made, by subject
    std::vector<std::string> keys_;
    std::string value_;
};

}  // namespace cellvigil::simulate
