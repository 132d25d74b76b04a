"""Subject alerts in the running daemon: at once, by time alone, after a kill, and not twice."""

import datetime

import requests

import messages
from daemon import Daemon, ctl
from ports import wait_until

SUBJECT = "S-ALERT"


def at(day: float) -> datetime.datetime:
    return messages.INFUSED + datetime.timedelta(days=day)


def post(daemon, *some):
    answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines(some), timeout=30,
                           headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 202, answer.text
    assert set(answer.json()["outcomes"]) <= {"accepted", "duplicate"}, answer.text


def course(phase: str, day: float) -> dict:
    return messages.message(SUBJECT, at(day), f"aciclovir/{phase}", intervention={
        "kind": "DRUG", "phase": phase, "indication": "PROPHYLAXIS", "course_id": "aciclovir-1", "policy_id": "ward-policy",
        "agent": {"system": "http://www.whocc.no/atc", "code": "J05AB01"}})


def rules(daemon) -> dict:
    return {row["rule"]: row for row in daemon.rows("/api/v1/alerts", "alerts") if row["subject"].endswith(SUBJECT)}


def test_alerts_fire_at_once_and_by_time_alone_and_survive_a_kill(tmp_path):
    daemon = Daemon(tmp_path, {"input": {"embedded": {"partitions": 1}}}).start()
    try:
        enrolled = messages.message(SUBJECT, at(-14), "enrollment", enrollment={"age_years": 58})
        post(daemon, enrolled, messages.infusion(SUBJECT), course("START", 0), course("STOP", 60))
        # Day 28's tests are overdue since day 43, which the STOP of day 60 has brought about; prophylaxis may still go on.
        assert set(rules(daemon)) == {"P15"}
        assert rules(daemon)["P15"]["severity"] == "info"

        # Somebody else's message of day 64 is all that shows that time has gone on.
        post(daemon, messages.message("S-OTHER", at(64), "enrollment", enrollment={"age_years": 61}))
        assert set(rules(daemon)) == {"P01", "P15"}, rules(daemon)
        assert rules(daemon)["P01"]["severity"] == "high" and rules(daemon)["P01"]["revision"] == 1

        daemon.kill()
        daemon.start()
        post(daemon, messages.message("S-OTHER", at(74), "contact", follow_up_contact={"status": "ALIVE"}))
        after = rules(daemon)
        assert after["P15"]["severity"] == "medium" and after["P15"]["revision"] == 2, after
        assert after["P01"]["revision"] == 1, "a restart raises nothing again"

        post(daemon, messages.message(SUBJECT, at(80), "zoster", infection={
            "pathogen_class": "VIRAL", "organism_group": "VZV", "certainty": "PROVEN",
            "zoster": {"dermatomes": 1, "ophthalmic": True}}))
        assert rules(daemon)["P05"]["severity"] == "immediate"
        assert rules(daemon)["herpes_zoster"]["severity"] == "medium"

        # The course went on after all: the alert is withdrawn, not deleted.
        retracted = messages.message(SUBJECT, at(81), "aciclovir/STOP")
        del retracted["effective"]
        post(daemon, {**retracted, "message_id": "5f0c0e6a-9c1b-4b7d-8e2a-34c1d6f0b9a7", "record_version": 2, "action": "RETRACT",
                      "action_reason": "ENTERED_IN_ERROR"})
        wait_until(lambda: rules(daemon)["P01"]["state"] == "withdrawn", 10, "P01 still stands")
        assert rules(daemon)["P01"]["revision"] == 2
        assert daemon.stop() == 0
        checked = ctl("verify", "--data", daemon.data, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    finally:
        daemon.close()
