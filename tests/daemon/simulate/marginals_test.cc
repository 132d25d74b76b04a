// What the simulated cohorts do as a whole: each row compares a share over 5000 subjects with the figure the parameters
// aim at.
#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/simulate/truth.h"

namespace cellvigil::simulate {
namespace {

constexpr std::uint32_t kSubjects = 5000;
constexpr double kYear = 365.25;

const std::vector<SubjectTruth>& cohort(const std::string& name) {
    static std::map<std::string, std::vector<SubjectTruth>> drawn;
    auto& subjects = drawn[name];
    if (!subjects.empty()) return subjects;
    Parameters parameters = *preset(name);
    parameters.seed = 7;
    parameters.subjects = kSubjects;
    parameters.now = *parse_rfc3339("2026-03-01T00:00:00Z");
    for (std::uint32_t index = 0; index < kSubjects; ++index) {
        subjects.push_back(draw_subject(parameters, index));
        // The exits as drawn, before loss and the data cut hide any.
        SubjectTruth unseen;
        unseen.index = index;
        unseen.offset = parameters.site_offset;
        draw_exits(unseen, parameters);
        subjects.back().exits = unseen.exits;
    }
    return subjects;
}

int lowest_run_days(const SubjectTruth& s, double limit) {
    int longest = 0, run = 0;
    for (int day = 0; day <= 30; ++day) {
        run = neutrophils_at(s.counts, day + 0.25, false) <= limit ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}
bool severe_neutropenia_days(const SubjectTruth& s) {
    return lowest_run_days(s, 0.5) >= 14 || lowest_run_days(s, 0.1) >= 7;
}
double lowest_neutrophils(const SubjectTruth& s) {
    double lowest = 99;
    for (double day = 0; day <= 60; day += 0.25) lowest = std::min(lowest, neutrophils_at(s.counts, day, false));
    return lowest;
}
bool infected(const SubjectTruth& s, double from, double until) {
    return std::any_of(s.infections.begin(), s.infections.end(),
                       [&](const InfectionTruth& i) { return i.course.from >= from && i.course.from < until; });
}
bool zoster_past_90(const SubjectTruth& s) {
    return !s.zoster.empty() && s.day_number(s.zoster.front().course.from) > 90;
}
bool free_of_progression(const SubjectTruth& s, double day) {
    return s.exits.relapse.value_or(1e9) > day && s.exits.death.value_or(1e9) > day;
}

struct Marginal {
    const char* name;
    const char* preset;
    std::function<bool(const SubjectTruth&)> counted;
    double expected;
    double tolerance;
};
void PrintTo(const Marginal& row, std::ostream* out) { *out << row.name; }

class Marginals : public testing::TestWithParam<Marginal> {};

TEST_P(Marginals, share_is_as_the_parameters_say) {
    const Marginal& row = GetParam();
    const auto& subjects = cohort(row.preset);
    const auto counted = std::count_if(subjects.begin(), subjects.end(), row.counted);
    const double share = static_cast<double>(counted) / kSubjects;
    EXPECT_NEAR(share, row.expected, row.tolerance);
}

INSTANTIATE_TEST_SUITE_P(
    Reference, Marginals,
    testing::Values(
        Marginal{"car039_crs_any", "c-car039", [](const SubjectTruth& s) { return s.crs.has_value(); }, 0.938, 0.012},
        Marginal{"car039_crs_3", "c-car039", [](const SubjectTruth& s) { return s.crs && s.crs->grade >= 3; }, 0.021,
                 0.007},
        Marginal{"car039_icans_any", "c-car039", [](const SubjectTruth& s) { return s.icans.has_value(); }, 0.063,
                 0.012},
        Marginal{"car039_icans_3", "c-car039", [](const SubjectTruth& s) { return s.icans && s.icans->grade >= 3; },
                 0.010, 0.005},
        Marginal{"car039_neutropenia_3", "c-car039", [](const SubjectTruth& s) { return lowest_neutrophils(s) < 1.0; },
                 0.83, 0.02},
        Marginal{"car039_severe_days", "c-car039", severe_neutropenia_days, 0.20, 0.03},
        Marginal{"axi_severe_days", "axi-cel", severe_neutropenia_days, 0.229, 0.03},
        Marginal{"axi_below_100", "axi-cel", [](const SubjectTruth& s) { return lowest_neutrophils(s) < 0.1; }, 0.70,
                 0.05},
        Marginal{"car039_infection_early", "c-car039", [](const SubjectTruth& s) { return infected(s, 0, 29); }, 0.256,
                 0.03},
        Marginal{"car039_infection_past_90", "c-car039", [](const SubjectTruth& s) { return infected(s, 91, 1e9); },
                 0.64, 0.03},
        Marginal{"car039_zoster_past_90", "c-car039", zoster_past_90, 0.188, 0.02},
        Marginal{"car039_pfs_4y", "c-car039", [](const SubjectTruth& s) { return free_of_progression(s, 4 * kYear); },
                 0.537, 0.03},
        Marginal{"car039_os_4y", "c-car039",
                 [](const SubjectTruth& s) { return s.exits.death.value_or(1e9) > 4 * kYear; }, 0.668, 0.03},
        Marginal{"axi_pfs_4y", "axi-cel", [](const SubjectTruth& s) { return free_of_progression(s, 4 * kYear); },
                 0.307, 0.03},
        Marginal{"axi_os_4y", "axi-cel", [](const SubjectTruth& s) { return s.exits.death.value_or(1e9) > 4 * kYear; },
                 0.327, 0.03},
        Marginal{"relma_pfs_2y", "relma-cel", [](const SubjectTruth& s) { return free_of_progression(s, 2 * kYear); },
                 0.388, 0.03},
        Marginal{"relma_os_4y", "relma-cel",
                 [](const SubjectTruth& s) { return s.exits.death.value_or(1e9) > 4 * kYear; }, 0.667, 0.03},
        Marginal{"axi_crs_any", "axi-cel", [](const SubjectTruth& s) { return s.crs.has_value(); }, 0.93, 0.012},
        Marginal{"axi_crs_3", "axi-cel", [](const SubjectTruth& s) { return s.crs && s.crs->grade >= 3; }, 0.12, 0.015},
        Marginal{"axi_icans_any", "axi-cel", [](const SubjectTruth& s) { return s.icans.has_value(); }, 0.65, 0.02},
        Marginal{"axi_icans_3", "axi-cel", [](const SubjectTruth& s) { return s.icans && s.icans->grade >= 3; }, 0.28,
                 0.02},
        Marginal{"relma_crs_any", "relma-cel", [](const SubjectTruth& s) { return s.crs.has_value(); }, 0.475, 0.02},
        Marginal{"relma_icans_any", "relma-cel", [](const SubjectTruth& s) { return s.icans.has_value(); }, 0.203,
                 0.02}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace cellvigil::simulate
