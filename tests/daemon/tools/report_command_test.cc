// report, on the hand-made ledger as a file of messages: numbers, filters, what was known when, the page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "daemon/journal/log_file.h"
#include "daemon/wire/encode.h"
#include "tests/daemon/tools/command_run.h"
#include "tests/support/ledger.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

// Everything of the ledger in order of arrival, and one later correction of an onset from day 91 to day 89.
class ReportCommand : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-report-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder() = pattern;
        const std::vector<ledger::Subject> subjects = ledger::subjects();
        std::vector<Event> events;
        for (const ledger::Subject& subject : subjects) {
            for (Event& event : ledger::events_of(subject)) events.push_back(std::move(event));
        }
        const Instant last = std::max_element(events.begin(), events.end(), [](const Event& a, const Event& b) {
                                 return a.appended_at < b.appended_at;
                             })->appended_at;
        corrected_at() = last + days(1);
        for (const Event& event : events) {
            const auto* infection = std::get_if<Infection>(&event.body);
            if (infection == nullptr || !infection->zoster || event.subject != first_zoster_of(subjects)) continue;
            Event correction = event;
            correction.message_id = "correction-1";
            correction.version = 2;
            correction.action = RecordAction::amend;
            correction.action_reason = "onset corrected by the site";
            correction.effective.from -= days(2);
            correction.effective.until -= days(2);
            correction.recorded_at = correction.appended_at = corrected_at();
            events.push_back(correction);
            break;
        }
        std::stable_sort(events.begin(), events.end(),
                         [](const Event& a, const Event& b) { return a.appended_at < b.appended_at; });
        auto writer = journal::LogWriter::create(file());
        ASSERT_TRUE(writer);
        std::int64_t position = 0;
        for (const Event& event : events) {
            const std::string value = wire::encode(event);
            const std::string key = wire::key_of(event);
            ASSERT_TRUE(
                writer->append({journal::FrameKind::message, 0, position++, event.appended_at, key, {}, value}));
        }
        ASSERT_TRUE(writer->finish());
    }
    static void TearDownTestSuite() { std::filesystem::remove_all(folder()); }

    // The subject whose zoster began on day 91.
    static std::string first_zoster_of(const std::vector<ledger::Subject>& subjects) {
        for (const ledger::Subject& subject : subjects) {
            for (const story::Told& told : subject.story.told()) {
                const auto* infection = std::get_if<Infection>(&told.event.body);
                if (infection != nullptr && infection->zoster && told.event.effective.from == story::d(91))
                    return subject.id;
            }
        }
        return {};
    }
    static std::filesystem::path& folder() {
        static std::filesystem::path path;
        return path;
    }
    static Instant& corrected_at() {
        static Instant at;
        return at;
    }
    static std::string file() { return (folder() / "ledger.log").string(); }
    static Ran report(std::vector<std::string> more) {
        std::vector<std::string> arguments{"report", "--cohort", ledger::kCohort, "--file", file()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }
    static std::string before_correction() { return to_rfc3339(corrected_at() - seconds(1)); }
    static json::value read(const Ran& ran) {
        EXPECT_EQ(ran.code, 0) << ran.err;
        return json::parse(ran.out);
    }
    static json::value count_of(const json::value& report, std::string_view endpoint, std::string_view estimand,
                                std::string_view source = "computed") {
        for (const json::value& row : report.at("counts").as_array()) {
            if (row.at("endpoint") == json::value(endpoint) && row.at("estimand") == json::value(estimand) &&
                row.at("grade_source") == json::value(source) && row.at("dimension") == json::value("all")) {
                return row.at("crude");
            }
        }
        ADD_FAILURE() << endpoint << " is not in the report";
        return {};
    }
    static json::value rate_of(const json::value& report, std::string_view endpoint, std::string_view estimand) {
        for (const json::value& row : report.at("rates").as_array()) {
            if (row.at("endpoint") == json::value(endpoint) && row.at("estimand") == json::value(estimand) &&
                row.at("dimension") == json::value("all") && row.at("counting") == json::value("first")) {
                return row;
            }
        }
        ADD_FAILURE() << endpoint << " has no rate in the report";
        return {};
    }
    static std::string shown(const json::value& fraction) {
        return std::to_string(fraction.at("events").as_int64()) + "/" +
               std::to_string(fraction.at("subjects").as_int64()) + " " +
               std::string(fraction.at("percent").as_string());
    }
};

