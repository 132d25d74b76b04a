#include "daemon/http/events.h"

#include <boost/json.hpp>

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>

#include "daemon/http/gzip.h"
#include "daemon/http/shape.h"
#include "daemon/http/task_queue.h"

namespace cellvigil::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostWaiting = 64;  // bodies, and answers
constexpr std::size_t kFewAnswers = 64;   // so many are written where they come up

// Base-128 varint length in front of each message, as in protobuf's own delimited streams.
Result<std::vector<std::string_view>> split_delimited(std::string_view body) {
    std::vector<std::string_view> parts;
    std::size_t at = 0;
    while (at < body.size()) {
        std::uint64_t length = 0;
        unsigned shift = 0;
        while (true) {
            if (at == body.size() || shift > 28)
                return fail(Errc::invalid,
                            "message " + std::to_string(parts.size()) + ": its length is cut or too large");
            const auto byte = static_cast<unsigned char>(body[at++]);
            length |= std::uint64_t{byte & 0x7FU} << shift;
            shift += 7;
            if ((byte & 0x80U) == 0) break;
        }
        if (length > body.size() - at)
            return fail(Errc::invalid, "message " + std::to_string(parts.size()) + " is " + std::to_string(length) +
                                           " bytes long, the body ends after " + std::to_string(body.size() - at));
        parts.push_back(body.substr(at, length));
        at += length;
    }
    return parts;
}

std::string_view content_type_of(BodyFormat format) {
    switch (format) {
        case BodyFormat::json:
        case BodyFormat::json_lines:
            return "application/json";
        case BodyFormat::protobuf:
            return "application/x-protobuf";
        case BodyFormat::delimited:
            break;
    }
    return "application/vnd.cellvigil.events";
}

ingest::Refusal refusal_of(BodyFormat format, std::string_view text, std::vector<Issue> issues) {
    return {.content_type = std::string(content_type_of(format)),
            .head = std::string(text.substr(0, ingest::kMostRefusedBytes)),
            .length = text.size(),
            .sha256 = sha256_hex(text),
            .issues = std::move(issues)};
}

// Text in which no line looks like an object is read as one item. Who says that it is lines is taken at that.
std::vector<ingest::JsonItem> items_of(BodyFormat format, std::string_view body, const Api& api) {
    std::vector<ingest::JsonItem> items = api.envelopes_of_json(body);
    const bool unread =
        items.size() == 1 && !items[0].issues.empty() && items[0].issues[0].reason == Reason::unparsable;
    if (format != BodyFormat::json_lines || !unread) return items;
    items.clear();
    for (std::size_t from = 0; from < body.size();) {
        const std::size_t until = std::min(body.find('\n', from), body.size());
        for (ingest::JsonItem& item : api.envelopes_of_json(body.substr(from, until - from)))
            items.push_back(std::move(item));
        from = until + 1;
    }
    return items;
}

Intaken refused_whole(BodyFormat format, std::string_view body, Reason reason, std::string detail) {
    Intaken intaken;
    intaken.whole = refusal_of(format, body, {{.path = "", .reason = reason, .detail = std::move(detail)}});
    return intaken;
}

void add(Intaken& intaken, std::string value, std::size_t index, const Api& api) {
    std::string key = api.key_of(value);
    intaken.messages.push_back({std::move(key), std::move(value)});
    intaken.index.push_back(index);
}

json::array issues_json(const std::vector<Issue>& issues) {
    json::array list;
    for (const Issue& issue : issues)
        list.push_back(json::object{{"path", issue.path}, {"reason", name_of(issue.reason)}, {"detail", issue.detail}});
    return list;
}

json::array flags_json(EventFlags flags) {
    json::array names;
    for (; flags != 0; flags &= flags - 1) names.push_back(name_of(static_cast<EventFlag>(std::countr_zero(flags))));
    return names;
}

json::object answer_json(std::size_t index, const ingest::Answer& answer) {
    json::object row{{"index", index}, {"outcome", name_of(answer.outcome)}};
    if (!answer.issues.empty()) row["issues"] = issues_json(answer.issues);
    if (answer.flags != 0) row["flags"] = flags_json(answer.flags);
    if (answer.position >= 0) {
        row["partition"] = answer.partition;
        row["position"] = answer.position;
    }
    return row;
}

