#include "daemon/auth/token.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

namespace cellvigil::auth {
namespace {

namespace json = boost::json;

struct Parts {
    std::string_view signed_text;  // header.payload
    json::object header;
    json::object claims;
    std::string signature;
};

Checked refuse(Refusal refusal, std::string detail) {
    Checked checked;
    checked.refusal = refusal;
    checked.detail = std::move(detail);
    return checked;
}

std::optional<json::object> object_of(std::string_view base64url) {
    const auto text = from_base64url(base64url);
    if (!text) return std::nullopt;
    boost::system::error_code error;
    json::value value = json::parse(*text, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

std::optional<Parts> parts_of(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
    auto header = object_of(token.substr(0, first));
    auto claims = object_of(token.substr(first + 1, second - first - 1));
    auto signature = from_base64url(token.substr(second + 1));
    if (!header || !claims || !signature) return std::nullopt;
    return Parts{token.substr(0, second), std::move(*header), std::move(*claims), std::move(*signature)};
}

std::string text_of(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// A NumericDate: seconds since 1970, perhaps with a fraction.
std::optional<Instant> time_of(const json::object& claims, const char* name) {
    constexpr double kMost = 1e11;
    const auto* value = claims.if_contains(name);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    const double seconds = value->to_number<double>();
    if (!std::isfinite(seconds) || std::fabs(seconds) > kMost) return std::nullopt;
    return Instant(milliseconds(static_cast<std::int64_t>(seconds * 1000.0)));
}

bool names_audience(const json::object& claims, const std::string& audience) {
    const auto* value = claims.if_contains("aud");
    if (value == nullptr) return false;
    if (value->is_string()) return std::string_view(value->as_string()) == audience;
    if (!value->is_array()) return false;
    const auto& list = value->as_array();
    return std::any_of(list.begin(), list.end(), [&](const json::value& one) {
        return one.is_string() && std::string_view(one.as_string()) == audience;
    });
}

// "realm_access.roles" reaches into objects.
const json::value* claim(const json::object& claims, std::string_view path) {
    const json::object* inside = &claims;
    for (;;) {
        const std::size_t dot = path.find('.');
        const auto* value = inside->if_contains(json::string_view(path.data(), std::min(dot, path.size())));
        if (value == nullptr || dot == std::string_view::npos) return value;
        inside = value->if_object();
        if (inside == nullptr) return nullptr;
        path.remove_prefix(dot + 1);
    }
}

std::vector<std::string> texts_of(const json::object& claims, std::string_view path) {
    std::vector<std::string> texts;
    const json::value* value = claim(claims, path);
    if (value == nullptr) return texts;
    if (value->is_array()) {
        for (const json::value& one : value->as_array()) {
            if (one.is_string()) texts.emplace_back(one.as_string());
        }
    } else if (value->is_string()) {
        std::string_view rest(value->as_string());
        while (!rest.empty()) {
            const std::size_t space = std::min(rest.find(' '), rest.size());
            if (space > 0) texts.emplace_back(rest.substr(0, space));
            rest.remove_prefix(std::min(space + 1, rest.size()));
        }
    }
    return texts;
}

template <typename T>
void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::optional<Checked> wrong_time(const json::object& claims, const TokenPolicy& policy, Instant now) {
    const auto expires = time_of(claims, "exp");
    if (!expires) return refuse(Refusal::malformed, "exp: missing");
    if (now >= *expires + policy.leeway) return refuse(Refusal::expired, "exp");
    if (const auto from = time_of(claims, "nbf"); from && now < *from - policy.leeway)
        return refuse(Refusal::not_yet_valid, "nbf");
    const auto issued = time_of(claims, "iat");
    if (issued && now < *issued - policy.leeway) return refuse(Refusal::not_yet_valid, "iat");
    if (*expires - issued.value_or(now) > policy.longest_life + policy.leeway)
        return refuse(Refusal::too_long_lived, "exp");
    return std::nullopt;
}

// The key that the header names; without a name the only one of its algorithm.
const Jwk* key_for(const KeySet& keys, const std::string& kid, const std::string& algorithm) {
    const Jwk* found = nullptr;
    for (const Jwk& key : keys.keys) {
        if (name_of(key.algorithm) != algorithm) continue;
        if (!kid.empty()) {
            if (key.kid == kid) return &key;
            continue;
        }
        if (found != nullptr) return nullptr;
        found = &key;
    }
    return found;
}

Checked identified(const json::object& claims, const TokenPolicy& policy) {
    Identity identity;
    identity.person = text_of(claims, "sub");
    if (identity.person.empty()) return refuse(Refusal::malformed, "sub: missing");
    identity.expires = *time_of(claims, "exp");
    for (const std::string& name : texts_of(claims, policy.roles_claim)) {
        const auto known = policy.roles.find(name);
        if (known != policy.roles.end() && known->second != Role::engine) identity.roles.push_back(known->second);
    }
    sort_unique(identity.roles);
    if (identity.roles.empty()) return refuse(Refusal::no_role, policy.roles_claim);
    identity.studies = texts_of(claims, policy.studies_claim);
    sort_unique(identity.studies);
    Checked checked;
    checked.identity = std::move(identity);
    return checked;
}

}  // namespace

bool Identity::has(Role role) const { return std::binary_search(roles.begin(), roles.end(), role); }
bool Identity::sees(std::string_view study) const {
    return std::any_of(studies.begin(), studies.end(),
                       [&](const std::string& one) { return one == "*" || one == study; });
}

const char* name_of(Refusal refusal) {
    constexpr auto kNames =
        std::to_array<const char*>({"malformed", "algorithm", "unknown_key", "signature", "issuer", "audience",
                                    "expired", "not_yet_valid", "too_long_lived", "no_role"});
    return kNames[static_cast<std::size_t>(refusal)];
}

Checked check_token(std::string_view token, const KeySet& keys, const TokenPolicy& policy, Instant now) {
    if (token.size() > kMostTokenBytes) return refuse(Refusal::malformed, "longer than a token may be");
    const auto parts = parts_of(token);
    if (!parts) return refuse(Refusal::malformed, "not three parts of base64url JSON");
    if (parts->header.contains("crit")) return refuse(Refusal::malformed, "crit: extensions are not understood");
    const std::string algorithm = text_of(parts->header, "alg");
    const bool allowed = std::any_of(policy.algorithms.begin(), policy.algorithms.end(),
                                     [&](Algorithm one) { return algorithm == name_of(one); });
    if (!allowed) return refuse(Refusal::algorithm, "not an allowed algorithm");
    const Jwk* key = key_for(keys, text_of(parts->header, "kid"), algorithm);
    if (key == nullptr) return refuse(Refusal::unknown_key, "no such key");
    if (!key->key->verifies(parts->signed_text, parts->signature))
        return refuse(Refusal::signature, "not signed by that key");
    if (text_of(parts->claims, "iss") != policy.issuer) return refuse(Refusal::issuer, "iss");
    if (!names_audience(parts->claims, policy.audience)) return refuse(Refusal::audience, "aud");
    if (auto refused = wrong_time(parts->claims, policy, now)) return *refused;
    return identified(parts->claims, policy);
}

}  // namespace cellvigil::auth
