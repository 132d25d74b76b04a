"""What an operator plans with: the sizing table of docs/operations.md, measured on this machine with the release build.

    tools/build release cellvigild cellvigilctl && /usr/bin/python3 bench/sizing.py [--subjects 1000] [--cohort FILE.cvlog] [--build build/release]

Simulated subjects of four sites over six years, sent by HTTP from the same machine to a daemon without configuration; then a kill
and a start, a backup, and a second daemon that may keep only part of the subjects in memory. Prints the table's rows. Every number but
the rates and times is the same on every machine.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--subjects", type=int, default=1000)
arguments.add_argument("--cohort", type=pathlib.Path, help="made when it is not there, for the next time")
arguments.add_argument("--build", default="build/release")
ARGUMENTS = arguments.parse_args()
os.environ["CELLVIGIL_BUILD"] = str((ROOT / ARGUMENTS.build).resolve())
sys.path.insert(0, str(ROOT / "tests/system"))

import requests  # noqa: E402
from daemon import BUILD, Daemon, ctl, ctl_json  # noqa: E402

MIB = 1024 * 1024


def size_of(folder):
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            pass  # the write-ahead log went
    return total


class Watched(Daemon):
    """A daemon whose memory, processor time and folder are looked at."""

    def process(self):
        status = pathlib.Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        stat = pathlib.Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        memory = {name: int(re.search(rf"{name}:\s+(\d+)", status)[1]) * 1024 for name in ("VmRSS", "VmHWM")}
        return {**memory, "cpu": (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")}

    def metric(self, name):
        lines = requests.get(self.url + "/metrics", timeout=60).text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if re.match(rf"{name}[ {{]", line))


def load(daemon, file, messages):
    """Sends the file; what the daemon then is, and the most that its folder was."""
    most, ended = [0], threading.Event()

    def look():
        while not ended.wait(0.1):
            most[0] = max(most[0], size_of(daemon.data))

    watcher = threading.Thread(target=look)
    watcher.start()
    idle = daemon.process()
    began = time.monotonic()
    ctl("send", file, "--to", daemon.url, "--quiet", seconds=600)
    took = time.monotonic() - began
    ended.set()
    watcher.join()
    seen = daemon.process()
    time.sleep(3)  # freed memory goes back after two seconds
    return {"rate": messages / took, "cpu_us": (seen["cpu"] - idle["cpu"]) * 1e6 / messages, "idle": idle["VmRSS"],
            "peak": seen["VmHWM"], "resident": daemon.process()["VmRSS"], "most_on_disk": most[0],
            "kept": daemon.metric("cellvigil_subjects_in_memory"), "subject_bytes": daemon.metric("cellvigil_subject_memory_bytes")}


def main():
    with tempfile.TemporaryDirectory(prefix="cellvigil-sizing-") as name:
        folder = pathlib.Path(name)
        file = ARGUMENTS.cohort or folder / "cohort.cvlog"
        if not file.exists():
            ctl("simulate", "--subjects", ARGUMENTS.subjects, "--sites", 4, "--quiet", "--now", "2026-01-01T00:00:00Z", "--out", file, seconds=600)
        held = ctl_json("log", file, seconds=600)["partitions"]
        messages = sum(one["messages"] for one in held)
        row("messages", f"{messages:,} of {sum(one['value_bytes'] for one in held) / messages:.0f} bytes, {messages / ARGUMENTS.subjects:.0f} a subject")

        daemon = Watched(folder / "all", {"sinks": {"log": {"enabled": False}}})
        try:
            daemon.start()
            seen = load(daemon, file, messages)
            row("messages taken, graded and stored", f"{seen['rate']:,.0f} a second")
            row("processor time", f"{seen['cpu_us']:.1f} us a message")
            row("memory without subjects", f"{seen['idle'] / MIB:.0f} MiB resident")
            row("memory with all subjects", f"{seen['resident'] / MIB:.0f} MiB resident, {seen['peak'] / MIB:.0f} MiB at most")
            row("memory of a subject kept", f"{seen['subject_bytes'] / seen['kept'] / 1000:.0f} kB: {seen['subject_bytes'] / messages:.0f} bytes a "
                f"message by the daemon's own count, {(seen['resident'] - seen['idle']) / messages:.0f} by the system's")
            text = requests.get(daemon.url + "/metrics", timeout=60)
            row("series in `/metrics`", f"{sum(not line.startswith('#') for line in text.text.splitlines())}, {len(text.content) / 1000:.0f} kB")
            began = time.monotonic()
            copy = subprocess.run([ROOT / "deploy/backup/cellvigil-backup", daemon.data, folder / "copy"], capture_output=True, check=True,
                                  env={**os.environ, "PATH": f"{BUILD}/bin:{os.environ['PATH']}"}, stdin=subprocess.DEVNULL)
            took = time.monotonic() - began
            row("backup and its check", f"{took:.1f} s, {size_of(folder / 'copy') / MIB:.0f} MiB ({copy.stdout.decode().split()[-1]} on disk)")
            daemon.kill()
            began = time.monotonic()
            daemon.start(seconds=600)
            row("start after a kill", f"{time.monotonic() - began:.1f} s")
            daemon.stop()
            row("disk", f"{size_of(daemon.data) / messages:.0f} bytes a message; at most {seen['most_on_disk'] / messages:.0f} while it was written")
        finally:
            daemon.close()

        limit = 64 * MIB
        daemon = Watched(folder / "part", {"sinks": {"log": {"enabled": False}}, "memory": {"limit_bytes": limit}})
        try:
            daemon.start()
            seen = load(daemon, file, messages)
            row(f"the same with `memory.limit_bytes` of {limit // MIB} MiB", f"{seen['kept']:.0f} subjects kept, {seen['resident'] / MIB:.0f} MiB resident, "
                f"{seen['peak'] / MIB:.0f} MiB at most, {seen['rate']:,.0f} messages a second")
        finally:
            daemon.close()


def row(what, value):
    print(f"| {what} | {value} |", flush=True)


if __name__ == "__main__":
    main()
