"""An OpenID Connect provider on loopback that does whatever a test tells it to: every bad token, document and timing."""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class HostileProvider:
    """Honest until one of its attributes says otherwise."""

    def __init__(self):
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.reset()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self, b"")

            def do_POST(self):
                provider.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def reset(self):
        self.requests = []
        self.claims = {}
        self.header = {}
        self.kid = "k1"
        self.document = {}
        self.token_answer = {}
        self.raw_token = None
        self.signature = None
        self.algorithm = "RS256"
        # What is sent instead of an answer, by path: a function of the handler.
        self.instead = {}
        self.nonce = self.challenge = None

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    # -- what it sends -------------------------------------------------------------------------------------------

    def keys(self):
        point = self.ec.public_key().public_numbers()
        modulus = self.rsa.public_key().public_numbers()
        size = lambda value: b64(value.to_bytes(32, "big"))  # noqa: E731
        return {"keys": [
            {"kty": "RSA", "kid": self.kid, "use": "sig", "alg": "RS256", "n": number(modulus.n), "e": "AQAB"},
            {"kty": "EC", "kid": self.kid, "crv": "P-256", "x": size(point.x), "y": size(point.y)}]}

    def discovery(self):
        whole = {"issuer": self.url, "authorization_endpoint": self.url + "/authorize", "token_endpoint": self.url + "/token",
                 "jwks_uri": self.url + "/keys", "response_types_supported": ["code"],
                 "code_challenge_methods_supported": ["S256"], "id_token_signing_alg_values_supported": ["RS256", "ES256"]}
        return {name: value for name, value in {**whole, **self.document}.items() if value is not None}

    def sign(self, signed):
        if self.signature is not None:
            return self.signature(signed)
        if self.algorithm == "ES256":
            r, s = decode_dss_signature(self.ec.sign(signed, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return self.rsa.sign(signed, padding.PKCS1v15(), hashes.SHA256())

    def make(self, header, claims):
        """A token of these parts; a text is taken as it is."""
        parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, claims)]
        signed = ".".join(b64(part.encode()) for part in parts).encode()
        return signed.decode() + "." + b64(self.sign(signed))

    def id_token(self):
        if self.raw_token is not None:
            return self.raw_token
        now = int(time.time())
        claims = {"iss": self.url, "aud": "client", "sub": "somebody", "nonce": self.nonce, "iat": now, "exp": now + 300,
                  **self.claims}
        header = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT", **self.header}
        kept = [{name: value for name, value in part.items() if value is not None} for part in (header, claims)]
        return self.make(*kept)

    def public_texts(self):
        """The public key in every form that a shared secret was ever made of."""
        key = self.rsa.public_key()
        info = PublicFormat.SubjectPublicKeyInfo
        return [key.public_bytes(Encoding.PEM, info), key.public_bytes(Encoding.DER, info),
                json.dumps(self.keys()["keys"][0]).encode()]

    def keyed(self, secret):
        self.header, self.signature = {"alg": "HS256"}, lambda signed: hmac.new(secret, signed, hashlib.sha256).digest()

    # -- serving -------------------------------------------------------------------------------------------------

    def answer(self, handler, body):
        path = handler.path.split("?")[0]
        self.requests.append((path, dict(handler.headers), urllib.parse.parse_qs(body.decode())))
        if path in self.instead:
            return self.instead[path](handler)
        if path == "/.well-known/openid-configuration":
            return self.send(handler, self.discovery())
        if path == "/keys":
            return self.send(handler, self.keys())
        if path == "/token":
            fields = self.requests[-1][2]
            verifier = fields.get("code_verifier", [""])[0]
            if b64(hashlib.sha256(verifier.encode()).digest()) != self.challenge:
                return self.send(handler, {"error": "invalid_grant"}, 400)
            return self.send(handler, {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token(),
                                       **self.token_answer})
        return self.send(handler, {}, 404)

    @staticmethod
    def send(handler, value, status=200):
        data = json.dumps(value).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    @staticmethod
    def redirecting(to):
        def answer(handler):
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        return answer

    @staticmethod
    def huge(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(160):
                handler.wfile.write(b" " * 65536)
        except OSError:
            pass

    @staticmethod
    def dripping(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _ in range(60):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.5)
        except OSError:
            pass
