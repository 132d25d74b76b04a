// Files of frames: what `simulate`, `export` and topic dumps write and `replay`, `send` and `grade` read. The path "-"
// means standard input or output. Not thread-safe; memory is bounded by the buffer plus one frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/journal/frame.h"
#include "rules/base/result.h"

namespace cellvigil::journal {

inline constexpr std::size_t kMaxFrameBytes = std::size_t{64} << 20;  // a longer one is taken for damage

// An open file, closed with its owner.
class Descriptor {
  public:
    Descriptor() = default;
    Descriptor(int fd, bool owned) : fd_(fd), owned_(owned) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : fd_(other.fd_), owned_(other.owned_) { other.fd_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    int get() const { return fd_; }
    void close();

  private:
    int fd_ = -1;
    bool owned_ = false;
};

// Writes a file of frames. Nothing is promised before finish().
class LogWriter {
  public:
    // Creates or empties the file. `unavailable` when it cannot be written.
    static Result<LogWriter> create(const std::string& path);
    Result<void> append(const Frame& frame);
    // Whole frames already in their on-disk form, one after the other.
    Result<void> append_encoded(std::string_view frames);
    // Flushes, and syncs a regular file to the disk. The writer takes no more afterwards.
    Result<void> finish();

  private:
    LogWriter(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
    Result<void> flush();

    Descriptor file_;
    std::string path_;
    std::string buffer_;
};

// Reads a file of frames from its beginning.
class LogReader {
  public:
    // `not_found` or `unavailable` when it cannot be opened, `corrupt` when it does not begin as a file of frames.
    static Result<LogReader> open(const std::string& path);
    // True: `frame` is the next one, its views valid until the next call. False: the file ended after a whole frame.
    // `corrupt` names the byte; `unavailable` when reading failed.
    Result<bool> next(Frame& frame);
    std::uint64_t offset() const { return consumed_; }  // bytes of the file read so far, whole frames only
    std::uint64_t file_size() const { return size_; }   // 0 when unknown (pipes)

  private:
    LogReader(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
    Result<bool> fill(std::size_t at_least);

    Descriptor file_;
    std::string path_;
    std::string buffer_;
    std::size_t from_ = 0;  // first byte of the buffer not yet handed out
    std::uint64_t consumed_ = 0;
    std::uint64_t size_ = 0;
    bool ended_ = false;
};

}  // namespace cellvigil::journal
