"""An OpenID Connect provider as far as the daemon knows one: a key set over HTTP, and tokens of every kind, good and bad.

And the certificates of a small authority, for TLS and for machines.
"""

import base64
import datetime
import http.server
import ipaddress
import json
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ISSUER = "https://login.example"
AUDIENCE = "cellvigil"


def _encoded(data) -> str:
    if isinstance(data, dict):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int, size: int) -> str:
    return _encoded(value.to_bytes(size, "big"))


class Key:
    def __init__(self, kid: str, algorithm: str):
        self.kid, self.algorithm = kid, algorithm
        self._private = {"RS256": lambda: rsa.generate_private_key(65537, 2048),
                         "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
                         "EdDSA": ed25519.Ed25519PrivateKey.generate}[algorithm]()

    def jwk(self) -> dict:
        public = self._private.public_key()
        head = {"kid": self.kid, "alg": self.algorithm, "use": "sig"}
        if self.algorithm == "RS256":
            numbers = public.public_numbers()
            return {**head, "kty": "RSA", "n": _number(numbers.n, 256), "e": _number(numbers.e, 3)}
        if self.algorithm == "ES256":
            numbers = public.public_numbers()
            return {**head, "kty": "EC", "crv": "P-256", "x": _number(numbers.x, 32), "y": _number(numbers.y, 32)}
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {**head, "kty": "OKP", "crv": "Ed25519", "x": _encoded(raw)}

    def sign(self, text: bytes) -> bytes:
        if self.algorithm == "RS256":
            return self._private.sign(text, padding.PKCS1v15(), hashes.SHA256())
        if self.algorithm == "ES256":
            r, s = decode_dss_signature(self._private.sign(text, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return self._private.sign(text)


class Issuer:
    def __init__(self):
        self.keys = [Key("k-rsa", "RS256"), Key("k-ec", "ES256"), Key("k-ed", "EdDSA")]
        self.away = False
        self.asked = 0
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # pylint: disable=invalid-name
                issuer.asked += 1
                body = json.dumps({"keys": [key.jwk() for key in issuer.keys]}).encode()
                self.send_response(503 if issuer.away else 200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def token(self, *roles, key=None, header=None, **changed) -> str:
        key = key or self.keys[1]
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "person-1", "iat": now, "exp": now + 600, "roles": list(roles),
                  "studies": ["*"], **changed}
        header = {"alg": key.algorithm, "kid": key.kid, "typ": "at+jwt", **(header or {})}
        text = f"{_encoded(header)}.{_encoded(claims)}"
        return f"{text}.{_encoded(key.sign(text.encode()))}"

    def config(self) -> dict:
        roles = ["viewer", "reviewer", "safety_lead", "data_manager", "administrator", "auditor", "case_assessor"]
        return {"issuer": ISSUER, "audience": AUDIENCE, "jwks": self.url, "leeway_s": 5, "roles": {role: role for role in roles}}


class Authority:
    """Makes certificates for one test; files in `folder`."""

    def __init__(self, folder, name: str = "authority"):
        self.folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self._signed(self._name, self._key.public_key(), [(x509.BasicConstraints(True, None), True)])
                              .public_bytes(serialization.Encoding.PEM))

    def _signed(self, subject, public, extensions):
        now = datetime.datetime.utcnow()
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(public)
                   .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
                   .not_valid_after(now + datetime.timedelta(days=1)))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self._key, hashes.SHA256())

    def issue(self, name: str, usage, alternative=()):
        """(certificate file, key file)"""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        extensions = [(x509.ExtendedKeyUsage([usage]), False)]
        if alternative:
            extensions.append((x509.SubjectAlternativeName(alternative), False))
        certificate = self._signed(subject, key.public_key(), extensions)
        stem = f"{self.file.stem}-{name}"
        certificate_file, key_file = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))
        return str(certificate_file), str(key_file)

    def server(self):
        return self.issue("server", ExtendedKeyUsageOID.SERVER_AUTH,
                          [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")])

    def client(self, name: str, *alternative):
        return self.issue(name, ExtendedKeyUsageOID.CLIENT_AUTH, alternative)
