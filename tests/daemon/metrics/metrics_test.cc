#include "daemon/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "rules/pack/subject_rule.h"

namespace cellvigil::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

CohortNumbers cohort(const std::string& name, std::int64_t infused, std::int64_t grade_3) {
    CohortNumbers made;
    made.cohort = name;
    made.infused = infused;
    made.endpoints[0].highest = {infused - grade_3, 0, 0, grade_3, 0, 0};
    return made;
}

class MetricsText : public testing::Test {
  protected:
    MetricsOptions options() {
        MetricsOptions made;
        made.version = "0.1.0";
        made.revision = "abc";
        made.config_hash = "0123";
        made.topics = {"cellvigil.events.v1"};
        made.now = [this] { return now_; };
        made.checks = [] {
            return std::vector<ProbeCheck>{{"live", "io_turns", true}, {"ready", "store_writable", false}};
        };
        made.signals = [this] { return signals_; };
        made.tables = [this] { return tables_; };
        made.book = [](Instant now) {
            BookGauges book;
            book.stages[static_cast<std::size_t>(Stage::active)] = 3;
            book.oldest_waiting[Severity::high] = seconds(90);
            book.reports["eu_trial"] = {2, 1, now};
            book.reports["uk_trial"] = {};
            return book;
        };
        made.free_bytes = [this] { return free_; };
        made.committed = [this]() -> Result<Committed> {
            ++reads_;
            if (away_) return fail(Errc::unavailable, "away");
            return committed_;
        };
        return made;
    }
    static SignalGauges monitor(std::int64_t subjects) {
        SignalGauges one;
        one.rule = "C01";
        one.monitor = "zoster-past-day-90";
        one.cohort = "prizlon-cel";
        one.event = "zoster_past_day_90";
        one.person_time = true;
        one.crossed = true;
        one.subjects = subjects;
        one.events = 9;
        one.person_days = 30'000;
        one.margin = 1.25;
        return one;
    }
    static ScreenGauges screen() {
        ScreenGauges one;
        one.rule = "C07";
        one.screen = "sites";
        one.cohort = "prizlon-cel";
        one.method = "site_outlier";
        one.raised = 2;
        return one;
    }
    static CohortTables tables(const std::string& name, std::int64_t infused) {
        CohortTables made;
        made.cohort = name;
        made.infused = infused;
        made.incidences = {{"zoster_past_day_90", 365, 0.125, 0.06, 0.21}, {"zoster_past_day_90", 730, {}, {}, {}}};
        made.times = {{"severe_infection", "d31_90", "", 4, 2000}, {"zoster_past_day_90", "", "off", 3, 1000}};
        made.infections = {{"viral", "d91_365", 7}};
        return made;
    }
    // Something of everything.
    static void fill(Metrics& metrics) {
        WorkerCounters& worker = metrics.add_worker();
        worker.consumed[0].add(3);
        worker.count(index_of(FactKind::observation), Processed::applied, 2);
        worker.processing[0].observe(0.0003, 2);
        worker.ingest_delay.observe(0.02);
        worker.reporting_delay[0].observe(7200);
        metrics.process().count(Rebalance::assigned);
        metrics.channel("webhook:safety").count(Delivery::delivered);
        metrics.set_partition("cellvigil.events.v1", 3, 7, Instant(seconds(90)));
        metrics.see_site("CCAR039-SIM", "site-01", Instant(seconds(80)), kAlways);
        metrics.count_alert("crs_grade_3", "immediate", AlertChange::raised);
        metrics.count_request("/metrics", "get", 200, 0.001);
    }

    Instant now_ = Instant(seconds(100));
    Signals signals_;
    Tables tables_;
    Committed committed_;
    bool away_ = false;
    std::int64_t free_ = 1'000'000;
    int reads_ = 0;
};

// The value of one series, exactly as written.
std::string value_of(const std::string& text, const std::string& series) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
    return "none";
}

