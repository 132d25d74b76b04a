#include "rules/event/codes.h"

#include <algorithm>
#include <array>

namespace cellvigil {
namespace {

// clang-format off
using A = Analyte;
constexpr auto kLoinc = std::to_array<LoincCode>({
    {"8310-5", A::temperature},
    {"8331-1", A::temperature},   // oral
    {"8332-9", A::temperature},   // rectal
    {"8480-6", A::systolic},
    {"8462-4", A::diastolic},
    {"8478-0", A::mean_arterial},
    {"8867-4", A::heart_rate},
    {"9279-1", A::respiratory_rate},
    {"59408-5", A::spo2},
    {"2708-6", A::spo2},          // arterial saturation
    {"3150-6", A::fio2},          // in wide use, though its check digit fails
    {"3150-0", A::fio2},
    {"3151-8", A::oxygen_flow},
    {"9269-2", A::gcs},
    {"1988-5", A::crp},
    {"30522-7", A::crp},          // high sensitivity
    {"2276-4", A::ferritin},
    {"26881-3", A::il6},
    {"3255-7", A::fibrinogen},
    {"48065-7", A::d_dimer},      // FEU; the DDU code 48066-5 is another quantity
    {"2571-8", A::triglycerides},
    {"14927-8", A::triglycerides},  // molar
    {"14804-9", A::ldh},
    {"2532-0", A::ldh},
    {"1920-8", A::ast},
    {"30239-8", A::ast},          // with pyridoxal phosphate
    {"1742-6", A::alt},
    {"1743-4", A::alt},           // with pyridoxal phosphate
    {"1975-2", A::bilirubin},
    {"14631-6", A::bilirubin},    // molar
    {"1968-7", A::bilirubin_direct},
    {"14629-0", A::bilirubin_direct},  // molar
    {"2160-0", A::creatinine},
    {"14682-9", A::creatinine},   // molar
    {"751-8", A::neutrophils},
    {"753-4", A::neutrophils},    // manual
    {"26499-4", A::neutrophils},  // without method
    {"731-0", A::lymphocytes},
    {"26474-7", A::lymphocytes},
    {"6690-2", A::leukocytes},
    {"26464-8", A::leukocytes},
    {"777-3", A::platelets},
    {"26515-7", A::platelets},
    {"718-7", A::haemoglobin},
    {"59260-0", A::haemoglobin},  // molar
    {"2465-3", A::igg},
    {"2458-8", A::iga},
    {"2472-9", A::igm},
    {"24467-3", A::cd4},
    {"8116-6", A::cd19},
    {"8117-4", A::cd19_percent},
    {"2703-7", A::pao2},
    {"5902-2", A::prothrombin_time},
    {"14979-9", A::ptt},
    {"3173-2", A::ptt},           // in blood
    {"42595-9", A::hbv_dna},
    {"5196-1", A::hbsag},
    {"5195-3", A::hbsag},
    {"13952-7", A::anti_hbc},
    {"16933-4", A::anti_hbc},
    {"29463-7", A::weight},
    {"3141-9", A::weight},        // measured
});
// clang-format on

// clang-format off
using G = Agent;
constexpr auto kAtc = std::to_array<AtcCode>({
    {"C01CA03", G::norepinephrine}, {"C01CA24", G::epinephrine}, {"C01CA06", G::phenylephrine}, {"C01CA04", G::dopamine},
    {"C01CX09", G::angiotensin_ii}, {"C01CA09", G::metaraminol}, {"C01CA26", G::ephedrine},
    {"H01BA01", G::vasopressin}, {"H01BA04", G::terlipressin},
    {"C01CA07", G::dobutamine}, {"C01CE02", G::milrinone}, {"C01CX08", G::levosimendan}, {"C01CA02", G::isoprenaline},
    {"C01CA17", G::midodrine}, {"C01CA27", G::droxidopa},
    {"V03AB17", G::methylene_blue}, {"V03AB33", G::hydroxocobalamin}, {"B03BA03", G::hydroxocobalamin},
    {"L04AC07", G::tocilizumab}, {"L04AC11", G::siltuximab}, {"L04AC14", G::sarilumab}, {"L04AC03", G::anakinra},
    {"L04AG09", G::emapalumab}, {"L01EJ01", G::ruxolitinib},
    {"H02AB02", G::dexamethasone}, {"H02AB04", G::methylprednisolone}, {"H02AB06", G::prednisolone},
    {"H02AB07", G::prednisone}, {"H02AB09", G::hydrocortisone}, {"H02AB01", G::glucocorticoid_other},
    {"H02AB08", G::glucocorticoid_other}, {"H02AB10", G::glucocorticoid_other}, {"H02AB13", G::glucocorticoid_other},
    {"N02BE01", G::paracetamol}, {"M01AE01", G::ibuprofen}, {"N02BB02", G::metamizole}, {"M01AE02", G::naproxen},
    {"N02BA01", G::aspirin},
    {"N01AX10", G::propofol}, {"N05CD08", G::midazolam}, {"N05CM18", G::dexmedetomidine}, {"N01AX03", G::ketamine},
    {"N02AA01", G::opioid}, {"N02AB03", G::opioid}, {"N01AH01", G::opioid}, {"N01AH03", G::opioid}, {"N01AH06", G::opioid},
    {"N02AA03", G::opioid}, {"N05BA06", G::lorazepam},
    {"N03AX14", G::levetiracetam},
    {"J05AB01", G::aciclovir}, {"J05AB11", G::valaciclovir}, {"J05AB09", G::famciclovir}, {"J05AB06", G::ganciclovir},
    {"J05AB14", G::valganciclovir}, {"J05AX18", G::letermovir}, {"J05AX10", G::maribavir}, {"J05AD01", G::foscarnet},
    {"J05AF10", G::entecavir}, {"J05AF07", G::tenofovir_disoproxil}, {"J05AF13", G::tenofovir_alafenamide},
    {"J05AF05", G::lamivudine},
    {"J01EE01", G::cotrimoxazole}, {"P01CX01", G::pentamidine}, {"P01AX06", G::atovaquone}, {"J04BA02", G::dapsone},
    {"J02AC01", G::fluconazole}, {"J02AC04", G::posaconazole}, {"J02AX05", G::micafungin}, {"J01MA12", G::levofloxacin},
    {"J06BA02", G::immunoglobulin_iv}, {"J06BA01", G::immunoglobulin_sc}, {"J06BB03", G::immunoglobulin_vzv},
    {"J07BK03", G::zoster_vaccine_recombinant}, {"J07BK02", G::zoster_vaccine_live},
    {"L03AA02", G::filgrastim}, {"L03AA13", G::pegfilgrastim}, {"B02BX05", G::eltrombopag}, {"B02BX04", G::romiplostim},
    {"L01AA01", G::cyclophosphamide}, {"L01BB05", G::fludarabine}, {"L01AA09", G::bendamustine},
    {"L01XL03", G::axicabtagene_ciloleucel}, {"L01XL04", G::tisagenlecleucel}, {"L01XL05", G::ciltacabtagene_autoleucel},
    {"L01XL06", G::brexucabtagene_autoleucel}, {"L01XL07", G::idecabtagene_vicleucel},
    {"L01XL08", G::lisocabtagene_maraleucel}, {"L01XL12", G::obecabtagene_autoleucel},
});
// clang-format on

// clang-format off
constexpr auto kAnalyteNames = std::to_array<const char*>({
    "other", "temperature", "systolic", "diastolic", "mean_arterial", "heart_rate", "respiratory_rate", "spo2", "fio2",
    "oxygen_flow", "gcs", "rass", "crp", "ferritin", "il6", "fibrinogen", "d_dimer", "triglycerides", "ldh", "ast", "alt",
    "bilirubin", "bilirubin_direct", "creatinine", "neutrophils", "lymphocytes", "leukocytes", "platelets", "haemoglobin",
    "igg", "iga", "igm", "cd4", "cd19", "cd19_percent", "pao2", "prothrombin_time", "ptt", "hbv_dna", "hbsag", "anti_hbc",
    "csf_opening", "weight",
});
static_assert(kAnalyteNames.size() == kAnalytes);
// clang-format on

// clang-format off
constexpr auto kAgentNames = std::to_array<const char*>({
    "none", "other", "norepinephrine", "epinephrine", "phenylephrine", "dopamine", "angiotensin_ii", "metaraminol",
    "ephedrine", "vasopressin", "terlipressin", "dobutamine", "milrinone", "levosimendan", "isoprenaline", "midodrine",
    "droxidopa", "methylene_blue", "hydroxocobalamin", "tocilizumab", "siltuximab", "sarilumab", "anakinra", "emapalumab",
    "ruxolitinib", "dexamethasone", "methylprednisolone", "prednisolone", "prednisone", "hydrocortisone",
    "glucocorticoid_other", "paracetamol", "ibuprofen", "metamizole", "naproxen", "aspirin", "propofol", "midazolam",
    "dexmedetomidine", "ketamine", "opioid", "lorazepam", "levetiracetam", "aciclovir", "valaciclovir", "famciclovir",
    "ganciclovir", "valganciclovir", "letermovir", "maribavir", "foscarnet", "entecavir", "tenofovir_disoproxil",
    "tenofovir_alafenamide", "lamivudine", "cotrimoxazole", "pentamidine", "atovaquone", "dapsone", "fluconazole",
    "posaconazole", "micafungin", "levofloxacin", "immunoglobulin_iv", "immunoglobulin_sc", "immunoglobulin_vzv",
    "zoster_vaccine_recombinant", "zoster_vaccine_live", "filgrastim", "pegfilgrastim", "eltrombopag", "romiplostim",
    "cyclophosphamide", "fludarabine", "bendamustine", "axicabtagene_ciloleucel", "tisagenlecleucel",
    "ciltacabtagene_autoleucel", "brexucabtagene_autoleucel", "idecabtagene_vicleucel", "lisocabtagene_maraleucel",
    "obecabtagene_autoleucel",
});
static_assert(kAgentNames.size() == kAgents);
// clang-format on

// The number before the dash and the check digit as one number: "8310-5" is 83105. 0: not of that shape.
constexpr std::uint32_t loinc_number(std::string_view code) {
    if (code.size() < 3 || code.size() > 8 || code[code.size() - 2] != '-') return 0;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i == code.size() - 2) continue;
        if (code[i] < '0' || code[i] > '9') return 0;
        number = number * 10 + static_cast<std::uint32_t>(code[i] - '0');
    }
    return number;
}

