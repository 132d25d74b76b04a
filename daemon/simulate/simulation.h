// A whole simulated cohort: every subject's course, every site's heartbeats, in the order in which the messages leave
// the sites, with the truth ledger beside it. The same parameters give the same bytes. Holds all messages in memory:
// about 250 bytes each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/simulate/ledger.h"
#include "rules/base/result.h"

namespace cellvigil::simulate {

// One message on its way: valid during the call that hands it over.
struct Outgoing {
    Instant at{};            // when it leaves: never before the one before it
    std::string_view key;    // "study/subject", or "study/site/site_id"
    std::string_view value;  // serialised EventEnvelope, or what passes for one
};

class Simulation {
  public:
    // `invalid` when a parameter is out of its range.
    static Result<Simulation> make(Parameters parameters);

    // Draws the next subject and writes its messages; false when all are drawn. Subjects first, then call finish().
    bool draw_next();
    std::uint32_t drawn() const { return next_; }
    // Heartbeats, order, totals. Call once.
    void finish();

    const Parameters& parameters() const { return parameters_; }
    const Totals& totals() const { return totals_; }
    std::string_view ledger() const { return ledger_.text(); }
    // Every message in order; stops at the first error that `take` returns.
    Result<void> emit(const std::function<Result<void>(const Outgoing&)>& take) const;

  private:
    explicit Simulation(Parameters parameters);

    struct Pending {
        Instant at{};
        std::uint32_t key = 0;  // of keys_
        std::uint32_t size = 0;
        std::uint64_t offset = 0;  // in bytes_
    };
    void add_message(Instant at, std::string_view key, std::string_view value);
    void add_subject_messages(const SubjectTruth& truth, const std::vector<Transmission>& sent);
    void count(const Transmission& sent);
    // False when this message cannot be made into the kind whose turn it is.
    bool break_one(const SubjectTruth& truth, const Transmission& base, std::string_view key, std::string_view value);
    void add_heartbeats();

    Parameters parameters_;
    std::uint32_t next_ = 0;
    Instant first_{};
    int broken_ = 0;  // malformed kinds go round
    int due_ = 0;     // still to be made
    Totals totals_;
    Ledger ledger_;
    std::vector<std::string> keys_;
    std::vector<Pending> pending_;
    std::string bytes_;
};

}  // namespace cellvigil::simulate
