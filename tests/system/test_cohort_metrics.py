"""Metrics of whole histories against the report of the same folder: one number, two ways to it."""

import json

import pytest

from daemon import Daemon, ctl
from ports import wait_until

COHORT = "CCAR039-SIM/C-CAR039"
PERIODS = ("d0_30", "d31_90", "d91_365", "d366_plus")


@pytest.fixture(name="shown")
def fixture_shown(tmp_path, cohort):
    """The metrics once they are of the end of the stream, and the report."""
    daemon = Daemon(tmp_path / "daemon", {"metrics": {"tables_every_s": 1}}).start()
    try:
        ctl("send", cohort.log, "--quiet", "--to", daemon.url, check=False)
        found = []

        def agree():
            metrics = daemon.metrics()
            report = json.loads(ctl("report", "--cohort", COHORT, "--data", daemon.data, "--config", daemon.config_file, "--json").stdout)
            days = metrics.by("cellvigil_person_time_seconds", "event").get("severe_infection", 0) / 86400
            found[:] = [metrics, report]
            return days == sum(days_of(report).values()) > 0
        wait_until(agree, 120, "the tables do not come to rest", every=1)
        yield tuple(found)
    finally:
        daemon.close()


def primary(rows):
    return [row for row in rows if row["estimand"] == "before_next_therapy" and row["counting"] == "first"
            and row["analysis_set"] == "safety" and row["grade_source"] == "computed"]


def days_of(report):
    return {PERIODS[int(row["endpoint"][-1])]: row["person_days"] for row in primary(report["rates"])
            if row["endpoint"].startswith("severe_infection_w") and row["dimension"] == "all"}


def series(metrics, name, **labels):
    return {tuple(sorted(found.items())): value for family, found, value in metrics.series
            if family == name and labels.items() <= found.items()}


def test_person_time_and_first_events_by_period(shown):
    metrics, report = shown
    of_severe = series(metrics, "cellvigil_person_time_seconds", event="severe_infection", cohort=COHORT)
    assert {dict(labels)["period"]: value / 86400 for labels, value in of_severe.items()} == days_of(report)
    for row in primary(report["rates"]):
        if row["endpoint"] == "zoster_past_day_90" and row["dimension"] == "antiviral":
            found = series(metrics, "cellvigil_prophylaxis_events", event="zoster_past_day_90", prophylaxis=row["stratum"])
            assert list(found.values()) == [row["events"]], row


def test_cumulative_incidence(shown):
    metrics, report = shown
    curves = [curve for curve in primary(report["curves"]) if curve["estimator"] == "aalen_johansen" and curve["dimension"] == "all"]
    assert {"zoster_past_day_90", "infection_past_day_90"} <= {curve["endpoint"] for curve in curves}
    compared = 0
    for curve in curves:
        for stand in curve["at"]:
            found = series(metrics, "cellvigil_cumulative_incidence_ratio", event=curve["endpoint"], day=str(stand["day"]))
            assert len(found) == 1, (curve["endpoint"], stand)
            value = next(iter(found.values()))
            if value == value:  # not NaN: enough at risk
                assert value == pytest.approx(stand["value"], abs=1e-9)
                compared += 1
    assert compared > 3


def test_delayed_infections_are_viral_bacterial_fungal_and_past_day_90(shown):
    metrics, _ = shown
    by_class = metrics.by("cellvigil_delayed_infections", "pathogen_class")
    assert by_class["viral"] > 0 and by_class["bacterial"] > 0
    assert set(metrics.by("cellvigil_delayed_infections", "period")) == {"d91_365", "d366_plus"}
    # Zoster is viral, and each subject with one past day 90 has at least one such infection.
    assert by_class["viral"] >= sum(metrics.by("cellvigil_zoster_past_day_90_patients", "class").values())
