"""The programs under test: cellvigild as a child process, and cellvigilctl.

Daemon(folder, config).start() waits for the log line {"event": "ready", ...}; .stop() drains, .kill() does not. A second
start() continues on the same data.
"""

import json
import os
import pathlib
import signal
import subprocess

import requests
import yaml

from ports import free_port, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CELLVIGIL_BUILD", ROOT / "build/dev")).resolve()


def program(name: str) -> pathlib.Path:
    path = BUILD / "bin" / name
    if not path.exists():
        raise FileNotFoundError(f"{path}: build it first (make test)")
    return path


def ctl(*arguments, seconds: float = 120, check: bool = True, text=None, env=None):
    """Runs cellvigilctl, with `env` beside the environment; the finished process with its output as text."""
    done = subprocess.run([program("cellvigilctl"), *map(str, arguments)], capture_output=True, text=True, timeout=seconds,
                          check=False, input=text, stdin=subprocess.DEVNULL if text is None else None,
                          env={**os.environ, **(env or {})})
    if check and done.returncode != 0:
        raise AssertionError(f"cellvigilctl {' '.join(map(str, arguments))} ended with {done.returncode}:\n"
                             f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done


def ctl_json(*arguments, seconds: float = 120):
    return json.loads(ctl(*arguments, "--json", seconds=seconds).stdout)


class Daemon:
    def __init__(self, folder, config=None, environment=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.port = free_port()  # fixed over restarts, so that a scraper and clients find it again
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {**os.environ, **(environment or {})}
        self._process = None
        self._log_from = 0
        self.starts = 0
        self.config_file = None
        if config is not None:
            self.config_file = self.folder / "cellvigild.yaml"
            self.config_file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")

    # ---- life --------------------------------------------------------------------------------------------------------

    def start(self, seconds: float = 30, wait: bool = True):
        log_file = self.folder / "cellvigild.log"
        self._log_from = log_file.stat().st_size if log_file.exists() else 0
        command = [program("cellvigild"), "--data", self.data, "--http", f"127.0.0.1:{self.port}"]
        if self.config_file:
            command += ["--config", self.config_file]
        with open(log_file, "ab") as log:
            self._process = subprocess.Popen(  # pylint: disable=consider-using-with
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment, cwd=self.folder)
        self.starts += 1
        if wait:
            self.wait_ready(seconds)
        return self

    def wait_ready(self, seconds: float = 30):
        def ready():
            if self._process.poll() is not None:
                raise AssertionError(f"cellvigild ended with {self._process.returncode}:\n{self.log_tail()}")
            return any(line.get("event") == "ready" for line in self.log(this_start=True))
        wait_until(ready, seconds, f"cellvigild is not ready:\n{self.log_tail()}", every=0.02)

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM; the exit status."""
        return self._end(signal.SIGTERM, seconds)

    def kill(self) -> int:
        return self._end(signal.SIGKILL, 10)

    def reload(self):
        self._process.send_signal(signal.SIGHUP)

    def close(self):
        if self._process is not None:
            self.kill()

    def _end(self, how, seconds):
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.wait(10)
            raise AssertionError(f"cellvigild did not end within {seconds:g} s of {how.name}:\n{self.log_tail()}") from error

    # ---- what it says ------------------------------------------------------------------------------------------------

    def log(self, this_start: bool = False):
        """Every complete JSON line; a line that is not JSON fails the test that reads it."""
        with open(self.folder / "cellvigild.log", "rb") as file:
            file.seek(self._log_from if this_start else 0)
            text = file.read()
        return [json.loads(line) for line in text[:text.rfind(b"\n") + 1].splitlines() if line.strip()]

    def log_tail(self, characters: int = 3000) -> str:
        return (self.folder / "cellvigild.log").read_text(encoding="utf-8", errors="replace")[-characters:]

    def get(self, path: str, seconds: float = 10, **parameters):
        answer = requests.get(self.url + path, params=parameters, timeout=seconds)
        answer.raise_for_status()
        return answer.json()

    def rows(self, path: str, name: str) -> list:
        """Every row of a paged list."""
        found, after = [], {}
        while True:
            page = self.get(path, limit=1000, **after)
            found += page[name]
            if not page["next"]:
                return found
            after = {"after": page["next"]}

    def metrics(self) -> "Metrics":
        return Metrics(requests.get(self.url + "/metrics", timeout=10).text)


class Metrics:
    """One scrape: metrics["name"] is the sum over the family's series, metrics.by("name", "label") a dict."""

    def __init__(self, text: str):
        self.text = text
        self.series = []
        for line in text.splitlines():
            if line and not line.startswith("#"):
                head, _, value = line.rpartition(" ")
                name, _, labels = head.partition("{")
                self.series.append((name, _labels(labels.rstrip("}")), float(value)))

    def __getitem__(self, name: str) -> float:
        values = [value for series, _, value in self.series if series == name]
        if not values:
            raise KeyError(name)
        return sum(values)

    def __contains__(self, name: str) -> bool:
        return any(series == name for series, _, _ in self.series)

    def by(self, name: str, label: str) -> dict:
        sums = {}
        for series, labels, value in self.series:
            if series == name:
                sums[labels.get(label, "")] = sums.get(labels.get(label, ""), 0.0) + value
        return sums


def _labels(text: str) -> dict:
    labels, rest = {}, text
    while rest:
        name, _, rest = rest.partition('="')
        value = ""
        while not rest.startswith('"'):
            step = 2 if rest.startswith("\\") else 1
            value, rest = value + rest[:step], rest[step:]
        labels[name.lstrip(",")] = value
        rest = rest[1:]
    return labels
