#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "daemon/simulate/stream.h"

namespace cellvigil::simulate {
namespace {

constexpr double kDayMs = 86'400'000.0;
constexpr double kSecondMs = 1'000.0;
constexpr std::array<const char*, kFaults> kNames{
    "unit_error",     "digit_slip",      "wrong_day",    "wrong_zone",       "onset_wrong",   "grade_wrong",
    "term_wrong",     "causality_wrong", "lot_wrong",    "month_only",       "year_only",     "wrong_subject",
    "reported_twice", "sent_twice",      "out_of_order", "far_out_of_order", "held_by_outage"};

milliseconds ms_of(double count, double unit) { return milliseconds(std::llround(count * unit)); }

// Held until the outage is over, then sent in a burst of half an hour in the order in which it was written.
void hold_for_outage(Transmission& sent, const Parameters& parameters, std::uint32_t site) {
    SiteDate date = site_date(sent.emitted, parameters.site_offset);
    if (!is_out(parameters, site, date)) return;
    const SiteDate began = date;
    while (is_out(parameters, site, date)) date += days(1);
    const Instant start = start_of(began, parameters.site_offset);
    const Instant over = start_of(date, parameters.site_offset);
    const auto waited = sent.emitted - start;
    sent.emitted = over + (over - start > milliseconds(0) ? waited / 48 : milliseconds(0));
    sent.faults |= bit(Fault::held_by_outage);
}

}  // namespace

const char* name_of(Fault fault) { return kNames.at(static_cast<std::size_t>(fault)); }

bool is_out(const Parameters& parameters, std::uint32_t site, SiteDate date) {
    const auto day = static_cast<std::uint64_t>(date.time_since_epoch().count());
    return Random::stream(parameters.seed ^ 0x0047A6EULL, site, day).chance(parameters.stream.outage);
}

milliseconds clock_skew(const Parameters& parameters, std::uint32_t site) {
    Random random = stream_of(parameters, site, Purpose::site);
    return ms_of(std::clamp(random.normal(0, parameters.stream.clock_skew_s), -240.0, 240.0), kSecondMs);
}

std::string uuid_v7(Instant at, Random& random) {
    const auto ms = static_cast<std::uint64_t>(at.time_since_epoch().count());
    const std::uint64_t high = random.next();
    const std::uint64_t low = random.next();
    return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", (ms >> 16U) & 0xFFFFFFFFU, ms & 0xFFFFU, high & 0xFFFU,
                       0x8000U | ((high >> 12U) & 0x3FFFU), low & 0xFFFFFFFFFFFFU);
}

std::vector<Transmission> transport(std::uint32_t stream, std::uint32_t site, const Parameters& parameters,
                                    std::vector<Transmission> written) {
    const MessageStream& habits = parameters.stream;
    Random random = stream_of(parameters, stream, Purpose::transport);
    std::uint64_t ehr = 0;
    std::uint64_t edc = 0;
    std::vector<Transmission> sent;
    sent.reserve(written.size() + written.size() / 50);
    for (Transmission& one : written) {
        one.message_id = uuid_v7(one.recorded, random);
        one.sequence = one.source.starts_with("ehr") ? ++ehr : ++edc;
        one.emitted += ms_of(std::min(60.0, random.lognormal({2, 0.8})), kSecondMs);
        const bool late = random.chance(habits.out_of_order);
        const bool far = random.chance(habits.far_out_of_order);
        const double minutes_late = std::min(40'000.0, random.lognormal({25, 1.6}));
        const double days_late = random.uniform({30.5, 45});
        if (far) {
            one.emitted += ms_of(days_late, kDayMs);
            one.faults |= bit(Fault::far_out_of_order);
        } else if (late) {
            one.emitted += ms_of(minutes_late, 60 * kSecondMs);
            one.faults |= bit(Fault::out_of_order);
        }
        hold_for_outage(one, parameters, site);
        const bool twice = random.chance(habits.sent_twice);
        const double seconds_later = random.lognormal({30, 1.5});
        sent.push_back(std::move(one));
        if (!twice) continue;
        Transmission again = sent.back();
        again.emitted += ms_of(seconds_later, kSecondMs);
        again.faults = bit(Fault::sent_twice);
        sent.push_back(std::move(again));
    }
    std::stable_sort(sent.begin(), sent.end(),
                     [](const Transmission& a, const Transmission& b) { return a.emitted < b.emitted; });
    return sent;
}

std::vector<Transmission> heartbeats(std::uint32_t site, Instant first, const Parameters& parameters) {
    std::vector<Transmission> beats;
    const UtcOffset offset = parameters.site_offset;
    Random random = stream_of(parameters, site, Purpose::site);
    const int every = parameters.stream.heartbeat_every_days;
    if (every <= 0) return beats;
    std::uint64_t sequence = 0;
    for (SiteDate date = site_date(first, offset); start_of(date, offset) + hours(7) < parameters.now;
         date += days(every)) {
        Transmission beat;
        beat.recorded = start_of(date, offset) + hours(6) + minutes(site);
        beat.emitted = beat.recorded + seconds(2);
        beat.source = fmt::format("edc.site-{:02}", site + 1);
        beat.record = fmt::format("hb-{}", date.time_since_epoch().count());
        beat.origin = DataOrigin::edc;
        beat.effective = {beat.recorded, beat.recorded, offset, TimePrecision::second};
        beat.sequence = ++sequence;
        beat.message_id = uuid_v7(beat.recorded, random);
        SiteHeartbeat body;
        const Instant complete = start_of(date - days(2), offset);
        body.data_complete_through = EffectiveTime{complete, complete + days(1), offset, TimePrecision::day};
        body.last_producer_sequence = sequence;
        body.open_queries = random.below(6);
        beat.body = body;
        hold_for_outage(beat, parameters, site);
        beats.push_back(std::move(beat));
    }
    return beats;
}

}  // namespace cellvigil::simulate