// Open addressing over the numbers: a look-up is one probe nearly always.
constexpr std::size_t kSlots = 256;
constexpr std::size_t slot_of(std::uint32_t number) { return (number * 0x9e3779b1U) >> 24; }
struct LoincSlot {
    std::uint32_t number = 0;
    Analyte analyte = Analyte::other;
};
constexpr std::array<LoincSlot, kSlots> make_slots() {
    std::array<LoincSlot, kSlots> slots{};
    for (const LoincCode& row : kLoinc) {
        std::size_t at = slot_of(loinc_number(row.code));
        while (slots[at].number != 0) at = (at + 1) % kSlots;
        slots[at] = {loinc_number(row.code), row.analyte};
    }
    return slots;
}
constexpr auto kLoincSlots = make_slots();

constexpr std::array<std::string_view, kAnalytes> make_primary() {
    std::array<std::string_view, kAnalytes> primary{};
    for (std::size_t i = kLoinc.size(); i-- > 0;) primary[static_cast<std::size_t>(kLoinc[i].analyte)] = kLoinc[i].code;
    return primary;
}
constexpr auto kPrimary = make_primary();

Analyte analyte_of_loinc(std::string_view code) {
    const std::uint32_t number = loinc_number(code);
    if (number == 0) return Analyte::other;
    for (std::size_t at = slot_of(number); kLoincSlots[at].number != 0; at = (at + 1) % kSlots) {
        if (kLoincSlots[at].number == number) return kLoincSlots[at].analyte;
    }
    return Analyte::other;
}

