#include "daemon/alerts/held_kinds.h"

namespace cellvigil::alerts {

void HeldKinds::add(Severity severity, const std::string& kind, std::uint64_t count) {
    if (count > 0) kinds_[severity][kind] += count;
}

std::uint64_t HeldKinds::total() const {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < kSeverities; ++i)
        for (const auto& [kind, count] : kinds_[static_cast<Severity>(i)]) total += count;
    return total;
}

void HeldKinds::append_to(Announcement& summary) const {
    for (std::size_t i = kSeverities; i-- > 0;) {
        const auto severity = static_cast<Severity>(i);
        std::string text;
        for (const auto& [kind, count] : kinds_[severity])
            text += (text.empty() ? "" : ", ") + kind + " (" + std::to_string(count) + ")";
        if (!text.empty()) summary.facts.emplace_back(std::string(name_of(severity)), text);
    }
}

}  // namespace cellvigil::alerts
