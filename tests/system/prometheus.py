"""A real Prometheus server that scrapes one target, in one folder, for the length of a test; with rules and an Alertmanager if wanted."""

import pathlib
import subprocess
import time

import requests
import yaml

from ports import free_port, wait_until


class Prometheus:
    def __init__(self, folder, target: str, interval: str = "250ms", rules=(), alertmanager: str = ""):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process = None
        config = {
            "global": {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval},
            "scrape_configs": [{"job_name": "cellvigil", "static_configs": [{"targets": [target]}]}],
            "rule_files": [str(rule) for rule in rules],
        }
        if alertmanager:
            config["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [alertmanager.removeprefix("http://")]}]}]}
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")

    def start(self, seconds: float = 30):
        with open(self.folder / "prometheus.log", "ab") as log:
            self._process = subprocess.Popen(  # pylint: disable=consider-using-with
                ["prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/tsdb",
                 f"--web.listen-address={self.url.removeprefix('http://')}", "--log.level=warn",
                 "--rules.alert.resend-delay=1s"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._ready, seconds, f"Prometheus is not ready; see {self.folder}/prometheus.log")
        return self

    def stop(self):
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None

    def query(self, expression: str):
        """The instant vector as [(labels, value)]."""
        answer = requests.get(self.url + "/api/v1/query", params={"query": expression}, timeout=10).json()
        if answer["status"] != "success":
            raise AssertionError(f"{expression}: {answer.get('error')}")
        return [(item["metric"], float(item["value"][1])) for item in answer["data"]["result"]]

    def value(self, expression: str):
        """The value of a query with one series, or None while it has none."""
        found = self.query(expression)
        if len(found) > 1:
            raise AssertionError(f"{expression}: {len(found)} series")
        return found[0][1] if found else None

    def range(self, expression: str, seconds: float = 60, step: float = 1):
        """The series of the last seconds as [(labels, [values])]."""
        now = time.time()
        answer = requests.get(self.url + "/api/v1/query_range", timeout=10, params={
            "query": expression, "start": now - seconds, "end": now, "step": step}).json()
        if answer["status"] != "success":
            raise AssertionError(f"{expression}: {answer.get('error')}")
        return [(item["metric"], [float(value) for _, value in item["values"]]) for item in answer["data"]["result"]]

    def _ready(self):
        if self._process.poll() is not None:
            raise RuntimeError((self.folder / "prometheus.log").read_text(encoding="utf-8")[-2000:])
        try:
            return requests.get(self.url + "/-/ready", timeout=1).status_code == 200
        except requests.ConnectionError:
            return False
