"""Passkeys in the account, with scripts and virtual authenticators: added, named, removed, and told to the browser."""

import json

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from account_pages import HOSTILE, AccountPages
from browser import chromium
from site_pages import start_site
from test_rpc_flow import fresh_address
from virtual_authenticators import VirtualAuthenticator

#: Notes what pages tell the browser, before any of their scripts runs.
LISTENER = """
window.told = [];
for (const name of ["signalAllAcceptedCredentials", "signalCurrentUserDetails"]) {
  const original = PublicKeyCredential[name].bind(PublicKeyCredential);
  PublicKeyCredential[name] = options => { window.told.push([name, options]); return original(options); };
}
"""


@pytest.fixture(scope="module")
def server():
    """With a port that is known beforehand, since passkeys are bound to the address of the site."""
    server = start_site("--policy-code-resend-interval", "10s")
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def driver():
    with chromium(javascript=True) as driver:
        driver.set_script_timeout(60)
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTENER})
        yield driver


@pytest.fixture
def person(driver, server):
    """Somebody who signed in just now, with an authenticator plugged in."""
    driver.delete_all_cookies()
    pages = AccountPages(driver, server)
    pages.open("/sign-in")
    driver.delete_all_cookies()
    pages.authenticator = VirtualAuthenticator(driver)
    pages.address = fresh_address()
    pages.sign_in(pages.address)
    pages.problems()
    yield pages
    driver.execute_cdp_cmd("WebAuthn.disable", {})


def add(person, name):
    person.open("/account/passkeys/add")
    person.send("/account/passkeys/add", name=name)
    person.wait_for_path("/account/passkeys")


def told(person):
    """What the page told the browser last, by function."""
    WebDriverWait(person.driver, 10).until(lambda d: len(d.execute_script("return window.told")) == 2)
    return dict(person.driver.execute_script("return window.told"))


def test_a_passkey_is_added_renamed_and_removed_and_the_browser_is_told(person):
    person.open("/account/passkeys")
    assert "You have no passkey yet." in person.text
    add(person, "Blue key")
    assert "The passkey is added." in person.text and "Blue key" in person.text
    [credential] = person.authenticator.credentials
    accepted = told(person)["signalAllAcceptedCredentials"]["allAcceptedCredentialIds"]
    assert len(accepted) == 1
    assert told(person)["signalCurrentUserDetails"]["name"] == person.address
    person.press("a[aria-label='Rename Blue key']")
    person.send("/account/passkeys/rename", name="Green key")
    person.wait_for_path("/account/passkeys")
    assert "Green key" in person.text and "Blue key" not in person.text
    # The session was opened by a code, and the passkey is stronger: a proof by it is asked for first.
    person.press("a[aria-label='Remove Green key']")
    person.wait_for_path("/account/confirm")
    assert person.problems() == []
    assert credential["rpId"] == "localhost"


def test_whoever_has_no_script_is_told_what_is_needed(server, person):
    with chromium() as driver:
        pages = AccountPages(driver, server)
        pages.sign_in(fresh_address())
        pages.open("/account/passkeys/add")
        assert "your browser needs JavaScript" in pages.text
        assert not driver.find_element(By.CSS_SELECTOR, "form[data-passkey]").is_displayed()
        assert pages.problems() == []


def test_what_the_authenticator_does_not_give_is_explained_and_can_be_tried_again(person):
    person.authenticator.command("setUserVerified", isUserVerified=False)
    person.authenticator.command("setAutomaticPresenceSimulation", enabled=False)
    person.authenticator.remove()
    person.authenticator = VirtualAuthenticator(person.driver, hasResidentKey=False, transport="usb")
    person.open("/account/passkeys/add")
    person.send("/account/passkeys/add", name="Key")
    problem = person.driver.find_element(By.CSS_SELECTOR, "[data-problem]")
    WebDriverWait(person.driver, 30).until(lambda d: problem.is_displayed())
    assert problem.text and problem.get_attribute("role") == "alert"
    person.authenticator.remove()
    person.authenticator = VirtualAuthenticator(person.driver)
    WebDriverWait(person.driver, 10).until(
        lambda d: d.find_element(By.CSS_SELECTOR, "form[data-passkey] button[type=submit]").is_enabled())
    person.send("/account/passkeys/add", name="Key")
    person.wait_for_path("/account/passkeys")


def test_one_authenticator_is_added_once(person):
    add(person, "Key")
    # The fresh proof by a code does not do any more.
    person.open("/account/passkeys/add")
    person.wait_for_path("/account/confirm")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_name_of_a_passkey_stays_a_name(person, hostile):
    add(person, hostile)
    assert hostile in person.driver.find_element(By.CSS_SELECTOR, "p.device").get_attribute("textContent")
    elements = "[onfocus], [onerror], [autofocus], [data-evil], img[src='x'], a[href^='javascript'], script:not([src])"
    assert not person.driver.find_elements(By.CSS_SELECTOR, elements)
    assert all("alert" not in json.dumps(message) for message in person.problems())
