// What the handlers of alerts, signals and the audit trail share: the desk they work at, who acts, bodies and answers.
#pragma once

#include <boost/json/object.hpp>

#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/book/deadlines.h"
#include "daemon/book/trail.h"
#include "daemon/http/message.h"
#include "daemon/http/reader.h"
#include "rules/alert/lifecycle.h"
#include "rules/base/time.h"

namespace cellvigil::http {

struct LocalOperator {
    std::string person;
    std::vector<Role> roles;
};

// What is judged by at the desk.
struct DeskRules {
    AlertPolicy policy;
    book::Reporting reporting;
};

// The rules in force: a reload replaces them as a whole. Safe from any thread.
class DeskRulebook {
  public:
    DeskRulebook() : now_(std::make_shared<const DeskRules>()) {}
    std::shared_ptr<const DeskRules> now() const;
    void replace(DeskRules rules);

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const DeskRules> now_;
};

struct AlertDesk {
    std::shared_ptr<Reader> reader;
    std::shared_ptr<Reader> writer;      // people's steps; its session may write
    std::shared_ptr<book::Trail> trail;  // nullptr: reads are not audited (tests of other routes)
    std::function<Instant()> now;
    // What a revision told, as JSON: title, explanation, flags, details, records. Empty: nothing is shown of it.
    std::function<Result<boost::json::object>(std::string_view body)> told;
    std::shared_ptr<DeskRulebook> rules = std::make_shared<DeskRulebook>();
    // Who acts when nobody was authenticated, on the loopback; nullopt: nobody may.
    std::optional<LocalOperator> local_operator;
};

// The role in which a person does this: the one with the widest say that may; else the first of theirs. nullopt: none.
std::optional<Actor> actor_of(const AlertDesk& desk, const Request& request, const std::function<bool(Role)>& may_do);
Response nobody();  // 403: nobody was authenticated and no local operator is configured

Response ok(const boost::json::object& object, const std::string& tag = "");
// The body's texts, by name; what is not among `names` is an error. An empty body has none.
Result<boost::json::object> body_of(const Request& request, std::initializer_list<std::string_view> names);
Result<std::string> text_in(const boost::json::object& body, const char* name);  // empty: not given
inline constexpr std::size_t kLongestText = 1000;  // characters of a reason, comment or name
bool is_too_long(std::string_view text);           // UTF-8
// 400 for a body that is none: "field: what was expected".
Response bad_body(const Error& error);

using ReadDesk = Response (*)(const AlertDesk& desk, store::Store& session, const Request& request);
Handler desk_reader(const AlertDesk& desk, ReadDesk read);

// An alert of a cohort has no subject: whoever sees the study sees it.
bool may_see(const auth::Identity& identity, const store::AlertRow& row);

}  // namespace cellvigil::http
