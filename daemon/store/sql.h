// Every statement of the SQLite store, in one place. Parameters are bound by position, in the order in which they
// stand.
#pragma once

namespace cellvigil::store::sql {

// ---- deployment, partitions
inline constexpr const char* kReadDeployment = "SELECT input, partitions FROM deployment";
inline constexpr const char* kWriteDeployment = "INSERT INTO deployment (only, input, partitions) VALUES (1, ?, ?)";
inline constexpr const char* kClaim =
    "INSERT INTO partition (partition, epoch, owner, next, log_time, watermark, chain)"
    " VALUES (?, 1, ?, 0, ?, ?, zeroblob(32))"
    " ON CONFLICT (partition) DO UPDATE SET epoch = epoch + 1, owner = excluded.owner"
    " RETURNING partition, epoch, next, log_time, watermark";
inline constexpr const char* kPosition = "SELECT next, epoch, segments, chain FROM partition WHERE partition = ?";
inline constexpr const char* kAdvance =
    "UPDATE partition SET next = ?, log_time = ?, watermark = ?, segments = ?, chain = ?"
    " WHERE partition = ? AND next = ? AND epoch = ?";
inline constexpr const char* kPositions =
    "SELECT partition, epoch, next, log_time, watermark FROM partition ORDER BY partition";
inline constexpr const char* kPartitions = "SELECT partition FROM partition ORDER BY partition";
inline constexpr const char* kChainEnds = "SELECT partition, next, segments, chain FROM partition ORDER BY partition";
inline constexpr const char* kRecoveryPoint = "SELECT recovery_point FROM partition WHERE partition = ?";
inline constexpr const char* kSetRecoveryPoint = "UPDATE partition SET recovery_point = ? WHERE partition = ?";

// ---- journal
inline constexpr const char* kInsertSegment =
    "INSERT INTO segment (partition, number, base, next, messages, controls, first_append, last_append, raw_size, "
    "codec,"
    " chain, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
// The first segment at or after a place in a partition's journal, a place being (next, number).
inline constexpr const char* kSegmentFrom =
    "SELECT number, base, next, messages, controls, first_append, last_append, raw_size, codec, chain, body FROM "
    "segment"
    " WHERE partition = ? AND (next, number) >= (?, ?) ORDER BY next, number LIMIT 1";
inline constexpr const char* kFirstNumberFrom =
    "SELECT next, number FROM segment WHERE partition = ?1 AND next >= ?2 AND (next > ?2 OR base = next)"
    " ORDER BY next, number LIMIT 1";
inline constexpr const char* kLastNumber =
    "SELECT number FROM segment WHERE partition = ? ORDER BY next DESC, number DESC LIMIT 1";
inline constexpr const char* kChainBefore =
    "SELECT chain FROM segment WHERE partition = ? AND (next, number) < (?, ?) ORDER BY next DESC, number DESC LIMIT 1";

// ---- snapshots, cells
inline constexpr const char* kPutSnapshot =
    "INSERT INTO snapshot (partition, subject_key, upto, raw_size, compressed, checksum, body, due) VALUES (?, ?, ?, "
    "?, "
    "?, ?, ?, ?)"
    " ON CONFLICT (partition, subject_key) DO UPDATE SET upto = excluded.upto, raw_size = excluded.raw_size,"
    " compressed = excluded.compressed, checksum = excluded.checksum, body = excluded.body, due = excluded.due"
    " WHERE excluded.upto >= upto";
inline constexpr const char* kGetSnapshot =
    "SELECT upto, raw_size, compressed, checksum, body, due FROM snapshot WHERE partition = ? AND subject_key = ?";
inline constexpr const char* kSubjectsOf =
    "SELECT subject_key, partition, upto, due FROM snapshot WHERE partition = ? ORDER BY subject_key";
inline constexpr const char* kAllSnapshots =
    "SELECT id, partition, upto, raw_size, compressed, checksum, body FROM snapshot";
inline constexpr const char* kPutCell =
    "INSERT INTO cell (partition, cohort, measure, x, y, value) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (partition, cohort, measure, x, y) DO UPDATE SET value = excluded.value";
inline constexpr const char* kDropCell =
    "DELETE FROM cell WHERE partition = ? AND cohort = ? AND measure = ? AND x = ? AND y = ?";
inline constexpr const char* kCellsOf =
    "SELECT cohort, measure, x, y, value FROM cell WHERE partition = ? ORDER BY cohort, measure, x, y";
inline constexpr const char* kCellSums =
    "SELECT cohort, measure, x, y, sum(value) FROM cell WHERE NOT (measure >= 'who/' AND measure < 'who0') GROUP BY "
    "cohort, measure, x, y ORDER BY cohort, measure, x, y";

// From '/' to '0', the next character: everything that begins so.
inline constexpr const char* kNamed =
    "SELECT c.measure FROM partition p JOIN cell c ON c.partition = p.partition AND c.cohort = ?1"
    " AND c.measure >= ?2 || '/' AND c.measure < ?2 || '0' ORDER BY c.measure LIMIT ?3";

// ---- days and looks
inline constexpr const char* kPutDayClose =
    "INSERT INTO day_close (partition, first_day, through, position, log_time, late, silent, rules)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (partition, through) DO NOTHING RETURNING sequence";
inline constexpr const char* kPutDayCell =
    "INSERT INTO day_cell (close, cohort, measure, x, by) VALUES (?, ?, ?, ?, ?)";
inline constexpr const char* kDayCloses =
    "SELECT sequence, partition, first_day, through, position, log_time, late, silent, rules FROM day_close"
    " WHERE sequence > ? ORDER BY sequence LIMIT ?";
inline constexpr const char* kDayCells =
    "SELECT cohort, measure, x, by FROM day_cell WHERE close = ? ORDER BY cohort, measure, x";
inline constexpr const char* kLastClose =
    "SELECT through, late FROM day_close WHERE partition = ? ORDER BY through DESC LIMIT 1";
inline constexpr const char* kClosedCells =
    "SELECT cohort, measure, x, sum(by) AS total FROM day_close JOIN day_cell ON close = sequence WHERE partition = ?"
    " GROUP BY cohort, measure, x HAVING total <> 0 ORDER BY cohort, measure, x";
inline constexpr const char* kPutLook =
    "INSERT INTO look (day, log_time, late, pack, pack_hash, sums, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (day) DO NOTHING";
inline constexpr const char* kLooksAfter =
    "SELECT day, log_time, late, pack, pack_hash, sums, outcome FROM look WHERE day > ? ORDER BY day LIMIT ?";
inline constexpr const char* kLastLook =
    "SELECT day, log_time, late, pack, pack_hash, sums, outcome FROM look ORDER BY day DESC LIMIT 1";

// ---- alerts, outbox
inline constexpr const char* kPutAlert =
    "INSERT INTO alert (alert_id, rule, severity, subject_key, cohort, site, partition, state, revision, event_time, "
    "position,"
    " body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (alert_id) DO UPDATE SET rule = excluded.rule, severity = excluded.severity,"
    " subject_key = excluded.subject_key, cohort = excluded.cohort, site = excluded.site, partition = "
    "excluded.partition,"
    " state = excluded.state, revision = excluded.revision, event_time = excluded.event_time, position = "
    "excluded.position,"
    " body = excluded.body WHERE excluded.revision > revision";
inline constexpr const char* kKeepRevision =
    "INSERT INTO alert_revision (recorded_at, alert_id, rule, severity, subject_key, cohort, site, partition, state, "
    "revision,"
    " event_time, position, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr const char* kAlertsAfter =
    "SELECT alert_id, rule, severity, subject_key, cohort, site, partition, state, revision, event_time, position, body"
    " FROM alert WHERE alert_id > ? ORDER BY alert_id LIMIT ?";
inline constexpr const char* kAlertsOf =
    "SELECT alert_id, rule, severity, subject_key, cohort, site, partition, state, revision, event_time, position, body"
    " FROM alert WHERE subject_key = ? ORDER BY alert_id";
inline constexpr const char* kAlertHistory =
    "SELECT alert_id, rule, severity, subject_key, cohort, site, partition, state, revision, event_time, position, "
    "body,"
    " recorded_at FROM alert_revision WHERE alert_id = ? ORDER BY revision";
inline constexpr const char* kAlertsAsOf =
    "SELECT alert_id, rule, severity, subject_key, cohort, site, partition, state, revision, event_time, position, "
    "body,"
    " recorded_at FROM alert_revision AS r WHERE revision ="
    " (SELECT max(revision) FROM alert_revision WHERE alert_id = r.alert_id AND recorded_at <= ?) ORDER BY alert_id";
inline constexpr const char* kAlertState = "SELECT state FROM alert WHERE alert_id = ?";
inline constexpr const char* kLastAction =
    "SELECT number, at FROM alert_action WHERE alert_id = ? ORDER BY number DESC LIMIT 1";
inline constexpr const char* kPutAction =
    "INSERT INTO alert_action (alert_id, number, at, kind, person, role, reason, comment, assignee, until, revision,"
    " severity, provisional, request_key, alone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr const char* kActionsOf =
    "SELECT alert_id, number, at, kind, person, role, reason, comment, assignee, until, revision, severity, "
    "provisional,"
    " request_key, alone FROM alert_action WHERE alert_id = ? ORDER BY number";
inline constexpr const char* kLastStep =
    "SELECT number, at FROM signal_step WHERE signal_id = ? ORDER BY number DESC LIMIT 1";
inline constexpr const char* kPutStep =
    "INSERT INTO signal_step (signal_id, number, at, stage, person, role, reason, duplicates_removed,"
    " data_quality_sufficient, alternative_causes_considered, already_known, recommendation, request_key)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr const char* kStepsOf =
    "SELECT signal_id, number, at, stage, person, role, reason, duplicates_removed, data_quality_sufficient,"
    " alternative_causes_considered, already_known, recommendation, request_key FROM signal_step WHERE signal_id = ?"
    " ORDER BY number";
inline constexpr const char* kSignals = "SELECT DISTINCT signal_id FROM signal_step ORDER BY signal_id";
inline constexpr const char* kAlertCounts =
    // Of cohorts alone there are others that are not withdrawn: cleared, and provisional ones.
    "SELECT rule, cohort, severity, sum(alerts) FROM ("
    " SELECT rule, cohort, severity, count(*) AS alerts FROM alert WHERE state = 0 GROUP BY rule, cohort, severity"
    " UNION ALL SELECT rule, cohort, severity, count(*) FROM alert WHERE subject_key = '' AND state IN (2, 3)"
    " GROUP BY rule, cohort, severity) GROUP BY rule, cohort, severity ORDER BY rule, cohort, severity";
inline constexpr const char* kPutOutbox =
    "INSERT INTO outbox (id, alert_id, body, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
inline constexpr const char* kOutboxAfter =
    "SELECT sequence, id, alert_id, body, created_at FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?";
inline constexpr const char* kDeliveredUpto = "SELECT sequence FROM delivery WHERE sink = ?";
inline constexpr const char* kSetDelivered =
    "INSERT INTO delivery (sink, sequence) VALUES (?, ?) ON CONFLICT (sink) DO UPDATE SET sequence = excluded.sequence";

inline constexpr const char* kPruneOutbox =
    "DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox WHERE sequence <= ? AND created_at < ? "
    "ORDER BY sequence LIMIT ?)";

// ---- dead letters, quarantine, audit
inline constexpr const char* kPutDeadLetter =
    "INSERT INTO dead_letter (partition, position, reason, detail, failed_at, oversize, frame_size, frame)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (partition, position) WHERE position >= 0 DO NOTHING";
inline constexpr const char* kDeadLetters =
    "SELECT id, partition, position, reason, detail, failed_at, oversize, requeued FROM dead_letter"
    " WHERE id > ? ORDER BY id LIMIT ?";
inline constexpr const char* kDeadLetter =
    "SELECT id, partition, position, reason, detail, failed_at, oversize, requeued, frame_size, frame FROM dead_letter"
    " WHERE id = ?";
inline constexpr const char* kMarkRequeued = "UPDATE dead_letter SET requeued = 1 WHERE id = ?";
inline constexpr const char* kPutHeld =
    "INSERT INTO held (partition, position, reason, detail, subject_key, since, state, frame_size, frame)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (partition, position) DO UPDATE SET reason = excluded.reason, detail = excluded.detail,"
    " subject_key = excluded.subject_key, since = excluded.since, state = excluded.state, frame_size = "
    "excluded.frame_size,"
    " frame = excluded.frame";
inline constexpr const char* kChangeHeld =
    "UPDATE held SET state = ?1, reason = CASE ?2 WHEN '' THEN reason ELSE ?2 END,"
    " detail = CASE ?3 WHEN '' THEN detail ELSE ?3 END WHERE partition = ?4 AND position = ?5";
inline constexpr const char* kHeld =
    "SELECT partition, position, reason, detail, subject_key, since, state, frame_size, frame FROM held"
    " WHERE partition = ? AND state = 0 ORDER BY position";
inline constexpr const char* kHeldCounts =
    "SELECT reason, count(*) FROM held WHERE state = 0 GROUP BY reason ORDER BY reason";
inline constexpr const char* kLastAudit = "SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1";
inline constexpr const char* kPutAudit =
    "INSERT INTO audit (number, at, who, what, object, detail, chain) VALUES (?, ?, ?, ?, ?, ?, ?)";
inline constexpr const char* kAudit = "SELECT at, who, what, object, detail FROM audit ORDER BY number DESC LIMIT ?";
inline constexpr const char* kPutAuditEnd =
    "INSERT INTO audit_end (only, number, chain) VALUES (1, ?, ?)"
    " ON CONFLICT (only) DO UPDATE SET number = excluded.number, chain = excluded.chain";
inline constexpr const char* kAuditEnd = "SELECT number, chain FROM audit_end";
inline constexpr const char* kAuditFrom =
    "SELECT at, who, what, object, detail, number, chain,"
    " coalesce((SELECT subject_key FROM subject_token WHERE 'subject:' || token = object), '')"
    " FROM audit WHERE number >= ? ORDER BY number LIMIT ?";
inline constexpr const char* kWholeAudit =
    "SELECT at, who, what, object, detail, number, chain FROM audit ORDER BY number";

// ---- erasure
inline constexpr const char* kErasureOf = "SELECT link, now FROM erasure WHERE partition = ? AND number = ?";
inline constexpr const char* kErasures = "SELECT partition, number, now FROM erasure ORDER BY partition, number";
inline constexpr const char* kPutErasure =
    "INSERT INTO erasure (partition, number, link, now) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (partition, number) DO UPDATE SET now = excluded.now";
inline constexpr const char* kLastAuditOf =
    "SELECT detail FROM audit WHERE what = ? AND object = ? ORDER BY number DESC LIMIT 1";
inline constexpr const char* kRewriteSegment =
    "UPDATE segment SET raw_size = ?, codec = ?, body = ? WHERE partition = ? AND next = ? AND number = ?";
inline constexpr const char* kDropDeadLetter = "DELETE FROM dead_letter WHERE id = ?";
inline constexpr const char* kAllHeld = "SELECT partition, position, subject_key, frame_size, frame FROM held";
inline constexpr const char* kDropHeld = "DELETE FROM held WHERE partition = ? AND position = ?";
inline constexpr const char* kDropOutboxOf =
    "DELETE FROM outbox WHERE alert_id IN (SELECT alert_id FROM alert_revision WHERE subject_key = ?)";
inline constexpr const char* kPutCase =
    "INSERT INTO case_report (alert_id, versions) VALUES (?, ?)"
    " ON CONFLICT (alert_id) DO UPDATE SET versions = excluded.versions"
    " WHERE length(excluded.versions) >= length(versions)";
inline constexpr const char* kCase = "SELECT versions FROM case_report WHERE alert_id = ?";
inline constexpr const char* kPutChange = "INSERT OR REPLACE INTO book_change (alert_id) VALUES (?)";
inline constexpr const char* kChangesAfter =
    "SELECT sequence, alert_id FROM book_change WHERE sequence > ? ORDER BY sequence LIMIT ?";
inline constexpr const char* kAlert =
    "SELECT alert_id, rule, severity, subject_key, cohort, site, partition, state, revision, event_time, position, body"
    " FROM alert WHERE alert_id = ?";
inline constexpr const char* kDropCasesOf =
    "DELETE FROM case_report WHERE alert_id IN (SELECT alert_id FROM alert_revision WHERE subject_key = ?)";
inline constexpr const char* kDropChangesOf =
    "DELETE FROM book_change WHERE alert_id IN (SELECT alert_id FROM alert_revision WHERE subject_key = ?)";
inline constexpr const char* kPutToken = "INSERT OR IGNORE INTO subject_token (subject_key, token) VALUES (?, ?)";
inline constexpr const char* kToken = "SELECT token FROM subject_token WHERE subject_key = ?";
inline constexpr const char* kCohortBodies =
    "SELECT rowid, body FROM alert WHERE subject_key = '' AND instr(body, ?1) > 0";
inline constexpr const char* kCohortRevisionBodies =
    "SELECT rowid, body FROM alert_revision WHERE subject_key = '' AND instr(body, ?1) > 0";
inline constexpr const char* kOutboxBodies = "SELECT rowid, body FROM outbox WHERE instr(body, ?1) > 0";
inline constexpr const char* kSetCohortBody = "UPDATE alert SET body = ? WHERE rowid = ?";
inline constexpr const char* kSetCohortRevisionBody = "UPDATE alert_revision SET body = ? WHERE rowid = ?";
inline constexpr const char* kSetOutboxBody = "UPDATE outbox SET body = ? WHERE rowid = ?";
inline constexpr const char* kDropTokenOf = "DELETE FROM subject_token WHERE subject_key = ?";
inline constexpr const char* kDropActionsOf =
    "DELETE FROM alert_action WHERE alert_id IN (SELECT alert_id FROM alert_revision WHERE subject_key = ?)";
inline constexpr const char* kDropRevisionsOf = "DELETE FROM alert_revision WHERE subject_key = ?";
inline constexpr const char* kDropAlertsOf = "DELETE FROM alert WHERE subject_key = ?";
inline constexpr const char* kDropSnapshotsOf = "DELETE FROM snapshot WHERE subject_key = ?";
inline constexpr const char* kChangeCell =
    "UPDATE cell SET value = value + ? WHERE partition = ? AND cohort = ? AND measure = ? AND x = ? AND y = ?";
inline constexpr const char* kDropEmptyCell =
    "DELETE FROM cell WHERE partition = ? AND cohort = ? AND measure = ? AND x = ? AND y = ? AND value = 0";

// ---- the file
inline constexpr const char* kQuickCheck = "PRAGMA quick_check(20)";

}  // namespace cellvigil::store::sql
