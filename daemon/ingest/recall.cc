#include "daemon/ingest/recall.h"

#include "daemon/ingest/admission.h"
#include "rules/base/hash.h"

namespace cellvigil::ingest {

Sender look_up(const Directory& directory, const wire::SentEnvelope& sent) {
    Sender sender;
    sender.source = sent.source_system;
    sender.source_hash = hash64(sent.source_system);
    sender.study = sent.study;
    sender.cohort = sent.cohort;
    sender.site = sent.site;
    sender.is_placed = directory.accept_any;
    const auto study = directory.studies.find(sender.study);
    if (study == directory.studies.end()) return sender;
    sender.known_study = true;
    sender.known_cohort = study->second.cohorts.contains(sender.cohort);
    const auto site = study->second.sites.find(sender.site);
    if (site == study->second.sites.end()) return sender;
    sender.at = &site->second;
    sender.is_placed = sender.is_placed || sender.known_cohort;
    sender.terms = {site->second.offset, &site->second.unit_aliases, &site->second.code_aliases};
    if (!(site->second.unit_aliases.empty() && site->second.code_aliases.empty())) {
        sender.speaker = sender.at;
        sender.speaker_hash = ending_of(sender.site);
    }
    return sender;
}

}  // namespace cellvigil::ingest
