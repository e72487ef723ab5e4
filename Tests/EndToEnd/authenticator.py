"""A passkey authenticator and the browser in front of it, by the standard and with nothing of ours."""

import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def head(major, count):
    if count < 24:
        return bytes([major << 5 | count])
    if count < 256:
        return bytes([major << 5 | 24, count])
    return bytes([major << 5 | 25]) + count.to_bytes(2, "big")


def cbor(value):
    """The few kinds of CBOR that a registration needs (RFC 8949), in canonical form."""
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, int):
        return head(1, -1 - value) if value < 0 else head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())


class Authenticator:
    """Keeps one discoverable credential that verifies its user."""

    def __init__(self, origin):
        self.origin, self.count = origin, 0
        self.key, self.credential_id = ec.generate_private_key(ec.SECP256R1()), os.urandom(32)
        self.user_handle = b""

    def client_data(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False},
                          separators=(",", ":")).encode()

    def authenticator_data(self, rp_id, flags, attested=b""):
        self.count += 1
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + attested

    def answer(self, response):
        identifier = encode(self.credential_id)
        return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key",
                           "clientExtensionResults": {}, "authenticatorAttachment": "platform",
                           "response": {name: encode(value) for name, value in response.items()}})

    def create(self, options_json):
        """navigator.credentials.create(), from and to JSON."""
        options = json.loads(options_json)
        assert -7 in [parameter["alg"] for parameter in options["pubKeyCredParams"]]
        self.user_handle = decode(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor(cose)
        data = self.authenticator_data(options["rp"]["id"], 0x45, attested)
        attestation = cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self.client_data("webauthn.create", options["challenge"])
        return self.answer({"clientDataJSON": client_data, "attestationObject": attestation})

    def get(self, options_json, flags=0x05):
        """navigator.credentials.get(), from and to JSON."""
        options = json.loads(options_json)
        data = self.authenticator_data(options["rpId"], flags)
        client_data = self.client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self.answer({"clientDataJSON": client_data, "authenticatorData": data, "signature": signature,
                            "userHandle": self.user_handle})
