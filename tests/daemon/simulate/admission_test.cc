// What the daemon's admission says to a simulated stream: everything sound is accepted, everything malformed is refused
// or held for a reason of its kind, and the counts are those of the ledger.
#include "daemon/ingest/admission.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "daemon/simulate/simulation.h"
#include "rules/base/hash.h"

namespace cellvigil::simulate {
namespace {

std::shared_ptr<const ingest::Directory> directory_for(const Parameters& parameters) {
    auto directory = std::make_shared<ingest::Directory>();
    ingest::Study& study = directory->studies[parameters.study];
    study.cohorts.insert(parameters.cohort);
    for (const char* site : {"site-01", "site-02", "site-03", "site-04"})
        study.sites[site].offset = parameters.site_offset;
    return directory;
}

// Nothing sound may carry these.
constexpr EventFlags kMistakes = bit(EventFlag::check_digit) | bit(EventFlag::code_unknown) |
                                 bit(EventFlag::unknown_enumerator) | bit(EventFlag::offset_missing) |
                                 bit(EventFlag::created_late_version);

struct Verdicts {
    std::uint64_t accepted = 0, quarantined = 0, rejected = 0;
    std::map<std::string, std::uint64_t> reasons;  // of the first issue, or the flag
    std::string surprise;
};

Verdicts judge(const Simulation& simulation) {
    constexpr std::uint32_t kPartitions = 4;
    ingest::Admission admission(directory_for(simulation.parameters()));
    Verdicts verdicts;
    const auto emitted = simulation.emit([&](const Outgoing& one) -> Result<void> {
        ingest::MessageView view;
        view.partition = partition_of(one.key, kPartitions);
        view.partition_count = kPartitions;
        view.appended_at = one.at;
        view.key = one.key;
        view.value = one.value;
        const ingest::Admitted& admitted = admission.admit(view);
        switch (admitted.intake) {
            case Intake::accepted:
                ++verdicts.accepted;
                break;
            case Intake::quarantined:
                ++verdicts.quarantined;
                break;
            case Intake::rejected:
                ++verdicts.rejected;
                break;
        }
        if (admitted.intake == Intake::accepted && (admitted.event.flags & bit(EventFlag::unit_unknown)) != 0)
            ++verdicts.reasons[name_of(EventFlag::unit_unknown)];
        EXPECT_EQ(admitted.event.flags & kMistakes, 0U) << admitted.event.record;
        if (admitted.intake != Intake::accepted && !admitted.issues.empty()) {
            ++verdicts.reasons[name_of(admitted.issues.front().reason)];
            const Issue& issue = admitted.issues.front();
            if (admitted.event.record.substr(0, 1) != "m" && issue.reason != Reason::unparsable)
                verdicts.surprise = std::string(admitted.event.record) + " " + issue.path + ": " + issue.detail;
        }
        return {};
    });
    EXPECT_TRUE(emitted);
    return verdicts;
}

TEST(SimulatedStream, is_admitted_as_the_ledger_says) {
    Parameters parameters = *preset("c-car039");
    parameters.seed = 20260301;
    parameters.now = *parse_rfc3339("2026-03-01T00:00:00Z");
    auto simulation = Simulation::make(parameters);
    ASSERT_TRUE(simulation);
    while (simulation->draw_next()) {
    }
    simulation->finish();
    const Verdicts verdicts = judge(*simulation);
    const Totals& totals = simulation->totals();
    std::map<Expected, std::uint64_t> expected;
    std::map<std::string, std::uint64_t> reasons;
    for (int index = 0; index < kMalformed; ++index) {
        const auto kind = static_cast<Malformed>(index);
        expected[expected_of(kind)] += totals.malformed_by_kind.at(static_cast<std::size_t>(index));
        reasons[reason_of(kind)] += totals.malformed_by_kind.at(static_cast<std::size_t>(index));
    }
    EXPECT_EQ(verdicts.rejected, expected[Expected::rejected]);
    EXPECT_EQ(verdicts.quarantined, expected[Expected::quarantined]);
    EXPECT_EQ(verdicts.accepted, totals.messages - expected[Expected::rejected] - expected[Expected::quarantined])
        << verdicts.surprise;
    EXPECT_EQ(verdicts.reasons, reasons);
}

}  // namespace
}  // namespace cellvigil::simulate
