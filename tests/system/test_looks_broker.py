"""Days closed and looks taken from a real broker: heartbeat copies and ticks over partitions without a subject, a kill in the middle and
a partition that lags. What is stored is what deriving it from the journal and its control records gives, and what the topic alone gives."""

from collections import Counter

import pytest
import yaml

import topic
from daemon import ctl, ctl_json
from deployment import PARTITIONS, Deployment
from ports import wait_until
from test_monitors import NOW, PACK

SUBJECTS = 6  # fewer partitions than six have one, as a rule


@pytest.fixture(name="watched")
def fixture_watched(broker, tmp_path, request):
    deployment = Deployment(tmp_path, broker, request.node.name.replace("_", "-")[:60])
    pack = tmp_path / "pack.yaml"
    pack.write_text(yaml.safe_dump(PACK, sort_keys=False), encoding="utf-8")
    config = yaml.safe_load(deployment.daemon.config_file.read_text(encoding="utf-8"))
    config["rules"] = {"pack": str(pack)}
    deployment.daemon.config_file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    yield deployment
    deployment.close()


@pytest.fixture(name="stream", scope="module")
def fixture_stream(tmp_path_factory):
    log = tmp_path_factory.mktemp("looks") / "stream.cvlog"
    ctl("simulate", "--subjects", SUBJECTS, "--sites", 2, "--seed", 11, "--now", NOW, "--quiet", "--out", log)
    return [(record.key, record.value, record.headers) for record in topic.read_log(log)]


def settled(deployment):
    """Everything is applied and no look has come for a while (a silent partition is told after three seconds)."""
    deployment.wait_applied()
    seen = []

    def still():
        signals = deployment.daemon.get("/api/v1/signals")
        seen.append((signals["through"], signals["looks"]))
        return signals["through"] and len(seen) > 24 and len(set(seen[-24:])) == 1
    wait_until(still, 120, "the looks do not come to rest", every=0.25)
    return deployment.daemon.get("/api/v1/signals")


def proved(deployment) -> dict:
    """With the daemon stopped: closes, looks and alarms are what the journal gives."""
    report = ctl_json("verify", "--data", deployment.daemon.data, "--config", deployment.daemon.config_file)
    assert report["whole"] and report["faults"] == [] and report["state"]["faults"] == [], report
    return report


def test_silent_partitions_close_with_the_others_over_a_kill(watched, stream):
    half = len(stream) // 2
    watched.daemon.start()
    watched.send(stream[:half])
    watched.wait_applied()
    watched.daemon.kill()
    watched.send(stream[half:])
    watched.daemon.start()
    signals = settled(watched)
    assert signals["through"], signals
    assert watched.daemon.stop() == 0
    occupied = {record.partition for record in watched.records() if record.key and record.key.count(b"/") == 1}
    assert len(occupied) < PARTITIONS, "every partition has a subject: the test shows nothing about silence"
    report = proved(watched)
    assert report["looks"]["compared"] > 100, report


def test_looks_wait_for_a_partition_that_lags_and_late_facts_are_counted(watched, stream):
    subjects = Counter(key for key, _, _ in stream if key and key.count(b"/") == 1)
    slow = subjects.most_common(1)[0][0]
    watched.daemon.start()
    watched.send([message for message in stream if message[0] != slow])
    before = settled(watched)
    watched.send([message for message in stream if message[0] == slow])
    after = settled(watched)
    assert after["through"] >= before["through"]
    late = watched.daemon.metrics()["cellvigil_late_facts_total"]
    assert late > 0, "a subject of years came after its days were closed"
    assert watched.daemon.stop() == 0
    report = proved(watched)
    assert report["looks"]["compared"] > 100, report
