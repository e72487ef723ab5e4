"""Passkeys of every algorithm and with every kind of attestation, and statements that are not what they seem.

Each statement that is refused is right but for one thing, and signed as it is.
"""

import hashlib
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ObjectIdentifier
from fido2.attestation import Attestation, NoneAttestation
from fido2.webauthn import AttestationObject

from attestations import ATTESTATIONS, MODEL, der, public_area, sized
from authenticator import Authenticator, decode, replaced, without
from credential_keys import ALGORITHMS, CredentialKey
from passkeys import Person, refusal
from rpc import Connection, session_pb2
from server import Server

ORIGIN = "https://login.example.org"
#: What is asked for unless configured otherwise, in order.
OFFERED = ["EdDSA", "ES256", "RS256", "ES384", "ES512", "PS256"]


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--site-url", ORIGIN]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def server_of_all():
    """One that asks for all algorithms that there are."""
    server = Server(options=["--site-url", ORIGIN, "--passkeys-algorithms", ",".join(ALGORITHMS)]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def stranger(server):
    """Somebody who never gets a passkey."""
    with Connection(server) as connection:
        yield Person(server, connection)


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


@pytest.mark.parametrize("algorithm", OFFERED)
def test_a_passkey_of_each_algorithm_that_is_offered_registers_and_signs_in(person, algorithm):
    options = person.begin_registration()
    assert [entry["alg"] for entry in json.loads(options)["pubKeyCredParams"]] == [ALGORITHMS[a] for a in OFFERED]
    authenticator = Authenticator(ORIGIN, algorithm)
    person.finish_registration(authenticator.create(options))
    signed_in = person.sign_in(authenticator)
    assert signed_in.session.user_id == person.user_id
    assert signed_in.session.assurance_level == session_pb2.ASSURANCE_LEVEL_AAL2
    assert refusal(lambda: person.sign_in(authenticator, signature=lambda right: right[:-1] + bytes([right[-1] ^ 1])))
    assert person.sign_in(authenticator).session.user_id == person.user_id


@pytest.mark.parametrize("algorithm", sorted(set(ALGORITHMS) - set(OFFERED)))
def test_each_further_algorithm_registers_and_signs_in_where_it_is_asked_for(server_of_all, algorithm):
    with Connection(server_of_all) as connection:
        person = Person(server_of_all, connection)
        authenticator = Authenticator(ORIGIN, algorithm)
        person.finish_registration(authenticator.create(person.begin_registration()))
        assert person.sign_in(authenticator).session.user_id == person.user_id


@pytest.mark.parametrize("algorithm", sorted(set(ALGORITHMS) - set(OFFERED)))
def test_a_passkey_of_an_algorithm_that_is_not_offered_is_refused(stranger, ordinary_refusal, algorithm):
    assert refusal(lambda: stranger.register(Authenticator(ORIGIN, algorithm))) == ordinary_refusal
    assert not stranger.passkeys


@pytest.mark.parametrize("name", ATTESTATIONS)
@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_passkey_with_each_kind_of_attestation_registers_and_signs_in(person, name, algorithm):
    if name == "fido-u2f":
        algorithm = "ES256"  # U2F has no other.
    authenticator = Authenticator(ORIGIN, algorithm, ATTESTATIONS[name])
    person.register(authenticator)
    assert person.sign_in(authenticator).session.user_id == person.user_id


@pytest.mark.parametrize("name", [name for name in ATTESTATIONS if name not in ("android-key", "compound")])
def test_the_scripted_statements_hold_by_the_word_of_another_implementation(name):
    """fido2 has nothing for Android keys and compound statements."""
    options = {"challenge": "AAAA", "rp": {"id": "example.org"}, "user": {"id": "AAAA"}}
    made = json.loads(Authenticator(ORIGIN, attestation=ATTESTATIONS[name]).create(json.dumps(options)))["response"]
    read = AttestationObject(decode(made["attestationObject"]))
    verifier = NoneAttestation() if read.fmt == "none" else Attestation.for_type(read.fmt)()
    verifier.verify(read.att_stmt, read.auth_data, hashlib.sha256(decode(made["clientDataJSON"])).digest())


@pytest.fixture(scope="module")
def ordinary_refusal(stranger):
    """What everything looks like that is refused: the answer to a registration that is none."""
    stranger.begin_registration()
    return refusal(lambda: stranger.finish_registration("{}"))


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def authority(certificates):
    return {**certificates, "constraints": (x509.BasicConstraints(ca=True, path_length=None), True)}


def model(value, critical=False):
    """A bend of a certificate's extensions: what it says of the model."""
    return lambda extensions: {**extensions, "model": (x509.UnrecognizedExtension(MODEL, value), critical)}


other_key = CredentialKey()

BENT = [
    ("none", "a statement that is not empty", {"statement": lambda right: {"x": 1}}),
    ("none", "a name with another case", {"object": replaced(fmt="None")}),
    ("none", "a name of 33 letters", {"object": replaced(fmt="n" * 33)}),
    ("none", "an empty name", {"object": replaced(fmt="")}),
    ("none", "a format that is gone", {"object": replaced(fmt="android-safetynet")}),
    ("packed self", "the name of another format", {"object": replaced(fmt="tpm")}),
    ("packed self", "a number before the name's end", {"object": replaced(fmt="packed\0")}),
    ("packed self", "another algorithm", {"statement": replaced(alg=-257)}),
    ("packed self", "a foreign key's signature", {"statement": lambda right: {**right, "sig": other_key.sign(b"")}}),
    ("packed self", "a signature over something else", {"signed": flipped}),
    ("packed self", "no signature", {"statement": without("sig")}),
    ("packed self", "one member too many", {"statement": replaced(more=b"")}),
    ("packed", "a list without certificates", {"statement": replaced(x5c=[])}),
    ("packed", "eleven certificates", {"statement": lambda right: {**right, "x5c": right["x5c"][:1] * 11}}),
    ("packed", "a certificate that is none", {"statement": lambda right: {**right, "x5c": [right["x5c"][0][:-1]]}}),
    ("packed", "the chain's order reversed", {"statement": lambda right: {**right, "x5c": right["x5c"][::-1]}}),
    ("packed", "another algorithm", {"statement": replaced(alg=-257)}),
    ("packed", "SHA-1", {"statement": replaced(alg=-65535)}),
    ("packed", "a signature over something else", {"signed": flipped}),
    ("packed", "another model's certificate", {"extensions": model(der(0x04, bytes(15) + b"\1"))}),
    ("packed", "the model wrapped once", {"extensions": model(bytes(16))}),
    ("packed", "the model as critical", {"extensions": model(der(0x04, bytes(16)), critical=True)}),
    ("packed", "an authority's certificate", {"extensions": authority}),
    ("packed", "a certificate without constraints", {"extensions": without("constraints")}),
    ("packed", "another unit", {"subject": replaced(unit="authenticator attestation")}),
    ("packed", "no unit", {"subject": without("unit")}),
    ("packed", "no country", {"subject": without("country")}),
    ("packed", "no organisation", {"subject": without("organization")}),
    ("packed", "no name", {"subject": without("common")}),
    ("fido-u2f", "two certificates", {"x5c": lambda right: right * 2}),
    ("fido-u2f", "a certificate of P-384", {"curve": lambda right: ec.SECP384R1()}),
    ("fido-u2f", "a signature over something else", {"signed": flipped}),
    ("fido-u2f", "a signature as packed makes it", {"signed": lambda right: right[1:]}),
    ("apple", "another ceremony's nonce", {"nonce": flipped}),
    ("apple", "a nonce behind something else", {"nonce_extension": lambda right: b"\x04\x00" + right}),
    ("apple", "something after the nonce", {"nonce_extension": lambda right: right + b"\x05\x00"}),
    ("apple", "a longer nonce with the right end", {"nonce": lambda right: b"\0" + right}),
    ("apple", "a certificate for another key", {"certified": lambda right: other_key}),
    ("android-key", "another ceremony's challenge", {"description": replaced(challenge=der(0x04, bytes(32)))}),
    ("android-key", "a key for all applications", {"hardware": replaced(all=der(b"\xbf\x84\x58", b"\5\0"))}),
    ("android-key", "a key for all applications, says the software",
     {"software": lambda right: {"all": der(b"\xbf\x84\x58", b"\5\0"), **right}}),
    ("android-key", "a key that was imported", {"hardware": replaced(origin=der(b"\xbf\x85\x3e", b"\2\1\2"))}),
    ("android-key", "a key of no known origin", {"hardware": without("origin")}),
    ("android-key", "a key that may not sign", {"hardware": replaced(purpose=der(0xA1, der(0x31, b"\2\1\3")))}),
    ("android-key", "a key without purpose", {"hardware": without("purpose")}),
    ("android-key", "a certificate for another key", {"certified": lambda right: other_key}),
    ("android-key", "a signature over something else", {"signed": flipped}),
    ("android-key", "a description that ends early", {"description": without("hardware")}),
    ("tpm", "another version", {"statement": replaced(ver="1.2")}),
    ("tpm", "what no TPM made", {"info": replaced(magic=b"\xffTCH")}),
    ("tpm", "a quote", {"info": replaced(type=b"\x80\x18")}),
    ("tpm", "another ceremony", {"info": replaced(extra=sized(bytes(32)))}),
    ("tpm", "the ceremony by another hash", {"info": replaced(extra=sized(bytes(20)))}),
    ("tpm", "another key's name", {"info": replaced(name=sized(b"\x00\x0b" + bytes(32)))}),
    ("tpm", "a name by another algorithm", {"area": replaced(names_by=b"\x00\x04")}),
    ("tpm", "something after its words", {"info": replaced(more=b"\0")}),
    ("tpm", "words cut short", {"statement": lambda right: {**right, "certInfo": right["certInfo"][:-1]}}),
    ("tpm", "another key", {"area": lambda right: public_area(other_key)}),
    ("tpm", "a length before the key", {"area": lambda right: {"length": b"\0\x56", **right}}),
    ("tpm", "something after the key", {"area": replaced(more=b"\0")}),
    ("tpm", "a key of no kind", {"area": replaced(kind=b"\x00\x08")}),
    ("tpm", "another curve", {"area": replaced(curve=b"\x00\x04")}),
    ("tpm", "a subject", {"subject": replaced(common="TPM")}),
    ("tpm", "a certificate for something else",
     {"extensions": replaced(usage=(x509.ExtendedKeyUsage([ObjectIdentifier("2.23.133.8.1")]), False))}),
    ("tpm", "a certificate without a use", {"extensions": without("usage")}),
    ("tpm", "a certificate without a model", {"extensions": without("names")}),
    ("tpm", "a model that is not critical",
     {"extensions": lambda right: {**right, "names": (right["names"][0], False)}}),
    ("tpm", "an authority's certificate", {"extensions": authority}),
    ("tpm", "a maker that is none", {"model": lambda right: {**right, 1: "id:AMD"}}),
    ("tpm", "no version of the model", {"model": lambda right: {1: right[1], 2: right[2]}}),
    ("tpm", "a signature over something else", {"signed": flipped}),
    ("compound", "one part", {"parts": lambda right: right[:1]}),
    ("compound", "a part without attestation", {"parts": lambda right: right + [{"fmt": "none", "attStmt": {}}]}),
    ("compound", "a part in parts", {"parts": lambda right: right + [{"fmt": "compound", "attStmt": right}]}),
    ("compound", "a part that does not hold",
     {"parts": lambda right: [right[0], {**right[1], "attStmt": {**right[1]["attStmt"], "sig": b"\0"}}]}),
    ("compound", "nine parts", {"parts": lambda right: right[:1] * 9}),
]


@pytest.mark.parametrize(("name", "bends"), [(name, bends) for name, _, bends in BENT],
                         ids=[f"{name}: {what}" for name, what, _ in BENT])
def test_a_statement_that_does_not_hold_is_refused_like_any_other(stranger, ordinary_refusal, name, bends):
    authenticator = Authenticator(ORIGIN, attestation=ATTESTATIONS[name])
    assert refusal(lambda: stranger.register(authenticator, **bends)) == ordinary_refusal
    assert not stranger.passkeys


def test_a_token_of_u2f_has_keys_of_one_curve_only(stranger, ordinary_refusal):
    authenticator = Authenticator(ORIGIN, "ES384", ATTESTATIONS["fido-u2f"])
    assert refusal(lambda: stranger.register(authenticator)) == ordinary_refusal
