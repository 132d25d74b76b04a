"""The HTTP API: who may use it, its conventions, its event stream; every answer is held against the description."""

import gzip
import json
import socket
import ssl
import subprocess
import time

import pytest
import requests
from cryptography import x509

import contract
import messages
from daemon import Daemon, program
from issuer import AUDIENCE, Authority, Issuer, Key
from ports import free_port, wait_until

SUBJECT = f"/api/v1/subjects/{messages.STUDY}/S-1"
READS = [pattern.replace("{study}", messages.STUDY).replace("{subject}", "S-1").replace("{cohort}", messages.COHORT)
         .replace("{table}", "counts")
         + ("?since=2026-01-01T00:00:00Z" if pattern.endswith("/changes") else "")
         for pattern, item in contract.DESCRIPTION["paths"].items() if "get" in item and pattern != "/api/v1/stream"]


@pytest.fixture(name="issuer", scope="module")
def fixture_issuer():
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture(name="daemon", scope="module")
def fixture_daemon(tmp_path_factory, issuer):
    folder = tmp_path_factory.mktemp("api")
    (folder / "metrics-token").write_text("a-static-token-for-scrapers\n", encoding="utf-8")
    daemon = Daemon(folder / "daemon", {"http": {"authentication": "on", "oidc": issuer.config(),
                                                 "metrics_token_file": str(folder / "metrics-token")}}).start()
    answer = send(daemon, issuer, *messages.shock("S-1"), messages.temperature("S-2", 1, float("nan")))
    assert answer.status_code == 202, answer.text
    yield daemon
    daemon.close()


def as_(token: str) -> dict:
    return {"authorization": f"Bearer {token}"}


def send(daemon, issuer, *some, **more):
    headers = {**as_(issuer.token("data_manager")), "content-type": "application/x-ndjson", **more.pop("headers", {})}
    data = more.pop("data", None) or messages.lines(some)
    return contract.check(requests.post(daemon.url + "/api/v1/events", data=data, headers=headers, timeout=30, **more))


def get(daemon, path, token, **headers):
    return contract.check(requests.get(daemon.url + path, headers={**as_(token), **headers}, timeout=10))


def all_paths():
    for pattern, item in contract.DESCRIPTION["paths"].items():
        path = pattern.format(study=messages.STUDY, subject="S-1", cohort=messages.COHORT, alert="a", signal="s", table="counts")
        for method, operation in item.items():
            if operation.get("security") != []:
                yield method, path


def test_every_route_refuses_every_token_that_is_not_good(daemon, issuer):
    now = int(time.time())
    faults = {
        "expired": issuer.token("data_manager", iat=now - 1200, exp=now - 600),
        "not yet": issuer.token("data_manager", nbf=now + 600),
        "audience": issuer.token("data_manager", aud="other"),
        "issuer": issuer.token("data_manager", iss="https://evil.example"),
        "alg none": issuer.token("data_manager", header={"alg": "none"}),
        "alg HS256": issuer.token("data_manager", header={"alg": "HS256"}),
        "unknown key": issuer.token("data_manager", key=Key("k-strange", "ES256")),
        "forged": issuer.token("data_manager", key=Key("k-ec", "ES256")),
    }
    for method, path in all_paths():
        for name, token in faults.items():
            answer = contract.check(requests.request(method, daemon.url + path, headers=as_(token), timeout=10))
            assert answer.status_code == 401, f"{method} {path} {name}: {answer.status_code}"
        assert requests.request(method, daemon.url + path, timeout=10).status_code == 401, path
        nobody = contract.check(requests.request(method, daemon.url + path, headers=as_(issuer.token("gardener")), timeout=10))
        assert nobody.status_code == 403, path


GRANTS = {
    "viewer": {"read_aggregates"},
    "reviewer": {"read_aggregates", "read_subjects", "act_on_alerts"},
    "safety_lead": {"read_aggregates", "read_subjects", "act_on_alerts", "judge_signals"},
    "case_assessor": {"read_aggregates", "read_subjects", "act_on_alerts", "assess_cases"},
    "data_manager": {"read_aggregates", "read_subjects", "act_on_alerts", "send_events", "manage_quarantine"},
    "administrator": {"read_aggregates", "read_config", "change_config"},
    "auditor": {"read_aggregates", "read_subjects", "read_config", "read_audit"},
}


