#include "daemon/http/router.h"

#include <boost/url.hpp>

#include <algorithm>
#include <optional>

namespace cellvigil::http {
namespace {

std::vector<std::string> segments_of(std::string_view pattern) {
    std::vector<std::string> segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);  // the slash
        const auto slash = pattern.find('/');
        segments.emplace_back(pattern.substr(0, slash));
        pattern = slash == std::string_view::npos ? std::string_view{} : pattern.substr(slash);
    }
    return segments;
}

std::optional<std::vector<std::string>> match(const std::vector<std::string>& pattern,
                                              const std::vector<std::string>& path) {
    if (pattern.size() != path.size()) return std::nullopt;
    std::vector<std::string> captures;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (pattern[i].starts_with('{')) {
            if (path[i].empty()) return std::nullopt;
            captures.push_back(path[i]);
        } else if (pattern[i] != path[i]) {
            return std::nullopt;
        }
    }
    return captures;
}

}  // namespace

Router::Router(std::vector<Route> routes) {
    for (Route& route : routes) {
        auto segments = segments_of(route.pattern);
        entries_.push_back({std::move(route), std::move(segments)});
    }
}

Router::Found Router::find(Method method, const std::vector<std::string>& segments) const {
    Found found;
    for (const Entry& entry : entries_) {
        auto captures = match(entry.segments, segments);
        if (!captures) continue;
        if (entry.route.method == method) {
            found.route = &entry.route;
            found.captures = std::move(*captures);
            found.allow.clear();
            return found;
        }
        if (!found.allow.empty()) found.allow += ", ";
        found.allow += entry.route.method == Method::get ? "GET, HEAD" : "POST";
    }
    return found;
}

bool read_target(std::string_view target, Request& request, std::vector<std::string>& segments) {
    const auto parsed = boost::urls::parse_origin_form(target);
    if (!parsed) return false;
    const boost::urls::url_view url = *parsed;
    for (const auto& segment : url.segments()) segments.emplace_back(segment);
    for (const auto& parameter : url.params())
        request.query.insert_or_assign(std::string(parameter.key), std::string(parameter.value));
    request.path = url.path();
    return true;
}

}  // namespace cellvigil::http
