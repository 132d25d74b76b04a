#include "daemon/tools/commands/dlq.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <memory>
#include <ostream>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/journal/frame.h"
#include "daemon/tools/command.h"
#include "daemon/tools/read_entry.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 1000;
constexpr std::size_t kShownBytes = 256;  // of a value, in text

struct ListOptions {
    bool json = false;
    std::string data;
    std::string reason;
    std::int64_t after = 0;
    std::size_t at_most = 100;
    bool waiting = false;
};

struct ShowOptions {
    bool json = false;
    std::string data;
    std::int64_t id = 0;
    std::string value_file;
};

// `detail` is JSON by contract; what is not is shown as it stands.
json::value parsed(const std::string& text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    return error ? json::value(text) : value;
}

json::object object_of(const store::DeadLetterRow& row) {
    const bool placed = row.letter.position >= 0;
    return json::object{{"id", row.id},
                        {"partition", placed ? json::value(row.letter.partition) : json::value()},
                        {"position", placed ? json::value(row.letter.position) : json::value()},
                        {"failed_at", to_rfc3339(row.letter.failed_at)},
                        {"reason", row.letter.reason},
                        {"issues", parsed(row.letter.detail)},
                        {"oversize", row.letter.oversize},
                        {"requeued", row.requeued}};
}

Result<std::vector<store::DeadLetterRow>> chosen_rows(store::Store& store, const ListOptions& options) {
    std::vector<store::DeadLetterRow> chosen;
    for (std::int64_t after = options.after; chosen.size() < options.at_most;) {
        auto rows = store.dead_letters(after, kPage);
        if (!rows) return rows;
        for (store::DeadLetterRow& row : *rows) {
            after = row.id;
            const bool wanted =
                (options.reason.empty() || row.letter.reason == options.reason) && !(options.waiting && row.requeued);
            if (wanted && chosen.size() < options.at_most) chosen.push_back(std::move(row));
        }
        if (rows->size() < kPage) break;
    }
    return chosen;
}

