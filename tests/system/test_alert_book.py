"""An alert from detection to documented closure through the API, as people and an inspector would: acknowledged, put off,
worsened, closed by two, corrected; read as it stood at any time; through kill -9; with a trail that verifies."""

import csv
import datetime
import hashlib
import io
import json
import struct
import uuid

import pytest
import requests

import messages
from daemon import Daemon, ctl, ctl_json
from ports import wait_until


def config(person="kim", role="safety_lead", **more):
    return {"http": {"local_operator": {"person": person, "role": role, "assesses_cases": True}}, "reporting": {"jurisdictions": ["eu_trial", "us_trial"]},
            **more}


@pytest.fixture(name="daemon")
def running(tmp_path):
    daemon = Daemon(tmp_path, config())
    yield daemon.start()
    daemon.close()


def post(daemon, some):
    answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines(some), timeout=30,
                           headers={"content-type": "application/x-ndjson"})
    assert answer.status_code in (200, 202), answer.text
    return answer.json()


def act(daemon, alert_id, verb, headers=None, **body):
    return requests.post(f"{daemon.url}/api/v1/alerts/{alert_id}/{verb}", json=body, headers=headers or {}, timeout=10)


def alert_of(daemon, subject="001"):
    def there():
        rows = [row for row in daemon.rows("/api/v1/alerts", "alerts") if row["subject"].endswith("/" + subject)]
        return rows[0] if rows else None
    found = []
    wait_until(lambda: found.append(there()) or found[-1], 10, "no alert")
    return found[-1]


def raised(daemon, subject="001"):
    """CRS of grade 3: fever and one vasopressor."""
    post(daemon, messages.shock(subject)[:3])
    return alert_of(daemon, subject)


def worsened(daemon, alert_id, subject="001"):
    """The second vasopressor makes it grade 4."""
    before = daemon.get(f"/api/v1/alerts/{alert_id}")["revision"]
    post(daemon, messages.shock(subject)[3:])
    wait_until(lambda: daemon.get(f"/api/v1/alerts/{alert_id}")["revision"] > before, 10, "no new revision")


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_an_alert_goes_to_documented_closure_by_two_people(tmp_path):
    daemon = Daemon(tmp_path, config()).start()
    try:
        alert = raised(daemon)
        alert_id = alert["alert_id"]
        assert alert["stage"] == "active" and alert["waiting"]
        early = act(daemon, alert_id, "close", reason="resolved")
        assert early.status_code == 409 and "acknowledge" in early.json()["detail"]
        assert early.headers["content-type"] == "application/problem+json"
        before = now()
        tag = daemon.get(f"/api/v1/alerts/{alert_id}")["tag"]
        assert act(daemon, alert_id, "acknowledge", {"if-match": f'"{tag}"'}, comment="seen").status_code == 200
        assert act(daemon, alert_id, "comment", {"if-match": f'"{tag}"'}, comment="late").status_code == 412
        worsened(daemon, alert_id)
        again = daemon.get(f"/api/v1/alerts/{alert_id}")
        assert again["stage"] == "active" and again["refires"] == 1 and again["acknowledged"] is None
        assert again["deadlines"], "the reporting clocks run"
        assert act(daemon, alert_id, "acknowledge", comment="seen, worse").status_code == 200
        assert act(daemon, alert_id, "close", reason="resolved", comment="tocilizumab").status_code == 200
        assert act(daemon, alert_id, "confirm").status_code == 422, "the same person"
        past = daemon.get(f"/api/v1/alerts/{alert_id}", as_of=before)
        assert past["stage"] == "active" and past["revision"] == 1
        assert daemon.stop() == 0
        daemon.config_file.write_text(json.dumps(config("lee")), encoding="utf-8")  # JSON is YAML
        daemon.start()
        assert act(daemon, alert_id, "confirm", reason="agreed").status_code == 200
        assert daemon.get(f"/api/v1/alerts/{alert_id}")["stage"] == "closed"
        steps = [step["action"] for step in daemon.get(f"/api/v1/alerts/{alert_id}/history")["history"]]
        assert steps == ["raise", "acknowledge", "worsen", "acknowledge", "propose_closure", "confirm_closure"]
        # What the tools read from the folder is what the daemon says.
        assert ctl_json("alert", "history", alert_id, "--data", daemon.data) == daemon.get(f"/api/v1/alerts/{alert_id}/history")
        assert ctl_json("alert", "list", "--data", daemon.data, "--as-of", before)["alerts"][0]["stage"] == "active"
    finally:
        daemon.close()


