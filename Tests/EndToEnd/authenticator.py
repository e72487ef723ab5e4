"""A passkey authenticator and the browser in front of it, by the standard and with nothing of ours.

Everything can be bent: `create` and `get` take a function for each stage of their work, which gets what is right and
returns what is used in its place. All that comes after, signatures too, is made over what it returned.
"""

import base64
import hashlib
import json
import os

from attestations import Credential, no_attestation
from canonical_cbor import cbor
from credential_keys import CredentialKey

#: Flags of authenticator data.
UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def replaced(**changes):
    """A bend that gives members of a dictionary other values."""
    return lambda members: {**members, **changes}


def without(*names):
    """A bend that leaves members of a dictionary out."""
    return lambda members: {name: value for name, value in members.items() if name not in names}


class Bends:
    """What is not as it should be, by the name of its stage."""

    def __init__(self, functions):
        self.functions = dict(functions)

    def __call__(self, stage, value):
        return self.functions.pop(stage)(value) if stage in self.functions else value

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        assert kind or not self.functions, f"there are no stages {list(self.functions)}"


class Authenticator:
    """Keeps one discoverable credential that verifies its user."""

    def __init__(self, origin, algorithm="ES256", attestation=no_attestation):
        self.origin, self.count, self.attestation = origin, 0, attestation
        self.key, self.credential_id = CredentialKey(algorithm), os.urandom(32)
        self.aaguid, self.user_handle = bytes(16), b""

    def client_data(self, kind, challenge, bend):
        members = bend("client", {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False})
        return bend("client_bytes", json.dumps(members, separators=(",", ":")).encode())

    def authenticator_data(self, rp_id, flags, attested, bend):
        """Its parts are bytes by their names, in order."""
        self.count += 1
        parts = {"rp_hash": hashlib.sha256(rp_id.encode()).digest(), "flags": bytes([flags]),
                 "count": self.count.to_bytes(4, "big"), **attested}
        return bend("data_bytes", b"".join(bend("data", parts).values()))

    def attested(self, bend):
        identifier = bend("credential_id", self.credential_id)
        return {"aaguid": self.aaguid, "id_length": len(identifier).to_bytes(2, "big"), "id": identifier,
                "key": bend("key_bytes", cbor(bend("key", self.key.cose)))}

    def answer(self, response, bend):
        identifier = encode(self.credential_id)
        answer = {"id": identifier, "rawId": identifier, "type": "public-key", "clientExtensionResults": {},
                  "authenticatorAttachment": "platform", "response": bend("response", response)}
        return json.dumps(bend("answer", answer))

    def create(self, options_json, flags=UP | UV | AT, **bends):
        """navigator.credentials.create(), from and to JSON."""
        options = json.loads(options_json)
        self.user_handle = decode(options["user"]["id"])
        with Bends(bends) as bend:
            client_data = self.client_data("webauthn.create", options["challenge"], bend)
            data = self.authenticator_data(options["rp"]["id"], flags, self.attested(bend), bend)
            made = Credential(self.key, self.credential_id, self.aaguid, data, hashlib.sha256(client_data).digest())
            name, statement = self.attestation(made, bend)
            attestation = bend("object", {"fmt": name, "attStmt": bend("statement", statement), "authData": data})
            return self.answer({"clientDataJSON": encode(client_data),
                                "attestationObject": encode(bend("object_bytes", cbor(attestation)))}, bend)

    def get(self, options_json, flags=UP | UV, **bends):
        """navigator.credentials.get(), from and to JSON."""
        options = json.loads(options_json)
        with Bends(bends) as bend:
            client_data = self.client_data("webauthn.get", options["challenge"], bend)
            data = self.authenticator_data(options["rpId"], flags, {}, bend)
            signature = bend("signature", self.key.sign(data + hashlib.sha256(client_data).digest()))
            return self.answer({"clientDataJSON": encode(client_data), "authenticatorData": encode(data),
                                "signature": encode(signature), "userHandle": encode(self.user_handle)}, bend)
