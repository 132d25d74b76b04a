// A small study of our own making (fixtures/small), with the traps that real ones have.
#include "daemon/import/import.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace cellvigil::import {
namespace {

std::string folder() { return std::string(CELLVIGIL_SOURCE_DIR) + "/tests/daemon/import/fixtures/small"; }

Mapping small_mapping() {
    std::ifstream file(folder() + "/mapping.yaml");
    auto mapping = read_mapping(std::string(std::istreambuf_iterator<char>(file), {}));
    EXPECT_TRUE(mapping) << mapping.error().detail;
    return *mapping;
}

const Imported& small_study() {
    static const Imported study = [] {
        const auto tables = read_folder(folder());
        EXPECT_TRUE(tables) << tables.error().detail;
        auto imported = import_study(*tables, small_mapping());
        EXPECT_TRUE(imported) << imported.error().detail;
        return *imported;
    }();
    return study;
}

std::vector<const Statement*> statements_of(std::string_view subject, std::string_view record) {
    std::vector<const Statement*> found;
    for (const Statement& one : small_study().statements)
        if (one.subject == subject && one.record == record) found.push_back(&one);
    return found;
}
const Statement& only(std::string_view subject, std::string_view record) {
    const auto found = statements_of(subject, record);
    EXPECT_EQ(found.size(), 1U) << record;
    return *found.at(0);
}

std::uint64_t dropped(const char* domain, Drop why) {
    return small_study().report.domains.at(domain).dropped.at(static_cast<std::size_t>(why));
}

TEST(SdtmReport, accounts_for_every_row) {
    const Report& report = small_study().report;
    EXPECT_TRUE(report.accounts_for_every_row());
    const std::map<std::string, std::uint64_t> rows{{"AE", 5}, {"CM", 6}, {"DM", 5}, {"DS", 4},
                                                    {"EX", 3}, {"LB", 7}, {"VS", 13}};
    for (const auto& [domain, count] : rows) {
        EXPECT_EQ(report.domains.at(domain).rows, count) << domain;
        EXPECT_EQ(report.domains.at(domain).imported + report.domains.at(domain).dropped_in_all(), count) << domain;
    }
    EXPECT_EQ(report.total().rows, 43U);
    EXPECT_EQ(report.total().events, small_study().statements.size());
    EXPECT_EQ(report.subjects, 4U);
    EXPECT_EQ(report.subjects_without_infusion, 2U);
}

TEST(SdtmReport, names_a_reason_for_every_row_it_drops) {
    EXPECT_EQ(dropped("DM", Drop::other_study), 1U);
    EXPECT_EQ(dropped("DM", Drop::no_date), 1U);
    EXPECT_EQ(dropped("VS", Drop::duplicate), 1U);
    EXPECT_EQ(dropped("VS", Drop::no_test), 1U);
    EXPECT_EQ(dropped("VS", Drop::no_result), 1U);
    EXPECT_EQ(dropped("VS", Drop::no_date), 1U);
    EXPECT_EQ(dropped("VS", Drop::no_subject), 1U);
    EXPECT_EQ(dropped("VS", Drop::other_study), 1U);
    EXPECT_EQ(dropped("VS", Drop::not_a_row), 1U);
    EXPECT_EQ(dropped("LB", Drop::no_result), 1U);
    EXPECT_EQ(dropped("AE", Drop::restated), 1U);
    EXPECT_EQ(dropped("AE", Drop::no_date), 1U);
    EXPECT_EQ(dropped("CM", Drop::restated), 1U);
    EXPECT_EQ(dropped("CM", Drop::no_date), 1U);
    EXPECT_EQ(dropped("DS", Drop::no_counterpart), 1U);
    EXPECT_EQ(dropped("DS", Drop::already_told), 1U);
    EXPECT_EQ(dropped("EX", Drop::duplicate), 0U);
}

TEST(SdtmReport, as_json_and_as_a_table_it_gives_the_same_counts) {
    const std::string json = to_json(small_study().report);
    EXPECT_NE(json.find(R"("every_row_accounted_for":true)"), std::string::npos);
    EXPECT_NE(json.find(R"("VS":{"rows":13,"imported":6,"dropped":7,"events":6)"), std::string::npos) << json;
    const std::string table = to_table(small_study().report);
    EXPECT_NE(table.find("VS            13         6         7         6"), std::string::npos) << table;
    EXPECT_NE(table.find("dropped  AE  restated"), std::string::npos);
}

TEST(SdtmMeasurements, take_the_standard_number_and_else_the_original_one) {
    const Statement& standard = only("T7-01-001", "VS-1");
    EXPECT_EQ(standard.number->value, 38.5);
    EXPECT_EQ(standard.number->unit, "Cel");
    const Statement& original = only("T7-01-001", "VS-2");
    EXPECT_EQ(original.number->value, 101.3);
    EXPECT_EQ(original.number->unit, "[degF]");
    // A standard unit that means nothing to the test's code gives way to the original.
    const Statement& platelets = only("T7-01-001", "LB-6");
    EXPECT_EQ(platelets.number->unit, "10*9/L");
    EXPECT_FALSE(platelets.number->reference_low.has_value());
}

TEST(SdtmMeasurements, units_are_spelt_in_ucum_and_limits_kept) {
    const Statement& neutrophils = only("T7-01-001", "LB-1");
    EXPECT_EQ(neutrophils.number->value, 0.4);
    EXPECT_EQ(neutrophils.number->unit, "10*9/L");
    EXPECT_EQ(neutrophils.number->reference_low, 1.8);
    EXPECT_EQ(std::get<Observation>(neutrophils.body).analyte, Analyte::neutrophils);
    EXPECT_EQ(only("T7-01-001", "LB-5").number->unit, "mmol/L");
}

TEST(SdtmMeasurements, a_result_below_a_limit_keeps_its_comparator) {
    const Statement& crp = only("T7-01-001", "LB-2");
    EXPECT_EQ(std::get<Observation>(crp.body).comparator, Comparator::less);
    EXPECT_EQ(crp.number->value, 2);
    EXPECT_EQ(crp.number->unit, "mg/L");
}

TEST(SdtmMeasurements, what_was_not_done_is_said_so_and_words_stay_words) {
    const auto& not_done = std::get<Observation>(only("T7-01-001", "VS-5").body);
    EXPECT_EQ(not_done.status, ResultStatus::not_done);
    EXPECT_FALSE(not_done.value.has_value());
    const Statement& colour = only("T7-01-001", "LB-4");
    EXPECT_EQ(std::get<Observation>(colour.body).text, "N");
    EXPECT_EQ(std::get<Observation>(colour.body).code, "COLOR");
    EXPECT_EQ(colour.code_system, "urn:cdisc:sdtm:lbtestcd");
}

TEST(SdtmMeasurements, a_date_alone_is_a_day_at_the_site_and_recorded_at_its_end) {
    const Statement& pressure = only("T7-01-001", "VS-3");
    EXPECT_EQ(pressure.effective.precision, TimePrecision::day);
    EXPECT_EQ(to_rfc3339(pressure.effective.from), "2024-03-06T23:00:00Z");
    EXPECT_EQ(to_rfc3339(pressure.recorded), "2024-03-07T22:59:59Z");
    EXPECT_EQ(std::get<Observation>(pressure.body).panel, std::get<Observation>(only("T7-01-001", "VS-4").body).panel);
}

TEST(SdtmEvents, told_again_are_versions_of_one_record) {
    const auto told = statements_of("T7-01-001", "AE-1");
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0]->version, 1U);
    EXPECT_EQ(told[1]->version, 2U);
    EXPECT_EQ(told[1]->action, RecordAction::amend);
    EXPECT_FALSE(told[1]->reason.empty());
    EXPECT_LT(told[0]->recorded, told[1]->recorded);
    const auto& first = std::get<AdverseEvent>(told[0]->body);
    const auto& last = std::get<AdverseEvent>(told[1]->body);
    EXPECT_EQ(first.category, AdverseEventCategory::crs);
    EXPECT_EQ(first.reported->grade, 2U);
    EXPECT_EQ(last.reported->grade, 3U);
    EXPECT_EQ(last.outcome, Outcome::recovered);
    ASSERT_TRUE(told[1]->effective_end);
    EXPECT_EQ(to_rfc3339(told[1]->effective_end->from), "2024-03-11T23:00:00Z");
}

