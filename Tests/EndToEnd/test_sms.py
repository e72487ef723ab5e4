"""Codes by SMS through a gateway that we did not write, on loopback."""

import itertools
import json
import time

import pytest

from browser import Pages, chromium
from rpc import Connection, RpcError, identifier_pb2, sign_in_pb2
from server import Server
from sms_gateway import Gateway
from test_rpc_flow import fresh_address

_numbers = itertools.count(1000)


def fresh_number():
    """Of a block of its own each."""
    return f"+4915{next(_numbers)}0001"


@pytest.fixture(scope="module")
def gateway(room):
    with Gateway() as gateway:
        yield gateway


@pytest.fixture(scope="module")
def server(room, gateway):
    credentials = room / "credentials"
    credentials.write_text("Bearer gateway-secret\n")
    credentials.chmod(0o600)
    server = Server(options=["--sms-delivery", "gateway", "--sms-gateway-url", gateway.url, "--sms-gateway-header-file",
                             str(credentials), "--sms-sender", "Shop \"x\"", "--site-name", "Shop \"}{\\ <b>",
                             "--sms-calling-codes", "49,33"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture(autouse=True)
def quiet(gateway):
    gateway.statuses, gateway.delay = [], 0


def person_with_phone(server, gateway, connection):
    """Somebody who proved an address and then a number; the number and the session's token."""
    address, number = fresh_address(), fresh_number()
    flow = connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=address))
    signed_in = connection.call("SignInService/SubmitSignInCode", sign_in_pb2.SubmitSignInCodeRequest(
        flow_token=flow.flow_token, code=server.code_for(address).encode())).signed_in
    token = signed_in.session_token
    claim = connection.call("IdentifierService/BeginIdentifierClaim", identifier_pb2.BeginIdentifierClaimRequest(
        kind="IDENTIFIER_KIND_PHONE", value=number), session=token).claim
    code = gateway.accepted(number)[-1].rsplit("#", 1)[1]
    user = connection.call("IdentifierService/ConfirmIdentifier", identifier_pb2.ConfirmIdentifierRequest(
        claim_id=claim.id, code=code.encode()), session=token).user
    assert any(name.value == number and name.HasField("verify_time") for name in user.identifiers)
    # The next one may go at once.
    server.query("DELETE FROM throttles")
    return number


def test_a_person_proves_a_number_and_signs_in_with_it_in_a_browser(server, gateway, connection):
    number = person_with_phone(server, gateway, connection)
    with chromium() as driver:
        pages = Pages(driver, server)
        pages.open("/sign-in")
        pages.fill("identifier", f"{number[:3]} {number[3:6]}-{number[6:]}")
        pages.wait_for_path("/sign-in/code")
        assert f"+•••{number[-2:]}" in pages.text
        pages.fill("code", " ".join(gateway.accepted(number)[-1].rsplit("#", 1)[1]))
        pages.wait_for_path("/account")


def test_the_request_is_json_whatever_the_site_is_called(server, gateway, connection):
    number = person_with_phone(server, gateway, connection)
    status, path, headers, body = gateway.requests[-1]
    message = json.loads(body)
    assert path == "/v1/messages" and headers["Authorization"] == "Bearer gateway-secret"
    assert set(message) == {"to", "from", "text"} and message["to"] == number and message["from"] == "Shop \"x\""
    assert 'Shop "}{\\ <b>' in message["text"] and message["text"].splitlines()[-1].startswith("@localhost #")


def test_a_gateway_that_fails_for_a_while_gets_the_message_again(server, gateway, connection):
    number = person_with_phone(server, gateway, connection)
    before = len(gateway.requests)
    gateway.statuses = [503, 429, 202]
    connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=number))
    requests = gateway.wait_for(before + 3, timeout=40)[before:]
    assert [status for status, *_ in requests] == [503, 429, 202]
    assert len({headers["Idempotency-Key"] for _, _, headers, _ in requests}) == 1
    assert len({body for *_, body in requests}) == 1


@pytest.mark.parametrize("status", [400, 302])
def test_a_gateway_that_refuses_or_redirects_is_not_asked_again(server, gateway, connection, status):
    number = person_with_phone(server, gateway, connection)
    before = len(gateway.requests)
    gateway.statuses = [status]
    connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=number))
    gateway.wait_for(before + 1)
    for _ in range(100):
        if server.query("SELECT COUNT(*) FROM outbox WHERE kind = 8 AND state = 1").strip() == "0":
            break
        time.sleep(0.1)
    assert server.query("SELECT state, LENGTH(payload) FROM outbox WHERE kind = 8 ORDER BY id DESC LIMIT 1").split() == ["4", "0"]
    assert len(gateway.requests) == before + 1


def test_a_slow_gateway_holds_nobody_up(server, gateway, connection):
    number = person_with_phone(server, gateway, connection)
    gateway.delay = 3
    address = fresh_address()
    flow = connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=number))
    other = connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=address))
    answer = connection.call("SignInService/SubmitSignInCode", sign_in_pb2.SubmitSignInCodeRequest(
        flow_token=other.flow_token, code=server.code_for(address).encode()))
    assert answer.HasField("signed_in")
    assert flow.flow.next_steps[0].code.length == 6


def test_nobody_is_told_whether_a_number_is_known(server, gateway, connection):
    known, unknown = person_with_phone(server, gateway, connection), fresh_number()
    before = len(gateway.requests)
    views = [connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=number)).flow
             for number in (known, unknown)]
    gateway.wait_for(before + 1)
    shapes = [(len(view.next_steps), view.next_steps[0].code.length, view.next_steps[0].code.masked_address,
               len(view.next_steps[0].code.SerializeToString())) for view in views]
    assert shapes[0] == shapes[1]
    assert all(json.loads(body)["to"] != unknown for *_, body in gateway.requests)


def test_secrets_stay_out_of_the_log(server, gateway):
    log = server.log() + server.banner
    assert "gateway-secret" not in log
    for *_, body in gateway.requests:
        message = json.loads(body)
        assert message["to"] not in log and message["text"].rsplit("#", 1)[1] not in log.split()


def test_a_number_of_a_country_that_is_not_served_gets_no_message(server, connection):
    with pytest.raises(RpcError) as refused:
        connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier="+12025550100"))
    assert refused.value.code == "INVALID_ARGUMENT"


def test_messages_are_written_to_disk_in_development(room):
    server = Server(options=["--sms-delivery", "mailbox"]).start()
    try:
        server.bootstrap()
        with Connection(server) as connection:
            address, number = fresh_address(), fresh_number()
            flow = connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=address))
            token = connection.call("SignInService/SubmitSignInCode", sign_in_pb2.SubmitSignInCodeRequest(
                flow_token=flow.flow_token, code=server.code_for(address).encode())).signed_in.session_token
            connection.call("IdentifierService/BeginIdentifierClaim", identifier_pb2.BeginIdentifierClaimRequest(
                kind="IDENTIFIER_KIND_PHONE", value=number), session=token)
            for _ in range(100):
                files = list(server.mailbox.glob("*.txt"))
                if files:
                    break
                time.sleep(0.1)
            assert files[0].read_text().startswith(f"To: {number}\n\n")
    finally:
        assert server.stop() == 0
