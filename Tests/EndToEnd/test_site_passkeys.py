"""Passkeys on the site in a real browser with virtual authenticators."""

import time

import pytest
from selenium.webdriver.common.by import By

from browser import chromium
from rpc import Connection, session_pb2
from site_pages import SitePages, start_site
from test_rpc_flow import fresh_address
from virtual_authenticators import VirtualAuthenticator


@pytest.fixture(scope="module")
def server():
    server = start_site("--policy-code-resend-interval", "10s")
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def driver():
    with chromium(javascript=True) as driver:
        yield driver


@pytest.fixture
def pages(driver, server):
    pages = SitePages(driver, server)
    pages.fresh()
    yield pages
    assert pages.problems() == []


@pytest.fixture
def plugged(driver):
    """Plugs authenticators in, for one test; what they are asked without being able to, stays open."""
    yield lambda **options: VirtualAuthenticator(driver, **options)
    driver.execute_cdp_cmd("WebAuthn.disable", {})


def level(server, pages):
    with Connection(server) as connection:
        request = session_pb2.ValidateSessionRequest(session_token=pages.cookie("session").encode())
        return connection.call("SessionService/ValidateSession", request).session


@pytest.fixture
def person(server, pages, plugged):
    """Somebody who added a passkey when it was offered, and signed out; with the authenticator, which waits to be touched."""
    authenticator = plugged()
    address = fresh_address()
    pages.name(address)
    pages.type_code(address)
    pages.wait_for_path("/sign-in/add-passkey")
    pages.press_button("Add a passkey")
    pages.wait_for_path("/account")
    pages.wait_for_text("The passkey was added")
    authenticator.command("setAutomaticPresenceSimulation", enabled=False)
    pages.press("form[action='/sign-out'] button")
    pages.wait_for_path("/signed-out")
    return address, authenticator


def touch(authenticator, isThere=True):
    authenticator.command("setAutomaticPresenceSimulation", enabled=isThere)


def slow(pages, milliseconds):
    """Lets every answer of the network take so long."""
    pages.driver.execute_cdp_cmd("Network.enable", {})
    pages.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1})


def press_and_touch(pages, words, authenticator):
    """Touches it after the button was pressed and before it is asked, since it tells only then whether it is touched: the
    network takes its time meanwhile."""
    slow(pages, 2000)
    pages.press_button(words)
    touch(authenticator)
    slow(pages, 0)


def test_after_a_code_a_passkey_is_offered_and_alone_signs_in(server, pages, person):
    address, authenticator = person
    pages.open("/sign-in")
    press_and_touch(pages, "Sign in with a passkey", authenticator)
    pages.wait_for_path("/account")
    assert address in pages.text
    session = level(server, pages)
    assert session.assurance_level == session_pb2.ASSURANCE_LEVEL_AAL2 and list(session.authentication_methods) == ["hwk"]
    assert not pages.cookie("passkey")


def test_the_browser_suggests_the_passkey_in_the_field_for_the_name(pages, person):
    address, authenticator = person
    pages.open("/sign-in")
    touch(authenticator)
    # Nothing is pressed: what the browser was asked on loading the page is answered by the authenticator.
    pages.wait_for_path("/account")
    assert address in pages.text


def test_whoever_cancels_is_told_and_can_go_on_with_a_code(server, pages, person):
    address, authenticator = person
    authenticator.command("setUserVerified", isUserVerified=False)
    touch(authenticator)
    pages.open("/sign-in")
    pages.press_button("Sign in with a passkey")
    pages.wait_for_text("That was cancelled, or took too long.")
    pages.fill("identifier", address)
    pages.wait_for_path("/sign-in/code")


def test_who_has_a_passkey_must_use_it_after_a_code(server, pages, person):
    address, authenticator = person
    time.sleep(10)  # The wait between two codes to one address.
    pages.name(address)
    pages.type_code(address, 2)
    pages.wait_for_path("/sign-in/passkey")
    assert not pages.cookie("session")
    for path in ["/account", "/account/confirm", "/sign-in/add-passkey"]:
        pages.open(path)
        pages.wait_for_path("/sign-in")
    pages.open("/sign-in/passkey")
    touch(authenticator)
    pages.press_button("Use the passkey")
    pages.wait_for_path("/account")
    assert level(server, pages).assurance_level == session_pb2.ASSURANCE_LEVEL_AAL2