TEST_F(ReportCommand, says_the_published_numbers_as_known_before_the_correction) {
    const json::value report_before = read(report({"--json", "--known-at", before_correction()}));
    EXPECT_EQ(report_before.at("sets").at("safety"), json::value(48));
    EXPECT_EQ(report_before.at("sets").at("efficacy"), json::value(47));
    EXPECT_EQ(shown(count_of(report_before, "crs_any", "regardless")), "45/48 93.8");
    EXPECT_EQ(shown(count_of(report_before, "crs_3", "regardless")), "1/48 2.1");
    EXPECT_EQ(shown(count_of(report_before, "icans_any", "regardless")), "3/48 6.3");
    EXPECT_EQ(shown(count_of(report_before, "neutropenia_3", "regardless")), "40/48 83.3");
    EXPECT_EQ(shown(count_of(report_before, "zoster_past_day_90", "regardless")), "9/48 18.8");
    EXPECT_EQ(shown(count_of(report_before, "response", "before_next_therapy")), "43/47 91.5");
    EXPECT_EQ(shown(count_of(report_before, "complete_response", "before_next_therapy")), "40/47 85.1");
}

TEST_F(ReportCommand, stands_beside_the_reference_profiles_of_the_packs_monitors) {
    const std::string pack = CELLVIGIL_SOURCE_DIR "/rules/packs/c-car039.yaml";
    const json::value said = read(report({"--json", "--rules", pack, "--known-at", before_correction()}));
    const json::array& rows = said.at("references").as_array();
    const auto row_of = [&](std::string_view monitor) {
        for (const json::value& row : rows) {
            if (row.at("monitor") == json::value(monitor)) return row;
        }
        ADD_FAILURE() << monitor << " is not in the report";
        return json::value{};
    };
    EXPECT_EQ(rows.size(), 4U);
    const json::value crs = row_of("crs-3");
    EXPECT_EQ(crs.at("events"), json::value(1));
    EXPECT_EQ(crs.at("subjects"), json::value(48));
    EXPECT_TRUE(crs.at("person_days").is_null());
    EXPECT_EQ(crs.at("reference").at("profile"), json::value("c-car039-iit"));
    EXPECT_EQ(crs.at("reference").at("events_last"), json::value(1));
    EXPECT_EQ(crs.at("reference").at("weight"), json::value(0.0)) << "a press release is no prior";
    EXPECT_FALSE(crs.at("reference").at("why_nothing_is_borrowed").is_null());
    const json::value& reading = crs.at("reference").at("readings").at(0);
    EXPECT_NEAR(reading.at("posterior_mean").as_double(), 1.5 / 49, 1e-12);
    EXPECT_NEAR(reading.at("exceeds_reference").as_double(), 0.5, 1e-11) << "the same counts on both sides";
    const json::value zoster = row_of("zoster-past-day-90");
    const json::value rate = rate_of(said, "zoster_past_day_90", "before_next_therapy");
    EXPECT_EQ(zoster.at("events"), rate.at("events")) << "as the monitor counts: before the next therapy";
    EXPECT_EQ(zoster.at("person_days"), rate.at("person_days"));
    EXPECT_TRUE(zoster.at("subjects").is_null());
    EXPECT_TRUE(zoster.at("reference").at("cannot_compare").is_null());
    EXPECT_EQ(zoster.at("reference").at("person_time_presumed"), json::value(true));
    EXPECT_EQ(zoster.at("reference").at("person_days"), json::value(42'004));
    EXPECT_EQ(zoster.at("reference").at("weight"), json::value(0.0));
    ASSERT_EQ(zoster.at("reference").at("readings").as_array().size(), 2U) << "0 and 9 events";
    EXPECT_GT(zoster.at("reference").at("readings").at(0).at("exceeds_reference").as_double(), 0.99);
    EXPECT_TRUE(read(report({"--json"})).at("references").is_null()) << "the built-in rules name no reference";
    EXPECT_THAT(report({"--rules", pack}).out,
                HasSubstr("reference c-car039-iit, safety: 1/48; weight 0: a source of"));
    const std::string page = (folder() / "references.html").string();
    ASSERT_EQ(report({"--rules", pack, "--html", page}).code, 0);
    std::stringstream text;
    text << std::ifstream(page).rdbuf();
    EXPECT_THAT(text.str(), HasSubstr("<h2>Beside reference profiles</h2>"));
    EXPECT_THAT(text.str(), HasSubstr("c-car039-iit, safety: 0 to 9/48 in 115.0 presumed person-years"));
}

TEST_F(ReportCommand, shows_what_the_packs_monitors_spend_of_its_budgets) {
    const std::string pack = CELLVIGIL_SOURCE_DIR "/rules/packs/c-car039.yaml";
    const json::value said = read(report({"--json", "--rules", pack}));
    ASSERT_EQ(said.at("budgets").as_array().size(), 1U);
    EXPECT_EQ(said.at("budgets").at(0).at("id"), json::value("safety"));
    EXPECT_EQ(said.at("budgets").at(0).at("alpha"), json::value(0.25));
    EXPECT_EQ(said.at("budgets").at(0).at("spent"), json::value(0.25));
    EXPECT_NE(report({"--rules", pack}).out.find("safety: 0.25 of 0.25"), std::string::npos);
    EXPECT_FALSE(read(report({"--json"})).as_object().contains("budgets"));
}

TEST_F(ReportCommand, a_correction_moves_the_count_and_what_was_shown_before_can_be_shown_again) {
    const Ran now = report({"--json"});
    EXPECT_EQ(shown(count_of(read(now), "zoster_past_day_90", "regardless")), "8/48 16.7");
    EXPECT_EQ(report({"--json"}).out, now.out);
    const Ran then = report({"--json", "--known-at", before_correction()});
    EXPECT_NE(then.out, now.out);
    EXPECT_EQ(report({"--json", "--known-at", before_correction()}).out, then.out);
}

TEST_F(ReportCommand, survival_at_four_years_is_in_the_text) {
    const Ran ran = report({});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("day 1461:  53.3 %"));
    EXPECT_THAT(ran.out, HasSubstr("day 1461:  65.9 %"));
    EXPECT_THAT(ran.out, HasSubstr("safety set (infused) 48; efficacy set (infused and evaluable) 47"));
}

TEST_F(ReportCommand, a_data_cut_leaves_later_events_out) {
    const json::value report_then = read(report({"--json", "--as-of", "2020-06-01T00:00:00+08:00"}));
    EXPECT_LT(count_of(report_then, "zoster_past_day_90", "regardless").at("events").as_int64(), 8);
    EXPECT_EQ(report_then.at("data_cut"), json::value("2020-05-31T16:00:00Z"));
}

TEST_F(ReportCommand, filters_choose_and_an_empty_choice_says_why) {
    EXPECT_EQ(read(report({"--json", "--indication", "FL"})).at("sets").at("safety"), json::value(2));
    EXPECT_EQ(read(report({"--json", "--site", "site-01"})).at("sets").at("safety"), json::value(12));
    const Ran none = report({"--site", "site-99"});
    EXPECT_EQ(none.code, 1);
    EXPECT_THAT(none.err, HasSubstr("no subject of CCAR039/PHASE1 fits the other filters"));
    const Ran unknown = run({"report", "--cohort", "CCAR039/phase1", "--file", file()});
    EXPECT_EQ(unknown.code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("there are: CCAR039/PHASE1 (48 subjects)"));
}

TEST_F(ReportCommand, the_page_stands_alone_and_is_the_same_each_time) {
    const std::string path = (folder() / "report.html").string();
    const auto page = [&] {
        const Ran ran = report({"--html", path});
        EXPECT_EQ(ran.code, 0) << ran.err;
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    };
    const std::string first = page();
    EXPECT_THAT(first, HasSubstr("<!DOCTYPE html>"));
    EXPECT_THAT(first, HasSubstr("<svg viewBox="));
    EXPECT_THAT(first, HasSubstr("At risk"));
    EXPECT_THAT(first, HasSubstr("40/47 (85.1 %)"));
    for (const char* outside : {"http://", "https://", "<script", "<link", "<img"})
        EXPECT_EQ(first.find(outside), std::string::npos) << outside;
    EXPECT_EQ(page(), first);
    EXPECT_EQ(report({"--html", "/no/such/folder/report.html"}).code, 1);
}

TEST_F(ReportCommand, says_how_many_messages_do_not_count) {
    EXPECT_EQ(report({}).err, "");
    const std::string path = (folder() / "with-a-bad-one.json").string();
    std::ofstream(path) << R"([{"no": "envelope"}])";
    const Ran ran = run({"report", "--cohort", "S/C", "--file", path});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("1 message was not accepted and does not count; `cellvigilctl grade` says why"));
}

TEST_F(ReportCommand, wrong_times_are_wrong_command_lines) {
    EXPECT_EQ(report({"--as-of", "yesterday"}).code, 2);
    EXPECT_EQ(report({"--known-at", "2020-13-01T00:00:00Z"}).code, 2);
}

}  // namespace
}  // namespace cellvigil::tools
