"""A simulated cohort under a doubled hazard of zoster raises C01, an undisturbed one does not; a kill in between changes nothing."""

import datetime
import json
import pathlib
import threading

import pytest
import requests
import yaml

import contract
from daemon import Daemon, ctl, ctl_json
from ports import wait_until

# The limit is what the simulated product does when nothing is wrong with it, rounded up.
PACK = {
    "pack": "signal-test",
    "version": 1,
    "products": [{"id": "prizlon-cel", "names": ["prizlon-cel", "prizloncabtagene autoleucel", "C-CAR039"],
                  "targets": ["CD19", "CD20"], "costimulation": "4-1BB"}],
    "cohorts": [{"id": "prizlon-cel", "products": ["prizlon-cel"]}],
    "monitors": [
        {"id": "crs-3", "cohort": "prizlon-cel", "endpoint": "crs_3", "method": "beta_binomial", "limit": 0.10, "alpha": 0.05,
         "prior": 10, "planned_subjects": 200, "placeholder": True},
        {"id": "cytopenia-day-365", "cohort": "prizlon-cel", "endpoint": "cytopenia_day_365", "method": "beta_binomial",
         "limit": 0.15, "alpha": 0.05, "prior": 10, "planned_subjects": 200, "placeholder": True},
        {"id": "zoster-past-day-90", "cohort": "*", "endpoint": "zoster_past_day_90", "method": "gamma_poisson",
         "limit_per_100_person_years": 8, "alpha": 0.05, "prior": 2, "planned_person_days": 80000, "placeholder": True},
    ],
}
NOW = "2026-06-01T00:00:00Z"


def simulated(folder, scenario):
    frames = folder / f"{scenario}.cvlog"
    ctl("simulate", "--subjects", 100, "--seed", 5, "--scenario", scenario, "--scenario-from", "2018-01-01T00:00:00Z",
        "--now", NOW, "--partitions", 4, "--quiet", "--out", frames)
    return frames


def watched_daemon(folder, **more):
    folder.mkdir(parents=True)
    pack = folder / "pack.yaml"
    pack.write_text(yaml.safe_dump(PACK, sort_keys=False), encoding="utf-8")
    return Daemon(folder, {"rules": {"pack": str(pack)}, **more})


def looked_at(daemon, frames):
    """Once the last look has seen everything that was sent."""
    ctl("send", frames, "--quiet", "--to", daemon.url)
    seen = []

    def settled():
        seen.append(daemon.get("/api/v1/signals"))
        return len(seen) > 8 and seen[-1]["signals"] and len({row["looks"] for row in seen[-8:]}) == 1
    wait_until(settled, 60, "the monitors do not come to rest", every=0.25)
    return seen[-1]


def cohort_alerts(daemon):
    return [row for row in daemon.rows("/api/v1/alerts", "alerts") if row["rule"].startswith("C0")]


def position(daemon):
    return sum(row["position"] for row in daemon.get("/api/v1/summary")["partitions"])


def by_monitor(signals):
    return {row["monitor"]: row for row in signals["signals"]}


def works_less_from_now_on(daemon):
    """The team's calendar gets ten days without work, by a reload."""
    config = yaml.safe_load(daemon.config_file.read_text(encoding="utf-8"))
    today = datetime.datetime.now(datetime.timezone.utc).date()
    free = [today + datetime.timedelta(days=day) for day in range(15)]
    config["escalation"] = {"holidays": [day.isoformat() for day in free if day.weekday() < 5][:10]}
    daemon.config_file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    daemon.reload()
    wait_until(lambda: any(line["event"] == "reloaded" for line in daemon.log()), 20, "not reloaded")


def fires_again_for_further_events(daemon, alert_id):
    """What the looks told of the alarm: every revision is delivered, each further event makes it everybody's again."""
    alert = contract.check(requests.get(f"{daemon.url}/api/v1/alerts/{alert_id}", timeout=10)).json()
    steps = [step["action"] for step in daemon.get(f"/api/v1/alerts/{alert_id}/history")["history"]]
    assert steps[0] == "raise" and "worsen" in steps and set(steps) <= {"raise", "worsen", "clear"}, steps
    assert alert["revision"] == len(steps) and alert["refires"] == len([one for one in steps[1:] if one != "clear"])
    kept = [json.loads(one["detail"]) for one in daemon.rows("/api/v1/audit", "audit")
            if one["object"] == alert_id and one["what"] in ("alert.raised", "alert.updated")]
    events = [one["events"] for one in kept if one["fires_again"]]
    assert events == sorted(set(events)) and len(events) == alert["refires"], events
    people = [len(one["contributing_subjects"]) for one in kept]
    assert people[-1] >= people[0] > 0, "the record names who has the event"


