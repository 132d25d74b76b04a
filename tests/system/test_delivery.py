"""Alerts on their ways out: a real Alertmanager, a real mail server, chats and webhooks that misbehave."""

import datetime
import http.server
import json
import ssl
import threading
import time
import uuid

import pytest
import requests

import messages
from alertmanager import Alertmanager, Receivers
from daemon import Daemon, ctl
from mailserver import MailServer, certificate
from ports import free_port, wait_until
from webhook import SECRET, Receiver

LOOPBACK = ["127.0.0.0/8"]
SUBJECT = "PSEUDONYM-0815"


def post(daemon, *some):
    answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines(some), timeout=30,
                           headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 202, answer.text


def retracted(subject):
    """What takes the cause of messages.shock() away."""
    taken_back = []
    for one in messages.shock(subject)[1:]:
        again = messages.message(subject, messages.INFUSED + datetime.timedelta(hours=60), one["record_id"])
        del again["effective"]
        taken_back.append({**again, "message_id": str(uuid.uuid5(uuid.NAMESPACE_URL, "retract " + one["message_id"])),
                           "record_version": 2, "action": "RETRACT", "action_reason": "ENTERED_IN_ERROR"})
    return taken_back


class Endpoint:
    """An HTTP or HTTPS endpoint that answers as told and keeps what it is sent."""

    def __init__(self, status=200, headers=None, tls=None):
        self.status, self.taken, self.tried = status, [], 0
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                endpoint.tried += 1
                if endpoint.status < 300:
                    endpoint.taken.append(json.loads(body))
                self.send_response(endpoint.status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}/secret-path"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(name="closing")
def fixture_closing():
    things = []
    yield lambda thing: things.append(thing) or thing
    for thing in reversed(things):
        thing.close()


def test_alertmanager_holds_what_stands_over_a_restart_and_learns_of_its_end(tmp_path, closing):
    receivers = closing(Receivers())
    alertmanager = Alertmanager(tmp_path / "alertmanager", receivers).start()
    try:
        daemon = closing(Daemon(tmp_path / "daemon", {"sinks": {"alertmanager": {"main": {"url": alertmanager.url}}}}).start())
        post(daemon, *messages.shock(SUBJECT))
        told = wait_until(lambda: receivers.told("crs_grade_3"), 20, "Alertmanager told nobody")
        receiver, _, alert = told[0]
        assert receiver == "safety/safety.example"
        assert alert["labels"]["plane"] == "clinical" and alert["labels"]["cohort"] == messages.COHORT
        assert set(alert["labels"]) == {"alertname", "plane", "severity", "study", "cohort", "alert_id"}
        assert SUBJECT not in json.dumps(alert)
        before = requests.get(alertmanager.url + "/api/v2/alerts", timeout=10).json()
        assert daemon.stop() == 0
        daemon.start()
        # Told again at the start, not at the next revision: the end has moved on.
        wait_until(lambda: requests.get(alertmanager.url + "/api/v2/alerts", timeout=10).json()[0]["endsAt"] > before[0]["endsAt"],
                   10, "a restart does not resume")
        post(daemon, *retracted(SUBJECT))
        wait_until(lambda: receivers.told("crs_grade_3", "resolved"), 80, "the end was not told")
        assert daemon.rows("/api/v1/alerts", "alerts")[0]["state"] == "withdrawn"
    finally:
        alertmanager.stop()


def test_mail_goes_out_over_starttls_in_one_thread_and_without_a_pseudonym(tmp_path, closing):
    server = closing(MailServer(tmp_path / "mail"))
    server.refuse("451 later", "451 later")
    password = tmp_path / "password"
    password.write_text(server.sink()["password"] + "\n", encoding="utf-8")
    outside = {**server.sink(to=["safety@hospital.example", "nobody@hospital.example"]), "password_file": str(password)}
    del outside["password"]
    daemon = closing(Daemon(tmp_path / "daemon", {"sinks": {"email": {
        "office": outside, "ward": server.sink(internal=True, to=["ward@hospital.example"])}}}).start())
    post(daemon, *messages.shock(SUBJECT))

    def to(recipient):
        return [mail for recipients, mail in server.mails if recipients == [recipient]]
    wait_until(lambda: to("safety@hospital.example") and to("ward@hospital.example"), 30, "no mail")
    post(daemon, *retracted(SUBJECT))
    wait_until(lambda: any("WITHDRAWN" in mail["subject"] for mail in to("safety@hospital.example")), 30, "no mail of the end")
    first, *others = to("safety@hospital.example")
    assert first["auto-submitted"] == "auto-generated" and first["references"] is None
    assert all(first["message-id"] in mail["references"] for mail in others) and others
    assert len({mail["message-id"] for mail in [first, *others]}) == 1 + len(others)
    for mail in to("safety@hospital.example"):
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert not any(SUBJECT in part.get_content() for part in mail.iter_parts())
    inside = to("ward@hospital.example")[0]
    assert SUBJECT not in inside["subject"] and all(SUBJECT in part.get_content() for part in inside.iter_parts())
    assert any(line["event"] == "recipients_refused" for line in daemon.log()), "the recipient that is not there is told"
    assert server.sink()["password"] not in daemon.log_tail(100_000)
    assert daemon.metrics()["cellvigil_notifications_total"] > 0


