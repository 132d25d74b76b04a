// The description of the API, OpenAPI 3.1: daemon/http/openapi.json as it stands in the tree.
#pragma once

#include <string>

namespace cellvigil::http {

std::string openapi_json();

}  // namespace cellvigil::http
