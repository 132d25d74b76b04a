#include "daemon/tools/commands/grade.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <ostream>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/clock.h"
#include "daemon/evaluate/day_replay.h"
#include "daemon/evaluate/evaluator.h"
#include "daemon/evaluate/input.h"
#include "daemon/outlet/json_text.h"
#include "daemon/tools/command.h"
#include "daemon/tools/deployment.h"
#include "daemon/tools/lines.h"
#include "daemon/views/subject_view.h"
#include "rules/monitor/day_clock.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

struct GradeOptions {
    bool json = false;
    std::string file;
    std::string config;
    std::string rules;
    std::string subject;
    std::vector<std::string> scales;
    std::uint32_t partitions = 0;
    bool retrospective = false;
};

void common_options(CLI::App* command, GradeOptions& options) {
    command->add_option("FILE", options.file, "A file of frames, JSON or NDJSON; - for standard input")->required();
    command->add_option("--config", options.config,
                        "The daemon's configuration: its studies and sites decide what is accepted");
    command->add_option("--rules", options.rules, "A rule pack, instead of the configuration's");
}

struct Evaluated {
    std::unique_ptr<evaluate::Evaluator> evaluator;
    evaluate::InputSummary input;
};

Result<Evaluated> evaluate_file(const GradeOptions& options, bool accept_any) {
    auto deployment = read_deployment(options.config, options.rules, accept_any);
    if (!deployment) return fail(deployment.error());
    evaluate::Options how;
    how.partition_count = options.partitions;
    Evaluated result;
    result.evaluator = std::make_unique<evaluate::Evaluator>(deployment->directory, deployment->rules, how);
    auto input = evaluate::read_messages(
        options.file, wall_clock(), [&](const journal::Frame& frame) { result.evaluator->take(frame); },
        outlet::raw_of_line);
    if (!input) return fail(input.error());
    result.input = std::move(*input);
    result.evaluator->finish();
    return result;
}

json::array issues_json(const std::vector<Issue>& issues) {
    json::array array;
    for (const Issue& issue : issues) {
        array.push_back(
            json::object{{"path", issue.path}, {"reason", name_of(issue.reason)}, {"detail", issue.detail}});
    }
    return array;
}

json::object refusals_json(const Evaluated& evaluated) {
    json::array refused;
    for (const evaluate::BadItem& bad : evaluated.input.bad) {
        refused.push_back(
            json::object{{"item", bad.index}, {"outcome", "rejected"}, {"issues", issues_json(bad.issues)}});
    }
    for (const evaluate::Refusal& refusal : evaluated.evaluator->refusals()) {
        refused.push_back(json::object{{"partition", refusal.partition},
                                       {"position", refusal.position},
                                       {"outcome", refusal.outcome},
                                       {"issues", issues_json(refusal.issues)}});
    }
    return json::object{{"refused", std::move(refused)}};
}

void print_issues(std::ostream& err, const std::string& what, const std::vector<Issue>& issues) {
    for (const Issue& issue : issues) {
        err << fmt::format("{}: {}{}{}: {}\n", what, issue.path, issue.path.empty() ? "" : ": ", name_of(issue.reason),
                           issue.detail);
    }
}

void print_refusals(std::ostream& err, const Evaluated& evaluated) {
    for (const evaluate::BadItem& bad : evaluated.input.bad)
        print_issues(err, fmt::format("item {}", bad.index), bad.issues);
    for (const evaluate::Refusal& refusal : evaluated.evaluator->refusals()) {
        print_issues(err, fmt::format("message {}/{} {}", refusal.partition, refusal.position, refusal.outcome),
                     refusal.issues);
    }
}

bool anything_refused(const Evaluated& evaluated) {
    return !evaluated.input.bad.empty() || !evaluated.evaluator->refusals().empty();
}

