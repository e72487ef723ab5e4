"""Which codes of an authenticator app are taken, when, and how often; computed by nothing of ours."""

import base64
import urllib.parse

import pyotp
import pytest

from passkeys import Person, refusal
from rpc import Connection, RpcError, sign_in_pb2, totp_pb2
from server import Server
from test_authenticators import one_time_password, wait_for_time_in_a_step
from test_rpc_flow import begin, fresh_address, submit


@pytest.fixture
def person(server, connection):
    wait_for_time_in_a_step()
    return Person(server, connection)


def begin_enrolment(person, name="Phone"):
    request = totp_pb2.BeginTotpEnrolmentRequest(name=name)
    return person.connection.call("TotpService/BeginTotpEnrolment", request, session=person.session)


def confirm(person, begun, code):
    request = totp_pb2.ConfirmTotpEnrolmentRequest(device_id=begun.device.id, code=code)
    return person.connection.call("TotpService/ConfirmTotpEnrolment", request, session=person.session)


def code_of(begun, ahead=0):
    return one_time_password(begun.provisioning_uri.decode(), ahead)


def flow_at_the_code(server, person):
    """The token of a flow that waits for the app."""
    before = len(server.codes_to(person.address))
    flow = begin(person.connection, person.address, person.source).flow_token
    submit(person.connection, flow, server.code_for(person.address, before + 1))
    return flow


def submit_code(person, flow, code):
    request = sign_in_pb2.SubmitSignInTotpRequest(flow_token=flow, code=code)
    return person.connection.call("SignInService/SubmitSignInTotp", request)


def devices(person):
    """Those that were set up whole."""
    request = totp_pb2.ListTotpDevicesRequest(user_id=person.user_id)
    listed = person.connection.call("TotpService/ListTotpDevices", request).devices
    return [device for device in listed if device.HasField("confirm_time")]


def test_each_secret_is_new_and_of_160_bits_or_more(person):
    secrets = [begin_enrolment(person, f"Phone {number}").secret.decode() for number in range(3)]
    assert len(set(secrets)) == 3
    assert all(len(base64.b32decode(secret + "=" * (-len(secret) % 8))) >= 20 for secret in secrets)


def test_the_address_for_apps_names_account_and_issuer_once_each(server, connection):
    address = "a+b&c=d%e_" + fresh_address()
    begun = begin_enrolment(Person(server, connection, address))
    parts = urllib.parse.urlsplit(begun.provisioning_uri.decode())
    issuer, account = urllib.parse.unquote(parts.path.removeprefix("/")).split(":")
    query = urllib.parse.parse_qs(parts.query, strict_parsing=True)
    assert account == address and query["issuer"] == [issuer] and "=" not in query["secret"][0]


def test_a_foreign_app_reads_hostile_names_and_shows_the_same_codes():
    """SECURITY TOTP-08, by pyotp: the address that the QR code holds."""
    issuer = 'A:B & "e\u0301" <x>?#%'
    server = Server(options=["--policy-totp-issuer", issuer]).start()
    try:
        server.bootstrap()
        with Connection(server) as connection:
            address = "a+b&secret=evil'c_" + fresh_address()
            wait_for_time_in_a_step()
            person = Person(server, connection, address)
            begun = begin_enrolment(person)
            app = pyotp.parse_uri(begun.provisioning_uri.decode())
            assert isinstance(app, pyotp.TOTP)
            assert (app.issuer, app.name, app.digits, app.interval) == (issuer, address, 6, 30)
            assert app.secret == begun.secret.decode()
            confirm(person, begun, app.now().encode())
            assert [device.id for device in devices(person)] == [begun.device.id]
    finally:
        server.stop()


@pytest.mark.parametrize("ahead", [-30, 0, 30])
def test_the_code_of_a_step_near_the_present_one_sets_an_app_up(person, ahead):
    begun = begin_enrolment(person)
    assert not devices(person)
    confirm(person, begun, code_of(begun, ahead))
    assert [device.id for device in devices(person)] == [begun.device.id]


@pytest.mark.parametrize("ahead", [-3600, -60, 60, 3600])
def test_the_code_of_a_step_far_from_the_present_one_does_not(person, ahead):
    begun = begin_enrolment(person)
    with pytest.raises(RpcError) as refused:
        confirm(person, begun, code_of(begun, ahead))
    assert [violation.field for violation in refused.value.violations] == ["code"]
    assert not devices(person)
    confirm(person, begun, code_of(begun))


def test_an_app_is_set_up_by_its_own_code_only(person):
    first, second = begin_enrolment(person, "First"), begin_enrolment(person, "Second")
    with pytest.raises(RpcError):
        confirm(person, second, code_of(first))
    assert not devices(person)


def test_another_persons_app_cannot_be_confirmed(server, connection, person):
    begun = begin_enrolment(person)
    other = Person(server, connection)
    with pytest.raises(RpcError) as refused:
        confirm(other, begun, code_of(begun))
    assert refused.value.code == "NOT_FOUND"
    assert not devices(person) and not devices(other)


def test_the_code_that_set_an_app_up_and_those_before_it_sign_nobody_in(server, person):
    begun = begin_enrolment(person)
    code = code_of(begun)
    confirm(person, begun, code)
    flow, sessions = flow_at_the_code(server, person), person.sessions
    spaced = code[:3] + b" " + code[3:]
    refusals = {refusal(lambda: submit_code(person, flow, tried)) for tried in (code, spaced, code_of(begun, -30))}
    assert len(refusals) == 1
    assert person.sessions == sessions
    assert submit_code(person, flow, code_of(begun, 30)).signed_in.session.user_id == person.user_id


def test_a_code_that_was_taken_once_is_taken_nowhere_again(server, person):
    begun = begin_enrolment(person)
    confirm(person, begun, code_of(begun, -30))
    code = code_of(begun)
    flow, other = flow_at_the_code(server, person), flow_at_the_code(server, person)
    assert submit_code(person, flow, code).HasField("signed_in")
    sessions = person.sessions
    assert refusal(lambda: submit_code(person, other, code)) == refusal(lambda: submit_code(person, other, b"000000"))
    assert person.sessions == sessions
