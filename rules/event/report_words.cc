#include "rules/event/report_words.h"

namespace cellvigil {

const char* words_of(AdverseEventCategory category) {
    switch (category) {
        case AdverseEventCategory::unspecified:
            return "unclassified adverse event";
        case AdverseEventCategory::crs:
            return "CRS";
        case AdverseEventCategory::icans:
            return "ICANS";
        case AdverseEventCategory::iec_hs:
            return "IEC-HS";
        case AdverseEventCategory::cytopenia:
            return "cytopenia";
        case AdverseEventCategory::infection:
            return "infection";
        case AdverseEventCategory::hypogammaglobulinaemia:
            return "hypogammaglobulinaemia";
        case AdverseEventCategory::second_malignancy:
            return "second malignancy";
        case AdverseEventCategory::cardiac:
            return "cardiac event";
        case AdverseEventCategory::neuro_other:
            return "other neurotoxicity";
        case AdverseEventCategory::other:
            return "other adverse event";
        case AdverseEventCategory::licats:
            return "LICATS";
        case AdverseEventCategory::enterocolitis:
            return "enterocolitis";
        case AdverseEventCategory::t_cell_malignancy:
            return "T-cell malignancy";
    }
    return "unclassified adverse event";
}

}  // namespace cellvigil
