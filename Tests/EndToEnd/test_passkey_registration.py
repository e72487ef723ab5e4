"""Registrations in which one thing is wrong: refused in one wording, and nothing comes of them."""

import json

import pytest

from authenticator import AT, BE, BS, UP, UV, Authenticator, encode, replaced, without
from bent_fields import AUTHENTICATOR_DATA, CLIENT_DATA, TOLERATED, flags
from canonical_cbor import cbor
from credential_keys import CredentialKey, cose_of_rsa, rsa_key
from passkeys import Person, refusal
from rpc import Connection, RpcError
from server import Server

ORIGIN = "https://login.example.org"


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--site-url", ORIGIN]).start()
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


@pytest.fixture(scope="module")
def ordinary_refusal(stranger):
    """What everything looks like that is refused: the answer to a registration that is none."""
    stranger.begin_registration()
    return refusal(lambda: stranger.finish_registration("{}"))


def cose(of, **changes):
    """A bend to the key of another algorithm or of none, with labels changed."""
    labels = {"kind": 1, "algorithm": 3, "curve": -1, "x": -2, "y": -3, "secret": -4}
    return {"key": lambda right: {**CredentialKey(of).cose,
                                  **{labels[name]: value for name, value in changes.items()}}}


def object_bytes(bend):
    return {"object_bytes": bend}


def in_another_order(attestation):
    return {name: attestation[name] for name in ("authData", "attStmt", "fmt")}


off_the_curve = {"x": bytes(31) + b"\1", "y": bytes(31) + b"\1"}

CREDENTIAL = {
    "no credential": flags(lambda right: right & ~AT),
    "no credential at all": {"data": lambda right: {name: right[name] for name in ("rp_hash", "flags", "count")}},
    "an identifier of no bytes": {"credential_id": lambda right: b""},
    "an identifier of 1024 bytes": {"credential_id": lambda right: bytes(1024)},
    "an identifier that ends after the data": {"data": replaced(id_length=b"\xff\xff")},
    "another identifier in the data": {"credential_id": lambda right: bytes(32)},
    "an algorithm that was not offered": cose("ES256", algorithm=-38),
    "an algorithm that there is not": cose("ES256", algorithm=-7777),
    "SHA-1": {"key": lambda right: cose_of_rsa(CredentialKey("RS256").public, -65535)},
    "no algorithm": {"key": lambda right: {label: value for label, value in right.items() if label != 3}},
    "the algorithm of another kind of key": cose("RS256", algorithm=-7),
    "the algorithm of another curve": cose("ES384", algorithm=-7),
    "the curve of another algorithm": cose("ES256", curve=2),
    "another kind of key": cose("ES256", kind=3),
    "a point off the curve": cose("ES256", **off_the_curve),
    "a point in short": cose("ES256", y=True),
    "a point of 31 bytes": cose("ES256", x=bytes(31)),
    "a key with its secret": cose("ES256", secret=bytes(32)),
    "31 bytes for Ed25519": cose("EdDSA", x=bytes(31)),
    "an RSA key of 1024 bits": {"key": lambda right: cose_of_rsa(rsa_key(1024).public_key(), -257)},
    "an RSA key with the exponent 1": {"key": lambda right: {**CredentialKey("RS256").cose, -2: b"\1"}},
    "an RSA key with a zero before it":
        {"key": lambda right: {**(key := CredentialKey("RS256").cose), -1: b"\0" + key[-1]}},
    "an RSA key of 65536 bits": {"key": lambda right: {**CredentialKey("RS256").cose, -1: b"\xff" * 8192}},
    "a key that is a list": {"key": lambda right: list(right.values())},
    "a key in another order": {"key": lambda right: dict(reversed(right.items()))},
    "a key cut short": {"key_bytes": lambda right: right[:-1]},
    "a key without end": {"key_bytes": lambda right: b"\xbf" + right[1:] + b"\xff"},
    "a label twice": {"key_bytes": lambda right: b"\xa6\x01\x02" + right[1:]},
    "a label in long": {"key_bytes": lambda right: right[:1] + b"\x18\x01" + right[2:]},
}