TEST_F(MetricsText, counters_of_workers_add_up) {
    Metrics metrics(options());
    WorkerCounters& first = metrics.add_worker();
    WorkerCounters& second = metrics.add_worker();
    first.count(index_of(FactKind::observation), Processed::applied, 5);
    second.count(index_of(FactKind::observation), Processed::applied, 2);
    second.count(kUnknownPayload, Processed::rejected);
    second.rejected[static_cast<std::size_t>(Reason::unparsable)].add();
    metrics.process().refused_at_inlet[static_cast<std::size_t>(Reason::unparsable)].add(2);
    const std::string text = metrics.text();
    EXPECT_EQ(value_of(text, R"(cellvigil_messages_processed_total{payload="observation",outcome="applied"})"), "7");
    EXPECT_EQ(value_of(text, R"(cellvigil_messages_processed_total{payload="unknown",outcome="rejected"})"), "1");
    EXPECT_EQ(value_of(text, R"(cellvigil_messages_rejected_total{reason="unparsable"})"), "3");
    EXPECT_EQ(value_of(text, R"(cellvigil_dead_letters_total{reason="unparsable"})"), "2")
        << "those refused at the inlet";
}

TEST_F(MetricsText, label_sets_begin_at_zero) {
    Metrics metrics(options());
    const std::string text = metrics.text();
    EXPECT_EQ(value_of(text, R"(cellvigil_messages_processed_total{payload="death",outcome="duplicate"})"), "0");
    EXPECT_EQ(value_of(text, R"(cellvigil_messages_consumed_total{topic="cellvigil.events.v1"})"), "0");
    EXPECT_EQ(value_of(text, R"(cellvigil_dead_letters_total{reason="oversize"})"), "0");
    EXPECT_EQ(value_of(text, R"(cellvigil_quarantine_messages{reason="unknown_cohort"})"), "0");
    EXPECT_EQ(value_of(text, R"(cellvigil_kafka_rebalances_total{reason="lost"})"), "0");
}

TEST_F(MetricsText, a_value_equal_to_a_bucket_limit_is_in_it) {
    Metrics metrics(options());
    WorkerCounters& worker = metrics.add_worker();
    worker.ingest_delay.observe(0.01);
    worker.ingest_delay.observe(0.0100001);
    worker.ingest_delay.observe(1e9, 3);
    const std::string text = metrics.text();
    EXPECT_EQ(value_of(text, R"(cellvigil_ingest_delay_seconds_bucket{le="0.01"})"), "1");
    EXPECT_EQ(value_of(text, R"(cellvigil_ingest_delay_seconds_bucket{le="0.02"})"), "2");
    EXPECT_EQ(value_of(text, R"(cellvigil_ingest_delay_seconds_bucket{le="3600"})"), "2");
    EXPECT_EQ(value_of(text, R"(cellvigil_ingest_delay_seconds_bucket{le="+Inf"})"), "5");
    EXPECT_EQ(value_of(text, "cellvigil_ingest_delay_seconds_count"), "5");
}

TEST_F(MetricsText, rates_of_cohorts_carry_their_numbers_and_interval) {
    committed_.cohorts = {cohort("S/A", 48, 7)};
    Metrics metrics(options());
    const std::string text = metrics.text();
    const std::string labels = R"({cohort="S/A",event="crs",min_grade="3",window="first_infusion"})";
    EXPECT_EQ(value_of(text, "cellvigil_patients_with_event" + labels), "7");
    EXPECT_EQ(value_of(text, R"(cellvigil_patients_evaluable{cohort="S/A",event="crs",window="first_infusion"})"),
              "48");
    EXPECT_THAT(value_of(text, "cellvigil_event_rate_ratio" + labels), testing::StartsWith("0.14583"));
    EXPECT_THAT(value_of(text, "cellvigil_event_rate_lower_ratio" + labels), testing::StartsWith("0.07248"));
    EXPECT_THAT(value_of(text, "cellvigil_event_rate_upper_ratio" + labels), testing::StartsWith("0.27167"));
    EXPECT_EQ(value_of(text, R"(cellvigil_cohort_suppressed{cohort="S/A"})"), "0");
}

