// What was last given out about each alert of a subject, and what is news against it. Used by SubjectTimeline. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/base/bytes.h"
#include "rules/findings/alert_cause.h"
#include "rules/findings/findings.h"
#include "rules/timeline/records.h"

namespace cellvigil {

struct PublishedAlert {
    SubjectAlert alert;
    std::uint32_t revision = 0;
    bool withdrawn = false;
};

// A cause with its records by name.
SubjectAlert alert_of(const AlertCause& cause, const Records& records);

// Raised, changed and withdrawn, in order of (rule, infusion, ordinal); `published` remembers them.
std::vector<AlertChange> changes_since(std::vector<PublishedAlert>& published, std::vector<SubjectAlert> now,
                                       std::string_view key);

void write_published(ByteWriter& out, const std::vector<PublishedAlert>& published);
std::vector<PublishedAlert> read_published(ByteReader& in);  // the reader remembers a failure

}  // namespace cellvigil
