// The pages for clinicians on blood counts say what the rules do: their tables, their keys with the defaults, and their
// worked examples.
#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/grade/car_hematotox.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/immunity.h"
#include "rules/grade/milestone.h"
#include "rules/pack/decisions.h"
#include "tests/support/clinical_page.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;
using Row = ClinicalPage::Row;

const char* const kPages[] = {"icaht.md", "t-icaht.md",    "car-hematotox.md",
                              "ctcae.md", "recoveries.md", "b-cells-and-igg.md"};

std::string shown(Grade grade) { return grade == kNotGradable ? "not gradable" : std::to_string(int{grade}); }

void expect_flags(const Assessment& said, const std::string& cell, const std::string& example) {
    for (int i = 0; i < kFlags; ++i) {
        const auto flag = static_cast<Flag>(i);
        const bool written = cell.find(std::string("`") + name_of(flag) + "`") != std::string::npos;
        EXPECT_EQ(said.flags.has(flag), written) << example << ": " << name_of(flag);
    }
}

// Keys

TEST(CountsPages, name_every_key_and_no_other) {
    std::string text;
    for (const char* name : kPages) text += ClinicalPage(name).text();
    int seen = 0;
    for (const Decision& decision : decisions()) {
        const std::string key = decision.key;
        if (!key.starts_with("counts.")) continue;
        ++seen;
        EXPECT_NE(text.find("`" + key + "`"), std::string::npos) << key << " is on no page";
    }
    EXPECT_GT(seen, 10);
    for (auto at = text.find("`counts."); at != std::string::npos; at = text.find("`counts.", at + 1)) {
        const std::string key = text.substr(at + 1, text.find('`', at + 1) - at - 1);
        EXPECT_NE(find_decision(key), nullptr) << key;
    }
}

TEST(CountsPages, quote_the_defaults) {
    const CountsRules rules;
    const ClinicalPage recoveries("recoveries.md");
    for (const Row& row : recoveries.rows()) {
        if (row.size() != 3 || !row[2].starts_with("`counts.")) continue;
        const Decision* decision = find_decision(row[2].substr(1, row[2].size() - 2));
        ASSERT_NE(decision, nullptr) << row[2];
        EXPECT_EQ(row[1], std::to_string(*decision->get({}))) << row[2];
    }
    const auto number = [](auto value) { return std::to_string(value); };
    EXPECT_TRUE(recoveries.has("when " + number(rules.resolve_values) +
                               " consecutive values on different days (`counts.resolve_values`)"));
    EXPECT_TRUE(
        recoveries.has("at most " + number(rules.landmark_margin_days) + " days old (`counts.landmark_margin_d`)"));
    EXPECT_TRUE(recoveries.has("at least " + number(rules.persistent_apart_days) +
                               " days apart (`counts.persistent_apart_d`)"));
    EXPECT_TRUE(recoveries.has("through day " + number(rules.course_last_day) + " (`counts.course_last_d`"));
    EXPECT_TRUE(recoveries.has("after day " + number(rules.dip_after_day) + " (`counts.dip_after_d`)"));
    EXPECT_TRUE(recoveries.has("from day " + number(90 - rules.landmark_margin_days) + " to " +
                               number(90 + rules.landmark_margin_days)));
    const ClinicalPage ctcae("ctcae.md");
    EXPECT_TRUE(
        ctcae.has("longer than " + number(rules.fever_sustained.count()) + " minutes (`counts.fever_sustained_min`)"));
    EXPECT_TRUE(ctcae.has("last " + number(rules.fever_neutrophils.count()) + " hours (`counts.fever_neutrophils_h`"));
    EXPECT_TRUE(ctcae.has("for " + number(rules.fever_resolve.count()) + " hours (`counts.fever_resolve_h`"));
    EXPECT_TRUE(
        ClinicalPage("car-hematotox.md").has("from day -" + number(rules.hematotox_window_days) + " to the infusion"));
    const ClinicalPage immunity("b-cells-and-igg.md");
    EXPECT_TRUE(
        immunity.has("at least " + number(rules.aplasia_apart_days) + " days apart (`counts.aplasia_apart_d`)"));
    EXPECT_TRUE(immunity.has("beyond day " + number(rules.aplasia_after_day) + " (`counts.aplasia_after_d`)"));
    EXPECT_TRUE(immunity.has("below " + to_text(kBCells) + " x 10"));
    EXPECT_TRUE(immunity.has("at or below " + to_text(kLowIgg) + " "));
    EXPECT_TRUE(immunity.has("at or below " + to_text(kReplaceIgg) + " (400 mg/dL)"));
}

