// Load for benchmarks: a ward's mix of messages (vital signs 85 %, laboratory 12 %, the rest 3 %) over any number of
// subjects, made one after the other without keeping any. No faults, no truth ledger; the same settings give the same
// bytes.
//
// Every patient is within two weeks of lymphodepletion, so a temperature of 38.0 or more begins an antibacterial course
// of seven days, as no ward would leave it out; from the fever to the first dose it takes what days_to_antibacterial
// says. A ward that treated nobody would raise an alert for untreated febrile neutropenia at nearly every fever (2900
// in a million messages of 2000 patients), which measures alerts and not a ward. What is left are those of the late 7
// in 100 that meet the rule: 68 alerts in a million messages of 2000 patients, 80 in two million. Courses are among the
// rest: a beginning or an end takes the place of another message of the rest, so the shares stay.
#pragma once

#include <cstdint>
#include <optional>
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

    // A patient's antibacterial course.
    struct Course {
        Instant due = kNever;  // when it begins, or when the one that runs ends; kNever: no fever since the last one
        bool runs = false;
        std::uint32_t number = 0;  // courses begun
    };
    void notice_fever(std::uint32_t subject, const Body& body, Instant at);
    // What is due of the patient's course, and moves it on; nullopt: nothing.
    std::optional<Body> antibacterial(std::uint32_t subject, Instant at, Instant& when);

    WardLoad load_;
    Random random_;
    std::uint64_t made_ = 0;
    Instant start_{};
    double step_ms_ = 0;
    std::vector<std::uint32_t> sequence_;  // messages made, by subject
    std::vector<Course> courses_;
    std::uint64_t ahead_ = 0;  // messages of the rest sent in the place of others
    std::vector<std::string> keys_;
    std::string value_;
};

}  // namespace cellvigil::simulate
