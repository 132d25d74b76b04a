#include "daemon/tools/commands/report.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <ostream>

#include <fmt/core.h>

#include "daemon/tools/command.h"
#include "daemon/tools/subject_source.h"
#include "daemon/views/cohort_page.h"
#include "daemon/views/cohort_view.h"
#include "rules/cohort/cohort_counting.h"
#include "rules/monitor/calendar_share.h"

namespace cellvigil::tools {
namespace {

struct ReportOptions {
    bool json = false;
    std::string cohort;
    std::string as_of;
    std::string known_at;
    std::string html;
    std::vector<std::string> sites;
    std::vector<std::string> products;
    std::vector<std::string> lots;
    std::vector<std::string> indications;
    SubjectSource source;
};

struct Counted {
    CohortCounting counting;
    std::size_t subjects = 0;
    std::map<std::string, std::size_t> cohorts;  // of everybody, whoever belongs: to say why nobody does
    std::vector<CalendarTable> watched;          // of the pack's monitors, by place in WatchPlan::tables
};

bool names_a_reference(const Watch& watch) { return !watch.monitor.reference.empty(); }

// As the monitors count the subject.
void count_for_monitors(Counted& counted, const SubjectFacts& facts, const WatchPlan& plan, const RuleSet& rules) {
    if (std::none_of(plan.watches.begin(), plan.watches.end(), names_a_reference)) return;
    counted.watched.resize(plan.tables.size());
    for (const CalendarCount& one : calendar_share(facts, plan, rules))
        in(counted.watched[one.table].at(one.day), one.column) += one.count;
}

void add(Counted& counted, const SubjectTimeline& timeline, const CohortDefinition& cohort,
         const Deployment& deployment, std::optional<Instant> known_at, std::optional<Instant> data_cut) {
    const RuleSet& rules = deployment.rules;
    const SubjectFacts facts = subject_facts(timeline, rules, known_at, data_cut);
    if (facts.facts.empty()) return;
    ++counted.cohorts[facts.cohort];
    if (!belongs(facts, cohort)) return;
    ++counted.subjects;
    counted.counting.add(share_of(facts, cohort, rules));
    count_for_monitors(counted, facts, deployment.plan, rules);
}

Error nobody(const Counted& counted, const ReportOptions& options) {
    std::string there;
    for (const auto& [name, subjects] : counted.cohorts)
        there +=
            fmt::format("{}{} ({} subjects)", there.empty() ? "" : ", ", name.empty() ? "no cohort" : name, subjects);
    if (there.empty()) return {Errc::not_found, "nothing was known of anybody at that time"};
    if (counted.cohorts.contains(options.cohort))
        return {Errc::not_found, "no subject of " + options.cohort + " fits the other filters"};
    return {Errc::not_found, "no subject is in " + options.cohort + "; there are: " + there};
}

// Beside its place first, so that a reader never sees half a page.
Result<void> write_page(const std::string& path, const std::string& page) {
    const std::string beside = path + ".part";
    std::ofstream file(beside, std::ios::binary);
    file << page;
    file.close();
    if (!file || std::rename(beside.c_str(), path.c_str()) != 0)
        return fail(Errc::unavailable, "cannot write " + path + ": does its folder exist, and is there room?");
    return {};
}

std::vector<ReportedBudget> budgets_of(const WatchPlan& plan) {
    Catalogue catalogue = plan.catalogue;
    for (const Watch& watch : plan.watches) catalogue.monitors.push_back(watch.monitor);
    std::vector<ReportedBudget> budgets;
    for (const AlphaBudget& budget : catalogue.budgets)
        budgets.push_back({budget.id, budget.alpha_millionths, spent_millionths(catalogue, budget)});
    return budgets;
}

SeenInCohort seen_in(const CalendarTable& table, const MonitorSpec& monitor) {
    SeenInCohort seen;
    if (table.rows().empty()) return seen;
    const CalendarDay last = table.rows().back().first;
    if (counts_person_time(monitor.method)) {
        const Exposure all = exposure(table, last);
        seen.events = all.events;
        seen.person_days = all.person_days;
        return seen;
    }
    for (const InfusionDayCount& day : infusion_days(table, last)) {
        seen.events += day.known_events;
        seen.subjects += day.patients;
    }
    return seen;
}

std::vector<ReportedReference> references_of(const WatchPlan& plan, const Counted& counted) {
    std::vector<ReportedReference> references;
    for (const Watch& watch : plan.watches) {
        const SeenInCohort seen = watch.table < counted.watched.size()
                                      ? seen_in(counted.watched[watch.table], watch.monitor)
                                      : SeenInCohort{};
        auto borrowing = borrowing_of(plan.catalogue, watch.monitor, seen);
        if (borrowing) references.push_back({watch.monitor, seen, std::move(*borrowing)});
    }
    return references;
}

ExitCode report(const ReportOptions& options, Console& console) {
    const auto as_of = time_of(options.as_of, "--as-of");
    if (!as_of) return failed(console, as_of.error(), options.json, ExitCode::usage);
    const auto known_at = time_of(options.known_at, "--known-at");
    if (!known_at) return failed(console, known_at.error(), options.json, ExitCode::usage);
    const auto deployment = deployment_of(options.source);
    if (!deployment) return failed(console, deployment.error(), options.json, ExitCode::configuration);
    CohortDefinition cohort;
    cohort.name = options.cohort;
    cohort.cohorts = {options.cohort};
    cohort.sites = options.sites;
    cohort.products = options.products;
    cohort.lots = options.lots;
    cohort.indications = options.indications;
    const RuleSet& rules = deployment->rules;
    Counted counted;
    const auto refused = each_subject(options.source, *deployment, [&](const std::string&, const SubjectTimeline& one) {
        add(counted, one, cohort, *deployment, *known_at, *as_of);
    });
    if (!refused) return failed(console, refused.error(), options.json);
    if (*refused > 0 && !options.json) {
        console.err << fmt::format("{} message{} not accepted and {} not count; `cellvigilctl grade` says why\n",
                                   *refused, *refused == 1 ? " was" : "s were", *refused == 1 ? "does" : "do");
    }
    if (counted.subjects == 0) return failed(console, nobody(counted, options), options.json);
    auto made = report_of(counted.counting.finish(),
                          {options.cohort, *as_of, *known_at, rules.pack, rules.hash, counted.subjects}, rules);
    if (!made) return failed(console, made.error(), options.json);
    made->budgets = budgets_of(deployment->plan);
    made->references = references_of(deployment->plan, counted);
    if (!options.html.empty()) {
        if (const auto written = write_page(options.html, views::cohort_page(*made)); !written)
            return failed(console, written.error(), options.json);
        if (!options.json) {
            console.out << "wrote " << options.html << '\n';
            return ExitCode::fine;
        }
    }
    console.out << (options.json ? views::cohort_json(*made) + "\n" : views::cohort_text(*made));
    return ExitCode::fine;
}

}  // namespace

void add_report(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* command = add_command(
        app, "report", "Counts, rates, curves and landmarks of a cohort, with their denominators", options->json);
    command->add_option("--cohort", options->cohort, "STUDY/COHORT")->required();
    command->add_option(
        "--as-of", options->as_of,
        "Data cut, RFC 3339: later events and later time do not count; default: each subject's last verified day");
    command->add_option("--known-at", options->known_at,
                        "From what was known then, RFC 3339; default: from what is known now");
    command->add_option("--html", options->html, "Writes a page with figures to this file");
    command->add_option("--site", options->sites, "Only subjects of these sites");
    command->add_option("--product", options->products, "Only subjects of these products, by code");
    command->add_option("--lot", options->lots, "Only infusions of these lots");
    command->add_option("--indication", options->indications, "Only subjects with these indications, by code");
    add_source_options(*command, options->source);
    command->callback(
        [options, &chosen] { chosen = [options](Console& console) { return report(*options, console); }; });
}

}  // namespace cellvigil::tools
