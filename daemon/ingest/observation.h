// An observation as sent to the domain's: code to analyte, number to the canonical unit, plausibility.
#pragma once

#include "daemon/wire/sent.h"
#include "rules/event/body.h"
#include "rules/event/units.h"

namespace cellvigil::ingest {

// As a new one; text keeps its room.
void clear(Observation& observation);

// What an observation's code and unit stand for at a site.
struct MeantCode {
    Analyte analyte = Analyte::other;
    const UnitRule* unit = nullptr;  // of a quantity; nullptr: no unit of that analyte
    std::string_view at_site;        // of a code that is no analyte's: the site's own word for it; empty: none
    bool is_its_loinc = false;       // the code is the one that we know the analyte by
};
MeantCode meant_by(const wire::SentObservation& sent, const wire::SiteTerms& terms);

// Fills `to` anew. What cannot be used stays nullopt; `flags` says why. Allocates only for text that is longer than
// what `to` held before.
void take_observation(const wire::SentObservation& sent, const MeantCode& meant, Observation& to, EventFlags& flags);

// The same of a number whose analyte and unit are known: `like` says what `sent` would say but for the number and the
// panel.
void take_number(const wire::SentObservation& like, double value, std::string_view panel, const MeantCode& meant,
                 Observation& to, EventFlags& flags);

}  // namespace cellvigil::ingest