TEST(CountsPages, name_every_milestone) {
    const ClinicalPage page("recoveries.md");
    for (int i = 0; i < kMilestoneKinds; ++i) {
        EXPECT_FALSE(page.row_of(name_of(static_cast<MilestoneKind>(i)), 3).empty())
            << name_of(static_cast<MilestoneKind>(i));
    }
}

// Tables

struct LabRow {
    const char* first;
    const char* unit;
    LabTerm term;
    std::vector<CtcaeVersion> versions;
    bool in_mmol = false;
};
TEST(CtcaePage, limits_are_those_of_the_rules) {
    constexpr auto k5 = CtcaeVersion::v5_0;
    constexpr auto k6 = CtcaeVersion::v6_0;
    const LabRow rows[] = {
        {"Neutrophil count decreased, v5.0", "10⁹/L", LabTerm::neutrophil_count_decreased, {k5}},
        {"Neutrophil count decreased, v6.0", "10⁹/L", LabTerm::neutrophil_count_decreased, {k6}},
        {"White blood cell decreased", "10⁹/L", LabTerm::white_blood_cell_decreased, {k5, k6}},
        {"Lymphocyte count decreased, v5.0", "10⁹/L", LabTerm::lymphocyte_count_decreased, {k5}},
        {"Lymphopenia, v6.0", "10⁹/L", LabTerm::lymphocyte_count_decreased, {k6}},
        {"Platelet count decreased, v5.0", "10⁹/L", LabTerm::platelet_count_decreased, {k5}},
        {"Thrombocytopenia, v6.0", "10⁹/L", LabTerm::platelet_count_decreased, {k6}},
        {"Anemia", "g/L", LabTerm::anaemia, {k5, k6}},
        {"Anemia", "mmol/L", LabTerm::anaemia, {k5, k6}, true},
        {"CD4 lymphocytes decreased", "10⁹/L", LabTerm::cd4_decreased, {k5, k6}},
        {"Lymphocyte count increased", "10⁹/L", LabTerm::lymphocyte_count_increased, {k5, k6}},
        {"Leukocytosis", "10⁹/L", LabTerm::leukocytosis, {k5, k6}},
    };
    const ClinicalPage page("ctcae.md");
    for (const LabRow& expected : rows) {
        const auto row = std::find_if(page.rows().begin(), page.rows().end(), [&](const Row& found) {
            return found.size() == 6 && found[0] == expected.first && found[1] == expected.unit;
        });
        ASSERT_NE(row, page.rows().end()) << expected.first;
        for (const CtcaeVersion version : expected.versions) {
            for (Grade grade = 1; grade <= 4; ++grade) {
                const std::string& cell = (*row)[static_cast<std::size_t>(grade) + 1];
                if (const auto limit = limit_below(expected.term, version, grade, expected.in_mmol)) {
                    std::string number = to_text(*limit);
                    if (number == "3" || number == "2" || number == "1") number += ".0";
                    EXPECT_EQ(cell, "below " + number) << expected.first;
                } else if (const auto above = limit_above(expected.term, grade)) {
                    EXPECT_EQ(cell, "above " + to_text(*above)) << expected.first;
                } else if (grade > 1) {
                    EXPECT_TRUE(cell.empty() || cell == "never by the number") << expected.first << cell;
                }
            }
        }
    }
}

// Worked examples

struct Example {
    void (*tell)(Story&);
    Instant asked;
    Scale scale;
    Term term = Term::none;
};
template <int otherwise>
void days_of(Story& told, Analyte analyte, std::initializer_list<std::array<double, 3>> stretches, int last = 30) {
    for (int day = 0; day <= last; ++day) {
        double value = otherwise;
        for (const auto& [low, from, to] : stretches) {
            if (day >= from && day <= to) value = low;
        }
        told.lab(d(day, 12), analyte, analyte == Analyte::neutrophils ? value / 1000 : value);
    }
}
void anc(Story& told, std::initializer_list<std::array<double, 3>> stretches, int last = 30) {
    days_of<2000>(told, Analyte::neutrophils, stretches, last);
}
void plt(Story& told, std::initializer_list<std::array<double, 3>> stretches) {
    days_of<150>(told, Analyte::platelets, stretches);
}

