"""deploy/kafka/setup against a real broker that asks for permission: topics as configured, and each principal may do its own only."""

import os
import re
import subprocess

import pytest
import requests
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource

import messages
from broker import Broker, libraries
from daemon import ROOT, Daemon
from ports import free_port, wait_until

PRINCIPALS = ("admin", "cellvigild", "cellvigil-site", "cellvigil-safety")


def client(user: str, bootstrap: str) -> dict:
    return {"bootstrap.servers": bootstrap, "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN",
            "sasl.username": user, "sasl.password": f"{user}-secret", "log_level": 0}


@pytest.fixture(name="guarded", scope="module")
def fixture_guarded(tmp_path_factory):
    """A broker with a second listener on which everybody says who he is; the plain one is the administrator's."""
    folder = tmp_path_factory.mktemp("guarded")
    broker = Broker(folder)
    port = free_port()
    users = "".join(f' user_{name}="{name}-secret"' for name in PRINCIPALS)
    login = f"org.apache.kafka.common.security.plain.PlainLoginModule required{users};"
    broker._overrides = {  # pylint: disable=protected-access
        "listeners": f"EXT://127.0.0.1:{broker.port},SASL://127.0.0.1:{port},CTRL://127.0.0.1:{broker.controller_port}",
        "advertised.listeners": f"EXT://127.0.0.1:{broker.port},SASL://127.0.0.1:{port}",
        "listener.security.protocol.map": "EXT:PLAINTEXT,SASL:SASL_PLAINTEXT,CTRL:PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.sasl.plain.sasl.jaas.config": login,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }
    broker.start()
    wrappers = {}
    for name, main in (("KAFKA_TOPICS", "org.apache.kafka.tools.TopicCommand"), ("KAFKA_ACLS", "org.apache.kafka.tools.AclCommand")):
        wrapper = folder / name.lower()
        wrapper.write_text(f'#!/bin/sh\nexec java -Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC '
                           f'-Dlog4j2.configurationFile={folder}/log4j2.properties -cp "{libraries()}/*" {main} "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)
        wrappers[name] = str(wrapper)
    done = subprocess.run([ROOT / "deploy/kafka/setup"], capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, **wrappers, "KAFKA_BOOTSTRAP": broker.bootstrap, "REPLICATION": "1", "MIN_INSYNC": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    yield broker, f"127.0.0.1:{port}"
    broker.remove()


def test_the_topics_are_as_they_must_be(guarded):
    broker, _ = guarded
    admin = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    topics = admin.list_topics(timeout=10).topics
    assert {name: len(topic.partitions) for name, topic in topics.items() if name.startswith("cellvigil")} == {
        "cellvigil.events.v1": 12, "cellvigil.alerts.v1": 3, "cellvigil.dlq.v1": 3}

    def setting(topic, name):
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
        return admin.describe_configs([resource])[resource].result(10)[name].value

    assert setting("cellvigil.events.v1", "message.timestamp.type") == "LogAppendTime"
    assert setting("cellvigil.alerts.v1", "cleanup.policy") == "compact"
    assert setting("cellvigil.dlq.v1", "retention.ms") == "-1"


def produced(settings, topic):
    """None, or why the broker refused it."""
    errors = []
    producer = Producer({**settings, "message.timeout.ms": "10000"})
    producer.produce(topic, b"x", b"key", on_delivery=lambda error, _: errors.append(error))
    producer.flush(15)
    return errors[0].name() if errors[0] else None


def test_a_site_may_write_events_and_nothing_else(guarded):
    _, bootstrap = guarded
    site = client("cellvigil-site", bootstrap)
    assert produced(site, "cellvigil.alerts.v1") == "TOPIC_AUTHORIZATION_FAILED"
    assert produced(client("cellvigil-safety", bootstrap), "cellvigil.events.v1") == "TOPIC_AUTHORIZATION_FAILED"
    assert produced(site, "cellvigil.events.v1") is None


def test_the_daemon_does_its_work_with_what_it_is_allowed(guarded, tmp_path):
    _, bootstrap = guarded
    own = {name: value for name, value in client("cellvigild", bootstrap).items() if name != "log_level"}
    daemon = Daemon(tmp_path, {
        "input": {"mode": "kafka", "kafka": {"topics": ["cellvigil.events.v1"], "group": "cellvigil",
                                             "dead_letter_topic": "cellvigil.dlq.v1"}},
        "kafka": own, "sinks": {"kafka": {"enabled": True, "topic": "cellvigil.alerts.v1"}}}).start(60)
    try:
        answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines(messages.shock("S-1")), timeout=30,
                               headers={"content-type": "application/x-ndjson"})
        assert answer.status_code == 202, answer.text

        delivered = re.compile(r'^cellvigil_notifications_total{channel="kafka:cellvigil.alerts.v1",outcome="delivered"} [1-9]', re.M)
        wait_until(lambda: delivered.search(daemon.metrics().text), 60, "the alert is not in the topic")
        errors = daemon.metrics().by("cellvigil_kafka_broker_errors_total", "reason")
        assert errors["authentication"] == 0, errors
        assert not any("AUTHORIZATION" in str(line).upper() for line in daemon.log()), daemon.log_tail()
        assert daemon.stop() == 0
    finally:
        daemon.close()
