"""The tools of the system tests do what the tests rely on."""

import requests

from daemon import Metrics
from ports import wait_until
from prometheus import Prometheus
from webhook import Receiver, SECRET, fault_of, signature


def test_the_standards_own_example_has_the_standards_signature():
    assert signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                     b'{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_wrong_signature_a_wrong_body_and_an_old_timestamp_are_refused():
    right = {"webhook-id": "m1", "webhook-timestamp": "1000", "webhook-signature": signature(SECRET, "m1", "1000", b"{}")}
    assert fault_of(SECRET, right, b"{}", 1000) == ""
    assert fault_of(SECRET, {**right, "webhook-signature": "v1,xx " + right["webhook-signature"]}, b"{}", 1000) == ""
    assert fault_of(SECRET, right, b"{ }", 1000) == "no signature fits"
    assert fault_of(SECRET, {**right, "webhook-id": "m2"}, b"{}", 1000) == "no signature fits"
    assert fault_of(SECRET, right, b"{}", 1301) == "webhook-timestamp is more than five minutes off"
    assert fault_of(SECRET, {}, b"{}", 1000) == "no webhook-id"


def test_the_receiver_refuses_as_told_and_keeps_the_rest():
    receiver = Receiver()
    try:
        receiver.refuse(503, 500)
        assert [requests.post(receiver.url, data=b"{}", timeout=5).status_code for _ in range(3)] == [503, 500, 401]
        assert [delivery.fault for delivery in receiver.deliveries] == ["no webhook-id"]
    finally:
        receiver.close()


def test_prometheus_scrapes_and_answers(tmp_path):
    server = Prometheus(tmp_path, "127.0.0.1:1").start()
    try:
        assert wait_until(lambda: server.query("up"), 10, "no scrape")[0][1] == 0.0  # nobody listens there
        assert server.value("vector(7)") == 7.0
        assert server.value("absent_from_everything") is None
    finally:
        server.stop()


def test_a_scrape_is_read_with_its_labels():
    metrics = Metrics('# HELP a b\n# TYPE a counter\na{x="1",y="q\\"}"} 2\na{x="2",y="z"} 3\nb 4e3\n')
    assert metrics["a"] == 5
    assert metrics.by("a", "x") == {"1": 2, "2": 3}
    assert metrics.by("a", "y") == {'q\\"}': 2, "z": 3}
    assert metrics["b"] == 4000
    assert "c" not in metrics
