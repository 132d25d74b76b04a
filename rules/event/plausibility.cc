#include "rules/event/plausibility.h"

#include <array>
#include <limits>
#include <string_view>

namespace cellvigil {
namespace {

constexpr Range between(std::int64_t first, std::int64_t last) { return {whole(first), whole(last)}; }

// clang-format off
using A = Analyte;
constexpr auto kLimits = std::to_array<ValueLimits>({
    //                     hard                    soft                   whole numbers
    {A::temperature,       between(25, 45),        between(33, 42),       false},
    {A::systolic,          between(20, 300),       between(50, 220),      false},
    {A::diastolic,         between(5, 200),        between(5, 200),       false},
    {A::mean_arterial,     between(10, 250),       between(10, 250),      false},
    {A::heart_rate,        between(10, 350),       between(30, 220),      false},
    {A::respiratory_rate,  between(1, 120),        between(6, 60),        false},
    {A::spo2,              between(20, 100),       between(60, 100),      false},
    {A::fio2,              kFio2,                  kFio2,                 false},
    {A::oxygen_flow,       kOxygenFlow,            kOxygenFlow,           false},
    {A::gcs,               between(3, 15),         between(3, 15),        true},
    {A::rass,              between(-5, 4),         between(-5, 4),        true},
    {A::crp,               between(0, 1000),       between(0, 500),       false},
    {A::ferritin,          between(0, 1'000'000),  between(0, 100'000),   false},
    {A::il6,               between(0, 5'000'000),  between(0, 5'000'000), false},
    {A::fibrinogen,        between(0, 20),         between(0, 10),        false},
    {A::d_dimer,           between(0, 10'000),     between(0, 1000),      false},
    {A::triglycerides,     between(0, 250),        between(0, 50),        false},
    {A::ldh,               between(0, 100'000),    between(0, 10'000),    false},
    {A::ast,               between(0, 100'000),    between(0, 10'000),    false},
    {A::alt,               between(0, 100'000),    between(0, 10'000),    false},
    {A::bilirubin,         between(0, 2000),       between(0, 850),       false},
    {A::bilirubin_direct,  between(0, 2000),       between(0, 850),       false},
    {A::creatinine,        between(0, 5000),       between(10, 2000),     false},
    {A::neutrophils,       between(0, 500),        between(0, 200),       false},
    {A::lymphocytes,       between(0, 900),        between(0, 200),       false},
    {A::leukocytes,        between(0, 1000),       between(0, 200),       false},
    {A::platelets,         between(0, 5000),       between(0, 1500),      false},
    {A::haemoglobin,       between(10, 260),       between(30, 220),      false},
    {A::igg,               between(0, 150),        between(0, 40),        false},
    {A::iga,               between(0, 150),        between(0, 40),        false},
    {A::igm,               between(0, 150),        between(0, 40),        false},
    {A::cd4,               between(0, 20),         between(0, 10),        false},
    {A::cd19,              between(0, 900),        between(0, 100),       false},
    {A::cd19_percent,      between(0, 100),        between(0, 100),       false},
    {A::pao2,              between(10, 700),       between(25, 600),      false},
    {A::prothrombin_time,  between(1, 600),        between(5, 150),       false},
    {A::ptt,               between(1, 600),        between(10, 250),      false},
    {A::hbv_dna,           between(0, 1'000'000'000'000), between(0, 100'000'000'000), false},
    {A::csf_opening,       between(0, 150),        between(2, 60),        false},
    {A::weight,            {thousandths(300), whole(700)}, {whole(2), whole(300)}, false},
});
// clang-format on

constexpr std::array<std::int8_t, kAnalytes> make_rows() {
    std::array<std::int8_t, kAnalytes> rows{};
    for (auto& row : rows) row = -1;
    for (std::size_t i = 0; i < kLimits.size(); ++i) {
        rows[static_cast<std::size_t>(kLimits[i].analyte)] = static_cast<std::int8_t>(i);
    }
    return rows;
}
constexpr auto kRows = make_rows();

Plausibility placed(Quantity value, Range hard, Range soft) {
    if (!hard.holds(value)) return Plausibility::implausible;
    return soft.holds(value) ? Plausibility::usual : Plausibility::unusual;
}

bool at_most(std::optional<std::uint32_t> score, std::uint32_t limit) { return !score || *score <= limit; }

}  // namespace

std::span<const ValueLimits> value_limits() { return kLimits; }

Plausibility plausibility_of(Analyte analyte, Quantity value) {
    const std::int8_t row = kRows[static_cast<std::size_t>(analyte)];
    if (row < 0) return Plausibility::usual;
    const ValueLimits& limits = kLimits[static_cast<std::size_t>(row)];
    if (limits.whole_numbers && value.micro % 1'000'000 != 0) return Plausibility::implausible;
    return placed(value, limits.hard, limits.soft);
}

Plausibility oxygen_flow_plausibility(OxygenDevice device, Quantity flow_l_min) {
    if (device == OxygenDevice::nasal_cannula) return placed(flow_l_min, kCannulaFlow, kCannulaFlow);
    const bool mask = device == OxygenDevice::face_mask || device == OxygenDevice::non_rebreather ||
                      device == OxygenDevice::partial_rebreather;
    return placed(flow_l_min, kOxygenFlow, mask ? between(5, 15) : kOxygenFlow);
}

Plausibility fio2_plausibility(Quantity fraction) { return placed(fraction, kFio2, kFio2); }

Plausibility pressor_plausibility(Agent agent, Quantity rate, std::string_view unit) {
    if (agent == Agent::norepinephrine && unit == "ug/kg/min") return placed(rate, between(0, 10), between(0, 2));
    if (agent == Agent::vasopressin && unit == "[iU]/min") {
        return placed(rate, {whole(0), hundredths(20)}, {whole(0), hundredths(6)});
    }
    return rate < whole(0) ? Plausibility::implausible : Plausibility::usual;
}

bool is_plausible(const IceAssessment& assessment) {
    const auto& a = assessment;
    const bool scores = at_most(a.orientation, 4) && at_most(a.naming, 3) && at_most(a.commands, 1) &&
                        at_most(a.writing, 1) && at_most(a.attention, 1) && at_most(a.total, 10) &&
                        at_most(a.capd_total, 32) && at_most(a.capd_items_answered, 8) &&
                        at_most(a.head_of_government, 1);
    const bool rass = !a.rass || (*a.rass >= -5 && *a.rass <= 4);
    return scores && rass;
}

}  // namespace cellvigil
