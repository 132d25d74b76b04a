#include "daemon/store/memory_state.h"

#include <algorithm>

#include "daemon/store/block.h"
#include "daemon/store/history.h"

namespace cellvigil::store {
namespace {

Error taken_over(std::uint32_t partition) {
    return {Errc::conflict, "partition " + std::to_string(partition) + ": somebody else has advanced or claimed it"};
}

}  // namespace

Result<void> MemoryDatabase::State::may_apply(const Commit& commit) const {
    for (const Advance& advance : commit.advances) {
        const auto at = partitions.find(advance.partition);
        if (at == partitions.end() || at->second.claim.next != advance.expected ||
            at->second.claim.epoch != advance.epoch) {
            return fail(taken_over(advance.partition));
        }
    }
    std::set<Place> put;
    for (const Held& one : commit.held) {
        const Place place{one.partition, one.position};
        if (!one.frame.empty()) {
            put.insert(place);
        } else if (held.count(place) == 0 && put.count(place) == 0) {
            return fail(Errc::invalid, "no message is held at partition " + std::to_string(one.partition) +
                                           ", position " + std::to_string(one.position));
        }
    }
    return may_take_histories(commit);
}

// An alert's new revision in the same commit adds a step of the engine before those of people, as in SQLite.
Result<void> MemoryDatabase::State::may_take_histories(const Commit& commit) const {
    std::map<std::string, std::pair<std::uint32_t, Instant>> last;
    const auto end_of = [&](const std::string& id) -> std::pair<std::uint32_t, Instant>& {
        const auto fresh = last.try_emplace(id, 0U, kAlways);
        const auto at = actions.find(id);
        if (fresh.second && at != actions.end() && !at->second.empty())
            fresh.first->second = {at->second.back().number, at->second.back().action.at};
        return fresh.first->second;
    };
    for (const AlertRow& row : commit.alerts) {
        const auto known = alerts.find(row.alert_id);
        if (known == alerts.end() || known->second.back().row.revision < row.revision) ++end_of(row.alert_id).first;
    }
    for (const ActionRow& row : commit.actions) {
        auto& [number, at] = end_of(row.alert_id);
        if (auto fits = check_next("alert " + row.alert_id, row.number, row.action.at, number, at); !fits) return fits;
        number = row.number;
        at = row.action.at;
    }
    for (const SignalStepRow& row : commit.signal_steps) {
        const auto at = signal_steps.find(row.signal_id);
        const bool none = at == signal_steps.end() || at->second.empty();
        if (is_open_already(row, none ? 0 : at->second.back().number)) continue;
        if (auto fits = check_next("signal " + row.signal_id, row.number, row.step.at,
                                   none ? 0 : at->second.back().number, none ? kAlways : at->second.back().step.at);
            !fits)
            return fits;
    }
    return {};
}

void MemoryDatabase::State::apply(const Commit& commit) {
    for (const Segment& segment : commit.segments) partitions[segment.partition].segments.push_back(segment);
    for (const Advance& advance : commit.advances) {
        Claim& claim = partitions[advance.partition].claim;
        claim.next = advance.next;
        claim.log_time = advance.log_time;
        claim.watermark = advance.watermark;
    }
    for (const Snapshot& snapshot : commit.snapshots) {
        auto& snapshots = partitions[snapshot.partition].snapshots;
        const auto at = snapshots.find(snapshot.subject_key);
        if (at == snapshots.end() || snapshot.upto >= at->second.upto) snapshots[snapshot.subject_key] = snapshot;
    }
    for (const Cell& cell : commit.cells) {
        auto& cells = partitions[cell.partition].cells;
        const CellKey key{cell.cohort, cell.measure, cell.x, cell.y};
        if (cell.value == 0) {
            cells.erase(key);
        } else {
            cells[key] = cell.value;
        }
    }
    apply_alerts(commit);
    apply_letters(commit);
    for (const ActionRow& row : commit.actions) {
        actions[row.alert_id].push_back(row);
        changes[row.alert_id] = ++last_change;
    }
    for (const SignalStepRow& row : commit.signal_steps) {
        auto& steps = signal_steps[row.signal_id];
        if (is_open_already(row, static_cast<std::uint32_t>(steps.size()))) continue;
        steps.push_back(row);
        changes[row.signal_id] = ++last_change;
    }
    for (const CaseRow& row : commit.cases) {
        std::string& stored = cases[row.alert_id];
        if (row.versions.size() >= stored.size()) stored = row.versions;
        changes[row.alert_id] = ++last_change;
    }
    apply_days(commit);
    for (const AuditRow& row : commit.audit) {
        std::map<std::string, std::string> named;
        for (const std::string& subject : row.subjects)
            named[subject] = tokens.try_emplace(subject, random_token()).first->second;
        audit.push_back(with_tokens(row, named));
    }
    ++written;
}

void MemoryDatabase::State::apply_alerts(const Commit& commit) {
    for (const AlertRow& row : commit.alerts) {
        auto& revisions = alerts[row.alert_id];
        if (!revisions.empty() && revisions.back().row.revision >= row.revision) continue;
        const Instant at = recorded_at(commit, row);
        const auto before = revisions.empty() ? std::nullopt : std::optional(revisions.back().row.state);
        auto& history = actions[row.alert_id];
        history.push_back({row.alert_id,
                           static_cast<std::uint32_t>(history.size()) + 1,
                           engine_action(before, row, at, history.empty() ? kAlways : history.back().action.at),
                           {}});
        revisions.push_back({row, at});
        changes[row.alert_id] = ++last_change;
        revisions.back().row.worse = false;
    }
    for (const OutboxRow& row : commit.outbox) {
        if (!outbox_ids.insert(row.id).second) continue;
        outbox.push_back({++last_outbox, row});
    }
}

std::string MemoryDatabase::State::case_of(std::string_view alert_id) const {
    const auto found = cases.find(alert_id);
    return found == cases.end() ? std::string() : found->second;
}

std::optional<AlertRow> MemoryDatabase::State::alert(std::string_view alert_id) const {
    const auto found = alerts.find(std::string(alert_id));
    if (found == alerts.end() || found->second.empty()) return std::nullopt;
    return found->second.back().row;
}

std::vector<BookChange> MemoryDatabase::State::changes_after(std::int64_t sequence, std::size_t at_most) const {
    std::vector<BookChange> found;
    for (const auto& [alert_id, at] : changes) {
        if (at > sequence) found.push_back({at, alert_id});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
    if (found.size() > at_most) found.resize(at_most);
    return found;
}

VerifyReport MemoryDatabase::State::verified() const {
    VerifyReport report;
    for (const auto& [number, partition] : partitions) {
        std::int64_t next = partition.segments.empty() ? partition.claim.next : partition.segments.front().base;
        for (const Segment& segment : partition.segments) {
            if (segment.base != next) {
                report.faults.push_back("partition " + std::to_string(number) + ": a segment begins at " +
                                        std::to_string(segment.base) + ", expected " + std::to_string(next));
            }
            next = segment.next;
            ++report.segments;
            report.messages += segment.messages;
        }
        if (next != partition.claim.next) {
            report.faults.push_back("partition " + std::to_string(number) + ": the journal ends at " +
                                    std::to_string(next) + ", the position is " + std::to_string(partition.claim.next));
        }
    }
    return report;
}

void MemoryDatabase::State::apply_letters(const Commit& commit) {
    for (const DeadLetter& letter : commit.dead_letters) {
        if (letter.position >= 0 && !dead_places.insert({letter.partition, letter.position}).second) continue;
        dead_letters.push_back({static_cast<std::int64_t>(dead_letters.size()) + 1, letter, false});
    }
    for (const Held& one : commit.held) {
        Held& stored = held[{one.partition, one.position}];
        if (!one.frame.empty()) {
            stored = one;
            continue;
        }
        stored.state = one.state;
        if (!one.reason.empty()) stored.reason = one.reason;
        if (!one.detail.empty()) stored.detail = one.detail;
    }
}

Result<std::vector<AuditEntry>> MemoryDatabase::State::audit_from(std::int64_t first, std::size_t at_most) const {
    std::vector<AuditEntry> entries;
    Codec codec;
    Digest chain{};
    for (std::size_t i = 0; i < audit.size() && entries.size() < at_most; ++i) {
        const auto link = codec.chain(chain, static_cast<std::int64_t>(i), audit[i]);
        if (!link) return fail(link.error());
        chain = *link;
        if (static_cast<std::int64_t>(i) < first) continue;
        entries.push_back({static_cast<std::int64_t>(i), audit[i], std::string(view(chain))});
        for (const auto& [subject, token] : tokens)
            if (audit[i].object == "subject:" + token) entries.back().subject = subject;
    }
    return entries;
}

void MemoryDatabase::State::apply_days(const Commit& commit) {
    for (const DayCloseRow& row : commit.day_closes) {
        const bool there = std::any_of(day_closes.begin(), day_closes.end(), [&](const StoredClose& one) {
            return one.row.partition == row.partition && one.row.through == row.through;
        });
        if (!there) day_closes.push_back({static_cast<std::int64_t>(day_closes.size()) + 1, row});
    }
    for (const LookRow& row : commit.looks) looks.emplace(row.day, row);
}

std::vector<StoredClose> MemoryDatabase::State::closes_after(std::int64_t sequence, std::size_t at_most) const {
    std::vector<StoredClose> closes;
    for (const StoredClose& close : day_closes) {
        if (close.sequence > sequence && closes.size() < at_most) closes.push_back(close);
    }
    return closes;
}

ClosedCells MemoryDatabase::State::closed_cells(std::uint32_t partition) const {
    ClosedCells closed;
    std::map<std::tuple<std::string, std::string, std::int32_t>, std::int64_t> sums;
    for (const StoredClose& close : day_closes) {
        if (close.row.partition != partition) continue;
        closed.through = close.row.through;
        closed.late = close.row.late;
        for (const CellDelta& delta : close.row.deltas) sums[{delta.cohort, delta.measure, delta.x}] += delta.by;
    }
    for (const auto& [key, by] : sums) {
        const auto& [cohort, measure, x] = key;
        if (by != 0) closed.cells.push_back({cohort, measure, x, by});
    }
    return closed;
}

std::vector<LookRow> MemoryDatabase::State::looks_after(std::int32_t day, std::size_t at_most) const {
    std::vector<LookRow> rows;
    for (auto at = looks.upper_bound(day); at != looks.end() && rows.size() < at_most; ++at) rows.push_back(at->second);
    return rows;
}

std::vector<CellSum> MemoryDatabase::State::cell_sums() const {
    std::map<CellKey, std::int64_t> totals;
    for (const auto& [number, partition] : partitions) {
        for (const auto& [key, value] : partition.cells) {
            if (!std::get<1>(key).starts_with(kWho)) totals[key] += value;
        }
    }
    std::vector<CellSum> sums;
    for (const auto& [key, value] : totals) {
        const auto& [cohort, measure, x, y] = key;
        sums.push_back({cohort, measure, x, y, value});
    }
    return sums;
}

std::vector<std::string> MemoryDatabase::State::named(std::string_view cohort, std::string_view table,
                                                      std::size_t at_most) const {
    const std::string prefix = kWho + std::string(table) + "/";
    std::vector<std::string> names;
    for (const auto& [number, partition] : partitions) {
        for (const auto& [key, value] : partition.cells) {
            const auto& [of, measure, x, y] = key;
            if (of == cohort && measure.starts_with(prefix)) names.push_back(measure.substr(prefix.size()));
        }
    }
    std::sort(names.begin(), names.end());
    if (names.size() > at_most) names.resize(at_most);
    return names;
}

Counts MemoryDatabase::State::counts() const {
    std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> raised;
    for (const auto& [id, revisions] : alerts) {
        const AlertRow& row = revisions.back().row;
        if (row.state != AlertState::withdrawn) ++raised[{row.rule, row.cohort, row.severity}];
    }
    std::map<std::string, std::int64_t> waiting;
    for (const auto& [place, one] : held)
        if (one.state == HeldState::held) ++waiting[one.reason];
    Counts counts;
    for (const auto& [group, count] : raised)
        counts.alerts.push_back({std::get<0>(group), std::get<1>(group), std::get<2>(group), count});
    for (const auto& [reason, count] : waiting) counts.held.push_back({reason, count});
    return counts;
}

}  // namespace cellvigil::store