def test_the_command_line_acts_through_the_daemon(daemon):
    alert_id = raised(daemon)["alert_id"]
    shown = ctl_json("alert", "ack", alert_id, "--to", daemon.url, "--comment", "seen", "--key", "k1")
    assert shown["stage"] == "acknowledged"
    assert ctl_json("alert", "ack", alert_id, "--to", daemon.url, "--comment", "seen", "--key", "k1")["steps"] == shown["steps"]
    refused = ctl("alert", "ack", alert_id, "--to", daemon.url, check=False)
    assert refused.returncode == 1 and "409" in refused.stderr
    assert ctl_json("alert", "assign", alert_id, "--to", daemon.url, "--assignee", "lee")["assignee"] == "lee"
    assert alert_id in ctl("alert", "list", "--to", daemon.url).stdout


def test_a_shelf_ends_by_itself(daemon):
    alert_id = raised(daemon)["alert_id"]
    until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)).isoformat()
    assert act(daemon, alert_id, "shelve", reason="night round", until=until).json()["stage"] == "shelved"
    wait_until(lambda: daemon.get(f"/api/v1/alerts/{alert_id}")["stage"] == "active", 10, "still shelved")


def test_without_an_operator_actions_are_refused_with_what_to_configure(tmp_path):
    daemon = Daemon(tmp_path).start()
    try:
        refused = act(daemon, raised(daemon)["alert_id"], "acknowledge", comment="x")
        assert refused.status_code == 403 and "http.local_operator.person" in refused.json()["detail"]
    finally:
        daemon.close()


def test_scenario_4_wrong_patient_the_alert_is_withdrawn_not_deleted(daemon):
    alert_id = raised(daemon)["alert_id"]
    act(daemon, alert_id, "acknowledge", comment="seen")
    pressor = messages.shock("001")[2]
    retracted = {name: value for name, value in pressor.items() if name != "intervention"}
    post(daemon, [{**retracted, "message_id": str(uuid.uuid4()), "record_version": 2, "action": "RETRACT",
                   "action_reason": "wrong patient", "recorded_at": "2026-06-04T10:00:00+00:00"}])
    wait_until(lambda: daemon.get(f"/api/v1/alerts/{alert_id}")["stage"] == "withdrawn", 10, "not withdrawn")
    assert all(deadline["void"] for deadline in daemon.get(f"/api/v1/alerts/{alert_id}")["deadlines"])
    steps = [step["action"] for step in daemon.get(f"/api/v1/alerts/{alert_id}/history")["history"]]
    assert steps == ["raise", "acknowledge", "withdraw"]


def test_scenario_7_what_the_system_showed_then_is_byte_identical_later(daemon):
    alert_id = raised(daemon)["alert_id"]
    act(daemon, alert_id, "acknowledge", comment="seen")
    moment = now()

    def shown():
        return [requests.get(daemon.url + path, params={"as_of": moment}, timeout=10).content
                for path in ("/api/v1/alerts", f"/api/v1/alerts/{alert_id}", f"/api/v1/alerts/{alert_id}/history")]
    first = shown()
    worsened(daemon, alert_id)
    act(daemon, alert_id, "acknowledge", comment="seen again")
    daemon.kill()
    daemon.start()
    assert shown() == first


def test_scenario_9_kill_9_loses_no_acknowledged_step_and_the_trail_verifies(daemon):
    alert_id = raised(daemon)["alert_id"]
    said = []
    for round_ in range(5):
        for i in range(4):
            comment = f"round {round_}, {i}"
            if act(daemon, alert_id, "comment", comment=comment).status_code == 200:
                said.append(comment)
        daemon.kill()
        daemon.start()
    history = daemon.get(f"/api/v1/alerts/{alert_id}/history")["history"]
    assert [step["comment"] for step in history if step["action"] == "comment"] == said
    assert len(said) == 20
    daemon.kill()
    assert ctl_json("audit", "verify", "--data", daemon.data)["faults"] == []
    assert ctl("verify", "--data", daemon.data).returncode == 0


