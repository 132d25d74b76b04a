"""What the one who runs the daemon relies on: health, metrics, limits to one process, configuration, reload, dead letters."""

import subprocess
import threading
import uuid

import pytest
import requests
import yaml

import messages
import topic
from daemon import Daemon, ctl, ctl_json, program
from ports import wait_until


@pytest.fixture(name="daemon")
def fixture_daemon(tmp_path):
    daemon = Daemon(tmp_path / "daemon").start()
    yield daemon
    daemon.close()


def post(daemon, *some, answers="all"):
    answer = requests.post(daemon.url + "/api/v1/events", params={"answers": answers}, data=messages.lines(some), timeout=30,
                           headers={"content-type": "application/x-ndjson"})
    return answer.status_code, answer.json()


def post_raw(daemon, content_type, body):
    return requests.post(daemon.url + "/api/v1/events", data=body, timeout=30, headers={"content-type": content_type})


def test_probes_answer_and_the_metrics_pass_promtool(daemon):
    for probe in ("/livez", "/readyz", "/startupz"):
        answer = requests.get(daemon.url + probe + "?verbose", timeout=10)
        assert answer.status_code == 200, answer.text
    post(daemon, *messages.shock("S-1"), messages.temperature("S-2", 1, float("nan")))
    scrape = requests.get(daemon.url + "/metrics", timeout=10).text
    checked = subprocess.run(["promtool", "check", "metrics"], input=scrape, capture_output=True, text=True, timeout=30, check=False)
    assert checked.returncode == 0 and not checked.stderr, checked.stdout + checked.stderr
    assert "S-1" not in scrape


def test_a_graded_patient_can_be_asked_why(daemon):
    status, answer = post(daemon, *messages.shock("S-1"))
    assert status == 202 and answer["outcomes"] == {"accepted": 4}
    path = f"/api/v1/subjects/{messages.STUDY}/S-1"
    standing = daemon.get(path + "/explanation", at="2026-06-03T11:00:00Z")["standing"]
    crs = [one for one in standing if one["scale"] == "ASTCT_CRS_2019"]
    assert [one["grade"] for one in crs] == [4], standing
    assert crs[0]["deciding"] == ["hypotension"] and "ward/pressor/C01CA03" in crs[0]["evidence"], crs
    assert "norepinephrine" in crs[0]["sentence"], crs
    alerts = daemon.rows("/api/v1/alerts", "alerts")
    assert [(alert["subject"], alert["state"]) for alert in alerts] == [(f"{messages.STUDY}/S-1", "raised")]
    assert not any("S-1" in str(line) for line in daemon.log()), "a subject in the log at info level"


def test_a_second_daemon_on_the_same_folder_refuses_and_the_first_goes_on(daemon, tmp_path):
    other = Daemon(tmp_path / "other")
    other.data = daemon.data
    other.start(wait=False)
    try:
        assert wait_until(lambda: not other.running(), 15, "the second daemon goes on")
        assert "in use" in other.log_tail()
    finally:
        other.close()
    assert post(daemon, messages.infusion("S-1"))[0] == 202


