#include <fmt/core.h>

#include "daemon/views/cohort_view.h"
#include "daemon/views/cohort_words.h"

namespace cellvigil::views {
namespace {

std::string counted_words(const TableKey& key) {
    std::string words = words_of(key.endpoint.endpoint);
    if (key.endpoint.side != GradeSide::computed) words += ", " + side_words(key.endpoint.side);
    if (key.stratum.dimension != Dimension::all) words += ", " + stratum_words(key.stratum);
    return words;
}

std::string counts_text(const CohortReport& report) {
    std::string text = "\nCounts (crude: over all subjects of the set; 95 % Wilson, and exact)\n";
    for (const CountRow& row : report.counts) {
        text += fmt::format("  {:<62} {:<9} {:<22} {:>17}  {:>17}  {}", counted_words(row.key), name_of(row.key.set),
                            estimand_words(row.key.endpoint.estimand), fraction_text(row.crude),
                            interval_text(row.crude.wilson), interval_text(row.crude.exact));
        if (row.completed) {
            text += fmt::format("; of completed windows {}, {} pending or lost", fraction_text(*row.completed),
                                row.pending);
        }
        text += '\n';
    }
    return text;
}

std::string rates_text(const CohortReport& report) {
    std::string text =
        "\nRates per 100 person-years (95 % Garwood; by subject: standard error that lets events of one subject belong "
        "together)\n";
    for (const RateRow& row : report.rates) {
        std::string words = counted_words(row.key);
        if (row.key.endpoint.counting == Counting::every) words += ", every episode";
        text += fmt::format("  {:<62} {:<9} {:<22} {:>4} in {:>7} person-years of {:>4} subjects: {:>6} ({})", words,
                            name_of(row.key.set), estimand_words(row.key.endpoint.estimand), row.rate.events,
                            years_text(row.rate.person_days), row.rate.subjects, per_100_text(row.rate),
                            per_100_interval_text(row.rate));
        if (row.key.endpoint.counting == Counting::every && row.rate.se_by_subject)
            text += fmt::format(", by subject {:.1f}", *row.rate.se_by_subject);
        text += '\n';
    }
    return text;
}

std::string landmarks_text(const CohortReport& report) {
    std::string text = "\nAt landmarks (over those alive, before next therapy and tested; 95 % Wilson, and exact)\n";
    for (const LandmarkRow& row : report.landmarks) {
        const Fraction& found = row.prevalence.found;
        text += fmt::format("  {:<50} {:<9} day {:>3}: {:>16}  {:>17}  {}, {} of {} tested\n",
                            words_of(row.key.endpoint.endpoint), name_of(row.key.set), row.prevalence.landmark,
                            fraction_text(found), interval_text(found.wilson), interval_text(found.exact),
                            found.subjects, row.prevalence.there);
    }
    return text;
}

std::string references_text(const CohortReport& report) {
    if (!report.references || report.references->empty()) return {};
    std::string text =
        "\nBeside reference profiles (for display; P above the limit, above the reference's rate, of exceeding the "
        "reference)\n";
    for (const ReportedReference& row : *report.references) {
        const ReferenceWords words = reference_words(row);
        text += fmt::format("  {}: {}; reference {}; weight {}; posterior {}; P {}, {}, {}\n",
                            row_of(row.monitor.endpoint).words, words.cohort, words.reference, words.weight,
                            words.posterior, words.above_limit, words.above_reference, words.exceeds_reference);
    }
    return text;
}

std::string curves_text(const CohortReport& report) {
    std::string text = "\nCurves (95 % log-log; * fewer at risk than the rules want)\n";
    for (const CurveReport& curve : report.curves) {
        text += fmt::format("  {} ({} subjects, {} events)\n", curve_title(curve), curve.entered, curve.events);
        if (curve.too_few)
            text += fmt::format("    fewer than {} at risk at the beginning: no curve\n", kFewestAtLandmark);
        for (const CurveStand& stand : curve.stands) {
            text += fmt::format("    day {:>4}: {:>7}  ({})  {} at risk{}\n", stand.at.day, share_text(stand.at.value),
                                interval_text(stand.at.interval), stand.at_risk, stand.few ? " *" : "");
        }
        if (curve.median) {
            text += fmt::format("    median {} (95 % {} to {})\n", day_or_not_reached(curve.median->day),
                                day_or_not_reached(curve.median->lower), day_or_not_reached(curve.median->upper));
        }
        for (const auto& [cause, at] : curve.competing) {
            text += fmt::format("    competing, to day {}: {} {}  ({})\n", at.day, cause, share_text(at.value),
                                interval_text(at.interval));
        }
        if (curve.one_minus_survival) {
            text += fmt::format("    1 - Kaplan-Meier on day {}, which overstates it: {}\n",
                                curve.stands.empty() ? curve.origin : curve.stands.back().at.day,
                                share_text(*curve.one_minus_survival));
        }
    }
    return text;
}

std::string exits_text(const CohortReport& report) {
    std::string text = "\nHow the time at risk of the first event ended\n";
    for (const ExitRow& row : report.exits) {
        text += fmt::format("  {}, {} set, {}: {} subjects:", words_of(row.key.endpoint.endpoint), name_of(row.key.set),
                            estimand_words(row.key.endpoint.estimand), row.subjects);
        for (std::size_t exit = 0; exit < kExits; ++exit) {
            if (row.exits[exit] != 0) text += fmt::format(" {} {};", name_of(static_cast<Exit>(exit)), row.exits[exit]);
        }
        text += '\n';
    }
    for (const DeathRow& row : report.deaths) {
        text += fmt::format("  Deaths, {} set:", name_of(row.set));
        for (std::size_t cause = 0; cause < kCauses; ++cause) {
            if (row.by_cause[cause] != 0)
                text += fmt::format(" {} {};", cause_name(Endpoint::death, cause), row.by_cause[cause]);
        }
        text += '\n';
    }
    return text;
}

}  // namespace

std::string cohort_text(const CohortReport& report) {
    std::string text = fmt::format("Cohort {}\n{}\nRules {} ({})\n", report.head.cohort, basis_words(report.head),
                                   report.head.pack, report.head.pack_hash.substr(0, 16));
    text +=
        fmt::format("{} subjects; safety set (infused) {}; efficacy set (infused and evaluable) {}; re-infusions {}\n",
                    report.head.subjects, report.safety, report.efficacy, report.reinfusions);
    text += fmt::format("Median follow-up: {}\n", day_or_not_reached(report.median_follow_up_days));
    const CompletenessWords known = completeness_words(report.completeness);
    text += fmt::format("Time at risk of zoster past day 90 with known prophylaxis {}, with a current CD4 count {}{}\n",
                        known.prophylaxis, known.cd4, known.low ? ": low confidence" : "");
    if (!report.budgets.empty()) text += "Alpha spent by the pack's monitors, " + budget_words(report) + "\n";
    return text + counts_text(report) + rates_text(report) + references_text(report) + landmarks_text(report) +
           curves_text(report) + exits_text(report);
}

}  // namespace cellvigil::views