OBJECT = {
    "a byte after the object": object_bytes(lambda right: right + b"\0"),
    "an object cut short": object_bytes(lambda right: right[:-1]),
    "an object of no bytes": object_bytes(lambda right: b""),
    "an object without end": object_bytes(lambda right: b"\xbf" + right[1:] + b"\xff"),
    "an object in another order": {"object": in_another_order},
    "a name twice": object_bytes(lambda right: b"\xa4" + cbor("fmt") + cbor("none") + right[1:]),
    "a name in long": object_bytes(lambda right: right[:1] + b"\x78\x03" + right[2:]),
    "a length in long": object_bytes(lambda right: right.replace(b"\x68authData\x58", b"\x68authData\x59\x00")),
    "a tag before the object": object_bytes(lambda right: b"\xd9\xd9\xf7" + right),
    "a list for the object": object_bytes(lambda right: b"\x83" + right[1:]),
    "one member too many": {"object": lambda right: {"x": 1, **right}},
    "no statement": {"object": without("attStmt")},
    "a list as statement": {"object": replaced(attStmt=[])},
    "a format that is a number": {"object": replaced(fmt=0)},
    "authenticator data as text": {"object": replaced(authData="x" * 150)},
    "a hundred thousand lists": object_bytes(lambda right: b"\x81" * 60_000),
    "more bytes than there are": object_bytes(lambda right: b"\x5b" + b"\x7f" * 8),
    "more members than there are": object_bytes(lambda right: b"\xbb" + b"\x7f" * 8),
    "70000 bytes": {"object": lambda right: {**right, "attStmt": {"x": bytes(70_000)}}},
}

ANSWER = {
    "another identifier beside": {"answer": lambda right: {**right, "id": encode(bytes(32))}},
    "another raw identifier beside": {"answer": lambda right: {**right, "rawId": encode(bytes(32))}},
    "another identifier throughout":
        {"answer": lambda right: {**right, "id": encode(bytes(32)), "rawId": encode(bytes(32))}},
    "a padded identifier": {"answer": lambda right: {**right, "id": right["id"] + "=", "rawId": right["rawId"] + "="}},
    "a type that is none": {"answer": replaced(type="password")},
    "no type": {"answer": without("type")},
    "no response": {"answer": without("response")},
    "an object in the standard alphabet": {"response": lambda right: {
        **right, "attestationObject": right["attestationObject"].replace("-", "+").replace("_", "/") + "+/"}},
    "no object": {"response": without("attestationObject")},
    "no client data": {"response": without("clientDataJSON")},
    "the type of a sign-in": {"client": replaced(type="webauthn.get")},
}


def cases(*tables):
    return [pytest.param(bends, id=name) for table in tables for name, bends in table.items()]


@pytest.mark.parametrize("bends", cases(CLIENT_DATA, AUTHENTICATOR_DATA, CREDENTIAL, OBJECT, ANSWER))
def test_what_is_wrong_in_one_thing_is_refused_like_all_else(stranger, ordinary_refusal, bends):
    assert refusal(lambda: stranger.register(Authenticator(ORIGIN), **bends)) == ordinary_refusal
    assert not stranger.passkeys


@pytest.mark.parametrize("bends", cases(TOLERATED))
def test_what_honest_authenticators_may_do_is_no_reason(person, bends):
    person.register(authenticator := Authenticator(ORIGIN), **bends)
    assert person.sign_in(authenticator).session.user_id == person.user_id


def test_an_identifier_may_have_1023_bytes(person):
    authenticator = Authenticator(ORIGIN)
    authenticator.credential_id = bytes(range(93)) * 11
    person.register(authenticator)
    assert person.sign_in(authenticator).session.user_id == person.user_id


@pytest.mark.parametrize(("registered", "eligible", "backed_up"), [
    (UP | UV | AT, False, False), (UP | UV | AT | BE, True, False), (UP | UV | AT | BE | BS, True, True)])
def test_what_a_passkey_says_of_its_backup_is_kept(person, registered, eligible, backed_up):
    passkey = person.register(Authenticator(ORIGIN), flags=registered)
    assert (passkey.backup_eligible, passkey.backed_up) == (eligible, backed_up)


