"""What an administrator does about authenticators and limits, by command, against a real server."""

import json
import re

import pytest

from authenticator import Authenticator
from passkeys import Person
from rpc import RpcError, throttle_pb2
from server import Server, wrong_code
from test_authenticators import ORIGIN, one_time_password, prove_address, wait_for_time_in_a_step
from test_rpc_flow import begin, submit
from test_totp_codes import begin_enrolment, confirm


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--site-url", ORIGIN]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


def test_passkeys_are_listed_and_removed_and_the_last_way_in_only_with_a_word(server, connection, person):
    passkey = person.register(Authenticator(ORIGIN))
    listed = server.command("passkey", "list", person.user_id).stdout
    assert re.search(rf"^{passkey.id}\s+Passkey\s", listed, re.MULTILINE)
    assert json.loads(server.command("passkey", "list", person.user_id, "--json").stdout)["passkeys"][0]["id"] == passkey.id
    user = person.user_id.replace("-", "")
    server.query(f"UPDATE user_identifiers SET verified_at = NULL WHERE user_id = UNHEX('{user}')")
    refused = server.command("passkey", "remove", person.user_id, passkey.id, check=False)
    assert refused.returncode != 0 and "without it the user could not sign in any more" in refused.stderr
    assert person.passkeys
    insisted = server.command("passkey", "remove", person.user_id, passkey.id, "--even-if-last-way-in")
    assert insisted.stdout == "Removed.\n" and not person.passkeys
    assert server.command("passkey", "list", person.user_id).stdout == "None.\n"
    again = server.command("passkey", "remove", person.user_id, passkey.id, check=False)
    assert again.returncode != 0 and "Not found." in again.stderr


def test_apps_are_listed_and_removed_and_their_owner_is_told(server, connection, person):
    wait_for_time_in_a_step()
    begun = begin_enrolment(person)
    assert "waiting for its first code" in server.command("totp", "list", person.user_id).stdout
    confirm(person, begun, one_time_password(begun.provisioning_uri.decode()))
    listed = server.command("totp", "list", person.user_id).stdout
    assert begun.device.id in listed and "in use" in listed
    # Its secret was shown to its owner once, and to nobody else.
    assert begun.secret.decode() not in listed + server.command("totp", "list", person.user_id, "--json").stdout
    assert server.command("totp", "remove", person.user_id, begun.device.id).stdout == "Removed.\n"
    server.wait_for_subject(person.address, "An authenticator app was removed")
    answer, _ = prove_address(server, connection, person.address)
    assert answer.signed_in.session.user_id == person.user_id


def test_limits_are_shown_and_cleared(server, connection, person):
    assert server.command("throttle", "show", person.user_id).stdout == "None.\n"
    before = len(server.codes_to(person.address))
    flow = begin(connection, person.address, person.source).flow_token
    wrong = wrong_code(server.code_for(person.address, before + 1))
    for _ in range(6):
        with pytest.raises(RpcError):
            submit(connection, flow, wrong)
    shown = server.command("throttle", "show", person.user_id).stdout
    assert re.search(r"^tries\s+email_code\s+\d+\s+[4-6]\s+blocked until 20", shown, re.MULTILINE), shown
    assert person.address not in shown
    cleared = server.command("throttle", "clear", person.user_id).stdout
    assert re.fullmatch(r"Cleared: [1-9]\d*\.\n", cleared)
    assert server.command("throttle", "show", person.user_id).stdout == "None.\n"
    answer, _ = prove_address(server, connection, person.address)
    assert answer.signed_in.session.user_id == person.user_id
    nobody = server.command("throttle", "show", "018f3c6e-0000-7000-8000-000000000000", check=False)
    assert nobody.returncode != 0 and "Not found." in nobody.stderr


def test_people_neither_see_nor_clear_limits_not_even_their_own(server, connection, person):
    for method, request in [("ListThrottles", throttle_pb2.ListThrottlesRequest(user_id=person.user_id)),
                            ("ClearThrottles", throttle_pb2.ClearThrottlesRequest(user_id=person.user_id))]:
        with pytest.raises(RpcError) as refused:
            connection.call(f"ThrottleService/{method}", request, session=person.session)
        assert refused.value.code == "PERMISSION_DENIED"
