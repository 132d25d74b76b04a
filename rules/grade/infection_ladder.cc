#include "rules/grade/infection_ladder.h"

#include <algorithm>

namespace cellvigil {
namespace {

struct Range {
    Grade low = kNotGradable;
    Grade high = kNotGradable;
    Flags flags;
    void at_least(Grade grade) {
        low = std::max(low, grade);
        high = std::max(high, low);
    }
    void perhaps(Grade grade, Flag why) {
        if (grade <= high) return;
        high = grade;
        flags.add(why);
    }
};

void climb(Range& range, Term term, const InfectionPicture& picture) {
    if (picture.topical || picture.viraemia_only) range.at_least(1);
    if (picture.oral || picture.other_route) range.at_least(2);
    if (picture.intravenous || term == Term::sepsis) range.at_least(3);
    if (picture.admitted && admission_counts(term)) range.at_least(3);
    if (picture.widespread && term == Term::shingles) range.at_least(3);
    if (picture.life_threatening) range.at_least(4);
    if (picture.fatal) range.at_least(5);
}

void leave_open(Range& range, Term term, const InfectionPicture& picture) {
    const bool treated = picture.topical || picture.oral || picture.other_route || picture.intravenous;
    if (picture.route_unsaid) range.perhaps(3, Flag::treatment_unknown);
    if (!treated && !picture.route_unsaid) {
        const bool mild = picture.viraemia_only || picture.not_admitted;
        range.perhaps(mild ? 2 : 3, Flag::treatment_unknown);
    }
    if (picture.other_route) range.perhaps(3, Flag::ambiguous_scale);
    if (picture.admitted && !admission_counts(term)) range.perhaps(3, Flag::ambiguous_scale);
    if (picture.perhaps_admitted && admission_counts(term)) range.perhaps(3, Flag::admission_unknown);
    if (picture.eye_or_ear && term == Term::shingles) range.perhaps(3, Flag::ambiguous_scale);
    if (picture.perhaps_fatal) range.perhaps(5, Flag::death_cause_unknown);
}

}  // namespace

bool admission_counts(Term term) {
    return term == Term::shingles || term == Term::cmv_reactivation || term == Term::hsv_reactivation ||
           term == Term::ebv_reactivation || term == Term::hbv_reactivation;
}

Term term_in_blood(const InfectionPicture& picture) {
    const bool more = picture.sepsis || picture.life_threatening || picture.fatal;
    return more ? Term::sepsis : Term::bacteraemia;
}

InfectionGrade grade_infection(Term term, const InfectionPicture& picture) {
    Range range;
    if (term == Term::bacteraemia) {
        range.at_least(2);
    } else {
        climb(range, term, picture);
        leave_open(range, term, picture);
    }
    if (picture.widespread && term == Term::shingles) range.flags.add(Flag::disseminated_zoster);
    if (picture.unconfirmed) range.flags.add(Flag::unconfirmed_infection);
    return {range.low, range.high, range.flags};
}

}  // namespace cellvigil
