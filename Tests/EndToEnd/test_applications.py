"""An application on another domain signs its people in at the site, in a real browser with JavaScript off."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from browser import Pages, chromium
from example_application import Application, HOST, challenge
from rpc import RpcError
from test_rpc_flow import fresh_address


@pytest.fixture(scope="module")
def shop(server):
    """The application, registered by commands."""
    account = json.loads(server.command("service-account", "create", "shop", "--scope", "tickets.redeem", "--scope",
                                        "sessions.validate", "--json").stdout)["serviceAccount"]["id"]
    token = re.search(r"ght_[\w-]+", server.command("service-account", "create-token", account).stdout).group(0)
    with Application(server, token) as application:
        created = json.loads(server.command(
            "application", "create", "Shop & Söhne", "--service-account", account, "--return-to",
            application.address + "/callback", "--signed-out-to", application.address + "/bye", "--claim-scope", "email",
            "--json").stdout)["application"]
        application.client = created["id"]
        yield application


@pytest.fixture
def driver():
    with chromium() as driver:
        yield driver


def shown(driver):
    """What the application says, once the browser is there."""
    WebDriverWait(driver, 20).until(lambda d: f"//{HOST}:" in d.current_url, f"not at the shop: {driver.current_url}")
    return driver.find_element("id", "shop").text


def sign_in(driver, shop, address, count=1):
    pages = Pages(driver, shop.server)
    driver.get(shop.address + "/sign-in")
    pages.wait_for_path("/sign-in")
    pages.fill("identifier", address)
    pages.wait_for_path("/sign-in/code")
    pages.fill("code", shop.server.code_for(address, count))
    return shown(driver)


def test_a_person_signs_in_for_the_application_and_goes_on_at_once_next_time(driver, shop, server):
    address = fresh_address()
    assert sign_in(driver, shop, address) == f"Welcome {address}, level 1"
    assert "ticket" not in driver.current_url
    driver.get(shop.address + "/bye")
    driver.get(shop.address + "/")
    assert shown(driver) == "Nobody is signed in"
    driver.get(shop.address + "/sign-in")
    WebDriverWait(driver, 20).until(lambda d: d.current_url == shop.address + "/")
    assert shown(driver) == f"Welcome {address}, level 1"
    # Going back leads to the application again, or to where it sent the browser from; nothing breaks.
    driver.back()
    assert shown(driver)
    assert [message for message in Pages(driver, server).problems() if "Content Security" in message] == []


def test_a_new_sign_in_is_asked_for_where_the_application_wants_one(driver, shop, server):
    address = fresh_address()
    sign_in(driver, shop, address)
    driver.get(shop.address + "/sign-in?prompt=login")
    pages = Pages(driver, server)
    pages.wait_for_path("/sign-in")
    server.query("DELETE FROM throttles")
    pages.fill("identifier", address)
    pages.wait_for_path("/sign-in/code")
    pages.fill("code", server.code_for(address, 2))
    WebDriverWait(driver, 20).until(lambda d: d.current_url == shop.address + "/")
    assert shown(driver) == f"Welcome {address}, level 1"


def test_what_a_browser_leaves_out_of_the_address_is_missed_by_the_back_end(driver, shop, server):
    """Whoever sits at somebody else's browser takes out of the address what would ask for a new sign-in."""
    sign_in(driver, shop, fresh_address())
    server.query("UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 200 SECOND")
    for wish in ["prompt=login", "max_age=60", "demand=aal2"]:
        driver.get(f"{shop.address}/sign-in?{wish}")
        Pages(driver, server).wait_for_path("/sign-in")
        asked = parse_qs(urlsplit(driver.current_url).query)["return_to"][0]
        driver.get(server.site + asked.replace("&demand=aal2", ""))
        assert shown(driver) == "Refused: applications.ticket_invalid"


def test_signing_out_of_the_site_signs_out_of_the_application(driver, shop, server):
    address = fresh_address()
    sign_in(driver, shop, address)
    driver.get(f"{server.site}/sign-out?client={shop.client}&return_to={shop.address}/bye")
    pages = Pages(driver, server)
    pages.press("main form[action='/sign-out'] button")
    assert shown(driver) == "Goodbye"
    driver.get(server.site + "/account")
    pages.wait_for_path("/sign-in")


def test_the_application_learns_that_a_session_was_ended_elsewhere(driver, shop, server):
    address = fresh_address()
    sign_in(driver, shop, address)
    user = json.loads(server.command("user", "find", "--email", address, "--json").stdout)["user"]["id"]
    server.command("session", "revoke-all", user)
    driver.get(shop.address + "/")
    assert shown(driver) == "Nobody is signed in"


def test_a_stolen_ticket_is_of_no_use_in_another_browser(driver, shop, server):
    """Whoever gets hold of the address that a victim is led to brings it to a browser of his own, or the other way."""
    sign_in(driver, shop, fresh_address())
    with chromium() as other:
        other.get(shop.address + "/callback?ticket=" + shop.tickets[-1] + "&state=x")
        assert shown(other) == "That was not your sign-in"
        # Even an application that forgets to look at its state is safe, by the challenge of the browser's own sign-in.
        driver.get(shop.address + "/sign-in")
        shown(driver)
    with pytest.raises(RpcError) as refused:
        shop.redeem(shop.tickets[-1], b"x" * 43)
    assert refused.value.reason == "applications.ticket_invalid"


def test_a_replayed_ticket_ends_the_session_and_is_in_the_audit_trail(driver, shop, server):
    sign_in(driver, shop, fresh_address())
    with pytest.raises(RpcError):
        shop.redeem(shop.tickets[-1], b"x" * 43)
    driver.get(shop.address + "/")
    assert shown(driver) == "Nobody is signed in"
    assert "ticket.replayed" in server.query("SELECT DISTINCT kind FROM audit_events")


def test_addresses_that_are_not_registered_lead_nowhere(driver, shop, server):
    """SECURITY WEB-02: what the browser itself makes of them."""
    Pages(driver, server).sign_in(fresh_address())
    verifier = b"v" * 43
    for address in ["https://evil.test/", shop.address + "/callback/", shop.address + "/", "//evil.test", "/\\evil.test",
                    shop.address.replace("http://", "http://x@") + "/callback", "javascript:alert(1)"]:
        for path in ["/sign-in", "/sign-out", "/signed-out"]:
            driver.get(f"{server.site}{path}?client={shop.client}&return_to={address.replace('#', '%23')}"
                       f"&challenge={challenge(verifier)}")
            assert driver.current_url.startswith(server.site + "/"), (path, address)


def test_commands_change_list_and_delete_applications(shop, server):
    account = json.loads(server.command("service-account", "create", "second", "--json").stdout)["serviceAccount"]["id"]
    created = json.loads(server.command("application", "create", "Second", "--service-account", account, "--return-to",
                                        "https://second.example.com/cb", "--json").stdout)["application"]
    shown = server.command("application", "show", created["id"]).stdout
    assert "https://second.example.com/cb" in shown and "needed" in shown
    changed = json.loads(server.command("application", "update", created["id"], "--disable-hand-over", "--demand", "aal2",
                                        "--json").stdout)["application"]
    assert changed["disabled"] and changed["demand"] == "ASSURANCE_DEMAND_AAL2" and changed["revision"] == "2"
    assert "Second" in server.command("application", "list").stdout
    refused = server.command("application", "update", created["id"], "--return-to", "http://second.example.com/",
                             check=False)
    assert refused.returncode != 0 and "return_addresses[0]" in refused.stderr
    server.command("application", "delete", created["id"])
    assert "Second" not in server.command("application", "list").stdout
