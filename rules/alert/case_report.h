// The case that a site's adverse event report is: its versions, and what they are for the reporting clocks
// (reporting_clock.h). A function of the set of versions, whatever the order of their arrival. Pure. HOUSE where the
// messages do not say it themselves; docs/reporting-clocks.md has the table.
//
//   first version                      information: the clocks start
//   seriousness, outcome, grade, times, the reporter's words, the investigator's judgement changed
//                                      information from a primary source
//   codes, category, expectedness, the sponsor's or a committee's judgement changed
//                                      internal correction: no date moves
//   nothing of that changed            minor information
//   a retraction                       nullified; a version after it is a case anew
//
// Awareness is when the source wrote the version (recorded_at), at the latest when the log took it: the site's record
// is known to somebody acting for the sponsor. Versions that claim to be older than the one before count from that one;
// the first from the earliest of all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert/reporting_clock.h"
#include "rules/base/time.h"

namespace cellvigil {

struct CaseVersion {
    std::uint32_t number = 0;
    bool retracted = false;
    Instant recorded_at{};
    Instant appended_at{};
    CaseState state;           // as this version alone says
    std::uint64_t said = 0;    // hash of what only a source can change
    std::uint64_t judged = 0;  // hash of what a review changes: codes, expectedness, the sponsor's judgement
    bool operator==(const CaseVersion&) const = default;
};

// Versions by number, one each. Only those that the log held at `known_at` count.
std::vector<CaseEvent> case_events(std::span<const CaseVersion> versions, Instant known_at);

// What is known of a case when `now` follows `before`: a fact that a version repeats does not undo what people have
// said of it since; one that it changes does.
CaseState taken_over(const CaseState& known, const CaseState& before, const CaseState& now);

// Own bytes, for the store. nullopt: not such bytes.
std::string case_bytes(std::span<const CaseVersion> versions);
std::optional<std::vector<CaseVersion>> case_versions(std::string_view bytes);

}  // namespace cellvigil
