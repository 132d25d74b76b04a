// Messages as chats take them. Pure.
#pragma once

#include <string>

#include "daemon/alerts/wording.h"

namespace cellvigil::alerts {

// Slack's incoming webhooks, and what imitates them: text for notices, blocks for the message.
std::string slack_payload(const Wording& wording);
// Teams' Workflows webhooks: an Adaptive Card 1.4 as the message's only attachment.
std::string teams_payload(const Wording& wording);

}  // namespace cellvigil::alerts
