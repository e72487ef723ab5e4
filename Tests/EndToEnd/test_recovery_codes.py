"""Recovery codes over RPC, and how little a session that one of them opened may do."""

import pytest

from google.protobuf import symbol_database

from passkeys import Person
from rpc import RpcError, recovery_code_pb2, server_pb2, session_pb2, sign_in_pb2, totp_pb2
from test_authenticators import one_time_password, prove_address, steps, wait_for_time_in_a_step
from test_races import outcomes
from test_totp_codes import begin_enrolment, confirm


@pytest.fixture
def person(server, connection):
    """Somebody with an app, with the address of its secret."""
    wait_for_time_in_a_step()
    person = Person(server, connection)
    begun = begin_enrolment(person)
    confirm(person, begun, one_time_password(begun.provisioning_uri.decode(), ahead=-30))
    person.uri = begun.provisioning_uri.decode()
    # A proof by the app, which making the codes asks for.
    person.session = sign_in_by_app(server, person, ahead=0).session_token
    return person


def sign_in_by_app(server, person, ahead):
    answer, flow = prove_address(server, person.connection, person.address)
    request = sign_in_pb2.SubmitSignInTotpRequest(flow_token=flow, code=one_time_password(person.uri, ahead=ahead))
    return person.connection.call("SignInService/SubmitSignInTotp", request).signed_in


def generate(person):
    answer = person.connection.call("RecoveryCodeService/GenerateRecoveryCodes",
                                    recovery_code_pb2.GenerateRecoveryCodesRequest(), session=person.session)
    return [entry.code.decode() for entry in answer.codes]


def remaining(person):
    request = recovery_code_pb2.CountRecoveryCodesRequest(user_id=person.user_id)
    return person.connection.call("RecoveryCodeService/CountRecoveryCodes", request).remaining


def submit_code(connection, flow, code):
    request = sign_in_pb2.SubmitSignInRecoveryCodeRequest(flow_token=flow, code=code.encode())
    return connection.call("SignInService/SubmitSignInRecoveryCode", request)


def recover(server, person, code):
    answer, flow = prove_address(server, person.connection, person.address)
    assert steps(answer.flow) == ["totp", "recovery_code"]
    return submit_code(person.connection, flow, code).signed_in


def test_codes_are_shown_once_counted_and_good_once(server, connection, person):
    codes = generate(person)
    assert len(set(codes)) == 10
    for code in codes:
        assert [len(part) for part in code.split("-")] == [4, 4, 4, 1]
        assert set(code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")
    assert remaining(person) == 10
    signed_in = recover(server, person, codes[0].lower().replace("-", " "))
    assert signed_in.session.user_id == person.user_id and signed_in.session.restricted
    assert remaining(person) == 9
    assert server.command("recovery-codes", "show", person.user_id).stdout == "Left: 9.\n"
    server.wait_for_subject(person.address, "A recovery code was used")
    stored = server.query("SELECT record FROM recovery_codes").split()
    assert all(record.startswith("$argon2id$") for record in stored)
    assert not any(code in record or code.replace("-", "") in record for code in codes for record in stored)


def test_new_codes_void_those_before(server, connection, person):
    old, new = generate(person)[0], generate(person)[0]
    answer, flow = prove_address(server, connection, person.address)
    with pytest.raises(RpcError) as refused:
        submit_code(connection, flow, old)
    assert refused.value.code == "UNAUTHENTICATED"
    assert submit_code(connection, flow, new).signed_in.session.restricted


def test_a_person_without_a_second_factor_gets_no_codes(server, connection):
    person = Person(server, connection)
    with pytest.raises(RpcError) as refused:
        generate(person)
    assert refused.value.reason == "authenticators.second_factor_needed"


def test_of_twenty_uses_of_one_code_at_once_one_opens_a_session(server, connection, person):
    code = generate(person)[0]
    answer, flow = prove_address(server, connection, person.address)
    request = sign_in_pb2.SubmitSignInRecoveryCodeRequest(flow_token=flow, code=code.encode())
    results = outcomes(server, [request] * 20, "gatehouse.v1.SignInService/SubmitSignInRecoveryCode")
    assert sum(not isinstance(result, RpcError) for result in results) == 1
    assert remaining(person) == 9


#: What somebody needs who has lost a factor: setting up another one.
REPAIRS = {
    "TotpService/BeginTotpEnrolment", "TotpService/ConfirmTotpEnrolment", "PasskeyService/BeginPasskeyRegistration",
    "PasskeyService/FinishPasskeyRegistration", "PasswordService/SetPassword",
}
#: Signing in and the server's health are for callers without any session.
SESSIONLESS = ("SignInService/", "ServerService/")


def every_method(connection):
    """The names of all methods, with an empty request of each."""
    listed = connection.call("ServerService/ListMethods", server_pb2.ListMethodsRequest()).methods
    for name in (method.name.removeprefix("gatehouse.v1.") for method in listed):
        yield name, symbol_database.Default().GetSymbol(f"gatehouse.v1.{name.split('/')[1]}Request")()


def test_the_session_of_a_code_is_refused_by_every_method_but_those_that_repair(server, connection, person):
    session = recover(server, person, generate(person)[0]).session_token
    walked, let_through = 0, set()
    for name, request in every_method(connection):
        walked += 1
        for field in request.DESCRIPTOR.fields:
            if field.name.endswith("_id") and field.type == field.TYPE_STRING:
                setattr(request, field.name, person.user_id)
            elif field.type == field.TYPE_ENUM and isinstance(getattr(request, field.name), int):
                # What a method asks for in the first place must not hide that it would do it.
                setattr(request, field.name, 1)
        try:
            connection.call(name, request, session=session)
            let_through.add(name)
        except RpcError as error:
            if error.code not in ("PERMISSION_DENIED", "UNAUTHENTICATED"):
                let_through.add(name)
    assert walked > 40
    assert let_through <= REPAIRS | {name for name in let_through if name.startswith(SESSIONLESS)}, let_through
    assert {"TotpService/BeginTotpEnrolment", "PasskeyService/BeginPasskeyRegistration"} <= let_through


def test_after_the_repair_the_new_factor_opens_a_whole_session(server, connection, person):
    session = recover(server, person, generate(person)[0]).session_token
    begun = connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="New phone"),
                            session=session)
    person.session, person.uri = session, begun.provisioning_uri.decode()
    wait_for_time_in_a_step()
    confirm(person, begun, one_time_password(person.uri, ahead=-30))
    whole = sign_in_by_app(server, person, ahead=0)
    assert not whole.session.restricted
    request = session_pb2.ValidateSessionRequest(session_token=whole.session_token)
    assert connection.call("SessionService/ValidateSession", request).session.user_id == person.user_id
