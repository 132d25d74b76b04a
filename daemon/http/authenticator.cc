#include "daemon/http/authenticator.h"

#include <algorithm>
#include <utility>

#include "daemon/http/identity.h"
#include "daemon/log/log.h"

namespace cellvigil::http {
namespace {

using Verdict = Authenticator::Verdict;

Verdict refuse(Response response) {
    Verdict verdict;
    verdict.refusal = std::move(response);
    return verdict;
}

Verdict unauthorised(std::string_view error, std::string_view why) {
    Response response = problem(401, "unauthorized", "Who are you?", why);
    std::string challenge = "Bearer realm=\"cellvigil\"";
    if (!error.empty())
        challenge += ", error=\"" + std::string(error) + "\", error_description=\"" + std::string(why) + "\"";
    response.headers.emplace_back("www-authenticate", std::move(challenge));
    return refuse(std::move(response));
}

Verdict forbidden(std::string_view why) {
    Response response = problem(403, "forbidden", "Not for you", why);
    response.headers.emplace_back("www-authenticate", "Bearer realm=\"cellvigil\", error=\"insufficient_scope\"");
    return refuse(std::move(response));
}

// Whether the identity may use the route.
Verdict decide(const Authenticator::Asked& asked, auth::Identity identity) {
    const Guard& guard = asked.guard;
    if (!auth::allows(identity, guard.permission))
        return forbidden(std::string("needs the permission ") + auth::name_of(guard.permission));
    if (guard.of_study && (asked.captures.empty() || !identity.sees(asked.captures.front())))
        return forbidden("the study is not one of yours");
    Verdict verdict;
    verdict.identity = std::move(identity);
    return verdict;
}

// How long it takes says nothing about where they differ.
bool same(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    unsigned differs = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        differs |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(right[i]));
    return differs == 0;
}

std::optional<auth::Identity> of_certificate(const std::vector<Machine>& machines, const Peer& peer) {
    if (!peer.certified) return std::nullopt;
    for (const Machine& machine : machines) {
        const bool fits = machine.presents == peer.subject ||
                          std::ranges::find(peer.alternative_names, machine.presents) != peer.alternative_names.end();
        if (!fits) continue;
        auth::Identity identity;
        identity.person = "machine:" + machine.name;
        identity.roles = machine.roles;
        identity.studies = machine.studies;
        std::ranges::sort(identity.roles);
        std::ranges::sort(identity.studies);
        identity.expires = kNever;
        return identity;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view kScheme = "bearer ";
    if (authorization.size() <= kScheme.size()) return std::nullopt;
    for (std::size_t i = 0; i < kScheme.size(); ++i) {
        const char c = authorization[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) return std::nullopt;
    }
    std::string_view token = authorization.substr(kScheme.size());
    while (token.starts_with(' ')) token.remove_prefix(1);
    const bool whole = !token.empty() && std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
    return whole ? std::optional(token) : std::nullopt;
}

Authenticator::Authenticator(AuthOptions options) : options_(std::move(options)) {}

Verdict Authenticator::of_token(const Asked& asked, std::string_view token) const {
    const auto keys = options_.keys ? options_.keys->keys() : nullptr;
    if (!keys) {
        Response response =
            problem(503, "unavailable", "Not now", "the identity provider's keys could not be read yet");
        response.headers.emplace_back("retry-after", "5");
        Verdict verdict = refuse(std::move(response));
        verdict.unknown_key = options_.keys != nullptr;
        return verdict;
    }
    auto checked = auth::check_token(token, *keys, *options_.tokens, options_.now());
    if (checked.identity) return decide(asked, std::move(*checked.identity));
    log::debug({"auth", "token_refused", "a token was refused"},
               {{"refusal", auth::name_of(checked.refusal)}, {"why", checked.detail}});
    if (checked.refusal == auth::Refusal::no_role) return forbidden("the token gives no role here");
    Verdict verdict = unauthorised("invalid_token", auth::name_of(checked.refusal));
    verdict.unknown_key = checked.refusal == auth::Refusal::unknown_key;
    return verdict;
}

Verdict Authenticator::judge(const Asked& asked) const {
    switch (asked.guard.kind) {
        case Guard::Kind::refused:
            return forbidden("the route names no permission");
        case Guard::Kind::open:
            return {};
        case Guard::Kind::scrape:
        case Guard::Kind::permitted:
            break;
    }
    if (!options_.required) return decide(asked, local_identity());
    if (asked.authorization) {
        const auto token = bearer_token(*asked.authorization);
        if (!token) return unauthorised("invalid_request", "expected Authorization: Bearer TOKEN");
        if (asked.guard.kind == Guard::Kind::scrape && !options_.metrics_token.empty() &&
            same(*token, options_.metrics_token))
            return {};
        if (!options_.tokens) return unauthorised("invalid_token", "no tokens are taken here");
        return of_token(asked, *token);
    }
    auto machine = of_certificate(options_.machines, asked.peer);
    if (machine) return decide(asked, std::move(*machine));
    if (asked.peer.certified) return forbidden("the certificate is nobody's here");
    return unauthorised("", "a bearer token or a client certificate is asked for");
}

}  // namespace cellvigil::http