TEST_F(MetricsText, cohorts_below_the_smallest_cell_show_no_rates) {
    committed_.cohorts = {cohort("S/four", 4, 1), cohort("S/five", 5, 1), cohort("S/none", 0, 0)};
    Metrics metrics(options());
    const std::string text = metrics.text();
    const auto rate = [&](const std::string& name) {
        return value_of(text, "cellvigil_event_rate_ratio{cohort=\"" + name +
                                  R"(",event="crs",min_grade="3",window="first_infusion"})");
    };
    EXPECT_EQ(rate("S/four"), "Nan");
    EXPECT_EQ(rate("S/none"), "Nan");
    EXPECT_THAT(rate("S/five"), testing::StartsWith("0.2"));
    EXPECT_EQ(
        value_of(text,
                 R"(cellvigil_patients_with_event{cohort="S/four",event="crs",min_grade="3",window="first_infusion"})"),
        "Nan");
    EXPECT_EQ(value_of(text, R"(cellvigil_cohort_suppressed{cohort="S/four"})"), "1");
}

TEST_F(MetricsText, the_committed_state_is_read_at_most_once_per_refresh) {
    Metrics metrics(options());
    metrics.text();
    metrics.text();
    EXPECT_EQ(reads_, 1);
    now_ += milliseconds(999);
    metrics.text();
    EXPECT_EQ(reads_, 1);
    now_ += milliseconds(1);
    metrics.text();
    EXPECT_EQ(reads_, 2);
}

TEST_F(MetricsText, when_the_state_cannot_be_read_the_last_one_is_shown_and_told) {
    committed_.cohorts = {cohort("S/A", 48, 7)};
    Metrics metrics(options());
    EXPECT_EQ(value_of(metrics.text(), "cellvigil_state_read_failures_total"), "0");
    away_ = true;
    now_ += seconds(5);
    const std::string text = metrics.text();
    EXPECT_EQ(value_of(text, "cellvigil_state_read_failures_total"), "1");
    EXPECT_THAT(text, HasSubstr("cellvigil_event_rate_ratio"));
}

TEST_F(MetricsText, ages_are_those_of_the_scrape) {
    Metrics metrics(options());
    metrics.set_partition("cellvigil.events.v1", 0, 2, Instant(seconds(90)));
    metrics.set_partition("cellvigil.events.v1", 1, 5, Instant(seconds(70)));
    metrics.set_partition("cellvigil.events.v1", 2, 0, kAlways);
    metrics.channel("log").oldest_created_ms.set(40'000);
    EXPECT_EQ(
        value_of(metrics.text(), R"(cellvigil_kafka_oldest_unprocessed_age_seconds{topic="cellvigil.events.v1"})"),
        "30");
    EXPECT_EQ(value_of(metrics.text(), R"(cellvigil_notification_oldest_seconds{channel="log"})"), "60");
    metrics.forget_partition("cellvigil.events.v1", 1);
    EXPECT_EQ(
        value_of(metrics.text(), R"(cellvigil_kafka_oldest_unprocessed_age_seconds{topic="cellvigil.events.v1"})"),
        "10");
    EXPECT_THAT(metrics.text(), Not(HasSubstr(R"(partition="1")")));
}

TEST_F(MetricsText, checks_clock_and_room_are_those_of_the_scrape) {
    Metrics metrics(options());
    const std::string text = metrics.text();
    EXPECT_EQ(value_of(text, R"(cellvigil_check_passed{probe="live",check="io_turns"})"), "1");
    EXPECT_EQ(value_of(text, R"(cellvigil_check_passed{probe="ready",check="store_writable"})"), "0");
    EXPECT_EQ(value_of(text, "cellvigil_clock_timestamp_seconds"), "100");
    EXPECT_EQ(value_of(text, "cellvigil_state_store_free_bytes"), "1000000");
    free_ = -1;
    EXPECT_EQ(value_of(metrics.text(), "cellvigil_state_store_free_bytes"), "none");
}

TEST_F(MetricsText, the_process_tells_of_itself) {
    Metrics metrics(options());
    const std::string text = metrics.text();
    for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                             "process_start_time_seconds"}) {
        const std::string value = value_of(text, name);
        EXPECT_THAT(value, Not(testing::AnyOf("none", "0"))) << name;
    }
}

