"""Passkeys in a real browser: what it makes is accepted, and what its authenticators are told to get wrong is not."""

import json

import pytest

from authenticator import decode
from browser import chromium
from passkeys import Person, refusal
from rpc import Connection, session_pb2
from server import Server
from test_rpc_flow import begin, submit
from virtual_authenticators import NotGiven, VirtualAuthenticator, application, call, flags_of


@pytest.fixture(scope="module")
def origin():
    with application() as origin:
        yield origin


@pytest.fixture(scope="module")
def server(origin):
    server = Server(options=["--site-url", origin]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def driver():
    with chromium(javascript=True) as driver:
        driver.set_script_timeout(60)
        yield driver


@pytest.fixture
def plugged(driver, origin):
    """Plugs authenticators in, for one test."""
    driver.get(origin)
    yield lambda **options: VirtualAuthenticator(driver, **options)
    driver.execute_cdp_cmd("WebAuthn.disable", {})


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


def register(driver, person):
    return person.finish_registration(call(driver, "create", person.begin_registration()))


def sign_in(driver, person, mediation=None):
    """With the browser's passkey alone."""
    flow = person.begin_flow()
    return person.submit_passkey(flow, call(driver, "get", person.begin_passkey(flow), mediation)).signed_in


@pytest.fixture(scope="module")
def refusals(server):
    """The refusals of registering and of signing in, as they look for an answer with nothing in it."""
    with Connection(server) as connection:
        stranger = Person(server, connection)
        stranger.begin_registration()
        flow = stranger.begin_flow()
        stranger.begin_passkey(flow)
        nothing = json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {
            "clientDataJSON": "", "authenticatorData": "", "signature": "", "userHandle": "AA"}})
        return (refusal(lambda: stranger.finish_registration("{}")),
                refusal(lambda: stranger.submit_passkey(flow, nothing)))


@pytest.mark.parametrize("transport", ["internal", "usb", "nfc", "ble", "hybrid"])
def test_a_passkey_of_the_browser_registers_and_alone_signs_in(driver, plugged, person, transport):
    authenticator = plugged(transport=transport if transport != "hybrid" else "cable")
    passkey = register(driver, person)
    assert passkey.transports and not passkey.backup_eligible
    signed_in = sign_in(driver, person)
    assert signed_in.session.user_id == person.user_id
    assert signed_in.session.assurance_level == session_pb2.ASSURANCE_LEVEL_AAL2
    assert authenticator.credentials[0]["signCount"] == 2


def test_the_browser_offers_a_passkey_in_a_form_without_being_asked(driver, plugged, person):
    plugged()
    register(driver, person)
    assert sign_in(driver, person, mediation="conditional").session.user_id == person.user_id


def test_the_browser_does_not_register_the_same_authenticator_twice(driver, plugged, person):
    plugged()
    register(driver, person)
    person.session = sign_in(driver, person).session_token
    before = person.stored
    options = person.begin_registration()
    assert len(json.loads(options)["excludeCredentials"]) == 1
    with pytest.raises(NotGiven, match="InvalidStateError"):
        call(driver, "create", options)
    assert person.stored == before


@pytest.mark.parametrize(("bits", "flags"), [
    ({"isBogusSignature": True}, 0x05), ({"isBadUP": True}, 0x04), ({"isBadUV": True}, 0x01)],
    ids=["a bogus signature", "nobody present", "nobody verified"])
def test_what_an_authenticator_gets_wrong_signs_nobody_in(driver, plugged, person, refusals, bits, flags):
    authenticator = plugged()
    register(driver, person)
    before = person.stored
    authenticator.bend(**bits)
    flow = person.begin_flow()
    answer = call(driver, "get", person.begin_passkey(flow))
    assert flags_of(answer, decode) & 0x05 == flags
    assert refusal(lambda: person.submit_passkey(flow, answer)) == refusals[1]
    assert person.stored == before
    authenticator.bend()
    assert sign_in(driver, person).session.user_id == person.user_id