TEST(SdtmEvents, a_severity_is_no_grade_unless_the_mapping_says_so) {
    EXPECT_FALSE(std::get<AdverseEvent>(only("T7-01-002", "AE-1").body).reported.has_value());
    Mapping mapping = small_mapping();
    mapping.severity_as_grade = true;
    const auto imported = import_study(*read_folder(folder()), mapping);
    ASSERT_TRUE(imported);
    const auto rash = std::find_if(imported->statements.begin(), imported->statements.end(), [](const Statement& one) {
        return one.subject == "T7-01-002" && one.record == "AE-1";
    });
    EXPECT_EQ(std::get<AdverseEvent>(rash->body).reported->grade, 1U);
}

TEST(SdtmTreatments, have_a_start_and_a_stop_or_are_single) {
    EXPECT_EQ(std::get<Intervention>(only("T7-01-001", "CM-1").body).phase, InterventionPhase::single);
    EXPECT_EQ(std::get<Intervention>(only("T7-01-001", "CM-1").body).agent, Agent::paracetamol);
    const auto antiviral = statements_of("T7-01-001", "CM-2");
    ASSERT_EQ(antiviral.size(), 2U);
    EXPECT_EQ(std::get<Intervention>(antiviral[0]->body).agent, Agent::aciclovir);
    EXPECT_EQ(antiviral[0]->effective.precision, TimePrecision::year);
    const Statement& stop = only("T7-01-001", "CM-2-end");
    EXPECT_EQ(std::get<Intervention>(stop.body).phase, InterventionPhase::stop);
    EXPECT_EQ(std::get<Intervention>(stop.body).course, std::get<Intervention>(antiviral[1]->body).course);
    EXPECT_EQ(stop.effective.precision, TimePrecision::month);
}

