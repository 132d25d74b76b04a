"""10 000 mutated and random messages: the daemon stays up and says of each what became of it."""

import hashlib
import random
from collections import Counter

import requests
from google.protobuf import json_format

import messages
import wire
from daemon import Daemon, ctl_json
from deployment import Deployment, outcomes_of, outcomes_of_oracle
from noise import noise
from topic import varint

THROUGH_KAFKA, THROUGH_HTTP, AS_JSON = 5000, 3500, 1500
OUTCOMES = {"accepted", "duplicate", "superseded", "quarantined", "rejected"}


def test_noise_through_the_broker_is_all_accounted_for(broker, cohort, tmp_path):
    deployment = Deployment(tmp_path, broker, "noise")
    daemon = deployment.daemon.start()
    try:
        sent = noise(cohort.sound, THROUGH_KAFKA, seed=1)
        sent += [(key, None, []) for key, _, _ in sent[:20]]  # tombstones: no effect, like duplicates
        deployment.send(sent)
        deployment.wait_applied()
        deployment.wait_delivered()
        metrics = daemon.metrics()
        assert requests.get(daemon.url + "/readyz", timeout=10).status_code == 200
        assert daemon.stop() == 0
        oracle = deployment.audit()
    finally:
        deployment.close()
    assert metrics["cellvigil_messages_consumed_total"] == len(sent)
    outcomes = outcomes_of(metrics)
    assert outcomes == outcomes_of_oracle(oracle)
    assert sum(outcomes.values()) == len(sent)
    assert oracle["counts"]["tombstones"] == 20
    assert outcomes["rejected"] > 100 and outcomes["quarantined"] > 100 and outcomes["applied"] > 100, outcomes


def test_what_is_no_message_by_http_is_in_the_dead_letter_topic_too(broker, tmp_path):
    deployment = Deployment(tmp_path, broker, "refused")
    daemon = deployment.daemon.start()
    try:
        long = b'{"nonsense":"' + b"x" * 20_000 + b'"}'
        for body, status in ((b"nonsense", 400), (long, 400), (messages.lines([messages.temperature("S-1", 1, 38)]) + b"?", 202)):
            answer = requests.post(daemon.url + "/api/v1/events", data=body, timeout=30, headers={"content-type": "application/x-ndjson"})
            assert answer.status_code == status and answer.json()["outcomes"]["rejected"] == 1, answer.text
        big = messages.temperature("S-1", 2, 38)["message_id"].encode() + b"y" * (1 << 20)
        deployment.send([(f"{messages.STUDY}/S-1".encode(), big, [])])
        deployment.wait_applied()
        deployment.wait_delivered()
        copies = [(record.value, {name: (value or b"").decode() for name, value in record.headers})
                  for record in deployment.records(deployment.dead)]
        assert daemon.stop() == 0
        assert ctl_json("verify", "--data", daemon.data, "--config", daemon.config_file)["whole"]
    finally:
        deployment.close()
    refused = {value: headers for value, headers in copies if "cv_offset" not in headers}
    assert set(refused) == {b"nonsense", b"?", long[:16 << 10]}
    assert refused[b"nonsense"]["cv_reason"] == "unparsable" and "column 1" in refused[b"nonsense"]["cv_detail"]
    assert all(headers["content-type"] == "application/json" for headers in refused.values())
    for value, headers, whole in ((long[:16 << 10], refused[long[:16 << 10]], long),
                                  *((v, h, big) for v, h in copies if "cv_offset" in h)):
        assert headers["cv_length"] == str(len(whole)) and headers["cv_sha256"] == hashlib.sha256(whole).hexdigest()
        assert whole.startswith(value)
    assert len(copies) == 4


def test_noise_by_http_is_all_accounted_for(cohort, tmp_path):
    daemon = Daemon(tmp_path).start()
    try:
        told = Counter()
        values = [value for _, value, _ in noise(cohort.sound, THROUGH_HTTP, seed=2)]
        values = [value for value in values if value]  # an empty message has no place in a delimited body
        for some in _chunks(values, 250):
            told += _post(daemon, b"".join(varint(len(value)) + value for value in some), "application/vnd.cellvigil.events")
        lines = _json_noise(cohort.sound, AS_JSON)
        for some in _chunks(lines, 250):
            told += _post(daemon, b"\n".join(some) + b"\n", "application/x-ndjson")
        assert set(told) <= OUTCOMES
        assert sum(told.values()) == len(values) + len(lines)
        metrics = daemon.metrics()
        assert metrics["cellvigil_messages_rejected_total"] == told["rejected"]
        assert metrics["cellvigil_dead_letters_total"] == told["rejected"]
        letters = daemon.rows("/api/v1/dead-letters", "dead_letters")
        assert len(letters) == told["rejected"] and all(letter["issues"] for letter in letters)
        assert sum(letter["position"] is None for letter in letters) > 50, "JSON that is no envelope"
        # JSON that is no message is refused before it gets a position; the rest is in the processed ones.
        assert outcomes_of(metrics) == {**_as_metrics(told), "rejected": outcomes_of(metrics)["rejected"]}
        assert daemon.log(), "the log is JSON lines, whatever comes in"
        assert daemon.stop() == 0
        report = ctl_json("verify", "--data", daemon.data)
        assert report["whole"], report
    finally:
        daemon.close()
    assert min(told["accepted"], told["rejected"], told["quarantined"], told["duplicate"]) > 50, told


def _as_metrics(told):
    return {"applied" if name == "accepted" else name: count for name, count in told.items()}


def _chunks(items, size):
    return [items[at:at + size] for at in range(0, len(items), size)]


def _post(daemon, body, content_type):
    answer = requests.post(daemon.url + "/api/v1/events", params={"answers": "problems"}, data=body,
                           headers={"content-type": content_type}, timeout=60)
    assert answer.status_code in (202, 400), answer.text[:500]
    result = answer.json()
    for message in result["messages"]:
        if message["outcome"] == "rejected":
            assert message["issues"] and all(issue["reason"] for issue in message["issues"]), message
    assert sum(result["outcomes"].values()) == result["received"]
    return Counter(result["outcomes"])


def _json_noise(messages, count):
    """Lines of JSON, each an object: valid ones, ones with a wrong value or key somewhere, cut ones."""
    chance = random.Random(3)
    lines = []
    for _ in range(count):
        text = json_format.MessageToJson(wire.envelope(chance.choice(messages)[1] or b""), indent=None)
        how = chance.randrange(4)
        if how == 1:
            text = text.replace(chance.choice(["subject", "Id", "value", "unit", "2", ":"]), chance.choice(["x", "\\u0000", "null", "-"]), 1)
        elif how == 2:
            text = text[:chance.randrange(1, len(text))]
        elif how == 3:
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(['"', "{", "[", "}", "1e999", "\\", "\u00e9"]) + text[at:]
        lines.append(text.replace("\n", " ").encode())
    return lines
