"""Adverse events as sites report and correct them: the clocks they open, restart and end, from the message to the documented closure."""

import datetime
import json
import sqlite3

import pytest
import requests

import contract
import messages
from daemon import Daemon, ctl, ctl_json
from ports import wait_until

DAY = datetime.timedelta(days=1)
FIRST = messages.INFUSED + 10 * DAY
OPERATOR = {"http": {"local_operator": {"person": "kim", "role": "safety_lead", "assesses_cases": True}}}


def event(version, written, subject="001", record="ae-7", action=None, admitted=False, threatening=False, **more):
    said = {"category": "CARDIAC", "verbatim_term": "atrial fibrillation", "grade": 3, "grading_system": "CTCAE_V5",
            "seriousness": {"death": False, "life_threatening": threatening, "hospitalisation": admitted, "disability": False,
                            "congenital_anomaly": False, "other_important": False},
            "causality": [{"assessor": "INVESTIGATOR", "relatedness": "POSSIBLE"}, {"assessor": "SPONSOR", "relatedness": "NOT_RELATED"}],
            "expected": False, **more}
    one = messages.message(subject, FIRST, record, adverse_event_report=said)
    one.update(message_id=f"{record}-{version}", record_version=version, recorded_at=written.isoformat(),
               action=action or ("CREATE" if version == 1 else "AMEND"))
    if version > 1:
        one["action_reason"] = "the site has corrected it"
    if action == "RETRACT":
        del one["adverse_event_report"], one["effective"]
    return one


def post(daemon, *some):
    answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines(some), timeout=30,
                           headers={"content-type": "application/x-ndjson"})
    assert answer.status_code in (200, 202), answer.text
    outcomes = answer.json()["outcomes"]  # an older version that comes late is superseded, and heard
    assert outcomes.get("accepted", 0) + outcomes.get("superseded", 0) == len(some), answer.text


def case(daemon):
    found = []
    wait_until(lambda: found.extend(row for row in daemon.rows("/api/v1/alerts", "alerts") if row["rule"] == "adverse_event") or found,
               10, "no case")
    return shown(daemon, found[0]["alert_id"])


def shown(daemon, alert_id, query=""):
    return contract.check(requests.get(f"{daemon.url}/api/v1/alerts/{alert_id}{query}", timeout=10)).json()


def act(daemon, alert_id, verb, **body):
    return contract.check(requests.post(f"{daemon.url}/api/v1/alerts/{alert_id}/{verb}", json=body, timeout=10))


def due(alert, jurisdiction="eu_trial"):
    return {one["kind"]: one["due"] for one in alert["deadlines"] if one["jurisdiction"] == jurisdiction and one["open"]}


def on(days):
    return (FIRST + days * DAY).date().isoformat()


@pytest.fixture(name="daemon")
def running(tmp_path):
    daemon = Daemon(tmp_path, {**OPERATOR, "reporting": {"jurisdictions": ["eu_trial", "china_trial"],
                                                         "rules": {"china_trial": {"serious_d": 10, "source": "notice 2018/50"}}}})
    yield daemon.start()
    daemon.close()


def test_a_reported_event_opens_clocks_that_its_corrections_restart_and_end(daemon):
    post(daemon, messages.infusion("001"), event(1, FIRST))
    post(daemon, event(2, FIRST + 21 * DAY, admitted=True))
    alert = case(daemon)
    assert alert["severity"] == "high" and due(alert) == {"serious": on(36)}
    assert due(alert, "china_trial") == {"serious": on(31)}
    assert all(one["verified_rule"] for one in alert["deadlines"])
    assert alert["case"]["related_by_investigator"] is True and alert["case"]["related_by_sponsor"] is False
    assert alert["case"]["first_awareness"].startswith(on(0)) and alert["case"]["most_recent_information"].startswith(on(21))
    reports = daemon.metrics().by("cellvigil_reports_due", "jurisdiction")
    assert reports["eu_trial"] == reports["china_trial"] == 1
    post(daemon, event(3, FIRST + 22 * DAY, admitted=True, threatening=True))
    wait_until(lambda: shown(daemon, alert["alert_id"])["severity"] == "immediate", 10, "the upgrade is not seen")
    assert due(shown(daemon, alert["alert_id"])) == {"serious": on(36), "fatal": on(29)}
    assert act(daemon, alert["alert_id"], "assess", reason="report_sent:eu_trial", comment="EudraVigilance, number 4711").status_code == 200
    assert due(shown(daemon, alert["alert_id"])) == {}
    assert due(shown(daemon, alert["alert_id"]), "china_trial"), "another authority still waits"
    post(daemon, event(4, FIRST + 23 * DAY, action="RETRACT"))
    wait_until(lambda: shown(daemon, alert["alert_id"])["stage"] == "withdrawn", 10, "the retraction is not seen")
    assert due(shown(daemon, alert["alert_id"]), "china_trial") == {}
    wait_until(lambda: daemon.metrics().by("cellvigil_reports_due", "jurisdiction")["china_trial"] == 0, 15, "the metrics keep a clock")
    assert ctl("verify", "--data", daemon.data, "--config", daemon.config_file).returncode == 0


