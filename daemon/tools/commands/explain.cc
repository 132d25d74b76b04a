#include "daemon/tools/commands/explain.h"

#include <memory>
#include <optional>
#include <ostream>

#include <fmt/core.h>

#include "daemon/clock.h"
#include "daemon/tools/command.h"
#include "daemon/tools/lines.h"
#include "daemon/tools/subject_source.h"
#include "daemon/views/subject_view.h"

namespace cellvigil::tools {
namespace {

struct ExplainOptions {
    bool json = false;
    std::string subject;
    std::string at;
    std::string known_at;
    std::string since;
    std::vector<std::string> scales;
    SubjectSource source;
};

void print_line(std::ostream& out, const views::Line& line, const Widths& widths) {
    out << fmt::format("{:<{}} {:<{}} since {} (day {})\n      {}\n", line.scale, widths.scale, line.grades,
                       widths.grades, line.time, line.said.day, line.sentence);
    for (const std::string& record : line.evidence) out << "      evidence: " << record << '\n';
    std::string keys;
    for (const DecisionUse& use : line.decisions) {
        keys += fmt::format("{}{} = {} {}", keys.empty() ? "" : ", ", use.key, use.value, use.unit);
    }
    if (!keys.empty()) out << "      keys: " << keys << '\n';
}

std::string said_as(const std::optional<views::Line>& line) { return line ? line->sentence : "nothing"; }

ExitCode tell_changes(const ExplainOptions& options, const SubjectTimeline& timeline, const RuleSet& rules,
                      Instant since, std::optional<Instant> known_at, Instant at, Console& console) {
    if (options.json) {
        console.out << views::changes_json(timeline, rules, since, known_at, at) << '\n';
        return ExitCode::fine;
    }
    const views::ChangedLines changed = views::changed_lines(timeline, rules, since, known_at, at);
    if (changed.records.empty()) console.out << "no record has changed since then\n";
    for (const views::ChangedRecord& one : changed.records) {
        console.out << fmt::format("record {} {}: version {} then, {} now\n", one.record, name_of(one.change.kind),
                                   one.change.before, one.change.after);
    }
    if (changed.statements.empty()) console.out << "every statement is as it was\n";
    for (const views::ChangedLine& one : changed.statements) {
        const views::Line& line = one.after ? *one.after : *one.before;
        if (!is_among(line, options.scales)) continue;
        console.out << fmt::format("{}  {}\n      was: {}\n      now: {}\n", line.time, line.scale, said_as(one.before),
                                   said_as(one.after));
        for (const std::string& record : one.because) console.out << "      because of: " << record << '\n';
    }
    return ExitCode::fine;
}

ExitCode explain(const ExplainOptions& options, Console& console) {
    const auto at = time_of(options.at, "--at");
    if (!at) return failed(console, at.error(), options.json, ExitCode::usage);
    const auto known_at = time_of(options.known_at, "--known-at");
    if (!known_at) return failed(console, known_at.error(), options.json, ExitCode::usage);
    const auto since = time_of(options.since, "--changes-since");
    if (!since) return failed(console, since.error(), options.json, ExitCode::usage);
    if (*since && *known_at && **known_at < **since)
        return failed(console, {Errc::invalid, "--known-at is before --changes-since"}, options.json, ExitCode::usage);
    const auto deployment = deployment_of(options.source);
    if (!deployment) return failed(console, deployment.error(), options.json, ExitCode::configuration);
    const auto found_subjects = subjects_of(options.source, *deployment, options.subject);
    if (!found_subjects) return failed(console, found_subjects.error(), options.json);
    const auto found = found_subjects->subjects.find(options.subject);
    if (found == found_subjects->subjects.end())
        return failed(console, {Errc::not_found, "no such subject; name it STUDY/SUBJECT"}, options.json);
    const Instant when = at->value_or(wall_clock());
    if (*since) return tell_changes(options, found->second, deployment->rules, **since, *known_at, when, console);
    if (options.json) {
        console.out << views::explanation_json(found->second, deployment->rules, when, *known_at) << '\n';
        return ExitCode::fine;
    }
    auto lines = views::standing_at(found->second, deployment->rules, when, *known_at);
    keep_scales(lines, options.scales);
    if (lines.empty()) console.out << "nothing to grade at that time\n";
    for (const views::Line& line : lines) print_line(console.out, line, widths_of(lines));
    for (const views::QualityLine& line : views::quality_of(found->second, deployment->rules, when, *known_at)) {
        console.out << fmt::format("{}  {} {}\n", line.time, name_of(line.item.kind), line.sentence);
        console.out << "      record: " << line.record << (line.against.empty() ? "" : ", against: " + line.against)
                    << '\n';
    }
    for (const views::Difference& difference :
         views::differences_of(found->second, deployment->rules, when, *known_at)) {
        console.out << fmt::format("{} (day {})\n      report: {}\n", difference.sentence, difference.item.day,
                                   difference.report);
    }
    return ExitCode::fine;
}

}  // namespace

void add_explain(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ExplainOptions>();
    CLI::App* command = add_command(app, "explain", "Says why a subject's grades stand as they do", options->json);
    command->add_option("SUBJECT", options->subject, "STUDY/SUBJECT")->required();
    command->add_option("--at", options->at, "When, RFC 3339; default: now");
    command->add_option("--known-at", options->known_at,
                        "From what was known then, RFC 3339; default: from what is known now");
    command->add_option(
        "--changes-since", options->since,
        "Which statements are others than by what was known then, RFC 3339, and because of which records");
    command->add_option("--scale", options->scales, "Only this scale; may be repeated");
    add_source_options(*command, options->source);
    command->callback(
        [options, &chosen] { chosen = [options](Console& console) { return explain(*options, console); }; });
}

}  // namespace cellvigil::tools
