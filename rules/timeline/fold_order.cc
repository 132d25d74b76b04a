#include "rules/timeline/cross_check.h"
#include "rules/timeline/records.h"

namespace cellvigil {

int fold_rank(FactKind kind) {
    switch (kind) {
        case FactKind::enrollment:
            return 0;
        case FactKind::infusion:
            return 1;
        case FactKind::adjudication:
            return 2;
        case FactKind::observation:
            return 3;
        case FactKind::ice_assessment:
            return 4;
        case FactKind::neuro_finding:
            return 5;
        case FactKind::intervention:
            return 6;
        case FactKind::infection:
            return 7;
        case FactKind::adverse_event:
            return 8;
        case FactKind::disease_status:
            return 9;
        case FactKind::subsequent_therapy:
            return 10;
        case FactKind::contact:
            return 11;
        case FactKind::consent_change:
            return 12;
        case FactKind::site_heartbeat:
            return 13;
        case FactKind::retraction:
            return 14;
        case FactKind::death:
            return 15;
    }
    return 16;
}

bool fold_before(const Records& records, std::uint32_t a, std::uint32_t b) {
    const Version& left = records.versions()[a];
    const Version& right = records.versions()[b];
    if (left.from != right.from) return left.from < right.from;
    const int left_rank = fold_rank(left.kind);
    const int right_rank = fold_rank(right.kind);
    if (left_rank != right_rank) return left_rank < right_rank;
    const int left_reading = reading_rank(left.analyte);
    const int right_reading = reading_rank(right.analyte);
    if (left_reading != right_reading) return left_reading < right_reading;
    return records.text(left.record) < records.text(right.record);
}

}  // namespace cellvigil