def test_the_order_in_which_versions_arrive_does_not_matter(tmp_path):
    versions = [event(1, FIRST), event(2, FIRST + 21 * DAY, admitted=True), event(3, FIRST + 22 * DAY, admitted=True, threatening=True)]
    seen = []
    for number, order in enumerate([(0, 1, 2), (2, 1, 0), (1, 2, 0)]):
        daemon = Daemon(tmp_path / str(number), {**OPERATOR, "reporting": {"jurisdictions": ["eu_trial", "us_trial", "eu_marketed"]}}).start()
        try:
            post(daemon, messages.infusion("001"))
            for place in order:
                post(daemon, versions[place])
            alert_id = case(daemon)["alert_id"]
            wait_until(lambda: shown(daemon, alert_id)["case"]["most_recent_information"].startswith(on(22)), 10, "not all is told")
            alert = shown(daemon, alert_id)
            daemon.kill()
            daemon.start()
            assert shown(daemon, alert_id)["deadlines"] == alert["deadlines"], "after a kill it is the same"
            seen.append((alert_id, alert["severity"], alert["case"], alert["deadlines"]))
        finally:
            daemon.close()
    assert seen[0] == seen[1] == seen[2]


def test_without_a_jurisdiction_reports_raise_nothing(tmp_path):
    daemon = Daemon(tmp_path, OPERATOR).start()
    try:
        post(daemon, messages.infusion("001"), event(1, FIRST, admitted=True))
        assert [row["rule"] for row in daemon.rows("/api/v1/alerts", "alerts")] == []
    finally:
        daemon.close()


def test_what_tools_read_in_the_folder_is_in_the_trail_or_is_not_shown(daemon, tmp_path):
    post(daemon, messages.infusion("001"), event(1, FIRST, admitted=True))
    alert_id = case(daemon)["alert_id"]
    assert ctl_json("alert", "show", alert_id, "--data", daemon.data)["alert_id"] == alert_id
    ctl("explain", f"{messages.STUDY}/001", "--data", daemon.data, "--config", daemon.config_file)
    entries = daemon.rows("/api/v1/audit", "audit")
    shown_entry = next(one for one in entries if one["what"] == "read.folder.alert.show")
    assert shown_entry["object"] == alert_id and shown_entry["who"].startswith("os:")
    explained = next(one for one in entries if one["what"] == "read.folder.subject")
    assert explained["subject"] == f"{messages.STUDY}/001" and f"{messages.STUDY}/001" not in explained["object"]
    ctl("audit", "verify", "--data", daemon.data)


def test_a_variable_keeps_nobody_out_of_a_trail_that_can_be_written_and_helps_where_it_cannot(daemon, tmp_path):
    post(daemon, messages.infusion("001"), event(1, FIRST, admitted=True))
    alert_id = case(daemon)["alert_id"]
    assert daemon.stop() == 0
    aside = tmp_path / "reads.jsonl"

    def show(file, check=True):
        return ctl("alert", "show", alert_id, "--data", daemon.data, check=check, env={"CELLVIGIL_AUDIT_FILE": str(file)})

    show(aside)
    assert not aside.exists(), "the trail has it"
    with sqlite3.connect(next(daemon.data.glob("*.db")), isolation_level=None) as locked:
        locked.execute("BEGIN IMMEDIATE")  # the trail cannot be written
        assert show(aside).stdout
        refused = show("/dev/null", check=False)
        assert refused.returncode != 0 and not refused.stdout and "regular" in refused.stderr
        locked.execute("ROLLBACK")
    line = json.loads(aside.read_text(encoding="utf-8"))
    assert (line["what"], line["object"]) == ("read.folder.alert.show", alert_id) and line["who"].startswith("os:")
    daemon.start()
    entries = [one for one in daemon.rows("/api/v1/audit", "audit") if one["what"] == "read.folder.alert.show"]
    assert [one["object"] for one in entries] == [alert_id]
