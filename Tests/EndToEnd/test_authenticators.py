"""Authenticator apps and passkeys, set up and used over RPC by programs that have nothing of ours."""

import base64
import hashlib
import hmac
import json
import struct
import time
import urllib.parse

import pytest

from authenticator import Authenticator
from rpc import Connection, RpcError, passkey_pb2, session_pb2, sign_in_pb2, totp_pb2
from server import Server
from test_rpc_flow import begin, fresh_address, sign_in, submit

ORIGIN = "https://login.example.org"


@pytest.fixture(scope="module")
def server():
    """A server whose site has a name that passkeys can belong to."""
    server = Server(options=["--site-url", ORIGIN]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def connection(server):
    with Connection(server) as connection:
        yield connection


def one_time_password(uri, ahead=0):
    """RFC 6238, from the otpauth URI alone."""
    parts = urllib.parse.urlsplit(uri)
    query = dict(urllib.parse.parse_qsl(parts.query))
    assert parts.scheme == "otpauth" and parts.netloc == "totp" and query["issuer"] == "Gatehouse"
    secret = query["secret"]
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = (int(time.time()) + ahead) // int(query["period"])
    digest = hmac.new(key, struct.pack(">Q", step), getattr(hashlib, query["algorithm"].lower())).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10 ** int(query["digits"])).zfill(int(query["digits"])).encode()


def wait_for_time_in_a_step(seconds=10):
    """Waits until a step of 30 seconds has at least so many left, in which a code stays as old as it is."""
    left = 30 - time.time() % 30
    if left < seconds:
        time.sleep(left)


def steps(flow):
    return [step.WhichOneof("kind") for step in flow.next_steps]


def prove_address(server, connection, address):
    """The first step of a further sign-in; the answer, and the flow's token."""
    before = len(server.codes_to(address))
    started = begin(connection, address)
    code = server.code_for(address, before + 1)
    return submit(connection, started.flow_token, code), started.flow_token


def test_an_authenticator_app_is_set_up_and_then_asked_for(server, connection):
    address = fresh_address()
    session = sign_in(server, connection, address).session_token
    with pytest.raises(RpcError) as refused:
        connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Phone"))
    assert refused.value.code == "PERMISSION_DENIED"
    begun = connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Phone"),
                            session=session)
    uri = begun.provisioning_uri.decode()
    assert begun.secret.decode() in uri and urllib.parse.quote(address, safe="") in uri
    confirm = totp_pb2.ConfirmTotpEnrolmentRequest(device_id=begun.device.id, code=b"000000")
    with pytest.raises(RpcError) as refused:
        connection.call("TotpService/ConfirmTotpEnrolment", confirm, session=session)
    assert [violation.field for violation in refused.value.violations] == ["code"]
    # The step before the present one, so that the next code need not be waited for.
    wait_for_time_in_a_step()
    confirm.code = one_time_password(uri, ahead=-30)
    connection.call("TotpService/ConfirmTotpEnrolment", confirm, session=session)
    answer, flow = prove_address(server, connection, address)
    assert steps(answer.flow) == ["totp"]
    code = one_time_password(uri, ahead=30)
    request = sign_in_pb2.SubmitSignInTotpRequest(flow_token=flow, code=code)
    signed_in = connection.call("SignInService/SubmitSignInTotp", request).signed_in
    assert signed_in.session.user_id == begun.device.user_id
    devices = connection.call("TotpService/ListTotpDevices",
                              totp_pb2.ListTotpDevicesRequest(user_id=begun.device.user_id)).devices
    assert [device.name for device in devices] == ["Phone"] and devices[0].HasField("last_use_time")
    answer, flow = prove_address(server, connection, address)
    with pytest.raises(RpcError) as refused:
        connection.call("SignInService/SubmitSignInTotp",
                        sign_in_pb2.SubmitSignInTotpRequest(flow_token=flow, code=code))
    assert refused.value.code == "UNAUTHENTICATED"
    server.wait_for_subject(address, "An authenticator app was set up")


def test_a_passkey_is_registered_and_alone_signs_in_at_the_second_level(server, connection):
    address = fresh_address()
    first = sign_in(server, connection, address)
    authenticator = Authenticator(ORIGIN)
    begun = connection.call("PasskeyService/BeginPasskeyRegistration",
                            passkey_pb2.BeginPasskeyRegistrationRequest(), session=first.session_token)
    assert json.loads(begun.options_json)["rp"] == {"id": "login.example.org", "name": "Gatehouse"}
    finish = passkey_pb2.FinishPasskeyRegistrationRequest(response_json=authenticator.create(begun.options_json),
                                                          name="Laptop")
    passkey = connection.call("PasskeyService/FinishPasskeyRegistration", finish, session=first.session_token).passkey
    assert passkey.name == "Laptop" and passkey.user_id == first.session.user_id
    with pytest.raises(RpcError) as refused:
        connection.call("PasskeyService/FinishPasskeyRegistration", finish, session=first.session_token)
    assert refused.value.reason == "authenticators.enrolment_refused"

    started = connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest())
    assert steps(started.flow) == ["identify", "passkey"]
    options = connection.call("SignInService/BeginSignInPasskey",
                              sign_in_pb2.BeginSignInPasskeyRequest(flow_token=started.flow_token)).options_json
    assert json.loads(options)["allowCredentials"] == []
    request = sign_in_pb2.SubmitSignInPasskeyRequest(flow_token=started.flow_token,
                                                     response_json=authenticator.get(options))
    signed_in = connection.call("SignInService/SubmitSignInPasskey", request).signed_in
    assert signed_in.session.user_id == first.session.user_id
    assert signed_in.session.assurance_level == session_pb2.ASSURANCE_LEVEL_AAL2
    with pytest.raises(RpcError):
        connection.call("SignInService/SubmitSignInPasskey", request)

    # Whoever has a passkey must use it after a code, too.
    answer, flow = prove_address(server, connection, address)
    assert steps(answer.flow) == ["passkey"]
    options = connection.call("SignInService/BeginSignInPasskey",
                              sign_in_pb2.BeginSignInPasskeyRequest(flow_token=flow)).options_json
    assert len(json.loads(options)["allowCredentials"]) == 1
    wrong = Authenticator("https://login.example.org.evil")
    wrong.key, wrong.credential_id = authenticator.key, authenticator.credential_id
    wrong.user_handle, wrong.count = authenticator.user_handle, 100
    with pytest.raises(RpcError) as refused:
        connection.call("SignInService/SubmitSignInPasskey",
                        sign_in_pb2.SubmitSignInPasskeyRequest(flow_token=flow, response_json=wrong.get(options)))
    assert refused.value.reason == "sign_in.refused"

    remove = passkey_pb2.RemovePasskeyRequest(user_id=passkey.user_id, passkey_id=passkey.id)
    with pytest.raises(RpcError) as refused:
        connection.call("PasskeyService/RemovePasskey", remove, session=first.session_token)
    assert refused.value.reason == "caller.step_up_required"
    connection.call("PasskeyService/RemovePasskey", remove, session=signed_in.session_token)
    listed = connection.call("PasskeyService/ListPasskeys", passkey_pb2.ListPasskeysRequest(user_id=passkey.user_id))
    assert not listed.passkeys
    server.wait_for_subject(address, "A passkey was removed")
