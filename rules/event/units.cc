#include "rules/event/units.h"

#include <algorithm>
#include <array>
#include <limits>

namespace cellvigil {
namespace {

__extension__ using Wide = __int128;

// clang-format off
using A = Analyte;
// Rows of one analyte stand together, the canonical unit first.
constexpr auto kRules = std::to_array<UnitRule>({
    {A::temperature, "Cel", 1, 1, 0},
    {A::temperature, "[degF]", 5, 9, 32'000'000},
    {A::temperature, "K", 1, 1, 273'150'000},
    {A::systolic, "mm[Hg]", 1, 1, 0},
    {A::systolic, "kPa", 750'062, 100'000, 0},
    {A::diastolic, "mm[Hg]", 1, 1, 0},
    {A::diastolic, "kPa", 750'062, 100'000, 0},
    {A::mean_arterial, "mm[Hg]", 1, 1, 0},
    {A::mean_arterial, "kPa", 750'062, 100'000, 0},
    {A::heart_rate, "/min", 1, 1, 0},
    {A::heart_rate, "{beats}/min", 1, 1, 0},
    {A::respiratory_rate, "/min", 1, 1, 0},
    {A::respiratory_rate, "{breaths}/min", 1, 1, 0},
    {A::spo2, "%", 1, 1, 0},
    {A::spo2, "1", 100, 1, 0},
    {A::fio2, "1", 1, 1, 0},
    {A::fio2, "%", 1, 100, 0},
    {A::oxygen_flow, "L/min", 1, 1, 0},
    {A::oxygen_flow, "mL/min", 1, 1000, 0},
    {A::gcs, "{score}", 1, 1, 0},
    {A::gcs, "1", 1, 1, 0},
    {A::rass, "{score}", 1, 1, 0},
    {A::rass, "1", 1, 1, 0},
    {A::crp, "mg/L", 1, 1, 0},
    {A::crp, "mg/dL", 10, 1, 0},
    {A::crp, "ug/mL", 1, 1, 0},
    {A::crp, "ng/mL", 1, 1000, 0},
    {A::ferritin, "ug/L", 1, 1, 0},
    {A::ferritin, "ng/mL", 1, 1, 0},
    {A::ferritin, "mg/L", 1000, 1, 0},
    {A::ferritin, "ug/dL", 10, 1, 0},
    {A::il6, "ng/L", 1, 1, 0},
    {A::il6, "pg/mL", 1, 1, 0},
    {A::il6, "ng/mL", 1000, 1, 0},
    {A::fibrinogen, "g/L", 1, 1, 0},
    {A::fibrinogen, "mg/dL", 1, 100, 0},
    {A::fibrinogen, "mg/mL", 1, 1, 0},
    {A::fibrinogen, "g/dL", 10, 1, 0},
    {A::d_dimer, "ug/mL{FEU}", 1, 1, 0},
    {A::d_dimer, "mg/L{FEU}", 1, 1, 0},
    {A::d_dimer, "ng/mL{FEU}", 1, 1000, 0},
    {A::d_dimer, "ug/L{FEU}", 1, 1000, 0},
    {A::d_dimer, "ug/mL", 1, 1, 0},  // the code itself says FEU
    {A::d_dimer, "mg/L", 1, 1, 0},
    {A::d_dimer, "ng/mL", 1, 1000, 0},
    {A::d_dimer, "ug/L", 1, 1000, 0},
    {A::triglycerides, "mmol/L", 1, 1, 0},
    {A::triglycerides, "mg/dL", 100, 8857, 0},
    {A::ldh, "U/L", 1, 1, 0},
    {A::ldh, "ukat/L", 60, 1, 0},
    {A::ast, "U/L", 1, 1, 0},
    {A::ast, "ukat/L", 60, 1, 0},
    {A::alt, "U/L", 1, 1, 0},
    {A::alt, "ukat/L", 60, 1, 0},
    {A::bilirubin, "umol/L", 1, 1, 0},
    {A::bilirubin, "mg/dL", 171, 10, 0},
    {A::bilirubin_direct, "umol/L", 1, 1, 0},
    {A::bilirubin_direct, "mg/dL", 171, 10, 0},
    {A::creatinine, "umol/L", 1, 1, 0},
    {A::creatinine, "mg/dL", 8842, 100, 0},
    {A::neutrophils, "10*9/L", 1, 1, 0},
    {A::neutrophils, "10*3/uL", 1, 1, 0},
    {A::neutrophils, "/uL", 1, 1000, 0},
    {A::lymphocytes, "10*9/L", 1, 1, 0},
    {A::lymphocytes, "10*3/uL", 1, 1, 0},
    {A::lymphocytes, "/uL", 1, 1000, 0},
    {A::leukocytes, "10*9/L", 1, 1, 0},
    {A::leukocytes, "10*3/uL", 1, 1, 0},
    {A::leukocytes, "/uL", 1, 1000, 0},
    {A::platelets, "10*9/L", 1, 1, 0},
    {A::platelets, "10*3/uL", 1, 1, 0},
    {A::platelets, "/uL", 1, 1000, 0},
    {A::haemoglobin, "g/L", 1, 1, 0},
    {A::haemoglobin, "g/dL", 10, 1, 0},
    {A::haemoglobin, "mmol/L", 16'114, 1000, 0},  // monomer
    {A::igg, "g/L", 1, 1, 0},
    {A::igg, "mg/dL", 1, 100, 0},
    {A::igg, "g/dL", 10, 1, 0},
    {A::igg, "mg/L", 1, 1000, 0},
    {A::iga, "g/L", 1, 1, 0},
    {A::iga, "mg/dL", 1, 100, 0},
    {A::iga, "g/dL", 10, 1, 0},
    {A::iga, "mg/L", 1, 1000, 0},
    {A::igm, "g/L", 1, 1, 0},
    {A::igm, "mg/dL", 1, 100, 0},
    {A::igm, "g/dL", 10, 1, 0},
    {A::igm, "mg/L", 1, 1000, 0},
    {A::cd4, "10*9/L", 1, 1, 0},
    {A::cd4, "10*3/uL", 1, 1, 0},
    {A::cd4, "/uL", 1, 1000, 0},
    {A::cd19, "10*9/L", 1, 1, 0},
    {A::cd19, "10*3/uL", 1, 1, 0},
    {A::cd19, "/uL", 1, 1000, 0},
    {A::cd19_percent, "%", 1, 1, 0},
    {A::cd19_percent, "1", 100, 1, 0},
    {A::pao2, "mm[Hg]", 1, 1, 0},
    {A::pao2, "kPa", 750'062, 100'000, 0},
    {A::prothrombin_time, "s", 1, 1, 0},
    {A::ptt, "s", 1, 1, 0},
    {A::hbv_dna, "[IU]/mL", 1, 1, 0},
    {A::hbv_dna, "k[IU]/mL", 1000, 1, 0},
    {A::csf_opening, "mm[Hg]", 1, 1, 0},
    {A::csf_opening, "cm[H2O]", 735'559, 1'000'000, 0},
    {A::csf_opening, "kPa", 750'062, 100'000, 0},
    {A::weight, "kg", 1, 1, 0},
    {A::weight, "g", 1, 1000, 0},
    {A::weight, "[lb_av]", 45'359'237, 100'000'000, 0},
});
// clang-format on

// Spellings in wide use, each to the UCUM unit above that it is. Equal by definition among them: 10*3/uL, 10*6/mL and
// 10*9/L.
struct Spelling {
    std::string_view sent;
    std::string_view ucum;
};
// clang-format off
constexpr auto kSpellings = std::to_array<Spelling>({
    {"10(9)/L", "10*9/L"}, {"x10(9)/L", "10*9/L"}, {"10(3)/uL", "10*9/L"}, {"x10(3)/uL", "10*9/L"}, {"10x9/L", "10*9/L"},
    {"10x3/uL", "10*9/L"}, {"x 10^9/L", "10*9/L"}, {"x 10^3/uL", "10*9/L"}, {"K/mm3", "10*9/L"}, {"k/mm3", "10*9/L"},
    {"thou/uL", "10*9/L"}, {"Thou/uL", "10*9/L"}, {"thou/mm3", "10*9/L"}, {"Gpt/L", "10*9/L"}, {"/nL", "10*9/L"},
    {"Mpt/L", "/uL"},
    {"10*3/mm3", "10*9/L"}, {"10*6/mL", "10*9/L"}, {"GI/L", "10*9/L"}, {"THOU/uL", "10*9/L"},
    {"THOU/UL", "10*9/L"}, {"10^9/L", "10*9/L"}, {"x10^9/L", "10*9/L"}, {"x10*9/L", "10*9/L"}, {"10E9/L", "10*9/L"},
    {"10e9/L", "10*9/L"}, {"x10E9/L", "10*9/L"}, {"x10e9/L", "10*9/L"}, {"10^3/uL", "10*9/L"}, {"x10^3/uL", "10*9/L"},
    {"10E3/uL", "10*9/L"}, {"10e3/uL", "10*9/L"}, {"x10E3/uL", "10*9/L"}, {"x10e3/uL", "10*9/L"}, {"K/uL", "10*9/L"},
    {"k/uL", "10*9/L"}, {"10^3/mm3", "10*9/L"}, {"10^3/mm^3", "10*9/L"}, {"10^6/mL", "10*9/L"}, {"10**9/L", "10*9/L"},
    {"10**3/uL", "10*9/L"}, {"10^9/l", "10*9/L"}, {"10*9/l", "10*9/L"}, {"10*3/ul", "10*9/L"},
    {"10*6/L", "/uL"}, {"10*3/mL", "/uL"}, {"10^6/L", "/uL"}, {"10^3/mL", "/uL"}, {"/mm3", "/uL"}, {"/mm*3", "/uL"},
    {"/mm^3", "/uL"}, {"cells/uL", "/uL"}, {"cells/mm3", "/uL"}, {"1/uL", "/uL"}, {"/ul", "/uL"}, {"/UL", "/uL"},
    {"mmHg", "mm[Hg]"}, {"mm Hg", "mm[Hg]"}, {"mm(hg)", "mm[Hg]"}, {"MM[HG]", "mm[Hg]"}, {"MMHG", "mm[Hg]"},
    {"cmH2O", "cm[H2O]"}, {"cm H2O", "cm[H2O]"}, {"KPA", "kPa"}, {"kpa", "kPa"},
    {"degC", "Cel"}, {"deg C", "Cel"}, {"Celsius", "Cel"}, {"celsius", "Cel"}, {"deg F", "[degF]"},
    {"Fahrenheit", "[degF]"}, {"fahrenheit", "[degF]"}, {"CEL", "Cel"}, {"cel", "Cel"}, {"\xc2\xb0" "C", "Cel"}, {"degF", "[degF]"}, {"[DEGF]", "[degF]"},
    {"\xc2\xb0" "F", "[degF]"},
    {"bpm", "/min"}, {"BPM", "/min"}, {"beats/min", "/min"}, {"BEATS/MIN", "/min"}, {"breaths/min", "/min"},
    {"BREATHS/MIN", "/min"}, {"1/min", "/min"}, {"/MIN", "/min"},
    {"percent", "%"}, {"PERCENT", "%"}, {"fraction", "1"}, {"l/min", "L/min"}, {"L/MIN", "L/min"}, {"LPM", "L/min"},
    {"lpm", "L/min"}, {"ml/min", "mL/min"}, {"score", "{score}"}, {"points", "{score}"}, {"{points}", "{score}"},
    {"mg/l", "mg/L"}, {"MG/L", "mg/L"}, {"mg/dl", "mg/dL"}, {"MG/DL", "mg/dL"}, {"ug/ml", "ug/mL"}, {"UG/ML", "ug/mL"},
    {"ug/l", "ug/L"}, {"UG/L", "ug/L"}, {"ng/ml", "ng/mL"}, {"NG/ML", "ng/mL"}, {"ng/l", "ng/L"}, {"NG/L", "ng/L"},
    {"pg/ml", "pg/mL"}, {"PG/ML", "pg/mL"}, {"g/l", "g/L"}, {"g/dl", "g/dL"}, {"gm/dL", "g/dL"}, {"gm/dl", "g/dL"}, {"g%", "g/dL"}, {"mg%", "mg/dL"}, {"G/DL", "g/dL"}, {"ug/dl", "ug/dL"},
    {"ug/mL FEU", "ug/mL{FEU}"}, {"mg/L FEU", "mg/L{FEU}"}, {"ng/mL FEU", "ng/mL{FEU}"}, {"ug/L FEU", "ug/L{FEU}"},
    {"mmol/l", "mmol/L"}, {"MMOL/L", "mmol/L"}, {"umol/l", "umol/L"}, {"UMOL/L", "umol/L"},
    {"[IU]/L", "U/L"}, {"[iU]/L", "U/L"}, {"IU/L", "U/L"}, {"u/l", "U/L"}, {"U/l", "U/L"}, {"IU/l", "U/L"},
    {"[iU]/mL", "[IU]/mL"}, {"IU/mL", "[IU]/mL"}, {"IU/ML", "[IU]/mL"}, {"k[iU]/mL", "k[IU]/mL"}, {"kIU/mL", "k[IU]/mL"},
    {"sec", "s"}, {"seconds", "s"}, {"SEC", "s"}, {"KG", "kg"}, {"lb", "[lb_av]"}, {"LB", "[lb_av]"}, {"lbs", "[lb_av]"},
});
// clang-format on

constexpr std::size_t kLongestUnit = 32;

// Micro signs and "mc" to "u", annotations off, blanks trimmed.
class Plain {
  public:
    explicit Plain(std::string_view sent) {
        for (std::size_t i = 0; i < sent.size() && size_ < text_.size();) {
            const std::string_view rest = sent.substr(i);
            if (rest.starts_with("\xc2\xb5") || rest.starts_with("\xce\xbc")) {
                text_[size_++] = 'u';
                i += 2;
            } else if (rest.starts_with("mcg") || rest.starts_with("mcL") || rest.starts_with("mcmol")) {
                text_[size_++] = 'u';
                i += 2;
            } else if (rest.front() == '{' && is_remark(rest)) {
                i += rest.find('}') + 1;
            } else {
                text_[size_++] = rest.front();
                ++i;
            }
        }
    }
    std::string_view text() const {
        std::string_view trimmed(text_.data(), size_);
        while (trimmed.starts_with(' ')) trimmed.remove_prefix(1);
        while (trimmed.ends_with(' ')) trimmed.remove_suffix(1);
        return trimmed;
    }

  private:
    static bool is_remark(std::string_view rest) {
        const std::size_t end = rest.find('}');
        if (end == std::string_view::npos) return false;
        const std::string_view remark = rest.substr(1, end - 1);
        return remark != "FEU" && remark != "DDU" && remark != "score" && remark != "points";
    }
    std::array<char, kLongestUnit> text_{};
    std::size_t size_ = 0;
};

// The table's own text for a UCUM unit, so that views outlive what was sent.
std::string_view accepted_unit(std::string_view unit) {
    for (const UnitRule& rule : kRules) {
        if (rule.unit == unit) return rule.unit;
    }
    return {};
}

struct FirstRows {
    std::array<std::uint8_t, kAnalytes> from{};
    std::array<std::uint8_t, kAnalytes> count{};
};
constexpr FirstRows make_first_rows() {
    FirstRows rows;
    for (std::size_t i = kRules.size(); i-- > 0;) {
        const auto analyte = static_cast<std::size_t>(kRules[i].analyte);
        rows.from[analyte] = static_cast<std::uint8_t>(i);
        ++rows.count[analyte];
    }
    return rows;
}
constexpr FirstRows kFirstRows = make_first_rows();

std::span<const UnitRule> rules_of(Analyte analyte) {
    const auto index = static_cast<std::size_t>(analyte);
    return std::span<const UnitRule>(kRules).subspan(kFirstRows.from[index], kFirstRows.count[index]);
}

const UnitRule* find_ucum(Analyte analyte, std::string_view ucum) {
    for (const UnitRule& rule : rules_of(analyte)) {
        if (rule.unit == ucum) return &rule;
    }
    return nullptr;
}

std::optional<Quantity> scaled_exactly(Quantity amount, std::int64_t zero, std::int64_t numerator,
                                       std::int64_t denominator) {
    const Wide product = (static_cast<Wide>(amount.micro) - zero) * numerator;
    const Wide magnitude = product < 0 ? -product : product;
    const Wide quotient = (magnitude + denominator / 2) / denominator;
    if (quotient > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return Quantity{static_cast<std::int64_t>(product < 0 ? -quotient : quotient)};
}

}  // namespace

std::span<const UnitRule> unit_rules() { return kRules; }

std::string_view canonical_unit(Analyte analyte) {
    const auto rules = rules_of(analyte);
    return rules.empty() ? std::string_view() : rules.front().unit;
}

std::string_view ucum_of(std::string_view unit) {
    if (unit.empty() || unit.size() > kLongestUnit) return {};
    if (const auto own = accepted_unit(unit); !own.empty()) return own;
    const Plain plain(unit);
    if (const auto own = accepted_unit(plain.text()); !own.empty()) return own;
    for (const Spelling& spelling : kSpellings) {
        if (spelling.sent == unit || spelling.sent == plain.text()) return spelling.ucum;
    }
    // An annotation alone, "{ratio}", is the unit 1.
    return plain.text().empty() && unit.find('{') != std::string_view::npos ? accepted_unit("1") : std::string_view();
}

const UnitRule* find_unit(Analyte analyte, std::string_view unit) {
    const auto rules = rules_of(analyte);
    if (rules.empty()) return nullptr;
    if (unit.empty()) return rules.front().unit == "{score}" ? &rules.front() : nullptr;
    if (const UnitRule* exact = find_ucum(analyte, unit)) return exact;
    const std::string_view ucum = ucum_of(unit);
    return ucum.empty() ? nullptr : find_ucum(analyte, ucum);
}

std::optional<Quantity> to_canonical(Quantity amount, const UnitRule& rule) {
    if (rule.numerator == 1 && rule.denominator == 1 && rule.zero_micro == 0) return amount;
    return scaled_exactly(amount, rule.zero_micro, rule.numerator, rule.denominator);
}

std::optional<PressorRate> pressor_rate(Quantity amount, std::string_view unit) {
    struct Rule {
        std::string_view sent;
        std::string_view unit;
        std::int64_t numerator;
        std::int64_t denominator;
    };
    constexpr auto kRates = std::to_array<Rule>({
        {"ug/kg/min", "ug/kg/min", 1, 1},
        {"ug/(kg.min)", "ug/kg/min", 1, 1},
        {"ng/kg/min", "ug/kg/min", 1, 1000},
        {"ug/kg/h", "ug/kg/min", 1, 60},
        {"mg/kg/h", "ug/kg/min", 1000, 60},
        {"ug/min", "ug/min", 1, 1},
        {"ug/h", "ug/min", 1, 60},
        {"mg/h", "ug/min", 1000, 60},
        {"mg/min", "ug/min", 1000, 1},
        {"[iU]/min", "[iU]/min", 1, 1},
        {"[IU]/min", "[iU]/min", 1, 1},
        {"U/min", "[iU]/min", 1, 1},
        {"IU/min", "[iU]/min", 1, 1},
        {"[iU]/h", "[iU]/min", 1, 60},
        {"[IU]/h", "[iU]/min", 1, 60},
        {"U/h", "[iU]/min", 1, 60},
        {"IU/h", "[iU]/min", 1, 60},
    });
    if (unit.size() > kLongestUnit) return std::nullopt;
    const Plain plain(unit);
    for (const Rule& rule : kRates) {
        if (rule.sent != plain.text()) continue;
        const auto rate = scaled_exactly(amount, 0, rule.numerator, rule.denominator);
        if (!rate) return std::nullopt;
        return PressorRate{*rate, rule.unit};
    }
    return std::nullopt;
}

std::optional<CellDose> cell_dose(Quantity amount, std::string_view unit) {
    struct Rule {
        std::string_view sent;
        std::int64_t numerator;
        std::int64_t denominator;
        bool per_kg;
    };
    constexpr auto kDoses = std::to_array<Rule>({
        {"{cells}", 1, 1'000'000, false},
        {"{cells}/kg", 1, 1'000'000, true},
        {"10*6", 1, 1, false},
        {"10*6/kg", 1, 1, true},
        {"10*6.{cells}", 1, 1, false},
        {"10*6.{cells}/kg", 1, 1, true},
        {"10*6{cells}", 1, 1, false},
        {"10*6{cells}/kg", 1, 1, true},
        {"10*8", 100, 1, false},
        {"10*8{cells}", 100, 1, false},
        {"10*5/kg", 1, 10, true},
        {"10*5{cells}/kg", 1, 10, true},
    });
    for (const Rule& rule : kDoses) {
        if (rule.sent != unit) continue;
        const auto millions = scaled_exactly(amount, 0, rule.numerator, rule.denominator);
        if (!millions) return std::nullopt;
        return CellDose{*millions, rule.per_kg};
    }
    return std::nullopt;
}

}  // namespace cellvigil
