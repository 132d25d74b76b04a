#include "daemon/tools/commands/explain.h"

#include <memory>
#include <optional>
#include <ostream>

#include <fmt/core.h>

#include "daemon/clock.h"
#include "daemon/tools/command.h"
#include "daemon/tools/subject_source.h"
#include "daemon/views/subject_view.h"

namespace cellvigil::tools {
namespace {

struct ExplainOptions {
    bool json = false;
    std::string subject;
    std::string at;
    std::string known_at;
    SubjectSource source;
};

void print_line(std::ostream& out, const views::Line& line) {
    out << fmt::format("{:<5} {:<16} since {} (day {})\n      {}\n", line.scale, line.grades, line.time, line.said.day, line.sentence);
    for (const std::string& record : line.evidence) out << "      evidence: " << record << '\n';
}

ExitCode explain(const ExplainOptions& options, Console& console) {
    const auto at = time_of(options.at, "--at");
    if (!at) return failed(console, at.error(), options.json, ExitCode::usage);
    const auto known_at = time_of(options.known_at, "--known-at");
    if (!known_at) return failed(console, known_at.error(), options.json, ExitCode::usage);
    const auto deployment = deployment_of(options.source);
    if (!deployment) return failed(console, deployment.error(), options.json, ExitCode::configuration);
    const auto found_subjects = subjects_of(options.source, *deployment, options.subject);
    if (!found_subjects) return failed(console, found_subjects.error(), options.json);
    const auto found = found_subjects->subjects.find(options.subject);
    if (found == found_subjects->subjects.end()) return failed(console, {Errc::not_found, "no such subject; name it STUDY/SUBJECT"}, options.json);
    const Instant when = at->value_or(wall_clock());
    if (options.json) {
        console.out << views::explanation_json(found->second, deployment->rules, when, *known_at) << '\n';
        return ExitCode::fine;
    }
    const auto lines = views::standing_at(found->second, deployment->rules, when, *known_at);
    if (lines.empty()) console.out << "nothing to grade at that time\n";
    for (const views::Line& line : lines) print_line(console.out, line);
    return ExitCode::fine;
}

}  // namespace

void add_explain(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ExplainOptions>();
    CLI::App* command = add_command(app, "explain", "Says why a subject's grades stand as they do", options->json);
    command->add_option("SUBJECT", options->subject, "STUDY/SUBJECT")->required();
    command->add_option("--at", options->at, "When, RFC 3339; default: now");
    command->add_option("--known-at", options->known_at, "From what was known then, RFC 3339; default: from what is known now");
    add_source_options(*command, options->source);
    command->callback([options, &chosen] { chosen = [options](Console& console) { return explain(*options, console); }; });
}

}  // namespace cellvigil::tools
