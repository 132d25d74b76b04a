#include "rules/cohort/infection_kind.h"

namespace cellvigil {
namespace {

std::string joined(const Coding& coding) {
    return coding.code.empty() ? std::string() : coding.system + "|" + coding.code;
}

RecurrenceGroup group_of(Organism organism) {
    switch (organism) {
        case Organism::bacteria:
            return RecurrenceGroup::bacteria;
        case Organism::c_difficile:
            return RecurrenceGroup::c_difficile;
        case Organism::vzv:
            return RecurrenceGroup::vzv;
        case Organism::cmv:
        case Organism::hsv:
        case Organism::ebv:
        case Organism::hhv6:
            return RecurrenceGroup::herpes;
        case Organism::adenovirus:
        case Organism::enterovirus:
        case Organism::influenza:
        case Organism::rsv:
        case Organism::parainfluenza:
        case Organism::rhinovirus:
            return RecurrenceGroup::respiratory;
        case Organism::sars_cov_2:
            return RecurrenceGroup::sars_cov_2;
        case Organism::bk_virus:
            return RecurrenceGroup::bk_virus;
        case Organism::yeast:
            return RecurrenceGroup::yeast;
        case Organism::mould:
            return RecurrenceGroup::mould;
        case Organism::pneumocystis:
            return RecurrenceGroup::pneumocystis;
        case Organism::helicobacter:
            return RecurrenceGroup::helicobacter;
        case Organism::hbv:
            return RecurrenceGroup::hbv;
        case Organism::other:
            return RecurrenceGroup::other;
        case Organism::unspecified:
            return RecurrenceGroup::unknown;
    }
    return RecurrenceGroup::unknown;
}

// No organism named: what kind of germ it was may still be known.
RecurrenceGroup group_of(PathogenClass pathogen) {
    switch (pathogen) {
        case PathogenClass::bacterial:
            return RecurrenceGroup::bacteria;
        case PathogenClass::viral:
        case PathogenClass::fungal:
        case PathogenClass::parasitic:
            return RecurrenceGroup::other;
        case PathogenClass::unknown:
        case PathogenClass::unspecified:
            return RecurrenceGroup::unknown;
    }
    return RecurrenceGroup::unknown;
}

}  // namespace

const char* name_of(RecurrenceGroup group) {
    switch (group) {
        case RecurrenceGroup::bacteria:
            return "bacteria";
        case RecurrenceGroup::c_difficile:
            return "c_difficile";
        case RecurrenceGroup::vzv:
            return "vzv";
        case RecurrenceGroup::herpes:
            return "herpes";
        case RecurrenceGroup::respiratory:
            return "respiratory";
        case RecurrenceGroup::sars_cov_2:
            return "sars_cov_2";
        case RecurrenceGroup::bk_virus:
            return "bk_virus";
        case RecurrenceGroup::yeast:
            return "yeast";
        case RecurrenceGroup::mould:
            return "mould";
        case RecurrenceGroup::pneumocystis:
            return "pneumocystis";
        case RecurrenceGroup::helicobacter:
            return "helicobacter";
        case RecurrenceGroup::hbv:
            return "hbv";
        case RecurrenceGroup::other:
            return "other";
        case RecurrenceGroup::unknown:
            return "unknown";
    }
    return "unknown";
}

Pathogen pathogen_of(const Infection& infection) {
    Pathogen pathogen;
    pathogen.organism = infection.zoster ? Organism::vzv : infection.organism;
    pathogen.group =
        pathogen.organism == Organism::unspecified ? group_of(infection.pathogen) : group_of(pathogen.organism);
    pathogen.code = joined(infection.organism_code);
    return pathogen;
}

bool may_be_same(const Pathogen& a, const Pathogen& b) {
    if (a.group == RecurrenceGroup::unknown || a.group != b.group) return false;
    const bool both_named = a.organism != Organism::unspecified && b.organism != Organism::unspecified;
    if (both_named && a.organism != b.organism) return false;
    // A zoster is varicella zoster virus whatever code it was given.
    if (a.group == RecurrenceGroup::vzv) return true;
    return a.code.empty() || b.code.empty() || a.code == b.code;
}

days recurrence_interval(RecurrenceGroup group, const InfectionRules& rules) {
    switch (group) {
        case RecurrenceGroup::bacteria:
            return days(rules.recurrence.bacteria);
        case RecurrenceGroup::c_difficile:
            return days(rules.recurrence.c_difficile);
        case RecurrenceGroup::vzv:
            return days(rules.zoster_refractory_days);
        case RecurrenceGroup::herpes:
            return days(rules.recurrence.herpes);
        case RecurrenceGroup::respiratory:
            return days(rules.recurrence.respiratory);
        case RecurrenceGroup::sars_cov_2:
            return days(rules.recurrence.sars_cov_2);
        case RecurrenceGroup::bk_virus:
            return days(rules.recurrence.bk_virus);
        case RecurrenceGroup::yeast:
            return days(rules.recurrence.yeast);
        case RecurrenceGroup::mould:
            return days(rules.recurrence.mould);
        case RecurrenceGroup::pneumocystis:
            return days(rules.recurrence.pneumocystis);
        case RecurrenceGroup::helicobacter:
            return days(rules.recurrence.helicobacter);
        case RecurrenceGroup::hbv:
            return days(rules.recurrence.hbv);
        case RecurrenceGroup::other:
            return days(rules.recurrence.other);
        case RecurrenceGroup::unknown:
            return days(rules.recurrence.unknown);
    }
    return days(rules.recurrence.unknown);
}

std::string site_of(const Infection& infection) { return joined(infection.site); }

}  // namespace cellvigil
