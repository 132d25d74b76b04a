// The one table of keys: what --check-config accepts, what --print-config prints and what docs/configuration.md says.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/value.h"

namespace cellvigil::config {

using Names = std::vector<std::string>;  // what the <..> segments of a path stand for, in order

struct Key {
    std::string_view path;  // segments between dots; <..> stands for a name of the operator's
    Expected expected;
    std::string_view fallback;  // as in the environment; not used where the path has a <..>
    std::string_view unit;      // empty: none
    bool reloads = false;       // takes effect at SIGHUP; else at the next start
    std::string_view meaning;
    void (*apply)(Config&, const Names&, const Value&);
};

std::span<const Key> keys();
// "http.max_body_bytes" -> "CELLVIGIL_HTTP_MAX_BODY_BYTES"; only for paths without <..>.
std::string environment_name(const Key& key);
bool has_names(const Key& key);
// Never to be printed: secrets, and Kafka properties whose name says so.
bool is_secret(const Key& key, const Names& names);
std::vector<std::string> segments_of(std::string_view path);  // at dots

}  // namespace cellvigil::config
