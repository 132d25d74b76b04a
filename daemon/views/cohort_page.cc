#include "daemon/views/cohort_page.h"

#include <fmt/core.h>

#include "daemon/views/cohort_words.h"
#include "daemon/views/curve_svg.h"
#include "rules/cohort/decimal.h"

namespace cellvigil::views {
namespace {

constexpr const char* kStyle =
    "body{font:14px/1.45 sans-serif;color:#000;background:#fff;max-width:80em;margin:2em auto;padding:0 1em}"
    "h1{font-size:1.5em;margin-bottom:.2em}h2{font-size:1.15em;margin-top:2em}p{max-width:48em}"
    "table{border-collapse:collapse;width:100%;font-size:.9em}caption{text-align:left;font-weight:bold;padding:.3em 0}"
    "th,td{text-align:left;vertical-align:top;padding:.25em .6em;border-bottom:1px solid #bbb}"
    "th:first-child,td:first-child:not(.n){min-width:15em}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "figure{margin:1.5em "
    "0;break-inside:avoid}figcaption{font-weight:bold;margin-bottom:.3em}svg{width:100%;max-width:46em}"
    ".note{font-size:.85em;color:#333}tr{break-inside:avoid}"
    "@page{size:A4;margin:16mm}@media "
    "print{body{max-width:none;margin:0;padding:0;font-size:10.5pt}thead{display:table-header-group}}";

class Table {
  public:
    Table(const char* caption, std::initializer_list<const char*> heads) {
        text_ = fmt::format("<table><caption>{}</caption><thead><tr>", escaped(caption));
        for (const char* head : heads) {
            const bool numeric = *head == '#';
            text_ += fmt::format("<th{}>{}</th>", numeric ? " class=\"n\"" : "", escaped(numeric ? head + 1 : head));
        }
        text_ += "</tr></thead><tbody>\n";
    }
    Table& row() {
        if (in_row_) text_ += "</tr>\n";
        in_row_ = true;
        text_ += "<tr>";
        return *this;
    }
    Table& words(std::string_view cell) {
        text_ += "<td>" + escaped(cell) + "</td>";
        return *this;
    }
    Table& number(std::string_view cell) {
        text_ += "<td class=\"n\">" + escaped(cell) + "</td>";
        return *this;
    }
    std::string end() && { return std::move(text_) + (in_row_ ? "</tr>\n" : "") + "</tbody></table>\n"; }

  private:
    std::string text_;
    bool in_row_ = false;
};

std::string endpoint_words(const TableKey& key) {
    std::string words = words_of(key.endpoint.endpoint);
    if (key.endpoint.side != GradeSide::computed) words += " (" + side_words(key.endpoint.side) + ")";
    if (key.endpoint.counting == Counting::every) words += ", every episode";
    return words;
}

std::string counts_table(const CohortReport& report) {
    Table table("Crude counts over all subjects of the analysis set",
                {"Endpoint", "Set", "Estimand", "Among", "#n/N (%)", "#95 % Wilson", "#95 % exact",
                 "#Completed windows", "#Pending or lost"});
    for (const CountRow& row : report.counts) {
        table.row()
            .words(endpoint_words(row.key))
            .words(name_of(row.key.set))
            .words(estimand_words(row.key.endpoint.estimand));
        table.words(stratum_words(row.key.stratum))
            .number(fraction_text(row.crude))
            .number(interval_text(row.crude.wilson));
        table.number(interval_text(row.crude.exact)).number(row.completed ? fraction_text(*row.completed) : "");
        table.number(row.completed ? std::to_string(row.pending) : "");
    }
    return std::move(table).end();
}

std::string rates_table(const CohortReport& report) {
    Table table("Rates per 100 person-years", {"Endpoint", "Set", "Estimand", "Time at risk", "#Subjects", "#Events",
                                               "#Person-years", "#Per 100", "#95 % Garwood", "#SE by subject"});
    for (const RateRow& row : report.rates) {
        table.row().words(endpoint_words(row.key)).words(name_of(row.key.set));
        table.words(estimand_words(row.key.endpoint.estimand)).words(stratum_words(row.key.stratum));
        table.number(std::to_string(row.rate.subjects)).number(std::to_string(row.rate.events));
        table.number(years_text(row.rate.person_days))
            .number(per_100_text(row.rate))
            .number(per_100_interval_text(row.rate));
        const bool every = row.key.endpoint.counting == Counting::every;
        table.number(every && row.rate.se_by_subject ? decimal_half_up(*row.rate.se_by_subject, 1) : "");
    }
    return std::move(table).end();
}

std::string landmarks_table(const CohortReport& report) {
    Table table("Prevalence at landmarks, over those alive, before next therapy and tested",
                {"What", "Set", "#Day", "#n/N (%)", "#95 % Wilson", "#95 % exact", "#There", "#Tested"});
    for (const LandmarkRow& row : report.landmarks) {
        table.row().words(words_of(row.key.endpoint.endpoint)).words(name_of(row.key.set));
        table.number(std::to_string(row.prevalence.landmark)).number(fraction_text(row.prevalence.found));
        table.number(interval_text(row.prevalence.found.wilson)).number(interval_text(row.prevalence.found.exact));
        table.number(std::to_string(row.prevalence.there)).number(std::to_string(row.prevalence.found.subjects));
    }
    return std::move(table).end();
}

std::string exits_table(const CohortReport& report) {
    Table table("How the time at risk of the first event ended",
                {"Endpoint", "Set", "Estimand", "#Subjects", "Ended by"});
    for (const ExitRow& row : report.exits) {
        std::string how;
        for (std::size_t exit = 0; exit < kExits; ++exit) {
            if (row.exits[exit] == 0) continue;
            how += fmt::format("{}{} {}", how.empty() ? "" : ", ", name_of(static_cast<Exit>(exit)), row.exits[exit]);
        }
        table.row().words(endpoint_words(row.key)).words(name_of(row.key.set));
        table.words(estimand_words(row.key.endpoint.estimand)).number(std::to_string(row.subjects)).words(how);
    }
    return std::move(table).end();
}

std::string deaths_table(const CohortReport& report) {
    Table table("Deaths by principal cause", {"Set", "Cause", "#Deaths"});
    for (const DeathRow& row : report.deaths) {
        for (std::size_t cause = 0; cause < kCauses; ++cause) {
            table.row().words(name_of(row.set)).words(cause_name(Endpoint::death, cause));
            table.number(std::to_string(row.by_cause[cause]));
        }
    }
    return std::move(table).end();
}

std::string references_part(const CohortReport& report) {
    if (!report.references) return {};
    std::string part =
        "<h2>Beside reference profiles</h2>\n<p class=\"note\">For display; no alarm rests on it. Counted as the "
        "monitors count, pending windows among them. The posterior borrows the reference's counts at the weight; "
        "P(above reference) takes the reference's rate as exact, P(exceeds) lets each side have its own counts only."
        "</p>\n";
    if (report.references->empty()) return part + "<p>No monitor of the rules names a reference profile.</p>\n";
    Table table("", {"Endpoint", "Cohort", "Reference", "Weight", "Posterior (95 %)", "#P(above limit)",
                     "#P(above reference)", "#P(exceeds)"});
    for (const ReportedReference& row : *report.references) {
        const ReferenceWords words = reference_words(row);
        table.row().words(row_of(row.monitor.endpoint).words).words(words.cohort).words(words.reference);
        table.words(words.weight).words(words.posterior).number(words.above_limit);
        table.number(words.above_reference).number(words.exceeds_reference);
    }
    return part + std::move(table).end();
}

std::string figure(const CurveReport& curve) {
    std::string text = fmt::format("<figure><figcaption>{}</figcaption>\n", escaped(curve_title(curve)));
    if (curve.too_few) {
        text += fmt::format("<p>{} events of {} subjects. Fewer than {} at risk at the beginning: no curve.</p>",
                            curve.events, curve.entered, kFewestAtLandmark);
        return text + "</figure>\n";
    }
    text += curve_svg(curve);
    Table table("", {"#Day", "#Estimate", "#95 % interval", "#At risk"});
    for (const CurveStand& stand : curve.stands) {
        table.row().number(std::to_string(stand.at.day)).number(share_text(stand.at.value));
        table.number(interval_text(stand.at.interval)).number(std::to_string(stand.at_risk) + (stand.few ? " *" : ""));
    }
    text += std::move(table).end();
    text += fmt::format("<p class=\"note\">{} events of {} subjects; {}; interval on the log-log scale.", curve.events,
                        curve.entered, curve.kind == CurveKind::survival ? "Kaplan-Meier" : "Aalen-Johansen");
    if (curve.median) {
        text += fmt::format(" Median {} (95 % {} to {}).", day_or_not_reached(curve.median->day),
                            day_or_not_reached(curve.median->lower), day_or_not_reached(curve.median->upper));
    }
    for (const auto& [cause, at] : curve.competing)
        text += fmt::format(" Competing, to day {}: {} {} ({}).", at.day, escaped(cause), share_text(at.value),
                            interval_text(at.interval));
    if (curve.one_minus_survival) {
        text += fmt::format(" One minus Kaplan-Meier on day {}, which overstates it: {}.",
                            curve.stands.empty() ? curve.origin : curve.stands.back().at.day,
                            share_text(*curve.one_minus_survival));
    }
    return text + "</p></figure>\n";
}

}  // namespace

std::string cohort_page(const CohortReport& report) {
    const CompletenessWords known = completeness_words(report.completeness);
    std::string page = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Cohort "
        "{0}</title><style>{1}</style></head><body>\n"
        "<h1>Cohort {0}</h1>\n<p>{2}. Rules: {3} ({4}).</p>\n",
        escaped(report.head.cohort), kStyle, escaped(basis_words(report.head)), escaped(report.head.pack),
        escaped(report.head.pack_hash));
    page += fmt::format(
        "<p>{} subjects; safety set (infused) {}; efficacy set (infused and evaluable) {}; re-infusions {}. Median "
        "follow-up by reverse Kaplan-Meier: {}.</p>\n",
        report.head.subjects, report.safety, report.efficacy, report.reinfusions,
        day_or_not_reached(report.median_follow_up_days));
    page += fmt::format(
        "<p>Time at risk of zoster past day 90 with known antiviral prophylaxis: {}; with a current CD4 count: "
        "{}{}.</p>\n",
        known.prophylaxis, known.cd4,
        known.low ? ". <strong>Below 70 %: comparisons of strata have low confidence</strong>" : "");
    if (!report.budgets.empty())
        page += "<p>Alpha spent by the pack's monitors, " + escaped(budget_words(report)) + ".</p>\n";
    page += "<h2>Counts</h2>\n" + counts_table(report) + "<h2>Rates</h2>\n" + rates_table(report);
    page += references_part(report);
    page += "<h2>Landmarks</h2>\n" + landmarks_table(report) +
            "<h2>Curves</h2>\n<p class=\"note\">* fewer at risk than the rules want.</p>\n";
    for (const CurveReport& curve : report.curves) page += figure(curve);
    page += "<h2>Exits and deaths</h2>\n" + exits_table(report) + deaths_table(report);
    return page + "</body></html>\n";
}

}  // namespace cellvigil::views
