"""The account in a real browser, with JavaScript off: every page, what it does, and what people do by mistake."""

import json
import re
import unicodedata
import urllib.request

import pyotp
import pytest
from selenium.webdriver.common.by import By

from account_pages import AREAS, FORMS, HOSTILE, AccountPages
from browser import chromium
from server import Server
from test_qr_codes import text_in
from test_rpc_flow import fresh_address


@pytest.fixture(scope="module")
def server(room):
    server = Server(options=["--passwords-enabled", "true"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def driver():
    with chromium() as driver:
        yield driver


@pytest.fixture
def person(driver, server):
    """Somebody who signed in just now, and the pages they see."""
    driver.delete_all_cookies()
    pages = AccountPages(driver, server)
    pages.open("/sign-in")
    driver.delete_all_cookies()
    pages.problems()  # Those of the tests before.
    pages.address = fresh_address()
    pages.sign_in(pages.address)
    return pages


def test_every_page_is_there_and_the_browser_has_nothing_to_complain_of(person):
    for path in AREAS + FORMS:
        person.open(path)
        person.wait_for_path(path)
        assert len(person.driver.find_elements(By.CSS_SELECTOR, "main h1")) == 1, path
    for path in AREAS[1:]:
        person.open("/account")
        person.press(f"nav.areas a[href='{path}']")
        person.wait_for_path(path)
        assert person.driver.find_element(By.CSS_SELECTOR, "nav.areas [aria-current]").get_attribute("href").endswith(path)
    assert person.problems() == []


def test_the_profile_is_written_and_shown_by_the_account_home(person):
    person.open("/account/profile")
    person.send("/account/profile", p__name="Ada Lovelace", p__given_name="Ada")
    person.wait_for_path("/account/profile")
    assert "Your profile is saved." in person.text and person.value("p.name") == "Ada Lovelace"
    person.open("/account")
    assert "Ada Lovelace" in person.text
    person.open("/account/profile")
    person.send("/account/profile", p__name="x" * 201)
    summary = person.driver.find_element(By.CSS_SELECTOR, "[role=alert] a")
    assert summary.text == "Full name: At most 200 characters."
    summary.click()
    assert person.driver.switch_to.active_element.get_attribute("id") == "p.name"
    assert person.value("p.name") == "x" * 201
    assert all("422" in problem for problem in person.problems())


def test_two_windows_do_not_overwrite_one_another_unseen(person):
    person.open("/account/profile")
    first = person.driver.current_window_handle
    person.driver.switch_to.new_window("tab")
    person.open("/account/profile")
    person.send("/account/profile", p__name="Second window")
    person.wait_for_path("/account/profile")
    person.driver.close()
    person.driver.switch_to.window(first)
    person.send("/account/profile", p__name="First window")
    assert "changed elsewhere" in person.text and person.value("p.name") == "First window"
    person.send("/account/profile", p__name="First window")
    assert "Your profile is saved." in person.text


def test_addresses_come_and_go(person, server):
    new = fresh_address()
    person.add_address(new)
    assert new in person.text and "The address is yours." in person.text
    person.press(f"a[aria-label='Make main address: {new}']")
    person.send("/account/addresses/main")
    person.wait_for_path("/account/addresses")
    person.press(f"a[aria-label='Remove {person.address}']")
    assert person.address in person.text
    person.send("/account/addresses/remove")
    person.wait_for_path("/account/addresses")
    assert person.address not in person.text
    server.wait_for_subject(person.address, "An address of your account was removed")
    # The way back.
    message = server.messages_to(person.address)[-1]
    link = re.search(r"/undo\?token=\S+", message.replace("=\n", "")).group(0).replace("=3D", "=")
    person.open(link)
    person.send("/undo")
    person.wait_for_path("/undo/done")
    person.open("/account")
    person.wait_for_path("/sign-in")


def test_the_last_way_in_stays(person):
    person.open("/account/addresses")
    person.press(f"a[aria-label='Remove {person.address}']")
    person.send("/account/addresses/remove")
    person.wait_for_path("/account/addresses")
    assert "only way to sign in" in person.text and person.address in person.text


def test_an_app_is_set_up_from_its_picture_and_asked_for_at_the_next_sign_in(person, server):
    person.open("/account/apps/add")
    person.send("/account/apps/add", name="Telephone")
    person.wait_for_path("/account/apps/set-up")
    image = person.driver.find_element(By.CSS_SELECTOR, "img.qr")
    assert image.size["width"] >= 150 and image.get_attribute("src") == server.site + "/account/apps/qr"
    headers, picture = fetch(person, "/account/apps/qr")
    assert headers["Content-Type"] == "image/svg+xml" and headers["Cache-Control"] == "no-store"
    code = text_in(picture).decode()
    key = person.driver.find_element(By.CSS_SELECTOR, "code.key").text
    assert pyotp.parse_uri(code).secret == key.replace(" ", "")
    totp = pyotp.parse_uri(code)
    person.send("/account/apps/set-up", code="000000")
    assert "That code did not fit." in person.text
    person.send("/account/apps/set-up", code=totp.now())
    person.wait_for_path("/account/apps")
    assert "Telephone" in person.text
    person.driver.back()
    assert person.path in ("/account/apps/set-up", "/account/apps")
    person.open("/account/apps/set-up")
    person.wait_for_path("/account/apps")
    # Recovery codes need a proof by the app now.
    person.open("/account/recovery/make")
    person.wait_for_path("/account/confirm")


def fetch(person, path, form=None):
    """What the browser would get, as a program gets it."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in person.driver.get_cookies())
    headers = {"Cookie": cookies, "Origin": person.server.site, "Sec-Fetch-Site": "same-origin"}
    request = urllib.request.Request(person.server.site + path, form, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers, answer.read()


def test_a_password_is_set_and_what_is_wrong_with_one_is_said(person):
    person.open("/account/password")
    person.send("/account/password", new_password="short")
    assert "This is too short" in person.text
    assert person.value("new_password") == ""
    person.send("/account/password", new_password="violet tandem 93 kettle")
    person.wait_for_path("/account/password")
    assert "Your password is saved" in person.text


def test_ones_data_is_a_file(person):
    person.open("/account/data")
    headers, document = fetch(person, "/account/data/download", f"form_token={person.value('form_token')}".encode())
    assert headers["Content-Disposition"].startswith("attachment; ")
    document = json.loads(document)
    assert document["format"] == "gatehouse.person" and person.address in json.dumps(document)


def test_who_leaves_can_come_back(person, server):
    person.open("/account/data")
    person.press("a[href='/account/delete']")
    person.send("/account/delete")
    person.wait_for_path("/account/deleted")
    person.open("/account")
    person.wait_for_path("/sign-in")
    server.wait_for_subject(person.address, "Your account will be deleted")
    message = server.messages_to(person.address)[-1].replace("=\n", "").replace("=3D", "=")
    person.open(re.search(r"/undelete\?token=[A-Za-z0-9_-]+", message).group(0))
    person.send("/undelete")
    person.wait_for_path("/undelete/done")
    assert "Your account stays" in person.text


def test_sending_a_form_twice_or_going_back_does_no_harm(person):
    person.open("/account/addresses/add")
    person.send("/account/addresses/add", value=fresh_address())
    person.wait_for_path("/account/addresses/prove")
    person.driver.back()
    person.driver.refresh()
    person.send("/account/addresses/add", value=fresh_address())
    person.wait_for_path("/account/addresses/prove")
    person.send("/account/addresses/withdraw")
    person.wait_for_path("/account/addresses")
    person.driver.back()
    assert person.path in ("/account/addresses/prove", "/account/addresses")
    person.open("/account/addresses/prove")
    person.wait_for_path("/account/addresses")


def test_activity_tells_what_was_done(person):
    person.open("/account/activity")
    assert "Somebody signed in to your account." in person.text and "Your account was made." in person.text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_a_person_types_becomes_markup(person, hostile):
    before = [count_markup(person, path) for path in AREAS]
    person.open("/account/profile")
    person.send("/account/profile", p__name=hostile, p__family_name=hostile)
    person.set_up_app(hostile[:100])
    for path in AREAS:
        person.open(path)
        elements = ("script:not([src^='/static/']), [onfocus], [onerror], [autofocus], [data-evil], img[src='x'], "
                    "a[href^='javascript']")
        assert not person.driver.find_elements(By.CSS_SELECTOR, elements), path
    assert count_markup(person, "/account/profile") == before[AREAS.index("/account/profile")]
    # Texts are kept composed (NFC).
    assert person.value("p.name") == unicodedata.normalize("NFC", hostile)
    person.open("/account/apps")
    assert hostile in person.driver.find_element(By.CSS_SELECTOR, "p.device").get_attribute("textContent")


def count_markup(person, path):
    """How many elements and attributes the browser made of a page."""
    person.open(path)
    return len(person.driver.find_elements(By.CSS_SELECTOR, "main *"))
