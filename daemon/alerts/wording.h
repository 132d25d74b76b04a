// What people read of a notification, the same in every chat and mail. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/alerts/sink.h"

namespace cellvigil::alerts {

struct Wording {
    std::string headline;                                         // one line; never of a subject, whatever the sink
    std::vector<std::pair<std::string, std::string>> facts = {};  // label, text
    std::string link = {};                                        // empty: none
};
// `inside` nullptr: without subject, site or free text.
Wording wording_of(const Notification& notification, const Thin& thin, std::string_view link_base,
                   const Inside* inside);
Wording wording_of(const Announcement& announcement);

}  // namespace cellvigil::alerts
