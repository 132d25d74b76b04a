#include "daemon/alerts/wording.h"

#include <algorithm>

namespace cellvigil::alerts {
namespace {

std::string in_capitals(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::string spaced(std::string text) {
    std::ranges::replace(text, '_', ' ');
    return text;
}

}  // namespace

Wording wording_of(const Notification& notification, const Thin& thin, std::string_view link_base,
                   const Inside* inside) {
    Wording wording;
    wording.headline = (thin.state == "withdrawn" ? "WITHDRAWN" : in_capitals(thin.severity)) + ": " + thin.title +
                       " (" + thin.study + ", " + thin.cohort + ")";
    wording.facts = {{"State", thin.state},
                     {"Severity", thin.severity},
                     {"Rule", thin.rule},
                     {"Study", thin.study},
                     {"Cohort", thin.cohort},
                     {"Sites", std::to_string(thin.sites)},
                     {"First true", to_rfc3339(thin.event_time)}};
    if (inside != nullptr) {
        wording.facts.emplace_back("Subject", inside->subject);
        wording.facts.emplace_back("Site", inside->site);
        wording.facts.emplace_back("Why", inside->explanation);
    }
    wording.facts.emplace_back("Alert", notification.alert_id + ", revision " + std::to_string(thin.revision));
    if (!link_base.empty()) wording.link = std::string(link_base) + notification.alert_id;
    return wording;
}

Wording wording_of(const Announcement& announcement) {
    Wording wording{.headline = announcement.title};
    for (const auto& [name, text] : announcement.facts) wording.facts.emplace_back(spaced(name), text);
    wording.facts.emplace_back("told at", to_rfc3339(announcement.at));
    return wording;
}

}  // namespace cellvigil::alerts
