// The page for clinicians says what the rules do: its tables of bands, its keys with their defaults, and its worked
// examples.
#include <charconv>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/pack/decisions.h"
#include "tests/rules/grade/icans_ward.h"

namespace cellvigil {
namespace {

using namespace icans_ward;

using Row = std::vector<std::string>;

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> page() {
    std::ifstream file(std::string(CELLVIGIL_SOURCE_DIR) + "/docs/clinical/icans.md");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::vector<Row> rows() {
    std::vector<Row> found;
    for (const std::string& line : page()) {
        if (!line.starts_with("| ")) continue;
        Row row;
        std::size_t from = 1;
        for (std::size_t bar = line.find('|', from); bar != std::string::npos; bar = line.find('|', from)) {
            row.push_back(trimmed(line.substr(from, bar - from)));
            from = bar + 1;
        }
        found.push_back(row);
    }
    return found;
}

Row row_of(const std::string& first) {
    for (const Row& row : rows()) {
        if (row.front() == first) return row;
    }
    return {};
}

int number(const std::string& text) {
    int value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// "7-9" of the column for a grade against the rules, both ends and what lies beside them.
void expect_band(const std::string& cell, Grade grade, Grade (*band)(std::uint8_t), int most) {
    const auto dash = cell.find('-');
    ASSERT_NE(dash, std::string::npos) << cell;
    const int first = number(cell.substr(0, dash));
    const int last = number(cell.substr(dash + 1));
    for (int total = 0; total <= most; ++total) {
        const bool inside = first <= total && total <= last;
        EXPECT_EQ(band(static_cast<std::uint8_t>(total)) == grade, inside) << "total " << total << " against " << cell;
    }
}

TEST(IcansPage, bands_of_ice_are_those_of_the_rules) {
    const Row row = row_of("ICE");
    ASSERT_EQ(row.size(), 5U);
    expect_band(row[1], 1, ice_band, 10);
    expect_band(row[2], 2, ice_band, 10);
    expect_band(row[3], 3, ice_band, 10);
}

TEST(IcansPage, bands_of_capd_are_those_of_the_rules) {
    const Row row = row_of("CAPD");
    ASSERT_EQ(row.size(), 5U);
    expect_band(row[1], 1, capd_band, 32);
    expect_band(row[3], 3, capd_band, 32);
}

TEST(IcansPage, names_every_key_with_its_default) {
    const RuleSet rules;
    int seen = 0;
    for (const Decision& decision : decisions()) {
        const std::string key = decision.key;
        if (!key.starts_with("icans.")) continue;
        ++seen;
        const Row row = row_of("`" + key + "`");
        ASSERT_EQ(row.size(), 3U) << key << " is not on the page";
        EXPECT_EQ(row[1], std::to_string(*decision.get(rules))) << key;
    }
    EXPECT_GT(seen, 10);
}

TEST(IcansPage, names_no_key_that_does_not_exist) {
    for (const Row& row : rows()) {
        if (row.front().starts_with("`icans.")) {
            EXPECT_NE(find_decision(row.front().substr(1, row.front().size() - 2)), nullptr) << row.front();
        }
    }
}

// The hours and days in the prose stand with the words of the key that they quote.
TEST(IcansPage, prose_quotes_the_defaults) {
    const IcansRules rules;
    std::string text;
    for (const std::string& line : page()) text += line + "\n";
    const auto has = [&](const std::string& words) { EXPECT_NE(text.find(words), std::string::npos) << words; };
    has("is new for " + std::to_string(rules.carry_fresh.count()) +
        " hours, carried forward with `carried_forward` up to " + std::to_string(rules.carry.count()) + " hours");
    has("A seizure counts for " + std::to_string(rules.seizure_counts.count()) + " hours after its end");
    has("at most " + std::to_string(rules.sign_counts.count()) + " days after they were last charted");
    has("An opening pressure of " + to_text(rules.csf_opening) + " mmHg or more");
    has("GCS up to " + std::to_string(rules.gcs_reduced) + " to 3, up to " + std::to_string(rules.gcs_coma) + " to 4");
    has("A first sign after day " + std::to_string(rules.late_day));
    has("once every domain has been 0 for " + std::to_string(rules.resolve.count()) + " hours");
    has("seen " + std::to_string(rules.sedation_clears.count()) + " h or more after it stopped");
    has("Adults and children from " + std::to_string(rules.child_below_years) + " years");
}

// Every flag of ICANS that the rules know is explained on the page.
TEST(IcansPage, explains_every_flag) {
    std::string text;
    for (const std::string& line : page()) text += line + "\n";
    for (const Flag flag : {Flag::ice_total_mismatch,
                            Flag::ice0_loc_missing,
                            Flag::sedated,
                            Flag::asleep,
                            Flag::seizure_at_5min,
                            Flag::icp_measured_only,
                            Flag::ice_at_baseline,
                            Flag::capd_at_baseline,
                            Flag::capd_no_baseline,
                            Flag::capd_incomplete,
                            Flag::delayed_neurotoxicity,
                            Flag::instrument_for_age,
                            Flag::consciousness_from_score,
                            Flag::weakness_depth_missing,
                            Flag::implausible_input,
                            Flag::stale_input,
                            Flag::carried_forward,
                            Flag::recurrence,
                            Flag::alt_cause_suspected,
                            Flag::alt_cause_confirmed,
                            Flag::death_cause_unknown}) {
        EXPECT_NE(text.find(std::string("`") + name_of(flag) + "`"), std::string::npos) << name_of(flag);
    }
}

struct Example {
    void (*tell)(Story&);
    Instant asked;
};
const std::map<std::string, Example> kExamples{
    {"1", {[](Story& s) { seizure(adult(s).ice(d(3, 11), 3), d(3, 11), 90U); }, d(3, 12)}},
    {"2", {[](Story& s) { adult(s).ice(d(3, 11), 0).neuro(d(3, 11), finding(NeuroKind::aphasia)); }, d(3, 12)}},
    {"3", {[](Story& s) { adult(s).ice(d(3, 11), 0, Consciousness::unspecified); }, d(3, 12)}},
    {"4", {[](Story& s) { adult(s).ice(d(3, 11), 9, Consciousness::to_tactile); }, d(3, 12)}},
    {"5", {[](Story& s) { level(adult(s).ice(d(2, 6), 8), d(3, 12), Consciousness::alert); }, d(3, 12)}},
    {"6",
     {[](Story& s) { adult(s).oxygen(d(3, 8), OxygenDevice::invasive_ventilation).starts(d(3, 8), Agent::propofol); },
      d(3, 12)}},
    {"7", {[](Story& s) { adult(s).ice(d(3, 6), 5).starts(d(3, 8), Agent::midazolam); }, d(3, 12)}},
    {"8",
     {[](Story& s) {
          seizure(adult(s), d(3, 9), 60U).gives(d(3, 9, 5), Agent::lorazepam);
          level(s, d(3, 10), Consciousness::to_tactile);
          s.signed_other(d(3, 10), Scale::astct_icans_2019, Component::consciousness, "sedation");
      },
      d(3, 12)}},
    {"9", {[](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), weakness(WeaknessDepth::deep)); }, d(3, 12)}},
    {"10",
     {[](Story& s) { adult(s).ice(d(3, 11), 8).neuro(d(3, 11), finding(NeuroKind::focal_oedema_imaging)); }, d(3, 12)}},
    {"11", {[](Story& s) { adult(s).ice(d(3, 11), 10).neuro(d(3, 11), opening_pressure(22)); }, d(3, 12)}},
    {"12",
     {[](Story& s) { adult(s).ice(d(3, 11), 5).signed_other(d(3, 11), Scale::astct_icans_2019, Component::ice); },
      d(3, 12)}},
    {"13",
     {[](Story& s) { adult(s).ice(d(25, 11), 10).neuro(d(25, 11), finding(NeuroKind::cranial_nerve_palsy)); },
      d(25, 12)}},
    {"14", {[](Story& s) { child(s, 11).tell(d(3, 11), capd(8, Consciousness::spontaneous)); }, d(3, 12)}},
    {"15", {[](Story& s) { s.aged_days(4380).infused().ice(d(3, 11), 6); }, d(3, 12)}},
};

std::string shown(Grade grade) { return grade == kNotGradable ? "not gradable" : std::to_string(int{grade}); }

TEST(IcansPage, worked_examples_come_out_as_written) {
    for (const auto& [number_of, example] : kExamples) {
        const Row row = row_of(number_of);
        ASSERT_EQ(row.size(), 5U) << "example " << number_of;
        Story told;
        example.tell(told);
        const Assessment said = told.at(example.asked, Scale::astct_icans_2019);
        EXPECT_EQ(row[2], shown(said.grade)) << row[1];
        EXPECT_EQ(row[3], shown(said.grade_upper)) << row[1];
        for (int i = 0; i < kFlags; ++i) {
            const auto flag = static_cast<Flag>(i);
            const bool written = row[4].find(std::string("`") + name_of(flag) + "`") != std::string::npos;
            EXPECT_EQ(said.flags.has(flag), written) << row[1] << ": " << name_of(flag);
        }
    }
    EXPECT_TRUE(row_of(std::to_string(kExamples.size() + 1)).empty()) << "an example on the page is not in the test";
}

}  // namespace
}  // namespace cellvigil
