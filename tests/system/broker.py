"""A real Kafka broker for tests: one process, KRaft combined mode, loopback, its files in one folder.

As a library: Broker(folder).start(), .stop(), .kill(), .create_topic(). As a program, for work by hand:

    python3 tests/system/broker.py FOLDER [TOPIC:PARTITIONS ...]

prints the bootstrap address when ready and ends with Ctrl-C. The jars come from Maven Central into build/kafka-libs, once.
"""

import base64
import fcntl
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import uuid

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from ports import free_port, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
POM = ROOT / "tests/system/kafka/pom.xml"
LIBS = ROOT / "build/kafka-libs"
JVM_FLAGS = [
    "-Xms256m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData",
    "-Djava.awt.headless=true", "-Dkafka.logs.dir=.",
]
BENCH_JVM_FLAGS = ["-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-Djava.awt.headless=true"]


def libraries() -> pathlib.Path:
    """The folder with the broker's jars, fetched when the POM is newer than what is there."""
    stamp = LIBS / "of-pom.xml"
    LIBS.mkdir(parents=True, exist_ok=True)
    with open(LIBS.parent / ".kafka-libs.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == POM.read_bytes():
            return LIBS
        for jar in LIBS.glob("*.jar*"):
            jar.unlink()
        subprocess.run(
            ["mvn", "-B", "-q", "-Dstyle.color=never", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={LIBS}",
             "-DincludeScope=runtime"],
            check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=600)
        stamp.write_bytes(POM.read_bytes())
    return LIBS


class Broker:
    """start() after stop() or kill() continues on the same files and ports."""

    def __init__(self, folder, jvm_flags=None, overrides=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.controller_port = free_port()
        self.bootstrap = f"127.0.0.1:{self.port}"
        self._jvm_flags = jvm_flags or JVM_FLAGS
        self._overrides = overrides or {}
        self._process = None
        self._formatted = False

    # ---- life --------------------------------------------------------------------------------------------------------

    def start(self, seconds: float = 60):
        libs = libraries()
        properties = self.folder / "server.properties"
        if not self._formatted:
            properties.write_text(self._properties(), encoding="utf-8")
            (self.folder / "log4j2.properties").write_text(
                "rootLogger.level = WARN\nrootLogger.appenderRef.out.ref = out\nappender.out.type = Console\n"
                "appender.out.name = out\nappender.out.layout.type = PatternLayout\n"
                "appender.out.layout.pattern = %d{ISO8601} %p %c{1}: %m%n\n", encoding="utf-8")
            # Never a leading dash: the tool would take the id for an option.
            cluster = "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
            self._java(libs, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(properties)).check_returncode()
            self._formatted = True
        with open(self.folder / "broker.log", "ab") as log:
            self._process = subprocess.Popen(  # pylint: disable=consider-using-with
                self._command(libs, "kafka.Kafka", str(properties)), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        wait_until(self._answers, seconds, f"no answer from the broker; see {self.folder}/broker.log", every=0.2)
        return self

    def stop(self, seconds: float = 30):
        self._end(signal.SIGTERM, seconds)

    def kill(self):
        self._end(signal.SIGKILL, 10)

    def remove(self):
        """Stops the broker and deletes its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- topics ------------------------------------------------------------------------------------------------------

    def create_topic(self, name: str, partitions: int, **config):
        """Config keys with underscores for dots: cleanup_policy="compact"."""
        topic = NewTopic(name, partitions, 1, config={key.replace("_", "."): value for key, value in config.items()})
        admin = self._admin()  # its results live no longer than it does
        for done in admin.create_topics([topic], operation_timeout=15).values():
            done.result(timeout=20)

    def topic_names(self):
        return sorted(name for name in self._admin().list_topics(timeout=10).topics if not name.startswith("__"))

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _admin(self):
        return AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})

    def _answers(self):
        if self._process.poll() is not None:
            tail = (self.folder / "broker.log").read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"the broker ended with {self._process.returncode}:\n{tail}")
        try:
            return len(self._admin().list_topics(timeout=1).brokers) == 1
        except KafkaException:
            return False

    def _end(self, how, seconds):
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process = None

    def _command(self, libs, main, *arguments):
        return ["java", *self._jvm_flags, f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}", "-cp",
                f"{libs}/*", main, *arguments]

    def _java(self, libs, main, *arguments):
        return subprocess.run(self._command(libs, main, *arguments), cwd=self.folder, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.DEVNULL, timeout=60)

    def _properties(self):
        values = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "controller.listener.names": "CTRL",
            "listeners": f"EXT://127.0.0.1:{self.port},CTRL://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"EXT://127.0.0.1:{self.port}",
            "listener.security.protocol.map": "EXT:PLAINTEXT,CTRL:PLAINTEXT",
            "inter.broker.listener.name": "EXT",
            "log.dirs": self.folder / "data",
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 1000,  # kill tests: a dead member is noticed within a second
            "broker.session.timeout.ms": 1500,  # and so is a dead broker, when it starts again
            "broker.heartbeat.interval.ms": 500,
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 2,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "num.network.threads": 2,
            "num.io.threads": 2,
            "background.threads": 2,
            "num.recovery.threads.per.data.dir": 1,
            "log.cleaner.dedupe.buffer.size": 8388608,
            "log.message.timestamp.type": "LogAppendTime",
            "message.max.bytes": 10485760,
            "log.segment.bytes": 67108864,
            **self._overrides,
        }
        return "".join(f"{key}={value}\n" for key, value in values.items())


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    broker = Broker(pathlib.Path(arguments[0]).resolve(), BENCH_JVM_FLAGS if os.environ.get("BENCH") else None).start()
    try:
        for topic in arguments[1:]:
            name, _, partitions = topic.partition(":")
            broker.create_topic(name, int(partitions or "1"))
        print(broker.bootstrap, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        broker.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
