// What was held back, by severity and kind: the words that the summaries of quiet hours and of floods share. No
// subject. Private to the dispatcher.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/alerts/sink.h"
#include "rules/alert/severity.h"

namespace cellvigil::alerts {

class HeldKinds {
  public:
    void add(Severity severity, const std::string& kind, std::uint64_t count);
    std::uint64_t total() const;
    // One fact per severity, the worst first: "P04 Herpes zoster (2), P08 Late cytopenia (1)".
    void append_to(Announcement& summary) const;

  private:
    BySeverity<std::map<std::string, std::uint64_t>> kinds_;
};

}  // namespace cellvigil::alerts
