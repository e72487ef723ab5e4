"""What an authenticator says is good once, though it is said fifty times at once to two servers."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from authenticator import Authenticator
from passkeys import Person
from rpc import Connection, RpcError, passkey_pb2, sign_in_pb2, totp_pb2
from server import Server
from test_authenticators import one_time_password, prove_address, steps, wait_for_time_in_a_step
from test_restart import database_socket

ORIGIN = "https://login.example.org"
AT_ONCE = 50
REFUSED = ("UNAUTHENTICATED", "FAILED_PRECONDITION", "NOT_FOUND", "RESOURCE_EXHAUSTED")


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--site-url", ORIGIN]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


@contextlib.contextmanager
def two_servers(first):
    """A second one on the same database; only for the race, since it would deliver half of the codes."""
    second = Server(database_socket=database_socket(first),
                    options=["--site-url", ORIGIN, "--key-ring-file", str(first.directory / "keys")]).start()
    second.token = first.token
    try:
        yield first, second
    finally:
        assert second.stop() == 0


def winners(server, method, requests, **options):
    """Sends each request over a connection of its own, half of them to a second server; the answers of those that were
    not refused."""
    with two_servers(server) as servers, contextlib.ExitStack() as stack:
        connections = [stack.enter_context(Connection(servers[index % 2])) for index in range(len(requests))]

        def outcome(wait):
            try:
                return wait(60)
            except RpcError as error:
                assert error.code in REFUSED, error
                return None

        waits = [connection.start(f"gatehouse.v1.{method}", request, timeout_milliseconds=60000, **options)
                 for connection, request in zip(connections, requests)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return [answer for answer in pool.map(outcome, waits) if answer is not None]


def passkey_answers(flows, responses):
    return [sign_in_pb2.SubmitSignInPasskeyRequest(flow_token=flow, response_json=response)
            for flow, response in zip(flows, responses)]


def test_one_challenge_gives_one_session(server, person):
    authenticator = Authenticator(ORIGIN)
    person.register(authenticator)
    flow = person.begin_flow()
    options = person.begin_passkey(flow)
    # Each of them holds and counts on.
    requests = passkey_answers([flow] * AT_ONCE, [authenticator.get(options) for _ in range(AT_ONCE)])
    before = len(person.sessions)
    won = winners(server, "SignInService/SubmitSignInPasskey", requests)
    assert len(won) == 1
    assert sign_in_pb2.SubmitSignInPasskeyResponse.FromString(won[0]).signed_in.session.user_id == person.user_id
    assert len(person.sessions) == before + 1


def test_one_count_of_a_passkey_gives_one_session(server, person):
    authenticator = Authenticator(ORIGIN)
    person.register(authenticator)
    flows, responses = [person.begin_flow() for _ in range(AT_ONCE)], []
    for flow in flows:
        authenticator.count = 7
        responses.append(authenticator.get(person.begin_passkey(flow)))
    before = len(person.sessions)
    assert len(winners(server, "SignInService/SubmitSignInPasskey", passkey_answers(flows, responses))) == 1
    assert len(person.sessions) == before + 1


@pytest.mark.parametrize("authenticators", [1, AT_ONCE], ids=["one authenticator", "as many authenticators"])
def test_one_challenge_gives_one_passkey(server, person, authenticators):
    options = person.begin_registration()
    responses = [Authenticator(ORIGIN).create(options) for _ in range(authenticators)] * (AT_ONCE // authenticators)
    requests = [passkey_pb2.FinishPasskeyRegistrationRequest(response_json=text, name="Key") for text in responses]
    won = winners(server, "PasskeyService/FinishPasskeyRegistration", requests, session=person.session)
    assert len(won) == 1
    assert person.passkeys == [passkey_pb2.FinishPasskeyRegistrationResponse.FromString(won[0]).passkey]


def test_one_one_time_password_sets_up_one_app_and_gives_one_session(server, connection, person):
    begun = connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Phone"),
                            session=person.session)
    uri = begun.provisioning_uri.decode()
    wait_for_time_in_a_step()
    confirm = totp_pb2.ConfirmTotpEnrolmentRequest(device_id=begun.device.id, code=one_time_password(uri, ahead=-30))
    won = winners(server, "TotpService/ConfirmTotpEnrolment", [confirm] * AT_ONCE, session=person.session)
    assert len(won) == 1
    answer, flow = prove_address(server, connection, person.address)
    assert steps(answer.flow) == ["totp"]
    before = len(person.sessions)
    request = sign_in_pb2.SubmitSignInTotpRequest(flow_token=flow, code=one_time_password(uri, ahead=30))
    won = winners(server, "SignInService/SubmitSignInTotp", [request] * AT_ONCE)
    assert len(won) == 1
    assert len(person.sessions) == before + 1
