"""Every page of account and sign-in by the rules of axe-core (WCAG 2.2 AA), on a wide screen and a narrow one."""

from pathlib import Path

import axe_playwright_python
import pytest
from selenium.webdriver.common.by import By

from account_pages import AREAS, FORMS, AccountPages
from browser import chromium
from server import Server
from test_rpc_flow import fresh_address

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def server(room):
    server = Server(options=["--passwords-enabled", "true"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def driver():
    with chromium(javascript=True) as driver:
        driver.set_script_timeout(60)
        yield driver


@pytest.fixture(scope="module")
def person(driver, server):
    pages = AccountPages(driver, server)
    pages.address = fresh_address()
    pages.sign_in(pages.address)
    pages.open("/account/profile")
    pages.send("/account/profile", p__name="Ada Lovelace")
    return pages


def emulate(driver, width, scheme="light"):
    """A screen of this width, in CSS pixels, with a preference for light or dark.

    Without motion, since a colour on its way from one scheme to the other is neither's.
    """
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                           {"features": [{"name": "prefers-color-scheme", "value": scheme},
                                         {"name": "prefers-reduced-motion", "value": "reduce"}]})


def violations(driver):
    """What axe finds, in a world of its own: the page's policy lets nobody else's script in."""
    result = driver.execute_async_script(
        AXE + "; const [rules, done] = arguments; axe.run(document, rules).then(done, error => done({error: `${error}`}))",
        RULES)
    assert "error" not in result, result
    return [f"{found['id']}: {node['html'][:200]}" for found in result["violations"] for node in found["nodes"]]


@pytest.mark.parametrize("width, scheme", [(1000, "light"), (1000, "dark"), (320, "light")])
@pytest.mark.parametrize("path", AREAS + FORMS)
def test_no_rule_is_broken_and_nothing_sticks_out(person, path, width, scheme):
    emulate(person.driver, width, scheme)
    person.open(path)
    assert violations(person.driver) == []
    assert person.driver.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_page_with_problems_breaks_no_rule(person):
    emulate(person.driver, 320)
    person.open("/account/profile")
    person.send("/account/profile", p__name="x" * 201)
    assert person.driver.find_elements(By.CSS_SELECTOR, "[role=alert]")
    assert violations(person.driver) == []
    person.open("/account/password")
    person.send("/account/password", new_password="short")
    assert violations(person.driver) == []


def test_the_account_is_walked_with_the_keyboard_alone(person):
    """The order in which things are reached is that in which they are read, and where one is shows."""
    from selenium.webdriver.common.keys import Keys

    emulate(person.driver, 1000)
    person.open("/account")
    reached = []
    for _ in range(60):
        person.driver.switch_to.active_element.send_keys(Keys.TAB)
        element = person.driver.switch_to.active_element
        if element.tag_name == "body":
            break
        outline = person.driver.execute_script("return getComputedStyle(arguments[0]).outlineStyle", element)
        reached.append((element.text or element.get_attribute("aria-label"), outline))
    assert reached[0][0] == "Skip to content"
    assert all(outline == "solid" for _, outline in reached)
    names = [name for name, _ in reached]
    links = [link.text for link in person.driver.find_elements(By.CSS_SELECTOR, "nav.areas a")]
    assert names[names.index(links[0]):][:len(links)] == links


@pytest.mark.parametrize("path", AREAS)
def test_at_twice_the_size_everything_is_there_and_nothing_sticks_out(person, path):
    """WCAG 1.4.4, as browsers enlarge: half as many pixels of CSS, each twice as large."""
    person.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                  {"width": 500, "height": 400, "deviceScaleFactor": 2, "mobile": False})
    person.open(path)
    assert person.driver.execute_script("return document.documentElement.scrollWidth") <= 500
    for element in person.driver.find_elements(By.CSS_SELECTOR, "main a, main button, main input:not([type=hidden])"):
        if element.is_displayed():
            assert element.rect["x"] >= 0 and element.rect["x"] + element.rect["width"] <= 500, element.get_attribute("outerHTML")


@pytest.mark.parametrize("preference, isStill", [("reduce", True), ("no-preference", False)])
def test_nothing_moves_for_whoever_wants_no_motion(driver, server, preference, isStill):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                           {"features": [{"name": "prefers-reduced-motion", "value": preference}]})
    driver.get(server.site + "/sign-in")
    moving = driver.execute_script("""
        return [...document.querySelectorAll("*")].filter(element => {
            const style = getComputedStyle(element);
            const lasts = list => list.split(",").some(time => parseFloat(time) > 0);
            return style.transitionProperty !== "none" && lasts(style.transitionDuration) || lasts(style.animationDuration);
        }).length""")
    assert (moving == 0) == isStill


@pytest.mark.parametrize("path", ["/sign-in", "/signed-out", "/nothing-here", "/link/over", "/account/deleted"])
def test_pages_for_everybody_break_no_rule(driver, server, path):
    for width in (1000, 320):
        emulate(driver, width)
        driver.get(server.site + path)
        assert violations(driver) == []
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
