#include "daemon/tools/commands/explain.h"

#include <memory>
#include <optional>
#include <ostream>

#include <fmt/core.h>

#include "daemon/clock.h"
#include "daemon/evaluate/input.h"
#include "daemon/evaluate/stored.h"
#include "daemon/tools/command.h"
#include "daemon/tools/deployment.h"
#include "daemon/tools/lines.h"
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
    std::string data;
    std::string file;
    std::string config;
    std::string rules;
};

Result<std::optional<Instant>> time_of(const std::string& text, const char* option) {
    if (text.empty()) return std::optional<Instant>();
    const auto at = parse_rfc3339(text);
    if (!at) return fail(Errc::invalid, std::string(option) + ": " + at.error().detail);
    return std::optional<Instant>(*at);
}

Result<evaluate::Subjects> subjects_for(const ExplainOptions& options, const Deployment& deployment) {
    if (!options.file.empty()) {
        evaluate::Evaluator evaluator(deployment.directory, deployment.rules, {});
        const auto input = evaluate::read_messages(options.file, wall_clock(),
                                                   [&](const journal::Frame& frame) { evaluator.take(frame); });
        if (!input) return fail(input.error());
        evaluator.finish();
        return std::move(evaluator).take_subjects();
    }
    store::SqliteOptions where;
    where.folder = options.data.empty() ? deployment.data_folder : options.data;
    where.read_only = true;
    auto store = store::open_sqlite(where);
    if (!store) return fail(store.error());
    return evaluate::recovered_subjects(**store, deployment.directory, deployment.rules, options.subject);
}

void print_line(std::ostream& out, const views::Line& line, const Widths& widths) {
    out << fmt::format("{:<{}} {:<{}} since {} (day {})\n      {}\n", line.scale, widths.scale, line.grades, widths.grades,
                       line.time, line.said.day, line.sentence);
    for (const std::string& record : line.evidence) out << "      evidence: " << record << '\n';
    std::string keys;
    for (const DecisionUse& use : line.decisions) {
        keys += fmt::format("{}{} = {} {}", keys.empty() ? "" : ", ", use.key, use.value, use.unit);
    }
    if (!keys.empty()) out << "      keys: " << keys << '\n';
}

std::string said_as(const std::optional<views::Line>& line) { return line ? line->sentence : "nothing"; }

ExitCode tell_changes(const ExplainOptions& options, const SubjectTimeline& timeline, const RuleSet& rules, Instant since,
                      std::optional<Instant> known_at, Instant at, Console& console) {
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
    const auto deployment = read_deployment(options.config, options.rules, options.config.empty() && !options.file.empty());
    if (!deployment) return failed(console, deployment.error(), options.json, ExitCode::configuration);
    const auto subjects = subjects_for(options, *deployment);
    if (!subjects) return failed(console, subjects.error(), options.json);
    const auto found = subjects->find(options.subject);
    if (found == subjects->end()) return failed(console, {Errc::not_found, "no such subject; name it STUDY/SUBJECT"}, options.json);
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
        console.out << "      record: " << line.record << (line.against.empty() ? "" : ", against: " + line.against) << '\n';
    }
    return ExitCode::fine;
}

}  // namespace

void add_explain(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ExplainOptions>();
    CLI::App* command = add_command(app, "explain", "Says why a subject's grades stand as they do", options->json);
    command->add_option("SUBJECT", options->subject, "STUDY/SUBJECT")->required();
    command->add_option("--at", options->at, "When, RFC 3339; default: now");
    command->add_option("--known-at", options->known_at, "From what was known then, RFC 3339; default: from what is known now");
    command->add_option("--changes-since", options->since,
                        "Which statements are others than by what was known then, RFC 3339, and because of which records");
    command->add_option("--scale", options->scales, "Only this scale; may be repeated");
    command->add_option("--data", options->data, "The daemon's data folder (it may be running)");
    command->add_option("--file", options->file, "A file of messages instead of a data folder");
    command->add_option("--config", options->config, "The daemon's configuration");
    command->add_option("--rules", options->rules, "A rule pack, instead of the configuration's");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return explain(*options, console); }; });
}

}  // namespace cellvigil::tools
