#include "rules/timeline/subject_context.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "rules/grade/car_hematotox.h"

namespace cellvigil {

bool is_verdict_on_value(const Records& records, std::uint32_t version) {
    if (version == kNone || records.versions()[version].kind != FactKind::adjudication) return false;
    const std::uint32_t body = records.versions()[version].body;
    return body != kNone && is_on_value(std::get<Adjudication>(records.bodies()[body]).verdict);
}

namespace {

// Of several verdicts on one value the last in fold order holds.
std::vector<JudgedValue> judged_values(const Records& records, std::vector<std::uint32_t> verdicts) {
    std::sort(verdicts.begin(), verdicts.end(),
              [&](std::uint32_t a, std::uint32_t b) { return fold_before(records, a, b); });
    std::vector<JudgedValue> judged;
    for (const std::uint32_t version : verdicts) {
        const auto& said = std::get<Adjudication>(records.bodies()[records.versions()[version].body]);
        const RecordRef record{records.find(said.judged_record)};
        if (!record.known()) continue;
        std::erase_if(judged, [&](const JudgedValue& earlier) { return earlier.record == record; });
        judged.push_back({record, said.verdict == Verdict::value_confirmed, {records.versions()[version].record}});
    }
    std::sort(judged.begin(), judged.end(),
              [](const JudgedValue& a, const JudgedValue& b) { return a.record.index < b.record.index; });
    return judged;
}

}  // namespace

SubjectContext context_from(const Records& records, std::uint32_t enrollment,
                            const std::vector<std::uint32_t>& verdicts, const RuleSet& rules) {
    SubjectContext context;
    context.scales = rules.scales;
    if (!verdicts.empty()) context.judged = judged_values(records, verdicts);
    if (enrollment == kNone) return context;
    context.enrolled = true;
    context.scales = rules.scales_for(records.places()[records.versions()[enrollment].place].cohort);
    const std::uint32_t body = records.versions()[enrollment].body;
    if (body == kNone) return context;
    const auto& said = std::get<Enrollment>(records.bodies()[body]);
    if (said.age_days) context.age_days = static_cast<std::int32_t>(*said.age_days);
    if (said.age_years) context.age_years = static_cast<std::int32_t>(*said.age_years);
    context.developmental_delay = said.developmental_delay.value_or(false);
    context.weight_kg = said.weight_kg;
    if (!said.indication.code.empty() || !said.indication.display.empty()) {
        context.disease = is_large_b_cell_lymphoma(said.indication) ? Disease::large_b_cell_lymphoma : Disease::other;
    }
    context.baseline_ice = said.baseline_ice;
    context.baseline_capd = said.baseline_capd;
    return context;
}

std::uint32_t last_enrollment(const Records& records, const std::vector<std::uint32_t>& live) {
    std::uint32_t best = kNone;
    for (const std::uint32_t version : live) {
        if (records.versions()[version].kind != FactKind::enrollment) continue;
        if (best == kNone || fold_before(records, best, version)) best = version;
    }
    return best;
}

}  // namespace cellvigil
