#include "daemon/backtest/backtest.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "daemon/backtest/detection.h"

namespace cellvigil::backtest {
namespace {

constexpr double kDaysPerYear = 365.25;
constexpr std::uint32_t kMostThreads = 256;

CalendarDay first_infusion(const std::vector<Share>& shares) {
    return std::min_element(shares.begin(), shares.end(),
                            [](const Share& one, const Share& other) { return one.infused < other.infused; })
        ->infused;
}

void size_up(Trial& trial, const Watched& watched, const std::vector<Share>& shares) {
    const bool by_time = counts_person_time(watched.monitor.method);
    for (const Share& share : shares) {
        const bool counted = by_time ? share.first <= share.last : !share.left_out;
        if (!counted) continue;
        trial.events += share.event ? 1 : 0;
        trial.size += by_time ? share.last - share.first + 1 : 1;
    }
    const auto planned =
        static_cast<double>(by_time ? watched.monitor.planned_person_days : watched.monitor.planned_subjects);
    trial.plan_used_up = trial.size >= planned;
    if (by_time) trial.size /= kDaysPerYear;
}

Trial trial_of(const Watched& watched, const std::vector<Share>& shares) {
    Trial trial;
    const CalendarDay start = first_infusion(shares);
    if (const auto alarm = first_alarm_day(watched.monitor, watched.boundary, shares)) trial.alarm = *alarm - start;
    for (const Share& share : shares) {
        if (!share.excess_on) continue;
        const std::int32_t day = *share.excess_on - start;
        if (!trial.excess || day < *trial.excess) trial.excess = day;
    }
    size_up(trial, watched, shares);
    return trial;
}

}  // namespace

Selection monitors_of(const Catalogue& catalogue, Base base) {
    Selection selection;
    for (const MonitorSpec& monitor : catalogue.monitors) {
        if (!is_simulated(monitor.endpoint, base)) {
            selection.left_out.push_back(monitor.id + ": " + row_of(monitor.endpoint).name +
                                         " is not simulated; --base at-limit has every count and person-time");
            continue;
        }
        auto boundary = boundary_of(monitor, {});
        if (boundary) {
            selection.watched.push_back({monitor, std::move(*boundary)});
        } else {
            selection.left_out.push_back(monitor.id + ": " + boundary.error().detail);
        }
    }
    return selection;
}

std::vector<Trial> run_once(const Design& design, const std::vector<Watched>& watched, std::uint32_t run) {
    simulate::Parameters parameters = design.parameters;
    parameters.seed = simulate::Random::stream(design.parameters.seed, run, 0).next();
    std::vector<std::vector<Share>> shares(watched.size());
    for (std::uint32_t index = 0; index < parameters.subjects; ++index) {
        const simulate::SubjectTruth truth = simulate::draw_subject(parameters, index);
        for (std::size_t i = 0; i < watched.size(); ++i)
            shares[i].push_back(
                share_of(truth, parameters, watched[i].monitor, design.base, static_cast<std::uint32_t>(i)));
    }
    std::vector<Trial> trials;
    for (std::size_t i = 0; i < watched.size(); ++i) trials.push_back(trial_of(watched[i], shares[i]));
    return trials;
}

Result<std::vector<Characteristics>> backtest(const Design& design, const std::vector<Watched>& watched,
                                              const std::function<void(std::uint64_t)>& progress) {
    if (design.runs < 1 || design.runs > kMostRuns) return fail(Errc::invalid, "runs: 1 to 1000000 are expected");
    if (design.threads < 1 || design.threads > kMostThreads)
        return fail(Errc::invalid, "threads: 1 to 256 are expected");
    if (design.parameters.subjects < 1) return fail(Errc::invalid, "subjects: at least 1 is expected");
    std::vector<std::vector<Trial>> trials(watched.size(), std::vector<Trial>(design.runs));
    std::atomic<std::uint32_t> next{0};
    std::atomic<std::uint32_t> done{0};
    const auto work = [&](bool tells) {
        for (std::uint32_t run = next++; run < design.runs; run = next++) {
            const std::vector<Trial> one = run_once(design, watched, run);
            for (std::size_t i = 0; i < one.size(); ++i) trials[i][run] = one[i];
            ++done;
            if (tells && progress) progress(done);
        }
    };
    std::vector<std::thread> others;
    for (std::uint32_t i = 1; i < std::min(design.threads, design.runs); ++i) others.emplace_back(work, false);
    work(true);
    for (std::thread& other : others) other.join();

    std::vector<Characteristics> all;
    for (std::size_t i = 0; i < watched.size(); ++i) {
        Characteristics found;
        found.monitor = watched[i].monitor.id;
        found.endpoint = watched[i].monitor.endpoint;
        found.scenario = design.parameters.scenario;
        found.raised = is_raised(found.endpoint, found.scenario);
        found.cannot_signal = watched[i].boundary.cannot_signal;
        found.alpha = watched[i].boundary.alpha_actual;
        summarise(found, trials[i]);
        all.push_back(std::move(found));
    }
    return all;
}

}  // namespace cellvigil::backtest
