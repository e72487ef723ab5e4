"""What the server asks browsers for: nothing that tells strangers who somebody is, or who has a passkey."""

import hashlib
import json
import uuid

import pytest

from authenticator import Authenticator, decode, encode
from passkeys import Person
from rpc import RpcError, passkey_pb2, user_pb2
from server import Server
from test_rpc_flow import begin, fresh_address, submit

ORIGIN = "https://login.example.org"


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--site-url", ORIGIN, "--policy-self-registration", "invited"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    """Somebody who was entered by an administrator."""
    address = fresh_address()
    identifier = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=address)
    connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(identifiers=[identifier]))
    return Person(server, connection, address)


def test_challenges_are_long_and_never_the_same(person):
    flow = person.begin_flow()
    texts = [person.begin_registration() for _ in range(20)] + [person.begin_passkey(flow) for _ in range(20)]
    challenges = [decode(json.loads(text)["challenge"]) for text in texts]
    assert len(set(challenges)) == 40 and {len(challenge) for challenge in challenges} == {32}


def test_the_handle_of_an_account_is_random_and_stays(server, connection, person):
    handles = {json.loads(person.begin_registration())["user"]["id"] for _ in range(3)}
    assert len(handles) == 1
    handle = decode(handles.pop())
    assert len(handle) == 64
    for text in (person.address.encode(), person.user_id.encode(), uuid.UUID(person.user_id).bytes):
        assert text not in handle
        for digest in (hashlib.sha1, hashlib.sha256, hashlib.sha512):
            assert digest(text).digest()[:8] not in handle
    person.register(Authenticator(ORIGIN))
    for options in (person.begin_passkey(person.begin_flow()), person.begin_passkey(named_flow(connection, person))):
        assert encode(handle) not in options


def named_flow(connection, person, address=None):
    return begin(connection, address or person.address, person.source).flow_token


def test_before_a_proof_the_options_are_the_same_for_everybody(connection, person):
    def options(address):
        options = json.loads(person.begin_passkey(named_flow(connection, person, address)))
        del options["challenge"]
        return options

    without = options(person.address)
    person.register(Authenticator(ORIGIN))
    assert without == options(person.address) == options(fresh_address())
    assert without["allowCredentials"] == [] and without["userVerification"] == "required"
    assert without["rpId"] == "login.example.org"


def test_after_a_proof_the_persons_own_passkeys_are_offered_and_excluded(server, connection, person):
    authenticators = [Authenticator(ORIGIN), Authenticator(ORIGIN)]
    person.register(authenticators[0])
    person.session = person.sign_in(authenticators[0]).session_token
    person.register(authenticators[1])
    identifiers = [encode(authenticator.credential_id) for authenticator in authenticators]
    excluded = json.loads(person.begin_registration())["excludeCredentials"]
    assert [descriptor["id"] for descriptor in excluded] == identifiers
    flow = named_flow(connection, person)
    submit(connection, flow, server.code_for(person.address, 2))
    offered = json.loads(person.begin_passkey(flow))["allowCredentials"]
    assert [descriptor["id"] for descriptor in offered] == identifiers
    strangers = person.begin_passkey(person.begin_flow())
    assert not any(identifier in strangers for identifier in identifiers)


def test_what_is_asked_of_a_new_passkey(person):
    options = json.loads(person.begin_registration())
    selection = options["authenticatorSelection"]
    assert selection["residentKey"] == "required" and selection["requireResidentKey"] is True
    assert selection["userVerification"] == "preferred"
    assert options["attestation"] == "none" and options["timeout"] == 300_000
    assert options["user"]["name"] == person.address


@pytest.mark.parametrize("session", [b"", b"ghs_nobodys"], ids=["none", "nobody's"])
def test_nobody_but_a_person_who_is_signed_in_registers(connection, session):
    for method, request in [
            ("BeginPasskeyRegistration", passkey_pb2.BeginPasskeyRegistrationRequest()),
            ("FinishPasskeyRegistration", passkey_pb2.FinishPasskeyRegistrationRequest(response_json="{}", name="K"))]:
        with pytest.raises(RpcError) as refused:
            connection.call(f"PasskeyService/{method}", request, session=session)
        assert refused.value.code in ("PERMISSION_DENIED", "UNAUTHENTICATED")
