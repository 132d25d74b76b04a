#include "rules/grade/antimicrobial.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cellvigil {
namespace {

using Targets = std::uint32_t;
constexpr Targets kBacteria = 1;
constexpr Targets kAlpha = 2;  // herpes simplex and varicella zoster
constexpr Targets kBeta = 4;   // cytomegalovirus; given against EBV and HHV-6 too
constexpr Targets kHepatitisB = 8;
constexpr Targets kOtherVirus = 16;
constexpr Targets kFungi = 32;
constexpr Targets kPneumocystis = 64;
constexpr Targets kParasites = 128;
constexpr Targets kViruses = kAlpha | kBeta | kHepatitisB | kOtherVirus;
constexpr Targets kAnything = 255;

Targets targets_of_code(const Intervention& given) {
    const std::string& code = given.agent_code;
    if (code.starts_with("J01") || code.starts_with("J04")) return kBacteria;
    if (code.starts_with("J02")) return kFungi;
    if (code.starts_with("J05")) return kViruses;
    if (code.starts_with("P01")) return kParasites | kPneumocystis;
    // A drug that no table knows counts when the message itself says what it is for.
    return given.indication == Indication::infection ? kAnything : 0;
}

struct Row {
    Agent agent;
    Targets targets;
    Route usual;  // the only route it is given by; unspecified: several
};

constexpr auto kRows = std::to_array<Row>({
    {Agent::aciclovir, kAlpha, Route::unspecified},
    {Agent::valaciclovir, kAlpha, Route::oral},
    {Agent::famciclovir, kAlpha, Route::oral},
    {Agent::foscarnet, kAlpha | kBeta, Route::intravenous},
    {Agent::ganciclovir, kBeta, Route::intravenous},
    {Agent::valganciclovir, kBeta, Route::oral},
    {Agent::letermovir, kBeta, Route::unspecified},
    {Agent::maribavir, kBeta, Route::oral},
    {Agent::entecavir, kHepatitisB, Route::oral},
    {Agent::tenofovir_disoproxil, kHepatitisB, Route::oral},
    {Agent::tenofovir_alafenamide, kHepatitisB, Route::oral},
    {Agent::lamivudine, kHepatitisB, Route::oral},
    {Agent::cotrimoxazole, kBacteria | kPneumocystis, Route::unspecified},
    {Agent::pentamidine, kPneumocystis | kParasites, Route::unspecified},
    {Agent::atovaquone, kPneumocystis | kParasites, Route::oral},
    {Agent::dapsone, kPneumocystis | kParasites, Route::oral},
    {Agent::fluconazole, kFungi, Route::unspecified},
    {Agent::posaconazole, kFungi, Route::unspecified},
    {Agent::micafungin, kFungi, Route::intravenous},
    {Agent::levofloxacin, kBacteria, Route::unspecified},
});

const Row* row_of(Agent agent) {
    const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.agent == agent; });
    return row == kRows.end() ? nullptr : &*row;
}

Targets targets_of(const Intervention& given) {
    if (given.agent == Agent::other) return targets_of_code(given);
    const Row* row = row_of(given.agent);
    return row == nullptr ? 0 : row->targets;
}

Targets targets_of(PathogenClass pathogen) {
    switch (pathogen) {
        case PathogenClass::bacterial:
            return kBacteria;
        case PathogenClass::viral:
            return kViruses;
        case PathogenClass::fungal:
            return kFungi | kPneumocystis;
        case PathogenClass::parasitic:
            return kParasites;
        case PathogenClass::unspecified:
        case PathogenClass::unknown:
            return kAnything;
    }
    return kAnything;
}

Targets targets_of(PathogenClass pathogen, Organism organism) {
    switch (organism) {
        case Organism::bacteria:
        case Organism::c_difficile:
        case Organism::helicobacter:
            return kBacteria;
        case Organism::vzv:
        case Organism::hsv:
            return kAlpha;
        case Organism::cmv:
        case Organism::ebv:
        case Organism::hhv6:
            return kBeta;
        case Organism::adenovirus:
        case Organism::enterovirus:
        case Organism::influenza:
        case Organism::rsv:
        case Organism::parainfluenza:
        case Organism::rhinovirus:
        case Organism::sars_cov_2:
        case Organism::bk_virus:
            return kOtherVirus;
        case Organism::yeast:
        case Organism::mould:
            return kFungi;
        case Organism::pneumocystis:
            return kPneumocystis;
        case Organism::hbv:
            return kHepatitisB;
        case Organism::unspecified:
        case Organism::other:
            return targets_of(pathogen);
    }
    return targets_of(pathogen);
}

}  // namespace

bool is_antimicrobial_treatment(const Intervention& given) {
    if (given.kind != InterventionKind::drug && given.kind != InterventionKind::unspecified) return false;
    return given.treatment && given.indication != Indication::prophylaxis && targets_of(given) != 0;
}

bool may_treat(const Intervention& given, PathogenClass pathogen, Organism organism) {
    return (targets_of(given) & targets_of(pathogen, organism)) != 0;
}

Route route_of(const Intervention& given) {
    if (given.route != Route::unspecified) return given.route;
    if (given.by_infusion) return Route::intravenous;
    const Row* row = row_of(given.agent);
    return row == nullptr ? Route::unspecified : row->usual;
}

}  // namespace cellvigil