// Label names are from this list; values come from enumerations, the configuration and the store's cohorts and rules.
TEST_F(MetricsText, labels_are_those_that_may_be) {
    committed_.cohorts = {cohort("S/A", 48, 7)};
    committed_.counts.alerts = {{"crs_grade_3", "S/A", "immediate", 2}};
    signals_.monitors = {monitor(48)};
    signals_.screens = {screen()};
    tables_.cohorts = {tables("S/A", 48)};
    tables_.computed_at = now_;
    Metrics metrics(options());
    fill(metrics);
    const std::set<std::string> allowed{
        "action",    "channel", "check",        "class",  "code",     "cohort", "event",         "flag",
        "grade",     "hash",    "jurisdiction", "kind",   "le",       "method", "min_grade",     "outcome",
        "partition", "payload", "probe",        "reason", "revision", "route",  "rule",          "severity",
        "site",      "stage",   "state",        "study",  "to",       "topic",  "version",       "window",
        "day",       "period",  "prophylaxis",  "title",  "monitor",  "screen", "pathogen_class"};
    const std::string text = metrics.text();
    std::istringstream lines(text);
    std::size_t series = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) continue;
        ++series;
        const auto open = line.find('{');
        if (open == std::string::npos) continue;
        for (std::size_t at = open; line[at] != '}';) {
            const auto equals = line.find('=', at);
            EXPECT_TRUE(allowed.contains(line.substr(at + 1, equals - at - 1))) << line;
            at = line.find('"', equals + 2) + 1;
        }
    }
    EXPECT_LT(series, 2000U);
    EXPECT_LT(text.size(), 500'000U);
}

// "name | type | labels | meaning" of every family of a scrape.
std::string table_of(const std::string& text) {
    std::istringstream lines(text);
    std::string table = "| family | type | labels | meaning |\n|---|---|---|---|\n";
    std::string name;
    std::string help;
    std::string type;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# HELP ")) {
            name = line.substr(7, line.find(' ', 7) - 7);
            help = line.substr(8 + name.size());
        } else if (line.starts_with("# TYPE ")) {
            type = line.substr(line.rfind(' ') + 1);
        } else if (!name.empty()) {
            std::string labels;
            for (std::size_t at = line.find('{'); at != std::string::npos && line[at] != '}';
                 at = line.find('"', line.find('"', at) + 1) + 1) {
                const std::string label = line.substr(at + 1, line.find('=', at) - at - 1);
                if (label != "le") labels += (labels.empty() ? "" : ", ") + label;
            }
            table += "| `" + name + "` | " + type + " | " + labels + " | " + help + " |\n";
            name.clear();
        }
    }
    return table;
}

TEST_F(MetricsText, a_monitor_of_few_subjects_shows_whether_it_crossed_and_no_number) {
    signals_.monitors = {monitor(4)};
    Metrics few(options());
    const std::string series =
        "{rule=\"C01\",monitor=\"zoster-past-day-90\",cohort=\"prizlon-cel\",event=\"zoster_past_day_90\"}";
    EXPECT_NE(few.text().find("cellvigil_rule_margin_ratio" + series + " Nan"), std::string::npos) << few.text();
    EXPECT_NE(few.text().find("cellvigil_rule_crossed" + series + " 1"), std::string::npos);
    signals_.monitors = {monitor(5)};
    Metrics enough(options());
    EXPECT_NE(enough.text().find("cellvigil_rule_margin_ratio" + series + " 1.25"), std::string::npos);
    EXPECT_NE(enough.text().find("cellvigil_monitored_time_seconds" + series + " 2592000000"), std::string::npos);
}

TEST_F(MetricsText, the_book_shows_who_waits_and_what_is_due) {
    Metrics metrics(options());
    const std::string text = metrics.text();
    for (const char* line :
         {"cellvigil_alerts_by_stage{stage=\"active\"} 3", "cellvigil_alerts_by_stage{stage=\"closed\"} 0",
          "cellvigil_alert_oldest_unacknowledged_seconds{severity=\"high\"} 90",
          "cellvigil_alert_oldest_unacknowledged_seconds{severity=\"immediate\"} 0",
          "cellvigil_reports_due{jurisdiction=\"eu_trial\",state=\"overdue\"} 1",
          "cellvigil_reports_due{jurisdiction=\"uk_trial\",state=\"open\"} 0",
          "cellvigil_report_next_due_timestamp_seconds{jurisdiction=\"eu_trial\"}"})
        EXPECT_NE(text.find(line), std::string::npos) << line;
    EXPECT_EQ(text.find("cellvigil_report_next_due_timestamp_seconds{jurisdiction=\"uk_trial\"}"), std::string::npos);
}

