"""The ways of signing in on the site, without scripts unless a test says otherwise."""

import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from browser import chromium
from password_person import PASSWORD, PasswordPerson, begin, submit_password
from rpc import sign_in_pb2
from site_pages import SitePages, start_site
from test_authenticators import one_time_password, wait_for_time_in_a_step
from test_recovery_codes import generate
from test_rpc_flow import fresh_address
from test_totp_codes import begin_enrolment, confirm


@pytest.fixture(scope="module")
def server():
    server = start_site("--passwords-enabled", "true", "--policy-code-resend-interval", "10s")
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def driver():
    with chromium() as driver:
        yield driver


@pytest.fixture
def pages(driver, server):
    pages = SitePages(driver, server)
    pages.fresh()
    yield pages
    assert pages.problems() == []


@pytest.fixture
def person(server, connection):
    return PasswordPerson(server, connection, PASSWORD)


class App:
    """An authenticator app that a person set up; its codes are those of one step before, of now, and of one step on."""

    def __init__(self, person):
        wait_for_time_in_a_step()
        self.person = person
        # A proof by the password, which is the strongest factor so far.
        flow = begin(person.connection, person.address).flow_token
        person.session = submit_password(person.connection, flow, PASSWORD).signed_in.session_token
        begun = begin_enrolment(person)
        self.uri = begun.provisioning_uri.decode()
        confirm(person, begun, self.code(-30))

    def code(self, ahead):
        return one_time_password(self.uri, ahead=ahead)

    def recovery_codes(self):
        """Made after a proof by the app, which they ask for."""
        person = self.person
        flow = begin(person.connection, person.address).flow_token
        submit_password(person.connection, flow, PASSWORD)
        request = sign_in_pb2.SubmitSignInTotpRequest(flow_token=flow, code=self.code(0))
        person.session = person.connection.call("SignInService/SubmitSignInTotp", request).signed_in.session_token
        return generate(person)


def test_a_password_signs_in_and_a_wrong_one_is_told_in_the_words_for_all(pages, person):
    pages.name(person.address)
    pages.wait_for_path("/sign-in/password")
    pages.fill("password", "wrong " + PASSWORD)
    pages.wait_for_text("That did not work.")
    wrong = pages.text
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")
    pages.fresh()
    pages.name(fresh_address())
    pages.fill("password", PASSWORD)
    pages.wait_for_text("That did not work.")
    masked = re.compile(r"\S•••")
    assert masked.sub("", pages.text) == masked.sub("", wrong)


def test_going_back_and_loading_again_loses_nothing(pages, person):
    pages.name(person.address)
    pages.driver.refresh()
    assert pages.path == "/sign-in/password"
    pages.driver.back()
    assert pages.path == "/sign-in"
    pages.fill("identifier", person.address)
    pages.wait_for_path("/sign-in/password")
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")
    pages.driver.back()
    # What was typed is gone, and the sign-in is over: whoever is signed in is led on.
    assert PASSWORD not in pages.driver.page_source
    pages.open("/sign-in")
    pages.wait_for_path("/account")


def test_two_tabs_are_two_sign_ins_and_the_later_one_counts(pages, person, server):
    other = fresh_address()
    pages.open("/sign-in")
    first = pages.driver.current_window_handle
    pages.driver.switch_to.new_window("tab")
    pages.open("/sign-in")
    pages.driver.switch_to.window(first)
    pages.fill("identifier", other)
    pages.wait_for_path("/sign-in/password")
    [_, second] = pages.driver.window_handles
    pages.driver.switch_to.window(second)
    pages.fill("identifier", person.address)
    pages.wait_for_path("/sign-in/password")
    pages.driver.switch_to.window(first)
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")
    assert person.address in pages.text
    pages.driver.switch_to.window(second)
    pages.driver.close()
    pages.driver.switch_to.window(first)


def test_a_form_that_is_sent_twice_signs_in_once(pages, person):
    pages.name(person.address)
    pages.driver.get(pages.driver.current_url)
    field = pages.driver.find_element(By.NAME, "password")
    field.send_keys(PASSWORD)
    pages.press("form[action='/sign-in/password'] button")
    pages.wait_for_path("/account")
    pages.driver.back()
    pages.open("/sign-in/password")
    pages.wait_for_path("/account")