def test_every_route_refuses_every_role_that_does_not_open_it(daemon, issuer):
    tokens = {role: issuer.token(role) for role in GRANTS}
    refused = 0
    for method, path in all_paths():
        permission = contract.operation_of(method.upper(), path).get("x-permission")
        for role, grants in GRANTS.items():
            if permission is None or permission in grants or (permission == "scrape" and "read_aggregates" in grants):
                continue
            answer = contract.check(requests.request(method, daemon.url + path, headers=as_(tokens[role]), timeout=10))
            assert answer.status_code == 403, f"{method} {path} as {role}: {answer.status_code}"
            refused += 1
    assert refused > 60, refused
    only = [role for role in GRANTS if requests.post(daemon.url + "/api/v1/alerts/a/assess", json={}, headers=as_(tokens[role]),
                                                     timeout=10).status_code != 403]
    assert only == ["case_assessor"]


@pytest.mark.parametrize("kid", ["k-rsa", "k-ec", "k-ed"])
def test_each_allowed_signature_is_taken(daemon, issuer, kid):
    key = next(key for key in issuer.keys if key.kid == kid)
    assert get(daemon, "/api/v1/summary", issuer.token("viewer", key=key, aud=["x", AUDIENCE])).status_code == 200


def test_a_viewer_sees_no_subject_and_a_reviewer_only_those_of_the_own_studies(daemon, issuer):
    viewer, elsewhere = issuer.token("viewer"), issuer.token("reviewer", studies=["OTHER"])
    reviewer = issuer.token("reviewer", studies=[messages.STUDY])
    for path in ("/api/v1/alerts", "/api/v1/quarantine", SUBJECT + "/timeline"):
        assert get(daemon, path, viewer).status_code == 403
    assert get(daemon, SUBJECT + "/timeline", elsewhere).status_code == 403
    assert get(daemon, "/api/v1/alerts", elsewhere).json()["alerts"] == []
    alerts = wait_until(lambda: get(daemon, "/api/v1/alerts", reviewer).json()["alerts"], 10, "no alert")
    facts = get(daemon, SUBJECT + "/timeline", reviewer).json()["facts"]
    assert any("39.4" in fact["sentence"] for fact in facts), facts
    evidence = get(daemon, f"/api/v1/alerts/{alerts[0]['alert_id']}/evidence", reviewer).json()
    assert evidence["revisions"][-1]["revision"] == alerts[0]["revision"]
    assert get(daemon, evidence["explanation"], reviewer).status_code == 200
    assert get(daemon, f"/api/v1/alerts/{alerts[0]['alert_id']}", elsewhere).status_code == 404


def test_every_read_answers_as_described_for_everybody(daemon, issuer):
    for role in GRANTS:
        for path in READS:
            get(daemon, path, issuer.token(role))
            contract.check(requests.head(daemon.url + path, headers=as_(issuer.token(role)), timeout=10))
    for path in READS:
        assert get(daemon, path, issuer.token("viewer", "auditor", "data_manager")).status_code in (200, 404), path
    for query in ("limit=0", "limit=x", "after=x"):
        bad = get(daemon, "/api/v1/alerts?" + query, issuer.token("reviewer"))
        assert bad.status_code == 400 and bad.json()["errors"][0]["parameter"] == query.partition("=")[0], bad.text
        assert bad.json()["instance"] == "urn:cellvigil:request:" + bad.headers["x-request-id"]


def test_secrets_are_not_in_the_configuration_that_is_shown(daemon, issuer):
    shown = get(daemon, "/api/v1/config", issuer.token("administrator"))
    assert shown.status_code == 200 and "a-static-token" not in shown.text
    assert get(daemon, "/api/v1/config", issuer.token("reviewer")).status_code == 403


def test_the_static_token_opens_the_metrics_only(daemon):
    headers = as_("a-static-token-for-scrapers")
    assert requests.get(daemon.url + "/metrics", headers=headers, timeout=10).status_code == 200
    assert requests.get(daemon.url + "/metrics", timeout=10).status_code == 401
    assert requests.get(daemon.url + "/api/v1/summary", headers=headers, timeout=10).status_code == 401


