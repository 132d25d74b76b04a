// The stream as a whole: the same seed gives the same bytes, the order and the counts hold, and every kind of fault
// occurs and is in the ledger.
#include "daemon/simulate/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace cellvigil::simulate {
namespace {

Parameters small_cohort(std::uint64_t seed, std::uint32_t subjects) {
    Parameters parameters = *preset("c-car039");
    parameters.seed = seed;
    parameters.subjects = subjects;
    parameters.now = *parse_rfc3339("2026-03-01T00:00:00Z");
    return parameters;
}

Simulation run(Parameters parameters) {
    auto simulation = Simulation::make(std::move(parameters));
    EXPECT_TRUE(simulation.has_value());
    while (simulation->draw_next()) {
    }
    simulation->finish();
    return std::move(*simulation);
}

struct Taken {
    Instant at{};
    std::string key;
    std::string value;
    bool operator==(const Taken&) const = default;
};
std::vector<Taken> messages_of(const Simulation& simulation) {
    std::vector<Taken> all;
    EXPECT_TRUE(simulation.emit([&all](const Outgoing& one) -> Result<void> {
        all.push_back({one.at, std::string(one.key), std::string(one.value)});
        return {};
    }));
    return all;
}

std::size_t lines_with(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (text.substr(0, end).find(part) != std::string_view::npos) ++found;
        text.remove_prefix(end + 1);
    }
    return found;
}

const Simulation& cohort_of_48() {
    static const Simulation simulation = run(small_cohort(20260301, 48));
    return simulation;
}

TEST(SimulatedStream, the_same_seed_gives_the_same_bytes) {
    const Simulation one = run(small_cohort(5, 6));
    const Simulation two = run(small_cohort(5, 6));
    EXPECT_EQ(messages_of(one), messages_of(two));
    EXPECT_EQ(one.ledger(), two.ledger());
}

TEST(SimulatedStream, another_seed_gives_other_bytes) {
    EXPECT_NE(messages_of(run(small_cohort(5, 6))), messages_of(run(small_cohort(6, 6))));
}

TEST(SimulatedStream, a_subject_does_not_depend_on_how_many_there_are) {
    const Parameters few = small_cohort(5, 3);
    const Parameters many = small_cohort(5, 30);
    EXPECT_EQ(draw_subject(few, 2).infused, draw_subject(many, 2).infused);
    EXPECT_EQ(draw_subject(few, 2).exits.cut, draw_subject(many, 2).exits.cut);
}

TEST(SimulatedStream, leaves_in_order_and_ends_before_now) {
    const auto all = messages_of(cohort_of_48());
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Taken& a, const Taken& b) { return a.at < b.at; }));
    EXPECT_LT(all.back().at, cohort_of_48().parameters().now);
}

TEST(SimulatedStream, charted_every_four_hours_a_subject_has_some_hundreds_of_messages) {
    const Totals& totals = cohort_of_48().totals();
    const auto per_subject = (totals.messages - totals.heartbeats) / totals.subjects;
    EXPECT_GT(per_subject, 600U);
    EXPECT_LT(per_subject, 2000U);
}