def emerging_issue(daemon, alert_id):
    """Somebody calls the signal an emerging safety issue: it is due, here and in the metrics, until the report is entered as sent."""
    def kinds():
        shown = contract.check(requests.get(f"{daemon.url}/api/v1/alerts/{alert_id}", timeout=10)).json()
        return {one["kind"]: one for one in shown["deadlines"] if one["open"]}

    def act(reason):
        contract.check(requests.post(f"{daemon.url}/api/v1/alerts/{alert_id}/assess", timeout=10,
                                     json={"reason": reason, "comment": "by the safety board"})).raise_for_status()

    def open_reports():
        return sum(value for name, labels, value in daemon.metrics().series
                   if name == "cellvigil_reports_due" and labels == {"jurisdiction": "eu_marketed", "state": "open"})
    before = open_reports()  # of the cohort's own adverse events
    assert kinds() == {}, "an alarm alone is no emerging safety issue"
    act("emerging_issue:yes")
    issue = kinds()["emerging_issue"]
    assert issue["jurisdiction"] == "eu_marketed" and issue["assumed"] == [] and 2 <= issue["due_in_days"] <= 5
    wait_until(lambda: open_reports() == before + 1, 15, "the metrics do not know it")
    works_less_from_now_on(daemon)
    later = kinds()["emerging_issue"]
    assert later["due"] > issue["due"] and 12 <= later["due_in_days"] <= 20, "three working days, after ten without work"
    assert open_reports() == before + 1
    act("report_sent:eu_marketed")
    assert kinds() == {}
    wait_until(lambda: open_reports() == before, 15, "the metrics keep it")


@pytest.mark.parametrize("scenario, raised", [("none", False), ("hazard-doubled", True)])
def test_a_doubled_hazard_is_found_and_an_undisturbed_cohort_is_not(tmp_path, scenario, raised):
    frames = simulated(tmp_path, scenario)
    daemon = watched_daemon(tmp_path / "daemon", reporting={"jurisdictions": ["eu_marketed"]}, http={
        "local_operator": {"person": "kim", "role": "safety_lead", "assesses_cases": True}}).start()
    try:
        zoster = by_monitor(looked_at(daemon, frames))["zoster-past-day-90"]
        assert zoster["events"] > 0 and zoster["person_days"] > 30_000
        assert zoster["crossed"] is raised, zoster
        alerts = cohort_alerts(daemon)
        assert [row["rule"] for row in alerts] == (["C01"] if raised else [])
        crossed = daemon.metrics().by("cellvigil_rule_crossed", "monitor")
        assert crossed["zoster-past-day-90"] == (1 if raised else 0)
        if raised:
            fires_again_for_further_events(daemon, alerts[0]["alert_id"])
            emerging_issue(daemon, alerts[0]["alert_id"])
        assert daemon.stop() == 0
        ctl("verify", "--data", daemon.data, "--config", daemon.config_file)
    finally:
        daemon.close()


def test_a_kill_in_between_raises_the_same_alarm_and_none_twice(tmp_path):
    frames = simulated(tmp_path, "hazard-doubled")
    whole = watched_daemon(tmp_path / "whole").start()
    killed = watched_daemon(tmp_path / "killed").start()
    try:
        expected = by_monitor(looked_at(whole, frames))
        sending = threading.Thread(target=ctl, args=("send", frames, "--quiet", "--to", killed.url))
        sending.start()
        for share in (0.3, 0.8):
            least = share * whole.metrics()["cellvigil_messages_consumed_total"]
            wait_until(lambda least=least: position(killed) > least, 60, "too little arrives", every=0.02)
            killed.kill()
            killed.start()
        sending.join()
        found = by_monitor(looked_at(killed, frames))  # sent once more: every message is a duplicate
        for monitor, row in expected.items():
            assert {key: found[monitor][key] for key in ("events", "subjects", "person_days", "crossed", "alert_id")} == \
                   {key: row[key] for key in ("events", "subjects", "person_days", "crossed", "alert_id")}
        assert [row["alert_id"] for row in cohort_alerts(killed)] == [row["alert_id"] for row in cohort_alerts(whole)]
        assert killed.stop() == 0
        ctl("verify", "--data", killed.data, "--config", killed.config_file)
    finally:
        whole.close()
        killed.close()


@pytest.mark.parametrize("product", ["c-car039", "cd19-generic"])
def test_looks_screens_and_alarms_of_a_shipped_pack_are_what_the_journal_gives(tmp_path, product):
    frames = tmp_path / "cohort.cvlog"
    ctl("simulate", "--subjects", 24, "--now", NOW, "--partitions", 4, "--quiet", "--out", frames)
    pack = pathlib.Path(__file__).parents[2] / "rules/packs" / f"{product}.yaml"
    daemon = Daemon(tmp_path / "daemon", {"rules": {"pack": str(pack)}}).start()
    try:
        signals = looked_at(daemon, frames)
        assert len(signals["signals"]) > 2 and any(screen["units"] for screen in signals["screens"]), signals
        assert daemon.stop() == 0
        report = ctl_json("verify", "--data", daemon.data, "--config", daemon.config_file)
        assert report["whole"] and not report["state"]["faults"], report["state"]["faults"][:3]
        assert report["looks"]["compared"] > 100, report
    finally:
        daemon.close()
