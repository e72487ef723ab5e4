"""The main job over RPC, as a back end in another language would do it."""

import time
import uuid

import pytest

from rpc import Connection, RpcError, server_pb2, service_account_pb2, session_pb2, sign_in_pb2, user_pb2
from server import wrong_code


def begin(connection, address, source="198.51.100.7"):
    client = sign_in_pb2.SignInClient(source_address=source, user_agent="e2e", languages="en")
    return connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(client=client, identifier=address))


def submit(connection, flow_token, code):
    request = sign_in_pb2.SubmitSignInCodeRequest(flow_token=flow_token, code=code.encode())
    return connection.call("SignInService/SubmitSignInCode", request)


def sign_in(server, connection, address, **options):
    """A whole sign-in; returns the SignedIn message."""
    before = len(server.codes_to(address))
    started = begin(connection, address, **options)
    return submit(connection, started.flow_token, server.code_for(address, before + 1)).signed_in


def fresh_address():
    return f"{uuid.uuid4().hex[:12]}@example.com"


def test_signing_in_by_code_makes_an_account_and_a_session(server, connection):
    address = fresh_address()
    started = begin(connection, address)
    step = started.flow.next_steps[0].code
    assert step.length == 8
    assert step.masked_address != address and step.masked_address.endswith("@example.com")
    signed_in = submit(connection, started.flow_token, server.code_for(address)).signed_in
    assert signed_in.new_user
    assert signed_in.session.assurance_level == session_pb2.ASSURANCE_LEVEL_AAL1
    validated = connection.call("SessionService/ValidateSession",
                                session_pb2.ValidateSessionRequest(session_token=signed_in.session_token)).session
    assert validated.user_id == signed_in.session.user_id
    user = connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=validated.user_id)).user
    assert [i.value for i in user.identifiers] == [address]
    assert user.identifiers[0].HasField("verify_time")


def test_an_address_an_administrator_entered_signs_its_owner_in_however_it_is_spelt(server, connection):
    address = fresh_address()
    identifier = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=address)
    made = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(identifiers=[identifier])).user
    assert not made.identifiers[0].HasField("verify_time")
    started = begin(connection, address.upper())
    signed_in = submit(connection, started.flow_token, server.code_for(address)).signed_in
    assert not signed_in.new_user and signed_in.session.user_id == made.id
    user = connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=made.id)).user
    assert user.identifiers[0].HasField("verify_time")


def test_a_code_works_once_and_only_in_its_own_flow(server, connection):
    address = fresh_address()
    first, second = begin(connection, address), None
    code = server.code_for(address)
    other = begin(connection, fresh_address())
    with pytest.raises(RpcError) as refused:
        submit(connection, other.flow_token, code)
    assert refused.value.code == "UNAUTHENTICATED"
    assert submit(connection, first.flow_token, code).HasField("signed_in")
    with pytest.raises(RpcError) as refused:
        submit(connection, first.flow_token, code)
    assert refused.value.code in ("UNAUTHENTICATED", "FAILED_PRECONDITION")
    assert second is None


def test_a_flow_belongs_to_the_caller_that_began_it(server, connection):
    created = connection.call("ServiceAccountService/CreateServiceAccount",
                              service_account_pb2.CreateServiceAccountRequest(name=uuid.uuid4().hex, scopes=["sign_in"]))
    token = connection.call("ServiceAccountService/CreateServiceToken",
                            service_account_pb2.CreateServiceTokenRequest(
                                service_account_id=created.service_account.id)).secret.decode()
    address = fresh_address()
    started = begin(connection, address)
    code = server.code_for(address)
    with Connection(server, token=token) as stranger, pytest.raises(RpcError) as refused:
        submit(stranger, started.flow_token, code)
    assert refused.value.code in ("UNAUTHENTICATED", "FAILED_PRECONDITION")
    assert submit(connection, started.flow_token, code).HasField("signed_in")


def test_four_wrong_codes_end_the_code(server, connection):
    address = fresh_address()
    started = begin(connection, address)
    code = server.code_for(address)
    for _ in range(4):
        with pytest.raises(RpcError):
            submit(connection, started.flow_token, wrong_code(code))
    with pytest.raises(RpcError):
        submit(connection, started.flow_token, code)


def test_disabling_a_user_ends_his_sessions_at_once(server, connection):
    signed_in = sign_in(server, connection, fresh_address())
    user_id = signed_in.session.user_id
    disabled = connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=user_id, reason="left")).user
    assert disabled.state == user_pb2.USER_STATE_DISABLED and disabled.state_reason == "left"
    with pytest.raises(RpcError) as refused:
        connection.call("SessionService/ValidateSession",
                        session_pb2.ValidateSessionRequest(session_token=signed_in.session_token))
    assert refused.value.code == "UNAUTHENTICATED"
    enabled = connection.call("UserService/EnableUser", user_pb2.EnableUserRequest(user_id=user_id)).user
    assert enabled.state == user_pb2.USER_STATE_ACTIVE
    with pytest.raises(RpcError):
        connection.call("SessionService/ValidateSession",
                        session_pb2.ValidateSessionRequest(session_token=signed_in.session_token))


