"""Whose pages may use the site's passkeys, and other settings of authenticators."""

import socket

import pytest
import requests

from authenticator import Authenticator
from passkeys import Person
from rpc import RpcError, totp_pb2
from server import Server

ORIGIN, RELATED = "https://login.example.org", ["https://example.com", "https://example.de:8443"]


@pytest.fixture(scope="module")
def site_port():
    """A port that is free; the banner of a server with an address of its own does not tell it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def server(site_port):
    server = Server(options=["--site-url", ORIGIN, "--passkeys-related-origins", ",".join(RELATED),
                             "--policy-totp-issuer", "Ours", "--policy-totp-devices", "2"]).start(site_port=site_port)
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


def test_browsers_find_whose_pages_may_use_the_passkeys(server, site_port):
    for host in ("login.example.org", "login.example.org:443"):
        answer = requests.get(f"http://127.0.0.1:{site_port}/.well-known/webauthn", headers={"Host": host}, timeout=10)
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
        assert answer.json() == {"origins": [ORIGIN, *RELATED]}
        assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("origin,is_taken", [(ORIGIN, True), *((origin, True) for origin in RELATED),
                                             ("https://example.de", False), ("https://www.example.com", False)])
def test_pages_of_the_configured_origins_register_and_use_passkeys_and_no_others(person, origin, is_taken):
    made = Authenticator(origin)
    if not is_taken:
        with pytest.raises(RpcError):
            person.register(made)
        return
    person.register(made)
    assert person.sign_in(made).session.user_id == person.user_id


def test_the_issuer_and_number_of_apps_are_configured(person):
    begun = [person.connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Phone"),
                                    session=person.session) for _ in range(2)]
    assert all(b"/Ours:" in each.provisioning_uri and b"issuer=Ours&" in each.provisioning_uri for each in begun)
    with pytest.raises(RpcError) as refused:
        person.connection.call("TotpService/BeginTotpEnrolment", totp_pb2.BeginTotpEnrolmentRequest(name="Third"),
                               session=person.session)
    assert refused.value.code == "FAILED_PRECONDITION"
