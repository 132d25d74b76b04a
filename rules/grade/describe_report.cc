// Reports of the site in the words of its own: what they say, not how they are graded.
#include <variant>

#include "rules/event/report_words.h"
#include "rules/grade/render.h"

namespace cellvigil {
namespace {

const char* words_for(Organism organism) {
    switch (organism) {
        case Organism::unspecified:
        case Organism::other:
            return "infection";
        case Organism::bacteria:
            return "bacterial infection";
        case Organism::c_difficile:
            return "Clostridioides difficile infection";
        case Organism::vzv:
            return "varicella zoster virus infection";
        case Organism::cmv:
            return "CMV infection";
        case Organism::hsv:
            return "herpes simplex infection";
        case Organism::ebv:
            return "EBV infection";
        case Organism::hhv6:
            return "HHV-6 infection";
        case Organism::adenovirus:
            return "adenovirus infection";
        case Organism::enterovirus:
            return "enterovirus infection";
        case Organism::influenza:
            return "influenza";
        case Organism::rsv:
            return "RSV infection";
        case Organism::parainfluenza:
            return "parainfluenza";
        case Organism::rhinovirus:
            return "rhinovirus infection";
        case Organism::sars_cov_2:
            return "SARS-CoV-2 infection";
        case Organism::bk_virus:
            return "BK virus infection";
        case Organism::yeast:
            return "yeast infection";
        case Organism::mould:
            return "mould infection";
        case Organism::pneumocystis:
            return "Pneumocystis infection";
        case Organism::helicobacter:
            return "Helicobacter infection";
        case Organism::hbv:
            return "hepatitis B";
    }
    return "infection";
}

const char* words_for(Route route) {
    switch (route) {
        case Route::unspecified:
            return "by a route not stated";
        case Route::intravenous:
            return "intravenously";
        case Route::oral:
            return "by mouth";
        case Route::subcutaneous:
            return "subcutaneously";
        case Route::intramuscular:
            return "intramuscularly";
        case Route::topical:
            return "locally";
        case Route::inhaled:
            return "by inhalation";
        case Route::other:
            return "by another route";
    }
    return "";
}

std::string seriousness_words(const Seriousness& serious, Outcome outcome) {
    std::string text;
    if (serious.hospitalisation.value_or(false)) text += ", hospitalised";
    if (serious.life_threatening.value_or(false)) text += ", life-threatening";
    if (serious.death.value_or(false) || outcome == Outcome::fatal) text += ", fatal";
    return text;
}

std::string extent_words(const Zoster& zoster) {
    std::string text;
    if (zoster.dermatomes) {
        text += ", " + std::to_string(*zoster.dermatomes) + (*zoster.dermatomes == 1 ? " dermatome" : " dermatomes");
    }
    if (zoster.non_contiguous.value_or(false)) text += ", not adjacent";
    if (zoster.disseminated.value_or(false)) text += ", disseminated";
    if (zoster.ophthalmic.value_or(false)) text += ", of the eye";
    if (zoster.oticus.value_or(false)) text += ", of the ear";
    if (zoster.cns.value_or(false)) text += ", of the central nervous system";
    if (zoster.visceral.value_or(false)) text += ", visceral";
    return text;
}

std::string infection_words(const Infection& said) {
    const bool zoster = said.zoster.has_value() && !said.viraemia_only.value_or(false);
    std::string text = zoster ? "herpes zoster" : words_for(said.organism);
    if (said.viraemia_only.value_or(false)) text += ", viraemia only";
    if (said.certainty == Certainty::possible) text += ", possible";
    if (said.zoster) text += extent_words(*said.zoster);
    for (const Route route : said.treatment_routes) text += std::string(", treated ") + words_for(route);
    if (said.hospitalised.value_or(false) && !said.seriousness.hospitalisation.value_or(false))
        text += ", hospitalised";
    return text + seriousness_words(said.seriousness, said.outcome) + " (site's report)";
}

}  // namespace

std::string describe_report(const Body& body) {
    if (const auto* infection = std::get_if<Infection>(&body)) return infection_words(*infection);
    const auto* event = std::get_if<AdverseEvent>(&body);
    if (event == nullptr) return "";
    return words_of(event->category) + seriousness_words(event->seriousness, event->outcome) + " (site's report)";
}

}  // namespace cellvigil
