#include "daemon/http/events.h"

#include <boost/json.hpp>

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/http/gzip.h"
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

json::object answer_json(std::size_t index, const ingest::Answer& answer) {
    json::object row{{"index", index}, {"outcome", name_of(answer.outcome)}};
    if (!answer.issues.empty()) row["issues"] = issues_json(answer.issues);
    if (answer.position >= 0) {
        row["partition"] = answer.partition;
        row["position"] = answer.position;
    }
    return row;
}

bool is_problem(const ingest::Answer& answer) {
    return answer.outcome == ingest::Outcome::rejected || answer.outcome == ingest::Outcome::quarantined ||
           !answer.issues.empty();
}

Response unavailable(const Error& error) {
    Response response = problem(503, "unavailable", "Not now", error.detail);
    response.headers.emplace_back("retry-after", "1");
    return response;
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

// On the thread that commits; the server may be gone.
void answer(const std::weak_ptr<TaskQueue>& queue, const std::shared_ptr<Errand>& errand,
            Result<std::vector<ingest::Answer>> answers) {
    if (!answers) return errand->reply(unavailable(answers.error()));
    const auto kept = std::make_shared<const std::vector<ingest::Answer>>(std::move(*answers));
    const auto write = [errand, kept] { errand->reply(answer_to(errand->intaken, *kept, errand->shown)); };
    const auto open = kept->size() > kFewAnswers ? queue.lock() : nullptr;
    if (!open || !open->add(write)) write();
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
    if (!intaken)
        return errand->reply(
            problem(400, "body", "The body holds no messages that can be taken apart", intaken.error().detail));
    if (api.count_refused)
        for (const Refused& refused : intaken->refused)
            api.count_refused(refused.issues.empty() ? Reason::unparsable : refused.issues.front().reason);
    if (intaken->messages.empty()) return errand->reply(answer_to(*intaken, {}, errand->shown));
    auto messages = std::exchange(intaken->messages, {});
    errand->intaken = std::move(*intaken);
    api.inlet->submit(std::move(messages),
                      [queue = std::weak_ptr(desk.answers), errand](Result<std::vector<ingest::Answer>> answers) {
                          answer(queue, errand, std::move(answers));
                      });
}

}  // namespace

std::optional<BodyFormat> format_of(std::string_view content_type) {
    if (content_type == "application/json" || content_type == "application/x-ndjson") return BodyFormat::json;
    if (content_type == "application/x-protobuf") return BodyFormat::protobuf;
    if (content_type == "application/vnd.cellvigil.events") return BodyFormat::delimited;
    return std::nullopt;
}

Result<Intaken> take_apart(BodyFormat format, std::string body, const Api& api) {
    Intaken intaken;
    switch (format) {
        case BodyFormat::json: {
            std::vector<ingest::JsonItem> items = api.envelopes_of_json(body);
            for (std::size_t i = 0; i < items.size(); ++i) {
                if (items[i].issues.empty()) {
                    add(intaken, std::move(items[i].envelope), i, api);
                } else {
                    intaken.refused.push_back({i, std::move(items[i].issues)});
                }
            }
            break;
        }
        case BodyFormat::protobuf:
            if (!body.empty()) add(intaken, std::move(body), 0, api);
            break;
        case BodyFormat::delimited: {
            const auto parts = split_delimited(body);
            if (!parts) return fail(parts.error());
            for (std::size_t i = 0; i < parts->size(); ++i) add(intaken, std::string((*parts)[i]), i, api);
            break;
        }
    }
    const std::size_t count = intaken.messages.size() + intaken.refused.size();
    if (count == 0) return fail(Errc::invalid, "the body is empty");
    if (count > api.max_messages)
        return fail(Errc::invalid,
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
        answer.issues = refused.issues;
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
        if (!shown) return reply(problem(400, "parameter", "Bad parameter", "answers: expected all, problems or none",
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
