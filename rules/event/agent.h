// The drugs that a rule asks about, by substance and systemic route. Every other code is `other` and kept as sent. The
// ATC table is in codes.h. Source: WHO ATC index 2026; grouping as docs/clinical/codes.md says.
#pragma once

#include <cstdint>

namespace cellvigil {

// clang-format off
enum class Agent : std::uint8_t {
    none,   // no agent stated
    other,  // stated, and no rule asks about it
    // vasopressors that count, each one
    norepinephrine, epinephrine, phenylephrine, dopamine, angiotensin_ii, metaraminol, ephedrine,
    // pressors that do not count towards "multiple"
    vasopressin, terlipressin,
    // inotropes
    dobutamine, milrinone, levosimendan, isoprenaline,
    // oral pressors
    midodrine, droxidopa,
    // rescue for vasoplegia
    methylene_blue, hydroxocobalamin,
    // anticytokine
    tocilizumab, siltuximab, sarilumab, anakinra, emapalumab, ruxolitinib,
    // systemic glucocorticoids
    dexamethasone, methylprednisolone, prednisolone, prednisone, hydrocortisone, glucocorticoid_other,
    // antipyretics
    paracetamol, ibuprofen, metamizole, naproxen, aspirin,
    // sedatives and opioids by infusion
    propofol, midazolam, dexmedetomidine, ketamine, opioid, lorazepam,
    // anticonvulsant
    levetiracetam,
    // antivirals
    aciclovir, valaciclovir, famciclovir, ganciclovir, valganciclovir, letermovir, maribavir, foscarnet, entecavir,
    tenofovir_disoproxil, tenofovir_alafenamide, lamivudine,
    // pneumocystis and other prophylaxis
    cotrimoxazole, pentamidine, atovaquone, dapsone, fluconazole, posaconazole, micafungin, levofloxacin,
    // immunoglobulin
    immunoglobulin_iv, immunoglobulin_sc, immunoglobulin_vzv,
    // zoster vaccines
    zoster_vaccine_recombinant, zoster_vaccine_live,
    // growth factors
    filgrastim, pegfilgrastim, eltrombopag, romiplostim,
    // lymphodepletion
    cyclophosphamide, fludarabine, bendamustine,
    // CAR-T products
    axicabtagene_ciloleucel, tisagenlecleucel, ciltacabtagene_autoleucel, brexucabtagene_autoleucel, idecabtagene_vicleucel,
    lisocabtagene_maraleucel, obecabtagene_autoleucel,
};
// clang-format on
inline constexpr int kAgents = static_cast<int>(Agent::obecabtagene_autoleucel) + 1;

}  // namespace cellvigil
