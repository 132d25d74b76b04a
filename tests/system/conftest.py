"""What several system tests share: one broker, and one simulated cohort."""

import functools
import pathlib
from dataclasses import dataclass

import pytest
from google.protobuf.message import DecodeError

import topic
import wire
from broker import Broker
from daemon import ctl

SEED = 20260301
NOW = "2026-06-01T00:00:00Z"


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    running = Broker(tmp_path_factory.mktemp("kafka")).start()
    yield running
    running.remove()


@dataclass
class Cohort:
    log: pathlib.Path    # the stream, as a file of frames
    truth: pathlib.Path  # what really happened, and what was done to the stream on purpose
    messages: list       # (key, value, headers), in the stream's order; a few are malformed on purpose

    @functools.cached_property
    def sound(self):
        """Those that are a message at all."""
        return [message for message in self.messages if _is_envelope(message[1])]


def _is_envelope(value) -> bool:
    try:
        return bool(wire.envelope(value or b"").message_id)
    except DecodeError:
        return False


@pytest.fixture(scope="session")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort")
    log, truth = folder / "cohort.cvlog", folder / "truth.ndjson"
    ctl("simulate", "--seed", SEED, "--now", NOW, "--subjects", 48, "--sites", 4, "--malformed", 0.003, "--quiet", "--truth", truth,
        "--out", log)
    messages = [(record.key, record.value, record.headers) for record in topic.read_log(log)]
    return Cohort(log, truth, messages)
