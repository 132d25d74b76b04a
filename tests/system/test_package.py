"""The Debian package and the service: what is packed runs from where it lies, and systemd hears what it must."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest
import requests

import messages
from daemon import BUILD, ROOT, Daemon
from ports import free_port, wait_until

UNIT = ROOT / "deploy/systemd/cellvigild.service"


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, check=False,
                          stdin=subprocess.DEVNULL, **options)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(name="package", scope="module")
def fixture_package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    run("cpack", "-G", "DEB", "-B", folder, cwd=BUILD)
    packages = list(folder.glob("*.deb"))
    assert len(packages) == 1
    return packages[0]


@pytest.fixture(name="root", scope="module")
def fixture_root(package, tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    run("dpkg-deb", "-x", package, root)
    return root


def test_the_package_says_what_it_needs_and_keeps_the_operators_configuration(package):
    fields = run("dpkg-deb", "-f", package)
    assert re.search(r"^Package: cellvigil$", fields, re.MULTILINE)
    depends = re.search(r"^Depends: (.*)$", fields, re.MULTILINE)[1]
    for library in ("librdkafka1", "libsqlite3-0", "libprotobuf32", "libc6", "systemd"):
        assert library in depends
    assert run("dpkg-deb", "-I", package, "conffiles").split() == ["/etc/cellvigil/cellvigild.yaml"]
    for script in ("postinst", "prerm", "postrm"):
        assert "set -e" in run("dpkg-deb", "-I", package, script)
    purge = run("dpkg-deb", "-I", package, "postrm")
    assert "rm -r" not in purge, "a purge must not delete records"


def test_what_is_packed_is_complete(root):
    for path in ("usr/bin/cellvigild", "usr/bin/cellvigilctl", "usr/bin/cellvigil-backup", "etc/cellvigil/cellvigild.yaml",
                 "usr/lib/systemd/system/cellvigild.service", "usr/lib/sysusers.d/cellvigil.conf", "usr/lib/tmpfiles.d/cellvigil.conf",
                 "usr/share/cellvigil/packs/default.yaml", "usr/share/cellvigil/monitoring/rules/alerts.yml",
                 "usr/share/cellvigil/monitoring/grafana/dashboards/cellvigil-safety.json", "usr/share/cellvigil/kafka/setup",
                 "usr/share/doc/cellvigil/runbooks.md", "usr/share/doc/cellvigil/examples/first-alert.ndjson",
                 "usr/share/doc/cellvigil/examples/credentials.conf", "usr/share/doc/cellvigil/copyright", "usr/share/man/man8/cellvigild.8.gz"):
        assert (root / path).exists(), path
    assert all(os.access(root / path, os.X_OK) for path in ("usr/bin/cellvigil-backup", "usr/share/cellvigil/kafka/setup"))
    assert not list(root.rglob("node_modules")) and not list(root.rglob("*_test*"))
    assert "not stripped" not in run("file", root / "usr/bin/cellvigild")


def test_the_packed_daemon_runs_with_the_packed_configuration(root, tmp_path):
    config = root / "etc/cellvigil/cellvigild.yaml"
    run(root / "usr/bin/cellvigild", "--check-config", "--config", config)
    port = free_port()
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen([root / "usr/bin/cellvigild", "--config", config, "--data", tmp_path / "data",  # pylint: disable=consider-using-with
                                    "--http", f"127.0.0.1:{port}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        def ready():
            try:
                return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=1).ok
            except requests.ConnectionError:
                return False
        wait_until(ready, 30, (tmp_path / "log").read_text(encoding="utf-8"))
        taken = requests.post(f"http://127.0.0.1:{port}/api/v1/events", data=messages.lines(messages.shock("S-1")), timeout=10,
                              headers={"content-type": "application/x-ndjson"})
        assert taken.json()["outcomes"] == {"accepted": 4}
        run(root / "usr/bin/cellvigilctl", "send", root / "usr/share/doc/cellvigil/examples/first-alert.ndjson", "--to", f"http://127.0.0.1:{port}")
        alerts = requests.get(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=10).json()["alerts"]
        assert {(one["rule"], one["subject"].rpartition("/")[2]) for one in alerts} == {("crs_grade_3", "S-1"), ("crs_grade_3", "FIRST-ALERT")}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
    run(root / "usr/bin/cellvigilctl", "verify", "--data", tmp_path / "data")
    pack = root / "usr/share/cellvigil/packs/default.yaml"
    assert "good" in run(root / "usr/bin/cellvigild", "--check-config", "--config", config, env={**os.environ, "CELLVIGIL_RULES_PACK": str(pack)})


def test_the_man_pages_have_no_fault(root):
    for page in (root / "usr/share/man").rglob("*.gz"):
        assert run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page, env={**os.environ, "MANWIDTH": "100", "PAGER": "cat"})


# ---- systemd ---------------------------------------------------------------------------------------------------------------


def unit_that_can_be_verified(folder, *drop_ins):
    """The unit with the program of this build: systemd-analyze wants it to be there."""
    path = folder / "cellvigild.service"
    path.write_text(UNIT.read_text(encoding="utf-8").replace("/usr/bin/cellvigild", str(BUILD / "bin/cellvigild")), encoding="utf-8")
    for drop_in in drop_ins:
        (folder / "cellvigild.service.d").mkdir(exist_ok=True)
        shutil.copy(drop_in, folder / "cellvigild.service.d")
    return path


def test_systemd_finds_nothing_wrong_with_the_unit_and_little_exposed(tmp_path):
    unit = unit_that_can_be_verified(tmp_path, ROOT / "deploy/systemd/credentials.conf")
    said = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit)
    assert "cellvigild" not in said, said
    exposure = run("systemd-analyze", "security", "--offline=true", "--threshold=15", unit)
    assert "OK" in exposure.splitlines()[-1], exposure


class Manager:
    """systemd's side of the notify protocol."""

    def __init__(self, folder):
        self.path = folder / "notify.socket"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.setblocking(False)
        self.heard = []

    def hear(self):
        """Every line so far, with the time it came."""
        while True:
            try:
                self.heard += [(time.monotonic(), line) for line in self._socket.recv(4096).decode().split("\n") if line]
            except BlockingIOError:
                return [line for _, line in self.heard]

    def close(self):
        self._socket.close()


