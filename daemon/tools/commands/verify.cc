#include "daemon/tools/commands/verify.h"

#include <memory>
#include <optional>
#include <ostream>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/tools/command.h"
#include "daemon/tools/derived_state.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

struct VerifyOptions {
    bool json = false;
    bool journal_only = false;
    std::string data;
    std::string config;
    std::string rules;
};

void print_json(std::ostream& out, const store::VerifyReport& report, const std::optional<StateFindings>& state) {
    boost::json::object answer{{"whole", report.faults.empty() && (!state || state->faults.empty())},
                               {"segments", report.segments},
                               {"messages", report.messages},
                               {"faults", boost::json::array(report.faults.begin(), report.faults.end())}};
    if (state) {
        answer["state"] =
            boost::json::object{{"subjects", state->subjects},
                                {"journal_hash", state->journal_hash},
                                {"stored_hash", state->stored_hash},
                                {"faults", boost::json::array(state->faults.begin(), state->faults.end())}};
        if (!state->looks_hash.empty()) {
            answer["looks"] = boost::json::object{
                {"hash", state->looks_hash}, {"compared", state->looks}, {"not_compared", state->looks_not_compared}};
        }
    }
    out << boost::json::serialize(answer) << '\n';
}

void print_text(std::ostream& out, const store::VerifyReport& report, const std::optional<StateFindings>& state) {
    for (const std::string& fault : report.faults) out << "fault: " << fault << '\n';
    out << fmt::format("journal: {} segments, {} messages, {}\n", report.segments, report.messages,
                       report.faults.empty() ? "whole" : fmt::format("faults: {}", report.faults.size()));
    if (!state) return;
    for (const std::string& fault : state->faults) out << "fault: " << fault << '\n';
    out << fmt::format(
        "state: {} subjects, {}\n", state->subjects,
        state->faults.empty() ? "as the journal has it" : fmt::format("faults: {}", state->faults.size()));
    if (state->journal_hash.empty()) return;  // it did not come so far
    out << fmt::format("state hash from the journal {}\nstate hash as stored        {}\n", state->journal_hash,
                       state->stored_hash);
    if (state->looks_hash.empty()) return;
    out << fmt::format("looks: {} compared; hash from the journal {}\n", state->looks, state->looks_hash);
    if (state->looks_not_compared > 0) {
        out << fmt::format(
            "looks: {} not compared: another rule pack took them or closed days before them, or a subject was erased\n",
            state->looks_not_compared);
    }
}

ExitCode run(const VerifyOptions& options, CheckState check_state, Console& console) {
    const auto store = open_to_read(options.data);
    if (!store) return failed(console, store.error(), options.json);
    const auto report = (*store)->verify();
    if (!report) return failed(console, report.error(), options.json);
    std::optional<StateFindings> state;
    // Frames that are not what was written say nothing about the state.
    if (check_state != nullptr && !options.journal_only && report->faults.empty()) {
        auto checked = check_state(**store, options.config, options.rules);
        if (!checked) {
            const bool misconfigured = checked.error().code == Errc::invalid;
            return failed(console, checked.error(), options.json,
                          misconfigured ? ExitCode::configuration : ExitCode::findings);
        }
        state = std::move(*checked);
    }
    if (options.json) {
        print_json(console.out, *report, state);
    } else {
        print_text(console.out, *report, state);
    }
    return report->faults.empty() && (!state || state->faults.empty()) ? ExitCode::fine : ExitCode::findings;
}

}  // namespace

void add_verify(CLI::App& app, Action& chosen) { add_verify_with(app, chosen, derived_state); }

void add_verify_with(CLI::App& app, Action& chosen, CheckState check_state) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = add_command(
        app, "verify", "Checks that the store is what was written: hash chains, ranges, snapshots, the file itself",
        options->json);
    add_data_option(*command, options->data);
    if (check_state != nullptr) {
        command->add_flag("--journal-only", options->journal_only,
                          "Leave out the state: the journal, audit trail, snapshots and file alone");
        command->add_option("--config", options->config,
                            "The daemon's configuration: which messages count is its word");
        command->add_option("--rules", options->rules, "A rule pack, instead of the configuration's");
    }
    command->callback([options, check_state, &chosen] {
        chosen = [options, check_state](Console& console) { return run(*options, check_state, console); };
    });
}

}  // namespace cellvigil::tools