def test_the_trail_names_who_saw_and_did_what_and_its_export_can_be_checked_by_hand(daemon, tmp_path):
    alert_id = raised(daemon)["alert_id"]
    act(daemon, alert_id, "comment", comment="family, told")
    daemon.get(f"/api/v1/subjects/{messages.STUDY}/001/assessments", why="weekly review")
    assert daemon.stop() == 0
    file = tmp_path / "trail.jsonl"
    ctl("audit", "export", file, "--data", daemon.data)
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    whats = [entry["what"] for entry in entries]
    assert whats[0] == "daemon.started" and whats[-2] == "daemon.stopped" and whats[-1] == "read.folder.audit"
    assert {"alert.raised", "alert.comment", "read.alerts", "read.subjects.assessments"} <= set(whats)
    read = next(entry for entry in entries if entry["what"] == "read.subjects.assessments")
    assert read["subject"] == f"{messages.STUDY}/001" and read["object"].startswith("subject:") and "weekly review" in read["detail"]
    chain = bytes(32)
    for number, entry in enumerate(entries):
        assert entry["number"] == number
        text = chain + struct.pack("<qq", number, entry["at_ms"])
        for name in ("who", "what", "object", "detail"):
            part = entry[name].encode()
            text += struct.pack("<Q", len(part)) + part
        chain = hashlib.sha256(text).digest()
        assert entry["chain"] == chain.hex()
    table = ctl("audit", "export", "-", "--format", "csv", "--data", daemon.data).stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["chain"] for row in rows][:-1] == [entry["chain"] for entry in entries], "and the first export itself"
    assert [row["detail"] for row in rows][:-1] == [entry["detail"] for entry in entries]


def trail(daemon):
    return [json.loads(line) for line in ctl("audit", "export", "-", "--data", daemon.data).stdout.splitlines()]


def test_who_does_not_acknowledge_is_followed_up_level_by_level_until_somebody_does(tmp_path):
    levels = {"1-ward": {"contacts": ["log"], "immediate_min": 0, "high_min": 0, "medium_min": 0, "info_min": 0},
              "2-lead": {"contacts": ["log"], "immediate_min": 100000, "high_min": 100000}}
    daemon = Daemon(tmp_path, config(escalation={"zone": "Europe/Berlin", "ignores_quiet_hours_from": "info", "levels": levels})).start()
    try:
        alert_id = raised(daemon)["alert_id"]

        def told():
            return [line for line in daemon.log() if line["event"] == "not_acknowledged" and alert_id in line["facts"]]
        wait_until(told, 15, "nobody was told")
        assert "escalation_level: 1" in told()[0]["facts"] and "001" not in told()[0]["facts"].replace(alert_id, "")
        act(daemon, alert_id, "acknowledge", comment="seen")
        daemon.kill()
        daemon.start()
        metrics = daemon.metrics()
        assert metrics.by("cellvigil_alerts_by_stage", "stage")["acknowledged"] == 1
        assert metrics.by("cellvigil_reports_due", "jurisdiction")["us_trial"] >= 1
        assert len(told()) == 1, "a restart tells nobody again"
    finally:
        daemon.close()


def test_a_team_in_no_zone_is_refused_at_the_start(tmp_path):
    daemon = Daemon(tmp_path, config(escalation={"zone": "Europe/Nowhere"}))
    daemon.start(wait=False)
    wait_until(lambda: not daemon.running(), 10, "it runs")
    assert any("escalation.zone" in str(line) for line in daemon.log())


def test_the_trail_has_the_settings_in_force_at_the_start_and_after_every_reload(daemon):
    daemon.config_file.write_text(json.dumps(config(sinks={"flood": {"most": 7}})), encoding="utf-8")
    daemon.reload()
    wait_until(lambda: any(line["event"] == "reloaded" for line in daemon.log()), 10, "not reloaded")
    entries = {entry["what"]: json.loads(entry["detail"]) for entry in trail(daemon) if entry["what"].startswith(("daemon.", "config."))}
    assert entries["daemon.started"]["before"] == "" and entries["config.reloaded"]["before"] != ""
    most = [next(setting["value"] for setting in entries[what]["in_force"]["settings"] if setting["path"] == ["sinks", "flood", "most"])
            for what in ("daemon.started", "config.reloaded")]
    assert most == ["20", "7"]


def test_a_report_that_was_sent_is_entered_as_words_of_the_case(daemon):
    alert_id = raised(daemon)["alert_id"]
    assert any(one["open"] and one["jurisdiction"] == "eu_trial" for one in daemon.get(f"/api/v1/alerts/{alert_id}")["deadlines"])
    assert act(daemon, alert_id, "assess", reason="report_sent:moon", comment="x").status_code == 422
    assert act(daemon, alert_id, "assess", reason="report_sent:eu_trial", comment="EudraVigilance, acknowledged").status_code == 200
    after = daemon.get(f"/api/v1/alerts/{alert_id}")["deadlines"]
    assert not any(one["open"] for one in after if one["jurisdiction"] == "eu_trial")
    assert any(one["open"] for one in after if one["jurisdiction"] == "us_trial")
