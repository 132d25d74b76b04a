"""`cellvigilctl send` and `simulate` into a real topic: every message arrives once, whole, in its key's order and partition."""

import json
from collections import defaultdict

import topic
from daemon import ctl

PARTITIONS = 4


def by_key(records):
    keyed = defaultdict(list)
    for record in records:
        keyed[record.key].append((record.partition, record.value))
    return keyed


def test_a_file_of_frames_arrives_in_the_topic_as_it_is(broker, tmp_path):
    broker.create_topic("sent", PARTITIONS, max_message_bytes="2097152")
    frames = tmp_path / "few.cvlog"
    ctl("simulate", "--subjects", 4, "--now", "2026-06-01T00:00:00Z", "--quiet", "--partitions", PARTITIONS, "--out", frames)
    ctl("send", frames, "--quiet", "--to", f"kafka://{broker.bootstrap}/sent")
    expected = topic.read_log(frames)
    arrived = topic.read_all(broker.bootstrap, "sent")
    assert len(arrived) == len(expected) > 2000
    # The file's partitions are those that Kafka's own clients choose.
    assert by_key(arrived) == by_key(expected)


def test_a_message_that_the_broker_will_not_have_is_told_and_holds_nothing_up(broker, tmp_path):
    broker.create_topic("small", PARTITIONS, max_message_bytes="1000000")
    frames = tmp_path / "few.cvlog"
    ctl("simulate", "--subjects", 12, "--malformed", 0.01, "--now", "2026-06-01T00:00:00Z", "--quiet", "--out", frames)
    expected = [record for record in topic.read_log(frames) if len(record.value) < 1_000_000]
    sent = ctl("send", frames, "--quiet", "--json", "--to", f"kafka://{broker.bootstrap}/small", check=False)
    assert sent.returncode == 1
    assert json.loads(sent.stdout)["outcomes"] == {"refused": 1}
    assert len(topic.read_all(broker.bootstrap, "small")) == len(expected)


def test_a_load_goes_straight_into_the_topic(broker):
    broker.create_topic("load", PARTITIONS)
    ctl("simulate", "--load", 20_000, "--subjects", 50, "--quiet", "--out", f"kafka://{broker.bootstrap}/load")
    arrived = topic.read_all(broker.bootstrap, "load")
    assert len(arrived) == 20_000
    assert len({record.key for record in arrived}) == 50
