"""The main job in a real browser, with JavaScript off."""

import pytest

from browser import Pages, chromium
from rpc import session_pb2, user_pb2
from server import wrong_code
from test_rpc_flow import fresh_address


@pytest.fixture(scope="module")
def driver():
    with chromium() as driver:
        yield driver


@pytest.fixture
def pages(driver, server):
    driver.delete_all_cookies()
    pages = Pages(driver, server)
    pages.open("/sign-in")
    driver.delete_all_cookies()
    return pages


def test_a_person_signs_in_sees_the_session_and_signs_out(pages, connection):
    address = fresh_address()
    pages.open("/")
    pages.wait_for_path("/sign-in")
    pages.sign_in(address)
    assert address in pages.text
    cookies = {cookie["name"]: cookie for cookie in pages.driver.get_cookies()}
    session = cookies["__Host-gatehouse-session"]
    assert session["secure"] and session["httpOnly"] and session["sameSite"] == "Lax" and session["path"] == "/"
    assert "__Host-gatehouse-flow" not in cookies
    validated = connection.call("SessionService/ValidateSession",
                                session_pb2.ValidateSessionRequest(session_token=session["value"].encode())).session
    pages.press("form[action='/sign-out'] button")
    assert "__Host-gatehouse-session" not in {cookie["name"] for cookie in pages.driver.get_cookies()}
    assert not connection.call("SessionService/ListSessions",
                               session_pb2.ListSessionsRequest(user_id=validated.user_id)).sessions
    pages.open("/account")
    pages.wait_for_path("/sign-in")
    assert pages.problems() == []


def test_a_wrong_code_is_explained_and_the_right_one_still_works(pages, server):
    address = fresh_address()
    pages.open("/sign-in")
    pages.fill("identifier", address)
    pages.wait_for_path("/sign-in/code")
    code = server.code_for(address)
    pages.fill("code", wrong_code(code))
    pages.wait_for_path("/sign-in/code")
    assert pages.driver.find_elements("css selector", "[role=alert]")
    pages.fill("code", code.lower().replace("-", " "))
    pages.wait_for_path("/account")


def test_a_code_of_one_browser_does_not_sign_another_in(pages, server):
    address = fresh_address()
    pages.open("/sign-in")
    pages.fill("identifier", address)
    pages.wait_for_path("/sign-in/code")
    with chromium() as other:
        stranger = Pages(other, server)
        stranger.open("/sign-in")
        stranger.fill("identifier", fresh_address())
        stranger.wait_for_path("/sign-in/code")
        stranger.fill("code", server.code_for(address))
        assert stranger.path != "/account"
    pages.fill("code", server.code_for(address))
    pages.wait_for_path("/account")


def test_a_person_disabled_meanwhile_is_signed_out(pages, connection):
    address = fresh_address()
    pages.sign_in(address)
    found = connection.call("UserService/FindUser", user_pb2.FindUserRequest(email=address)).user
    connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=found.id))
    pages.open("/account")
    pages.wait_for_path("/sign-in")


def test_what_a_stranger_sends_never_becomes_markup(server, connection):
    agent = "Evil\"\u0301 onfocus=x <\u0338script>alert(1)</script>"
    with chromium(f"--user-agent={agent}") as driver:
        pages = Pages(driver, server)
        pages.sign_in(fresh_address())
        assert not driver.find_elements("css selector", "script:not([src^='/static/']), [onfocus]")


def test_pages_for_what_is_not_there_look_like_the_site(pages):
    pages.open("/nothing-here")
    assert pages.driver.find_elements("css selector", "main h1")
    assert pages.driver.find_elements("css selector", "a[href='/']")


def test_a_person_confirms_who_he_is_by_another_code(pages, server):
    pages.problems()  # Those of the tests before.
    address = fresh_address()
    pages.open("/")
    pages.wait_for_path("/sign-in")
    pages.sign_in(address)
    before = pages.driver.get_cookie("__Host-gatehouse-session")["value"]
    pages.open("/account/confirm")
    pages.press("form[action='/account/confirm'] button")
    pages.wait_for_path("/sign-in/code")
    assert "can sign in here" not in pages.text
    pages.fill("code", server.code_for(address, 2))
    pages.wait_for_path("/account")
    assert pages.driver.find_elements("css selector", "[role=status]")
    assert pages.driver.get_cookie("__Host-gatehouse-session")["value"] != before
    assert pages.driver.get_cookie("__Host-gatehouse-device")["httpOnly"]
    assert pages.problems() == []
