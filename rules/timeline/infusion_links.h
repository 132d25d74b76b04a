// What a sender says of which infusion a fact is counted against (EventEnvelope.infusion_record_id), held against what
// the fold makes of the times. Times decide: a body temperature belongs to whatever was infused before it, and an index
// ends with the next one. What the sender says decides only whether an infusion is a fraction of the one before. Where
// the two disagree the fact is used by its time and listed (QualityKind::infusion_unknown, infusion_contradicted).
// Depends on the set of live facts alone. docs/clinical/infusions.md. Pure.
#pragma once

#include <optional>

#include "rules/findings/quality.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

// Is this infusion a further fraction of the index that the fold is in: of its lot within infusion.split_h, or naming
// one of its infusions within infusion.named_split_h? Both limits belong to it. `lot`: hash of the lot, 0: not stated.
bool is_fraction(const Fact& infusion, std::uint64_t lot, const InfusionContext& index, const SubjectContext& subject,
                 const RuleSet& rules);

// What is to be listed of the fact's link; nullopt: it names none, or it fits. `index` is the fold's before the fact.
// It fits when the infusion named is of the index that the fact falls into, or of the first one after it (what precedes
// an infusion may name it). Names are compared over all sources of the subject.
std::optional<QualityItem> check_link(const Fact& fact, const InfusionContext& index, const SubjectContext& subject,
                                      const RuleSet& rules);

}  // namespace cellvigil