TEST_F(MetricsText, tables_of_whole_histories_are_shown_once_there_are_some) {
    tables_.cohorts = {tables("S/A", 48), tables("S/B", 4)};
    Metrics metrics(options());
    EXPECT_EQ(metrics.text().find("cellvigil_cumulative_incidence"), std::string::npos);
    tables_.computed_at = Instant(seconds(95));
    tables_.left_out = 1;
    const std::string text = metrics.text();
    const auto incidence = [](const std::string& cohort, int day) {
        return "{cohort=\"" + cohort + R"(",event="zoster_past_day_90",day=")" + std::to_string(day) + "\"}";
    };
    EXPECT_EQ(value_of(text, "cellvigil_cumulative_incidence_ratio" + incidence("S/A", 365)), "0.125");
    EXPECT_EQ(value_of(text, "cellvigil_cumulative_incidence_upper_ratio" + incidence("S/A", 365)), "0.21");
    EXPECT_EQ(value_of(text, "cellvigil_cumulative_incidence_ratio" + incidence("S/A", 730)), "Nan") << "too few";
    EXPECT_EQ(value_of(text, "cellvigil_cumulative_incidence_ratio" + incidence("S/B", 365)), "Nan") << "small cell";
    EXPECT_EQ(value_of(text, R"(cellvigil_person_time_seconds{cohort="S/A",event="severe_infection",period="d31_90"})"),
              "172800000");
    EXPECT_EQ(value_of(text, R"(cellvigil_person_time_events{cohort="S/A",event="severe_infection",period="d31_90"})"),
              "4");
    EXPECT_EQ(
        value_of(text, R"(cellvigil_prophylaxis_events{cohort="S/A",event="zoster_past_day_90",prophylaxis="off"})"),
        "3");
    EXPECT_EQ(value_of(text, R"(cellvigil_delayed_infections{cohort="S/A",pathogen_class="viral",period="d91_365"})"),
              "7");
    EXPECT_EQ(value_of(text, R"(cellvigil_delayed_infections{cohort="S/B",pathogen_class="viral",period="d91_365"})"),
              "Nan");
    EXPECT_EQ(value_of(text, "cellvigil_cohort_tables_timestamp_seconds"), "95");
    EXPECT_EQ(value_of(text, "cellvigil_cohort_tables_left_out_subjects"), "1");
}

TEST_F(MetricsText, monitors_say_since_when_they_have_not_seen_everything) {
    signals_.monitors = {monitor(48)};
    signals_.evaluations.observe(0.02);
    signals_.evaluations.observe(0.021);
    Metrics metrics(options());
    const std::string series = R"(cellvigil_rule_last_evaluation_timestamp_seconds{rule="C01"})";
    EXPECT_EQ(value_of(metrics.text(), series), "100") << "nothing waits";
    signals_.waiting = seconds(40);
    EXPECT_EQ(value_of(metrics.text(), series), "60");
    EXPECT_EQ(value_of(metrics.text(), R"(cellvigil_rule_evaluation_seconds_bucket{le="0.02"})"), "1");
    EXPECT_EQ(value_of(metrics.text(), "cellvigil_rule_evaluation_seconds_count"), "2");
}

TEST_F(MetricsText, every_rule_has_a_title) {
    Metrics metrics(options());
    const std::string text = metrics.text();
    EXPECT_EQ(value_of(text, R"(cellvigil_rule_info{rule="P15",title="Landmark tests are overdue"})"), "1");
    EXPECT_EQ(value_of(text, R"(cellvigil_rule_info{rule="C04",title="Cohort: CRS or ICANS"})"), "1");
}