def test_an_assertion_is_no_registration(stranger, ordinary_refusal):
    options = json.loads(stranger.begin_registration())
    assertion = Authenticator(ORIGIN).get(json.dumps({"rpId": "login.example.org", "challenge": options["challenge"]}))
    assert refusal(lambda: stranger.finish_registration(assertion)) == ordinary_refusal
    assert not stranger.passkeys


def test_a_challenge_is_good_for_one_try_by_one_session(server, connection, stranger, ordinary_refusal, person):
    authenticator = Authenticator(ORIGIN)
    options = stranger.begin_registration()
    right = authenticator.create(options)
    # Another's session, one's own without a challenge, a replaced one, and one that was tried with.
    assert refusal(lambda: person.finish_registration(right)) == ordinary_refusal
    person.begin_registration()
    assert refusal(lambda: person.finish_registration(right)) == ordinary_refusal
    stranger.begin_registration()
    assert refusal(lambda: stranger.finish_registration(right)) == ordinary_refusal
    options = stranger.begin_registration()
    assert refusal(lambda: stranger.finish_registration(Authenticator(ORIGIN).create(options, client=without("type"))))
    assert refusal(lambda: stranger.finish_registration(authenticator.create(options))) == ordinary_refusal
    assert not stranger.passkeys and not person.passkeys
    right = authenticator.create(person.begin_registration())
    person.finish_registration(right)
    assert refusal(lambda: person.finish_registration(right)) == ordinary_refusal
    assert len(person.passkeys) == 1


def test_the_challenge_of_a_sign_in_registers_nothing(stranger, ordinary_refusal):
    options = json.loads(stranger.begin_registration())
    options["challenge"] = json.loads(stranger.begin_passkey(stranger.begin_flow()))["challenge"]
    response = Authenticator(ORIGIN).create(json.dumps(options))
    assert refusal(lambda: stranger.finish_registration(response)) == ordinary_refusal
    assert not stranger.passkeys


def test_a_challenge_ends(server, stranger, ordinary_refusal):
    response = Authenticator(ORIGIN).create(stranger.begin_registration())
    server.query("UPDATE passkey_challenges SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND")
    assert refusal(lambda: stranger.finish_registration(response)) == ordinary_refusal
    assert not stranger.passkeys


def test_what_the_client_says_of_the_options_changes_nothing(stranger, ordinary_refusal):
    options = json.loads(stranger.begin_registration())
    response = json.loads(Authenticator(ORIGIN, "PS384").create(json.dumps(options)))
    response |= {"pubKeyCredParams": [{"type": "public-key", "alg": -38}], "userVerification": "discouraged"}
    assert refusal(lambda: stranger.finish_registration(json.dumps(response))) == ordinary_refusal


def test_anothers_passkey_is_not_taken_over(person, stranger):
    authenticator = Authenticator(ORIGIN)
    person.register(authenticator)
    before = person.stored
    with pytest.raises(RpcError) as refused:
        stranger.register(authenticator)
    assert refused.value.code == "ALREADY_EXISTS" and refused.value.reason == "authenticators.passkey_taken"
    assert person.stored == before and not stranger.passkeys
    thief = Authenticator(ORIGIN)
    thief.credential_id = authenticator.credential_id
    with pytest.raises(RpcError) as refused:
        stranger.register(thief)
    assert refused.value.code == "ALREADY_EXISTS"
    assert person.stored == before and not stranger.passkeys


def test_a_field_that_is_wrong_is_named(stranger):
    options = stranger.begin_registration()
    right = Authenticator(ORIGIN).create(options)
    for field, arguments in [("name", (right, "")), ("name", (right, "x" * 101)), ("name", (right, "a\nb")),
                             ("response_json", ("x" * 150_001,))]:
        with pytest.raises(RpcError) as refused:
            stranger.finish_registration(*arguments)
        assert refused.value.code == "INVALID_ARGUMENT"
        assert [violation.field for violation in refused.value.violations] == [field]
    assert not stranger.passkeys
