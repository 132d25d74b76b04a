// Which route a request belongs to. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.h"

namespace cellvigil::http {

class Router {
  public:
    explicit Router(std::vector<Route> routes);

    struct Found {
        const Route* route = nullptr;  // nullptr: none
        std::vector<std::string> captures;
        std::string allow;  // with no route: the methods that the path would have, "GET, HEAD"; empty: none
    };
    // `segments`: of the path, decoded.
    Found find(Method method, const std::vector<std::string>& segments) const;

  private:
    struct Entry {
        Route route;
        std::vector<std::string> segments;
    };
    std::vector<Entry> entries_;
};

// The decoded parts of a request's target; false when it is not one.
bool read_target(std::string_view target, Request& request, std::vector<std::string>& segments);

}  // namespace cellvigil::http
