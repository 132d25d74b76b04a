// What a sink may say of an alert, from its message.
#pragma once

#include <string>
#include <string_view>

#include "daemon/alerts/sink.h"
#include "rules/alert/severity.h"
#include "rules/base/result.h"

namespace cellvigil {

// Without subject, pseudonym or free text.
Result<alerts::Thin> thin_alert(std::string_view message);
// The rest, for sinks that are marked internal.
Result<alerts::Inside> inside_alert(std::string_view message);
// `immediate` for what cannot be read: then nothing is held back.
Severity severity_of_alert(std::string_view message);
std::string rule_of_alert(std::string_view message);  // "crs_grade_3", "P10", "C01"
// The message again, without subject, site, explanation and records.
Result<std::string> thin_message(std::string_view message);

}  // namespace cellvigil
