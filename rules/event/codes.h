// Codes as sent to what rules ask about: LOINC to Analyte, ATC to Agent, and back. Tables are docs/clinical/codes.md.
// Pure; safe from any thread.
//
// This material contains content from LOINC (loinc.org), copyright Regenstrief Institute, Inc. and the LOINC Committee,
// available at no cost under the licence at loinc.org/license. Only numbers are used, with labels of our own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rules/event/agent.h"
#include "rules/event/analyte.h"

namespace cellvigil {

inline constexpr std::string_view kLoincSystem = "http://loinc.org";
inline constexpr std::string_view kAtcSystem = "http://www.whocc.no/atc";
// Codes of our own, where no public one is known (RASS, opening pressure of the cerebrospinal fluid): an Analyte's or
// an Agent's name. Every analyte and agent has one.
inline constexpr std::string_view kAnalyteSystem = "urn:cellvigil:analyte";
inline constexpr std::string_view kAgentSystem = "urn:cellvigil:agent";

const char* name_of(Analyte analyte);  // "mean_arterial"
const char* name_of(Agent agent);      // "angiotensin_ii"
std::optional<Analyte> analyte_of_name(std::string_view name);
std::optional<Agent> agent_of_name(std::string_view name);

struct LoincCode {
    std::string_view code;
    Analyte analyte;
};
struct AtcCode {
    std::string_view code;
    Agent agent;
};
// Primary codes first within one analyte or agent.
std::span<const LoincCode> loinc_codes();
std::span<const AtcCode> atc_codes();

// The analyte of a code; `other` when no rule asks about it. An empty system reads as LOINC; another system gives
// `other`.
Analyte analyte_of(std::string_view system, std::string_view code);
// The agent of a code; `other` when no rule asks about it, `none` when the code is empty. An empty system reads as ATC.
// Topical codes of a substance (dexamethasone S01BA01) are `other`.
Agent agent_of(std::string_view system, std::string_view code);

// What a site's own table means by a target: a LOINC or ATC code, or our name; `other`: nothing that a rule asks about.
Analyte analyte_meant(std::string_view target);
Agent agent_meant(std::string_view target);

// Is it a test for CMV in blood? No value of it is judged, only that it was done.
bool is_cmv_test(std::string_view code);

// The primary LOINC of an analyte, the ATC of an agent; empty: none, use the name with our own system.
std::string_view loinc_of(Analyte analyte);
std::string_view atc_of(Agent agent);

// Does "8310-5" have the shape and the mod-10 check digit of a LOINC? 3150-6 is in wide use and does not.
bool has_loinc_check_digit(std::string_view code);

// A coded or worded result of a yes/no test: LOINC answers, HL7 "POS"/"NEG", the English words. nullopt: not one of
// them.
std::optional<bool> truth_of(std::string_view result);

}  // namespace cellvigil
