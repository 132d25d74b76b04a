#include "daemon/cohort_gauges.h"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

#include "daemon/log/log.h"
#include "rules/cohort/cohort_counting.h"
#include "rules/cohort/cohort_report.h"
#include "rules/cohort/infection_episode.h"

namespace cellvigil {
namespace {

constexpr std::array kPeriods{"d0_30", "d31_90", "d91_365", "d366_plus"};
constexpr std::array kWindows{Endpoint::severe_infection_w0, Endpoint::severe_infection_w1,
                              Endpoint::severe_infection_w2, Endpoint::severe_infection_w3};
constexpr std::array kClasses{"bacterial", "viral", "fungal", "several", "other", "unknown"};

const char* class_of(RecurrenceGroup group) {
    switch (group) {
        case RecurrenceGroup::bacteria:
        case RecurrenceGroup::c_difficile:
        case RecurrenceGroup::helicobacter:
            return "bacterial";
        case RecurrenceGroup::vzv:
        case RecurrenceGroup::herpes:
        case RecurrenceGroup::respiratory:
        case RecurrenceGroup::sars_cov_2:
        case RecurrenceGroup::bk_virus:
        case RecurrenceGroup::hbv:
            return "viral";
        case RecurrenceGroup::yeast:
        case RecurrenceGroup::mould:
        case RecurrenceGroup::pneumocystis:
            return "fungal";
        case RecurrenceGroup::other:
            return "other";
        case RecurrenceGroup::unknown:
            return "unknown";
    }
    return "unknown";
}

std::string class_of(const InfectionEpisode& episode) {
    if (episode.pathogens.empty()) return "unknown";
    const std::string first = class_of(episode.pathogens.front().group);
    const bool all =
        std::ranges::all_of(episode.pathogens, [&](const Pathogen& one) { return first == class_of(one.group); });
    return all ? first : "several";
}

// The window that a day past `delayed_after` is in.
const char* late_period(Day day, const RuleSet& rules) {
    return day <= rules.cohorts.late_last_day ? kPeriods[2] : kPeriods[3];
}

struct Gathered {
    CohortCounting counting;
    std::int64_t subjects = 0;
    std::map<std::pair<std::string, std::string>, std::int64_t> infections;  // class, period
};

// Of the first infusion, as the delayed-infection endpoints are.
void count_infections(Gathered& into, const SubjectFacts& facts, const RuleSet& rules) {
    const std::vector<IndexCourse> courses = index_courses(facts, rules);
    if (courses.empty()) return;
    for (const InfectionEpisode& episode : infections_of(facts, rules).episodes) {
        if (!counts(episode, rules.infection)) continue;
        const Day day = day_since(courses.front().date, episode.onset, episode.offset);
        if (day <= rules.infection.delayed_after_day) continue;
        ++into.infections[{class_of(episode), late_period(day, rules)}];
    }
}

bool is_primary(const TableKey& key) {
    return key.set == AnalysisSet::safety && !key.reinfusion &&
           key.endpoint.estimand == Estimand::before_next_therapy && key.endpoint.counting == Counting::first &&
           key.endpoint.side == GradeSide::computed;
}

void add_rate(metrics::CohortTables& out, const RateRow& row) {
    if (!is_primary(row.key)) return;
    metrics::CohortTables::Time time;
    time.event = name_of(row.key.endpoint.endpoint);
    time.events = row.rate.events;
    time.person_days = row.rate.person_days;
    const Stratum& stratum = row.key.stratum;
    if (stratum.dimension == Dimension::all) {
        const auto* window = std::ranges::find(kWindows, row.key.endpoint.endpoint);
        if (window == kWindows.end()) return;
        time.event = "severe_infection";
        time.period = kPeriods.at(static_cast<std::size_t>(window - kWindows.begin()));
    } else if (stratum.dimension == Dimension::window) {
        time.period = kPeriods.at(static_cast<std::size_t>(stratum.value.at(1) - '0'));
    } else if (stratum.dimension == Dimension::antiviral) {
        time.prophylaxis = stratum.value;
    } else {
        return;
    }
    out.times.push_back(std::move(time));
}

void add_curve(metrics::CohortTables& out, const CurveReport& curve) {
    if (!is_primary(curve.key) || curve.kind != CurveKind::incidence || curve.key.stratum.dimension != Dimension::all)
        return;
    for (const CurveStand& stand : curve.stands) {
        metrics::CohortTables::Incidence one;
        one.event = name_of(curve.key.endpoint.endpoint);
        one.day = stand.at.day;
        if (!curve.too_few && !stand.few) {
            one.value = stand.at.value;
            if (stand.at.interval) {
                one.lower = stand.at.interval->lower;
                one.upper = stand.at.interval->upper;
            }
        }
        out.incidences.push_back(std::move(one));
    }
}

Result<metrics::CohortTables> gauges_of(const std::string& name, Gathered& gathered, const RuleSet& rules) {
    const auto report = report_of(
        gathered.counting.finish(),
        {name, std::nullopt, std::nullopt, rules.pack, rules.hash, static_cast<std::size_t>(gathered.subjects)}, rules);
    if (!report) return fail(report.error());
    metrics::CohortTables out;
    out.cohort = name;
    out.infused = report->safety;
    for (const CurveReport& curve : report->curves) add_curve(out, curve);
    for (const RateRow& row : report->rates) add_rate(out, row);
    for (const char* kind : kClasses)
        for (const char* period : {kPeriods[2], kPeriods[3]}) {
            const auto found = gathered.infections.find({kind, period});
            out.infections.push_back({kind, period, found == gathered.infections.end() ? 0 : found->second});
        }
    return out;
}

}  // namespace

Result<metrics::Tables> cohort_gauges(store::Store& session, const RuleSet& rules, const std::function<bool()>& stop) {
    const auto partitions = session.partitions();
    if (!partitions) return fail(partitions.error());
    metrics::Tables tables;
    std::map<std::string, Gathered> cohorts;
    for (const std::uint32_t partition : *partitions) {
        const auto index = session.subjects_of(partition);
        if (!index) return fail(index.error());
        for (const store::SubjectIndex& entry : *index) {
            if (stop()) return fail(Errc::unavailable, "stopping");
            const auto stored = session.load_subject(partition, entry.subject_key);
            if (!stored) return fail(stored.error());
            if (!*stored) continue;
            const auto timeline = SubjectTimeline::restore((*stored)->bytes, rules);
            if (!timeline) {
                ++tables.left_out;
                continue;
            }
            const SubjectFacts facts = subject_facts(*timeline, rules, std::nullopt, std::nullopt);
            if (facts.cohort.empty()) continue;
            CohortDefinition cohort;
            cohort.name = facts.cohort;
            cohort.cohorts = {facts.cohort};
            Gathered& gathered = cohorts[facts.cohort];
            ++gathered.subjects;
            gathered.counting.add(share_of(facts, cohort, rules));
            count_infections(gathered, facts, rules);
        }
    }
    for (auto& [name, gathered] : cohorts) {
        auto made = gauges_of(name, gathered, rules);
        if (!made) return fail(made.error());
        tables.cohorts.push_back(std::move(*made));
    }
    return tables;
}

CohortGauges::CohortGauges(Options options) : options_(std::move(options)) {
    if (options_.every.count() > 0) thread_ = std::thread([this] { run(); });
}

CohortGauges::~CohortGauges() {
    stopping_ = true;
    {
        const std::lock_guard lock(mutex_);
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

metrics::Tables CohortGauges::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

void CohortGauges::run() {
    pthread_setname_np(pthread_self(), "cv:tables");
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, options_.every, [this] { return stopping_.load(); })) {
        lock.unlock();
        round();
        lock.lock();
    }
}

void CohortGauges::round() {
    const auto began = std::chrono::steady_clock::now();
    auto session = options_.open();
    auto made = session ? cohort_gauges(**session, *options_.rules(), [this] { return stopping_.load(); })
                        : Result<metrics::Tables>(fail(session.error()));
    if (stopping_) return;
    if (!made) {
        log::warn({"metrics", "tables_not_computed", "the tables of whole histories are as they were"},
                  {{"err", made.error()}});
        return;
    }
    made->computed_at = options_.now();
    made->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const std::lock_guard lock(mutex_);
    latest_ = std::move(*made);
}

}  // namespace cellvigil