void expect_examples(const char* name, const std::map<std::string, Example>& examples) {
    const ClinicalPage page(name);
    for (const auto& [number, example] : examples) {
        const Row row = page.row_of(number, 5);
        ASSERT_FALSE(row.empty()) << name << " has no example " << number;
        Story told;
        told.adult().infused();
        example.tell(told);
        const Assessment said = told.at(example.asked, example.scale, example.term);
        EXPECT_EQ(row[2], shown(said.grade)) << row[1];
        EXPECT_EQ(row[3], shown(said.grade_upper)) << row[1];
        expect_flags(said, row[4], row[1]);
    }
    EXPECT_TRUE(page.row_of(std::to_string(examples.size() + 1), 5).empty())
        << "an example on " << name << " is not in the test";
}

TEST(IcahtPage, worked_examples_come_out_as_written) {
    constexpr auto kEarly = Scale::icaht_early;
    constexpr auto kLate = Scale::icaht_late;
    expect_examples(
        "icaht.md",
        {
            {"1",
             {[](Story& s) {
                  anc(s, {{300, 5, 11}});
              },
              d(31), kEarly}},
            {"2",
             {[](Story& s) {
                  anc(s, {{300, 5, 18}});
              },
              d(31), kEarly}},
            {"3",
             {[](Story& s) {
                  anc(s, {{300, 5, 9}, {800, 10, 12}, {300, 13, 17}});
              },
              d(31), kEarly}},
            {"4",
             {[](Story& s) {
                  anc(s, {{300, 5, 9}, {800, 10, 11}, {300, 12, 16}});
              },
              d(31), kEarly}},
            {"5",
             {[](Story& s) {
                  anc(s, {{400, 5, 13}, {80, 7, 12}});
              },
              d(31), kEarly}},
            {"6",
             {[](Story& s) {
                  anc(s, {{510, 5, 12}});
              },
              d(31), kEarly}},
            {"7",
             {[](Story& s) {
                  for (const auto& [day, value] : {std::pair{0, 2.0}, {5, 0.3}, {14, 0.3}, {20, 2.0}, {28, 2.0}}) {
                      s.lab(d(day, 12), Analyte::neutrophils, value);
                  }
              },
              d(31), kEarly}},
            {"8",
             {[](Story& s) {
                  anc(s, {{900, 0, 1}, {300, 2, 16}}, 16);
                  s.died(d(16, 20), DeathCause::disease);
              },
              d(17), kEarly}},
            {"9",
             {[](Story& s) {
                  anc(s, {{900, 0, 1}, {300, 2, 16}}, 16);
              },
              d(16, 20), kEarly}},
            {"10",
             {[](Story& s) { s.lab(d(45), Analyte::neutrophils, 0.9).lab(d(60), Analyte::neutrophils, 1.45); }, d(61),
              kLate}},
            {"11",
             {[](Story& s) { s.lab(d(45), Analyte::neutrophils, 0.4505).lab(d(50), Analyte::neutrophils, 0.46); },
              d(61), kLate}},
            {"12", {[](Story& s) { s.lab(d(45), Analyte::neutrophils, 0.09); }, d(61), kLate}},
        });
}

TEST(TIcahtPage, worked_examples_come_out_as_written) {
    constexpr auto kScale = Scale::t_icaht;
    expect_examples("t-icaht.md",
                    {
                        {"1",
                         {[](Story& s) {
                              plt(s, {{30, 2, 7}});
                          },
                          d(31), kScale, Term::early}},
                        {"2",
                         {[](Story& s) {
                              plt(s, {{30, 2, 5}, {30, 15, 17}});
                          },
                          d(31), kScale, Term::early}},
                        {"3",
                         {[](Story& s) {
                              plt(s, {{30, 2, 4}, {30, 7, 8}});
                          },
                          d(31), kScale, Term::early}},
                        {"4",
                         {[](Story& s) {
                              plt(s, {{15, 6, 6}});
                          },
                          d(31), kScale, Term::early}},
                        {"5",
                         {[](Story& s) {
                              plt(s, {{15, 5, 18}});
                          },
                          d(31), kScale, Term::early}},
                        {"6",
                         {[](Story& s) {
                              plt(s, {{50, 2, 12}});
                          },
                          d(31), kScale, Term::early}},
                        {"7",
                         {[](Story& s) { s.lab(d(45), Analyte::platelets, 60).lab(d(60), Analyte::platelets, 60); },
                          d(61), kScale, Term::late}},
                        {"8",
                         {[](Story& s) { s.lab(d(45), Analyte::platelets, 10).lab(d(46), Analyte::platelets, 100); },
                          d(61), kScale, Term::late}},
                    });
}