def test_reads_have_tags_and_come_packed(daemon, issuer):
    first = get(daemon, "/api/v1/rules", issuer.token("viewer"))
    assert first.headers["content-encoding"] == "gzip" and first.headers["cache-control"] == "private, no-cache"
    again = get(daemon, "/api/v1/rules", issuer.token("viewer"), **{"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    plain = get(daemon, "/api/v1/rules", issuer.token("viewer"), **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.headers["etag"] == first.headers["etag"]
    assert get(daemon, "/api/v1/alerts", issuer.token("reviewer")).headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in get(daemon, "/api/v1/rules", issuer.token("viewer"), origin="https://x.example").headers


def test_packed_bodies_are_taken_and_bombs_are_not(daemon, issuer):
    packed = gzip.compress(messages.lines([messages.temperature("S-3", 1, 37.0)]))
    assert send(daemon, issuer, data=packed, headers={"content-encoding": "gzip"}).status_code == 202
    bomb = gzip.compress(b" " * (200 << 20), 9)
    assert len(bomb) < (1 << 20)
    refused = send(daemon, issuer, data=bomb, headers={"content-encoding": "gzip"})
    assert refused.status_code == 413 and refused.json()["type"] == "/problems/body-limit"
    assert send(daemon, issuer, data=b"no gzip", headers={"content-encoding": "gzip"}).status_code == 400
    assert send(daemon, issuer, data=b"x", headers={"content-encoding": "br"}).status_code == 415


def test_a_repeat_under_its_key_gets_the_first_answer(daemon, issuer):
    one, other = messages.temperature("S-4", 1, 37.1), messages.temperature("S-4", 2, 37.2)
    key = {"idempotency-key": "order-1"}
    first = send(daemon, issuer, one, headers=key)
    again = send(daemon, issuer, one, headers=key)
    assert again.headers["idempotency-replayed"] == "true" and again.json() == first.json()
    assert first.json()["outcomes"] == {"accepted": 1}, "not a duplicate: it was done once"
    assert send(daemon, issuer, other, headers=key).status_code == 422
    assert send(daemon, issuer, other, headers={"idempotency-key": "x" * 256}).status_code == 400


def test_when_the_provider_is_away_the_known_keys_stay(tmp_path):
    issuer = Issuer()
    daemon = Daemon(tmp_path / "daemon", {"http": {"authentication": "on", "oidc": issuer.config()}}).start()
    try:
        wait_until(lambda: get(daemon, "/api/v1/summary", issuer.token("viewer")).status_code == 200, 10, "no keys")
        issuer.away = True
        fresh = Key("k-new", "ES256")
        issuer.keys.append(fresh)
        assert get(daemon, "/api/v1/summary", issuer.token("viewer", key=fresh)).status_code == 401
        asked = issuer.asked
        for _ in range(3):
            assert get(daemon, "/api/v1/summary", issuer.token("viewer", key=fresh)).status_code == 401
        assert issuer.asked == asked, "at most once a minute"
        assert get(daemon, "/api/v1/summary", issuer.token("viewer")).status_code == 200
        assert any(line["event"] == "keys_away" for line in daemon.log())
    finally:
        daemon.close()
        issuer.close()


def test_machines_come_in_by_their_certificates_and_others_do_not(tmp_path):
    ours, others = Authority(tmp_path), Authority(tmp_path, "stranger")
    certificate, key = ours.server()
    daemon = Daemon(tmp_path / "daemon", {"http": {
        "authentication": "on",
        "tls": {"certificate_file": certificate, "key_file": key, "client_ca_file": str(ours.file)},
        "machines": {"lis": {"certificate": "CN=lis", "roles": ["data_manager"], "studies": ["*"]},
                     "scraper": {"certificate": "DNS:prometheus.example", "roles": ["viewer"]}}}}).start()
    url = f"https://127.0.0.1:{daemon.port}"

    def ask(path, client=None):
        return requests.get(url + path, verify=str(ours.file), cert=client, timeout=10)

    try:
        assert ask("/livez").status_code == 200
        assert ask("/api/v1/summary").status_code == 401
        assert contract.check(ask("/api/v1/quarantine", ours.client("lis"))).status_code == 200
        scraper = ours.client("scraper", x509.DNSName("prometheus.example"))
        assert ask("/metrics", scraper).status_code == 200
        assert ask("/api/v1/quarantine", scraper).status_code == 403
        assert ask("/api/v1/summary", ours.client("unknown")).status_code == 403
        with pytest.raises(requests.exceptions.ConnectionError):
            ask("/api/v1/summary", others.client("lis"))
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"http://127.0.0.1:{daemon.port}/livez", timeout=10)
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("DEFAULT@SECLEVEL=0")
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("127.0.0.1", daemon.port), 10) as plain, pytest.raises(ssl.SSLError):
            old.wrap_socket(plain)
    finally:
        daemon.close()