def test_a_wrong_configuration_is_refused_whole_with_every_reason(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("http:\n  port: high\nno_such_key: 1\nbatch:\n  max_ms: -5\n", encoding="utf-8")
    checked = subprocess.run([program("cellvigild"), "--check-config", "--config", file], capture_output=True, text=True, timeout=30,
                             stdin=subprocess.DEVNULL, check=False)
    assert checked.returncode == 78
    for place in ("wrong.yaml:2:", "wrong.yaml:3:", "wrong.yaml:5:"):
        assert place in checked.stderr, checked.stderr


def test_what_a_new_configuration_knows_leaves_the_quarantine_at_a_reload(tmp_path):
    study = {"cohorts": ["DL1"], "sites": {"site-01": {"utc_offset": "+00:00"}}}
    daemon = Daemon(tmp_path / "daemon", {"studies": {messages.STUDY: study}}).start()
    try:
        status, answer = post(daemon, *messages.shock("S-1"))
        assert status == 202 and answer["outcomes"] == {"quarantined": 4}
        assert len(daemon.rows("/api/v1/quarantine", "quarantine")) == 4
        study["cohorts"].append(messages.COHORT)
        daemon.config_file.write_text(yaml.safe_dump({"studies": {messages.STUDY: study}}), encoding="utf-8")
        daemon.reload()
        wait_until(lambda: not daemon.rows("/api/v1/quarantine", "quarantine"), 20, "the quarantine is not empty")
        wait_until(lambda: daemon.rows("/api/v1/alerts", "alerts"), 20, "no alert")
        assert daemon.stop() == 0
        report = ctl_json("verify", "--data", daemon.data, "--config", daemon.config_file)
        assert report["whole"], report
    finally:
        daemon.close()


def test_a_dead_letter_can_be_listed_shown_and_sent_again(daemon):
    bad = messages.temperature("S-1", 1, 38)
    bad["record_id"] = ""
    assert post(daemon, bad)[1]["outcomes"] == {"rejected": 1}
    listed = ctl_json("dlq", "list", "--data", daemon.data)["dead_letters"]
    assert [letter["reason"] for letter in listed] == ["missing_field"]
    shown = ctl("dlq", "show", listed[0]["id"], "--data", daemon.data).stdout
    assert "record_id" in shown
    sent = ctl("dlq", "requeue", listed[0]["id"], "--data", daemon.data, "--to", daemon.url, check=False)
    assert sent.returncode == 1 and "still not acceptable" in sent.stdout + sent.stderr
    assert [letter["requeued"] for letter in daemon.rows("/api/v1/dead-letters", "dead_letters")] == [False, False]


def test_every_reason_names_its_field(daemon):
    good = messages.temperature("S-1", 1, 38)
    assert post(daemon, good)[0] == 202

    def paths(**changes):
        one = {**messages.temperature("S-1", 1, 38), "message_id": str(uuid.uuid4()), **changes}
        row = post(daemon, one)[1]["messages"][0]
        return [(row["outcome"], issue["path"], issue["reason"]) for issue in row.get("issues", [])], row.get("flags")

    def quantity(value, unit):
        return {**good["observation"], "quantity": {"value": value, "unit": unit}}

    far = {"instant": "2099-01-01T00:00:00Z", "precision": "MINUTE", "utc_offset_minutes": 0}
    enrolment = ("accepted", "subject_id", "before_enrolment")
    for changes, expected in (
            ({"record_id": ""}, [("rejected", "record_id", "missing_field")]),
            ({"recorded_at": "yesterday"}, [("rejected", "recorded_at", "bad_time")]),
            ({"action": "CREAT"}, [("rejected", "action", "bad_field")]),
            ({"observation": quantity("NaN", "Cel")}, [("rejected", "observation.quantity.value", "not_finite")]),
            ({"study_id": "X"}, [("quarantined", "study_id", "unknown_study")]),
            ({"cohort_id": "X"}, [("quarantined", "cohort_id", "unknown_cohort")]),
            ({"site_id": "X"}, [("quarantined", "site_id", "unknown_site")]),
            ({"effective": far, "record_id": "far"}, [("quarantined", "effective", "future_time")]),
            ({"observation": quantity(39.5, "Cel")}, [("quarantined", "record_version", "version_conflict")]),
            ({"message_id": good["message_id"], "record_id": "other"}, [("quarantined", "message_id", "id_reuse")]),
            ({"record_id": "same-again"}, [enrolment])):
        assert paths(**changes)[0] == expected, changes
    assert paths(record_id="unit", observation=quantity(38, "furlong")) == ([enrolment], ["unit_unknown"])
    assert paths(record_id="hot", observation=quantity(380, "Cel")) == ([enrolment], ["implausible"])


def test_items_that_are_no_envelopes_are_dead_letters_too(daemon):
    good, typo = messages.temperature("S-1", 1, 38), {**messages.temperature("S-1", 2, 38), "subjekt_id": "S-1"}
    answer = post_raw(daemon, "application/x-ndjson", b"\n".join([messages.lines([good]).strip(), b"nonsense", messages.lines([typo])]))
    assert answer.status_code == 202 and answer.json()["outcomes"] == {"accepted": 1, "rejected": 2}, answer.text
    assert post_raw(daemon, "application/vnd.cellvigil.events", b"\x05ab").status_code == 400
    assert daemon.metrics().by("cellvigil_dead_letters_total", "reason")["unparsable"] == 2
    daemon.kill()
    daemon.start()
    listed = ctl_json("dlq", "list", "--data", daemon.data)["dead_letters"]
    assert [letter["reason"] for letter in listed] == ["unparsable", "bad_field", "unparsable"]
    assert [(letter["partition"], letter["position"]) for letter in listed] == [(None, None)] * 3
    assert listed[1]["issues"][0]["path"] == "subjekt_id"
    assert daemon.rows("/api/v1/dead-letters", "dead_letters")[1]["position"] is None
    shown = ctl("dlq", "show", listed[1]["id"], "--data", daemon.data).stdout
    assert "cv_sha256" in shown and "refused before it became a message" in shown
    sent = ctl("dlq", "requeue", "--all", "--data", daemon.data, "--to", daemon.url, check=False)
    assert sent.returncode == 1 and "still no envelope: subjekt_id" in sent.stdout + sent.stderr
    assert daemon.stop() == 0
    report = ctl_json("verify", "--data", daemon.data)
    assert report["whole"], report


def test_a_dead_letter_that_has_become_acceptable_is_taken_at_the_requeue(tmp_path):
    daemon = Daemon(tmp_path / "daemon", {"admission": {"max_message_bytes": "1 KiB"}}).start()
    try:
        long = {**messages.temperature("S-1", 1, 38), "action": "AMEND", "record_version": 2, "action_reason": "x" * 1500}
        assert post(daemon, long)[1]["outcomes"] == {"rejected": 1}
        daemon.config_file.write_text(yaml.safe_dump({"admission": {"max_message_bytes": "8 KiB"}}), encoding="utf-8")
        daemon.reload()
        wait_until(lambda: any(line["event"] == "reloaded" for line in daemon.log()), 10, daemon.log_tail())
        ctl("dlq", "requeue", "--all", "--reason", "oversize", "--data", daemon.data, "--to", daemon.url)
        assert [letter["requeued"] for letter in daemon.rows("/api/v1/dead-letters", "dead_letters")] == [True]
        assert daemon.metrics().by("cellvigil_messages_processed_total", "outcome")["applied"] == 1
    finally:
        daemon.close()


def test_what_was_acknowledged_before_sigterm_is_in_the_journal(daemon, tmp_path):
    acknowledged, stop = [], threading.Event()

    def feed(number):
        hour = 0
        while not stop.is_set():
            hour += 1
            some = [messages.temperature(f"S-{number}", hour + part / 10, 37) for part in range(5)]
            try:
                if post(daemon, *some, answers="none")[0] == 202:
                    acknowledged.extend(one["message_id"] for one in some)
            except (requests.RequestException, ValueError):
                return  # the daemon has gone

    feeders = [threading.Thread(target=feed, args=(number,)) for number in range(4)]
    for feeder in feeders:
        feeder.start()
    wait_until(lambda: len(acknowledged) > 500, 30, "too few messages")
    assert daemon.stop() == 0
    stop.set()
    for feeder in feeders:
        feeder.join(30)
    ctl("export", "--data", daemon.data, tmp_path / "export.cvlog")
    journal = b"".join(record.value or b"" for record in topic.read_log(tmp_path / "export.cvlog"))
    assert [one for one in acknowledged if one.encode() not in journal] == []
