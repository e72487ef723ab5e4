"""Names of users over RPC and by command: what owners prove, what administrators put in, and what is taken back."""

import email
import json
import re
import time
from email import policy

import pytest

from passkeys import Person
from rpc import RpcError, identifier_pb2, user_pb2
from server import wrong_code
from test_rpc_flow import fresh_address

EMAIL = user_pb2.IDENTIFIER_KIND_EMAIL


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


def begin(person, address, replaced=""):
    request = identifier_pb2.BeginIdentifierClaimRequest(kind=EMAIL, value=address, replaced_identifier_id=replaced)
    answer = person.connection.call("IdentifierService/BeginIdentifierClaim", request, session=person.session)
    return answer.claim


def confirm(person, claim, code):
    request = identifier_pb2.ConfirmIdentifierRequest(claim_id=claim.id, code=code.encode())
    return person.connection.call("IdentifierService/ConfirmIdentifier", request, session=person.session).user


def add(server, person, address, replaced=""):
    claim = begin(person, address, replaced)
    return confirm(person, claim, server.code_for(address))


def names(user):
    return {identifier.value: identifier for identifier in user.identifiers}


def user_of(person):
    request = user_pb2.GetUserRequest(user_id=person.user_id)
    return person.connection.call("UserService/GetUser", request).user


def link_token(server, address, page, timeout=20):
    """The secret in the newest message with a link to a page."""
    deadline = time.monotonic() + timeout
    while True:
        for message in reversed(server.messages_to(address)):
            parsed = email.message_from_string(message, policy=policy.default)
            found = re.search(rf"{page}\?token=(\S+)", parsed.get_body(("plain",)).get_content())
            if found:
                return found.group(1)
        assert time.monotonic() < deadline, f"no link for {address}" + server.log_tail()
        time.sleep(0.05)


def test_an_address_is_added_made_the_main_one_and_the_old_one_removed(server, connection, person):
    new = fresh_address()
    claim = begin(person, new)
    assert (claim.value, claim.code_length, claim.kind) == (new, 8, EMAIL)
    code = server.code_for(new)
    with pytest.raises(RpcError) as refused:
        confirm(person, claim, wrong_code(code))
    assert refused.value.code == "INVALID_ARGUMENT" and refused.value.violations[0].field == "code"
    user = confirm(person, claim, code)
    assert names(user)[new].HasField("verify_time") and not names(user)[new].primary
    server.wait_for_subject(person.address, "An address was added to your account")
    request = identifier_pb2.SetPrimaryIdentifierRequest(user_id=person.user_id, identifier_id=names(user)[new].id)
    user = connection.call("IdentifierService/SetPrimaryIdentifier", request, session=person.session).user
    assert names(user)[new].primary and not names(user)[person.address].primary
    request = identifier_pb2.RemoveIdentifierRequest(user_id=person.user_id,
                                                     identifier_id=names(user)[person.address].id)
    user = connection.call("IdentifierService/RemoveIdentifier", request, session=person.session).user
    assert list(names(user)) == [new]
    with pytest.raises(RpcError) as refused:
        request = identifier_pb2.RemoveIdentifierRequest(user_id=person.user_id, identifier_id=names(user)[new].id)
        connection.call("IdentifierService/RemoveIdentifier", request, session=person.session)
    assert refused.value.code == "FAILED_PRECONDITION" and refused.value.reason == "authenticators.last_way_in"


def test_an_address_replaces_another_and_the_old_one_takes_it_back(server, connection, person):
    new = fresh_address()
    old = names(user_of(person))[person.address]
    user = add(server, person, new, replaced=old.id)
    assert list(names(user)) == [new] and names(user)[new].primary
    token = link_token(server, person.address, "/undo")
    undo = identifier_pb2.UndoIdentifierChangeRequest(token=token.encode())
    connection.call("IdentifierService/UndoIdentifierChange", undo)
    assert list(names(user_of(person))) == [person.address]
    with pytest.raises(RpcError) as refused:
        connection.call("IdentifierService/UndoIdentifierChange", undo)
    assert refused.value.code == "NOT_FOUND"
    with pytest.raises(RpcError) as refused:
        begin(person, fresh_address())
    assert refused.value.code == "UNAUTHENTICATED"
    server.wait_for_subject(new, "A change of your addresses was taken back")


def test_an_address_that_another_has_looks_like_any_other(server, connection, person):
    other = Person(server, connection)
    before = len(server.codes_to(other.address))
    with_owner, without = begin(person, other.address), begin(person, fresh_address())
    assert with_owner.code_length == without.code_length
    assert [f[0].name for f in with_owner.ListFields()] == [f[0].name for f in without.ListFields()]
    claim = begin(person, fresh_address())
    deadline = time.monotonic() + 20
    while len(server.codes_to(other.address)) <= before and time.monotonic() < deadline:
        time.sleep(0.05)
    text = server.messages_to(other.address)[-1]
    parsed = email.message_from_string(text, policy=policy.default).get_body(("plain",)).get_content()
    assert "belongs to an account" in parsed
    assert claim.id not in (with_owner.id, without.id)