TEST(HematotoxPage, worked_examples_come_out_as_written) {
    const ClinicalPage page("car-hematotox.md");
    int seen = 0;
    for (const Row& row : page.rows()) {
        if (row.size() != 9 || row[0] == "#") continue;
        ++seen;
        const auto item = [&](std::size_t cell, double factor) {
            if (row[cell] == "missing") return std::optional<ItemValue>();
            double value = 0;
            std::from_chars(row[cell].data(), row[cell].data() + row[cell].size(), value);
            return std::optional<ItemValue>(ItemValue{*quantity_of(value * factor)});
        };
        const HematotoxScore score = car_hematotox({item(1, 1), item(2, 0.001), item(3, 10), item(4, 10), item(5, 1)});
        EXPECT_EQ(row[6], shown(score.grade)) << row[0];
        EXPECT_EQ(row[7], shown(score.upper)) << row[0];
        EXPECT_EQ(row[8], score.grade == kNotGradable ? "" : is_high_risk(score.grade) ? "high" : "low") << row[0];
    }
    EXPECT_EQ(seen, 6);
}

Observation ranged(double value, double low) {
    Observation said;
    said.analyte = Analyte::neutrophils;
    said.status = ResultStatus::final;
    said.value = *quantity_of(value);
    said.reference_low = *quantity_of(low);
    return said;
}
Observation in_mmol(double as_sent) {
    Observation said;
    said.analyte = Analyte::haemoglobin;
    said.status = ResultStatus::final;
    said.value = *quantity_of(as_sent * 16.114);
    said.in_mmol_per_litre = true;
    said.value_as_sent = *quantity_of(as_sent);
    return said;
}

TEST(CtcaePage, worked_examples_come_out_as_written) {
    const std::map<std::string, void (*)(Story&)> examples{
        {"1", [](Story& s) { s.lab(d(5), Analyte::neutrophils, 0.5); }},
        {"2", [](Story& s) { s.lab(d(5), Analyte::platelets, 20); }},
        {"3", [](Story& s) { s.lab(d(5), Analyte::haemoglobin, 79); }},
        {"4", [](Story& s) { s.lab(d(5), Analyte::haemoglobin, 80); }},
        {"5", [](Story& s) { s.tell(d(5), in_mmol(4.93)); }},
        {"6", [](Story& s) { s.tell(d(5), ranged(1.4, 1.2)); }},
        {"7", [](Story& s) { s.tell(d(5), ranged(1.9, 1.8)); }},
        {"8", [](Story& s) { s.lab(d(5), Analyte::neutrophils, 3); }},
        {"9", [](Story& s) { s.lab(d(5, 8), Analyte::neutrophils, 0.8).temperature(d(5), 38.3); }},
        {"10",
         [](Story& s) {
             s.lab(d(5, 8), Analyte::neutrophils, 0.99).temperature(d(5), 38.1).temperature(d(5, 11, 5), 38.1);
         }},
    };
    RuleSet rules;
    rules.scales.add(Scale::ctcae_6_0);
    const ClinicalPage page("ctcae.md");
    for (const auto& [number, tell] : examples) {
        const Row row = page.row_of(number, 5);
        ASSERT_FALSE(row.empty()) << number;
        Story told;
        told.adult().infused();
        tell(told);
        Term term = Term::none;
        for (int i = 0; i < kTerms; ++i) {
            if (row[2] == name_of(static_cast<Term>(i))) term = static_cast<Term>(i);
        }
        EXPECT_EQ(row[3], shown(told.at(d(5, 12), Scale::ctcae_5_0, term, rules).grade)) << row[1];
        EXPECT_EQ(row[4], shown(told.at(d(5, 12), Scale::ctcae_6_0, term, rules).grade)) << row[1];
    }
    EXPECT_TRUE(page.row_of("11", 5).empty());
}

}  // namespace
}  // namespace cellvigil