// The budget of docs/metrics.md: 20 cohorts, each with every alert raised, four monitors, and 50 sites.
TEST_F(MetricsText, twenty_cohorts_stay_within_the_budget) {
    tables_.computed_at = now_;
    for (int i = 0; i < 20; ++i) {
        const std::string name = "S/C" + std::to_string(i);
        committed_.cohorts.push_back(cohort(name, 48, 7));
        for (int rule = 0; rule < kSubjectRules; ++rule)
            committed_.counts.alerts.push_back({name_of(static_cast<SubjectRule>(rule)), name, "high", 1});
        for (int m = 0; m < 4; ++m) {
            SignalGauges one = monitor(48);
            one.monitor = name + "-" + std::to_string(m);
            signals_.monitors.push_back(one);
        }
        CohortTables all = tables(name, 48);
        for (int n = 0; n < 20; ++n) all.incidences.push_back({"event" + std::to_string(n), 365, 0.1, 0.1, 0.1});
        for (int n = 0; n < 20; ++n) all.times.push_back({"event" + std::to_string(n), "d0_30", "", 1, 1});
        for (int n = 0; n < 12; ++n) all.infections.push_back({"class" + std::to_string(n), "d0_30", 1});
        tables_.cohorts.push_back(all);
    }
    Metrics metrics(options());
    fill(metrics);
    for (int site = 0; site < 50; ++site) metrics.see_site("S", "site-" + std::to_string(site), now_, now_);
    const std::string text = metrics.text();
    std::istringstream lines(text);
    std::size_t series = 0;
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with('#')) ++series;
    EXPECT_LT(series, 20'000U);
    EXPECT_LT(text.size(), 5'000'000U);
}

TEST_F(MetricsText, families_are_those_of_the_documentation) {
    signals_.monitors = {monitor(48)};
    signals_.screens = {screen()};
    tables_.cohorts = {tables("S/A", 48)};
    tables_.computed_at = now_;
    signals_.through = Instant(seconds(60));
    committed_.cohorts = {cohort("S/A", 48, 7)};
    committed_.counts.alerts = {{"crs_grade_3", "S/A", "immediate", 2}};
    Metrics metrics(options());
    fill(metrics);
    metrics.see_site("CCAR039-SIM", "site-01", Instant(seconds(80)), Instant(seconds(70)));
    const std::string path = CELLVIGIL_SOURCE_DIR "/docs/metrics.md";
    const std::string marker = "This table is written by a test from what the program exposes.\n\n";
    std::ostringstream written;
    written << std::ifstream(path).rdbuf();
    const auto place = written.str().find(marker);
    ASSERT_NE(place, std::string::npos);
    const std::string expected = written.str().substr(0, place) + marker + table_of(metrics.text());
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path) << expected;
    EXPECT_TRUE(written.str() == expected || std::getenv("UPDATE_GOLDEN") != nullptr)
        << "run this test with UPDATE_GOLDEN=1 and read the difference in docs/metrics.md";
}

TEST_F(MetricsText, promtool_finds_nothing_to_say) {
    if (std::system("command -v promtool > /dev/null 2>&1") != 0) {
        ASSERT_EQ(std::getenv("CI"), nullptr) << "promtool (package prometheus) is not installed, and must be here";
        GTEST_SKIP() << "promtool (package prometheus) is not installed";
    }
    committed_.cohorts = {cohort("S/A", 48, 7), cohort("S/B", 2, 1)};
    committed_.counts.alerts = {{"crs_grade_3", "S/A", "immediate", 2}};
    Metrics metrics(options());
    fill(metrics);
    std::FILE* promtool = ::popen("promtool check metrics 2>&1", "w");
    ASSERT_NE(promtool, nullptr);
    const std::string text = metrics.text();
    std::fwrite(text.data(), 1, text.size(), promtool);
    EXPECT_EQ(WEXITSTATUS(::pclose(promtool)), 0);
}

TEST_F(MetricsText, may_be_scraped_while_threads_count) {
    Metrics metrics(options());
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t)
        threads.emplace_back([&metrics] {
            WorkerCounters& worker = metrics.add_worker();
            for (int i = 0; i < 20'000; ++i) {
                worker.count(0, Processed::applied);
                worker.ingest_delay.observe(0.5);
                if (i % 100 == 0) metrics.count_request("/x", "get", 200, 0.1);
            }
        });
    for (int i = 0; i < 10; ++i) metrics.text();
    threads.clear();
    EXPECT_EQ(
        value_of(metrics.text(), R"(cellvigil_messages_processed_total{payload="observation",outcome="applied"})"),
        "40000");
}

}  // namespace
}  // namespace cellvigil::metrics
