#include "daemon/evaluate/input.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "daemon/ingest/admission.h"
#include "daemon/journal/log_file.h"

namespace cellvigil::evaluate {
namespace {

bool is_frame_file(const std::string& path) {
    if (path == "-") return false;
    std::ifstream file(path, std::ios::binary);
    std::string magic(journal::kFileMagic.size(), '\0');
    file.read(magic.data(), static_cast<std::streamsize>(magic.size()));
    return file && magic == journal::kFileMagic;
}

Result<InputSummary> read_frames(const std::string& path, const std::function<void(const journal::Frame&)>& take) {
    auto reader = journal::LogReader::open(path);
    if (!reader) return fail(reader.error());
    InputSummary summary;
    journal::Frame frame;
    for (;;) {
        const auto more = reader->next(frame);
        if (!more) return fail(more.error());
        if (!*more) return summary;
        ++summary.items;
        take(frame);
    }
}

Result<std::string> whole_text(const std::string& path) {
    if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(Errc::not_found, path + " cannot be read");
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// What came by a pipe.
Result<InputSummary> frames_of(std::string_view bytes, const std::function<void(const journal::Frame&)>& take) {
    InputSummary summary;
    journal::FrameReader reader(bytes.substr(journal::kFileMagic.size()), journal::kFileMagic.size());
    journal::Frame frame;
    while (!reader.at_end()) {
        if (const auto read = reader.next(frame); !read) return fail(read.error());
        ++summary.items;
        take(frame);
    }
    return summary;
}

}  // namespace

Result<InputSummary> read_messages(const std::string& path, Instant now,
                                   const std::function<void(const journal::Frame&)>& take, RawItem raw) {
    if (is_frame_file(path)) return read_frames(path, take);
    const auto text = whole_text(path);
    if (!text) return fail(text.error());
    if (text->starts_with(journal::kFileMagic)) return frames_of(*text, take);
    InputSummary summary;
    for (ingest::JsonItem& item : ingest::envelopes_of_json(*text)) {
        const std::size_t index = summary.items++;
        if (auto bytes = item.issues.empty() || raw == nullptr ? std::nullopt : raw(item.text)) {
            item.envelope = std::move(*bytes);
        } else if (!item.issues.empty()) {
            summary.bad.push_back({index, std::move(item.issues)});
            continue;
        }
        journal::Frame frame;
        frame.position = static_cast<std::int64_t>(index);
        frame.appended_at = now;
        frame.value = item.envelope;
        take(frame);
    }
    return summary;
}

}  // namespace cellvigil::evaluate
