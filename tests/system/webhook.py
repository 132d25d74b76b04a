"""A receiver of Standard Webhooks 1.0.0 inside the test: checks every signature, keeps every delivery."""

import base64
import hashlib
import hmac
import http.server
import threading
import time
from dataclasses import dataclass

SECRET = "whsec_" + base64.b64encode(b"cellvigil-system-tests-0123456789").decode()


@dataclass(frozen=True)
class Delivery:
    id: str
    timestamp: int
    body: bytes
    fault: str  # empty: the signature and the timestamp are right


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = message_id.encode() + b"." + timestamp.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def fault_of(secret: str, headers, body: bytes, now: float) -> str:
    """Why a receiver that follows the standard would refuse this; empty when it would not."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id:
        return "no webhook-id"
    if not timestamp.isdigit():
        return "webhook-timestamp is not a number of seconds"
    if abs(now - int(timestamp)) > 300:
        return "webhook-timestamp is more than five minutes off"
    expected = signature(secret, message_id, timestamp, body)
    offered = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(expected, one) for one in offered):
        return "no signature fits"
    return ""


class Receiver:
    """Answers 204 and keeps the delivery, once it has given the answers of refuse()."""

    def __init__(self, secret: str = SECRET):
        self.secret = secret
        self._lock = threading.Lock()
        self._deliveries = []
        self._refusals = []
        self._refused = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                status = receiver.take(self.headers, body)
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/alerts"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, headers, body: bytes) -> int:
        fault = fault_of(self.secret, headers, body, time.time())
        with self._lock:
            if self._refusals:
                self._refused.append(headers.get("webhook-id", ""))
                return self._refusals.pop(0)
            self._deliveries.append(Delivery(headers.get("webhook-id", ""), int(headers.get("webhook-timestamp", "0") or 0),
                                             body, fault))
        return 401 if fault else 204

    def refuse(self, *statuses):
        """The next requests get these answers and are not kept."""
        with self._lock:
            self._refusals.extend(statuses)

    @property
    def refused(self):
        """The ids of the refused requests."""
        with self._lock:
            return list(self._refused)

    @property
    def deliveries(self):
        with self._lock:
            return list(self._deliveries)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
