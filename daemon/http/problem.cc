#include <boost/json.hpp>

#include <algorithm>

#include "daemon/http/message.h"

namespace cellvigil::http {
namespace {

namespace json = boost::json;

json::object error_json(const Fault& fault) {
    json::object error;
    if (fault.where.starts_with('?')) {
        error["parameter"] = fault.where.substr(1);
    } else {
        error[fault.where.starts_with('#') ? "pointer" : "header"] = fault.where;
    }
    error["detail"] = fault.detail;
    return error;
}

}  // namespace

Response problem(int status, std::string_view slug, std::string_view title, std::string_view detail) {
    return problem(status, slug, title, detail, {});
}

Response problem(int status, std::string_view slug, std::string_view title, std::string_view detail,
                 const std::vector<Fault>& faults) {
    json::object body{{"type", "/problems/" + std::string(slug)}, {"title", title}, {"status", status}};
    if (!detail.empty()) body["detail"] = detail;
    if (!faults.empty()) {
        json::array errors;
        std::ranges::transform(faults, std::back_inserter(errors), error_json);
        body["errors"] = std::move(errors);
    }
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = json::serialize(body) + "\n";
    return response;
}

Response unpacking_refused(const Error& error) {
    if (error.code == Errc::conflict) return problem(413, "body-limit", "Request body too long", error.detail);
    return problem(400, "content-encoding", "The body is not what its content-encoding says", error.detail);
}

}  // namespace cellvigil::http
