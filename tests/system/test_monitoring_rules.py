"""The monitoring kit as files: rules, their cases, runbooks, Alertmanager's routes and what it may hold back."""

import re
import subprocess

import pytest
import yaml

from daemon import ROOT, Daemon

MONITORING = ROOT / "monitoring"
RULES = sorted((MONITORING / "rules").glob("*.yml"))
CASES = sorted((MONITORING / "rules/tests").glob("*.yml"))
RUNBOOKS = ROOT / "docs/runbooks.md"


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


def rules_of(kind):
    groups = [group for path in RULES for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]]
    return [rule for group in groups for rule in group["rules"] if kind in rule]


ALERTS = {rule["alert"]: rule for rule in rules_of("alert")}


def test_promtool_finds_nothing_wrong_with_rules_and_configuration():
    run("promtool", "check", "rules", *RULES)
    run("promtool", "check", "config", MONITORING / "prometheus/prometheus.yml")


def test_every_case_of_the_rules_holds():
    run("promtool", "test", "rules", *CASES)


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_has_a_case_that_fires_and_one_that_does_not(name):
    fires, quiet = 0, 0
    for path in CASES:
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            for test in case.get("promql_expr_test", []):
                if f'alertname="{name}"' in test["expr"]:
                    fires += bool(test["exp_samples"])
                    quiet += not test["exp_samples"]
    assert fires > 0
    assert quiet > 0 or name == "CellvigilWatchdog", "it fires always: that is what it is for"


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_says_what_it_must(name):
    rule = ALERTS[name]
    assert re.fullmatch(r"Cellvigil[A-Z][A-Za-z]+", name)
    assert rule["labels"]["severity"] in {"page", "ticket", "info", "none"}
    assert rule["labels"]["plane"] in {"operations", "clinical_path", "heartbeat"}
    notes = rule["annotations"]
    assert notes["summary"] and notes["description"]
    assert notes["runbook_url"].endswith(f"docs/runbooks.md#{name.lower()}")
    dashboard = notes["dashboard_url"].rpartition("/d/")[2]
    assert (MONITORING / f"grafana/dashboards/{dashboard}.json").exists(), dashboard


def test_every_alert_has_a_section_in_the_runbooks_and_none_has_two():
    sections = re.findall(r"^## (Cellvigil\w+)$", RUNBOOKS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted(ALERTS)


def test_every_metric_that_the_rules_use_is_one_that_the_daemon_has(tmp_path):
    daemon = Daemon(tmp_path).start()
    try:
        exposed = set(re.findall(r"^# TYPE (\S+)", daemon.metrics().text, re.MULTILINE))
    finally:
        daemon.close()
    documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/metrics.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert exposed <= documented
    used = set()
    for rule in rules_of("expr"):
        used |= set(re.findall(r"(?<![\w:])(cellvigil_\w+)(?![\w:])", rule["expr"]))
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in used} <= documented


def amtool_route(labels) -> str:
    return run("amtool", "config", "routes", "test", f"--config.file={MONITORING}/alertmanager/alertmanager.yml",
               *(f"{name}={value}" for name, value in labels.items())).strip()


def test_amtool_finds_nothing_wrong():
    run("amtool", "check-config", MONITORING / "alertmanager/alertmanager.yml")


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_goes_to_those_who_can_act(name):
    labels = ALERTS[name]["labels"]
    expected = {"heartbeat": "heartbeat", "clinical_path": {"ticket": "safety"}.get(labels["severity"], "on-call-and-safety"),
                "operations": {"page": "on-call"}.get(labels["severity"], "operations")}[labels["plane"]]
    assert amtool_route({"alertname": name, **labels}) == expected


def test_a_clinical_alert_goes_to_the_safety_team_whatever_its_severity():
    for severity in ("immediate", "high", "medium", "page"):
        assert amtool_route({"alertname": "crs_grade_3", "plane": "clinical", "severity": severity, "cohort": "S/C"}) == "safety"


def test_nothing_may_hold_back_a_clinical_alert_or_the_guards_of_its_way():
    config = yaml.safe_load((MONITORING / "alertmanager/alertmanager.yml").read_text(encoding="utf-8"))
    assert config["inhibit_rules"]
    for rule in config["inhibit_rules"]:
        assert 'plane="operations"' in rule["target_matchers"], rule
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            name = re.fullmatch(r'alertname(=|!=|=~)"([\w|]+)"', matcher)
            assert name is None or set(name[2].split("|")) <= set(ALERTS), matcher