def test_an_app_is_asked_for_after_the_password_and_its_device_can_be_remembered(pages, person):
    app = App(person)
    pages.name(person.address)
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/sign-in/app")
    for path in ["/account", "/account/confirm", "/repair", "/sign-in/add-passkey"]:
        pages.open(path)
        pages.wait_for_path("/sign-in")
    pages.open("/sign-in/app")
    pages.fill("code", app.code(-3600).decode())
    pages.wait_for_text("Wait for the next code")
    pages.driver.find_element(By.ID, "remember").click()
    pages.fill("code", app.code(0).decode())
    pages.wait_for_path("/account")
    pages.press("form[action='/sign-out'] button")
    pages.wait_for_path("/signed-out")
    pages.name(person.address)
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/account")


def test_a_recovery_code_leads_to_repairing_the_account_and_to_nothing_else(pages, person):
    code = App(person).recovery_codes()[0]
    pages.name(person.address)
    pages.fill("password", PASSWORD)
    pages.wait_for_path("/sign-in/app")
    pages.press_button("Use a recovery code")
    pages.wait_for_path("/sign-in/recovery-code")
    pages.fill("code", "AAAAA-AAAA-AAAA")
    pages.wait_for_text("Check the code, or use another one.")
    pages.fill("code", code.lower().replace("-", " "))
    pages.wait_for_path("/repair")
    assert "You signed in with a recovery code" in pages.text
    for path in ["/account", "/account/confirm", "/sign-in/add-passkey", "/sign-in"]:
        pages.open(path)
        pages.wait_for_path("/repair")
    pages.press_button("Sign in anew")
    pages.wait_for_path("/sign-in")
    assert not pages.cookie("session")


def test_the_language_is_chosen_at_the_foot_and_kept(pages):
    pages.open("/sign-in")
    pages.press("button[value=ar]")
    assert pages.driver.find_element(By.TAG_NAME, "html").get_attribute("dir") == "rtl"
    assert pages.path == "/sign-in"
    pages.open("/signed-out")
    assert pages.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "ar"
    pages.press("button[value=de]")
    assert pages.path == "/signed-out" and "Sie sind abgemeldet" in pages.text


def test_signing_in_is_walked_with_the_keyboard_alone(pages, person):
    """In the order in which a page is read, and nothing holds whoever comes by."""
    def tab_to(element):
        for _ in range(20):
            pages.driver.switch_to.active_element.send_keys(Keys.TAB)
            if pages.driver.switch_to.active_element == element:
                return element
        raise AssertionError(f"the keyboard does not reach {element.get_attribute('outerHTML')}")

    for path, name, value in [("/sign-in", "identifier", person.address), ("/sign-in/password", "password", PASSWORD)]:
        pages.open(path)
        skip = pages.driver.find_element(By.CSS_SELECTOR, "a.skip")
        assert tab_to(skip).text == "Skip to content"
        tab_to(pages.driver.find_element(By.NAME, name)).send_keys(value)
        tab_to(pages.driver.find_element(By.CSS_SELECTOR, "main button.main")).send_keys(Keys.ENTER)
        WebDriverWait(pages.driver, 20).until(lambda d: pages.path != path)
    pages.wait_for_path("/account")


def test_a_password_can_be_looked_at_where_there_are_scripts(server, person):
    with chromium(javascript=True) as driver:
        pages = SitePages(driver, server)
        pages.name(person.address)
        field = driver.find_element(By.NAME, "password")
        field.send_keys(PASSWORD)
        assert field.get_attribute("type") == "password" and field.get_attribute("autocomplete") == "current-password"
        pages.press_button("Show the password")
        assert field.get_attribute("type") == "text"
        pages.press_button("Hide the password")
        assert field.get_attribute("type") == "password" and field.get_attribute("value") == PASSWORD
        pages.press_button("Show the password")
        pages.fill("password", PASSWORD)
        pages.wait_for_path("/account")
        assert pages.problems() == []
