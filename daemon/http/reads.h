// What the API reads from the store, as JSON. Private to the API.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/message.h"
#include "daemon/http/reader.h"
#include "daemon/store/store.h"
#include "rules/base/result.h"

namespace cellvigil::http {

struct Page {
    std::size_t limit = 100;
    std::string after;  // as the previous page's `next`; empty: from the start
};
inline constexpr std::size_t kLargestPage = 1000;
// ?limit= and ?after=, a cursor of that list; `invalid` when they are not.
Result<Page> page_of(const Request& request, std::string_view list);
// The cursor that stands for a place in a list; opaque to clients.
std::string cursor_of(std::string_view list, std::string_view place);
Result<std::string> place_of(std::string_view list, std::string_view cursor);

// Of subjects, only what the request's identity may see.
Result<std::string> dead_letters_json(store::Store& session, const Request& request);
Result<std::string> quarantine_json(store::Store& session, const Request& request);
// Cohorts with n/N and the 95 % Wilson interval, and the log time and watermark they are as of.
Result<std::string> summary_json(store::Store& session);
Result<std::string> cohort_list_json(store::Store& session, const Request& request);
Result<std::string> cohort_summary_json(store::Store& session, const Request& request);
Result<std::map<std::string, std::string>> cohorts_json(store::Store& session);  // "study/cohort" to its numbers
// Messages held, by reason, and dead letters that wait.
Result<std::string> quality_json(store::Store& session);

// A handler that runs `read` in the reader's session.
using Read = Result<std::string> (*)(store::Store& session, const Request& request);
Handler read_handler(std::shared_ptr<Reader> reader, Read read);
// A time in the query; nullopt within: not given.
Result<std::optional<Instant>> time_in(const Request& request, const char* name);
// The answer for what a read or a view said.
Response response_of(const Result<std::string>& json);

}  // namespace cellvigil::http
