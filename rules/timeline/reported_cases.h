// The alerts that a site's adverse event reports are, of one subject: made from the versions of a record and not by the
// fold, because a case is all that was said of it and not only what is live. Used by SubjectTimeline. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert/case_report.h"
#include "rules/findings/alert_cause.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/records.h"

namespace cellvigil {

// A case that was told something since it was last asked for.
struct CaseReport {
    std::string alert_id;
    std::vector<CaseVersion> versions;
    bool operator==(const CaseReport&) const = default;
};

class ReportedCases {
  public:
    // A version of the record may be new, or count otherwise; true when a case was told something. Without a
    // jurisdiction there is none.
    bool note(const Records& records, std::uint32_t record, const RuleSet& rules);
    void note_all(const Records& records, const RuleSet& rules);
    const std::vector<AlertCause>& causes() const { return causes_; }  // by record
    // What note() found since the last call.
    std::vector<CaseReport> take(const Records& records, std::string_view subject_key);

  private:
    std::vector<AlertCause> causes_;
    std::vector<std::uint32_t> told_;
};

// The causes from just these live versions and those of their records before them, as the log was at `known_at`.
std::vector<AlertCause> reported_cases(const Records& records, const std::vector<std::uint32_t>& live, Instant known_at,
                                       const RuleSet& rules);

}  // namespace cellvigil
