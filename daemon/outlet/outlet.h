// Where our own producers (simulator, importer, `send`) put messages: a file of frames, lines of JSON, a daemon's HTTP
// inlet, a Kafka topic. An Outlet belongs to one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::outlet {

struct Message {
    Instant at{};  // when it is sent: a frame's append time
    std::string_view key;
    std::string_view value;
};

struct Sent {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;  // of values
    std::uint64_t posts = 0;  // HTTP requests that were answered
    std::uint64_t retries = 0;
    // What the daemon answered, by outcome (HTTP); `kRefused` alone where a broker would not have a message (Kafka).
    std::map<std::string, std::uint64_t> outcomes;
};
inline constexpr std::string_view kRefused = "refused";

class Outlet {
  public:
    virtual ~Outlet() = default;
    // May keep the message back to send several together. `unavailable` when the other side is away for too long.
    virtual Result<void> put(const Message& message) = 0;
    // Sends what was kept back.
    virtual Result<void> flush() = 0;
    // Once, at the end: everything is on the disk or acknowledged when it returns.
    virtual Result<void> finish() = 0;
    virtual const Sent& sent() const = 0;
};

enum class Kind : std::uint8_t { frames, json_lines, http, kafka };

struct Target {
    Kind kind = Kind::frames;
    std::string path;  // of a file; "-" is standard output
    std::string host;  // HTTP
    std::string port;
    std::string servers;  // Kafka: bootstrap.servers
    std::string topic;
};
// "http://host:port", "kafka://host:port[,host:port]/topic", else a file: "*.ndjson" and "*.jsonl" are lines of JSON,
// anything else frames. `invalid` for an address without its parts.
Result<Target> target_of(std::string_view text);

struct Options {
    std::uint32_t partitions = 4;      // of a file of frames
    std::size_t most_messages = 1000;  // in one post
    std::size_t most_bytes = std::size_t{2} << 20U;
    milliseconds give_up = minutes(5);         // after so long without an answer
    std::map<std::string, std::string> kafka;  // librdkafka's properties
};
Result<std::unique_ptr<Outlet>> open_outlet(const Target& target, const Options& options);

Result<std::unique_ptr<Outlet>> open_frames(const Target& target, const Options& options);
Result<std::unique_ptr<Outlet>> open_json_lines(const Target& target, const Options& options);
Result<std::unique_ptr<Outlet>> open_http(const Target& target, const Options& options);
Result<std::unique_ptr<Outlet>> open_kafka(const Target& target, const Options& options);

}  // namespace cellvigil::outlet