// An ATC code of a substance as a number; 0: not of that length.
constexpr std::size_t kAtcSize = 7;
constexpr std::uint64_t atc_number(std::string_view code) {
    if (code.size() != kAtcSize) return 0;
    std::uint64_t number = 0;
    for (const char character : code) number = number << 8U | static_cast<unsigned char>(character);
    return number;
}
constexpr std::size_t atc_slot_of(std::uint64_t number) { return (number * 0x9e3779b97f4a7c15U) >> 56; }
struct AtcSlot {
    std::uint64_t number = 0;
    Agent agent = Agent::other;
};
constexpr std::array<AtcSlot, kSlots> make_atc_slots() {
    static_assert(kAtc.size() * 2 < kSlots);
    std::array<AtcSlot, kSlots> slots{};
    for (const AtcCode& row : kAtc) {
        std::size_t at = atc_slot_of(atc_number(row.code));
        while (slots[at].number != 0) at = (at + 1) % kSlots;
        slots[at] = {atc_number(row.code), row.agent};
    }
    return slots;
}
constexpr auto kAtcSlots = make_atc_slots();
static_assert(std::all_of(kAtc.begin(), kAtc.end(), [](const AtcCode& row) { return row.code.size() == kAtcSize; }));

Agent agent_of_atc(std::string_view code) {
    const std::uint64_t number = atc_number(code);
    if (number == 0) return Agent::other;
    for (std::size_t at = atc_slot_of(number); kAtcSlots[at].number != 0; at = (at + 1) % kSlots) {
        if (kAtcSlots[at].number == number) return kAtcSlots[at].agent;
    }
    return Agent::other;
}