def test_nobody_present_registers_nothing(driver, plugged, person, refusals):
    plugged().bend(isBadUP=True)
    assert refusal(lambda: register(driver, person)) == refusals[0]
    assert not person.passkeys


def test_a_backup_without_eligibility_registers_nothing(driver, plugged, person, refusals):
    plugged(defaultBackupEligibility=False, defaultBackupState=True)
    assert refusal(lambda: register(driver, person)) == refusals[0]
    assert not person.passkeys


@pytest.mark.parametrize("backed_up", [False, True])
def test_a_synchronised_passkey_is_known_as_such(driver, plugged, person, backed_up):
    authenticator = plugged(defaultBackupEligibility=True, defaultBackupState=backed_up)
    passkey = register(driver, person)
    assert (passkey.backup_eligible, passkey.backed_up) == (True, backed_up)
    authenticator.set_properties(backupEligibility=True, backupState=not backed_up)
    assert sign_in(driver, person).session.user_id == person.user_id
    assert person.passkeys[0].backed_up is not backed_up


@pytest.mark.parametrize(("registered", "later"), [
    ({}, {"backupEligibility": True, "backupState": False}),
    ({}, {"backupEligibility": True, "backupState": True}),
    ({}, {"backupEligibility": False, "backupState": True}),
    ({"defaultBackupEligibility": True}, {"backupEligibility": False, "backupState": False})],
    ids=["eligible", "eligible and backed up", "backed up without eligibility", "no more eligible"])
def test_eligibility_for_backups_never_changes(driver, plugged, person, refusals, registered, later):
    authenticator = plugged(**registered)
    register(driver, person)
    before = person.stored
    authenticator.set_properties(**later)
    assert refusal(lambda: sign_in(driver, person)) == refusals[1]
    assert person.stored == before


def test_a_copy_is_found_out_by_its_count(server, driver, plugged, person, refusals):
    authenticator = plugged()
    register(driver, person)
    [copied] = authenticator.credentials
    for _ in range(3):
        sign_in(driver, person)
    before = person.stored
    authenticator.remove()
    plugged().command("addCredential", credential=copied)
    assert refusal(lambda: sign_in(driver, person)) == refusals[1]
    [passkey] = person.passkeys
    assert passkey.HasField("suspected_copy_time")
    passkey.ClearField("suspected_copy_time")
    assert ([passkey], person.sessions) == before
    server.wait_for_subject(person.address, "A passkey was refused")


def test_without_verification_a_passkey_is_one_factor_after_a_code(server, connection, driver, plugged, person):
    authenticator = plugged()
    register(driver, person)
    authenticator.bend(isBadUV=True)
    started = begin(connection, person.address, person.source)
    submit(connection, started.flow_token, server.code_for(person.address, 2))
    answer = call(driver, "get", person.begin_passkey(started.flow_token))
    assert flags_of(answer, decode) & 0x05 == 0x01
    session = person.submit_passkey(started.flow_token, answer).signed_in.session
    assert session.user_id == person.user_id and session.assurance_level == session_pb2.ASSURANCE_LEVEL_AAL1


def test_whom_the_authenticator_does_not_verify_the_browser_gives_no_passkey(driver, plugged, person):
    authenticator = plugged()
    register(driver, person)
    before = person.stored
    authenticator.command("setUserVerified", isUserVerified=False)
    with pytest.raises(NotGiven, match="NotAllowedError"):
        sign_in(driver, person)
    assert person.stored == before


def test_an_old_token_of_u2f_keeps_no_passkey(driver, plugged, person):
    plugged(protocol="u2f", transport="usb", hasResidentKey=False, hasUserVerification=False)
    with pytest.raises(NotGiven, match="NotAllowedError|NotSupportedError"):
        register(driver, person)
    assert not person.passkeys
