"""Assertions in which one thing is wrong: refused in one wording, with nothing written, and the right one signs in."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from authenticator import AT, BE, BS, UP, UV, Authenticator, encode, replaced, without
from bent_fields import AUTHENTICATOR_DATA, CLIENT_DATA, TOLERATED, flags
from credential_keys import CredentialKey
from passkeys import Person, refusal
from rpc import Connection, RpcError, session_pb2, user_pb2
from server import Server
from test_rpc_flow import begin, submit

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


@pytest.fixture
def authenticator(person):
    """One whose passkey the person has."""
    authenticator = Authenticator(ORIGIN)
    person.register(authenticator)
    return authenticator


@pytest.fixture(scope="module")
def ordinary_refusal(server):
    """What everything looks like that is refused: the answer to a passkey that nobody has."""
    with Connection(server) as connection:
        stranger = Authenticator(ORIGIN)
        stranger.user_handle = bytes(64)
        return refusal(lambda: Person(server, connection).sign_in(stranger))


def in_two_numbers(signature):
    """As JSON Web Signatures have them: r and s, of one length each."""
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))


SIGNATURE = {
    "one bit of it": {"signature": lambda right: right[:-1] + bytes([right[-1] ^ 1])},
    "one byte": {"signature": lambda right: b"\0"},
    "none": {"signature": lambda right: b""},
    "zeros for its numbers": {"signature": lambda right: encode_dss_signature(0, 0)},
    "two numbers in a row": {"signature": in_two_numbers},
    "a byte after it": {"signature": lambda right: right + b"\0"},
    "another key's": {"signature": lambda right: CredentialKey().sign(b"")},
    "9000 bytes": {"signature": lambda right: right + bytes(9000)},
    "one over other client data": {"response": lambda right: {
        **right, "clientDataJSON": encode(b'{"x":1,' + right["clientDataJSON"].encode())}},
    "one over other authenticator data": {"response": lambda right: {
        **right, "authenticatorData": right["authenticatorData"][:-1] + "A"}},
}

ANSWER = {
    "another identifier beside": {"answer": lambda right: {**right, "id": encode(bytes(32))}},
    "another raw identifier beside": {"answer": lambda right: {**right, "rawId": encode(bytes(32))}},
    "an identifier that nobody has":
        {"answer": lambda right: {**right, "id": encode(bytes(32)), "rawId": encode(bytes(32))}},
    "an identifier of 2000 bytes":
        {"answer": lambda right: {**right, "id": encode(bytes(2000)), "rawId": encode(bytes(2000))}},
    "an identifier of no bytes": {"answer": replaced(id="", rawId="")},
    "a type that is none": {"answer": replaced(type="password")},
    "no handle": {"response": without("userHandle")},
    "an empty handle": {"response": replaced(userHandle="")},
    "another handle": {"response": replaced(userHandle=encode(bytes(64)))},
    "a handle of 65 bytes": {"response": replaced(userHandle=encode(bytes(65)))},
    "the type of a registration": {"client": replaced(type="webauthn.create")},
    "nobody verified": flags(lambda right: right & ~UV),
    "a new eligibility for backups": flags(lambda right: right | BE),
    "a backup all of a sudden": flags(lambda right: right | BE | BS),
    "a credential that is not there": flags(lambda right: right | AT),
}


def cases(*tables):
    return [pytest.param(bends, id=name) for table in tables for name, bends in table.items()]


@pytest.mark.parametrize("bends", cases(CLIENT_DATA, AUTHENTICATOR_DATA, SIGNATURE, ANSWER))
def test_what_is_wrong_in_one_thing_is_refused_like_all_else(person, authenticator, ordinary_refusal, bends):
    before = person.stored
    assert refusal(lambda: person.sign_in(authenticator, **bends)) == ordinary_refusal
    assert person.stored == before
    assert person.sign_in(authenticator).session.user_id == person.user_id


@pytest.mark.parametrize("bends", cases(TOLERATED))
def test_what_honest_authenticators_may_do_is_no_reason(person, authenticator, bends):
    assert person.sign_in(authenticator, **bends).session.user_id == person.user_id


@pytest.mark.parametrize("response", ["", "{", "[]", "null", "{}", '{"id":1}', "\0"])
def test_what_is_no_answer_at_all_is_named(person, response):
    flow = person.begin_flow()
    person.begin_passkey(flow)
    with pytest.raises(RpcError) as refused:
        person.submit_passkey(flow, response)
    assert refused.value.code == "INVALID_ARGUMENT"
    assert [violation.field for violation in refused.value.violations] == ["response_json"]


def test_eligibility_for_backups_does_not_go_either(person, ordinary_refusal):
    authenticator = Authenticator(ORIGIN)
    person.register(authenticator, flags=UP | UV | AT | BE)
    before = person.stored
    assert refusal(lambda: person.sign_in(authenticator, flags=UP | UV)) == ordinary_refusal
    assert person.stored == before
    assert person.sign_in(authenticator, flags=UP | UV | BE | BS)
    [passkey] = person.passkeys
    assert passkey.backup_eligible and passkey.backed_up


# -- challenges ----------------------------------------------------------------------------------------------------


def test_a_challenge_is_good_for_one_try_in_its_own_flow(server, person, authenticator, ordinary_refusal):
    first, second = person.begin_flow(), person.begin_flow()
    right = authenticator.get(person.begin_passkey(first))
    before = person.stored
    # Another flow without a challenge, another flow with one, and a challenge that was tried with.
    assert refusal(lambda: person.submit_passkey(second, right)) == ordinary_refusal
    person.begin_passkey(second)
    assert refusal(lambda: person.submit_passkey(second, right)) == ordinary_refusal
    assert person.stored == before
    assert person.submit_passkey(first, right).HasField("signed_in")
    sessions = person.sessions
    third = person.begin_flow()
    options = person.begin_passkey(third)
    assert refusal(lambda: person.submit_passkey(third, authenticator.get(options, client=without("type"))))
    assert refusal(lambda: person.submit_passkey(third, authenticator.get(options))) == ordinary_refusal
    assert person.sessions == sessions


def test_an_answer_that_signed_in_does_not_do_so_again(person, authenticator):
    flow = person.begin_flow()
    right = authenticator.get(person.begin_passkey(flow))
    person.submit_passkey(flow, right)
    before = person.stored
    assert refusal(lambda: person.submit_passkey(flow, right))
    assert person.stored == before


def test_a_newer_challenge_replaces_the_one_before(person, authenticator, ordinary_refusal):
    flow = person.begin_flow()
    right = authenticator.get(person.begin_passkey(flow))
    before = person.stored
    person.begin_passkey(flow)
    assert refusal(lambda: person.submit_passkey(flow, right)) == ordinary_refusal
    assert person.stored == before


def test_the_challenge_of_a_registration_signs_nobody_in(person, authenticator, ordinary_refusal):
    session = person.sign_in(authenticator)
    person.session = session.session_token
    challenge = json.loads(person.begin_registration())["challenge"]
    before = person.stored
    assert refusal(lambda: person.sign_in(authenticator, client=replaced(challenge=challenge))) == ordinary_refusal
    assert person.stored == before


def test_a_challenge_ends(server, person, authenticator, ordinary_refusal):
    flow = person.begin_flow()
    right = authenticator.get(person.begin_passkey(flow))
    before = person.stored
    server.query("UPDATE passkey_challenges SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND")
    assert refusal(lambda: person.submit_passkey(flow, right)) == ordinary_refusal
    assert person.stored == before


# -- whose it is ---------------------------------------------------------------------------------------------------


@pytest.fixture
def other(server, connection):
    return Person(server, connection)


def test_one_persons_passkey_with_anothers_handle_is_nobodys(person, authenticator, other, ordinary_refusal):
    others = Authenticator(ORIGIN)
    other.register(others)
    before = person.stored, other.stored
    bend = replaced(userHandle=encode(others.user_handle))
    assert refusal(lambda: person.sign_in(authenticator, response=bend)) == ordinary_refusal
    assert (person.stored, other.stored) == before


@pytest.fixture
def flow_of_person(server, connection, person, authenticator):
    """The token of a flow in which the person proved the address already."""
    started = begin(connection, person.address, person.source)
    submitted = submit(connection, started.flow_token, server.code_for(person.address, 2))
    assert [step.WhichOneof("kind") for step in submitted.flow.next_steps] == ["passkey"]
    return started.flow_token


def test_anothers_passkey_is_of_no_use_as_a_second_factor(person, other, flow_of_person, ordinary_refusal):
    others = Authenticator(ORIGIN)
    other.register(others)
    before = person.stored, other.stored
    options = person.begin_passkey(flow_of_person)
    assert len(json.loads(options)["allowCredentials"]) == 1
    assert refusal(lambda: person.submit_passkey(flow_of_person, others.get(options))) == ordinary_refusal
    assert (person.stored, other.stored) == before


def test_a_handle_may_be_left_out_and_not_be_anothers_as_a_second_factor(person, authenticator, flow_of_person,
                                                                         ordinary_refusal):
    before = person.stored
    answer = authenticator.get(person.begin_passkey(flow_of_person), response=replaced(userHandle=encode(bytes(64))))
    assert refusal(lambda: person.submit_passkey(flow_of_person, answer)) == ordinary_refusal
    assert person.stored == before
    answer = authenticator.get(person.begin_passkey(flow_of_person), response=without("userHandle"))
    assert person.submit_passkey(flow_of_person, answer).signed_in.session.user_id == person.user_id


def test_a_passkey_that_did_not_verify_its_user_counts_as_one_factor(person, authenticator, flow_of_person):
    """An address that was proved is no second one."""
    answer = authenticator.get(person.begin_passkey(flow_of_person), flags=UP)
    signed_in = person.submit_passkey(flow_of_person, answer).signed_in
    assert signed_in.session.assurance_level == session_pb2.ASSURANCE_LEVEL_AAL1


# -- counters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 3], ids=["none", "far lower", "lower", "the same"])
def test_a_count_that_does_not_rise_is_a_copy(server, person, authenticator, ordinary_refusal, count):
    person.sign_in(authenticator)
    person.sign_in(authenticator)
    before = person.stored
    bend = replaced(count=count.to_bytes(4, "big"))
    assert refusal(lambda: person.sign_in(authenticator, data=bend)) == ordinary_refusal
    [passkey] = person.passkeys
    assert passkey.HasField("suspected_copy_time")
    passkey.ClearField("suspected_copy_time")
    assert ([passkey], person.sessions) == before
    server.wait_for_subject(person.address, "A passkey was refused")
    authenticator.count = 3
    assert person.sign_in(authenticator).session.user_id == person.user_id


def test_a_count_may_stay_at_zero_and_be_as_high_as_it_gets(person):
    authenticator = Authenticator(ORIGIN)
    zero = replaced(count=bytes(4))
    person.register(authenticator, data=zero)
    for _ in range(2):
        assert person.sign_in(authenticator, data=zero).session.user_id == person.user_id
    assert person.sign_in(authenticator, data=replaced(count=b"\xff" * 4)).session.user_id == person.user_id
    assert refusal(lambda: person.sign_in(authenticator, data=zero))


def test_a_passkey_that_is_synchronised_may_count_as_it_likes(person):
    authenticator = Authenticator(ORIGIN)
    person.register(authenticator, flags=UP | UV | AT | BE | BS)
    bend = {"flags": UP | UV | BE | BS, "data": replaced(count=bytes(4))}
    assert person.sign_in(authenticator, **bend).session.user_id == person.user_id
    assert not person.passkeys[0].HasField("suspected_copy_time")


def test_a_disabled_persons_passkey_signs_nobody_in(connection, person, authenticator, ordinary_refusal):
    connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=person.user_id))
    assert refusal(lambda: person.sign_in(authenticator)) == ordinary_refusal
    assert not person.sessions
