#include "rules/grade/assessment.h"
#include "rules/grade/milestone.h"

namespace cellvigil {

const char* name_of(Component component) {
    switch (component) {
        case Component::none:
            return "none";
        case Component::fever:
            return "fever";
        case Component::hypotension:
            return "hypotension";
        case Component::hypoxia:
            return "hypoxia";
        case Component::ice:
            return "ice";
        case Component::capd:
            return "capd";
        case Component::consciousness:
            return "consciousness";
        case Component::seizure:
            return "seizure";
        case Component::motor:
            return "motor";
        case Component::raised_icp:
            return "icp";
        case Component::death:
            return "death";
        case Component::whole:
            return "whole";
        case Component::neutrophils:
            return "neutrophils";
        case Component::platelets:
            return "platelets";
        case Component::haemoglobin:
            return "haemoglobin";
        case Component::leukocytes:
            return "leukocytes";
        case Component::lymphocytes:
            return "lymphocytes";
        case Component::organ:
            return "organ";
    }
    return "unknown";
}

const char* name_of(Scale scale) {
    switch (scale) {
        case Scale::astct_crs_2019:
            return "ASTCT_CRS_2019";
        case Scale::astct_icans_2019:
            return "ASTCT_ICANS_2019";
        case Scale::icaht_early:
            return "ICAHT_EARLY";
        case Scale::icaht_late:
            return "ICAHT_LATE";
        case Scale::t_icaht:
            return "T_ICAHT";
        case Scale::ctcae_5_0:
            return "CTCAE_5_0";
        case Scale::ctcae_6_0:
            return "CTCAE_6_0";
        case Scale::lee_2014:
            return "LEE_2014";
        case Scale::penn:
            return "PENN";
        case Scale::ctcae_4_03:
            return "CTCAE_4_03";
        case Scale::cartox_crs:
            return "CARTOX_CRS";
        case Scale::cartox_cres:
            return "CARTOX_CRES";
        case Scale::iec_hs_2023:
            return "IEC_HS_2023";
        case Scale::licats_2025:
            return "LICATS_2025";
        case Scale::mskcc:
            return "MSKCC";
        case Scale::bmt_ctn:
            return "BMT_CTN";
        case Scale::car_hematotox:
            return "CAR_HEMATOTOX";
        case Scale::unspecified:
            return "UNSPECIFIED";
    }
    return "UNSPECIFIED";
}

const char* name_of(MilestoneKind kind) {
    switch (kind) {
        case MilestoneKind::neutrophil_recovery:
            return "neutrophil_recovery";
        case MilestoneKind::platelet_recovery:
            return "platelet_recovery";
        case MilestoneKind::quick_course:
            return "quick_course";
        case MilestoneKind::intermittent_course:
            return "intermittent_course";
        case MilestoneKind::aplastic_course:
            return "aplastic_course";
        case MilestoneKind::cytopenia_recovered_day_90:
            return "cytopenia_recovered_day_90";
        case MilestoneKind::persistent_cytopenia_day_365:
            return "persistent_cytopenia_day_365";
    }
    return "unknown";
}

}  // namespace cellvigil