template <typename Enum, std::size_t N>
std::optional<Enum> of_name(const std::array<const char*, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (name == names[i]) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

}  // namespace

const char* name_of(Analyte analyte) { return kAnalyteNames[static_cast<std::size_t>(analyte)]; }
const char* name_of(Agent agent) { return kAgentNames[static_cast<std::size_t>(agent)]; }
std::optional<Analyte> analyte_of_name(std::string_view name) { return of_name<Analyte>(kAnalyteNames, name); }
std::optional<Agent> agent_of_name(std::string_view name) { return of_name<Agent>(kAgentNames, name); }

std::span<const LoincCode> loinc_codes() { return kLoinc; }
std::span<const AtcCode> atc_codes() { return kAtc; }

Analyte analyte_of(std::string_view system, std::string_view code) {
    if (system.empty() || system == kLoincSystem) return analyte_of_loinc(code);
    if (system == kAnalyteSystem) return analyte_of_name(code).value_or(Analyte::other);
    return Analyte::other;
}

Agent agent_of(std::string_view system, std::string_view code) {
    if (code.empty()) return Agent::none;
    if (system == kAgentSystem) return agent_of_name(code).value_or(Agent::other);
    if (!system.empty() && system != kAtcSystem) return Agent::other;
    return agent_of_atc(code);
}

Analyte analyte_meant(std::string_view target) {
    const Analyte coded = analyte_of_loinc(target);
    return coded != Analyte::other ? coded : analyte_of_name(target).value_or(Analyte::other);
}

bool is_cmv_test(std::string_view code) {
    // CMV DNA in serum or plasma (units, presence), in blood (presence, count), in a specimen that is not named. Each
    // was read in a public code list (docs/clinical/codes.md): a wrong code is worse than none.
    constexpr auto kCodes = std::to_array<std::string_view>({"72493-0", "30246-3", "4996-5", "29604-6", "33006-8"});
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

Agent agent_meant(std::string_view target) {
    const Agent coded = agent_of_atc(target);
    if (coded != Agent::other) return coded;
    const auto named = agent_of_name(target);
    return named && *named != Agent::none ? *named : Agent::other;
}

std::string_view loinc_of(Analyte analyte) { return kPrimary[static_cast<std::size_t>(analyte)]; }

std::string_view atc_of(Agent agent) {
    const auto row = std::find_if(kAtc.begin(), kAtc.end(), [&](const AtcCode& entry) { return entry.agent == agent; });
    return row == kAtc.end() ? std::string_view() : row->code;
}

bool has_loinc_check_digit(std::string_view code) {
    if (loinc_number(code) == 0) return false;
    std::uint32_t sum = 0;
    bool doubled = true;
    for (std::size_t i = code.size() - 2; i-- > 0; doubled = !doubled) {
        const auto digit = static_cast<std::uint32_t>(code[i] - '0');
        const std::uint32_t term = doubled ? 2 * digit : digit;
        sum += term / 10 + term % 10;
    }
    return (10 - sum % 10) % 10 == static_cast<std::uint32_t>(code.back() - '0');
}

std::optional<bool> truth_of(std::string_view result) {
    struct Answer {
        std::string_view text;
        bool truth;
    };
    constexpr auto kAnswers = std::to_array<Answer>({
        {"pos", true},
        {"neg", false},
        {"positive", true},
        {"negative", false},
        {"reactive", true},
        {"non-reactive", false},
        {"nonreactive", false},
        {"detected", true},
        {"not detected", false},
        {"la6576-8", true},
        {"la6577-6", false},
        {"la11882-0", true},
        {"la11883-8", false},
    });
    const auto same = [&](const Answer& answer) {
        return std::equal(
            result.begin(), result.end(), answer.text.begin(), answer.text.end(), [](char sent, char wanted) {
                return (sent >= 'A' && sent <= 'Z' ? static_cast<char>(sent - 'A' + 'a') : sent) == wanted;
            });
    };
    const auto found = std::find_if(kAnswers.begin(), kAnswers.end(), same);
    if (found == kAnswers.end()) return std::nullopt;
    return found->truth;
}

}  // namespace cellvigil
