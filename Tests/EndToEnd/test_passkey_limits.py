"""A person may have fifty passkeys, and not one more however it is tried."""

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest

from authenticator import Authenticator
from passkeys import Person
from rpc import Connection, RpcError
from server import Server

ORIGIN = "https://login.example.org"
MOST = 50


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--site-url", ORIGIN]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    """Somebody who signed in with the first of all passkeys but one."""
    person = Person(server, connection)
    person.register(first := Authenticator(ORIGIN))
    person.session = person.sign_in(first).session_token
    for _ in range(MOST - 2):
        person.register(Authenticator(ORIGIN))
    person.first = first
    return person


def too_many(error):
    return (error.code, error.reason) == ("FAILED_PRECONDITION", "authenticators.too_many")


def test_the_fifty_first_passkey_is_refused_before_the_browser_is_asked(person):
    person.register(Authenticator(ORIGIN))
    with pytest.raises(RpcError) as refused:
        person.begin_registration()
    assert too_many(refused.value)
    assert len(person.passkeys) == MOST


def test_two_sessions_at_once_register_the_last_passkey_once(server, person):
    people = [copy.copy(person) for _ in range(2)]
    for other in people:
        other.session = person.sign_in(person.first).session_token
    responses = [Authenticator(ORIGIN).create(other.begin_registration()) for other in people]

    def finish(other, response):
        with Connection(server) as other.connection:
            try:
                return other.finish_registration(response)
            except RpcError as error:
                assert too_many(error)
                return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(finish, people, responses))
    assert sum(outcome is not None for outcome in outcomes) == 1
    assert len(person.passkeys) == MOST
