"""The reasons of decisions, as an application is told them over RPC and as the audit trail holds them."""

import pytest

from authenticator import Authenticator
from rpc import Connection, RpcError, error_pb2, passkey_pb2, sign_in_pb2, totp_pb2
from server import Server
from test_authenticators import ORIGIN, one_time_password, prove_address, wait_for_time_in_a_step
from test_rpc_flow import fresh_address, sign_in


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


def decisions(server, user_id, kind):
    """The reasons of a user's events of one kind, the first and all, in order."""
    user = user_id.replace("-", "")
    lines = server.query("SELECT reason, JSON_VALUE(details, '$.reasons') FROM audit_events "
                         f"WHERE kind = '{kind}' AND subject_user_id = UNHEX('{user}') ORDER BY id").splitlines()
    return [line.replace("\tNULL", "").replace("\t", ": ") for line in lines]


def enrol_app(connection, session):
    begun = connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Phone"),
                            session=session)
    uri = begun.provisioning_uri.decode()
    # The step before the present one, so that the next code need not be waited for.
    wait_for_time_in_a_step()
    confirm = totp_pb2.ConfirmTotpEnrolmentRequest(device_id=begun.device.id, code=one_time_password(uri, ahead=-30))
    connection.call("TotpService/ConfirmTotpEnrolment", confirm, session=session)
    return uri


def test_a_flow_tells_why_it_goes_on_and_why_it_ended_and_the_audit_trail_holds_the_same(server, connection):
    address = fresh_address()
    first = sign_in(server, connection, address)
    user = first.session.user_id
    registered = ["sign_in.no_second_factor", "sign_in.user_registered"]
    assert list(first.reasons) == registered
    uri = enrol_app(connection, first.session_token)

    answer, flow = prove_address(server, connection, address)
    assert list(answer.flow.reasons) == ["sign_in.second_factor_enrolled"]
    again = connection.call("SignInService/GetSignIn", sign_in_pb2.GetSignInRequest(flow_token=flow)).flow
    assert again == answer.flow
    request = sign_in_pb2.SubmitSignInTotpRequest(flow_token=flow, code=one_time_password(uri, ahead=30))
    signed_in = connection.call("SignInService/SubmitSignInTotp", request).signed_in
    assert list(signed_in.reasons) == ["sign_in.second_factor_proved"]

    assert decisions(server, user, "sign_in.succeeded") == [
        f"{registered[0]}: {' '.join(registered)}",
        "sign_in.second_factor_proved: sign_in.second_factor_proved"]
    assert decisions(server, user, "sign_in.more_demanded") == [
        "sign_in.second_factor_enrolled: sign_in.second_factor_enrolled"]


def test_a_demand_for_a_stronger_or_fresher_proof_says_which(server, connection):
    first = sign_in(server, connection, fresh_address())
    user, session = first.session.user_id, first.session_token
    enrol_app(connection, session)
    with pytest.raises(RpcError) as refused:
        connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Tablet"),
                        session=session)
    assert refused.value.reason == "caller.step_up_required"
    assert refused.value.detail(error_pb2.StepUpRequired).reason == "step_up.proof_weak"
    assert decisions(server, user, "step_up.demanded") == ["step_up.proof_weak"]

    stored = user.replace("-", "")
    server.query("UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 1 HOUR "
                 f"WHERE user_id = UNHEX('{stored}')")
    with pytest.raises(RpcError) as refused:
        connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Tablet"),
                        session=session)
    assert refused.value.detail(error_pb2.StepUpRequired).reason == "step_up.proof_stale"
    assert decisions(server, user, "step_up.demanded") == ["step_up.proof_weak", "step_up.proof_stale"]
    assert decisions(server, user, "caller.access_denied") == []


def test_a_passkey_says_that_it_verified_the_person(server, connection):
    first = sign_in(server, connection, fresh_address())
    authenticator = Authenticator(ORIGIN)
    begun = connection.call("PasskeyService/BeginPasskeyRegistration", passkey_pb2.BeginPasskeyRegistrationRequest(),
                            session=first.session_token)
    finish = passkey_pb2.FinishPasskeyRegistrationRequest(response_json=authenticator.create(begun.options_json),
                                                          name="Laptop")
    connection.call("PasskeyService/FinishPasskeyRegistration", finish, session=first.session_token)
    flow = connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest()).flow_token
    options = connection.call("SignInService/BeginSignInPasskey",
                              sign_in_pb2.BeginSignInPasskeyRequest(flow_token=flow)).options_json
    request = sign_in_pb2.SubmitSignInPasskeyRequest(flow_token=flow, response_json=authenticator.get(options))
    signed_in = connection.call("SignInService/SubmitSignInPasskey", request).signed_in
    assert list(signed_in.reasons) == ["sign_in.passkey_verified"]
