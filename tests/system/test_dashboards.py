"""Every query of every dashboard against a real Prometheus that scraped a real daemon through a simulated scenario, and every panel drawn
from the answers with Grafana's own components in a real browser. There is no Grafana server among the test machines' packages: what it
would ask is asked here, and what it would draw is drawn here by the parts of it that can be had (monitoring/grafana/drawing)."""

import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import time
from dataclasses import dataclass

import pytest
import requests
import yaml

import drawing
import messages
from daemon import ROOT
from deployment import Deployment
from ports import wait_until
from prometheus import Prometheus

GRAFANA = ROOT / "monitoring/grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
CHOSEN = {"job": "cellvigil", "instance": ".+", "cohort": ".+", "event": "crs", "min_grade": "3", "study": ".+", "site": ".+"}

# (dashboard's uid, panel) that rightly shows nothing in the scenario: why. None at present.
EMPTY = {}


@dataclass
class Query:
    dashboard: str
    panel: str
    expr: str
    legend: str
    instant: bool

    def __str__(self):
        return f"{self.dashboard} / {self.panel}"


def queries():
    found = []
    for path in DASHBOARDS:
        dashboard = json.loads(path.read_text(encoding="utf-8"))
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                found.append(Query(dashboard["uid"], panel["title"], target["expr"], target.get("legendFormat", ""),
                                   bool(target.get("instant"))))
    return found


def asked(expr: str) -> str:
    """As Grafana would send it."""
    expr = expr.replace("$__rate_interval", "4s").replace("$__range", "120s").replace("$__interval", "2s")
    for name, value in CHOSEN.items():
        expr = expr.replace(f"${name}", value)
    assert "$" not in expr, expr
    return expr


def quick_rules(folder):
    """The shipped recording rules, evaluated every second."""
    rules = yaml.safe_load((ROOT / "monitoring/rules/recording.yml").read_text(encoding="utf-8"))
    for group in rules["groups"]:
        group["interval"] = "1s"
    path = folder / "recording.yml"
    path.write_text(yaml.safe_dump(rules), encoding="utf-8")
    return path


@pytest.fixture(name="prometheus", scope="module")
def fixture_prometheus(broker, cohort, tmp_path_factory):
    """A daemon that took a cohort in two parts, graded a shock, reloaded its configuration and told a webhook."""
    folder = tmp_path_factory.mktemp("dashboards")
    pack = ROOT / "rules/packs/c-car039.yaml"  # monitors and screens of the product that is simulated
    deployment = Deployment(folder, broker, "dashboards", extra={
        "rules": {"pack": str(pack)}, "metrics": {"tables_every_s": 2}, "reporting": {"jurisdictions": ["eu_trial", "us_trial"]}})
    prometheus = Prometheus(folder / "prometheus", f"127.0.0.1:{deployment.daemon.port}", "500ms", [quick_rules(folder)])
    try:
        daemon = deployment.daemon.start()
        prometheus.start()
        began = time.time()
        wait_until(lambda: prometheus.value("up") == 1, 20, "no scrape")
        half = len(cohort.messages) // 2
        deployment.send(cohort.messages[:half])
        deployment.wait_applied()
        daemon.reload()
        wait_until(lambda: any(line["event"] == "reloaded" for line in daemon.log()), 20, "not reloaded")
        deployment.send(cohort.messages[half:])
        deployment.post(messages.shock("S-SHOCK"))
        deployment.wait_applied()
        deployment.wait_delivered()
        for path in ("/api/v1/summary", "/api/v1/alerts", "/api/v1/no-such-thing"):
            requests.get(daemon.url + path, timeout=10)
        wait_until(lambda: prometheus.value("sum(cellvigil_messages_consumed_total)") == len(cohort.messages) + 4, 20, "not all seen")
        wait_until(lambda: prometheus.query("cellvigil_cumulative_incidence_upper_ratio > 0"), 120, "no tables of whole histories")
        wait_until(lambda: prometheus.query("cellvigil_screen_units_raised >= 0"), 120, "no look at the screens")  # NaN: it cannot yet
        time.sleep(3)  # scrapes that show the end
        prometheus.began, prometheus.ended = int(began), int(time.time())
        yield prometheus
    finally:
        prometheus.stop()
        deployment.close()


def test_there_are_six_dashboards_and_their_queries_are_read():
    assert len(DASHBOARDS) == 6
    assert len(queries()) > 100


