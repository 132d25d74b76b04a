"""A whole deployment on one broker: topics, daemon, webhook receiver; and the audit that compares all of it with the oracle."""

import pathlib
from collections import Counter, defaultdict

import requests

import messages
import topic
import wire
from daemon import Daemon, ctl, ctl_json
from ports import wait_until
from webhook import SECRET, Receiver

PARTITIONS = 6
MEMBERSHIP = {
    # The next start takes over the place of the one that was killed at once.
    "static": {"group.instance.id": "one", "session.timeout.ms": "6000"},
    # The broker must first notice that it is gone.
    "dynamic": {"session.timeout.ms": "1500", "heartbeat.interval.ms": "300"},
}


# Reasons that depend on the subject's other facts. Such a value is kept as a fact; whether it was held when it came depends on what
# had come before, so the oracle, which looks once at the end, counts it as applied.
OF_THE_FOLD = ("after_death", "unit_slip_suspected", "values_disagree")


def outcomes_of(metrics) -> dict:
    """What became of the messages since the daemon's start; a flagged message is an applied one."""
    counts = metrics.by("cellvigil_messages_processed_total", "outcome")
    counts["applied"] = counts.get("applied", 0) + counts.pop("flagged", 0)
    by_reason = metrics.by("cellvigil_messages_quarantined_total", "reason")
    held = sum(by_reason.get(reason, 0) for reason in OF_THE_FOLD)
    counts["applied"] += held
    counts["quarantined"] = counts.get("quarantined", 0) - held
    return {name: count for name, count in counts.items() if count}


def outcomes_of_oracle(oracle) -> dict:
    """The same from `cellvigilctl replay`, which counts heartbeats and tombstones apart, and names what the fold quarantines."""
    counts = Counter(oracle["counts"]["outcomes"])
    counts["applied"] += oracle["counts"]["heartbeats"]
    counts["duplicate"] += oracle["counts"]["tombstones"]
    counts["quarantined"] += counts.pop("version_conflict", 0) + counts.pop("id_reuse", 0)
    return {name: count for name, count in counts.items() if count}