void print_lines(std::ostream& out, const SubjectTimeline& timeline, const RuleSet& rules,
                 const std::vector<std::string>& scales) {
    out << timeline.key() << '\n';
    auto lines = views::lines_of(timeline, rules, kAlways);
    keep_scales(lines, scales);
    const Widths widths = widths_of(lines);
    for (const views::Line& line : lines) {
        out << fmt::format("  {}  day {:>3}  {:<{}} {:<{}} {}\n", line.time, line.said.day, line.scale, widths.scale,
                           line.grades, widths.grades, line.sentence);
    }
    for (const views::QualityLine& line : views::quality_of(timeline, rules, kAlways)) {
        out << fmt::format("  {}  {}: {} {}\n", line.time, name_of(line.item.kind), line.record, line.sentence);
    }
    for (const views::Difference& difference : views::differences_of(timeline, rules, kAlways)) {
        out << fmt::format("  {}  day {:>3}  {}\n", difference.time, difference.item.day, difference.sentence);
    }
}

// Only the statements of these scales, by the "scale" of each.
void keep_scales(json::array& assessments, const std::vector<std::string>& scales) {
    if (scales.empty()) return;
    json::array kept;
    for (json::value& said : assessments) {
        if (is_named(said.at("scale").as_string(), scales)) kept.push_back(std::move(said));
    }
    assessments = std::move(kept);
}

ExitCode grade(const GradeOptions& options, Console& console) {
    const auto evaluated = evaluate_file(options, options.config.empty());
    if (!evaluated) return failed(console, evaluated.error(), options.json);
    const evaluate::Evaluator& evaluator = *evaluated->evaluator;
    json::array subjects;
    for (const auto& [key, timeline] : evaluator.subjects()) {
        if (!options.subject.empty() && key != options.subject) continue;
        if (options.json) {
            json::value subject = json::parse(views::subject_json(timeline, evaluator.rules(), kAlways));
            keep_scales(subject.as_object()["assessments"].as_array(), options.scales);
            subjects.push_back(std::move(subject));
        } else {
            print_lines(console.out, timeline, evaluator.rules(), options.scales);
        }
    }
    if (options.json) {
        json::object answer = refusals_json(*evaluated);
        answer["subjects"] = std::move(subjects);
        console.out << json::serialize(answer) << '\n';
    } else {
        print_refusals(console.err, *evaluated);
    }
    return anything_refused(*evaluated) ? ExitCode::findings : ExitCode::fine;
}

json::object counts_json(const evaluate::Evaluator& evaluator, const evaluate::InputSummary& input) {
    const evaluate::Counts& counts = evaluator.counts();
    json::object outcomes;
    for (const auto& [name, count] : counts.outcomes) outcomes[name] = count;
    json::object reasons;
    for (const auto& [name, count] : counts.reasons) reasons[name] = count;
    return json::object{{"items", input.items},
                        {"messages", counts.messages},
                        {"tombstones", counts.tombstones},
                        {"controls", counts.controls},
                        {"heartbeats", counts.heartbeats},
                        {"unreadable_items", input.bad.size()},
                        {"outcomes", std::move(outcomes)},
                        {"reasons", std::move(reasons)}};
}

json::array alerts_json(const evaluate::Evaluator& evaluator) {
    json::array alerts;
    for (const auto& [key, timeline] : evaluator.subjects()) {
        for (const SubjectAlert& alert : timeline.derived(evaluator.rules(), kAlways).alerts) {
            alerts.push_back(json::object{{"alert_id", alert_id(key, alert)},
                                          {"rule", name_of(alert.rule)},
                                          {"subject", key},
                                          {"day", alert.day},
                                          {"at", to_rfc3339(alert.at)},
                                          {"grade", int{alert.grade}},
                                          {"grade_upper", int{alert.grade_upper}},
                                          {"zoster_class", name_of(alert.zoster)}});
        }
    }
    return alerts;
}

// The looks of a log. Nothing that was backfilled was looked at by a daemon, so with --retrospective they are what it
// would have seen, and marked so.
struct Looks {
    std::vector<oracle::ReplayedLook> looks;
    std::vector<std::string> faults;
};

