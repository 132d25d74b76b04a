// How a study's SDTM codes map to ours: a YAML file over the built-in defaults, every key of which it may add to or
// replace. docs/sdtm-import.md describes the file. Plain values.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "rules/base/result.h"
#include "rules/base/time.h"
#include "rules/event/body.h"

namespace cellvigil::import {

enum class Disposition : std::uint8_t { none, completed, lost_to_follow_up, stop_collection, death };

struct Mapping {
    std::string study;  // empty: STUDYID
    std::string cohort;
    std::string source_system;
    UtcOffset utc_offset{};  // of sites that are not listed
    std::map<std::string, UtcOffset, std::less<>> site_offsets;
    std::map<std::string, std::string, std::less<>> units;     // as written -> UCUM
    std::map<std::string, Analyte, std::less<>> vital_signs;   // VSTESTCD
    std::map<std::string, Analyte, std::less<>> laboratory;    // LBTESTCD
    std::map<std::string, Agent, std::less<>> agents;          // CMDECOD, EXTRT in upper case
    std::map<std::string, Route, std::less<>> routes;          // CMROUTE, EXROUTE
    std::map<std::string, Coding, std::less<>> cell_products;  // EXTRT: an Infusion instead of an Intervention
    Coding indication;
    AdverseEventCategory event_category = AdverseEventCategory::other;
    std::map<std::string, AdverseEventCategory, std::less<>> event_codes;    // AEPTCD
    std::map<std::string, AdverseEventCategory, std::less<>> event_terms;    // AEDECOD
    std::map<std::string, AdverseEventCategory, std::less<>> event_classes;  // AESOC
    bool severity_as_grade = false;                                          // MILD 1, MODERATE 2, SEVERE 3
    std::map<std::string, Relatedness, std::less<>> causality;               // AEREL
    std::map<std::string, Outcome, std::less<>> outcomes;                    // AEOUT
    std::map<std::string, Disposition, std::less<>> dispositions;            // DSDECOD

    UtcOffset offset_of(std::string_view site) const;
};

// The built-in mapping as YAML: what `--print-mapping` shows.
std::string_view default_mapping_text();
Mapping default_mapping();
// The file's text over the defaults. `invalid` with the line of the first wrong key or value.
Result<Mapping> read_mapping(std::string_view yaml);

}  // namespace cellvigil::import
