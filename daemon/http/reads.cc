#include "daemon/http/reads.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

#include "daemon/book/book_json.h"
#include "daemon/http/desk.h"
#include "daemon/http/identity.h"

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

// One page of a list: rows until it is full, then the cursor of the last of them if there was another.
class Rows {
  public:
    Rows(const char* name, std::size_t limit, const char* list = nullptr)
        : name_(name), list_(list == nullptr ? name : list), limit_(limit) {}
    void add(json::object row, std::string place) {
        if (rows_.size() == limit_) {
            more_ = true;
            return;
        }
        rows_.push_back(std::move(row));
        last_ = std::move(place);
    }
    bool full() const { return more_; }
    std::string json() {
        json::object page{{name_, std::move(rows_)}, {"next", nullptr}};
        if (more_) page["next"] = cursor_of(list_, last_);
        return json::serialize(page) + "\n";
    }

  private:
    const char* name_;
    const char* list_;
    std::size_t limit_;
    json::array rows_;
    std::string last_;
    bool more_ = false;
};

json::object held_json(const store::Held& held) {
    return {{"partition", held.partition},        {"position", held.position},   {"reason", held.reason},
            {"issues", detail_json(held.detail)}, {"subject", held.subject_key}, {"since", time_json(held.since)}};
}

// "3/1204": the place after which the next page of the quarantine begins.
struct Place {
    std::uint32_t partition = 0;
    std::int64_t position = -1;
};
std::optional<Place> held_after(const std::string& after) {
    if (after.empty()) return Place{};
    const auto slash = after.find('/');
    if (slash == std::string::npos) return std::nullopt;
    const auto partition = number_of<std::uint32_t>(std::string_view(after).substr(0, slash));
    const auto position = number_of<std::int64_t>(std::string_view(after).substr(slash + 1));
    if (!partition || !position) return std::nullopt;
    return Place{*partition, *position};
}

}  // namespace

Result<Page> page_of(const Request& request, std::string_view list) {
    Page page;
    if (const auto given = request.query.find("limit"); given != request.query.end()) {
        const auto limit = number_of<std::size_t>(given->second);
        if (!limit || *limit < 1 || *limit > kLargestPage)
            return fail(Errc::invalid, "limit: expected an integer from 1 to " + std::to_string(kLargestPage));
        page.limit = *limit;
    }
    const auto given = request.query.find("after");
    if (given == request.query.end() || given->second.empty()) return page;
    auto place = cellvigil::http::place_of(list, given->second);
    if (!place) return fail(place.error());
    page.after = std::move(*place);
    return page;
}

Result<std::optional<Instant>> time_in(const Request& request, const char* name) {
    const auto given = request.query.find(name);
    if (given == request.query.end()) return std::optional<Instant>();
    std::string text = given->second;
    std::ranges::replace(text, ' ', '+');  // a plus that was not escaped
    const auto read = parse_rfc3339(text);
    if (!read) return fail(Errc::invalid, std::string(name) + ": expected a time such as 2026-01-05T14:20:00+08:00");
    return std::optional<Instant>(*read);
}

Result<std::string> dead_letters_json(store::Store& session, const Request& request) {
    const auto page = page_of(request, "dead-letters");
    if (!page) return fail(page.error());
    const auto after = page->after.empty() ? std::optional<std::int64_t>(0) : number_of<std::int64_t>(page->after);
    if (!after) return fail(Errc::invalid, "after: expected the next of the page before");
    const auto letters = session.dead_letters(*after, page->limit + 1);
    if (!letters) return fail(letters.error());
    Rows rows("dead_letters", page->limit, "dead-letters");
    for (const store::DeadLetterRow& row : *letters) {
        const bool placed = row.letter.position >= 0;
        rows.add(json::object{{"id", row.id},
                              {"partition", placed ? json::value(row.letter.partition) : json::value()},
                              {"position", placed ? json::value(row.letter.position) : json::value()},
                              {"reason", row.letter.reason},
                              {"issues", detail_json(row.letter.detail)},
                              {"failed_at", time_json(row.letter.failed_at)},
                              {"oversize", row.letter.oversize},
                              {"requeued", row.requeued}},
                 std::to_string(row.id));
    }
    return rows.json();
}

Result<std::string> quarantine_json(store::Store& session, const Request& request) {
    const auto page = page_of(request, "quarantine");
    if (!page) return fail(page.error());
    const auto after = held_after(page->after);
    if (!after) return fail(Errc::invalid, "after: expected the next of the page before");
    auto partitions = session.partitions();
    if (!partitions) return fail(partitions.error());
    std::ranges::sort(*partitions);
    Rows rows("quarantine", page->limit);
    for (const std::uint32_t partition : *partitions) {
        if (partition < after->partition || rows.full()) continue;
        auto held = session.held(partition);
        if (!held) return fail(held.error());
        std::ranges::sort(*held, {}, &store::Held::position);
        for (const store::Held& message : *held) {
            if (partition == after->partition && message.position <= after->position) continue;
            if (!may_see(identity_of(request), message.subject_key)) continue;
            rows.add(held_json(message), std::to_string(partition) + "/" + std::to_string(message.position));
        }
    }
    return rows.json();
}

Result<std::string> quality_json(store::Store& session) {
    const auto counts = session.counts();
    if (!counts) return fail(counts.error());
    json::object held;
    std::int64_t total = 0;
    for (const store::Counts::Held& row : counts->held) {
        held[row.reason] = row.count;
        total += row.count;
    }
    return json::serialize(json::object{{"quarantined", total}, {"by_reason", std::move(held)}});
}

namespace {

// "limit: expected ..." says which parameter.
Response bad_parameter(const std::string& detail) {
    const auto colon = detail.find(": ");
    if (colon == std::string::npos) return problem(400, "parameter", "Bad parameter", detail);
    return problem(400, "parameter", "Bad parameter", detail,
                   {{"?" + detail.substr(0, colon), detail.substr(colon + 2)}});
}

}  // namespace

Response response_of(const Result<std::string>& json) {
    if (json) {
        Response response;
        response.body = *json;
        return response;
    }
    const Error& error = json.error();
    switch (error.code) {
        case Errc::invalid:
            return bad_parameter(error.detail);
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
