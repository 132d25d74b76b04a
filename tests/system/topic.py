"""What stands in a topic, and how it gets there: by librdkafka, not by the code under test."""

import time
from dataclasses import dataclass, field

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition


@dataclass(frozen=True)
class Record:
    partition: int
    position: int
    appended_ms: int
    key: bytes
    value: bytes | None
    headers: list = field(default_factory=list, compare=False, hash=False)


def end_of(consumer, partition, patience: float = 30) -> int:
    """One past the last record. A broker that has just come back first has to find out that it leads its partitions."""
    give_up = time.monotonic() + patience
    while True:
        try:
            return consumer.get_watermark_offsets(partition, timeout=10)[1]
        except KafkaException:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)


def read_all(bootstrap: str, topic: str, seconds: float = 30) -> list[Record]:
    """Every record between the topic's beginning and its end as of now, by partition and position."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reads-all", "enable.auto.commit": False,
                         "enable.partition.eof": False, "log_level": 0})
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        ends = {p: end_of(consumer, TopicPartition(topic, p)) for p in partitions}
        wanted = sum(ends.values())  # test topics begin at 0 and are not compacted while a test runs
        consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
        records = []
        deadline = time.monotonic() + seconds
        while len(records) < wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{topic}: {len(records)} of {wanted} records within {seconds:g} s")
            for message in consumer.consume(num_messages=1000, timeout=0.1):
                if message.error():
                    raise RuntimeError(str(message.error()))
                records.append(Record(message.partition(), message.offset(), message.timestamp()[1], message.key() or b"",
                                      message.value(), message.headers() or []))
        return sorted(records, key=lambda record: (record.partition, record.position))
    finally:
        consumer.close()


class Sender:
    """A producer with the settings that docs ask of producers: idempotent, acks=all, Java's partitioning."""

    def __init__(self, bootstrap: str, topic: str):
        self._topic = topic
        self._lost = []
        self._producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 5,
                                   "message.max.bytes": 10_000_000, "partitioner": "murmur2_random", "log_level": 0})

    def send(self, messages):
        """Sends (key, value) or (key, value, headers) and waits until the broker has all; fails if it has not."""
        for key, value, *headers in messages:
            while True:
                try:
                    self._producer.produce(self._topic, value, key, headers=headers[0] if headers else None, on_delivery=self._done)
                    break
                except BufferError:
                    self._producer.poll(0.1)
            self._producer.poll(0)
        if self._producer.flush(60) or self._lost:
            raise RuntimeError(f"not delivered: {self._lost[:3]}")

    def _done(self, error, _):
        if error is not None:
            self._lost.append(str(error))


# ---- files of frames, as daemon/journal/frame.h describes them -------------------------------------------------------------

MAGIC = b"CVLOG\0\0\1"


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def text(value: bytes) -> bytes:
    return varint(len(value)) + value


def frame(record: Record) -> bytes:
    zigzag = (record.appended_ms << 1) ^ (record.appended_ms >> 63)
    rest = (bytes([1 if record.value is not None else 2]) + varint(record.partition) + varint(record.position) +
            varint(zigzag) + text(record.key) + varint(len(record.headers)) +
            b"".join(text(name.encode()) + text(value or b"") for name, value in record.headers) +
            text(record.value or b""))
    return varint(len(rest)) + rest


def write_log(path, records) -> int:
    """The records as a file that `cellvigilctl replay` reads: the oracle's input, made without the daemon."""
    with open(path, "wb") as file:
        file.write(MAGIC)
        for record in records:
            file.write(frame(record))
    return len(records)


def read_log(path) -> list[Record]:
    """The messages of a file of frames; control records left out."""
    with open(path, "rb") as file:
        data = file.read()
    assert data.startswith(MAGIC), path
    records, at = [], len(MAGIC)

    def number():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def string():
        nonlocal at
        length = number()
        at += length
        return data[at - length:at]

    while at < len(data):
        end = number() + at
        kind = data[at]
        at += 1
        partition, position, zigzag, key = number(), number(), number(), string()
        headers = [(string().decode(), string()) for _ in range(number())]
        value = string()
        assert at == end, f"{path}: a frame's length is wrong at {at}"
        if kind in (1, 2):
            records.append(Record(partition, position, (zigzag >> 1) ^ -(zigzag & 1), key, value if kind == 1 else None, headers))
    return records
