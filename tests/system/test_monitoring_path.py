"""The way of an operational alert: daemon, Prometheus, Alertmanager, receiver. Real servers, the shipped rules and routes."""

import time

import pytest
import yaml

from alertmanager import Alertmanager, Receivers
from daemon import ROOT, Daemon
from ports import wait_until
from prometheus import Prometheus


@pytest.fixture(name="receivers")
def fixture_receivers():
    receivers = Receivers()
    yield receivers
    receivers.close()


@pytest.fixture(name="alertmanager")
def fixture_alertmanager(tmp_path, receivers):
    alertmanager = Alertmanager(tmp_path / "alertmanager", receivers).start()
    yield alertmanager
    alertmanager.stop()


def impatient(folder):
    """The shipped alerts with waits of a second; without what predicts from hours: of seconds it foretells a disk that others write to."""
    rules = yaml.safe_load((ROOT / "monitoring/rules/alerts.yml").read_text(encoding="utf-8"))
    for group in rules["groups"]:
        group["rules"] = [rule for rule in group["rules"] if "predict_linear" not in rule["expr"]]
        for rule in group["rules"]:
            rule.pop("keep_firing_for", None)
            if "for" in rule:
                rule["for"] = "1s"
    path = folder / "alerts.yml"
    path.write_text(yaml.safe_dump(rules), encoding="utf-8")
    return path


def test_a_daemon_that_dies_is_paged_and_its_return_is_told(tmp_path, alertmanager, receivers):
    daemon = Daemon(tmp_path / "daemon").start()
    prometheus = Prometheus(tmp_path / "prometheus", f"127.0.0.1:{daemon.port}", rules=[impatient(tmp_path)],
                            alertmanager=alertmanager.url).start()
    try:
        wait_until(lambda: receivers.told("CellvigilWatchdog"), 30, "no heartbeat")
        assert {entry[0] for entry in receivers.told("CellvigilWatchdog")} == {"heartbeat/heartbeat.example"}
        firing = 'ALERTS{alertstate="firing", alertname!="CellvigilWatchdog"}'
        wait_until(lambda: prometheus.value("up") == 1, 20, "no scrape")
        time.sleep(4)  # longer than any of the waits; before its first scrape Prometheus rightly misses the target
        assert prometheus.range(firing, seconds=2) == [], "a healthy daemon fires alerts"
        already = len(receivers.told("CellvigilDown"))
        daemon.kill()
        told = wait_until(lambda: receivers.told("CellvigilDown")[already:], 30, "nobody was paged")
        receiver, authorization, alert = told[0]
        assert receiver == "on-call/pager.example" and authorization == "Bearer token-of-the-test"
        assert alert["labels"]["severity"] == "page" and alert["labels"]["instance"] == f"127.0.0.1:{daemon.port}"
        assert f"127.0.0.1:{daemon.port}" in alert["annotations"]["description"], alert
        assert alert["annotations"]["runbook_url"].endswith("#cellvigildown")
        resolved = len(receivers.told("CellvigilDown", "resolved"))
        daemon.start()
        wait_until(lambda: len(receivers.told("CellvigilDown", "resolved")) > resolved, 60, "nobody was told that it is back")
    finally:
        prometheus.stop()
        daemon.close()


def test_what_is_inhibited_and_what_never_is(alertmanager, receivers):
    at = {"job": "cellvigil", "instance": "a:8080"}
    site = {"study": "S", "site": "1"}
    alertmanager.post(
        {"alertname": "CellvigilDown", "plane": "operations", "severity": "page", **at},
        {"alertname": "CellvigilRestarting", "plane": "operations", "severity": "ticket", **at},
        {"alertname": "CellvigilSiteSilent", "plane": "operations", "severity": "ticket", "job": "cellvigil", **site},
        {"alertname": "CellvigilSiteDataStale", "plane": "operations", "severity": "ticket", "job": "cellvigil", **site},
        {"alertname": "CellvigilClinicalAlertUndelivered", "plane": "clinical_path", "severity": "page", **at},
        {"alertname": "crs_grade_3", "plane": "clinical", "severity": "immediate", "cohort": "S/C", **at, **site})
    wait_until(lambda: receivers.told("crs_grade_3"), 20, "the clinical alert did not arrive")
    wait_until(lambda: alertmanager.alerts().get("CellvigilRestarting"), 20, "nothing is inhibited")
    held_back = {name for name, sources in alertmanager.alerts().items() if sources}
    assert held_back == {"CellvigilRestarting", "CellvigilSiteDataStale"}
    wait_until(lambda: len(receivers.told("CellvigilClinicalAlertUndelivered")) == 2, 20, "the guard was not told to both")
    assert {entry[0] for entry in receivers.told("CellvigilClinicalAlertUndelivered")} == {
        "on-call-and-safety/pager.example", "on-call-and-safety/safety.example"}
    assert receivers.told("CellvigilRestarting") == []
