// What the API reads from the store, as JSON. Private to the API.
#pragma once

#include <memory>
#include <string>

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
// ?limit= and ?after=; `invalid` when they are not numbers or names of their kind.
Result<Page> page_of(const Request& request);

Result<std::string> dead_letters_json(store::Store& session, const Page& page);
Result<std::string> quarantine_json(store::Store& session, const Page& page);
// Cohorts with n/N and the 95 % Wilson interval, and the log time and watermark they are as of.
Result<std::string> summary_json(store::Store& session);

// A handler that runs `read` in the reader's session.
using Read = Result<std::string> (*)(store::Store& session, const Request& request);
Handler read_handler(std::shared_ptr<Reader> reader, Read read);
// The answer for what a read or a view said.
Response response_of(const Result<std::string>& json);

}  // namespace cellvigil::http