def test_a_user_is_changed_by_the_fields_of_a_mask_alone(connection):
    user = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(external_id=uuid.uuid4().hex)).user
    kept = connection.call("UserService/UpdateUser", user_pb2.UpdateUserRequest(user_id=user.id, update_mask={"paths": ["external_id"]},
                                                                               external_id=user.external_id)).user
    assert kept.revision == user.revision
    name = uuid.uuid4().hex
    request = user_pb2.UpdateUserRequest(user_id=user.id, update_mask={"paths": ["external_id"]}, external_id=name,
                                         expected_revision=user.revision)
    changed = connection.call("UserService/UpdateUser", request).user
    assert changed.external_id == name and changed.revision == user.revision + 1
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/UpdateUser", request)
    assert refused.value.code == "ABORTED"
    for paths in ([], ["state"]):
        with pytest.raises(RpcError) as refused:
            connection.call("UserService/UpdateUser", user_pb2.UpdateUserRequest(user_id=user.id, update_mask={"paths": paths}))
        assert refused.value.code == "INVALID_ARGUMENT"
    got = connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=user.id)).user
    assert got.external_id == name


def test_a_deletion_is_taken_back_while_it_can_be(connection):
    user = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user
    connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=user.id, reason="left"))
    deleted = connection.call("UserService/DeleteUser", user_pb2.DeleteUserRequest(user_id=user.id)).user
    assert deleted.state == user_pb2.USER_STATE_PENDING_DELETION and deleted.HasField("delete_after")
    back = connection.call("UserService/UndeleteUser", user_pb2.UndeleteUserRequest(user_id=user.id)).user
    assert back.state == user_pb2.USER_STATE_DISABLED and back.state_reason == "left" and not back.HasField("delete_after")
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/UndeleteUser", user_pb2.UndeleteUserRequest(user_id=user.id))
    assert refused.value.code == "FAILED_PRECONDITION"


def test_sessions_are_listed_and_revoked(server, connection):
    address = fresh_address()
    sessions = [sign_in(server, connection, address)]
    user_id = sessions[0].session.user_id
    # A second sign-in from the same address waits out the resend interval, so use an administrator's view of one.
    listed = connection.call("SessionService/ListSessions", session_pb2.ListSessionsRequest(user_id=user_id)).sessions
    assert [s.id for s in listed] == [sessions[0].session.id]
    assert sessions[0].session_token not in listed[0].SerializeToString()
    for _ in range(2):
        connection.call("SessionService/RevokeSession",
                        session_pb2.RevokeSessionRequest(session_id=sessions[0].session.id))
    with pytest.raises(RpcError):
        connection.call("SessionService/ValidateSession",
                        session_pb2.ValidateSessionRequest(session_token=sessions[0].session_token))


def test_a_user_session_reaches_its_own_user_only(server, connection):
    mine, other = (sign_in(server, connection, fresh_address()) for _ in range(2))
    own = connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=mine.session.user_id),
                          session=mine.session_token)
    assert own.user.id == mine.session.user_id
    errors = []
    for target in (other.session.user_id, str(uuid.uuid4())):
        with pytest.raises(RpcError) as refused:
            connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=target), session=mine.session_token)
        errors.append((refused.value.code, refused.value.reason, refused.value.status.message))
    assert errors[0] == errors[1] and errors[0][0] == "NOT_FOUND"
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/ListUsers", user_pb2.ListUsersRequest(), session=mine.session_token)
    assert refused.value.code == "PERMISSION_DENIED"


def test_an_idempotency_key_gives_one_effect_and_the_same_answer(server, connection):
    request = user_pb2.CreateUserRequest(external_id=uuid.uuid4().hex)
    key = ("idempotency-key", uuid.uuid4().hex.encode())
    first = connection.call("UserService/CreateUser", request, metadata=[key])
    second = connection.call("UserService/CreateUser", request, metadata=[key])
    assert first == second
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(external_id="other"), metadata=[key])
    assert refused.value.code == "ALREADY_EXISTS" and refused.value.reason == "idempotency.key_reused"


def test_a_stale_revision_is_refused_with_the_current_one(server, connection):
    from rpc import error_pb2

    user = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user
    connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=user.id, expected_revision=user.revision))
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/EnableUser",
                        user_pb2.EnableUserRequest(user_id=user.id, expected_revision=user.revision))
    assert refused.value.code == "ABORTED"
    assert refused.value.detail(error_pb2.RevisionConflict).current_revision > user.revision


