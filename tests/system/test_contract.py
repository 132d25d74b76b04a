"""Schemathesis asks the running daemon whatever its description allows, and what it does not; a bounded number of examples, always
the same ones."""

import pathlib
import subprocess
import sys

import requests

import contract
import messages
from daemon import BUILD, Daemon
from issuer import Issuer
from ports import wait_until

OPERATIONS = sum(len(item) for item in contract.DESCRIPTION["paths"].values())
REQUIREMENTS = pathlib.Path(__file__).with_name("schemathesis-requirements.txt")


def schemathesis() -> pathlib.Path:
    """The program in a virtual environment beside the build, made when it is not there or is another version's."""
    folder = BUILD / "schemathesis"
    made = folder / "made-from.txt"
    if not made.exists() or made.read_text(encoding="utf-8") != REQUIREMENTS.read_text(encoding="utf-8"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, timeout=60)
        subprocess.run([folder / "bin/pip", "install", "-q", "--no-deps", "-r", REQUIREMENTS], check=True, timeout=300)
        made.write_text(REQUIREMENTS.read_text(encoding="utf-8"), encoding="utf-8")
    return folder / "bin/schemathesis"


def test_the_daemon_does_what_its_description_says(tmp_path):
    issuer = Issuer()
    daemon = Daemon(tmp_path / "daemon", {"http": {"authentication": "on", "oidc": issuer.config()}}).start()
    try:
        headers = {"authorization": "Bearer " + issuer.token("data_manager", "auditor", "administrator", "safety_lead", "case_assessor")}
        requests.post(daemon.url + "/api/v1/events", data=messages.lines(messages.shock("S-1")), timeout=30,
                      headers={**headers, "content-type": "application/x-ndjson"}).raise_for_status()
        alerts = wait_until(lambda: requests.get(daemon.url + "/api/v1/alerts", headers=headers, timeout=10).json()["alerts"], 10, "no alert")
        config = tmp_path / "schemathesis.toml"
        config.write_text(f'[parameters]\n"path.study" = "{messages.STUDY}"\n"path.cohort" = "{messages.COHORT}"\n'
                          f'"path.subject" = "S-1"\n"path.alert" = "{alerts[0]["alert_id"]}"\n', encoding="utf-8")
        for known in (True, False):  # things that are there, and things that are not
            done = subprocess.run(
                [schemathesis(), *(["--config-file", config] if known else []), "run", daemon.url + "/api/v1/openapi.json",
                 "--header", "Authorization: " + headers["authorization"], "--exclude-path", "/api/v1/stream", "--max-examples", "5",
                 "--phases", "fuzzing" if known else "coverage", "--generation-deterministic", "--no-color",
                 # A body that the schema allows need not be a message: the schema of messages is the wire contract's.
                 "--exclude-checks", "positive_data_acceptance"],
                capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
            assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
            # All but the stream and the description itself.
            assert f" {OPERATIONS - 2} passed" in done.stdout, done.stdout[-3000:]
    finally:
        daemon.close()
        issuer.close()