def test_a_handshake_that_never_ends_is_cut(tmp_path):
    authority = Authority(tmp_path)
    certificate, key = authority.server()
    daemon = Daemon(tmp_path / "daemon", {"http": {"header_timeout_ms": 300, "tls": {"certificate_file": certificate, "key_file": key}}})
    daemon.start()
    try:
        with socket.create_connection(("127.0.0.1", daemon.port), 10) as silent:
            silent.settimeout(10)
            assert silent.recv(1) == b""
    finally:
        daemon.close()


def test_it_does_not_listen_unprotected_beyond_the_loopback(tmp_path):

    tried = subprocess.run([program("cellvigild"), "--data", tmp_path / "data", "--http", f"0.0.0.0:{free_port()}"],
                           capture_output=True, text=True, timeout=30, check=False)
    assert tried.returncode == 78 and "needs authentication and TLS" in tried.stdout + tried.stderr


class Stream:
    def __init__(self, daemon, token, after=None):
        headers = {**as_(token), **({"last-event-id": str(after)} if after is not None else {})}
        self.answer = requests.get(daemon.url + "/api/v1/stream", headers=headers, stream=True, timeout=10)
        assert self.answer.status_code == 200, self.answer.text
        self._lines = self.answer.iter_lines()

    def next(self):
        event = {}
        for line in self._lines:
            if line:
                name, _, value = line.decode().partition(": ")
                event[name] = value
            elif "event" in event:
                return event["event"], int(event.get("id", -1)), json.loads(event["data"])
            else:
                event = {}
        return None

    def until(self, kind):
        while True:
            event = self.next()
            assert event is not None, f"the stream ended before {kind}"
            if event[0] == kind:
                return event


def test_the_stream_goes_on_where_it_stopped_also_over_a_restart(tmp_path, issuer):
    daemon = Daemon(tmp_path / "daemon", {"http": {"authentication": "on", "oidc": issuer.config()}}).start()
    try:
        send(daemon, issuer, messages.infusion("S-0"))
        reader, viewer = Stream(daemon, issuer.token("reviewer")), Stream(daemon, issuer.token("viewer"))
        assert reader.until("quality")[2]["quarantined"] == 0
        viewer.until("quality")
        send(daemon, issuer, *messages.shock("S-1"))
        _, first, told = reader.until("alert")
        assert told["subject"] == f"{messages.STUDY}/S-1" and told["rule"] == "crs_grade_3"
        assert "subject" not in viewer.until("alert")[2]
        reader.answer.close()
        send(daemon, issuer, *messages.shock("S-2"))
        assert daemon.stop() == 0
        assert [event for event in iter(viewer.next, None) if "subject" in event[2]] == []
        daemon.start()
        wait_until(lambda: requests.get(daemon.url + "/readyz", timeout=10).status_code == 200, 10, "not ready")
        again = Stream(daemon, issuer.token("reviewer"), after=first)
        seen = [again.until("alert")]
        while seen[-1][2]["subject"] != f"{messages.STUDY}/S-2":
            seen.append(again.until("alert"))
        assert all(one[1] > first for one in seen), "nothing is told twice"
        assert contract.check(requests.get(daemon.url + "/api/v1/stream", timeout=10,
                                           headers={**as_(issuer.token("viewer")), "last-event-id": "x"})).status_code == 400
    finally:
        daemon.close()
