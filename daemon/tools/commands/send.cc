#include "daemon/tools/commands/send.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>

#include "daemon/clock.h"
#include "daemon/ingest/admission.h"
#include "daemon/journal/log_file.h"
#include "daemon/outlet/json_text.h"
#include "daemon/tools/command.h"
#include "daemon/tools/sending.h"

namespace cellvigil::tools {
namespace {

struct SendOptions {
    bool json = false;
    std::string file;
    SendingOptions sending;
};

ExitCode tell(const Sending& sending, const SendOptions& options, Console& console) {
    std::ostream& out = options.sending.target == "-" ? console.err : console.out;
    out << (options.json ? sent_as_json(sending.sent()) + "\n" : sent_as_text(sending.sent()));
    return ExitCode::fine;
}

Result<std::uint64_t> messages_in(const std::string& file) {
    if (file == "-") return std::uint64_t{0};
    auto reader = journal::LogReader::open(file);
    if (!reader) return fail(reader.error());
    std::uint64_t messages = 0;
    journal::Frame frame;
    while (true) {
        const auto more = reader->next(frame);
        if (!more) return fail(more.error());
        if (!*more) return messages;
        if (frame.kind == journal::FrameKind::message) ++messages;
    }
}

Result<void> send_frames(const std::string& file, Sending& sending) {
    auto reader = journal::LogReader::open(file);
    if (!reader) return fail(reader.error());
    journal::Frame frame;
    while (true) {
        const auto more = reader->next(frame);
        if (!more) return fail(more.error());
        if (!*more) return {};
        if (frame.kind != journal::FrameKind::message) continue;  // tombstones and control records are a journal's own
        if (auto put = sending.put({frame.appended_at, frame.key, frame.value}); !put) return put;
    }
}

// A line that cannot become an envelope stops nothing: the daemon would reject it, and here it is counted.
Result<std::uint64_t> send_lines(const std::string& file, Sending& sending) {
    std::ifstream in(file, std::ios::binary);
    if (!in.good()) return fail(Errc::not_found, file + " cannot be read");
    std::uint64_t refused = 0;
    std::string line;
    while (std::getline(in, line)) {
        if (line.empty()) continue;
        if (const auto raw = outlet::raw_of_line(line)) {
            if (auto put = sending.put({wall_clock(), outlet::key_of_line(line), *raw}); !put) return fail(put.error());
            continue;
        }
        const auto items = ingest::envelopes_of_json(line);
        if (items.empty() || !items.front().issues.empty()) {
            ++refused;
            continue;
        }
        const std::string key = outlet::key_of_line(line);
        if (auto put = sending.put({wall_clock(), key, items.front().envelope}); !put) return fail(put.error());
    }
    return refused;
}

bool is_frames(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string magic(journal::kFileMagic.size(), '\0');
    in.read(magic.data(), static_cast<std::streamsize>(magic.size()));
    return magic == journal::kFileMagic;
}

ExitCode run(const SendOptions& options, Console& console) {
    const bool frames = options.file == "-" || is_frames(options.file);
    std::uint64_t total = 0;
    if (frames) {
        const auto counted = messages_in(options.file);
        if (!counted) return failed(console, counted.error(), options.json);
        total = *counted;
    }
    auto sending = Sending::open(options.sending, console, total);
    if (!sending) return failed(console, sending.error(), options.json, ExitCode::usage);
    std::uint64_t refused = 0;
    if (frames) {
        if (auto sent = send_frames(options.file, *sending); !sent) return failed(console, sent.error(), options.json);
    } else {
        const auto sent = send_lines(options.file, *sending);
        if (!sent) return failed(console, sent.error(), options.json);
        refused = *sent;
    }
    if (auto finished = sending->finish(); !finished) return failed(console, finished.error(), options.json);
    tell(*sending, options, console);
    if (sending->sent().outcomes.contains(std::string(outlet::kRefused))) return ExitCode::findings;
    if (refused == 0) return ExitCode::fine;
    console.err << fmt::format("{} lines are no envelopes and were not sent\n", refused);
    return ExitCode::findings;
}

}  // namespace

void add_send(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<SendOptions>();
    CLI::App* command = add_command(app, "send", "Sends the messages of a file to a daemon or a topic", options->json);
    command->add_option("FILE", options->file, "Frames, or lines of JSON; - is frames from standard input")->required();
    add_sending_options(*command, "--to", options->sending);
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
