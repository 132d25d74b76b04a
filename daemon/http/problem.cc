#include <boost/json.hpp>

#include "daemon/http/message.h"

namespace cellvigil::http {

Response problem(int status, std::string_view slug, std::string_view title, std::string_view detail) {
    boost::json::object body{{"type", "/problems/" + std::string(slug)}, {"title", title}, {"status", status}};
    if (!detail.empty()) body["detail"] = detail;
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = boost::json::serialize(body) + "\n";
    return response;
}

}  // namespace cellvigil::http
