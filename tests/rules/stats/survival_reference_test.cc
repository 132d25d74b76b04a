// Kaplan-Meier, Nelson-Aalen, quantiles and Aalen-Johansen against R's survival (Debian: r-cran-survival) on the data
// sets that come with it: survival_reference.R prints the day tables and what survfit makes of the subjects.
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "rules/stats/aalen_johansen.h"
#include "rules/stats/kaplan_meier.h"
#include "rules/stats/risk_table.h"

namespace cellvigil {
namespace {

constexpr Confidence k95{0.95};

std::string output_of_r() {
    const std::string command =
        "Rscript --vanilla '" + std::string(CELLVIGIL_SOURCE_DIR) + "/tests/rules/stats/survival_reference.R' 2>&1";
    const auto close = [](FILE* pipe) { pclose(pipe); };
    const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
    std::string output;
    std::array<char, 4096> buffer{};
    while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) output += buffer.data();
    return output;
}

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

// nullopt for R's NA.
std::optional<double> number(const std::string& word) {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return value;
}

int whole(const std::string& word) { return static_cast<int>(number(word).value()); }

void expect_same(std::optional<double> ours, const std::string& theirs, const std::string& what,
                 double tolerance = 1e-9) {
    const std::optional<double> expected = number(theirs);
    ASSERT_EQ(ours.has_value(), expected.has_value()) << what << ": R says " << theirs;
    if (!ours) return;
    EXPECT_NEAR(*ours, *expected, tolerance * std::fmax(1e-3, std::fabs(*expected))) << what;
}

struct DataSet {
    std::string name;
    DayTable table;
    std::vector<std::vector<std::string>> records;
};

std::vector<DataSet> data_sets(const std::string& output) {
    std::vector<DataSet> sets;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        const std::vector<std::string> words = words_of(line);
        if (words.empty()) continue;
        if (words[0] == "data") {
            sets.push_back({words.at(1), DayTable(static_cast<std::size_t>(whole(words.at(2)))), {}});
        } else if (!sets.empty() && words[0] == "row") {
            DayTable& table = sets.back().table;
            const std::int32_t day = whole(words.at(1));
            table.enter(day, whole(words.at(2)));
            table.censor(day, whole(words.at(3)));
            for (std::size_t cause = 0; cause < table.causes(); ++cause)
                table.have_event(day, cause, whole(words.at(4 + cause)));
        } else if (!sets.empty()) {
            sets.back().records.push_back(words);
        }
    }
    return sets;
}

TEST(SurvivalReference, agrees_with_survfit) {
    const std::string output = output_of_r();
    const std::vector<DataSet> sets = data_sets(output);
    ASSERT_EQ(sets.size(), 7U) << "Rscript (r-base-core, r-cran-survival) said:\n" << output.substr(0, 2000);
    std::size_t compared = 0;
    for (const DataSet& set : sets) {
        const auto risk = risk_table(set.table);
        ASSERT_TRUE(risk.has_value()) << set.name << ": " << risk.error().detail;
        const SurvivalCurve curve = kaplan_meier(*risk, k95);
        for (const std::vector<std::string>& record : set.records) {
            const std::string what = set.name + " " + record[0] + " " + record.at(1) + " ";
            if (record[0] == "km") {
                const SurvivalPoint point = survival_on(curve, whole(record[1]));
                expect_same(point.survival, record.at(2), what + "survival");
                expect_same(point.se, record.at(3), what + "se");
                // Where nothing has happened or nobody is left R prints 1 or 0 for ends that mean nothing.
                if (point.interval) {
                    expect_same(point.interval->lower, record.at(4), what + "lower");
                    expect_same(point.interval->upper, record.at(5), what + "upper");
                }
                expect_same(point.hazard, record.at(6), what + "hazard");
                expect_same(std::sqrt(point.hazard_variance), record.at(7), what + "hazard se");
            } else if (record[0] == "quantile") {
                const SurvivalQuantile quantile = survival_quantile(curve, number(record[1]).value());
                expect_same(quantile.day, record.at(2), what + "day");
                expect_same(quantile.lower, record.at(3), what + "lower");
                expect_same(quantile.upper, record.at(4), what + "upper");
            } else {
                ASSERT_EQ(record[0], "aj");
                const auto cause = static_cast<std::size_t>(whole(record[1]) - 1);
                const IncidencePoint point = aalen_johansen(*risk, cause, {whole(record.at(2))}, k95).at(0);
                expect_same(point.incidence, record.at(3), what + record[2] + " incidence");
                // R's error is the infinitesimal jackknife, which needs each subject's entry and exit. When all enter
                // on one day it equals the variance from the counts; when entries are scattered among the events the
                // two differ by up to 3 %, as a robust and a model-based variance do.
                const double tolerance = set.name == "mgus2_entered_late" ? 0.03 : 1e-9;
                expect_same(point.se, record.at(4), what + record[2] + " se", tolerance);
                if (point.interval) {
                    expect_same(point.interval->lower, record.at(5), what + record[2] + " lower", tolerance);
                    expect_same(point.interval->upper, record.at(6), what + record[2] + " upper", tolerance);
                }
            }
            ++compared;
        }
    }
    EXPECT_GT(compared, 90U);
}

}  // namespace
}  // namespace cellvigil
