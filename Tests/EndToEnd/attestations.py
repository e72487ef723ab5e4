"""Attestation statements of every format (WebAuthn Level 3 section 8), each by a maker with a chain of its own.

An attestation is a function of a new credential and of the bends of `Authenticator.create`; it returns the name of the
format and the statement.
"""

import datetime
import functools
import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from credential_keys import CURVES, CredentialKey

#: What FIDO's extension for the model's number is called.
MODEL = ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
NOT_AN_AUTHORITY = (x509.BasicConstraints(ca=False, path_length=None), True)


@dataclass(frozen=True)
class Credential:
    """A new credential, as far as somebody attests it."""

    key: CredentialKey
    id: bytes
    aaguid: bytes
    #: The authenticator data.
    data: bytes
    client_data_hash: bytes

    @property
    def signed(self):
        return self.data + self.client_data_hash


class Maker:
    """A manufacturer: a root, an authority below it, and what that certifies."""

    def __init__(self, name):
        self.keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
        root, below = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} {rank}")])
                       for rank in ("Root", "Authority"))
        authority = [(x509.BasicConstraints(ca=True, path_length=None), True)]
        self.root = signed(self.keys[0], root, self.keys[0].public_key(), root, authority)
        self.authority = signed(self.keys[0], root, self.keys[1].public_key(), below, authority)

    def certify(self, public_key, subject, extensions):
        return signed(self.keys[1], self.authority.subject, public_key, subject, extensions)

    def chain(self, leaf):
        """The attesting certificate first, the root left out."""
        return [certificate.public_bytes(Encoding.DER) for certificate in (leaf, self.authority)]


@functools.cache
def maker(name):
    return Maker(name)


def signed(issuer_key, issuer, public_key, subject, extensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().issuer_name(issuer).subject_name(subject).public_key(public_key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=30))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def extension(identifier, value):
    return x509.UnrecognizedExtension(ObjectIdentifier(identifier), value)


def name_of(**parts):
    """A subject of these parts, one relative name each, in this order."""
    oids = {"country": NameOID.COUNTRY_NAME, "organization": NameOID.ORGANIZATION_NAME,
            "unit": NameOID.ORGANIZATIONAL_UNIT_NAME, "common": NameOID.COMMON_NAME}
    return x509.Name([x509.NameAttribute(oids[part], value) for part, value in parts.items()])


