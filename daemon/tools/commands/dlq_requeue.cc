#include <algorithm>
#include <functional>
#include <memory>
#include <ostream>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/ingest/admission.h"
#include "daemon/ingest/refusal.h"
#include "daemon/ingest_json/json.h"
#include "daemon/journal/frame.h"
#include "daemon/kafka/producer.h"
#include "daemon/outlet/json_text.h"
#include "daemon/outlet/outlet.h"
#include "daemon/tools/command.h"
#include "daemon/tools/commands/dlq.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 1000;

struct RequeueOptions {
    bool json = false;
    std::string data;
    std::string to;
    std::vector<std::int64_t> ids;
    bool all = false;
    std::string reason;
    bool again = false;
    std::vector<std::string> kafka_properties;
    int give_up_seconds = 30;
};

// Gives one message to whoever is to have it; what became of it, as a word.
using Send = std::function<Result<std::string>(const journal::Frame&)>;

// One message a request: what one of them is answered must not be taken for another's.
Result<Send> sender_over_http(const outlet::Target& target, const RequeueOptions& options) {
    outlet::Options how;
    how.most_messages = 1;
    how.give_up = seconds(options.give_up_seconds);
    auto opened = outlet::open_http(target, how);
    if (!opened) return fail(opened.error());
    std::shared_ptr<outlet::Outlet> http = std::move(*opened);
    return Send([http](const journal::Frame& frame) -> Result<std::string> {
        const auto before = http->sent().outcomes;
        if (auto put = http->put({frame.appended_at, frame.key, frame.value}); !put) return fail(put.error());
        if (auto flushed = http->flush(); !flushed) return fail(flushed.error());
        for (const auto& [outcome, count] : http->sent().outcomes) {
            const auto earlier = before.find(outcome);
            if (count > (earlier == before.end() ? 0 : earlier->second)) return outcome;
        }
        return fail(Errc::unavailable, "the daemon did not say what became of the message");
    });
}

// With the headers, which tell how the value is framed.
Result<Send> sender_over_kafka(const outlet::Target& target, const RequeueOptions& options) {
    kafka::ProducerOptions how;
    how.topic = target.topic;
    how.delivery_timeout_ms = options.give_up_seconds * 1000;
    how.properties["bootstrap.servers"] = target.servers;
    for (const std::string& property : options.kafka_properties) {
        const auto equals = property.find('=');
        if (equals == std::string::npos) return fail(Errc::invalid, "--kafka name=value expected, not " + property);
        how.properties[property.substr(0, equals)] = property.substr(equals + 1);
    }
    auto made = kafka::make_producer(std::move(how));
    if (!made) return fail(made.error());
    std::shared_ptr<kafka::Producer> producer = std::move(*made);
    return Send([producer](const journal::Frame& frame) -> Result<std::string> {
        kafka::Record record{std::string(frame.key), std::string(frame.value), {}};
        for (const journal::Header& header : frame.headers) {
            record.headers.emplace_back(std::string(header.name), std::string(header.value));
        }
        if (auto sent = producer->send({record}); !sent) return fail(sent.error());
        return std::string("queued");
    });
}

Result<Send> sender_of(const RequeueOptions& options) {
    const auto target = outlet::target_of(options.to);
    if (!target) return fail(target.error());
    switch (target->kind) {
        case outlet::Kind::http:
            return sender_over_http(*target, options);
        case outlet::Kind::kafka:
            return sender_over_kafka(*target, options);
        case outlet::Kind::frames:
        case outlet::Kind::json_lines:
            break;
    }
    return fail(Errc::invalid, "--to http://host:port or kafka://host:port/topic expected");
}

Result<std::vector<std::int64_t>> chosen_ids(store::Store& store, const RequeueOptions& options) {
    if (!options.all) return options.ids;
    std::vector<std::int64_t> ids;
    for (std::int64_t after = 0;;) {
        const auto rows = store.dead_letters(after, kPage);
        if (!rows) return fail(rows.error());
        for (const store::DeadLetterRow& row : *rows) {
            after = row.id;
            if (row.requeued && !options.again) continue;
            if (options.reason.empty() || row.letter.reason == options.reason) ids.push_back(row.id);
        }
        if (rows->size() < kPage) return ids;
    }
}

