#include "rules/timeline/changes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace cellvigil {
namespace {

using KnownFact = SubjectTimeline::KnownFact;
using Key = std::tuple<Instant, Scale, Term>;
using Statements = std::map<Key, Assessment>;

constexpr std::size_t kMostSteps = 4'000'000;  // facts folded, all derivations together

struct Telling {
    const SubjectTimeline& timeline;
    const RuleSet& rules;
    Instant as_of;
    Statements operator()(const std::vector<KnownFact>& known) const {
        Statements said;
        for (const Assessment& one : timeline.derived_from(rules, known, as_of).assessments) {
            if (as_of == kAlways || one.at <= as_of) said.emplace(Key{one.at, one.scale, one.term}, one);
        }
        return said;
    }
};

std::optional<Assessment> find(const Statements& said, const Key& key) {
    const auto found = said.find(key);
    return found == said.end() ? std::nullopt : std::optional<Assessment>(found->second);
}

const KnownFact* find(const std::vector<KnownFact>& known, RecordRef record) {
    const auto place =
        std::lower_bound(known.begin(), known.end(), record.index,
                         [](const KnownFact& fact, std::uint32_t index) { return fact.fact.record.index < index; });
    return place == known.end() || place->fact.record != record ? nullptr : &*place;
}

// `known` with one record as it is in `other`, or without it when it is not there.
std::vector<KnownFact> with_record_of(const std::vector<KnownFact>& known, const std::vector<KnownFact>& other,
                                      RecordRef record) {
    std::vector<KnownFact> mixed;
    mixed.reserve(known.size() + 1);
    std::copy_if(known.begin(), known.end(), std::back_inserter(mixed),
                 [&](const KnownFact& fact) { return fact.fact.record != record; });
    if (const KnownFact* fact = find(other, record)) mixed.push_back(*fact);
    return mixed;
}

std::vector<RecordChange> changed_records(const std::vector<KnownFact>& before, const std::vector<KnownFact>& after) {
    std::vector<RecordChange> changed;
    for (const KnownFact& fact : before) {
        const KnownFact* later = find(after, fact.fact.record);
        if (later == nullptr) changed.push_back({fact.fact.record, RecordChangeKind::gone, fact.number, 0});
        if (later != nullptr && later->version != fact.version) {
            changed.push_back({fact.fact.record, RecordChangeKind::amended, fact.number, later->number});
        }
    }
    for (const KnownFact& fact : after) {
        if (find(before, fact.fact.record) == nullptr) {
            changed.push_back({fact.fact.record, RecordChangeKind::appeared, 0, fact.number});
        }
    }
    std::sort(changed.begin(), changed.end(),
              [](const RecordChange& a, const RecordChange& b) { return a.record.index < b.record.index; });
    return changed;
}

bool rests_on(const std::optional<Assessment>& said, RecordRef record) {
    return said && std::find(said->evidence.begin(), said->evidence.end(), record) != said->evidence.end();
}

std::vector<StatementChange> changed_statements(const Statements& before, const Statements& after,
                                                const std::vector<RecordChange>& records) {
    std::map<Key, StatementChange> all;
    for (const auto& [key, said] : before) all[key].before = said;
    for (const auto& [key, said] : after) all[key].after = said;
    std::vector<StatementChange> changed;
    for (auto& entry : all) {
        StatementChange& change = entry.second;
        const bool requoted = std::any_of(records.begin(), records.end(), [&](const RecordChange& record) {
            return rests_on(change.before, record.record) || rests_on(change.after, record.record);
        });
        if (change.before != change.after || requoted) changed.push_back(std::move(change));
    }
    return changed;
}

Key key_of(const StatementChange& change) {
    const Assessment& said = change.after ? *change.after : *change.before;
    return {said.at, said.scale, said.term};
}

}  // namespace

const char* name_of(RecordChangeKind kind) {
    switch (kind) {
        case RecordChangeKind::appeared:
            return "appeared";
        case RecordChangeKind::amended:
            return "amended";
        case RecordChangeKind::gone:
            return "retracted";
    }
    return "changed";
}

Changes changes_between(const SubjectTimeline& timeline, const RuleSet& rules, Instant known_before,
                        Instant known_after, Instant as_of) {
    const std::vector<KnownFact> before = timeline.known_facts(known_before);
    const std::vector<KnownFact> after = timeline.known_facts(known_after);
    const Telling told{timeline, rules, as_of};
    const Statements said_before = told(before);
    const Statements said_after = told(after);
    Changes changes;
    changes.records = changed_records(before, after);
    changes.statements = changed_statements(said_before, said_after, changes.records);
    changes.causes_told_apart = 2 * changes.records.size() * (after.size() + 1) <= kMostSteps;
    for (const RecordChange& record : changes.records) {
        Statements without;
        Statements alone;
        if (changes.causes_told_apart && !changes.statements.empty()) {
            without = told(with_record_of(after, before, record.record));
            alone = told(with_record_of(before, after, record.record));
        }
        for (StatementChange& change : changes.statements) {
            const Key key = key_of(change);
            const bool quoted = rests_on(change.before, record.record) || rests_on(change.after, record.record);
            const bool decides =
                changes.causes_told_apart && (find(without, key) != change.after || find(alone, key) != change.before);
            if (quoted || decides) change.because.push_back(record.record);
        }
    }
    return changes;
}

}  // namespace cellvigil