def test_pages_cover_every_user_once(server, connection):
    made = {connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user.id for _ in range(7)}
    seen, token = [], ""
    while True:
        page = connection.call("UserService/ListUsers", user_pb2.ListUsersRequest(page_size=3, page_token=token))
        assert len(page.users) <= 3
        seen += [user.id for user in page.users]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == len(set(seen)) and made <= set(seen)
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/ListUsers", user_pb2.ListUsersRequest(page_token="AAAA"))
    assert refused.value.code == "INVALID_ARGUMENT" and refused.value.violations[0].field == "page_token"


def test_every_problem_of_a_request_is_named(server, connection):
    request = user_pb2.CreateUserRequest(identifiers=[
        user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value="nobody"),
        user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_PHONE, value="12"),
    ])
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/CreateUser", request)
    assert refused.value.code == "INVALID_ARGUMENT"
    assert {v.field for v in refused.value.violations} == {"identifiers[0].value", "identifiers[1].value"}
    assert all("nobody" not in v.description for v in refused.value.violations)


def test_scopes_bound_a_caller_and_nobody_gives_what_he_does_not_hold(server, connection):
    account = connection.call("ServiceAccountService/CreateServiceAccount",
                              service_account_pb2.CreateServiceAccountRequest(
                                  name=uuid.uuid4().hex, scopes=["users.read", "service_accounts.write"])).service_account
    token = connection.call("ServiceAccountService/CreateServiceToken",
                            service_account_pb2.CreateServiceTokenRequest(service_account_id=account.id)).secret.decode()
    with Connection(server, token=token) as limited:
        limited.call("UserService/ListUsers", user_pb2.ListUsersRequest())
        with pytest.raises(RpcError) as refused:
            limited.call("UserService/CreateUser", user_pb2.CreateUserRequest())
        assert refused.value.code == "PERMISSION_DENIED"
        with pytest.raises(RpcError) as refused:
            limited.call("ServiceAccountService/CreateServiceAccount",
                         service_account_pb2.CreateServiceAccountRequest(name=uuid.uuid4().hex, scopes=["*"]))
        assert refused.value.code == "PERMISSION_DENIED"
        connection.call("ServiceAccountService/DeleteServiceAccount",
                        service_account_pb2.DeleteServiceAccountRequest(service_account_id=account.id))
        with pytest.raises(RpcError) as refused:
            limited.call("UserService/ListUsers", user_pb2.ListUsersRequest())
        assert refused.value.code == "UNAUTHENTICATED"


def test_the_server_tells_its_health_version_and_methods(server, connection):
    health = connection.call("ServerService/CheckHealth", server_pb2.CheckHealthRequest(), token="")
    assert health.status == server_pb2.SERVING_STATUS_SERVING
    assert connection.call("ServerService/GetVersion", server_pb2.GetVersionRequest()).schema_version >= 1
    methods = connection.call("ServerService/ListMethods", server_pb2.ListMethodsRequest()).methods
    assert "gatehouse.v1.UserService/GetUser" in {m.name for m in methods} and all(m.permission for m in methods)


def test_a_user_proves_anew_who_he_is_and_his_session_goes_on_under_a_new_token(server, connection):
    address = fresh_address()
    signed_in = sign_in(server, connection, address)
    time.sleep(0.1)
    request = sign_in_pb2.BeginStepUpRequest(session_token=signed_in.session_token)
    # One code a minute and address, unless the last one was used: it was.
    started = connection.call("SignInService/BeginStepUp", request)
    assert started.flow.step_up
    confirmed = submit(connection, started.flow_token, server.code_for(address, 2)).signed_in
    assert confirmed.session.id == signed_in.session.id and not confirmed.device_token
    assert confirmed.session.authenticate_time.ToDatetime() > signed_in.session.authenticate_time.ToDatetime()
    validate = session_pb2.ValidateSessionRequest(session_token=confirmed.session_token)
    assert connection.call("SessionService/ValidateSession", validate).session.user_id == signed_in.session.user_id
    with pytest.raises(RpcError) as refused:
        connection.call("SessionService/ValidateSession",
                        session_pb2.ValidateSessionRequest(session_token=signed_in.session_token))
    assert refused.value.code == "UNAUTHENTICATED"


def test_a_device_is_recognised_by_its_token_and_its_owner_is_told_of_others(server, connection):
    address = fresh_address()
    device = sign_in(server, connection, address).device_token
    assert device.startswith(b"ghd_")
    client = sign_in_pb2.SignInClient(source_address="198.51.100.7", user_agent="Firefox/1", device_token=device)
    begun = connection.call("SignInService/BeginSignIn",
                            sign_in_pb2.BeginSignInRequest(client=client, identifier=address))
    assert not submit(connection, begun.flow_token, server.code_for(address, 2)).signed_in.device_token
    assert sign_in(server, connection, address, source="203.0.113.9").device_token not in (b"", device)
    server.wait_for_subject(address, "New sign-in to your account")
    subjects = [m for m in server.messages_to(address) if "New sign-in" in m]
    assert len(subjects) == 1 and "203.0.113.9" in subjects[0]