def test_every_panel_shows_something(prometheus):
    nothing, slow, legends = [], [], []
    for query in queries():
        began = time.monotonic()
        if query.instant:
            series = [(labels, [value]) for labels, value in prometheus.query(asked(query.expr))]
        else:
            series = prometheus.range(asked(query.expr), seconds=int(time.time() - prometheus.began) + 1, step=1)
        if time.monotonic() - began > 1:
            slow.append(f"{query}: {time.monotonic() - began:.1f} s")
        shown = [labels for labels, values in series if any(math.isfinite(value) for value in values)]
        if not shown and (query.dashboard, query.panel) not in EMPTY:
            nothing.append(f"{query}: {query.expr}")
        for label in re.findall(r"{{(\w+)}}", query.legend):
            if any(label not in labels for labels in shown):
                legends.append(f"{query}: its legend names {label}, its series do not have it")
    assert nothing == []
    assert slow == []
    assert legends == []


@pytest.mark.skipif(not drawing.POSSIBLE, reason="npm or chromium is not installed")
def test_every_panel_is_drawn_with_data(prometheus, tmp_path):
    pictures = pathlib.Path(os.environ.get("CELLVIGIL_PICTURES", tmp_path))
    pictures.mkdir(parents=True, exist_ok=True)
    report = drawing.draw(pictures, prometheus.url, DASHBOARDS, asked, CHOSEN, prometheus.began, prometheus.ended)
    assert sorted(report) == sorted(f"{path.stem} {theme}" for path in DASHBOARDS for theme in ("light", "dark"))
    for name, one in report.items():
        panels = json.loads((GRAFANA / f"dashboards/{name.split()[0]}.json").read_text(encoding="utf-8"))["panels"]
        assert [panel["id"] for panel in one["panels"]] == [panel["id"] for panel in panels], name
        assert one["complaints"] == [], name
        assert [panel["title"] for panel in one["panels"] if panel["error"] or not panel["data"]] == [], name
        assert [panel for panel, drawn in one["pictured"].items() if not drawn] == [], name
        (pictures / f"{name.replace(' ', '-')}.txt").write_text(one["said"], encoding="utf-8")
        assert "No data" not in one["said"] and "no data" not in one["said"], name
        assert one["cut"] == [], name
        assert (pictures / f"{name.replace(' ', '-')}.png").stat().st_size > 20_000, name


def test_panels_listed_as_empty_exist():
    assert set(EMPTY) <= {(query.dashboard, query.panel) for query in queries()}


def test_every_variable_has_choices_and_every_annotation_is_answered(prometheus):
    events = {}
    for path in DASHBOARDS:
        dashboard = json.loads(path.read_text(encoding="utf-8"))
        for variable in dashboard["templating"]["list"]:
            if variable["type"] != "query":
                continue
            selector, label = re.fullmatch(r"label_values\((.+), *(\w+)\)", variable["query"]["query"]).groups()
            answer = requests.get(f"{prometheus.url}/api/v1/label/{label}/values", params={"match[]": asked(selector)}, timeout=10).json()
            assert answer["data"], f"{path.name}: {variable['name']} has no choices"
        for annotation in dashboard["annotations"]["list"]:
            if "expr" in annotation:
                found = prometheus.range(asked(annotation["expr"]), seconds=int(time.time() - prometheus.began) + 1, step=1)
                events[annotation["name"]] = events.get(annotation["name"], 0) + len(found)
    assert events["Configuration taken"] > 0, "the reload of the scenario is not marked"


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed: make kit looks at it")
def test_the_dashboards_are_what_the_generator_writes_and_have_no_fault():
    generator = GRAFANA / "generator"
    for command in (["npm", "ci", "--no-audit", "--no-fund", "--silent"], ["npm", "run", "--silent", "check"]):
        done = subprocess.run(command, cwd=generator, capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_no_query_shows_a_subject_or_a_message():
    for query in queries():
        assert not re.search(r"\b(subject|record|message)_?(id)?=", query.expr), str(query)


def test_provisioning_names_what_is_there():
    datasource = yaml.safe_load((GRAFANA / "provisioning/datasources/cellvigil.yaml").read_text(encoding="utf-8"))
    assert [one["type"] for one in datasource["datasources"]] == ["prometheus"]
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/cellvigil.yaml").read_text(encoding="utf-8"))["providers"][0]
    assert provider["folder"] == "Cellvigil" and provider["options"]["path"].startswith("/var/lib/grafana/")