def test_a_passkey_of_somebody_else_is_refused_in_a_flow_with_a_name(pages, person):
    _, authenticator = person
    other = fresh_address()
    pages.name(other)
    touch(authenticator)
    pages.press_button("Use a passkey")
    pages.wait_for_text("That passkey did not work here.")
    assert pages.path == "/sign-in/code" and not pages.cookie("session")


def test_what_an_authenticator_gets_wrong_signs_nobody_in(pages, person):
    _, authenticator = person
    authenticator.bend(isBogusSignature=True)
    touch(authenticator)
    # The browser's own suggestion is answered by it, without anything being pressed, again and again: slowly, so that there is time
    # to read what is said.
    slow(pages, 1000)
    pages.open("/sign-in")
    pages.wait_for_text("That passkey did not work here.")
    # Or it goes on for as long as somebody touches it, until the address has asked for too much.
    touch(authenticator, False)
    slow(pages, 0)
    assert not pages.cookie("session")
    authenticator.bend()


def test_a_second_tab_does_not_spoil_the_first_one(pages, person):
    address, authenticator = person
    pages.open("/sign-in")
    first = pages.driver.current_window_handle
    pages.driver.switch_to.new_window("tab")
    pages.open("/sign-in")
    pages.driver.close()
    pages.driver.switch_to.window(first)
    press_and_touch(pages, "Sign in with a passkey", authenticator)
    pages.wait_for_path("/account")
    assert address in pages.text


def test_where_a_sign_in_is_over_the_button_begins_it_again(pages, person):
    address, _ = person
    time.sleep(10)
    pages.open("/sign-in?return_to=/account/sessions")
    pages.fill("identifier", address)
    pages.wait_for_path("/sign-in/code")
    pages.forget("flow")
    pages.press_button("Use a passkey")
    pages.wait_for_path("/sign-in")
    pages.wait_for_text("That sign-in is over.")
    assert pages.driver.find_element(By.NAME, "return_to").get_attribute("value") == "/account/sessions"


def test_a_passkey_is_added_after_a_proof_where_the_last_one_is_long_ago(server, pages, person):
    address, authenticator = person
    time.sleep(10)
    pages.name(address)
    pages.type_code(address, 2)
    pages.wait_for_path("/sign-in/passkey")
    touch(authenticator)
    pages.press_button("Use the passkey")
    pages.wait_for_path("/account")
    pages.open("/account/passkeys/add")
    server.query("UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 1 HOUR")
    pages.press_button("Add a passkey")
    pages.wait_for_path("/account/confirm")


def test_whoever_wants_no_passkey_is_not_asked_again(server, pages, plugged):
    plugged()
    address = fresh_address()
    pages.name(address)
    pages.type_code(address)
    pages.wait_for_path("/sign-in/add-passkey")
    pages.press_button("Not now")
    pages.wait_for_path("/account")
    pages.press("form[action='/sign-out'] button")
    pages.wait_for_path("/signed-out")
    time.sleep(10)
    pages.name(address)
    pages.type_code(address, 2)
    pages.wait_for_path("/account")


def test_a_browser_that_cannot_keep_passkeys_is_not_asked(server, pages):
    address = fresh_address()
    pages.name(address)
    pages.type_code(address)
    pages.wait_for_path("/account")


def test_without_scripts_nothing_speaks_of_passkeys(server):
    with chromium() as driver:
        pages = SitePages(driver, server)
        pages.open("/sign-in")
        assert not pages.shown("form.passkey") and "passkey" not in pages.text.lower()
        address = fresh_address()
        pages.name(address)
        assert not pages.shown("form.passkey")
        pages.type_code(address)
        pages.wait_for_path("/account")
        assert not driver.find_elements(By.CSS_SELECTOR, "script:not([src])")
