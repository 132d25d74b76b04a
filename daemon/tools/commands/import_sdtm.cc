#include "daemon/tools/commands/import_sdtm.h"

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <ostream>

#include "daemon/import/import.h"
#include "daemon/tools/command.h"
#include "daemon/tools/sending.h"
#include "rules/base/ensure.h"

namespace cellvigil::tools {
namespace {

struct ImportOptions {
    bool json = false;
    bool print_mapping = false;
    bool print_config = false;
    std::string folder;
    std::string mapping;
    std::string report;
    SendingOptions sending;
};

Result<import::Mapping> mapping_of(const std::string& path) {
    if (path.empty()) return import::default_mapping();
    std::ifstream file(path, std::ios::binary);
    if (!file.good()) return fail(Errc::not_found, path + " cannot be read");
    auto mapping = import::read_mapping(std::string(std::istreambuf_iterator<char>(file), {}));
    if (!mapping) return fail(mapping.error().code, path + ": " + mapping.error().detail);
    return mapping;
}

Result<void> send(const import::Imported& study, Sending& sending) {
    std::map<std::string, std::uint64_t> sequences;
    for (const import::Statement& statement : study.statements) {
        const import::Message message = import::message_of(study, statement, ++sequences[statement.subject]);
        if (auto put = sending.put({statement.recorded, message.key, message.value}); !put) return put;
    }
    return sending.finish();
}

Result<void> write_report(const std::string& path, const import::Report& report) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << import::to_json(report) << '\n';
    file.flush();
    if (!file.good()) return fail(Errc::unavailable, path + " cannot be written");
    return {};
}

ExitCode run(const ImportOptions& options, Console& console) {
    if (options.print_mapping) {
        console.out << import::default_mapping_text();
        return ExitCode::fine;
    }
    if (options.folder.empty())
        return failed(console, {Errc::invalid, "the folder is missing"}, options.json, ExitCode::usage);
    const auto mapping = mapping_of(options.mapping);
    if (!mapping) return failed(console, mapping.error(), options.json, ExitCode::configuration);
    const auto tables = import::read_folder(options.folder);
    if (!tables) return failed(console, tables.error(), options.json);
    const auto study = import::import_study(*tables, *mapping);
    if (!study) return failed(console, study.error(), options.json);
    ensure(study->report.accounts_for_every_row(), "every row is imported or dropped for a reason");
    if (options.print_config) {
        console.out << import::daemon_settings(*study, *mapping);
        return ExitCode::fine;
    }
    if (!options.report.empty()) {
        if (auto written = write_report(options.report, study->report); !written)
            return failed(console, written.error(), options.json);
    }
    std::ostream& out = options.sending.target == "-" ? console.err : console.out;
    if (!options.sending.target.empty()) {
        auto sending = Sending::open(options.sending, console, study->statements.size());
        if (!sending) return failed(console, sending.error(), options.json, ExitCode::usage);
        if (auto sent = send(*study, *sending); !sent) return failed(console, sent.error(), options.json);
        if (!options.json) out << sent_as_text(sending->sent());
    }
    out << (options.json ? import::to_json(study->report) + "\n" : import::to_table(study->report));
    return ExitCode::fine;
}

}  // namespace

void add_import(CLI::App& app, Action& chosen) {
    auto* formats = app.add_subcommand("import", "Other systems' files to messages");
    formats->require_subcommand(1);
    auto options = std::make_shared<ImportOptions>();
    CLI::App* command =
        add_command(*formats, "sdtm", "A CDISC SDTM study: DM, VS, LB, AE, CM, DS, EX as CSV or XPT", options->json);
    command->add_option("DIR", options->folder, "The folder of the domains' files");
    command->add_option("--mapping", options->mapping, "A YAML file over the built-in mapping");
    command->add_option("--report", options->report, "Where the account of every row goes, as JSON");
    command->add_flag("--print-mapping", options->print_mapping, "Prints the built-in mapping");
    command->add_flag("--print-config", options->print_config,
                      "Prints what the daemon's configuration needs to know the study");
    add_sending_options(*command, "--out", options->sending);
    command->get_option("--out")->required(false);
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