// What was refused before it became a message is text: the messages in it, or why there still are none.
Result<std::vector<std::string>> messages_of(const store::DeadLetter& letter, const journal::Frame& frame) {
    if (letter.oversize) return fail(Errc::invalid, "only its beginning was kept: its producer must send it again");
    const auto type = std::find_if(frame.headers.begin(), frame.headers.end(), [](const journal::Header& header) {
        return header.name == ingest::kContentTypeHeader;
    });
    if (type == frame.headers.end() || type->value != "application/json")
        return fail(Errc::invalid, "a body that cannot be taken apart: its producer must send it again");
    std::vector<std::string> messages;
    for (ingest::JsonItem& item : ingest::envelopes_of_json(frame.value)) {
        if (!item.issues.empty()) {
            const Issue& first = item.issues.front();
            return fail(Errc::invalid,
                        "still no envelope: " + (first.path.empty() ? "" : first.path + ": ") + first.detail);
        }
        messages.push_back(std::move(item.envelope));
    }
    if (messages.empty()) return fail(Errc::invalid, "no envelope");
    return messages;
}

// The worst of what became of its messages.
Result<std::string> send_text(const store::DeadLetter& letter, journal::Frame frame, const Send& send) {
    const auto messages = messages_of(letter, frame);
    if (!messages) return fail(messages.error());
    std::string outcome;
    for (const std::string& message : *messages) {
        const std::string key = outlet::key_of_line(ingest::json_of_envelope(message));
        frame.key = key;
        frame.headers.clear();
        frame.value = message;
        auto sent = send(frame);
        if (!sent || *sent == "rejected") return sent;
        outcome = std::move(*sent);
    }
    return outcome;
}

struct Requeued {
    std::int64_t id = 0;
    std::string outcome;  // the daemon's word, "queued", "skipped" or "failed"
    std::string detail;   // why it failed
};

Requeued requeue_one(store::Store& store, std::int64_t id, bool again, const Send& send) {
    const auto failure = [&](const Error& error) { return Requeued{id, "failed", error.detail}; };
    const auto row = store.dead_letter(id);
    if (!row) return failure(row.error());
    if (row->requeued && !again) return {id, "skipped", "requeued before; --again sends it once more"};
    journal::Frame frame;
    journal::FrameReader reader(row->letter.frame);
    if (auto read = reader.next(frame); !read) return failure(read.error());
    const auto outcome = row->letter.position < 0 ? send_text(row->letter, frame, send) : send(frame);
    if (!outcome) return failure(outcome.error());
    // Rejected again: it stays as it was, to be looked at; the daemon has a new dead letter of it.
    if (*outcome == "rejected") return {id, *outcome, "still not acceptable: see the newest dead letters"};
    if (auto marked = store.mark_requeued(id); !marked) return failure(marked.error());
    return {id, *outcome, ""};
}

void print(const RequeueOptions& options, const Requeued& one, Console& console) {
    if (options.json) return;
    console.out << fmt::format("{:>8}  {}{}{}\n", one.id, one.outcome, one.detail.empty() ? "" : ": ", one.detail);
}

ExitCode run(const RequeueOptions& options, Console& console) {
    if (options.all == !options.ids.empty()) {
        return failed(console, {Errc::invalid, "name ids, or say --all"}, options.json, ExitCode::usage);
    }
    const auto store = open_beside(options.data);
    if (!store) return failed(console, store.error(), options.json);
    const auto send = sender_of(options);
    if (!send) return failed(console, send.error(), options.json, ExitCode::usage);
    const auto ids = chosen_ids(**store, options);
    if (!ids) return failed(console, ids.error(), options.json);
    json::array list;
    bool fine = true;
    for (const std::int64_t id : *ids) {
        const Requeued one = requeue_one(**store, id, options.again, *send);
        print(options, one, console);
        list.push_back(json::object{{"id", one.id}, {"outcome", one.outcome}, {"detail", one.detail}});
        fine = fine && one.outcome != "failed" && one.outcome != "rejected";
    }
    if (options.json) console.out << json::serialize(json::object{{"requeued", list}}) << '\n';
    return fine ? ExitCode::fine : ExitCode::findings;
}

}  // namespace

void add_dlq_requeue(CLI::App& dlq, Action& chosen) {
    auto options = std::make_shared<RequeueOptions>();
    CLI::App* command =
        add_command(dlq, "requeue", "Sends dead letters again, byte for byte, and marks them", options->json);
    command->add_option("ID", options->ids, "As `dlq list` gives them");
    command->add_flag("--all", options->all, "All of them that were not requeued yet");
    command->add_option("--reason", options->reason, "With --all: only those with this reason");
    command->add_flag("--again", options->again, "Also those that were requeued before");
    command->add_option("--to", options->to, "http://host:port of the daemon, or kafka://host:port/topic")->required();
    command->add_option("--kafka", options->kafka_properties, "A property of the Kafka client: name=value");
    command->add_option("--give-up", options->give_up_seconds, "Seconds to wait for an answer")->capture_default_str();
    add_data_option(*command, options->data);
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
