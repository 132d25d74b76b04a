"""A folder that another version of the program stored: refused untouched, rebuilt from its journal when allowed, however often it is
killed meanwhile. Positions, alerts, their histories, what people did, the audit trail and the outbox stay; nobody is told twice."""

import contextlib
import sqlite3
import subprocess
import time

import pytest
import requests

import messages
from daemon import Daemon, ctl, ctl_json, program
from ports import wait_until
from webhook import SECRET, Receiver

KEPT = {  # table: what of it must be as before
    "segment": "partition, number, base, next, hex(chain)",
    "alert": "alert_id, rule, severity, state, revision, hex(body)",
    "alert_revision": "alert_id, revision, hex(body)",
    "alert_action": "*",
    "outbox": "sequence, id, hex(body)",
    "delivery": "*",
    "dead_letter": "partition, position, reason",
    "held": "partition, position, state, reason",
    "day_close": "*",
    "look": "*",
}


def age(daemon) -> int:
    done = subprocess.run([program("age_store"), daemon.data], capture_output=True, text=True, timeout=60, check=True)
    return int(done.stdout)


def rows(daemon, table, columns):
    with contextlib.closing(sqlite3.connect(daemon.data / "cellvigil.db")) as database:
        return sorted(map(str, database.execute(f"SELECT {columns} FROM {table}")))


def kept(daemon):
    return {table: rows(daemon, table, columns) for table, columns in KEPT.items()}


def positions(daemon):
    return rows(daemon, "partition", "partition, next")


def audit(daemon):
    with contextlib.closing(sqlite3.connect(daemon.data / "cellvigil.db")) as database:
        return list(database.execute("SELECT what, who, object, detail, hex(chain) FROM audit ORDER BY number"))


@pytest.fixture(name="receiver")
def fixture_receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(name="daemon")
def fixture_daemon(tmp_path, cohort, receiver):
    """With a cohort taken, an alert acknowledged, everything told, stopped."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    config = {"sinks": {"webhooks": {"safety": {"url": receiver.url, "secret_file": str(secret)}}, "private_networks": ["127.0.0.0/8"]},
              "store": {"rebuild": False}, "http": {"local_operator": {"person": "kim", "role": "safety_lead"}}}
    daemon = Daemon(tmp_path / "daemon", config).start()
    ctl("send", cohort.log, "--quiet", "--to", daemon.url, check=False)
    answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines(messages.shock("S-SHOCK")), timeout=60,
                           headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 202, answer.text
    alert = next(row for row in daemon.rows("/api/v1/alerts", "alerts") if "S-SHOCK" in str(row))
    acknowledged = requests.post(f"{daemon.url}/api/v1/alerts/{alert['alert_id']}/acknowledge", timeout=10,
                                 json={"comment": "ward called"})
    assert acknowledged.status_code == 200, acknowledged.text
    told = sum(row["revision"] for row in daemon.rows("/api/v1/alerts", "alerts"))
    wait_until(lambda: len({delivery.id for delivery in receiver.deliveries}) >= told, 60, "not everything was told")
    assert daemon.stop() == 0
    yield daemon
    daemon.close()


def allow(daemon):
    text = daemon.config_file.read_text(encoding="utf-8")
    daemon.config_file.write_text(text.replace("rebuild: false", "rebuild: true"), encoding="utf-8")


def test_without_leave_nothing_is_changed_and_the_message_says_what_to_do(daemon):
    hash_before = ctl_json("verify", "--data", daemon.data)["state"]["stored_hash"]
    assert hash_before
    assert age(daemon) > 40
    before, trail = kept(daemon), positions(daemon)
    snapshots = rows(daemon, "snapshot", "partition, subject_key, upto, hex(body)")
    daemon.start(wait=False)
    wait_until(lambda: not daemon.running(), 30, "it goes on")
    assert daemon.stop() == 78
    said = [line for line in daemon.log(this_start=True) if line["level"] == "error"]
    assert "store.rebuild: true" in str(said) and "nothing was changed" in str(said), said
    assert kept(daemon) == before and positions(daemon) == trail
    assert rows(daemon, "snapshot", "partition, subject_key, upto, hex(body)") == snapshots


def test_a_rebuild_keeps_everything_and_tells_nobody_twice(daemon, receiver):
    hash_before = ctl_json("verify", "--data", daemon.data)["state"]["stored_hash"]
    aged = age(daemon)
    before, where, trail = kept(daemon), positions(daemon), audit(daemon)
    told = [delivery.id for delivery in receiver.deliveries]
    allow(daemon)

    # Killed the moment that a partition's rebuild has begun, and a little later each time.
    killed_within = 0
    for later in (0.0, 0.01, 0.02, 0.04, 0.08, 0.16):
        daemon.start(wait=False)
        wait_until(lambda: {"rebuild_begun", "ready"} & {line.get("event") for line in daemon.log(this_start=True)}, 30,
                   daemon.log_tail(), every=0.001)
        time.sleep(later)
        daemon.kill()
        killed_within += not any(line.get("event") == "ready" for line in daemon.log(this_start=True))
    assert killed_within > 0
    daemon.start(60)
    events = [line["event"] for line in daemon.log()]
    assert "rebuild_begun" in events and "rebuilt" in events
    assert daemon.metrics()["cellvigil_rebuild_remaining_subjects"] == 0
    assert daemon.stop() == 0

    entries = [entry for entry in audit(daemon)[len(trail):] if entry[0] == "store.rebuilt"]
    assert entries and audit(daemon)[:len(trail)] == trail
    assert positions(daemon) == where
    after = kept(daemon)
    for table, rows_before in before.items():
        if table in ("segment", "delivery"):
            assert set(rows_before) <= set(after[table]) or table == "delivery", table
        else:
            assert after[table] == rows_before, table
    assert [delivery.id for delivery in receiver.deliveries] == told
    report = ctl_json("verify", "--data", daemon.data)
    assert report["whole"] and report["faults"] == [] and report["state"]["faults"] == [], report
    assert report["state"]["stored_hash"] == report["state"]["journal_hash"] == hash_before
    assert report["state"]["subjects"] >= aged

    # And on it goes: a further message is taken, judged on top of what was rebuilt, and told once.
    daemon.start()
    requests.post(daemon.url + "/api/v1/events", data=messages.lines(messages.shock("S-LATER")), timeout=60,
                  headers={"content-type": "application/x-ndjson"})
    wait_until(lambda: len({delivery.id for delivery in receiver.deliveries}) > len(set(told)), 30, "nothing is told any more")
