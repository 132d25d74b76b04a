#include "daemon/journal/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cellvigil::journal {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10;

Error system_error(const std::string& path, int error) {
    const Errc code = error == ENOENT ? Errc::not_found : Errc::unavailable;
    return {code, path + ": " + std::strerror(error)};
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = other.fd_;
        owned_ = other.owned_;
        other.fd_ = -1;
    }
    return *this;
}

void Descriptor::close() {
    if (fd_ >= 0 && owned_) ::close(fd_);
    fd_ = -1;
}

Result<LogWriter> LogWriter::create(const std::string& path) {
    if (path == "-") {
        LogWriter writer(Descriptor(STDOUT_FILENO, false), "standard output");
        writer.buffer_ = kFileMagic;
        return writer;
    }
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0) return fail(system_error(path, errno));
    LogWriter writer(Descriptor(fd, true), path);
    writer.buffer_ = kFileMagic;
    return writer;
}

Result<void> LogWriter::append(const Frame& frame) {
    append_frame(buffer_, frame);
    return buffer_.size() >= kBuffer ? flush() : Result<void>{};
}

Result<void> LogWriter::append_encoded(std::string_view frames) {
    buffer_.append(frames);
    return buffer_.size() >= kBuffer ? flush() : Result<void>{};
}

Result<void> LogWriter::flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail(system_error(path_, errno));
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
    return {};
}

Result<void> LogWriter::finish() {
    if (auto flushed = flush(); !flushed) return flushed;
    // Pipes and terminals cannot be synced and need not be.
    if (::fsync(file_.get()) != 0 && errno != EINVAL && errno != EROFS) return fail(system_error(path_, errno));
    file_.close();
    return {};
}

Result<LogReader> LogReader::open(const std::string& path) {
    const bool standard = path == "-";
    const int fd = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(system_error(path, errno));
    LogReader reader(Descriptor(fd, !standard), standard ? "standard input" : path);
    struct stat status {};
    if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) reader.size_ = static_cast<std::uint64_t>(status.st_size);
    const auto filled = reader.fill(kFileMagic.size());
    if (!filled) return fail(filled.error());
    if (!*filled || std::string_view(reader.buffer_).substr(0, kFileMagic.size()) != kFileMagic) {
        return fail(Errc::corrupt, reader.path_ + ": not a file of frames");
    }
    reader.from_ = kFileMagic.size();
    reader.consumed_ = kFileMagic.size();
    return reader;
}

// Makes at least `at_least` unread bytes available; false when the file ends before.
Result<bool> LogReader::fill(std::size_t at_least) {
    if (buffer_.size() - from_ >= at_least) return true;
    buffer_.erase(0, from_);
    from_ = 0;
    while (!ended_ && buffer_.size() < at_least) {
        const std::size_t had = buffer_.size();
        // At most doubling: a damaged length must not make us allocate what the file does not hold.
        buffer_.resize(had + std::max(kBuffer, std::min(at_least - had, had)));
        const ssize_t got = ::read(file_.get(), buffer_.data() + had, buffer_.size() - had);
        const int error = errno;
        buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0 && error == EINTR) continue;
        if (got < 0) return fail(system_error(path_, error));
        ended_ = got == 0;
    }
    return buffer_.size() >= at_least;
}

Result<bool> LogReader::next(Frame& frame) {
    const auto damaged = [&](const std::string& what) {
        return fail(Errc::corrupt, path_ + ": frame at byte " + std::to_string(consumed_) + ": " + what);
    };
    std::size_t have = 1;
    for (;; ++have) {
        const auto filled = fill(have);
        if (!filled) return fail(filled.error());
        if (!*filled && have == 1) return false;
        if (!*filled) return damaged("cut short");
        const auto size = frame_size(std::string_view(buffer_).substr(from_, have));
        if (!size) return damaged(size.error().detail);
        if (!*size) continue;
        have = **size;
        break;
    }
    if (have > kMaxFrameBytes) return damaged("longer than the limit of " + std::to_string(kMaxFrameBytes) + " bytes");
    const auto filled = fill(have);
    if (!filled) return fail(filled.error());
    if (!*filled) return damaged("cut short");
    FrameReader reader(std::string_view(buffer_).substr(from_, have), consumed_);
    if (auto read = reader.next(frame); !read) return fail(Errc::corrupt, path_ + ": " + read.error().detail);
    from_ += have;
    consumed_ += have;
    return true;
}

}  // namespace cellvigil::journal
