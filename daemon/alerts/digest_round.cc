#include "daemon/alerts/digest_round.h"

#include <chrono>

#include "daemon/alerts/backoff.h"
#include "daemon/log/log.h"

namespace cellvigil::alerts {
namespace {

constexpr std::string_view kMark = "digest/day";

std::string date_of(std::int64_t day) { return to_rfc3339(Instant(std::chrono::days(day))).substr(0, 10); }

}  // namespace

std::int64_t digest_day(Instant now, std::uint32_t hour, UtcOffset offset) {
    return std::chrono::floor<std::chrono::days>(now + offset - hours(hour)).time_since_epoch().count();
}

DigestRound::DigestRound(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters)
    : options_(options), sink_(sink), counters_(counters) {}

void DigestRound::turn(store::Store& session, Marks& marks) {
    if (!options_.digest || !sink_.takes_digest()) return;
    const Instant now = options_.now();
    const std::int64_t day = digest_day(now, options_.digest->hour, options_.digest->offset);
    if (now < not_before_ || day <= last_) return;
    if (last_ < 0) {
        const auto kept = marks.get(kMark);
        if (!kept) return;
        last_ = *kept;
        if (day <= last_) return;
    }
    auto digest = options_.digest->make(session);
    if (!digest) {
        not_before_ = now + options_.longest_wait;
        log::error({"alerts", "digest_not_made", "the daily digest cannot be made; trying again"},
                   {{"err", digest.error()}});
        return;
    }
    digest->kind = Announcement::Kind::digest;
    digest->id = "digest." + date_of(day);
    digest->at = now;
    told(sink_.announce(*digest), day, marks, now);
}

void DigestRound::told(const Attempt& attempt, std::int64_t day, Marks& marks, Instant now) {
    if (attempt.fate == Fate::delivered) {
        counters_.count(metrics::Delivery::delivered);
    } else if (attempt.fate == Fate::again || ++failures_ < options_.refusals) {
        counters_.count(metrics::Delivery::retried);
        not_before_ = now + std::max(options_.longest_wait, attempt.retry_after.value_or(milliseconds(0)));
        log::warn({"alerts", "digest_not_taken", "a sink does not take the daily digest; trying again"},
                  {{"channel", sink_.name()}, {"detail", attempt.detail}});
        return;
    } else {
        counters_.count(metrics::Delivery::failed);
        log::error({"alerts", "digest_given_up", "a sink keeps refusing the digest; the next is tried tomorrow"},
                   {{"channel", sink_.name()}, {"detail", attempt.detail}});
    }
    last_ = day;
    failures_ = 0;
    if (auto kept = marks.set(kMark, day); !kept)
        log::warn({"alerts", "digest_not_kept", "that the digest was told is not stored; a restart tells it again"},
                  {{"channel", sink_.name()}, {"err", kept.error()}});
}

}  // namespace cellvigil::alerts
