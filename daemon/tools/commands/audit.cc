#include "daemon/tools/commands/audit.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <functional>
#include <memory>
#include <ostream>

#include <fmt/core.h>

#include "daemon/book/book_json.h"
#include "daemon/tools/command.h"
#include "daemon/tools/read_entry.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 1000;

struct AuditOptions {
    bool json = false;
    std::string data;
    std::string file;
    std::string format = "jsonl";
};

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string csv_of(const store::AuditEntry& entry) {
    return fmt::format("{},{},{},{},{},{},{},{}\n", entry.number, to_rfc3339(entry.row.at),
                       entry.row.at.time_since_epoch().count(), quoted(entry.row.who), quoted(entry.row.what),
                       quoted(entry.row.object), quoted(entry.row.detail), book::hex(entry.chain));
}

Result<std::uint64_t> each_entry(store::Store& store, const std::function<void(const store::AuditEntry&)>& visit) {
    std::uint64_t count = 0;
    for (std::int64_t first = 0;;) {
        const auto entries = store.audit_from(first, kPage);
        if (!entries) return fail(entries.error());
        for (const store::AuditEntry& entry : *entries) visit(entry);
        count += entries->size();
        if (entries->size() < kPage) return count;
        first = entries->back().number + 1;
    }
}

ExitCode verify(const AuditOptions& options, Console& console) {
    const auto store = open_to_read(options.data);
    if (!store) return failed(console, store.error(), options.json);
    const auto report = (*store)->verify_audit();
    if (!report) return failed(console, report.error(), options.json);
    std::string end;
    if (report->messages > 0) {
        const auto last = (*store)->audit_from(static_cast<std::int64_t>(report->messages) - 1, 1);
        if (last && !last->empty()) end = book::hex(last->front().chain);
    }
    if (options.json) {
        json::array faults;
        for (const std::string& fault : report->faults) faults.emplace_back(fault);
        console.out << json::serialize(
                           json::object{{"entries", report->messages}, {"end", end}, {"faults", std::move(faults)}})
                    << '\n';
    } else {
        console.out << fmt::format("{} entries, chain ends in {}\n", report->messages, end.empty() ? "nothing" : end);
        for (const std::string& fault : report->faults) console.out << "FAULT " << fault << '\n';
        if (report->faults.empty()) console.out << "the audit trail is whole\n";
    }
    return report->faults.empty() ? ExitCode::fine : ExitCode::findings;
}

ExitCode take_out(const AuditOptions& options, Console& console) {
    if (auto entered = enter_read(options.data, {.what = "audit", .object = "*", .is_subject = false, .arguments = {}});
        !entered)
        return failed(console, entered.error(), options.json);
    const auto store = open_to_read(options.data);
    if (!store) return failed(console, store.error(), options.json);
    std::ofstream file;
    if (options.file != "-") {
        file.open(options.file, std::ios::binary | std::ios::trunc);
        if (!file) return failed(console, {Errc::unavailable, options.file + ": cannot be written"}, options.json);
    }
    std::ostream& out = options.file == "-" ? console.out : file;
    const bool csv = options.format == "csv";
    if (csv) out << "number,at,at_ms,who,what,object,detail,chain\n";
    const auto count = each_entry(**store, [&](const store::AuditEntry& entry) {
        if (csv) {
            out << csv_of(entry);
        } else {
            out << json::serialize(book::audit_json(entry)) << '\n';
        }
    });
    if (!count) return failed(console, count.error(), options.json);
    out.flush();
    if (!out) return failed(console, {Errc::unavailable, options.file + ": could not be written whole"}, options.json);
    console.err << fmt::format("{} entries\n", *count);
    return ExitCode::fine;
}

}  // namespace

void add_audit(CLI::App& app, Action& chosen) {
    CLI::App* audit = app.add_subcommand("audit", "The audit trail: who did and saw what, when and why");
    audit->require_subcommand(1);
    {
        auto options = std::make_shared<AuditOptions>();
        CLI::App* command =
            add_command(*audit, "verify", "Checks every entry's hash in the chain, and the trail's end", options->json);
        add_data_option(*command, options->data);
        command->callback(
            [options, &chosen] { chosen = [options](Console& console) { return verify(*options, console); }; });
    }
    auto options = std::make_shared<AuditOptions>();
    CLI::App* command = add_command(*audit, "export", "Writes every entry with its hash in the chain", options->json);
    command->add_option("FILE", options->file, "Where to; - is standard output")->required();
    command->add_option("--format", options->format, "jsonl or csv")->check(CLI::IsMember({"jsonl", "csv"}));
    add_data_option(*command, options->data);
    command->callback(
        [options, &chosen] { chosen = [options](Console& console) { return take_out(*options, console); }; });
}

}  // namespace cellvigil::tools
