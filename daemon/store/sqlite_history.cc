// Histories of alerts and signals, and the audit trail as its readers want it.
#include <limits>
#include <string>

#include "daemon/store/history.h"
#include "daemon/store/sql.h"
#include "daemon/store/sqlite_store.h"

namespace cellvigil::store {
namespace {

std::int64_t answer_of(const std::optional<bool>& answer) { return answer ? (*answer ? 1 : 0) : -1; }
std::optional<bool> answer_at(const Query& query, int column) {
    const std::int64_t stored = query.integer_at(column);
    if (stored < 0) return std::nullopt;
    return stored != 0;
}

template <typename T>
Result<T> known(const std::optional<T>& value, const std::string& text) {
    if (value) return *value;
    return fail(Errc::corrupt, "a history names \"" + text + "\", which this program does not know");
}

Result<ActionRow> read_action(const Query& query) {
    ActionRow row;
    row.alert_id = query.string_at(0);
    row.number = static_cast<std::uint32_t>(query.integer_at(1));
    AlertAction& action = row.action;
    action.at = query.instant_at(2);
    const auto kind = known(action_named(query.bytes_at(3)), query.string_at(3));
    if (!kind) return fail(kind.error());
    const auto role = known(role_named(query.bytes_at(5)), query.string_at(5));
    if (!role) return fail(role.error());
    const auto severity = known(severity_named(query.bytes_at(11)), query.string_at(11));
    if (!severity) return fail(severity.error());
    action.kind = *kind;
    action.by = {query.string_at(4), *role};
    action.reason = query.string_at(6);
    action.comment = query.string_at(7);
    action.assignee = query.string_at(8);
    if (query.instant_at(9) != kAlways) action.until = query.instant_at(9);
    action.revision = static_cast<std::uint32_t>(query.integer_at(10));
    action.severity = *severity;
    action.provisional = query.integer_at(12) != 0;
    row.request_key = query.string_at(13);
    action.alone = answer_at(query, 14);
    return row;
}

Result<SignalStepRow> read_step(const Query& query) {
    SignalStepRow row;
    row.signal_id = query.string_at(0);
    row.number = static_cast<std::uint32_t>(query.integer_at(1));
    SignalStep& step = row.step;
    step.at = query.instant_at(2);
    const auto stage = known(signal_stage_named(query.bytes_at(3)), query.string_at(3));
    if (!stage) return fail(stage.error());
    const auto role = known(role_named(query.bytes_at(5)), query.string_at(5));
    if (!role) return fail(role.error());
    step.to = *stage;
    step.by = {query.string_at(4), *role};
    step.reason = query.string_at(6);
    step.checklist = {answer_at(query, 7), answer_at(query, 8), answer_at(query, 9), answer_at(query, 10)};
    step.recommendation = query.string_at(11);
    row.request_key = query.string_at(12);
    return row;
}

template <typename Row>
Result<std::vector<Row>> all(Query& query, Result<Row> (*read)(const Query&)) {
    std::vector<Row> rows;
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return rows;
        auto row = read(query);
        if (!row) return fail(row.error());
        rows.push_back(std::move(*row));
    }
}

}  // namespace

Result<SqliteStore::LastStep> SqliteStore::last_step(const char* sql, std::string_view id) {
    Query query = connection_->query(sql);
    const auto there = query.text(id).next();
    if (!there) return fail(there.error());
    if (!*there) return LastStep{};
    return LastStep{static_cast<std::uint32_t>(query.integer_at(0)), query.instant_at(1)};
}

Result<void> SqliteStore::put_action(const ActionRow& row) {
    const AlertAction& action = row.action;
    Query query = connection_->query(sql::kPutAction);
    query.text(row.alert_id).integer(row.number).instant(action.at).text(name_of(action.kind));
    query.text(action.by.person).text(name_of(action.by.role)).text(action.reason).text(action.comment);
    query.text(action.assignee).instant(action.until.value_or(kAlways)).integer(action.revision);
    query.text(name_of(action.severity)).integer(action.provisional ? 1 : 0).text(row.request_key);
    query.integer(answer_of(action.alone));
    return query.run();
}

