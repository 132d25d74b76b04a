#include "daemon/tools/commands/log.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <ostream>

#include "daemon/journal/log_file.h"
#include "daemon/tools/command.h"
#include "rules/base/time.h"

namespace cellvigil::tools {
namespace {

struct LogOptions {
    bool json = false;
    std::string file;
};

struct PartitionSummary {
    std::uint64_t messages = 0;
    std::uint64_t tombstones = 0;
    std::uint64_t controls = 0;
    std::uint64_t bytes = 0;  // of the values
    std::int64_t first = 0;
    std::int64_t last = 0;
    Instant first_append = kNever;
    Instant last_append = kAlways;
};

using Summary = std::map<std::uint32_t, PartitionSummary>;

void count(Summary& summary, const journal::Frame& frame) {
    const auto [at, is_new] = summary.try_emplace(frame.partition);
    PartitionSummary& partition = at->second;
    switch (frame.kind) {
        case journal::FrameKind::message:
            ++partition.messages;
            break;
        case journal::FrameKind::tombstone:
            ++partition.tombstones;
            break;
        case journal::FrameKind::control:
            ++partition.controls;
            break;
    }
    partition.bytes += frame.value.size();
    partition.first = is_new ? frame.position : std::min(partition.first, frame.position);
    partition.last = is_new ? frame.position : std::max(partition.last, frame.position);
    partition.first_append = std::min(partition.first_append, frame.appended_at);
    partition.last_append = std::max(partition.last_append, frame.appended_at);
}

void print_text(std::ostream& out, const Summary& summary) {
    out << fmt::format("{:>9} {:>10} {:>10} {:>8} {:>12} {:>10} {:>10}  appended\n", "partition", "messages",
                       "tombstones", "controls", "bytes", "first", "last");
    for (const auto& [number, p] : summary) {
        out << fmt::format("{:>9} {:>10} {:>10} {:>8} {:>12} {:>10} {:>10}  {} to {}\n", number, p.messages,
                           p.tombstones, p.controls, p.bytes, p.first, p.last, to_rfc3339(p.first_append),
                           to_rfc3339(p.last_append));
    }
}

void print_json(std::ostream& out, const Summary& summary) {
    boost::json::array partitions;
    for (const auto& [number, p] : summary) {
        partitions.push_back(boost::json::object{{"partition", number},
                                                 {"messages", p.messages},
                                                 {"tombstones", p.tombstones},
                                                 {"controls", p.controls},
                                                 {"value_bytes", p.bytes},
                                                 {"first_position", p.first},
                                                 {"last_position", p.last},
                                                 {"first_append", to_rfc3339(p.first_append)},
                                                 {"last_append", to_rfc3339(p.last_append)}});
    }
    out << boost::json::serialize(boost::json::object{{"partitions", partitions}}) << '\n';
}

ExitCode run(const LogOptions& options, Console& console) {
    auto reader = journal::LogReader::open(options.file);
    if (!reader) return failed(console, reader.error(), options.json);
    Summary summary;
    journal::Frame frame;
    for (;;) {
        const auto more = reader->next(frame);
        if (!more) return failed(console, more.error(), options.json);
        if (!*more) break;
        count(summary, frame);
    }
    if (options.json) {
        print_json(console.out, summary);
    } else {
        print_text(console.out, summary);
    }
    return ExitCode::fine;
}

}  // namespace

void add_log(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<LogOptions>();
    CLI::App* command =
        add_command(app, "log", "Shows what a file of frames holds, and whether it is whole", options->json);
    command->add_option("FILE", options->file, "A file of frames, or - for standard input")->required();
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
