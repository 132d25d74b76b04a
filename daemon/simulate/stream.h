// From what a site knows to what it sends: when each fact is written, with which errors, corrections and partial dates,
// then how the transmission fares on its way. Everything injected is marked, so that the ledger can account for it.
// Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "daemon/simulate/course.h"
#include "rules/event/event.h"

namespace cellvigil::simulate {

// What was done to a transmission on purpose.
enum class Fault : std::uint8_t {
    // written wrongly
    unit_error,
    digit_slip,
    wrong_day,
    wrong_zone,
    onset_wrong,
    grade_wrong,
    term_wrong,
    causality_wrong,
    lot_wrong,
    month_only,
    year_only,
    wrong_subject,
    reported_twice,
    // transported badly
    sent_twice,
    out_of_order,
    far_out_of_order,
    held_by_outage,
};
inline constexpr int kFaults = static_cast<int>(Fault::held_by_outage) + 1;
const char* name_of(Fault fault);
using Faults = std::uint32_t;
constexpr Faults bit(Fault fault) { return Faults{1} << static_cast<unsigned>(fault); }

struct Transmission {
    Instant emitted{};   // when it leaves the site
    Instant recorded{};  // when the site wrote it
    std::string message_id;
    std::string source;
    std::string record;
    std::string reason;  // of an amendment or a retraction
    std::uint32_t version = 1;
    RecordAction action = RecordAction::create;
    DataOrigin origin = DataOrigin::ehr;
    EffectiveTime effective;
    std::optional<EffectiveTime> effective_end;
    std::uint64_t sequence = 0;
    Faults faults = 0;
    Body body;
};

// One subject's facts as their site writes them: every version of every record, by time of recording. Message ids and
// sequence numbers are not set yet.
std::vector<Transmission> write_down(const SubjectTruth& truth, const Parameters& parameters, std::vector<Fact> facts);

// Numbers and names the transmissions, then lets transport happen: repeats, disorder, outages. By time of emission.
std::vector<Transmission> transport(std::uint32_t stream, std::uint32_t site, const Parameters& parameters,
                                    std::vector<Transmission> written);

// The heartbeats of one site from its first day to the last, each saying up to when its data are complete.
std::vector<Transmission> heartbeats(std::uint32_t site, Instant first, const Parameters& parameters);

// Whether the site sends nothing on this date; what was written then leaves when it is over.
bool is_out(const Parameters& parameters, std::uint32_t site, SiteDate date);

// How far the site's clock is ahead of the true time; negative: behind.
milliseconds clock_skew(const Parameters& parameters, std::uint32_t site);

// A UUID (version 7) from an instant and the stream's random bits.
std::string uuid_v7(Instant at, Random& random);

// The errors of the bedside: a reading in the wrong unit, with a slipped digit or on the wrong day. Returns what was
// done, 0 when nothing was; `day_shift` is how many days `at` is wrong by.
Faults slip_reading(Observation& reading, const VitalSigns& habits, Random& random, int& day_shift);

}  // namespace cellvigil::simulate
