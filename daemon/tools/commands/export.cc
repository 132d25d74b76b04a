#include "daemon/tools/commands/export.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <system_error>

#include <fmt/core.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/journal/log_file.h"
#include "daemon/tools/command.h"
#include "daemon/tools/read_entry.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

struct ExportOptions {
    bool json = false;
    std::string data;
    std::string file;
    std::optional<std::uint32_t> partition;
};

struct Exported {
    std::uint64_t partitions = 0;
    std::uint64_t segments = 0;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
};

Result<Exported> export_journal(store::Store& store, const ExportOptions& options, journal::LogWriter& writer) {
    const auto partitions = store.partitions();
    if (!partitions) return fail(partitions.error());
    Exported exported;
    for (const std::uint32_t partition : *partitions) {
        if (options.partition && partition != *options.partition) continue;
        ++exported.partitions;
        auto read = store.read_segments(partition, 0, [&](const store::SegmentRow& segment) {
            ++exported.segments;
            exported.messages += segment.messages;
            exported.bytes += segment.frames.size();
            return writer.append_encoded(segment.frames);
        });
        if (!read) return fail(read.error());
    }
    if (options.partition && exported.partitions == 0) {
        return fail(Errc::not_found, "the store has no partition " + std::to_string(*options.partition));
    }
    if (auto finished = writer.finish(); !finished) return fail(finished.error());
    return exported;
}

// A file that stops half-way would look whole: it gets its name when it is.
Result<Exported> export_to_file(store::Store& store, const ExportOptions& options) {
    const bool to_file = options.file != "-";
    const std::string path = to_file ? options.file + ".part" : options.file;
    auto writer = journal::LogWriter::create(path);
    if (!writer) return fail(writer.error());
    auto exported = export_journal(store, options, *writer);
    if (!to_file) return exported;
    std::error_code error;
    if (!exported) {
        std::filesystem::remove(path, error);
        return exported;
    }
    std::filesystem::rename(path, options.file, error);
    if (error) return fail(Errc::unavailable, options.file + ": " + error.message());
    return exported;
}

ExitCode run(const ExportOptions& options, Console& console) {
    if (auto entered =
            enter_read(options.data, {.what = "export", .object = "*", .is_subject = false, .arguments = {}});
        !entered)
        return failed(console, entered.error(), options.json);
    const auto store = open_to_read(options.data);
    if (!store) return failed(console, store.error(), options.json);
    const auto exported = export_to_file(**store, options);
    if (!exported) return failed(console, exported.error(), options.json);
    std::ostream& out = options.file == "-" ? console.err : console.out;
    if (options.json) {
        out << boost::json::serialize(boost::json::object{{"partitions", exported->partitions},
                                                          {"segments", exported->segments},
                                                          {"messages", exported->messages},
                                                          {"bytes", exported->bytes}})
            << '\n';
    } else {
        out << fmt::format("{} messages of {} partitions in {} segments, {} bytes\n", exported->messages,
                           exported->partitions, exported->segments, exported->bytes);
    }
    return ExitCode::fine;
}

}  // namespace

void add_export(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* command = add_command(
        app, "export", "Writes the store's journal to a file of frames, checking its hash chain", options->json);
    command->add_option("FILE", options->file, "The file to write, or - for standard output")->required();
    add_data_option(*command, options->data);
    command->add_option("--partition", options->partition, "This partition alone");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
