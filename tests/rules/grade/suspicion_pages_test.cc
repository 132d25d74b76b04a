// The pages for clinicians say what the rules do: rows of tables against the words of the criteria, keys against their
// defaults, flags against their names, and the worked examples told through the fold.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/grade/criteria.h"
#include "rules/grade/disagreement.h"
#include "rules/pack/decisions.h"
#include "tests/rules/grade/report_story.h"

namespace cellvigil {
namespace {

using namespace report_story;

using Row = std::vector<std::string>;

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> lines_of(const std::string& page) {
    std::ifstream file(std::string(CELLVIGIL_SOURCE_DIR) + "/docs/clinical/" + page);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

// The rows of the page's tables whose heading begins with this cell, without heading and rule.
std::vector<Row> table(const std::string& page, const std::string& heading, const std::string& section = "") {
    std::vector<Row> rows;
    bool inside = false;
    bool in_section = section.empty();
    for (const std::string& line : lines_of(page)) {
        if (!section.empty() && line.starts_with("## ")) in_section = line.starts_with("## " + section);
        if (!line.starts_with("|")) {
            inside = false;
            continue;
        }
        Row row;
        std::size_t from = 1;
        for (std::size_t bar = line.find('|', from); bar != std::string::npos; bar = line.find('|', from)) {
            row.push_back(trimmed(line.substr(from, bar - from)));
            from = bar + 1;
        }
        if (row.front() == heading) {
            inside = in_section;
        } else if (inside && !row.front().starts_with("--")) {
            rows.push_back(row);
        }
    }
    return rows;
}

const std::vector<std::string> kPages{"infection-grades.md", "iec-hs.md", "hbv.md", "other-toxicities.md",
                                      "disagreement.md"};

TEST(SuspicionPages, keys_have_their_defaults) {
    for (const std::string& page : kPages) {
        const auto rows = table(page, "Key");
        EXPECT_FALSE(rows.empty()) << page;
        for (const Row& row : rows) {
            const Decision* decision = find_decision(row[0].substr(1, row[0].size() - 2));
            ASSERT_NE(decision, nullptr) << page << row[0];
            EXPECT_EQ(row[1], std::to_string(decision->get(RuleSet{}).value())) << row[0];
            EXPECT_EQ(row[2], decision->unit) << row[0];
        }
    }
}

// Every word in backticks that looks like a key or a flag is one.
TEST(SuspicionPages, name_no_key_and_no_flag_that_does_not_exist) {
    std::vector<std::string> known{"differs",
                                   "left_open",
                                   "not_computed",
                                   "grade",
                                   "grade_upper",
                                   "scale",
                                   "term",
                                   "episode",
                                   "cellvigil_data_quality_items",
                                   "grade_disagreement",
                                   "grade_left_open",
                                   "grade_not_computed",
                                   "replay",
                                   "explain",
                                   "cellvigilctl grade",
                                   "<x"};
    for (int i = 0; i < kFlags; ++i) known.emplace_back(name_of(static_cast<Flag>(i)));
    for (const Decision& decision : decisions()) known.emplace_back(decision.key);
    for (const std::string& page : kPages) {
        for (const std::string& line : lines_of(page)) {
            for (std::size_t from = line.find('`'); from != std::string::npos; from = line.find('`', from)) {
                const std::size_t end = line.find('`', from + 1);
                ASSERT_NE(end, std::string::npos) << page << ": " << line;
                const std::string word = line.substr(from + 1, end - from - 1);
                const bool file = word.ends_with(".cc");
                EXPECT_TRUE(file || std::find(known.begin(), known.end(), word) != known.end()) << page << ": " << word;
                from = end + 1;
            }
        }
    }
}

TEST(SuspicionPages, the_ladder_of_infections_is_the_criteria) {
    std::map<std::string, Term> terms;
    for (const Term term : {Term::infection, Term::sepsis, Term::bacteraemia, Term::shingles, Term::cmv_reactivation,
                            Term::hsv_reactivation, Term::ebv_reactivation, Term::hbv_reactivation}) {
        terms[words_of(term)] = term;
    }
    const auto rows = table("infection-grades.md", "Term");
    ASSERT_EQ(rows.size(), terms.size());
    for (const Row& row : rows) {
        ASSERT_TRUE(terms.contains(row[0])) << row[0];
        for (std::size_t grade = 1; grade <= 5; ++grade) {
            const std::string said =
                criterion_of(Scale::ctcae_5_0, terms[row[0]], Component::none, static_cast<Grade>(grade), {});
            EXPECT_EQ(row[grade], said.empty() ? "-" : said) << row[0] << grade;
        }
    }
}

void expect_rows(const std::string& page, const std::string& section, Scale scale, Term term, std::size_t count) {
    const auto rows = table(page, "Grade", section);
    ASSERT_EQ(rows.size(), count) << section;
    for (const Row& row : rows) {
        EXPECT_EQ(row[1], criterion_of(scale, term, Component::none, static_cast<Grade>(std::stoi(row[0])), {}));
    }
}

TEST(SuspicionPages, the_other_ladders_are_the_criteria) {
    expect_rows("iec-hs.md", "When a clinician", Scale::iec_hs_2023, Term::iec_hs, 5);
    expect_rows("other-toxicities.md", "Second malig", Scale::ctcae_5_0, Term::secondary_malignancy, 3);
    expect_rows("other-toxicities.md", "LICATS", Scale::licats_2025, Term::licats, 4);
    expect_rows("other-toxicities.md", "Enterocolitis", Scale::ctcae_5_0, Term::enterocolitis, 3);
}

TEST(SuspicionPages, the_worked_examples_of_infections) {
    const auto zoster = [](std::vector<Route> routes) { return infection_by(Organism::vzv, std::move(routes)); };
    const std::map<std::string, std::function<void(Story&)>> stories{
        {"localised zoster, valaciclovir by mouth", [&](Story& s) { s.tell(d(100), zoster({Route::oral})); }},
        {"zoster, admitted for intravenous aciclovir",
         [&](Story& s) {
             Infection said = zoster({Route::intravenous});
             said.hospitalised = true;
             s.tell(d(100), said);
         }},
        {"zoster in two non-adjacent dermatomes, valaciclovir by mouth",
         [&](Story& s) {
             Infection said = zoster({Route::oral});
             said.zoster->dermatomes = 2;
             said.zoster->non_contiguous = true;
             s.tell(d(100), said);
         }},
        {"zoster, an aciclovir course without a route",
         [&](Story& s) { s.tell(d(100), zoster({})).tell(d(100, 12), course(Agent::aciclovir)); }},
        {"zoster by mouth while on intravenous aciclovir prophylaxis",
         [&](Story& s) { s.tell(d(99), prophylaxis(Agent::aciclovir)).tell(d(100), zoster({Route::oral})); }},
        {"bacteria in blood, intravenous antibiotics",
         [&](Story& s) {
             Infection said = infection_by(Organism::bacteria, {Route::intravenous});
             said.site.display = "blood";
             s.tell(d(100), said);
         }},
        {"mould, intravenous treatment, death of unknown cause",
         [&](Story& s) {
             s.tell(d(100), infection_by(Organism::mould, {Route::intravenous})).died(d(101), DeathCause::unknown);
         }},
    };
    const auto rows = table("infection-grades.md", "Example");
    ASSERT_EQ(rows.size(), stories.size());
    for (const Row& row : rows) {
        ASSERT_TRUE(stories.contains(row[0])) << row[0];
        Story s = treated();
        stories.at(row[0])(s);
        std::vector<Episode> all = s.timeline().derived({}, d(200)).episodes;
        ASSERT_EQ(all.size(), 1U) << row[0];
        const Episode& episode = all[0];
        EXPECT_EQ(row[1], words_of(episode.term)) << row[0];
        const auto shown = [](Grade grade) { return grade == kNotGradable ? "none" : std::to_string(int{grade}); };
        EXPECT_EQ(row[2], shown(episode.max_grade)) << row[0];
        EXPECT_EQ(row[3], shown(episode.max_upper)) << row[0];
    }
}

std::vector<double> numbers_in(const std::string& text) {
    std::vector<double> found;
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
        double number = 0;
        const auto [next, error] = std::from_chars(at, end, number, std::chars_format::fixed);
        const bool digit = *at >= '0' && *at <= '9';
        if (digit && error == std::errc()) found.push_back(number);
        at = digit ? next : at + 1;
    }
    return found;
}

Observation value(Analyte analyte, double amount, std::optional<double> high = std::nullopt) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = *quantity_of(amount);
    if (high) said.reference_high = *quantity_of(*high);
    return said;
}

// A subject with the other items met, and this one as the cell of the page says.
bool suspected(const std::string& item, const std::string& cell) {
    const std::vector<double> numbers = numbers_in(cell);
    Story s;
    s.adult();
    const bool baseline = cell.find("baseline") != std::string::npos;
    if (baseline) s.tell(d(-1), value(Analyte::ferritin, numbers[1]));
    s.infused();
    if (item.starts_with("ferritin")) {
        s.tell(d(8, 7),
               baseline ? value(Analyte::ferritin, numbers[0]) : value(Analyte::ferritin, numbers[0], numbers[1]));
        s.tell(d(8, 8), value(Analyte::fibrinogen, 1)).tell(d(8, 8), value(Analyte::platelets, 10));
    } else {
        s.tell(d(8, 7), value(Analyte::ferritin, 5000, 300));
        const bool fibrinogen = item == "fibrinogen";
        s.tell(d(8, 8), fibrinogen ? value(Analyte::platelets, 10) : value(Analyte::fibrinogen, 1));
        if (item == "ALT or AST") s.tell(d(8, 9), value(Analyte::alt, numbers[0], numbers[1]));
        if (fibrinogen) s.tell(d(8, 9), value(Analyte::fibrinogen, numbers[0]));
        if (cell.starts_with("platelets")) s.tell(d(8, 9), value(Analyte::platelets, numbers[0]));
        if (cell.starts_with("neutrophils")) s.tell(d(8, 9), value(Analyte::neutrophils, numbers[0]));
    }
    return standing(s, d(9), Scale::iec_hs_2023, Term::iec_hs).flags.has(Flag::suspicion);
}

TEST(SuspicionPages, the_limits_of_iec_hs) {
    const auto rows = table("iec-hs.md", "Item");
    ASSERT_EQ(rows.size(), 6U);
    for (const Row& row : rows) {
        EXPECT_TRUE(suspected(row[0], row[1])) << row[0] << ": " << row[1];
        EXPECT_FALSE(suspected(row[0], row[2])) << row[0] << ": " << row[2];
    }
}

bool reactivated(const std::string& before, const std::string& now) {
    Story s;
    s.adult().tell(d(-10), told(Analyte::hbsag, before.starts_with("HBsAg positive")));
    if (before.find("anti-HBc positive") != std::string::npos) s.tell(d(-10), told(Analyte::anti_hbc, true));
    if (before.find("DNA 50") != std::string::npos) s.tell(d(-9), measured(Analyte::hbv_dna, 50));
    if (before.find("undetectable") != std::string::npos) {
        s.tell(d(-9), measured(Analyte::hbv_dna, 10, {}, Comparator::less));
    }
    s.infused();
    if (now.starts_with("HBsAg")) {
        s.tell(d(60), told(Analyte::hbsag, now.ends_with("positive")));
    } else {
        const bool below = now.find('<') != std::string::npos;
        s.tell(d(60), measured(Analyte::hbv_dna, static_cast<std::int64_t>(numbers_in(now)[0]), {},
                               below ? Comparator::less : Comparator::unspecified));
    }
    return standing(s, d(61), Scale::ctcae_5_0, Term::hbv_reactivation_suspected).flags.has(Flag::suspicion);
}

TEST(SuspicionPages, the_definitions_of_hbv_reactivation) {
    const auto rows = table("hbv.md", "Before");
    ASSERT_EQ(rows.size(), 5U);
    for (const Row& row : rows) {
        EXPECT_TRUE(reactivated(row[0], row[1])) << row[0] << ": " << row[1];
        EXPECT_FALSE(reactivated(row[0], row[2])) << row[0] << ": " << row[2];
    }
}

TEST(SuspicionPages, the_worked_examples_of_disagreement) {
    const auto rows = table("disagreement.md", "The site says");
    ASSERT_EQ(rows.size(), 6U);
    for (const Row& row : rows) {
        const std::vector<double> said = numbers_in(row[0]);  // grade, day, hour, minute
        ASSERT_EQ(said.size(), 4U) << row[0];
        Story s = treated();
        s.temperature(d(3, 10), 39)
            .starts(d(3, 14, 20), Agent::norepinephrine)
            .stops(d(3, 18, 5), Agent::norepinephrine);
        for (int hour = 20; hour <= 68; hour += 4) {
            const Instant at = d(3, 0) + hours(hour);
            s.temperature(at, 37).systolic(at, 120).spo2(at, 98);
        }
        const Instant when = d(static_cast<int>(said[1]), static_cast<int>(said[2]), static_cast<int>(said[3]));
        s.tell(when,
               graded(event_of(AdverseEventCategory::crs), static_cast<std::uint32_t>(said[0]), Scale::astct_crs_2019));
        const auto items = s.timeline().derived({}, d(30)).disagreements;
        EXPECT_EQ(row[1], items.empty() ? "nothing" : name_of(items[0].kind)) << row[0];
    }
}

TEST(SuspicionPages, the_kinds_of_disagreement_are_named_as_in_the_code) {
    const auto rows = table("disagreement.md", "Kind");
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(kDisagreementKinds));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(rows[i][0], "`" + std::string(name_of(static_cast<DisagreementKind>(i))) + "`");
    }
}

}  // namespace
}  // namespace cellvigil
