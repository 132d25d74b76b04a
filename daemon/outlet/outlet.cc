#include "daemon/outlet/outlet.h"

namespace cellvigil::outlet {
namespace {

Result<Target> http_target(std::string_view rest) {
    const auto slash = rest.find('/');
    const std::string_view authority = rest.substr(0, slash);
    const std::string_view path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
    if (!path.empty() && path != "/" && path != "/api/v1/events")
        return fail(Errc::invalid, "an HTTP address has no path: messages go to /api/v1/events");
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    Target target;
    target.kind = Kind::http;
    target.host = std::string(has_port ? authority.substr(0, colon) : authority);
    target.port = has_port ? std::string(authority.substr(colon + 1)) : "80";
    if (target.host.empty() || target.port.empty()) return fail(Errc::invalid, "http://host:port expected");
    return target;
}

Result<Target> kafka_target(std::string_view rest) {
    const auto slash = rest.find('/');
    Target target;
    target.kind = Kind::kafka;
    target.servers = std::string(rest.substr(0, slash));
    if (slash != std::string_view::npos) target.topic = std::string(rest.substr(slash + 1));
    if (target.servers.empty() || target.topic.empty()) return fail(Errc::invalid, "kafka://host:port/topic expected");
    return target;
}

}  // namespace

Result<Target> target_of(std::string_view text) {
    constexpr std::string_view kHttp = "http://";
    constexpr std::string_view kKafka = "kafka://";
    if (text.empty()) return fail(Errc::invalid, "an empty target");
    if (text.starts_with("https://")) return fail(Errc::invalid, "https is not spoken here: put a proxy in between");
    if (text.starts_with(kHttp)) return http_target(text.substr(kHttp.size()));
    if (text.starts_with(kKafka)) return kafka_target(text.substr(kKafka.size()));
    Target target;
    target.kind = text.ends_with(".ndjson") || text.ends_with(".jsonl") ? Kind::json_lines : Kind::frames;
    target.path = std::string(text);
    return target;
}

Result<std::unique_ptr<Outlet>> open_outlet(const Target& target, const Options& options) {
    switch (target.kind) {
        case Kind::frames:
            return open_frames(target, options);
        case Kind::json_lines:
            return open_json_lines(target, options);
        case Kind::http:
            return open_http(target, options);
        case Kind::kafka:
            return open_kafka(target, options);
    }
    return fail(Errc::invalid, "no such outlet");
}

}  // namespace cellvigil::outlet
