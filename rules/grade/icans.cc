#include "rules/grade/icans.h"

namespace cellvigil {

void begin_infusion(IcansState&, const FoldContext&) {}
void observe(IcansState&, const Fact&, const FoldContext&) {}
Instant next_deadline(const IcansState&, Instant, const FoldContext&) { return kNever; }
Assessment assess(IcansState&, Instant at, const FoldContext&) {
    Assessment assessment;
    assessment.at = at;
    assessment.scale = Scale::astct_icans_2019;
    assessment.under_surveillance = false;
    return assessment;
}

}  // namespace cellvigil