TEST(SdtmTreatments, a_cream_is_no_systemic_steroid) {
    const auto& cream = std::get<Intervention>(only("T7-01-001", "CM-5").body);
    EXPECT_EQ(cream.agent, Agent::other);
    EXPECT_EQ(cream.agent_code, "HYDROCORTISONE");
    EXPECT_EQ(cream.route, Route::topical);
}

TEST(SdtmExposure, is_an_infusion_where_the_mapping_names_a_cell_product) {
    const auto& cells = std::get<Infusion>(only("T7-01-001", "EX-2").body);
    EXPECT_EQ(cells.product.code, "CELLS");
    EXPECT_EQ(cells.number, 1U);
    EXPECT_EQ(cells.lot, "L-77");
    EXPECT_TRUE(std::holds_alternative<Intervention>(only("T7-01-001", "EX-1").body));
    EXPECT_TRUE(std::holds_alternative<Intervention>(only("T7-01-001", "EX-1-end").body));
    const auto without = import_study(*read_folder(folder()), default_mapping());
    ASSERT_TRUE(without);
    EXPECT_EQ(without->report.subjects_without_infusion, 4U);
}

TEST(SdtmExits, are_contacts_deaths_and_losses) {
    EXPECT_EQ(std::get<Contact>(only("T7-01-001", "DS-2").body).status, ContactStatus::completed);
    EXPECT_EQ(std::get<Contact>(only("T7-02-001", "DS-1").body).status, ContactStatus::lost_to_follow_up);
    EXPECT_TRUE(std::holds_alternative<Death>(only("T7-01-002", "DM-death").body));
}

TEST(SdtmStudy, is_in_order_of_recording_and_never_recorded_before_it_was_true) {
    const auto& all = small_study().statements;
    EXPECT_TRUE(
        std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.recorded < b.recorded; }));
    for (const Statement& one : all) EXPECT_GE(one.recorded, one.effective.from) << one.record;
}

TEST(SdtmStudy, importing_again_gives_the_same_bytes_and_distinct_ids) {
    const auto again = import_study(*read_folder(folder()), small_mapping());
    ASSERT_TRUE(again);
    std::set<std::string> values;
    for (std::size_t index = 0; index < again->statements.size(); ++index) {
        const Message one = message_of(small_study(), small_study().statements[index], index + 1);
        const Message two = message_of(*again, again->statements[index], index + 1);
        EXPECT_EQ(one.value, two.value);
        EXPECT_EQ(one.key, "TRIAL-7/" + again->statements[index].subject);
        values.insert(one.value);
    }
    EXPECT_EQ(values.size(), again->statements.size());
}

TEST(SdtmStudy, tells_what_the_daemon_must_know) {
    EXPECT_EQ(daemon_settings(small_study(), small_mapping()),
              "studies:\n  \"TRIAL-7\":\n    cohorts: [\"CELLS-7\"]\n    sites:\n"
              "      \"01\": {utc_offset: \"+01:00\"}\n      \"02\": {utc_offset: \"-05:00\"}\n");
}

TEST(SdtmStudy, needs_demographics) {
    EXPECT_FALSE(import_study({}, default_mapping()));
    EXPECT_FALSE(read_folder(std::string(CELLVIGIL_SOURCE_DIR) + "/tests/daemon/import"));
    EXPECT_FALSE(read_folder("no/such/folder"));
}

}  // namespace
}  // namespace cellvigil::import