def der(tag, *contents):
    """One element of DER; tags above 30 are written as they are."""
    content = b"".join(contents)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes(
        (size.bit_length() + 7) // 8, "big")
    return (bytes([tag]) if isinstance(tag, int) else tag) + length + content


def no_attestation(made, bend):
    return "none", {}


def packed_self(made, bend):
    return "packed", {"alg": made.key.number, "sig": made.key.sign(bend("signed", made.signed))}


def packed(made, bend):
    """By a key that a batch of devices shares."""
    key, by = CredentialKey(bend("attesting_algorithm", "ES256")), maker("Packed")
    subject = bend("subject", {"country": "AT", "organization": "Maker", "unit": "Authenticator Attestation",
                               "common": "Batch 1"})
    extensions = bend("extensions", {"constraints": NOT_AN_AUTHORITY,
                                     "model": (x509.UnrecognizedExtension(MODEL, der(0x04, made.aaguid)), False)})
    leaf = by.certify(key.public, name_of(**subject), extensions.values())
    return "packed", {"alg": key.number, "sig": key.sign(bend("signed", made.signed)), "x5c": by.chain(leaf)}


def fido_u2f(made, bend):
    """By a U2F token, whose key is always of P-256."""
    curve, by = bend("curve", ec.SECP256R1()), maker("U2F")
    key, numbers = ec.generate_private_key(curve), made.key.cose
    leaf = by.certify(key.public_key(), name_of(common="Token"), [])
    message = b"\0" + made.data[:32] + made.client_data_hash + made.id + b"\4" + numbers[-2] + numbers[-3]
    signature = key.sign(bend("signed", message), ec.ECDSA(hashes.SHA256()))
    return "fido-u2f", {"sig": signature, "x5c": bend("x5c", by.chain(leaf)[:1])}


def apple(made, bend):
    """By a certificate for this credential alone, whose nonce binds it to the ceremony."""
    by, nonce = maker("Apple"), bend("nonce", hashlib.sha256(made.signed).digest())
    value = bend("nonce_extension", der(0x30, der(0xA1, der(0x04, nonce))))
    leaf = by.certify(bend("certified", made.key).public, name_of(common="Credential"),
                      [(extension("1.2.840.113635.100.8.2", value), False)])
    return "apple", {"x5c": by.chain(leaf)}


def android_key(made, bend):
    """By the credential's own key, which Android's key store certified."""
    by, key = maker("Android"), bend("certified", made.key)
    software = {"creation": der(b"\xbf\x85\x3d", der(0x02, b"\1"))}
    hardware = {"purpose": der(0xA1, der(0x31, der(0x02, b"\2"))), "origin": der(b"\xbf\x85\x3e", der(0x02, b"\0"))}
    description = bend("description", {
        "version": der(0x02, b"\3"), "level": der(0x0A, b"\1"),
        "mint": der(0x02, b"\4"), "mint_level": der(0x0A, b"\1"),
        "challenge": der(0x04, made.client_data_hash), "unique": der(0x04),
        "software": der(0x30, *bend("software", software).values()),
        "hardware": der(0x30, *bend("hardware", hardware).values())})
    leaf = by.certify(key.public, name_of(common="Android Keystore Key"),
                      [(extension("1.3.6.1.4.1.11129.2.1.17", der(0x30, *description.values())), False)])
    return "android-key", {"alg": key.number, "sig": key.sign(bend("signed", made.signed)), "x5c": by.chain(leaf)}


def tpm(made, bend):
    """By an attestation identity key, which says of the credential's key that it lives in the same TPM."""
    key, by = CredentialKey("ES256"), maker("TPM")
    area = b"".join(bend("area", public_area(made.key)).values())
    info = b"".join(bend("info", {
        "magic": b"\xffTCG", "type": b"\x80\x17", "signer": sized(b""),
        "extra": sized(hashlib.sha256(made.signed).digest()), "clock": bytes(17), "firmware": bytes(8),
        "name": sized(b"\x00\x0b" + hashlib.sha256(area).digest()), "qualified": sized(b"")}).values())
    model = x509.DirectoryName(x509.Name([
        x509.NameAttribute(ObjectIdentifier(f"2.23.133.2.{number}"), value)
        for number, value in (bend("model", {1: "id:414D4400", 2: "Model", 3: "id:13"})).items()]))
    extensions = bend("extensions", {
        "constraints": NOT_AN_AUTHORITY, "names": (x509.SubjectAlternativeName([model]), True),
        "usage": (x509.ExtendedKeyUsage([ObjectIdentifier("2.23.133.8.3")]), False)})
    leaf = by.certify(key.public, name_of(**bend("subject", {})), extensions.values())
    return "tpm", {"alg": key.number, "sig": key.sign(bend("signed", info)), "ver": "2.0", "x5c": by.chain(leaf),
                   "pubArea": area, "certInfo": info}


def compound(made, bend):
    """By the key itself and by its maker, one after the other."""
    parts = [dict(zip(("fmt", "attStmt"), part(made, lambda _, value: value))) for part in (packed_self, packed)]
    return "compound", bend("parts", parts)


def sized(data):
    """A TPM2B structure."""
    return len(data).to_bytes(2, "big") + data


def public_area(key):
    """A TPMT_PUBLIC: kind, name algorithm, attributes, policy, parameters, numbers."""
    common = {"names_by": b"\x00\x0b", "attributes": b"\x00\x06\x04\x72", "policy": sized(b""),
              "symmetric": b"\x00\x10", "scheme": b"\x00\x10"}
    cose = key.cose
    if key.algorithm in CURVES:
        curve = {"ES256": 3, "ES384": 4, "ES512": 5}[key.algorithm].to_bytes(2, "big")
        return {"kind": b"\x00\x23", **common, "curve": curve, "derivation": b"\x00\x10", "x": sized(cose[-2]),
                "y": sized(cose[-3])}
    return {"kind": b"\x00\x01", **common, "bits": (8 * len(cose[-1])).to_bytes(2, "big"), "exponent": bytes(4),
            "modulus": sized(cose[-1])}


#: By what a test calls them.
ATTESTATIONS = {"none": no_attestation, "packed self": packed_self, "packed": packed, "fido-u2f": fido_u2f,
                "apple": apple, "android-key": android_key, "tpm": tpm, "compound": compound}
