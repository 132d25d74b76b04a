#include "rules/grade/render.h"

#include "rules/grade/criteria.h"
#include "rules/grade/values.h"

namespace cellvigil {
namespace {

std::string scale_words(Scale scale) {
    if (scale == Scale::astct_crs_2019) return "CRS";
    if (scale == Scale::astct_icans_2019) return "ICANS";
    if (scale == Scale::icaht_early) return "early ICAHT";
    if (scale == Scale::icaht_late) return "late ICAHT";
    if (scale == Scale::t_icaht) return "T-ICAHT";
    if (scale == Scale::car_hematotox) return "CAR-HEMATOTOX";
    if (scale == Scale::lee_2014) return "CRS by Lee 2014";
    if (scale == Scale::penn) return "CRS by Penn";
    if (scale == Scale::cartox_crs) return "CRS by CARTOX";
    if (scale == Scale::mskcc) return "CRS by MSKCC";
    if (scale == Scale::cartox_cres) return "neurotoxicity by CARTOX CRES";
    if (scale == Scale::iec_hs_2023) return "Hines 2023";
    if (scale == Scale::licats_2025) return "Hagen 2025";
    if (scale == Scale::ctcae_4_03) return "CTCAE 4.03";
    if (scale == Scale::ctcae_5_0) return "CTCAE 5.0";
    return scale == Scale::ctcae_6_0 ? "CTCAE 6.0" : name_of(scale);
}

std::string subject_words(const Assessment& said) { return statement_words(said.scale, said.term); }

std::string grade_words(const Assessment& said) {
    if (std::string headline = counts_headline(said); !headline.empty()) return headline;
    const std::string scale = subject_words(said);
    if (said.grade == kNotGradable) {
        if (said.grade_upper == kNotGradable) return scale + " cannot be graded";
        if (said.grade_upper == 0) return scale + " cannot be graded, at most 0";
        return scale + " cannot be graded, could be as high as " + std::to_string(int{said.grade_upper});
    }
    std::string text = scale + " grade " + std::to_string(int{said.grade});
    if (said.grade_upper > said.grade) text += ", could be as high as " + std::to_string(int{said.grade_upper});
    return text;
}

std::string components_words(const Assessment& said) {
    std::string text;
    for (int i = 0; i < kComponents; ++i) {
        const auto component = static_cast<Component>(i);
        if (!said.deciding.has(component)) continue;
        text += (text.empty() ? "" : " and ") + component_words(component);
    }
    return text;
}

// An open episode goes on without fever when a drug may hide it: that drug stands among the evidence then.
bool waives_fever(const Assessment& said, const Fact& fact) {
    return said.scale == Scale::astct_crs_2019 && said.grade >= 2 && fact.kind == FactKind::intervention &&
           components_of(fact).has(Component::fever);
}

// A term of the moment is only no longer known; CRS and ICANS have a window in which they are watched for.
const char* nothing_words(Scale scale) {
    const bool watched = scale == Scale::astct_crs_2019 || scale == Scale::astct_icans_2019;
    return watched ? ": no longer under surveillance, nothing abnormal" : ": nothing to grade any more";
}

// "neutrophils; neutrophils 0.3 ..." says a word twice.
bool repeats(std::string_view why, std::string_view clause) {
    return !why.empty() && clause.starts_with(why) && clause.substr(why.size()).starts_with(" ");
}

void append_clause(std::string& text, std::string_view clause) {
    text += text.empty() ? "" : "; ";
    text += clause;
}

}  // namespace

std::string statement_words(Scale scale, Term term) {
    if (term == Term::none) return scale_words(scale);
    if (scale == Scale::unspecified) return words_of(term);
    if (term == Term::early || term == Term::late) return scale_words(scale) + ", " + words_of(term) + ",";
    return std::string(words_of(term)) + " (" + scale_words(scale) + ")";
}

std::string render_sentence(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet&) {
    if (!said.under_surveillance) return subject_words(said) + nothing_words(said.scale);
    std::string text =
        grade_words(said) + " since " + clock_of(said.at, offset) + " on day " + std::to_string(said.day);
    std::string why;
    const std::string components = components_words(said);
    if (!components.empty()) why = components;
    for (const RecordRef record : said.evidence) {
        const Fact* fact = record.known() ? fact_of(record) : nullptr;
        if (fact == nullptr) continue;
        const std::string clause = describe_fact(*fact, said, offset);
        if (repeats(why, clause)) why.clear();
        append_clause(why, waives_fever(said, *fact) ? "fever waived, " + clause : clause);
    }
    for (const Reported& figure : said.figures) {
        if (figure.what != Figure::none) append_clause(why, figure_words(figure.what, figure.value));
    }
    for (int i = 0; i < kFlags; ++i) {
        const auto flag = static_cast<Flag>(i);
        if (said.flags.has(flag)) append_clause(why, meaning_of(flag));
    }
    if (!why.empty()) text += ": " + why;
    if (said.needs_adjudication()) text += " (needs adjudication)";
    return text;
}

}  // namespace cellvigil