bool is_problem(const ingest::Answer& answer) {
    return answer.outcome == ingest::Outcome::rejected || answer.outcome == ingest::Outcome::quarantined ||
           !answer.issues.empty() || answer.flags != 0;
}

Response unavailable(const Error& error) {
    Response response = problem(503, "unavailable", "Not now", error.detail);
    response.headers.emplace_back("retry-after", "1");
    return response;
}

Response no_messages(const std::string& detail) {
    return problem(400, "body", "The body holds no messages that can be taken apart", detail);
}

std::optional<Shown> shown_of(const Request& request) {
    const auto found = request.query.find("answers");
    if (found == request.query.end() || found->second == "all") return Shown::all;
    if (found->second == "problems") return Shown::problems;
    if (found->second == "none") return Shown::none;
    return std::nullopt;
}

// The threads that a request passes: bodies are taken apart on one, large answers written on another, so that neither
// the io thread nor the thread that commits is held up.
struct Desk {
    explicit Desk(Api given) : api(std::move(given)) {}
    const Api api;
    const std::shared_ptr<TaskQueue> answers = std::make_shared<TaskQueue>(kMostWaiting);
    TaskQueue bodies{kMostWaiting};  // last: its thread uses the others
};

// What one request is about, kept until it is answered.
struct Errand {
    BodyFormat format = BodyFormat::json;
    Shown shown = Shown::all;
    std::string body;
    bool packed = false;
    Reply reply;
    Intaken intaken;
};

using Answers = std::vector<ingest::Answer>;

// On the thread that commits; the server may be gone.
void answer(const std::weak_ptr<TaskQueue>& queue, const std::shared_ptr<Errand>& errand,
            const std::shared_ptr<const Answers>& answers) {
    const auto write = [errand, answers] { errand->reply(answer_to(errand->intaken, *answers, errand->shown)); };
    const auto open = answers->size() + errand->intaken.refused.size() > kFewAnswers ? queue.lock() : nullptr;
    if (!open || !open->add(write)) write();
}

// Calls `then` when every refusal is durable; the sender is told 503 when they cannot be.
void keep(const ingest::KeepRefused& keeper, const std::shared_ptr<Errand>& errand,
          std::vector<ingest::Refusal> refusals, std::function<void()> then) {
    if (refusals.empty() || !keeper) return then();
    keeper(std::move(refusals), [errand, then = std::move(then)](const Result<void>& kept) {
        if (!kept) return errand->reply(unavailable(kept.error()));
        then();
    });
}

// The messages are settled; now what was none. In this order a request that could not be taken leaves nothing behind.
void conclude(const std::weak_ptr<TaskQueue>& queue, const ingest::KeepRefused& keeper,
              const std::shared_ptr<Errand>& errand, Result<Answers> answers) {
    if (!answers) return errand->reply(unavailable(answers.error()));
    const auto kept = std::make_shared<const Answers>(std::move(*answers));
    std::vector<ingest::Refusal> refusals;
    for (const Refused& refused : errand->intaken.refused) refusals.push_back(refused.refusal);
    keep(keeper, errand, std::move(refusals), [queue, errand, kept] { answer(queue, errand, kept); });
}

// On the thread for bodies.
void take(const Desk& desk, const std::shared_ptr<Errand>& errand) {
    const Api& api = desk.api;
    if (errand->packed) {
        auto plain = gunzip(errand->body, api.max_body_bytes);
        if (!plain) return errand->reply(unpacking_refused(plain.error()));
        errand->body = std::move(*plain);
    }
    auto intaken = take_apart(errand->format, std::move(errand->body), api);
    if (!intaken) return errand->reply(no_messages(intaken.error().detail));
    if (intaken->whole) {
        const std::string detail = intaken->whole->issues.front().detail;
        return keep(api.keep_refused, errand, {std::move(*intaken->whole)},
                    [errand, detail] { errand->reply(no_messages(detail)); });
    }
    auto messages = std::exchange(intaken->messages, {});
    errand->intaken = std::move(*intaken);
    const auto done = [queue = std::weak_ptr(desk.answers), keeper = api.keep_refused,
                       errand](Result<Answers> answers) { conclude(queue, keeper, errand, std::move(answers)); };
    if (messages.empty()) return done(Answers{});
    api.inlet->submit(std::move(messages), done);
}

}  // namespace

