"""The broker of the system tests is a broker: it keeps what it took, over a clean end and over a kill."""

import subprocess

import pytest

import topic
from broker import Broker


def kcat(broker, *arguments, text=""):
    done = subprocess.run(["kcat", "-q", "-b", broker.bootstrap, *arguments], input=text, capture_output=True, text=True,
                          timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(name="own_broker")
def fixture_own_broker(tmp_path):
    broker = Broker(tmp_path / "kafka").start()
    yield broker
    broker.remove()


def test_what_was_produced_is_read_back_over_a_stop_and_a_kill(own_broker):
    own_broker.create_topic("letters", 3)
    sent = "".join(f"k{i}:v{i}\n" for i in range(100))
    kcat(own_broker, "-P", "-t", "letters", "-K:", "-X", "acks=all", text=sent)

    def read():
        return sorted(kcat(own_broker, "-C", "-t", "letters", "-e", "-K:").splitlines())

    assert read() == sorted(sent.splitlines())
    own_broker.stop()
    own_broker.start()
    assert read() == sorted(sent.splitlines())
    own_broker.kill()
    own_broker.start()
    assert read() == sorted(sent.splitlines())
    assert "3 partitions" in kcat(own_broker, "-L", "-t", "letters")


def test_an_unknown_topic_is_not_made_by_asking_for_it(own_broker):
    own_broker.create_topic("known", 1)
    kcat(own_broker, "-L", "-t", "unknown")
    assert own_broker.topic_names() == ["known"]


def test_records_come_back_from_the_topic_and_from_a_log_file_as_they_were(own_broker, tmp_path):
    own_broker.create_topic("events", 4)
    sent = [(b"study/%d" % i, bytes([i % 256]) * (i % 50), [("traceparent", b"\x00\xff")]) for i in range(500)]
    sent += [(b"study/1", None, []), (b"", b"no key", [])]
    topic.Sender(own_broker.bootstrap, "events").send(sent)
    records = topic.read_all(own_broker.bootstrap, "events")
    assert sorted(record.value or b"" for record in records) == sorted(value or b"" for _, value, _ in sent)
    assert {len({r.partition for r in records if r.key == b"study/%d" % i}) for i in range(2, 500)} == {1}
    topic.write_log(tmp_path / "topic.cvlog", records)
    again = topic.read_log(tmp_path / "topic.cvlog")
    assert again == records
    assert [record.headers for record in again] == [record.headers for record in records]