TEST(SimulatedStream, a_monitor_every_five_minutes_gives_about_twenty_thousand) {
    Parameters parameters = small_cohort(5, 1);
    parameters.vitals.every_minutes = 5;
    const Simulation simulation = run(parameters);
    const auto readings = simulation.totals().messages - simulation.totals().heartbeats;
    EXPECT_GT(readings, 15'000U);
    EXPECT_LT(readings, 40'000U);
}

TEST(TruthLedger, its_totals_account_for_every_message) {
    const Totals& t = cohort_of_48().totals();
    EXPECT_EQ(t.messages, messages_of(cohort_of_48()).size());
    EXPECT_EQ(t.messages, t.creates + t.amends + t.retracts + t.heartbeats + t.repeats + t.malformed);
    std::uint64_t bytes = 0;
    for (const Taken& one : messages_of(cohort_of_48())) bytes += one.value.size();
    EXPECT_EQ(t.bytes, bytes);
}

TEST(TruthLedger, has_a_line_for_every_subject_and_every_fault) {
    const std::string_view ledger = cohort_of_48().ledger();
    const Totals& totals = cohort_of_48().totals();
    EXPECT_EQ(lines_with(ledger, R"({"type":"subject",)"), 48U);
    EXPECT_EQ(lines_with(ledger, R"({"type":"malformed",)"), totals.malformed);
    EXPECT_EQ(lines_with(ledger, R"({"type":"run","simulator":"2","seed":20260301,)"), 1U);
    EXPECT_EQ(lines_with(ledger, R"({"type":"totals",)"), 1U);
    // Faults of the subjects' messages each have a line; outages also hold heartbeats back, which have none.
    for (int index = 0; index < kFaults; ++index) {
        const auto fault = static_cast<Fault>(index);
        const auto counted = totals.faults.at(static_cast<std::size_t>(index));
        const auto lines = lines_with(ledger, std::string(R"({"type":"fault","kind":")") + name_of(fault) + "\"");
        if (fault == Fault::held_by_outage)
            EXPECT_LE(lines, counted);
        else
            EXPECT_EQ(lines, counted) << name_of(fault);
    }
}

TEST(SimulatedFaults, a_cohort_of_48_has_every_malformed_kind) {
    for (int index = 0; index < kMalformed; ++index)
        EXPECT_GT(cohort_of_48().totals().malformed_by_kind.at(static_cast<std::size_t>(index)), 0U)
            << name_of(static_cast<Malformed>(index));
}

TEST(SimulatedFaults, a_large_cohort_has_every_fault) {
    const Simulation simulation = run(small_cohort(3, 400));
    for (int index = 0; index < kFaults; ++index)
        EXPECT_GT(simulation.totals().faults.at(static_cast<std::size_t>(index)), 0U)
            << name_of(static_cast<Fault>(index));
}

TEST(SimulatedFaults, a_repeat_has_the_same_bytes_and_key_as_what_it_repeats) {
    std::map<std::string, std::set<std::string>> keys_by_value;
    std::size_t repeats = 0;
    for (const Taken& one : messages_of(cohort_of_48()))
        if (!keys_by_value[one.value].insert(one.key).second) ++repeats;
    std::uint64_t empty = cohort_of_48().totals().malformed_by_kind.at(static_cast<std::size_t>(Malformed::empty));
    std::uint64_t unframed =
        cohort_of_48().totals().malformed_by_kind.at(static_cast<std::size_t>(Malformed::unknown_framing));
    EXPECT_GE(repeats, cohort_of_48().totals().repeats);
    EXPECT_LE(repeats, cohort_of_48().totals().repeats + empty + unframed);
}

TEST(SimulatedFaults, none_are_made_when_none_are_asked_for) {
    Parameters parameters = small_cohort(5, 8);
    parameters.stream.malformed = parameters.stream.sent_twice = parameters.stream.out_of_order = 0;
    parameters.stream.far_out_of_order = parameters.stream.outage = parameters.stream.reported_twice = 0;
    parameters.stream.nullified = parameters.stream.wrong_zone = 0;
    parameters.stream.onset_corrected = parameters.stream.grade_corrected = parameters.stream.term_corrected = 0;
    parameters.stream.causality_corrected = parameters.stream.lot_corrected = 0;
    parameters.stream.month_only = parameters.stream.year_only = 0;
    parameters.vitals.unit_error = parameters.vitals.digit_slip = parameters.vitals.wrong_day = 0;
    const Simulation simulation = run(parameters);
    EXPECT_EQ(simulation.totals().malformed, 0U);
    EXPECT_EQ(lines_with(simulation.ledger(), R"("type":"fault")"), 0U);
}

TEST(Scenarios, a_doubled_hazard_leaves_everything_but_zoster_as_it_was) {
    const Parameters before = small_cohort(9, 300);
    Parameters after = before;
    after.scenario = Scenario::hazard_doubled;
    after.scenario_from = after.now - days(1500);
    int zoster_before = 0;
    int zoster_after = 0;
    for (std::uint32_t index = 0; index < 300; ++index) {
        const SubjectTruth one = draw_subject(before, index);
        const SubjectTruth two = draw_subject(after, index);
        EXPECT_EQ(one.infused, two.infused);
        EXPECT_EQ(one.infections.size(), two.infections.size());
        EXPECT_EQ(one.crs.has_value(), two.crs.has_value());
        zoster_before += one.zoster.empty() ? 0 : 1;
        zoster_after += two.zoster.empty() ? 0 : 1;
    }
    EXPECT_GT(zoster_after, zoster_before + 20);
}

struct Excess {
    Scenario scenario;
    double at_least;  // zoster in the exposed over zoster in the same subjects without the scenario
};
class ScenarioExcess : public testing::TestWithParam<Excess> {};

TEST_P(ScenarioExcess, shows_in_those_exposed_and_not_in_the_others) {
    const Parameters null = small_cohort(11, 1500);
    Parameters changed = null;
    changed.scenario = GetParam().scenario;
    double exposed = 0;
    double exposed_null = 0;
    for (std::uint32_t index = 0; index < 1500; ++index) {
        const SubjectTruth calm = draw_subject(null, index);
        const SubjectTruth risen = draw_subject(changed, index);
        const bool touched = changed.scenario == Scenario::site_tripled  ? calm.site == 0
                             : changed.scenario == Scenario::lot_doubled ? calm.lot == "LOT-01"
                                                                         : true;
        if (touched) {
            exposed_null += calm.zoster.empty() ? 0 : 1;
            exposed += risen.zoster.empty() ? 0 : 1;
        } else {
            EXPECT_EQ(calm.zoster.size(), risen.zoster.size());
        }
    }
    EXPECT_GT(exposed, GetParam().at_least * exposed_null);
}
INSTANTIATE_TEST_SUITE_P(Kinds, ScenarioExcess,
                         testing::Values(Excess{Scenario::site_tripled, 1.8}, Excess{Scenario::lot_doubled, 1.4},
                                         Excess{Scenario::prophylaxis_shortened, 1.05}),
                         [](const auto& row) {
                             std::string name = name_of(row.param.scenario);
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(Parameters, out_of_range_ones_are_refused) {
    Parameters parameters = small_cohort(1, 0);
    EXPECT_FALSE(Simulation::make(parameters).has_value());
    parameters.subjects = 1;
    parameters.vitals.every_minutes = 0;
    EXPECT_FALSE(Simulation::make(parameters).has_value());
}

}  // namespace
}  // namespace cellvigil::simulate