def test_a_second_code_is_not_sent_at_once(server, connection, person):
    claim = begin(person, fresh_address())
    request = identifier_pb2.SendIdentifierCodeRequest(claim_id=claim.id)
    with pytest.raises(RpcError) as refused:
        connection.call("IdentifierService/SendIdentifierCode", request, session=person.session)
    assert refused.value.code == "RESOURCE_EXHAUSTED"


def test_owners_set_their_user_name_and_nobody_sets_verified(server, connection, person):
    name = f"ada{time.monotonic_ns()}"
    request = identifier_pb2.SetUsernameRequest(user_id=person.user_id, username=name)
    user = connection.call("IdentifierService/SetUsername", request, session=person.session).user
    assert not names(user)[name].HasField("verify_time")
    request = identifier_pb2.AddIdentifierRequest(user_id=person.user_id, kind=EMAIL, value=fresh_address())
    added = connection.call("IdentifierService/AddIdentifier", request).user
    assert not names(added)[request.value].HasField("verify_time")
    with pytest.raises(RpcError) as refused:
        connection.call("IdentifierService/AddIdentifier", request, session=person.session)
    assert refused.value.code == "PERMISSION_DENIED"


def test_methods_for_owners_refuse_service_accounts(connection):
    for method, request in [("BeginIdentifierClaim", identifier_pb2.BeginIdentifierClaimRequest(kind=EMAIL, value="a@b.example")),
                            ("ConfirmIdentifier", identifier_pb2.ConfirmIdentifierRequest(
                                claim_id="018f3c6e-0000-7000-8000-000000000000", code=b"AAAA-AAAA"))]:
        with pytest.raises(RpcError) as refused:
            connection.call(f"IdentifierService/{method}", request)
        assert refused.value.code == "PERMISSION_DENIED"


def test_commands_give_and_take_names(server, connection, person):
    address = fresh_address()
    shown = server.command("user", "add-identifier", person.user_id, "--email", address).stdout
    assert re.search(rf"^email\s+{re.escape(address)} \(not verified\)$", shown, re.MULTILINE), shown
    name = f"lovelace{time.monotonic_ns()}"
    assert name in server.command("user", "set-username", person.user_id, "--username", name).stdout
    user = json.loads(server.command("user", "show", person.user_id, "--json").stdout)["user"]
    ids = {identifier["value"]: identifier["id"] for identifier in user["identifiers"]}
    refused = server.command("user", "set-primary", person.user_id, ids[address], check=False)
    assert refused.returncode != 0 and "proved first" in refused.stderr
    assert address not in server.command("user", "remove-identifier", person.user_id, ids[address]).stdout
    assert name not in server.command("user", "set-username", person.user_id, "--username", "").stdout
    last = server.command("user", "remove-identifier", person.user_id, ids[person.address], check=False)
    assert last.returncode != 0 and "could not sign in any more" in last.stderr
    gone = server.command("user", "remove-identifier", person.user_id, ids[person.address], "--even-if-last-way-in")
    assert person.address not in gone.stdout


def test_a_lock_is_taken_off_before_its_time(server, connection, person):
    user_id, end = person.user_id, {"seconds": int(time.time()) + 3600}
    locked = connection.call("UserService/LockUser", user_pb2.LockUserRequest(user_id=user_id, locked_until=end, reason="x")).user
    assert locked.state == user_pb2.USER_STATE_LOCKED and locked.state_reason == "x"
    unlocked = connection.call("UserService/UnlockUser", user_pb2.UnlockUserRequest(user_id=user_id)).user
    assert unlocked.state == user_pb2.USER_STATE_ACTIVE and not unlocked.HasField("locked_until")
    again = connection.call("UserService/UnlockUser", user_pb2.UnlockUserRequest(user_id=user_id)).user
    assert again.revision == unlocked.revision
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/UnlockUser", user_pb2.UnlockUserRequest(user_id=user_id, expected_revision=1))
    assert refused.value.code == "ABORTED"


def test_locking_ends_sessions_until_the_lock_is_taken_off(server, connection, person):
    shown = server.command("user", "lock", person.user_id, "--until", "2100-01-01T00:00:00Z", "--reason", "stolen").stdout
    assert re.search(r"^state\s+locked$", shown, re.MULTILINE) and "stolen" in shown
    assert re.search(r"^by\s+service account ", shown, re.MULTILINE), shown
    with pytest.raises(RpcError) as refused:
        begin(person, fresh_address())
    assert refused.value.code == "UNAUTHENTICATED"
    past = server.command("user", "lock", person.user_id, "--until", "2001-01-01T00:00:00Z", check=False)
    assert past.returncode != 0 and "locked_until" in past.stderr + past.stdout
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/LockUser", user_pb2.LockUserRequest(user_id=person.user_id))
    assert refused.value.violations[0].field == "locked_until"
    assert re.search(r"^state\s+active$", server.command("user", "unlock", person.user_id).stdout, re.MULTILINE)
    server.wait_for_subject(person.address, "Your account was unlocked")
    server.command("user", "disable", person.user_id)
    refused = server.command("user", "unlock", person.user_id, check=False)
    assert refused.returncode != 0
