"""The drill of docs/operations.md: back up while the daemon takes messages, lose the data, restore, and go on."""

import os
import shutil
import subprocess
import threading

import requests

import messages
import topic
from daemon import BUILD, ROOT, Daemon, ctl, ctl_json
from ports import wait_until

BACKUP = ROOT / "deploy/backup/cellvigil-backup"


def backup(data, target, check=True):
    done = subprocess.run([BACKUP, data, target], capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, "PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}"})
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def post(daemon, some):
    answer = requests.post(daemon.url + "/api/v1/events", params={"answers": "none"}, data=messages.lines(some), timeout=30,
                           headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 202
    return [one["message_id"] for one in some]


def test_backup_under_load_restore_and_a_daemon_that_goes_on(tmp_path):
    daemon = Daemon(tmp_path / "daemon").start()
    copy = tmp_path / "backup"
    before, stop = [], threading.Event()

    def feed():
        hour = 0
        while not stop.is_set():
            hour += 1
            post(daemon, [messages.temperature("S-LOAD", hour + part / 20, 37) for part in range(10)])

    feeder = threading.Thread(target=feed)
    try:
        before += post(daemon, messages.shock("S-1"))
        feeder.start()
        wait_until(lambda: daemon.metrics()["cellvigil_messages_consumed_total"] > 500, 30, "no load")
        said = backup(daemon.data, copy)
        assert "is whole" in said.stdout
        stop.set()
        feeder.join(30)
        alerts = daemon.rows("/api/v1/alerts", "alerts")
        assert daemon.stop() == 0
        lived_on = topic_of(daemon.data, tmp_path / "all.cvlog")

        shutil.rmtree(daemon.data)  # the disaster
        shutil.copytree(copy, daemon.data)
        report = ctl_json("verify", "--data", daemon.data)
        assert report["whole"] and report["state"]["faults"] == [], report
        restored = topic_of(daemon.data, tmp_path / "restored.cvlog")
        assert len(before) < len(restored) < len(lived_on)
        assert set(restored) <= set(lived_on), "the copy holds what was committed before it, and nothing else"
        assert all(any(one.encode() in value for _, _, value in restored) for one in before)

        daemon.start()
        assert daemon.rows("/api/v1/alerts", "alerts") == alerts
        standing = daemon.get(f"/api/v1/subjects/{messages.STUDY}/S-1/explanation", at="2026-06-03T11:00:00Z")["standing"]
        assert [one["grade"] for one in standing if one["scale"] == "ASTCT_CRS_2019"] == [4]
        post(daemon, [messages.temperature("S-LOAD", 9000, 38)])  # sources send again what came after the copy
        assert daemon.stop() == 0
        assert ctl_json("verify", "--data", daemon.data)["whole"]
    finally:
        stop.set()
        daemon.close()


def topic_of(data, file):
    """[(partition, position, value)] of the journal, in order."""
    ctl("export", "--data", data, file)
    return sorted((record.partition, record.position, record.value or b"") for record in topic.read_log(file))


def test_no_copy_is_better_than_a_wrong_one(tmp_path):
    daemon = Daemon(tmp_path / "daemon").start()
    try:
        post(daemon, messages.shock("S-1"))
        assert daemon.stop() == 0
    finally:
        daemon.close()
    assert backup(tmp_path / "nowhere", tmp_path / "copy", check=False).returncode == 66
    (tmp_path / "there").mkdir()
    assert backup(daemon.data, tmp_path / "there", check=False).returncode == 73
    damage = subprocess.run(["sqlite3", daemon.data / "cellvigil.db", "UPDATE segment SET body = zeroblob(length(body))"], timeout=30, check=False)
    assert damage.returncode == 0
    failed = backup(daemon.data, tmp_path / "copy", check=False)
    assert failed.returncode != 0
    assert not (tmp_path / "copy").exists() and not list(tmp_path.glob("copy*"))
