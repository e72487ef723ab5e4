"""What pages tell browsers of passkeys: which are accepted, and under what name."""

import json

import pytest

from authenticator import Authenticator, encode
from passkeys import Person
from rpc import RpcError, passkey_pb2
from server import Server

ORIGIN = "https://login.example.org"


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--site-url", ORIGIN]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


def signals(person, credential=b"", session=None):
    request = passkey_pb2.GetPasskeySignalsRequest(credential_id=encode(credential))
    session = person.session if session is None else session
    return person.connection.call("PasskeyService/GetPasskeySignals", request, session=session)


def test_a_page_learns_the_accepted_passkeys_and_the_name_of_its_own_user_only(server, connection, person):
    assert signals(person) == passkey_pb2.GetPasskeySignalsResponse()
    made, other = Authenticator(ORIGIN), Person(server, connection)
    strange = Authenticator(ORIGIN)
    person.register(made)
    other.register(strange)
    told = signals(person)
    handle = encode(made.user_handle)
    assert json.loads(told.all_accepted_credentials_json) == {
        "rpId": "login.example.org", "userId": handle, "allAcceptedCredentialIds": [encode(made.credential_id)]}
    assert json.loads(told.current_user_details_json) == {
        "rpId": "login.example.org", "userId": handle, "name": person.address, "displayName": person.address}
    assert told.unknown_credential_json == "" == signals(person, made.credential_id).unknown_credential_json
    for unknown in (strange.credential_id, b"nobody's"):
        text = signals(person, unknown).unknown_credential_json
        assert json.loads(text) == {"rpId": "login.example.org", "credentialId": encode(unknown)}


def test_a_removed_passkey_is_not_accepted_any_more(person):
    made = Authenticator(ORIGIN)
    passkey = person.register(made)
    person.session = person.sign_in(made).session_token
    request = passkey_pb2.RemovePasskeyRequest(user_id=person.user_id, passkey_id=passkey.id)
    person.connection.call("PasskeyService/RemovePasskey", request, session=person.session)
    told = signals(person, made.credential_id)
    assert json.loads(told.all_accepted_credentials_json)["allAcceptedCredentialIds"] == []
    assert json.loads(told.unknown_credential_json)["credentialId"] == encode(made.credential_id)


def test_without_a_session_nothing_is_told(person):
    with pytest.raises(RpcError) as refused:
        signals(person, session=b"")
    assert refused.value.code in ("UNAUTHENTICATED", "PERMISSION_DENIED")


@pytest.mark.parametrize("text", ["=", "+/+/", "A", "A" * 1400])
def test_what_is_no_identifier_is_refused(person, text):
    request = passkey_pb2.GetPasskeySignalsRequest(credential_id=text)
    with pytest.raises(RpcError) as refused:
        person.connection.call("PasskeyService/GetPasskeySignals", request, session=person.session)
    assert refused.value.code == "INVALID_ARGUMENT"