def test_mail_is_not_sent_to_a_server_that_is_not_who_it_says(tmp_path, closing):
    server = closing(MailServer(tmp_path / "mail", names="DNS:other.example"))
    config = tmp_path / "c.yaml"
    config.write_text(json.dumps({"sinks": {"email": {"office": server.sink()}}}), encoding="utf-8")
    done = ctl("notify", "test", "--sink", "email:office", "--config", config, check=False)
    assert done.returncode == 1 and "did not take it" in done.stderr and "peer certificate" in done.stderr, done
    assert server.mails == []


def test_mail_goes_out_over_implicit_tls_and_not_with_the_wrong_password(tmp_path, closing):
    server = closing(MailServer(tmp_path / "mail", implicit=True))
    config = tmp_path / "c.yaml"

    def tried(**more):
        config.write_text(json.dumps({"sinks": {"email": {"office": server.sink(**more)}}}), encoding="utf-8")
        return ctl("notify", "test", "--sink", "email:office", "--config", config, check=False)
    assert tried(tls="implicit").returncode == 0 and len(server.mails) == 1
    wrong = tried(tls="implicit", password="wrong-secret")
    assert wrong.returncode == 1 and "535" in wrong.stderr and "wrong-secret" not in wrong.stderr, wrong
    assert len(server.mails) == 1


def test_each_sink_keeps_its_order_whatever_becomes_of_the_others(tmp_path, closing):
    good, slack, teams = closing(Receiver()), closing(Endpoint()), closing(Endpoint(status=202))
    gone, broken = closing(Endpoint(status=410)), closing(Endpoint(status=500))
    poisoned, redirecting = closing(Endpoint(status=400)), closing(Endpoint(status=302, headers={"location": good.url}))
    untrusted = closing(Endpoint(tls=certificate(tmp_path / "tls")))

    def webhook(url):
        return {"url": url, "secret": SECRET, "timeout_ms": 2000}
    daemon = closing(Daemon(tmp_path / "daemon", {"sinks": {
        "private_networks": LOOPBACK,
        "webhooks": {"good": webhook(good.url), "gone": webhook(gone.url), "broken": webhook(broken.url),
                     "poisoned": webhook(poisoned.url), "redirecting": webhook(redirecting.url),
                     "untrusted": webhook(untrusted.url), "down": webhook(f"http://127.0.0.1:{free_port()}/")},
        "slack": {"room": {"url": slack.url}}, "teams": {"room": {"url": teams.url}}}}).start())
    for number in range(5):
        post(daemon, *messages.shock(f"{SUBJECT}-{number}"))
    wait_until(lambda: len({d.id for d in good.deliveries}) == len(slack.taken) == len(teams.taken) >= 5, 20, "the good ones wait")
    assert not any(delivery.fault for delivery in good.deliveries)
    assert SUBJECT not in json.dumps([slack.taken, teams.taken]) and not any(SUBJECT.encode() in d.body for d in good.deliveries)
    wait_until(lambda: broken.tried >= 2 and redirecting.tried >= 2 and poisoned.tried >= 2, 20, "no second try")
    assert gone.tried == 1 and untrusted.taken == [] and untrusted.tried == 0
    answer = requests.get(daemon.url + "/readyz?verbose", timeout=10)
    assert answer.status_code == 200, "a sink does not make the daemon unready"
    wait_until(lambda: "webhook:gone: disabled" in requests.get(daemon.url + "/readyz?verbose", timeout=10).text, 10, "410 is not shown")
    metrics = daemon.metrics()
    assert metrics.by("cellvigil_notification_channel_disabled", "channel")["webhook:gone"] == 1
    # A courier counts its queue when it looks for work again.
    wait_until(lambda: daemon.metrics().by("cellvigil_notification_queue_entries", "channel")["webhook:down"] >= 5, 40,
               "the queue of the sink that is down is not counted")
    assert "/secret-path" not in daemon.log_tail(100_000)
    # A crash in the middle; the endpoint comes back to itself: everything, in order.
    daemon.kill()
    broken.status = 200
    daemon.start()
    wait_until(lambda: len(broken.taken) >= 5, 20, "what waited was not sent after the restart")
    times = [one["timestamp"] for one in broken.taken]
    assert times == sorted(times)