Result<Looks> looks_of_file(const GradeOptions& options) {
    const auto deployment = read_deployment(options.config, options.rules, false);
    if (!deployment) return fail(deployment.error());
    Looks found;
    if (deployment->plan.empty() || options.file == "-") return found;
    oracle::DayReplayOptions how;
    how.partition_count = options.partitions;
    how.retrospective = options.retrospective;
    const auto read = [&](const std::function<void(const journal::Frame&)>& take) {
        return evaluate::read_messages(options.file, wall_clock(), take);
    };
    if (const auto input = read([&](const journal::Frame& frame) { oracle::note_released(frame, how.released); });
        !input)
        return fail(input.error());
    oracle::DayReplay replay(deployment->directory, deployment->rules, deployment->plan, std::move(how));
    if (const auto input = read([&](const journal::Frame& frame) { replay.take(frame); }); !input)
        return fail(input.error());
    replay.finish();
    found.looks = replay.looks(options.retrospective ? 1 : std::max(options.partitions, replay.partitions()));
    if (!options.retrospective) found.faults = replay.faults();
    return found;
}

json::object looks_json(const Looks& found, bool retrospective) {
    json::array days_looked;
    for (const oracle::ReplayedLook& look : found.looks) {
        days_looked.push_back(json::object{{"day", to_rfc3339(end_of(look.day - 1)).substr(0, 10)},
                                           {"sums", look.sums},
                                           {"late_facts", look.late},
                                           {"retrospective", retrospective},
                                           {"crossed", json::array(look.crossed.begin(), look.crossed.end())}});
    }
    return json::object{{"hash", oracle::looks_hash(found.looks)},
                        {"retrospective", retrospective},
                        {"faults", json::array(found.faults.begin(), found.faults.end())},
                        {"looks", std::move(days_looked)}};
}

ExitCode replay(const GradeOptions& options, Console& console) {
    const auto evaluated = evaluate_file(options, false);
    if (!evaluated) return failed(console, evaluated.error(), options.json);
    const auto found = looks_of_file(options);
    if (!found) return failed(console, found.error(), options.json);
    const evaluate::Evaluator& evaluator = *evaluated->evaluator;
    const std::string hash = evaluate::state_hash(evaluator.subjects(), evaluator.rules());
    json::object answer{{"state_hash", hash},
                        {"subjects", evaluator.subjects().size()},
                        {"pack", evaluator.rules().pack},
                        {"pack_hash", evaluator.rules().hash},
                        {"counts", counts_json(evaluator, evaluated->input)},
                        {"alerts", alerts_json(evaluator)},
                        {"looks", looks_json(*found, options.retrospective)}};
    const ExitCode code = found->faults.empty() ? ExitCode::fine : ExitCode::findings;
    if (options.json) {
        console.out << json::serialize(answer) << '\n';
        return code;
    }
    console.out << fmt::format("state hash  {}\nsubjects    {}\nalerts      {}\n", hash, evaluator.subjects().size(),
                               answer["alerts"].as_array().size());
    for (const auto& [name, count] : evaluator.counts().outcomes)
        console.out << fmt::format("{:<17} {}\n", name, count);
    for (const auto& [name, count] : evaluator.counts().reasons)
        console.out << fmt::format("  because {:<17} {}\n", name, count);
    if (!found->looks.empty()) {
        console.out << fmt::format("looks       {}{}\nlooks hash  {}\n", found->looks.size(),
                                   options.retrospective ? " (retrospective)" : "", oracle::looks_hash(found->looks));
    }
    for (const std::string& fault : found->faults) console.out << fmt::format("fault: {}\n", fault);
    return code;
}

}  // namespace

void add_grade(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<GradeOptions>();
    CLI::App* command = add_command(app, "grade", "Grades a file of messages and explains every change", options->json);
    common_options(command, *options);
    command->add_option("--subject", options->subject, "Only this one: STUDY/SUBJECT");
    command->add_option("--scale", options->scales, "Only this scale, by its name or as CRS, ICANS; may be repeated");
    command->callback(
        [options, &chosen] { chosen = [options](Console& console) { return grade(*options, console); }; });
}

void add_replay(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<GradeOptions>();
    CLI::App* command =
        add_command(app, "replay", "Evaluates a log from scratch: final state, its hash, alerts", options->json);
    common_options(command, *options);
    command->add_flag("--retrospective", options->retrospective,
                      "Looks at the days that backfilled messages were written on, as if they had come then");
    command->add_option("--partitions", options->partitions, "Check keys against this many partitions; 0: do not");
    command->callback(
        [options, &chosen] { chosen = [options](Console& console) { return replay(*options, console); }; });
}

}  // namespace cellvigil::tools
