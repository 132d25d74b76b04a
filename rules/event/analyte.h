// What an observation measures, and in which canonical unit its Quantity counts millionths. The table that maps codes
// and units to these is in codes.h and units.h. Source: docs/clinical/units.md (UCUM, LOINC).
#pragma once

#include <cstdint>

namespace cellvigil {

// clang-format off
enum class Analyte : std::uint8_t {
    other,              // a code we keep and do not grade
    temperature,        // Cel
    systolic,           // mm[Hg]
    diastolic,          // mm[Hg]
    mean_arterial,      // mm[Hg]
    heart_rate,         // /min
    respiratory_rate,   // /min
    spo2,               // %
    fio2,               // fraction, 0.21..1
    oxygen_flow,        // L/min
    gcs,                // {score} 3..15
    rass,               // {score} -5..4
    crp,                // mg/L
    ferritin,           // ug/L
    il6,                // ng/L
    fibrinogen,         // g/L
    d_dimer,            // ug/mL{FEU}
    triglycerides,      // mmol/L
    ldh,                // U/L
    ast,                // U/L
    alt,                // U/L
    bilirubin,          // umol/L
    bilirubin_direct,   // umol/L
    creatinine,         // umol/L
    neutrophils,        // 10*9/L
    lymphocytes,        // 10*9/L
    leukocytes,         // 10*9/L
    platelets,          // 10*9/L
    haemoglobin,        // g/L
    igg,                // g/L
    iga,                // g/L
    igm,                // g/L
    cd4,                // 10*9/L
    cd19,               // 10*9/L
    cd19_percent,       // %
    pao2,               // mm[Hg]
    prothrombin_time,   // s
    ptt,                // s
    hbv_dna,            // [IU]/mL
    hbsag,              // boolean
    anti_hbc,           // boolean
    csf_opening,        // mm[Hg]
    weight,             // kg
};
// clang-format on
inline constexpr int kAnalytes = static_cast<int>(Analyte::weight) + 1;

}  // namespace cellvigil
