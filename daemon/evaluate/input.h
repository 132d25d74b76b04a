// Messages out of a file, whatever its form: frames, or JSON (one object, an array, lines). "-" is standard input.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/journal/frame.h"
#include "rules/base/result.h"
#include "rules/event/admit.h"

namespace cellvigil::evaluate {

struct BadItem {
    std::size_t index = 0;  // which item of the file, from 0
    std::vector<Issue> issues;
};

struct InputSummary {
    std::size_t items = 0;
    std::vector<BadItem> bad;  // items that are no message at all
};

// Gives every message to `take`, in the file's order. JSON items get position 0, 1, ... in partition 0 and `now` as
// their append time. `not_found`, `unavailable` or `corrupt` when the file itself cannot be read. `raw` says which
// bytes an item of JSON that is no envelope stands for, if any; it may be empty.
using RawItem = std::optional<std::string> (*)(std::string_view text);
Result<InputSummary> read_messages(const std::string& path, Instant now,
                                   const std::function<void(const journal::Frame&)>& take, RawItem raw = nullptr);

}  // namespace cellvigil::evaluate