std::optional<BodyFormat> format_of(std::string_view content_type) {
    if (content_type == "application/json") return BodyFormat::json;
    if (content_type == "application/x-ndjson") return BodyFormat::json_lines;
    if (content_type == "application/x-protobuf") return BodyFormat::protobuf;
    if (content_type == "application/vnd.cellvigil.events") return BodyFormat::delimited;
    return std::nullopt;
}

Result<Intaken> take_apart(BodyFormat format, std::string body, const Api& api) {
    Intaken intaken;
    switch (format) {
        case BodyFormat::json:
        case BodyFormat::json_lines: {
            std::vector<ingest::JsonItem> items = items_of(format, body, api);
            for (std::size_t i = 0; i < items.size(); ++i) {
                if (items[i].issues.empty()) {
                    add(intaken, std::move(items[i].envelope), i, api);
                } else {
                    intaken.refused.push_back({i, refusal_of(format, items[i].text, std::move(items[i].issues))});
                }
            }
            break;
        }
        case BodyFormat::protobuf:
            if (!body.empty()) add(intaken, body, 0, api);
            break;
        case BodyFormat::delimited: {
            const auto parts = split_delimited(body);
            if (!parts) return refused_whole(format, body, Reason::unparsable, parts.error().detail);
            for (std::size_t i = 0; i < parts->size(); ++i) add(intaken, std::string((*parts)[i]), i, api);
            break;
        }
    }
    const std::size_t count = intaken.messages.size() + intaken.refused.size();
    if (count == 0) return fail(Errc::invalid, "the body is empty");
    if (count > api.max_messages)
        return refused_whole(
            format, body, Reason::oversize,
            std::to_string(count) + " messages, at most " + std::to_string(api.max_messages) + " at once");
    return intaken;
}

Response answer_to(const Intaken& intaken, const std::vector<ingest::Answer>& answers, Shown shown) {
    struct Row {
        std::size_t index;
        ingest::Answer answer;
    };
    std::vector<Row> rows;
    for (std::size_t i = 0; i < answers.size(); ++i) rows.push_back({intaken.index[i], answers[i]});
    for (const Refused& refused : intaken.refused) {
        ingest::Answer answer;
        answer.issues = refused.refusal.issues;
        rows.push_back({refused.index, std::move(answer)});
    }
    std::ranges::sort(rows, {}, &Row::index);
    json::object counts;
    json::array messages;
    std::size_t rejected = 0;
    for (const Row& row : rows) {
        json::value& count = counts[name_of(row.answer.outcome)];
        count = count.is_null() ? std::int64_t{1} : count.as_int64() + 1;
        if (row.answer.outcome == ingest::Outcome::rejected) ++rejected;
        if (shown == Shown::all || (shown == Shown::problems && is_problem(row.answer)))
            messages.push_back(answer_json(row.index, row.answer));
    }
    Response response;
    response.status = rejected == rows.size() ? 400 : 202;
    response.body =
        json::serialize(json::object{
            {"received", rows.size()}, {"outcomes", std::move(counts)}, {"messages", std::move(messages)}}) +
        "\n";
    return response;
}

Handler post_events(const Api& api) {
    const auto desk = std::make_shared<Desk>(api);
    return [desk](Request request, Reply reply) {
        const auto format = format_of(request.content_type);
        if (!format)
            return reply(problem(415, "content-type", "Content type not supported",
                                 "one of application/json, application/x-ndjson, application/x-protobuf, "
                                 "application/vnd.cellvigil.events"));
        const auto shown = shown_of(request);
        if (!shown)
            return reply(problem(400, "parameter", "Bad parameter", "answers: expected all, problems or none",
                                 {{"?answers", "expected all, problems or none"}}));
        if (desk->api.inlet == nullptr) return reply(unavailable({Errc::unavailable, "no messages are taken here"}));
        const auto errand = std::make_shared<Errand>();
        errand->format = *format;
        errand->shown = *shown;
        errand->body = std::move(request.body);
        errand->packed = request.packed;
        errand->reply = reply;
        const bool taken =
            desk->bodies.add([&desk = *desk, errand] { take(desk, errand); });  // the queue is the desk's
        if (!taken) reply(unavailable({Errc::unavailable, "too many requests wait"}));
    };
}

}  // namespace cellvigil::http
