"""The benchmark of the whole way: a real broker, the daemon, and a bare consumer of the same topic in the same run.

    python3 bench/run.py [--messages N] [--subjects S] [--partitions P] [--rounds R] [--quick] [--build build/shipped]

Prints a table and writes bench-results.json at the repository's root. Rates are medians over rounds that take turns; a machine
that is busy with other things makes all of them smaller, so read the ratios.
"""

import argparse
import calendar
import http.server
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/system"))

import wire  # noqa: E402
from broker import BENCH_JVM_FLAGS, Broker  # noqa: E402
from confluent_kafka import Producer  # noqa: E402
from ports import free_port, wait_until  # noqa: E402
from results_table import table  # noqa: E402

STUDY, COHORT, SITE = "CCAR039-SIM", "C-CAR039", "site-01"


class Bench:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = pathlib.Path(folder)
        self.bin = (ROOT / arguments.build / "bin").resolve()
        self.broker = Broker(self.folder / "broker", jvm_flags=BENCH_JVM_FLAGS)
        self.topic = "bench.events"
        self.results = {"messages": arguments.messages, "subjects": arguments.subjects, "partitions": arguments.partitions, "memory_reserve": arguments.reserve,
                        "processors": os.cpu_count()}

    def program(self, name, *arguments):
        path = self.bin / name
        if not path.exists():
            raise SystemExit(f"{path} is missing: make bench builds it")
        return [str(path), *map(str, arguments)]

    def json_lines(self, *command):
        done = subprocess.run(self.program(*command), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    # ---- the topic -----------------------------------------------------------------------------------------------------

    def fill_topic(self):
        self.broker.start()
        self.broker.create_topic(self.topic, self.arguments.partitions)
        started = time.monotonic()
        self.load(self.arguments.messages, self.topic)
        print(f"{self.arguments.messages} messages produced in {time.monotonic() - started:.1f} s", flush=True)

    def load(self, messages, topic, rate=0, wait=True):
        command = self.program("cellvigilctl", "simulate", "--quiet", "--load", messages, "--subjects", self.arguments.subjects,
                               "--rate", rate, "--out", f"kafka://{self.broker.bootstrap}/{topic}")
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        if wait and process.wait() != 0:
            raise SystemExit("the load could not be produced")
        return process

    # ---- end to end ----------------------------------------------------------------------------------------------------

    def bare(self, program, loop, settings="large"):
        options = {"--bootstrap": self.broker.bootstrap, "--topic": self.topic, "--loop": loop, "--settings": settings}
        return self.json_lines(program, *[word for option in options.items() for word in option])[0]["messages_per_second"]

    def daemon(self, name, topic, **more):
        return Daemon(self, self.folder / name, topic, name, **more)

    def drain_once(self, round_number):
        """The daemon on a topic that is full: from its partitions' assignment to the last commit."""
        daemon = self.daemon(f"drain-{round_number}", self.topic)
        try:
            daemon.start()
            idle = daemon.usage()  # what the start cost, memory in reserve among it, is not the messages'
            wait_until(lambda: daemon.committed() >= self.arguments.messages, 600, "the topic is not drained", every=0.02)
            ended = time.time()
            began = daemon.logged("partitions_assigned")
            took = ended - began
            usage = daemon.usage()
            usage["cpu_us_per_message"] -= idle["cpu_us_per_message"]
            for name, spent in idle["cpu_us_per_message_by_thread"].items():
                usage["cpu_us_per_message_by_thread"][name] -= spent
            return {"seconds": took, "messages_per_second": self.arguments.messages / took, **usage}
        finally:
            daemon.stop()
            daemon.remove()

    def end_to_end(self):
        bare, stock, best, ours = [], [], [], []
        for round_number in range(self.arguments.rounds):
            bare.append(self.bare("bare_consumer", "poll"))
            ours.append(self.drain_once(round_number))
            stock.append(self.bare("bare_consumer", "poll", "stock"))
            best.append(self.bare("best_consumer", "queue"))
            rates = zip(("bare", "stock settings", "best", "daemon"), (bare, stock, best, [ours[-1]["messages_per_second"]]), strict=True)
            print(f"round {round_number + 1}: " + ", ".join(f"{name} {seen[-1]:,.0f}/s" for name, seen in rates), flush=True)
        rate = statistics.median(one["messages_per_second"] for one in ours)
        self.results.update({
            "bare_consumer_messages_per_second": statistics.median(bare),
            "stock_settings_consumer_messages_per_second": statistics.median(stock),
            "best_consumer_messages_per_second": statistics.median(best),
            "end_to_end_messages_per_second": rate,
            "end_to_end_over_bare_consumer_ratio": rate / statistics.median(bare),
            "end_to_end_over_stock_settings_consumer_ratio": rate / statistics.median(stock),
            "end_to_end_over_best_consumer_ratio": rate / statistics.median(best),
            "daemon_cpu_microseconds_per_message": statistics.median(one["cpu_us_per_message"] for one in ours),
            "daemon_cpu_microseconds_per_message_by_thread": {
                name: statistics.median(one["cpu_us_per_message_by_thread"].get(name, 0) for one in ours)
                for name in ours[0]["cpu_us_per_message_by_thread"]},
            "daemon_peak_resident_bytes": max(one["peak_bytes"] for one in ours),
            "rounds": {"bare": bare, "stock_settings": stock, "best": best, "daemon": [one["messages_per_second"] for one in ours]},
        })

    # ---- latency through everything ------------------------------------------------------------------------------------

    def live_rate(self):
        """Messages a second that are made, produced and committed on this machine at once: its full load."""
        messages = 200_000 if self.arguments.quick else 1_500_000
        topic = "bench.live"
        self.broker.create_topic(topic, self.arguments.partitions)
        daemon = self.daemon("live", topic)
        try:
            daemon.start()
            wait_until(lambda: daemon.logged("partitions_assigned"), 60, "no partitions", every=0.02)
            started = time.monotonic()
            self.load(messages, topic)
            wait_until(lambda: daemon.committed() >= messages, 120, "the load is not taken", every=0.01)
            return messages / (time.monotonic() - started)
        finally:
            daemon.stop()
            daemon.remove()

    def latency(self):
        """Half load, and a sentinel now and then: from its producing to the webhook's arrival.

        Full load is what the machine carries while the messages are being made and produced on it: that takes more of its
        processors than the daemon does, so half of the rate at which a full topic is drained would be an overload.
        """
        full = self.live_rate()
        rate = int(full / 2)
        topic = "bench.latency"
        self.broker.create_topic(topic, self.arguments.partitions)
        receiver = Receiver()
        daemon = self.daemon("latency", topic, webhook=receiver.url)
        seconds = 5 if self.arguments.quick else 15
        try:
            daemon.start()
            load = self.load(rate * (seconds + 4), topic, rate=rate, wait=False)
            sent = send_sentinels(self.broker.bootstrap, topic, seconds)
            if load.poll() is not None:
                raise SystemExit("the load ended before the sentinels did")
            load.wait()
            wait_until(lambda: len(receiver.arrived) >= len(sent), 60, "not every sentinel was told", every=0.05)
            delays = sorted((receiver.arrived[key] - at) * 1000 for key, at in sent.items() if key in receiver.arrived)
            self.results["live_full_load_messages_per_second"] = full
            self.results["alert_latency_through_kafka_and_webhook_ms"] = {
                "load_messages_per_second": rate, **percentiles(delays)}
        finally:
            daemon.stop()
            receiver.close()

    def restart(self):
        """How soon the daemon is ready again after kill -9, with everything that it was given."""
        daemon = self.daemon("restart", self.topic)
        try:
            daemon.start()
            wait_until(lambda: daemon.committed() >= self.arguments.messages, 600, "the topic is not drained", every=0.05)
            daemon.kill()
            started = time.time()
            daemon.start()
            self.results["restart_after_kill_seconds"] = daemon.logged("ready") - started
        finally:
            daemon.stop()
            daemon.remove()

    # ---- in process ----------------------------------------------------------------------------------------------------

    def in_process(self):
        messages = 200_000 if self.arguments.quick else 1_000_000
        self.results["in_process"] = self.json_lines("pipeline_bench", "rate", "--messages", messages, "--subjects",
                                                     self.arguments.subjects)[0]
        self.results["in_process_sqlite"] = self.json_lines("pipeline_bench", "rate", "--messages", messages, "--subjects",
                                                            self.arguments.subjects, "--folder", self.folder / "store")[0]
        self.results["cost_by_history_length"] = self.json_lines("pipeline_bench", "lengths")
        self.results["cost_by_scale"] = self.json_lines("scales_bench", "--events", messages // 5)[0]
        self.results["cost_as_a_cohort_sends_it"] = self.json_lines("cohort_bench")[0]
        if not self.arguments.quick:
            self.results["cost_by_subjects"] = self.json_lines("pipeline_bench", "subjects")
        rate = int(self.results["in_process"]["worker_messages_per_second"] / 2)
        self.results["latency_in_process"] = self.json_lines("pipeline_bench", "latency", "--rate", rate, "--seconds", 5,
                                                             "--folder", self.folder / "latency-store")[0]

    def close(self):
        self.broker.remove()


class Daemon:
    def __init__(self, bench, folder, topic, name, webhook=None):
        self.bench, self.folder = bench, folder
        self.folder.mkdir(parents=True)
        self.port = free_port()
        # A member of its own name each time: a killed one's partitions come back at once.
        config = {"input": {"mode": "kafka", "kafka": {"topics": [topic], "group": name, "properties": {
            "group.instance.id": name, "session.timeout.ms": "6000"}}},
                  "kafka": {"bootstrap.servers": bench.broker.bootstrap},
                  "memory": {"reserve_bytes": bench.arguments.reserve},
                  "sinks": {"log": {"enabled": False}}}
        if webhook:
            config["sinks"]["private_networks"] = ["127.0.0.0/8"]
            config["sinks"]["webhooks"] = {"bench": {"url": webhook, "secret": "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}
        (self.folder / "config.yaml").write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
        self.process = None

    def start(self):
        self.log = self.folder / f"log-{time.monotonic_ns()}"
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                self.bench.program("cellvigild", "--config", self.folder / "config.yaml", "--data", self.folder / "data", "--http",
                                   f"127.0.0.1:{self.port}"), stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        wait_until(lambda: self.logged("ready") is not None, 60, f"not ready; see {self.log}", every=0.02)

    def logged(self, event):
        """When it was logged in this start, in seconds since the epoch; None: not yet."""
        for line in self.log.read_text(encoding="utf-8").splitlines():
            if f'"event":"{event}"' in line:
                stamp = json.loads(line)["ts"]
                whole = time.strptime(stamp[:19], "%Y-%m-%dT%H:%M:%S")
                return calendar.timegm(whole) + float("0" + stamp[19:-1] if stamp[19] == "." else 0)
        if self.process.poll() is not None:
            raise SystemExit(f"cellvigild ended with {self.process.returncode}:\n{self.log.read_text()[-2000:]}")
        return None

    def committed(self):
        """Messages that are durable, from the store itself: asking the daemon would cost it time."""
        if not hasattr(self, "_store"):
            path = self.folder / "data/cellvigil.db"
            if not path.exists():
                return 0
            self._store = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        return self._store.execute("SELECT coalesce(sum(next), 0) FROM partition").fetchone()[0]

    def usage(self):
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        cpu = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024
        return {"cpu_us_per_message": cpu * 1e6 / self.bench.arguments.messages, "peak_bytes": peak,
                "cpu_us_per_message_by_thread": self.usage_by_thread()}

    def usage_by_thread(self):
        """Processor time of each kind of thread, as the threads are named."""
        spent = {}
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                name = (task / "comm").read_text().strip()
                stat = (task / "stat").read_text().rsplit(")", 1)[1].split()
            except FileNotFoundError:
                continue
            ticks = int(stat[11]) + int(stat[12])
            spent[name] = spent.get(name, 0) + ticks * 1e6 / os.sysconf("SC_CLK_TCK") / self.bench.arguments.messages
        return {name: round(us, 3) for name, us in sorted(spent.items(), key=lambda one: -one[1]) if us >= 0.005}

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Receiver:
    """Takes notifications and remembers when each event time first arrived."""

    def __init__(self):
        self.arrived = {}
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                at = time.monotonic()
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                receiver.arrived.setdefault(body["data"]["event_time"], at)
                self.send_response(204)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()


def send_sentinels(bootstrap, topic, seconds):
    """A herpes zoster of a new subject every 50 ms, each with an event time of its own; event time to when it was sent."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 0,
                         "partitioner": "murmur2_random"})
    producer.list_topics(topic, timeout=10)
    time.sleep(2)  # the producer's first connection to a broker is not what is measured, nor is the load's beginning
    base = int(time.time()) - 40 * 86_400
    sent = {}
    for number in range(seconds * 20):
        message = wire.envelope()
        message.message_id = message.record_id = f"sentinel-{number}"
        message.source_system, message.study_id, message.cohort_id, message.site_id = "bench", STUDY, COHORT, SITE
        message.subject_id, message.record_version, message.action = f"SENTINEL-{number}", 1, 1
        message.effective.instant.seconds = base + number
        message.effective.precision, message.effective.utc_offset_minutes = 1, 480
        message.recorded_at.seconds = base + number + 60
        message.infection.pathogen_class, message.infection.certainty = 2, 1
        message.infection.zoster.dermatomes = 1
        at = time.monotonic()
        producer.produce(topic, message.SerializeToString(), f"{STUDY}/SENTINEL-{number}")
        producer.poll(0)
        sent[time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(base + number))] = at
        time.sleep(0.05)
    producer.flush(10)
    return sent


def percentiles(values):
    def at(share):
        return values[min(len(values) - 1, int(share * len(values)))]
    return {"count": len(values), "p50": at(0.50), "p95": at(0.95), "p99": at(0.99), "max": values[-1]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=5_000_000)
    parser.add_argument("--subjects", type=int, default=2_000)
    parser.add_argument("--partitions", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reserve", default="1536 MiB", help="the daemon's memory.reserve_bytes; 0: as by default")
    parser.add_argument("--quick", action="store_true", help="half a million messages, one round: does it work at all")
    parser.add_argument("--only", default="", help="parts to run, separated by commas: end_to_end,latency,restart,in_process")
    parser.add_argument("--build", default="build/shipped")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.messages, arguments.rounds = 500_000, 1
    wanted = arguments.only.split(",") if arguments.only else ["end_to_end", "latency", "restart", "in_process"]
    with tempfile.TemporaryDirectory(prefix="cellvigil-bench-") as folder:
        bench = Bench(arguments, folder)
        try:
            bench.fill_topic()
            for part in ("end_to_end", "latency", "restart", "in_process"):
                if part in wanted:
                    getattr(bench, part)()
                    (ROOT / "bench-results.json").write_text(json.dumps(bench.results, indent=2) + "\n", encoding="utf-8")
        finally:
            bench.close()
    print(table(bench.results))


if __name__ == "__main__":
    main()
