#include "daemon/http/reads.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace cellvigil::http {
namespace {

namespace json = boost::json;

template <typename T>
std::optional<T> number_of(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

json::value time_json(Instant at) {
    if (at == kAlways || at == kNever) return nullptr;
    return json::value(to_rfc3339(at));
}

// Stored details are JSON written by ourselves; should one not be, it is shown as text.
json::value detail_json(const std::string& text) {
    if (text.empty()) return nullptr;
    json::error_code error;
    json::value parsed = json::parse(text, error);
    return error ? json::value(text) : parsed;
}

std::string page_json(const char* name, json::array rows, const std::string& next) {
    json::object page{{name, std::move(rows)}, {"next", nullptr}};
    if (!next.empty()) page["next"] = next;
    return json::serialize(page) + "\n";
}

json::object held_json(const store::Held& held) {
    return {{"partition", held.partition},        {"position", held.position},   {"reason", held.reason},
            {"issues", detail_json(held.detail)}, {"subject", held.subject_key}, {"since", time_json(held.since)}};
}

// "3/1204": the place after which the next page of the quarantine begins.
struct Place {
    std::uint32_t partition = 0;
    std::int64_t position = -1;
};
std::optional<Place> place_of(const std::string& after) {
    if (after.empty()) return Place{};
    const auto slash = after.find('/');
    if (slash == std::string::npos) return std::nullopt;
    const auto partition = number_of<std::uint32_t>(std::string_view(after).substr(0, slash));
    const auto position = number_of<std::int64_t>(std::string_view(after).substr(slash + 1));
    if (!partition || !position) return std::nullopt;
    return Place{*partition, *position};
}

}  // namespace

Result<Page> page_of(const Request& request) {
    Page page;
    if (const auto given = request.query.find("limit"); given != request.query.end()) {
        const auto limit = number_of<std::size_t>(given->second);
        if (!limit || *limit < 1 || *limit > kLargestPage)
            return fail(Errc::invalid, "limit: expected an integer from 1 to " + std::to_string(kLargestPage));
        page.limit = *limit;
    }
    if (const auto given = request.query.find("after"); given != request.query.end()) page.after = given->second;
    return page;
}

Result<std::string> dead_letters_json(store::Store& session, const Page& page) {
    const auto after = page.after.empty() ? std::optional<std::int64_t>(0) : number_of<std::int64_t>(page.after);
    if (!after) return fail(Errc::invalid, "after: expected the next of the page before");
    const auto rows = session.dead_letters(*after, page.limit);
    if (!rows) return fail(rows.error());
    json::array list;
    for (const store::DeadLetterRow& row : *rows) {
        list.push_back(json::object{{"id", row.id},
                                    {"partition", row.letter.partition},
                                    {"position", row.letter.position},
                                    {"reason", row.letter.reason},
                                    {"issues", detail_json(row.letter.detail)},
                                    {"failed_at", time_json(row.letter.failed_at)},
                                    {"oversize", row.letter.oversize},
                                    {"requeued", row.requeued}});
    }
    return page_json("dead_letters", std::move(list),
                     rows->size() == page.limit ? std::to_string(rows->back().id) : "");
}

Result<std::string> quarantine_json(store::Store& session, const Page& page) {
    const auto after = place_of(page.after);
    if (!after) return fail(Errc::invalid, "after: expected the next of the page before");
    auto partitions = session.partitions();
    if (!partitions) return fail(partitions.error());
    std::ranges::sort(*partitions);
    json::array list;
    std::string next;
    for (const std::uint32_t partition : *partitions) {
        if (partition < after->partition) continue;
        auto held = session.held(partition);
        if (!held) return fail(held.error());
        std::ranges::sort(*held, {}, &store::Held::position);
        for (const store::Held& message : *held) {
            if (partition == after->partition && message.position <= after->position) continue;
            list.push_back(held_json(message));
            if (list.size() < page.limit) continue;
            next = std::to_string(partition) + "/" + std::to_string(message.position);
            return page_json("quarantine", std::move(list), next);
        }
    }
    return page_json("quarantine", std::move(list), next);
}

Response response_of(const Result<std::string>& json) {
    if (json) {
        Response response;
        response.body = *json;
        return response;
    }
    const Error& error = json.error();
    switch (error.code) {
        case Errc::invalid:
            return problem(400, "parameter", "Bad parameter", error.detail);
        case Errc::not_found:
            return problem(404, "not-found", "No such resource", error.detail);
        case Errc::unavailable:
        case Errc::conflict: {
            Response response = problem(503, "unavailable", "Not now", error.detail);
            response.headers.emplace_back("retry-after", "1");
            return response;
        }
        case Errc::corrupt:
            return problem(500, "corrupt", "The store is damaged", error.detail);
    }
    return problem(500, "internal", "Internal error", "");
}

Handler read_handler(std::shared_ptr<Reader> reader, Read read) {
    return [reader = std::move(reader), read](Request request, Reply reply) {
        const bool taken =
            reader && reader->run([read, request = std::move(request), reply](Result<store::Store*> session) {
                reply(response_of(session ? read(**session, request) : fail(session.error())));
            });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

}  // namespace cellvigil::http
