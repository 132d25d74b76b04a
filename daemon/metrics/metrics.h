// Everything /metrics shows, by the catalogue of docs/metrics.md. The only user of prometheus-cpp. Label values come
// from enumerations, the configuration and the committed store: never a subject, message, record, lot, date or free
// text.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/metrics/clinical.h"
#include "daemon/metrics/counters.h"
#include "rules/alert/lifecycle.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::metrics {

struct ProbeCheck {
    const char* probe = "";  // "live", "ready" or "advice": what no probe fails for
    std::string check;       // one of the few names that /livez and /readyz?verbose show
    bool passed = false;
};

// What one monitor last said of its cohort.
struct SignalGauges {
    std::string rule;     // "C01"
    std::string monitor;  // of the pack
    std::string cohort;   // of the pack
    std::string event;    // endpoint
    bool person_time = false;
    bool can_signal = true;
    bool crossed = false;
    std::int64_t subjects = 0;
    std::int64_t events = 0;
    std::int64_t person_days = 0;
    double statistic = 0;
    double threshold = 0;
    double margin = 0;
    std::optional<double> posterior;
    std::optional<double> estimate;  // per subject, or per person-year
    std::optional<double> lower;
    std::optional<double> upper;
    std::string method;     // of the monitor
    double log_evalue = 0;  // evidence against the limit, natural logarithm
};
struct ScreenGauges {
    std::string rule;    // "C07"
    std::string screen;  // of the pack
    std::string cohort;  // of the pack
    std::string method;
    bool can_signal = true;
    std::int64_t raised = 0;  // sites, lots, or products with a kind of event that it points at
};
// How long evaluations took. A value.
inline constexpr std::array kEvaluationBounds{1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 50e-3, 0.1, 0.2, 0.5, 1.0, 5.0, 30.0};
struct EvaluationTimes {
    std::array<std::uint64_t, kEvaluationBounds.size() + 1> buckets{};  // not cumulated
    double sum = 0;                                                     // seconds
    void observe(double seconds);                                       // one equal to a bound is in its bucket
};
struct Signals {
    std::vector<SignalGauges> monitors;
    std::vector<ScreenGauges> screens;
    EvaluationTimes evaluations;
    milliseconds waiting{0};  // how long something that the monitors count has waited for their look; 0: nothing does
    std::uint64_t looks = 0;
    std::optional<Instant> through;  // the last day looked at
    double expected_false_alarms = 0;
};

// What follows from whole histories of a cohort's subjects: computed now and then, from the states that the store has
// of them. docs/cohorts.md has the definitions; estimand before_next_therapy, safety set.
struct CohortTables {
    struct Incidence {  // Aalen and Johansen's, death and the next therapy competing
        std::string event;
        std::int32_t day = 0;
        std::optional<double> value;  // nullopt: too few at risk to say
        std::optional<double> lower;
        std::optional<double> upper;
    };
    struct Time {  // first events, and the time at risk of them
        std::string event;
        std::string period;       // "d0_30", "d31_90", "d91_365", "d366_plus"; empty: by prophylaxis
        std::string prophylaxis;  // "on", "off", "unknown"; empty: by period
        std::int64_t events = 0;
        std::int64_t person_days = 0;
    };
    struct Infections {  // episodes
        std::string pathogen_class;
        std::string period;
        std::int64_t episodes = 0;
    };
    std::string cohort;  // "study/cohort"
    std::int64_t infused = 0;
    std::vector<Incidence> incidences;
    std::vector<Time> times;
    std::vector<Infections> infections;
};
struct Tables {
    std::vector<CohortTables> cohorts;
    std::optional<Instant> computed_at;  // nullopt: not yet
    double seconds = 0;                  // that it took
    std::int64_t left_out = 0;           // subjects whose stored state could not be read
};

// The book of alerts, counted.
struct BookGauges {
    struct Reports {
        std::int64_t open = 0;  // not yet due
        std::int64_t overdue = 0;
        std::optional<Instant> next_due;  // of those not sent, the overdue ones included
    };
    std::array<std::int64_t, kStages> stages{};
    BySeverity<milliseconds> oldest_waiting{};
    std::map<std::string, Reports> reports;  // by jurisdiction
};

struct MetricsOptions {
    std::string version;
    std::string revision;
    std::string config_hash;
    std::vector<std::string> topics;               // at most kMaxTopics; "http" for the embedded log
    std::uint32_t min_cell = 5;                    // evaluable subjects below which a cohort's rates are NaN
    milliseconds refresh = seconds(1);             // the committed state is read at most so often
    std::function<Result<Committed>()> committed;  // called by text(), one call at a time; empty: no clinical families
    std::function<Instant()> now;                  // the wall clock
    std::function<std::vector<ProbeCheck>()> checks;  // quick, from any thread; empty: no such family
    // One call at a time; empty, or nullopt (not read yet): no such families.
    std::function<std::optional<BookGauges>(Instant now)> book = {};
    std::function<Signals()> signals;          // quick, from any thread; empty: no such families
    std::function<Tables()> tables = {};       // likewise
    std::function<std::int64_t()> free_bytes;  // of the disk the store is on, -1: not known; empty: no such family
};

struct SiteSeen {
    std::string study;
    std::string site;
    Instant last_message = kAlways;
};

// Thread-safe. The counters handed out live as long as this.
class Metrics {
  public:
    explicit Metrics(MetricsOptions options);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    WorkerCounters& add_worker();
    ProcessCounters& process();
    ChannelCounters& channel(std::string_view sink);  // the same object for the same name

    // Low-rate gauges: once per batch, not per message.
    void set_partition(std::string_view topic, std::uint32_t partition, std::int64_t lag, Instant oldest_unprocessed);
    void forget_partition(std::string_view topic, std::uint32_t partition);
    // The latest append time and completeness seen of a site; kAlways: not known.
    void see_site(std::string_view study, std::string_view site, Instant last_message, Instant complete_through);
    std::vector<SiteSeen> sites() const;
    void count_alert(std::string_view rule, std::string_view severity, AlertChange change);
    void count_request(std::string_view route, std::string_view method, int status, double seconds);
    void set_config_hash(std::string_view hash);

    // The exposition text (text/plain; version=0.0.4). When the committed state cannot be read, the last one is shown
    // and cellvigil_state_read_failures_total counts it.
    std::string text();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::metrics