ExitCode list(const ListOptions& options, Console& console) {
    if (auto entered =
            enter_read(options.data, {.what = "dlq.list", .object = "*", .is_subject = false, .arguments = {}});
        !entered)
        return failed(console, entered.error(), options.json);
    const auto store = open_to_read(options.data);
    if (!store) return failed(console, store.error(), options.json);
    const auto rows = chosen_rows(**store, options);
    if (!rows) return failed(console, rows.error(), options.json);
    if (options.json) {
        json::array list;
        for (const store::DeadLetterRow& row : *rows) list.push_back(object_of(row));
        console.out << json::serialize(json::object{{"dead_letters", list}}) << '\n';
        return ExitCode::fine;
    }
    console.out << fmt::format("{:>8} {:>9} {:>12}  {:<24} {:<9} reason\n", "id", "partition", "position", "failed at",
                               "requeued");
    for (const store::DeadLetterRow& row : *rows) {
        const bool placed = row.letter.position >= 0;
        console.out << fmt::format(
            "{:>8} {:>9} {:>12}  {:<24} {:<9} {}{}\n", row.id, placed ? std::to_string(row.letter.partition) : "-",
            placed ? std::to_string(row.letter.position) : "-", to_rfc3339(row.letter.failed_at),
            row.requeued ? "yes" : "no", row.letter.reason, row.letter.oversize ? " (oversize)" : "");
    }
    if (rows->size() == options.at_most) console.err << "more may follow: --after " << rows->back().id << '\n';
    return ExitCode::fine;
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

// Sixteen bytes a line, as hexdump -C does.
void dump(std::ostream& out, std::string_view bytes) {
    for (std::size_t at = 0; at < std::min(bytes.size(), kShownBytes); at += 16) {
        const std::string_view line = bytes.substr(at, 16);
        std::string plain(line);
        for (char& byte : plain) byte = byte >= ' ' && byte <= '~' ? byte : '.';
        out << fmt::format("  {:06x}  {:<32}  {}\n", at, hex(line), plain);
    }
    if (bytes.size() > kShownBytes)
        out << fmt::format("  ... {} bytes in all: --value FILE keeps them\n", bytes.size());
}

void show_json(std::ostream& out, const store::DeadLetterRow& row, const journal::Frame& frame) {
    json::object object = object_of(row);
    object["appended_at"] = to_rfc3339(frame.appended_at);
    object["key"] = std::string(frame.key);
    json::array headers;
    for (const journal::Header& header : frame.headers) {
        headers.push_back(json::object{{"name", std::string(header.name)}, {"value_hex", hex(header.value)}});
    }
    object["headers"] = std::move(headers);
    object["value_hex"] = hex(frame.value);
    out << json::serialize(object) << '\n';
}

void show_text(std::ostream& out, const store::DeadLetterRow& row, const journal::Frame& frame) {
    const std::string place = row.letter.position < 0
                                  ? std::string("none: refused before it became a message")
                                  : fmt::format("partition {}, position {}", row.letter.partition, row.letter.position);
    out << fmt::format("dead letter {}\n  reason     {}{}\n  place      {}\n", row.id, row.letter.reason,
                       row.letter.oversize ? " (oversize)" : "", place);
    out << fmt::format("  appended   {}\n  failed     {}\n  requeued   {}\n  key        {}\n",
                       to_rfc3339(frame.appended_at), to_rfc3339(row.letter.failed_at), row.requeued ? "yes" : "no",
                       frame.key);
    const json::value issues = parsed(row.letter.detail);
    if (const json::array* list = issues.if_array()) {
        for (const json::value& issue : *list) out << "  issue      " << json::serialize(issue) << '\n';
    }
    for (const journal::Header& header : frame.headers)
        out << fmt::format(
            "  header     {}: {}\n", header.name,
            row.letter.position < 0 ? std::string(header.value) : hex(header.value));  // else a stranger's
    out << fmt::format("  value      {} bytes\n", frame.value.size());
    dump(out, frame.value);
}

ExitCode show(const ShowOptions& options, Console& console) {
    if (auto entered = enter_read(
            options.data,
            {.what = "dlq.show", .object = std::to_string(options.id), .is_subject = false, .arguments = {}});
        !entered)
        return failed(console, entered.error(), options.json);
    const auto store = open_to_read(options.data);
    if (!store) return failed(console, store.error(), options.json);
    const auto row = (*store)->dead_letter(options.id);
    if (!row) return failed(console, row.error(), options.json);
    journal::Frame frame;
    journal::FrameReader reader(row->letter.frame);
    if (auto read = reader.next(frame); !read) return failed(console, read.error(), options.json);
    if (!options.value_file.empty()) {
        std::ofstream file(options.value_file, std::ios::binary);
        file << frame.value;
        file.close();
        if (!file)
            return failed(console, {Errc::unavailable, options.value_file + ": cannot be written"}, options.json);
    }
    if (options.json) {
        show_json(console.out, *row, frame);
    } else {
        show_text(console.out, *row, frame);
    }
    return ExitCode::fine;
}

void add_list(CLI::App& dlq, Action& chosen) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* command = add_command(dlq, "list", "Lists dead letters, oldest first", options->json);
    add_data_option(*command, options->data);
    command->add_option("--reason", options->reason, "Only those with this reason");
    command->add_option("--after", options->after, "Only those with a higher id");
    command->add_option("--limit", options->at_most, "At most so many")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_flag("--waiting", options->waiting, "Only those that were not requeued yet");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return list(*options, console); }; });
}

void add_show(CLI::App& dlq, Action& chosen) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* command =
        add_command(dlq, "show", "Shows one dead letter with its bytes and every reason", options->json);
    command->add_option("ID", options->id, "As `dlq list` gives it")->required();
    add_data_option(*command, options->data);
    command->add_option("--value", options->value_file, "Write the message's value to this file, byte for byte");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return show(*options, console); }; });
}

}  // namespace

void add_dlq(CLI::App& app, Action& chosen) {
    CLI::App* dlq = app.add_subcommand("dlq", "Dead letters: list, show, requeue");
    dlq->require_subcommand(1);
    add_list(*dlq, chosen);
    add_show(*dlq, chosen);
    add_dlq_requeue(*dlq, chosen);
}

}  // namespace cellvigil::tools
