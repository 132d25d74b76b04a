#include "daemon/http/desk.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/http/identity.h"
#include "daemon/http/reads.h"

namespace cellvigil::http {

namespace json = boost::json;

std::shared_ptr<const DeskRules> DeskRulebook::now() const {
    const std::lock_guard lock(mutex_);
    return now_;
}

void DeskRulebook::replace(DeskRules rules) {
    auto fresh = std::make_shared<const DeskRules>(std::move(rules));
    const std::lock_guard lock(mutex_);
    now_ = std::move(fresh);
}

std::optional<Actor> actor_of(const AlertDesk& desk, const Request& request, const std::function<bool(Role)>& may_do) {
    const auth::Identity& identity = identity_of(request);
    const bool local = identity.person == local_identity().person;
    if (local && !desk.local_operator) return std::nullopt;
    const std::string& person = local ? desk.local_operator->person : identity.person;
    const std::vector<Role>& roles = local ? desk.local_operator->roles : identity.roles;
    for (const Role role : {Role::safety_lead, Role::reviewer, Role::case_assessor, Role::data_manager}) {
        if (std::ranges::find(roles, role) != roles.end() && may_do(role)) return Actor{person, role};
    }
    return roles.empty() ? std::nullopt : std::optional(Actor{person, roles.front()});
}

Response nobody() {
    return problem(403, "no-actor", "Nobody to sign for this",
                   "an action is a named person's: configure authentication, or http.local_operator.person and "
                   "http.local_operator.role for a daemon on the loopback");
}

Response ok(const json::object& object, const std::string& tag) {
    Response response;
    response.body = json::serialize(object) + "\n";
    if (!tag.empty()) response.headers.emplace_back("etag", "\"" + tag + "\"");
    return response;
}

Result<json::object> body_of(const Request& request, std::initializer_list<std::string_view> names) {
    if (request.body.empty()) return json::object();
    json::error_code error;
    json::value value = json::parse(request.body, error);
    if (error || !value.is_object()) return fail(Errc::invalid, ": expected a JSON object");
    for (const auto& member : value.as_object()) {
        if (std::ranges::find(names, std::string_view(member.key())) == names.end())
            return fail(Errc::invalid, std::string(member.key()) + ": unknown field");
    }
    return std::move(value.as_object());
}

Result<std::string> text_in(const json::object& body, const char* name) {
    const json::value* value = body.if_contains(name);
    if (value == nullptr || value->is_null()) return std::string();
    if (!value->is_string() || is_too_long(value->as_string()))
        return fail(Errc::invalid,
                    std::string(name) + ": expected a text of at most " + std::to_string(kLongestText) + " characters");
    return std::string(value->as_string());
}

bool is_too_long(std::string_view text) {
    const auto goes_on = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, goes_on)) > kLongestText;
}

Response bad_body(const Error& error) {
    const auto colon = error.detail.find(": ");
    const std::string field = error.detail.substr(0, colon);
    return problem(400, "body", "Bad body", error.detail,
                   {{field.empty() ? "#" : "#/" + field, error.detail.substr(colon + 2)}});
}

Handler desk_reader(const AlertDesk& desk, ReadDesk read) {
    return [desk, read](const Request& request, const Reply& reply) {
        const bool taken =
            desk.reader && desk.reader->run([desk, read, request, reply](const Result<store::Store*>& session) {
                reply(session ? read(desk, **session, request) : response_of(fail(session.error())));
            });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

bool may_see(const auth::Identity& identity, const store::AlertRow& row) {
    return may_see(identity, std::string_view(row.subject_key.empty() ? row.cohort : row.subject_key));
}

}  // namespace cellvigil::http
