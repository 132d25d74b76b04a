// The rows of CTCAE's infection terms, of IEC-HS and of what is registered, in words. Source:
// docs/clinical/infection-grades.md, iec-hs.md, other-toxicities.md.
#include "rules/grade/criteria.h"
#include "rules/grade/infection_ladder.h"
#include "rules/grade/reported_term.h"

namespace cellvigil {
namespace {

std::string infection(Term term, Grade grade) {
    const bool admission = admission_counts(term);
    if (term == Term::sepsis && grade < 3) return "";
    if (term == Term::bacteraemia) return grade == 2 ? "bacteria in blood, without more" : "";
    switch (grade) {
        case 1:
            return admission ? "mild: local treatment or observation" : "localised: local treatment";
        case 2:
            return "oral treatment";
        case 3:
            if (term == Term::sepsis) return "bacteria in blood, and ill from it";
            return admission ? "intravenous treatment or admission to hospital"
                             : "intravenous treatment or an invasive procedure";
        case 4:
            return term == Term::hbv_reactivation ? "life-threatening, or decompensated liver disease"
                                                  : "life-threatening";
        case 5:
            return "death";
        default:
            return "";
    }
}

std::string malignancy(Grade grade) {
    switch (grade) {
        case 3:
            return "a second malignancy, not life-threatening";
        case 4:
            return "a life-threatening second malignancy, or blast crisis";
        case 5:
            return "death";
        default:
            return "";
    }
}

std::string iec_hs(Grade grade) {
    switch (grade) {
        case 1:
            return "observation only";
        case 2:
            return "needs intervention";
        case 3:
            return "severe: admission to hospital";
        case 4:
            return "life-threatening: ventilation, dialysis, major bleeding";
        case 5:
            return "death";
        default:
            return "";
    }
}

std::string licats(Grade grade) {
    switch (grade) {
        case 1:
            return "resolves by itself";
        case 2:
            return "glucocorticoid for more than a week of symptoms, or a relevant inner organ";
        case 3:
            return "new or longer stay in hospital";
        case 4:
            return "intensive care";
        default:
            return "";
    }
}

std::string enterocolitis(Grade grade) {
    switch (grade) {
        case 3:
            return "admission to hospital";
        case 4:
            return "life-threatening";
        case 5:
            return "death";
        default:
            return "";
    }
}

// What was seen, where there is no grade.
std::string suspected(Term term) {
    if (term == Term::iec_hs) {
        return "ferritin more than twice its limit or baseline, or rising fast, and two of: ALT or AST above 5 times "
               "its limit, fibrinogen below 1.5 g/L, a cell line of grade 4";
    }
    if (term == Term::ferritin_hook) return "ferritin fell by more than 90 % without treatment";
    if (term == Term::hbv_reactivation_suspected) return "HBV DNA or HBsAg as in one of the four definitions";
    if (term != Term::delayed_neurotoxicity) return "";
    return "a new neurological sign after ICANS resolved or late after the infusion";
}

}  // namespace

std::string infection_criterion_of(Scale scale, Term term, Grade grade) {
    if (grade == kNotGradable) return suspected(term);
    if (is_ctcae(scale) && is_infection_term(term)) return infection(term, grade);
    if (term == Term::secondary_malignancy || term == Term::t_cell_malignancy) return malignancy(grade);
    if (term == Term::iec_hs) return iec_hs(grade);
    if (term == Term::licats) return licats(grade);
    return term == Term::enterocolitis ? enterocolitis(grade) : "";
}

}  // namespace cellvigil
