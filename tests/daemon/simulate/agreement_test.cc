// Grades derived from the simulated messages against the truth ledger's: the charting is sparse and faulty, so that
// agreement is a share, held to a floor; without faults it must be nearly whole.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "daemon/ingest/admission.h"
#include "daemon/simulate/simulation.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil::simulate {
namespace {

struct Agreement {
    int subjects = 0;
    int crs_same = 0, icans_same = 0;
    int crs_false = 0, icans_false = 0;  // one derived though there was none
    int crs_split = 0;                   // more episodes than the one there was
    double latest_onset_h = 0;           // of CRS, after the true one
    std::string differences;
};

int highest(const Derived& derived, Scale scale) {
    int grade = 0;
    for (const Episode& episode : derived.episodes)
        if (episode.scale == scale) grade = std::max(grade, static_cast<int>(episode.max_grade));
    return grade;
}

void note_episodes(Agreement& agreement, const SubjectTruth& truth, const Derived& derived) {
    int episodes = 0;
    for (const Episode& episode : derived.episodes) {
        if (episode.scale != Scale::astct_crs_2019) continue;
        if (++episodes > 1 || !truth.crs) continue;
        const auto after =
            std::chrono::duration<double, std::ratio<3600>>(episode.onset - truth.at(truth.crs->course.from));
        agreement.latest_onset_h = std::max(agreement.latest_onset_h, after.count());
    }
    agreement.crs_split += episodes > 1 ? 1 : 0;
}

Parameters without_faults(Parameters parameters) {
    parameters.stream.malformed = parameters.stream.sent_twice = parameters.stream.out_of_order = 0;
    parameters.stream.far_out_of_order = parameters.stream.outage = parameters.stream.reported_twice = 0;
    parameters.stream.nullified = parameters.stream.wrong_zone = parameters.stream.clock_skew_s = 0;
    parameters.vitals.unit_error = parameters.vitals.digit_slip = parameters.vitals.wrong_day = 0;
    parameters.vitals.missed_reading = parameters.vitals.missed_night_assessment = parameters.vitals.outpatient = 0;
    return parameters;
}

Agreement agreement_of(const Parameters& parameters) {
    auto simulation = Simulation::make(parameters);
    EXPECT_TRUE(simulation);
    while (simulation->draw_next()) {
    }
    simulation->finish();
    auto directory = std::make_shared<ingest::Directory>();
    directory->accept_any = true;
    ingest::Admission admission(directory);
    std::map<std::string, SubjectTimeline, std::less<>> timelines;
    EXPECT_TRUE(simulation->emit([&](const Outgoing& one) -> Result<void> {
        ingest::MessageView view;
        view.appended_at = one.at;
        view.key = one.key;
        view.value = one.value;
        const ingest::Admitted& admitted = admission.admit(view);
        if (admitted.intake != Intake::accepted || admitted.event.subject.empty()) return {};
        timelines.try_emplace(std::string(one.key), one.key).first->second.collect(admitted.event);
        return {};
    }));
    Agreement agreement;
    const RuleSet rules;
    for (std::uint32_t index = 0; index < parameters.subjects; ++index) {
        const SubjectTruth truth = draw_subject(simulation->parameters(), index);
        auto& timeline = timelines.at(parameters.study + "/" + truth.subject);
        timeline.rederive(rules);
        const Derived derived = timeline.derived(rules, kAlways);
        const int crs = truth.crs ? truth.crs->grade : 0;
        const int icans = truth.icans ? truth.icans->grade : 0;
        const bool died_of_it = truth.exits.cause == DeathCause::crs || truth.exits.cause == DeathCause::icans;
        if (died_of_it && truth.exits.death) continue;  // grade 5
        const int derived_crs = highest(derived, Scale::astct_crs_2019);
        const int derived_icans = highest(derived, Scale::astct_icans_2019);
        ++agreement.subjects;
        note_episodes(agreement, truth, derived);
        agreement.crs_same += crs == derived_crs ? 1 : 0;
        agreement.crs_false += crs == 0 && derived_crs > 0 ? 1 : 0;
        agreement.icans_same += icans == derived_icans ? 1 : 0;
        agreement.icans_false += icans == 0 && derived_icans > 0 ? 1 : 0;
        if (crs != derived_crs || icans != derived_icans)
            agreement.differences += fmt::format("{}: CRS {} derived {}, ICANS {} derived {}\n", truth.subject, crs,
                                                 derived_crs, icans, derived_icans);
    }
    return agreement;
}

class Agreements : public testing::TestWithParam<const char*> {
  protected:
    static Parameters cohort() {
        Parameters parameters = *preset(GetParam());
        parameters.seed = 4;
        parameters.subjects = 80;
        parameters.now = *parse_rfc3339("2026-03-01T00:00:00Z");
        return parameters;
    }
};

TEST_P(Agreements, without_faults_every_subject_gets_its_true_grades) {
    const Agreement agreement = agreement_of(without_faults(cohort()));
    EXPECT_EQ(agreement.crs_same, agreement.subjects) << agreement.differences;
    EXPECT_EQ(agreement.icans_same, agreement.subjects) << agreement.differences;
    EXPECT_EQ(agreement.crs_split, 0);
    EXPECT_LT(agreement.latest_onset_h, 5);
}

TEST_P(Agreements, with_every_fault_nearly_every_subject_does_and_nobody_gets_a_toxicity_he_did_not_have) {
    const Agreement agreement = agreement_of(cohort());
    EXPECT_GE(agreement.crs_same * 100, agreement.subjects * 96) << agreement.differences;
    EXPECT_GE(agreement.icans_same * 100, agreement.subjects * 96) << agreement.differences;
    EXPECT_EQ(agreement.crs_false, 0) << agreement.differences;
    EXPECT_EQ(agreement.icans_false, 0) << agreement.differences;
}

TEST_P(Agreements, children_are_graded_by_capd_and_by_their_own_pressures) {
    Parameters children = without_faults(cohort());
    children.paediatric = 1;
    children.subjects = 40;
    const Agreement agreement = agreement_of(children);
    EXPECT_EQ(agreement.crs_same, agreement.subjects) << agreement.differences;
    EXPECT_EQ(agreement.icans_same, agreement.subjects) << agreement.differences;
}

INSTANTIATE_TEST_SUITE_P(Presets, Agreements, testing::Values("c-car039", "axi-cel"), [](const auto& row) {
    std::string name = row.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

}  // namespace
}  // namespace cellvigil::simulate
