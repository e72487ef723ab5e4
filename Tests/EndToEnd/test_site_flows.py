"""Sign-ins that people interrupt, lose, repeat and come back to, in a real browser without scripts unless a test says otherwise."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from account_pages import AccountPages
from browser import chromium
from password_person import PASSWORD, PasswordPerson
from rpc import profile_pb2
from site_pages import SitePages, start_site
from test_rpc_flow import fresh_address
from test_site_sign_in import App

NEW_PASSWORD = "amber ladder 57 walnut"


@pytest.fixture(scope="module")
def server():
    server = start_site("--passwords-enabled", "true", "--policy-code-resend-interval", "10s")
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def driver():
    with chromium() as driver:
        yield driver


class Visitor(SitePages, AccountPages):
    """Somebody on all pages."""


@pytest.fixture
def pages(driver, server):
    pages = Visitor(driver, server)
    pages.fresh()
    yield pages
    assert pages.problems() == []


@pytest.fixture
def person(server, connection):
    person = PasswordPerson(server, connection, PASSWORD)
    # The code that made the account is not waited for again.
    server.query("DELETE FROM throttles")
    return person


def test_a_forgotten_password_is_set_anew_and_the_old_one_and_other_sessions_are_void(pages, person, server):
    pages.open("/account/sessions")
    pages.wait_for_path("/sign-in")
    pages.fill("identifier", person.address)
    pages.wait_for_path("/sign-in/password")
    pages.press_button("Forgot your password?")
    pages.wait_for_path("/sign-in/code")
    pages.fill("code", server.code_for(person.address, 2))
    pages.wait_for_path("/account/password")
    pages.send("/account/password", new_password="short")
    assert "This is too short" in pages.text
    pages.problems()  # The status of that answer.
    pages.send("/account/password", new_password=NEW_PASSWORD)
    assert "Your password is saved" in pages.text
    server.wait_for_subject(person.address, "Your password was changed")
    pages.press("form[action='/sign-out'] button")
    pages.wait_for_path("/signed-out")
    pages.name(person.address)
    pages.fill("password", PASSWORD)
    pages.wait_for_text("That did not work.")
    pages.fill("password", NEW_PASSWORD)
    pages.wait_for_path("/account")


def test_a_forgotten_password_gets_nobody_past_the_app(pages, person, server):
    app = App(person)
    pages.name(person.address)
    pages.press_button("Forgot your password?")
    pages.wait_for_path("/sign-in/code")
    pages.fill("code", server.code_for(person.address, 2))
    pages.wait_for_path("/sign-in/app")
    pages.open("/account/password")
    pages.wait_for_path("/sign-in")
    pages.open("/sign-in/app")
    pages.fill("code", app.code(0).decode())
    pages.wait_for_path("/account/password")
    pages.send("/account/password", new_password=NEW_PASSWORD)
    assert "Your password is saved" in pages.text


def test_a_page_that_demands_more_asks_for_it_and_is_come_back_to(pages, person):
    app = App(person)
    pages.name(person.address)
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/sign-in/app")
    pages.driver.find_element(By.ID, "remember").click()
    pages.fill("code", app.code(0).decode())
    pages.wait_for_path("/account")
    pages.press("form[action='/sign-out'] button")
    pages.wait_for_path("/signed-out")
    # On a device that is remembered the password alone signs in, and is not enough for this.
    pages.name(person.address)
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")
    pages.open("/account/recovery/make")
    pages.wait_for_path("/account/confirm")
    pages.press("form[action='/account/confirm'] button")
    pages.wait_for_path("/sign-in/app")
    pages.driver.refresh()
    pages.fill("code", app.code(30).decode())
    pages.wait_for_path("/account/recovery/make")
    pages.send("/account/recovery/make")
    pages.wait_for_path("/account/recovery/codes")
    assert len(pages.driver.find_elements(By.CSS_SELECTOR, ".codes code")) == 10


@pytest.mark.parametrize("field, right", [("password", PASSWORD), ("password", "wrong")])
def test_a_sign_in_that_took_too_long_begins_again(pages, person, server, field, right):
    pages.name(person.address)
    pages.wait_for_path("/sign-in/password")
    server.query("UPDATE sign_in_flows SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND")
    pages.fill(field, right)
    pages.wait_for_path("/sign-in")
    assert "That sign-in is over. Please start again." in pages.text
    pages.fill("identifier", person.address)
    pages.wait_for_path("/sign-in/password")
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")


def test_going_back_after_a_code_shows_no_sign_in_that_is_over(pages, server):
    address = fresh_address()
    pages.sign_in(address)
    pages.driver.back()
    pages.driver.back()
    pages.driver.refresh()
    assert pages.path in ("/account", "/sign-in", "/sign-in/password")
    pages.open("/sign-in/code")
    pages.wait_for_path("/account")


def test_one_tab_signs_out_and_the_other_one_is_told(pages, person):
    pages.name(person.address)
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")
    pages.open("/account/profile")
    first = pages.driver.current_window_handle
    pages.driver.switch_to.new_window("tab")
    pages.open("/account")
    pages.press("form[action='/sign-out'] button")
    pages.wait_for_path("/signed-out")
    pages.driver.close()
    pages.driver.switch_to.window(first)
    pages.send("/account/profile", p__name="Written too late")
    assert pages.path in ("/account/profile", "/sign-in") and "Written too late" not in pages.text
    pages.problems()  # The status of a form without its session.


def test_a_double_click_signs_in_once(server, person):
    with chromium(javascript=True) as driver:
        pages = Visitor(driver, server)
        pages.name(person.address)
        pages.wait_for_path("/sign-in/password")
        driver.find_element(By.NAME, "password").send_keys(PASSWORD)
        button = driver.find_element(By.CSS_SELECTOR, "form[action='/sign-in/password'] button[type=submit]")
        ActionChains(driver).double_click(button).perform()
        pages.wait_for_path("/account")
        assert person.address in pages.text
        pages.driver.back()
        assert pages.problems() == []


def test_without_scripts_a_double_click_does_no_harm(pages, person):
    """The browser drops the first answer for the second one, which says at worst that the sign-in is over."""
    pages.name(person.address)
    pages.wait_for_path("/sign-in/password")
    pages.driver.find_element(By.NAME, "password").send_keys(PASSWORD)
    button = pages.driver.find_element(By.CSS_SELECTOR, "form[action='/sign-in/password'] button[type=submit]")
    ActionChains(pages.driver).double_click(button).perform()
    WebDriverWait(pages.driver, 20).until(lambda d: pages.path in ("/account", "/sign-in"))
    if pages.path == "/sign-in":
        assert "Please start again." in pages.text
        pages.fill("identifier", person.address)
        pages.wait_for_path("/sign-in/password")
        pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")


def test_a_double_click_on_a_code_signs_in_once(server):
    with chromium(javascript=True) as driver:
        pages = Visitor(driver, server)
        address = fresh_address()
        pages.name(address)
        pages.press("form[action='/sign-in/code/resend'] button")
        pages.wait_for_path("/sign-in/code")
        driver.find_element(By.NAME, "code").send_keys(server.code_for(address))
        button = driver.find_element(By.CSS_SELECTOR, "form[action='/sign-in/code'] button[type=submit]")
        ActionChains(driver).double_click(button).perform()
        pages.wait_for_path("/account")
        pages.open("/account/sessions")
        assert "You are not signed in anywhere else." in pages.text


@pytest.fixture
def demanded(server, connection):
    """An attribute that everybody has to have, for one test."""
    attribute = profile_pb2.Attribute(path="motto", display_name="Motto", kind=profile_pb2.ATTRIBUTE_KIND_STRING,
                                      required=True)
    connection.call("ProfileService/ChangeProfileSchema", profile_pb2.ChangeProfileSchemaRequest(put=[attribute]))
    yield "p.motto"
    connection.call("ProfileService/ChangeProfileSchema", profile_pb2.ChangeProfileSchemaRequest(remove=["motto"]))


def test_whoever_registers_completes_the_profile_first(pages, server, demanded):
    address = fresh_address()
    pages.open("/account/sessions")
    pages.wait_for_path("/sign-in")
    pages.fill("identifier", address)
    pages.wait_for_path("/sign-in/password")
    pages.press("form[action='/sign-in/code/resend'] button")
    pages.wait_for_path("/sign-in/code")
    pages.fill("code", server.code_for(address))
    pages.wait_for_path("/sign-in/profile")
    assert len(pages.driver.find_elements(By.CSS_SELECTOR, "main input:not([type=hidden])")) == 1
    pages.send("/sign-in/profile")
    assert "Motto: This is needed." in pages.text
    pages.driver.refresh()
    pages.problems()  # The status of that answer, twice.
    pages.send("/sign-in/profile", p__motto="Onwards")
    pages.wait_for_path("/account")
    pages.driver.back()
    pages.open("/sign-in/profile")
    pages.wait_for_path("/account")