class Deployment:
    def __init__(self, folder, broker, name: str, membership: str = "static", extra=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.broker = broker
        self.events, self.alerts, self.dead = f"{name}.events", f"{name}.alerts", f"{name}.dlq"
        broker.create_topic(self.events, PARTITIONS)
        broker.create_topic(self.alerts, 1)
        broker.create_topic(self.dead, 1)
        self._sender = topic.Sender(broker.bootstrap, self.events)
        self.receiver = Receiver()
        secret = self.folder / "webhook.secret"
        secret.write_text(SECRET, encoding="utf-8")
        config = {
            "input": {"mode": "kafka", "kafka": {"topics": [self.events], "group": name, "dead_letter_topic": self.dead,
                                                 "properties": MEMBERSHIP[membership]}},
            "kafka": {"bootstrap.servers": broker.bootstrap, "reconnect.backoff.max.ms": "500"},
            "sinks": {"webhooks": {"safety": {"url": self.receiver.url, "secret_file": str(secret)}}, "private_networks": ["127.0.0.0/8"],
                      "kafka": {"enabled": True, "topic": self.alerts}},
            **(extra or {}),
        }
        self.daemon = Daemon(self.folder / "daemon", config)

    def close(self):
        self.daemon.close()
        self.receiver.close()

    def send(self, messages):
        self._sender.send(messages)

    def post(self, some):
        """Through the daemon's own API, which produces to the topic."""
        answer = requests.post(self.daemon.url + "/api/v1/events", data=messages.lines(some), timeout=60,
                               headers={"content-type": "application/x-ndjson"})
        assert answer.status_code == 202 and answer.json()["outcomes"] == {"queued": len(some)}, answer.text

    def records(self, name=None):
        return topic.read_all(self.broker.bootstrap, name or self.events)

    def wait_applied(self, seconds: float = 120):
        """Until every partition's stored position is the topic's end."""
        ends = defaultdict(int)
        for record in self.records():
            ends[record.partition] = record.position + 1

        def positions():
            summary = self.daemon.get("/api/v1/summary")
            return {row["partition"]: row["position"] for row in summary["partitions"]}

        wait_until(lambda: all(positions().get(p, 0) >= end for p, end in ends.items()), seconds,
                   f"not everything was applied:\n{self.daemon.log_tail()}", every=0.2)

    def wait_delivered(self, seconds: float = 60):
        """Until the topics and the webhook have every notification and every dead letter that the store made."""
        def made():
            return {(alert["alert_id"], revision) for alert in self.daemon.rows("/api/v1/alerts", "alerts")
                    for revision in range(1, alert["revision"] + 1)}

        def told(bodies):
            alerts = [wire.alert(body) for body in bodies]
            return {(alert.alert_id, alert.revision) for alert in alerts}

        wait_until(lambda: told(r.value for r in self.records(self.alerts)) >= made(), seconds, "not every alert is in the topic",
                   every=0.5)
        wait_until(lambda: len({d.id for d in self.receiver.deliveries}) >= len(made()), seconds,
                   "the webhook has not received every alert", every=0.2)
        letters = len(self.daemon.rows("/api/v1/dead-letters", "dead_letters"))
        wait_until(lambda: len(self.records(self.dead)) >= letters, seconds, "not every dead letter is in its topic", every=0.5)

    # ---- the audit ---------------------------------------------------------------------------------------------------

    def audit(self) -> dict:
        """With the daemon stopped: topic, journal, state, alerts and dead letters agree with the oracle. Its answer."""
        records = self.records()
        dump = self.folder / "topic.cvlog"
        topic.write_log(dump, records)
        oracle = ctl_json("replay", dump, "--partitions", PARTITIONS, "--config", self.daemon.config_file)
        assert oracle["counts"]["messages"] + oracle["counts"]["tombstones"] == len(records)
        self._journal_is_the_topic(records)
        report = ctl_json("verify", "--data", self.daemon.data, "--config", self.daemon.config_file)
        assert report["whole"] and report["faults"] == [] and report["state"]["faults"] == [], report
        assert report["state"]["stored_hash"] == report["state"]["journal_hash"] == oracle["state_hash"]
        self._alerts_are_the_oracles(oracle)
        self._dead_letters_are_in_their_topic(oracle, records)
        return oracle

    def _journal_is_the_topic(self, records):
        exported = self.folder / "export.cvlog"
        ctl("export", "--data", self.daemon.data, exported)
        journal = sorted(topic.read_log(exported), key=lambda record: (record.partition, record.position))
        assert [(r.partition, r.position) for r in journal] == [(r.partition, r.position) for r in records]
        assert journal == records

    def _alerts_are_the_oracles(self, oracle):
        expected = {alert["alert_id"] for alert in oracle["alerts"]}
        assert len(expected) == len(oracle["alerts"])
        by_id = defaultdict(set)
        for record in self.records(self.alerts):
            alert = wire.alert(record.value)
            by_id[alert.alert_id, alert.revision].add(record.value)
        repeated_otherwise = [key for key, bodies in by_id.items() if len(bodies) > 1]
        assert repeated_otherwise == [], "one id, different bytes"
        last = {}
        for (alert_id, revision), bodies in by_id.items():
            last.setdefault(alert_id, {})[revision] = wire.alert(next(iter(bodies)))
        for alert_id, revisions in last.items():
            assert sorted(revisions) == list(range(1, len(revisions) + 1)), f"{alert_id}: a revision is missing"
        withdrawn = wire.alert_state("WITHDRAWN")
        standing = {alert_id for alert_id, revisions in last.items() if revisions[max(revisions)].state != withdrawn}
        assert standing == expected
        deliveries = self.receiver.deliveries
        assert {d.fault for d in deliveries} <= {""}
        bodies_of = defaultdict(set)
        for delivery in deliveries:
            bodies_of[delivery.id].add(delivery.body)
        assert all(len(bodies) == 1 for bodies in bodies_of.values()), "one webhook id, different bytes"
        assert len(bodies_of) == len(by_id), "topic and webhook tell the same revisions"

    def _dead_letters_are_in_their_topic(self, oracle, records):
        rejected = oracle["counts"]["outcomes"].get("rejected", 0)
        source = {(record.partition, record.position): record for record in records}
        seen = set()
        for record in self.records(self.dead):
            headers = {name: (value or b"").decode() for name, value in record.headers}
            place = int(headers["cv_partition"]), int(headers["cv_offset"])
            assert headers["cv_reason"] and headers["cv_topic"] == self.events
            original = source[place]
            assert record.key == original.key
            assert record.value == original.value or headers["cv_reason"] == "oversize"
            seen.add(place)
        assert len(seen) == rejected
