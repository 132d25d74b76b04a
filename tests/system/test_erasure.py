"""A subject is taken out of a store: nothing of it stays, everything else does, whatever happens meanwhile."""

import shutil
import signal
import subprocess
import time

import pytest
import requests

import messages
from daemon import Daemon, ctl, ctl_json, program

LEAVING, STAYING = "PSEUDONYM-LEAVES-7", "PSEUDONYM-STAYS-8"


def post(daemon, some):
    answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines(some), timeout=60,
                           headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 202, answer.text


def erase(daemon, check=True):
    return ctl("erase", f"{messages.STUDY}/{LEAVING}", "--data", daemon.data, "--who", "officer", "--reason", "asked for",
               "--yes", check=check)


def on_disk(daemon):
    return b"".join(path.read_bytes() for path in daemon.data.iterdir() if path.is_file())


@pytest.fixture(name="daemon")
def fixture_daemon(tmp_path):
    daemon = Daemon(tmp_path / "daemon").start()
    for subject in (LEAVING, STAYING):
        post(daemon, messages.shock(subject))
    post(daemon, [{**messages.temperature(LEAVING, 3, 38), "site_id": "unknown"}])  # held
    post(daemon, [messages.temperature(STAYING, 3, 38)])
    bad = {**messages.temperature(LEAVING, 4, 38), "record_id": ""}
    assert requests.post(daemon.url + "/api/v1/events", data=messages.lines([bad]), timeout=60,
                         headers={"content-type": "application/x-ndjson"}).status_code == 400
    yield daemon
    daemon.close()


def test_nothing_of_an_erased_subject_stays_and_everything_else_does(daemon, tmp_path):
    refused = erase(daemon, check=False)
    assert refused.returncode != 0 and "in use" in refused.stdout + refused.stderr, "the daemon runs"
    assert daemon.stop() == 0
    assert LEAVING.encode() in on_disk(daemon)
    erased = erase(daemon)
    assert "erased: 6 messages" in erased.stdout and LEAVING not in erased.stdout, erased.stdout
    assert LEAVING.encode() not in on_disk(daemon)
    report = ctl_json("verify", "--data", daemon.data)
    assert report["whole"] and report["state"]["subjects"] == 1, report

    # The oracle's replay of what can be exported now is the state without the subject.
    ctl("export", tmp_path / "log", "--data", daemon.data)
    assert LEAVING.encode() not in (tmp_path / "log").read_bytes()
    replayed = ctl_json("replay", tmp_path / "log")
    assert replayed["state_hash"] == report["state"]["stored_hash"], (replayed, report)

    daemon.start()
    gone = requests.get(f"{daemon.url}/api/v1/subjects/{messages.STUDY}/{LEAVING}/assessments", timeout=10)
    assert gone.status_code == 404, gone.text
    assert [alert["subject"] for alert in daemon.rows("/api/v1/alerts", "alerts")] == [f"{messages.STUDY}/{STAYING}"]
    assert not daemon.rows("/api/v1/quarantine", "quarantine") and not daemon.rows("/api/v1/dead-letters", "dead_letters")
    assert daemon.stop() == 0
    after = ctl_json("verify", "--data", daemon.data)
    assert after["whole"] and after["state"]["stored_hash"] == report["state"]["stored_hash"], after


def test_an_erasure_that_is_killed_has_happened_or_not(daemon, tmp_path):
    for batch in range(40):
        post(daemon, [messages.temperature(subject, 5 + batch + part / 100, 37)
                      for subject in (LEAVING, STAYING) for part in range(50)])
    assert daemon.stop() == 0
    def command(data):
        return [program("cellvigilctl"), "erase", f"{messages.STUDY}/{LEAVING}", "--data", str(data), "--who", "officer",
                "--reason", "asked for", "--yes"]

    # How long it takes here, so that the kills fall into it.
    shutil.copytree(daemon.data, tmp_path / "copy")
    began = time.monotonic()
    subprocess.run(command(tmp_path / "copy"), stdout=subprocess.DEVNULL, check=True)
    took = time.monotonic() - began
    done = killed = 0
    for attempt in range(12):
        running = subprocess.Popen(command(daemon.data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(took * (attempt + 1) / 12)
        running.kill()
        killed += running.wait() == -signal.SIGKILL
        report = ctl_json("verify", "--data", daemon.data)
        assert report["whole"], report
        done = 2 - report["state"]["subjects"]
        if done:
            break
    assert killed, "every erasure was through before its kill"
    if not done:
        erase(daemon)
    else:
        assert erase(daemon, check=False).returncode != 0, "there is nothing of it any more"
    assert ctl_json("verify", "--data", daemon.data)["state"]["subjects"] == 1
    daemon.start()
    assert daemon.stop() == 0
    assert LEAVING.encode() not in on_disk(daemon)
    assert ctl_json("verify", "--data", daemon.data)["whole"]
