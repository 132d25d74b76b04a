#include "rules/timeline/infusion_links.h"

#include <algorithm>
#include <variant>

#include "rules/base/hash.h"

namespace cellvigil {
namespace {

bool of_index(const KnownInfusion& infusion, const InfusionContext& index) {
    return index.ordinal > 0 && infusion.at >= index.at;
}

// Of two infusions that both come later than the fact.
bool is_one_index(const KnownInfusion& earlier, const KnownInfusion& later, const RuleSet& rules) {
    const auto apart = later.at - earlier.at;
    if (earlier.lot != 0 && earlier.lot == later.lot && apart <= rules.split_infusion) return true;
    return later.names != 0 && later.names == earlier.name && apart <= rules.named_split_infusion;
}

bool fits_later(const Fact& fact, const KnownInfusion& named, const SubjectContext& subject, const RuleSet& rules) {
    return std::ranges::all_of(subject.infusions, [&](const KnownInfusion& other) {
        return other.at <= fact.at || other.at >= named.at || is_one_index(other, named, rules);
    });
}

bool fits(const Fact& fact, const KnownInfusion& named, const InfusionContext& index, const SubjectContext& subject,
          const RuleSet& rules) {
    if (fact.kind == FactKind::infusion) {
        if (named.record == fact.record) return true;
        return named.at <= fact.at && of_index(named, index) &&
               is_fraction(fact, lot_of(std::get<Infusion>(*fact.body)), index, subject, rules);
    }
    if (named.at > fact.at) return fits_later(fact, named, subject, rules);
    return index.ordinal == 0 || of_index(named, index);
}

}  // namespace

bool is_fraction(const Fact& infusion, std::uint64_t lot, const InfusionContext& index, const SubjectContext& subject,
                 const RuleSet& rules) {
    if (index.ordinal == 0) return false;
    const auto since = infusion.at - index.at;
    if (lot != 0 && lot == index.lot && since <= rules.split_infusion) return true;
    if (infusion.infusion_named == 0 || since > rules.named_split_infusion) return false;
    return std::ranges::any_of(subject.infusions, [&](const KnownInfusion& known) {
        return known.name == infusion.infusion_named && known.record != infusion.record && known.at <= infusion.at &&
               of_index(known, index);
    });
}

std::optional<QualityItem> check_link(const Fact& fact, const InfusionContext& index, const SubjectContext& subject,
                                      const RuleSet& rules) {
    if (fact.infusion_named == 0) return std::nullopt;
    QualityItem item{QualityKind::infusion_unknown, fact.at, fact.record, {}};
    for (const KnownInfusion& named : subject.infusions) {
        if (named.name != fact.infusion_named) continue;
        if (fits(fact, named, index, subject, rules)) return std::nullopt;
        item.kind = QualityKind::infusion_contradicted;
        item.against = named.record;
    }
    return item;
}

}  // namespace cellvigil
