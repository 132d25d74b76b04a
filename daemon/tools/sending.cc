#include "daemon/tools/sending.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <thread>

#include "daemon/tools/command.h"

namespace cellvigil::tools {
namespace {

// A wait shorter than this is not worth a post of its own.
constexpr auto kWorthFlushing = milliseconds(20);

}  // namespace

void add_sending_options(CLI::App& command, const std::string& target_name, SendingOptions& options) {
    command
        .add_option(
            target_name, options.target,
            "A file (*.ndjson and *.jsonl: lines of JSON; else frames; - is standard output), http://host:port, or "
            "kafka://host:port/topic")
        ->required();
    command.add_option("--partitions", options.partitions, "Partitions of a file of frames")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command.add_option("--speed", options.speed, "Seconds of theirs in one of ours; 0: as fast as it goes")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--rate", options.rate, "Most messages a second; 0: no limit")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--kafka", options.properties, "A property of librdkafka: name=value");
    command.add_option("--give-up", options.give_up_s, "Seconds to wait for a daemon or broker that is away")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    command.add_flag("--quiet", options.quiet, "No progress");
}

Sending::Sending(std::unique_ptr<outlet::Outlet> opened, const SendingOptions& options, Console& console,
                 std::uint64_t total)
    : outlet_(std::move(opened)),
      pace_(options.speed, options.rate),
      paced_(options.speed > 0 || options.rate > 0),
      progress_(console.err, options.quiet ? Progress::Style::quiet : Progress::style_of_stderr(), "sending",
                "messages", total) {}

Result<Sending> Sending::open(const SendingOptions& options, Console& console, std::uint64_t total) {
    auto target = outlet::target_of(options.target);
    if (!target) return fail(target.error());
    outlet::Options asked;
    asked.partitions = options.partitions;
    asked.give_up = seconds(options.give_up_s);
    for (const std::string& property : options.properties) {
        const auto equals = property.find('=');
        if (equals == std::string::npos || equals == 0) return fail(Errc::invalid, "--kafka takes name=value");
        asked.kafka[property.substr(0, equals)] = property.substr(equals + 1);
    }
    auto opened = outlet::open_outlet(*target, asked);
    if (!opened) return fail(opened.error());
    return Sending(std::move(*opened), options, console, total);
}

Result<void> Sending::put(const outlet::Message& message) {
    if (paced_) {
        if (first_ == kAlways) first_ = message.at;
        const auto wait = pace_.until_due(number_, (message.at - first_).count());
        if (wait >= kWorthFlushing)
            if (auto flushed = outlet_->flush(); !flushed) return flushed;
        if (wait > milliseconds(0)) std::this_thread::sleep_for(wait);
    }
    if (auto taken = outlet_->put(message); !taken) return taken;
    progress_.update(++number_);
    return {};
}

Result<void> Sending::finish() {
    auto finished = outlet_->finish();
    progress_.finish(number_);
    return finished;
}

std::string sent_as_json(const outlet::Sent& sent) {
    boost::json::object outcomes;
    for (const auto& [name, count] : sent.outcomes) outcomes[name] = count;
    return boost::json::serialize(boost::json::object{{"messages", sent.messages},
                                                      {"bytes", sent.bytes},
                                                      {"posts", sent.posts},
                                                      {"retries", sent.retries},
                                                      {"outcomes", std::move(outcomes)}});
}

std::string sent_as_text(const outlet::Sent& sent) {
    std::string text = fmt::format("{} messages, {} bytes sent", sent.messages, sent.bytes);
    if (sent.retries > 0) text += fmt::format(", {} retries", sent.retries);
    for (const auto& [name, count] : sent.outcomes) text += fmt::format("\n  {:<12}{:>10}", name, count);
    return text + "\n";
}

}  // namespace cellvigil::tools