def test_a_flood_is_told_by_kind_also_over_a_restart_and_without_a_pseudonym(tmp_path, closing):
    slack = closing(Endpoint())
    daemon = closing(Daemon(tmp_path / "daemon", {"sinks": {"private_networks": LOOPBACK, "slack": {"room": {"url": slack.url}},
                                                            "flood": {"most": 1, "within_min": 60}}}).start())
    for number in range(4):
        post(daemon, *messages.shock(f"{SUBJECT}-{number}"))

    def held_back():
        return int(daemon.metrics().by("cellvigil_notifications_total", "outcome").get("suppressed", 0))

    def all_held_back():  # each patient's alert, and what is said of it again
        before = held_back()
        time.sleep(1.5)
        return before >= 3 and held_back() == before
    wait_until(all_held_back, 30, "nothing is held back")
    assert len(slack.taken) == 1
    held = held_back()
    daemon.kill()
    daemon.start()  # what was sent before is forgotten: there is room for the summary
    wait_until(lambda: len(slack.taken) == 2, 20, "what was held back is not told")
    summary = json.dumps(slack.taken[1])
    assert f"{held} notifications were held back" in summary, summary
    assert f"crs_grade_3 Cytokine release syndrome of grade 3 or higher ({held})" in summary and "high" in summary, summary
    assert SUBJECT not in json.dumps(slack.taken)


def test_private_addresses_are_refused_and_test_notifications_and_the_digest_arrive(tmp_path, closing):
    endpoint, slack, server = closing(Receiver()), closing(Endpoint()), closing(MailServer(tmp_path / "mail"))
    sinks = {"webhooks": {"safety": {"url": endpoint.url, "secret": SECRET, "digest": True}},
             "slack": {"room": {"url": slack.url}}, "email": {"office": server.sink(digest=True)}, "digest": {"hour": 0}}
    config = tmp_path / "c.yaml"
    config.write_text(json.dumps({"sinks": sinks}), encoding="utf-8")
    done = ctl("notify", "test", "--sink", "slack:room", "--config", config, check=False)
    assert done.returncode == 1 and "private_networks" in done.stderr and slack.tried == 0, done
    sinks["private_networks"] = LOOPBACK
    config.write_text(json.dumps({"sinks": sinks}), encoding="utf-8")
    for sink in ("slack:room", "webhook:safety", "email:office", "log"):
        ctl("notify", "test", "--sink", sink, "--config", config)
    assert ctl("notify", "test", "--sink", "slack:other", "--config", config, check=False).returncode == 2
    assert "Test notification" in slack.taken[0]["text"] and "Test notification" in server.mails[0][1]["subject"]
    assert json.loads(endpoint.deliveries[0].body)["type"] == "cellvigil.test" and not endpoint.deliveries[0].fault

    daemon = closing(Daemon(tmp_path / "daemon", {"sinks": sinks}).start())
    wait_until(lambda: len(server.mails) == 2 and len(endpoint.deliveries) == 2, 20, "no digest")
    assert "Still watching" in server.mails[1][1]["subject"]
    digest = json.loads(endpoint.deliveries[1].body)
    assert digest["type"] == "cellvigil.digest" and messages.STUDY in digest["data"]["facts"]["studies"], digest
    assert daemon.stop() == 0
    daemon.start()
    post(daemon, *messages.shock(SUBJECT))
    wait_until(lambda: len(endpoint.deliveries) >= 3 and len(server.mails) >= 3, 20, "no alert")
    assert [d for d in endpoint.deliveries if d.id.startswith("digest.")] == [endpoint.deliveries[1]], "one a day, over restarts"