def test_systemd_is_told_of_the_start_progress_a_reload_and_the_end(tmp_path):
    manager = Manager(tmp_path)
    daemon = Daemon(tmp_path / "daemon", {"log": {"level": "info"}}, environment={"NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": "2000000"})
    try:
        daemon.start()
        wait_until(lambda: "READY=1" in manager.hear(), 10, "not told of the start")
        wait_until(lambda: any(line.startswith("STATUS=taking messages of 4 partitions") for line in manager.hear()), 10, "no status")
        wait_until(lambda: manager.hear().count("WATCHDOG=1") >= 3, 10, "the watchdog is not fed")
        fed = [at for at, line in manager.heard if line == "WATCHDOG=1"]
        assert all(later - earlier < 2 for earlier, later in zip(fed, fed[1:])), "too rarely"
        daemon.reload()
        wait_until(lambda: "WATCHDOG_USEC=2000000" in manager.hear(), 20, "the watchdog's time was not restored")
        asked = [line for line in manager.hear() if line.startswith("WATCHDOG_USEC=")]
        assert len(asked) == 2 and int(asked[0].partition("=")[2]) > 600e6, asked
        assert daemon.stop() == 0
        assert "STOPPING=1" in manager.hear()
    finally:
        daemon.close()
        manager.close()


def test_a_daemon_that_stands_still_does_not_feed_the_watchdog(tmp_path):
    manager = Manager(tmp_path)
    daemon = Daemon(tmp_path / "daemon", environment={"NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": "400000"})
    try:
        daemon.start()
        wait_until(lambda: "WATCHDOG=1" in manager.hear(), 10, "the watchdog is not fed")
        daemon._process.send_signal(signal.SIGSTOP)  # pylint: disable=protected-access
        time.sleep(0.2)
        before = manager.hear().count("WATCHDOG=1")
        time.sleep(1)
        assert manager.hear().count("WATCHDOG=1") == before
    finally:
        daemon._process.send_signal(signal.SIGCONT)  # pylint: disable=protected-access
        daemon.close()
        manager.close()
