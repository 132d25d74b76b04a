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
// Rule and title, never of a subject: "P04 Herpes zoster".
std::string kind_of_alert(std::string_view message);
// The message again, without subject, site, explanation and records.
Result<std::string> thin_message(std::string_view message);

}  // namespace cellvigil
