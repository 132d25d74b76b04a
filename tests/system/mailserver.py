"""A real SMTP server inside the test: STARTTLS or implicit TLS with a certificate of its own, AUTH, every mail kept."""

import email
import email.policy
import pathlib
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from ports import free_port

USER, PASSWORD = "cellvigil", "correct horse battery staple"


def certificate(folder, names="IP:127.0.0.1,DNS:localhost"):
    """(certificate, key) files; self-signed, so the certificate is its own authority."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=mail.example", "-addext", f"subjectAltName={names}", "-keyout", key, "-out", cert],
                   check=True, capture_output=True, timeout=30)
    return cert, key


class MailServer:
    """Takes mail for everybody but nobody@; only over TLS and after a login."""

    def __init__(self, folder, names="IP:127.0.0.1,DNS:localhost", implicit=False):
        self.authority, key = certificate(folder, names)
        self.port = free_port()
        self._lock = threading.Lock()
        self._mails = []
        self._answers = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority, key)
        tls = {"ssl_context": context, "auth_require_tls": False} if implicit else {"tls_context": context, "require_starttls": True}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, auth_required=True,
                                      authenticator=self._authenticate, **tls)
        self._controller.start()

    @staticmethod
    def _authenticate(_server, _session, _envelope, _mechanism, data):
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=right, handled=False)  # the server says 235 or 535

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # pylint: disable=invalid-name
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # pylint: disable=invalid-name
        with self._lock:
            if self._answers:
                return self._answers.pop(0)
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self._mails.append((list(envelope.rcpt_tos), mail))
        return "250 taken"

    def refuse(self, *answers):
        """The next mails get these answers and are not kept."""
        with self._lock:
            self._answers.extend(answers)

    @property
    def mails(self):
        """[(recipients, message)]"""
        with self._lock:
            return list(self._mails)

    def sink(self, **more) -> dict:
        return {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD, "from": "cellvigil@hospital.example",
                "to": ["safety@hospital.example"], "ca_file": str(self.authority), **more}

    def close(self):
        self._controller.stop()
