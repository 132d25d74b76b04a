"""kill -9 at random moments while the cohort streams in: nothing lost, nothing told twice, the oracle's state."""

import random
import threading
import time

import pytest

from deployment import Deployment

SEED = 7


@pytest.mark.parametrize("membership,kills", [("static", 20), ("dynamic", 6)])
def test_kills_at_random_moments_lose_nothing_and_repeat_nothing(membership, kills, broker, cohort, tmp_path):
    chance = random.Random(SEED)
    deployment = Deployment(tmp_path, broker, f"kills-{membership}", membership)
    daemon = deployment.daemon
    chunks = _split(cohort.messages, kills + 1)
    streaming = 0  # kills that came while messages were still being sent
    try:
        for kill in range(kills):
            daemon.start(wait=chance.random() < 0.8)  # some die before they are ready
            feeder = threading.Thread(target=_trickle, args=(deployment, chunks[kill]))
            feeder.start()
            time.sleep(chance.uniform(0.05, 0.9))
            assert daemon.running(), "the daemon ended before it was killed"
            streaming += feeder.is_alive()
            daemon.kill()
            feeder.join(60)
            assert not feeder.is_alive()
        deployment.send(chunks[kills])
        daemon.start(60)
        deployment.wait_applied()
        deployment.wait_delivered()
        assert daemon.stop() == 0
        oracle = deployment.audit()
    finally:
        deployment.close()
    assert streaming >= kills * 3 // 4, "most kills came when nothing happened"
    assert oracle["counts"]["messages"] == len(cohort.messages)


def _trickle(deployment, messages):
    """Sends over about a second, so that a kill meets messages on their way, in work and in a commit."""
    for some in _split(messages, 25):
        deployment.send(some)
        time.sleep(0.04)


def _split(items, parts):
    return [items[len(items) * i // parts:len(items) * (i + 1) // parts] for i in range(parts)]