Result<void> SqliteStore::put_engine_action(std::optional<AlertState> before, const AlertRow& row, Instant at) {
    const auto last = last_step(sql::kLastAction, row.alert_id);
    if (!last) return fail(last.error());
    if (auto put = put_change(row.alert_id); !put) return put;
    return put_action({row.alert_id, last->number + 1, engine_action(before, row, at, last->at), {}});
}

Result<void> SqliteStore::put_histories(const Commit& commit) {
    for (const ActionRow& row : commit.actions) {
        const auto last = last_step(sql::kLastAction, row.alert_id);
        if (!last) return fail(last.error());
        if (auto fits = check_next("alert " + row.alert_id, row.number, row.action.at, last->number, last->at); !fits)
            return fits;
        if (auto put = put_action(row); !put) return put;
        if (auto put = put_change(row.alert_id); !put) return put;
    }
    for (const SignalStepRow& row : commit.signal_steps) {
        const auto last = last_step(sql::kLastStep, row.signal_id);
        if (!last) return fail(last.error());
        if (is_open_already(row, last->number)) continue;
        if (auto fits = check_next("signal " + row.signal_id, row.number, row.step.at, last->number, last->at); !fits)
            return fits;
        const SignalStep& step = row.step;
        Query query = connection_->query(sql::kPutStep);
        query.text(row.signal_id).integer(row.number).instant(step.at).text(name_of(step.to));
        query.text(step.by.person).text(name_of(step.by.role)).text(step.reason);
        query.integer(answer_of(step.checklist.duplicates_removed));
        query.integer(answer_of(step.checklist.data_quality_sufficient));
        query.integer(answer_of(step.checklist.alternative_causes_considered));
        query.integer(answer_of(step.checklist.already_known));
        if (auto put = query.text(step.recommendation).text(row.request_key).run(); !put) return put;
        if (auto put = put_change(row.signal_id); !put) return put;
    }
    return {};
}

Result<std::vector<ActionRow>> SqliteStore::actions_of(std::string_view alert_id) {
    Query query = connection_->query(sql::kActionsOf);
    query.text(alert_id);
    return all<ActionRow>(query, read_action);
}

Result<void> SqliteStore::put_cases(const std::vector<CaseRow>& cases) {
    for (const CaseRow& row : cases) {
        Query query = connection_->query(sql::kPutCase);
        if (auto put = query.text(row.alert_id).bytes(row.versions).run(); !put) return put;
        if (auto put = put_change(row.alert_id); !put) return put;
    }
    return {};
}

Result<void> SqliteStore::put_change(std::string_view alert_id) {
    return connection_->query(sql::kPutChange).text(alert_id).run();
}

Result<std::string> SqliteStore::case_of(std::string_view alert_id) {
    Query query = connection_->query(sql::kCase);
    const auto there = query.text(alert_id).next();
    if (!there) return fail(there.error());
    return *there ? query.string_at(0) : std::string();
}

Result<std::vector<BookChange>> SqliteStore::book_changes(std::int64_t sequence, std::size_t at_most) {
    Query query = connection_->query(sql::kChangesAfter);
    query.integer(sequence).integer(static_cast<std::int64_t>(at_most));
    return all<BookChange>(
        query, +[](const Query& row) -> Result<BookChange> {
            return BookChange{row.integer_at(0), row.string_at(1)};
        });
}

Result<std::vector<SignalStepRow>> SqliteStore::signal_steps(std::string_view signal_id) {
    Query query = connection_->query(sql::kStepsOf);
    query.text(signal_id);
    return all<SignalStepRow>(query, read_step);
}

Result<std::vector<std::string>> SqliteStore::signals() {
    Query query = connection_->query(sql::kSignals);
    return all<std::string>(
        query, +[](const Query& row) -> Result<std::string> { return row.string_at(0); });
}

Result<std::vector<AuditEntry>> SqliteStore::audit_from(std::int64_t first, std::size_t at_most) {
    constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
    Query query = connection_->query(sql::kAuditFrom);
    query.integer(first).integer(static_cast<std::int64_t>(at_most < kMost ? at_most : kMost));
    return all<AuditEntry>(
        query, +[](const Query& row) -> Result<AuditEntry> {
            return AuditEntry{
                row.integer_at(5),
                {row.instant_at(0), row.string_at(1), row.string_at(2), row.string_at(3), row.string_at(4)},
                row.string_at(6),
                row.string_at(7)};
        });
}

}  // namespace cellvigil::store
