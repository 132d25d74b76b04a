#include "daemon/tools/commands/erase.h"

#include <fmt/core.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <memory>
#include <ostream>

#include "daemon/clock.h"
#include "daemon/envelope_key.h"
#include "daemon/evaluate/stored.h"
#include "daemon/pipeline/cells.h"
#include "daemon/store/erase.h"
#include "daemon/tools/command.h"
#include "daemon/tools/deployment.h"
#include "daemon/tools/store_option.h"
#include "rules/base/hash.h"

namespace cellvigil::tools {
namespace {

struct EraseOptions {
    bool json = false;
    bool sure = false;
    std::string subject;  // "study/subject"
    std::string data;
    std::string config;
    std::string rules;
    std::string who;
    std::string reason;
};

// What cannot be read is the subject's when it holds both names: rather too much of what nobody could read.
std::function<bool(const journal::Frame&)> concerning(const std::string& key) {
    const auto slash = key.find('/');
    return [key, study = key.substr(0, slash), subject = key.substr(slash + 1),
            key_of = envelope_keys()](const journal::Frame& frame) {
        if (frame.key == key) return true;
        const std::string told = key_of(frame.value);
        if (!told.empty()) return told == key;
        return frame.value.find(study) != std::string_view::npos && frame.value.find(subject) != std::string_view::npos;
    };
}

// What the subject adds to the counts of its cohort, taken back; and the mark by which rules they were counted, so that
// the daemon counts anew at its next start, whatever rules it has.
Result<std::vector<store::Cell>> cells_without(const EraseOptions& options, const Deployment& deployment) {
    std::vector<store::Cell> cells;
    const auto store = open_to_read(options.data);
    if (!store) return fail(store.error());
    const auto shape = (*store)->shape();
    if (!shape) return fail(shape.error());
    if (shape->partitions == 0) return cells;
    const std::uint32_t partition = partition_of(options.subject, shape->partitions);
    const auto subjects =
        evaluate::recovered_subjects(**store, deployment.directory, deployment.rules, options.subject);
    if (!subjects) return fail(subjects.error());
    for (const auto& [key, timeline] : *subjects) {
        for (const CellKey& cell : cells_of(timeline.summary()))
            cells.push_back({partition, std::string(timeline.cohort()), cell.measure, cell.x, 0, -cell.count});
        for (store::Cell& cell : evaluate::watched_cells(key, timeline, deployment.rules, deployment.plan)) {
            cell.partition = partition;
            cell.value = -cell.value;
            cells.push_back(std::move(cell));
        }
    }
    const auto stored = (*store)->cells_of(partition);
    if (!stored) return fail(stored.error());
    for (const store::Cell& cell : *stored) {
        if (!pipeline::is_rules_cell(cell)) continue;
        cells.push_back(cell);
        cells.back().value = -cell.value;
    }
    return cells;
}

void print(std::ostream& out, const store::Erased& erased, bool json) {
    if (json) {
        out << boost::json::serialize(boost::json::object{{"messages", erased.messages},
                                                          {"segments", erased.segments},
                                                          {"snapshots", erased.snapshots},
                                                          {"alerts", erased.alerts},
                                                          {"held", erased.held},
                                                          {"dead_letters", erased.dead_letters}})
            << '\n';
        return;
    }
    out << fmt::format(
        "erased: {} messages in {} segments of the journal, {} snapshots, {} alerts, {} held messages, {} dead "
        "letters\n",
        erased.messages, erased.segments, erased.snapshots, erased.alerts, erased.held, erased.dead_letters);
}

ExitCode run(const EraseOptions& options, Console& console) {
    const auto slash = options.subject.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == options.subject.size())
        return failed(console, {Errc::invalid, "STUDY/SUBJECT expected"}, options.json, ExitCode::usage);
    if (!options.sure)
        return failed(console, {Errc::invalid, "an erasure cannot be undone: say --yes, and stop the daemon first"},
                      options.json, ExitCode::usage);
    const auto deployment = read_deployment(options.config, options.rules, false);
    if (!deployment) return failed(console, deployment.error(), options.json, ExitCode::configuration);
    auto cells = cells_without(options, *deployment);
    if (!cells) return failed(console, cells.error(), options.json);
    const auto erased = store::erase_subject({.folder = options.data,
                                              .subject_key = options.subject,
                                              .concerns = concerning(options.subject),
                                              .at = wall_clock(),
                                              .who = options.who,
                                              .reason = options.reason,
                                              .cells = std::move(*cells)});
    if (!erased) return failed(console, erased.error(), options.json);
    print(console.out, *erased, options.json);
    return ExitCode::fine;
}

}  // namespace

void add_erase(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<EraseOptions>();
    CLI::App* command =
        add_command(app, "erase", "Takes a subject out of the store for good; the daemon must not run", options->json);
    command->add_option("SUBJECT", options->subject, "STUDY/SUBJECT")->required();
    add_data_option(*command, options->data);
    command->add_option("--who", options->who, "Who erases, for the audit trail")->required();
    command->add_option("--reason", options->reason, "Why, for the audit trail; name no subject")->required();
    command->add_option("--config", options->config,
                        "The daemon's configuration: by it the subject's counts are taken back");
    command->add_option("--rules", options->rules, "A rule pack, instead of the configuration's");
    command->add_flag("--yes", options->sure, "It is meant");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
