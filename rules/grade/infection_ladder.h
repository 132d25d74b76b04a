// The CTCAE ladder of infections, made executable: from how an episode was treated, whether it brought the subject to
// hospital, and how it ended. Versions 5.0 and 6.0 grade these terms alike. Nothing unsaid counts as a grade: what the
// data leave open is a range with a flag. Source: docs/clinical/infection-grades.md. Pure.
#pragma once

#include "rules/grade/assessment.h"

namespace cellvigil {

// What is known of one episode, from all its reports, courses and stays. False: not said.
struct InfectionPicture {
    // Treated by; prophylaxis is never in here.
    bool topical = false;
    bool oral = false;
    bool intravenous = false;
    bool other_route = false;   // subcutaneous, intramuscular, inhaled, other: systemic, named by no grade
    bool route_unsaid = false;  // treated, and not said how
    // Stay in hospital.
    bool admitted = false;          // for this infection
    bool perhaps_admitted = false;  // a stay began about then, its reason is not said
    bool not_admitted = false;      // said not to need one
    // Course.
    bool life_threatening = false;
    bool fatal = false;
    bool perhaps_fatal = false;  // died during it, the cause is open
    // What it is.
    bool viraemia_only = false;  // every report says so
    bool blood = false;          // bacteria in blood
    bool sepsis = false;         // a report is coded so
    bool widespread =
        false;  // zoster: two or more non-adjacent dermatomes, more than 20 vesicles outside, CNS, viscera
    bool eye_or_ear = false;   // zoster
    bool unconfirmed = false;  // every report calls it possible
    bool operator==(const InfectionPicture&) const = default;
};

struct InfectionGrade {
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    Flags flags;
    bool operator==(const InfectionGrade&) const = default;
};
// `term` is one of infection, sepsis, bacteraemia, shingles and the four reactivations.
InfectionGrade grade_infection(Term term, const InfectionPicture& picture);

// Terms whose grade 3 names admission to hospital; the generic infection names intravenous or invasive treatment only.
bool admission_counts(Term term);
// Bacteria in blood are bacteraemia (grade 2, no other grade) until they are coded sepsis, threaten life or kill
// (HOUSE).
Term term_in_blood(const InfectionPicture& picture);

}  // namespace cellvigil
