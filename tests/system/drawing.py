"""Dashboards as pictures: what a Prometheus answers to each panel, handed to monitoring/grafana/drawing."""

import json
import os
import shutil
import subprocess

import requests

from daemon import ROOT

DRAWING = ROOT / "monitoring/grafana/drawing"
BROWSER = os.environ.get("CHROMIUM", "/usr/bin/chromium")
POSSIBLE = shutil.which("npm") is not None and os.path.exists(BROWSER)


def answers(url, panel, asked, begin, end, step):
    """Of one panel: [{refId, series}], as Prometheus gives them."""
    found = []
    for target in panel.get("targets", []):
        query = {"query": asked(target["expr"])}
        if target.get("instant"):
            answer = requests.get(url + "/api/v1/query", params={**query, "time": end}, timeout=10).json()
        else:
            answer = requests.get(url + "/api/v1/query_range", params={**query, "start": begin, "end": end, "step": step},
                                  timeout=10).json()
        assert answer["status"] == "success", answer
        found.append({"refId": target["refId"], "series": answer["data"]["result"]})
    return found


def draw(folder, url, dashboards, asked, chosen, begin, end, step=1):
    """Draws each dashboard, light and dark, into `folder`; the report by "NAME THEME"."""
    for path in dashboards:
        dashboard = json.loads(path.read_text(encoding="utf-8"))
        (folder / path.name).write_text(json.dumps({
            "dashboard": dashboard, "chosen": chosen, "from": begin * 1000, "to": end * 1000, "step": step * 1000,
            "answers": {str(panel["id"]): answers(url, panel, asked, begin, end, step) for panel in dashboard["panels"]},
        }), encoding="utf-8")
    _install()
    done = subprocess.run(["node", "draw.mjs", str(folder)], cwd=DRAWING, capture_output=True, text=True, timeout=300, check=False,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def _install():
    """Once, and again when the lock file is another one."""
    lock, mark = DRAWING / "package-lock.json", DRAWING / "node_modules/.package-lock.json"
    if mark.exists() and mark.stat().st_mtime >= lock.stat().st_mtime:
        return
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"], cwd=DRAWING, capture_output=True,
                          text=True, timeout=600, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    mark.touch()
