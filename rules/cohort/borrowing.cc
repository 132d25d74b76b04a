#include "rules/cohort/borrowing.h"

#include "rules/base/ensure.h"
#include "rules/stats/borrowed_posterior.h"

namespace cellvigil {
namespace {

constexpr Confidence kConfidence{0.95};
constexpr double kDaysPerYear = 365.25;

double years(std::int64_t person_days) { return static_cast<double>(person_days) / kDaysPerYear; }

template <typename Prior>
BorrowedReading reading_of(const Prior& borrowed, const Prior& own, const Prior& reference, double limit, double rate) {
    const Posterior summary = summary_of(borrowed, kConfidence);
    BorrowedReading reading;
    reading.mean = summary.mean;
    reading.interval = summary.interval;
    reading.above_limit = exceedance(borrowed, limit);
    reading.above_reference = exceedance(borrowed, rate);
    reading.exceeds_reference = probability_greater(own, reference);
    return reading;
}

BorrowedReading of_subjects(const SeenInCohort& cohort, Proportion reference, double weight, double limit) {
    const Proportion seen{cohort.events, cohort.subjects};
    const auto borrowed = borrowed_beta(kJeffreysBeta, seen, reference, weight);
    const auto own = borrowed_beta(kJeffreysBeta, seen, {}, 0);
    const auto other = borrowed_beta(kJeffreysBeta, reference, {}, 0);
    ensure(borrowed && own && other, "counts of a table and of a pack that was read are possible");
    return reading_of(*borrowed, *own, *other, limit,
                      static_cast<double>(reference.events) / static_cast<double>(reference.subjects));
}

BorrowedReading of_person_time(const SeenInCohort& cohort, Rate reference, double weight, double limit) {
    const Rate seen{cohort.events, years(cohort.person_days)};
    const auto borrowed = borrowed_gamma(kJeffreysGamma, seen, reference, weight);
    const auto own = borrowed_gamma(kJeffreysGamma, seen, {}, 0);
    const auto other = borrowed_gamma(kJeffreysGamma, reference, {}, 0);
    ensure(borrowed && own && other, "there is person-time on both sides");
    return reading_of(*borrowed, *own, *other, limit, static_cast<double>(reference.events) / reference.person_time);
}

// Why there is nothing to compare; empty: there is.
std::string obstacle(const Borrowing& borrowing, const SeenInCohort& seen, bool person_time) {
    if (person_time && borrowing.person_days.value_or(0) <= 0)
        return "the reference states no person-time over which its events were counted";
    if (!person_time && borrowing.subjects <= 0) return "the reference has no subjects";
    if (person_time && seen.person_days <= 0) return "the monitor counts no time at risk yet";
    if (!person_time && seen.subjects <= 0) return "the monitor counts nobody yet";
    if (seen.events < 0 || (!person_time && seen.events > seen.subjects))
        return "the cohort's counts do not fit together";
    return {};
}

}  // namespace

std::optional<Borrowing> borrowing_of(const Catalogue& catalogue, const MonitorSpec& monitor,
                                      const SeenInCohort& seen) {
    if (monitor.reference.empty()) return std::nullopt;
    const Profile* profile = profile_of(catalogue, monitor.reference);
    const ReferenceRate* rate = profile == nullptr ? nullptr : reference_in(*profile, monitor.endpoint);
    if (rate == nullptr) return std::nullopt;
    Borrowing result{.profile = profile->id,
                     .set = rate->set,
                     .events_first = rate->events_first,
                     .events_last = rate->events_last,
                     .subjects = rate->subjects,
                     .person_days = rate->person_days,
                     .person_time_presumed = rate->person_time_presumed,
                     .data_cut = rate->data_cut,
                     .tier = rate->tier,
                     .weight = 0,
                     .why_not = {},
                     .cannot_compare = {},
                     .readings = {}};
    if (monitor.borrowing_per_mille) {
        result.weight = static_cast<double>(*monitor.borrowing_per_mille) / 1000;
    } else if (may_be_borrowed(*rate)) {
        result.weight = kBorrowingWeight;
    } else {
        result.why_not = may_be_prior(rate->tier)
                             ? "a presumed person-time is no prior until somebody signs the rate off"
                             : std::string("a source of tier ") + name_of(rate->tier) +
                                   " is no prior until somebody signs the rate off";
    }
    const bool person_time = counts_person_time(monitor.method);
    result.cannot_compare = obstacle(result, seen, person_time);
    if (!result.cannot_compare.empty()) return result;
    const double limit = static_cast<double>(monitor.limit_millionths) / 1e6;
    const auto read = [&](std::int64_t events) {
        BorrowedReading reading =
            person_time ? of_person_time(seen, {events, years(result.person_days.value_or(0))}, result.weight, limit)
                        : of_subjects(seen, {events, result.subjects}, result.weight, limit);
        reading.reference_events = events;
        result.readings.push_back(reading);
    };
    read(result.events_first);
    if (!rate->settled()) read(result.events_last);
    return result;
}

}  // namespace cellvigil
