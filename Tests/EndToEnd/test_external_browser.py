"""A provider that we did not write signs people in, in a real browser."""

import socket
import subprocess
import sys
import time
import urllib.request

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from browser import Pages, chromium
from server import Server


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def foreign(room):
    """The address of an `oidc-provider-mock`."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(url + "/.well-known/openid-configuration", timeout=5).read()
            break
        except OSError:
            assert process.poll() is None, "the provider did not start"
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def server(room, foreign):
    server = Server(options=["--providers-development-hosts", foreign.removeprefix("http://")])
    # Known before the start, since the address to come back to is registered at the provider.
    server.start(site_port=free_port())
    server.bootstrap()
    secret = server.directory / "client-secret"
    secret.write_text("a secret\n")
    server.command("provider", "create", "foreign", "--display-name", "Foreign", "--issuer", foreign, "--client-id", "gatehouse",
                   "--secret-file", str(secret), "--set", "use_userinfo=true", "--trusted-domain", "example.com", "--enable")
    yield server
    assert server.stop() == 0


@pytest.fixture
def pages(server):
    with chromium() as driver:
        yield Pages(driver, server)


def go(pages, subject, foreign):
    """Presses the button and says who one is at the provider."""
    pages.open("/sign-in")
    pages.press("button[name='provider'][value='foreign']")
    WebDriverWait(pages.driver, 20).until(lambda d: d.current_url.startswith(foreign), pages.driver.page_source)
    pages.fill("sub", subject)


def test_a_person_signs_in_with_a_provider_and_sees_the_login(pages, foreign, server):
    claims = {"email": "ada@example.com", "email_verified": True, "name": "Ada"}
    requests.put(f"{foreign}/users/ada", json=claims, timeout=10).raise_for_status()
    go(pages, "ada", foreign)
    pages.wait_for_path("/account")
    assert "ada@example.com" in pages.text
    assert "code=" not in pages.driver.current_url and "state=" not in pages.driver.current_url
    pages.open("/account/logins")
    assert "Foreign" in pages.text and "ada@example.com" in pages.text
    # The provider's own page asks for what is not there.
    assert [problem for problem in pages.problems() if server.site in problem] == []


def test_saying_no_at_the_provider_leads_back_with_our_own_words(pages, foreign):
    """This one leaves out the state when somebody says no, so that its answer could be anybody's."""
    pages.open("/sign-in")
    pages.press("button[name='provider'][value='foreign']")
    WebDriverWait(pages.driver, 20).until(lambda d: d.current_url.startswith(foreign))
    pages.press("button[value='deny']")
    pages.wait_for_path("/sign-in")
    assert "That sign-in is over. Please start again." in pages.text and "resource owner" not in pages.text


def test_a_callback_of_another_browser_signs_nobody_in(pages, foreign, server):
    pages.open("/sign-in")
    pages.press("button[name='provider'][value='foreign']")
    WebDriverWait(pages.driver, 20).until(lambda d: d.current_url.startswith(foreign))
    answer = requests.post(pages.driver.current_url, data={"sub": "mallory"}, allow_redirects=False, timeout=10)
    address = answer.headers["Location"]
    with chromium() as other:
        other.get(address)
        assert other.current_url.startswith(server.site + "/sign-in")
        assert "That sign-in is over" in other.find_element(By.TAG_NAME, "body").text
    # Its own browser still may use it, once.
    pages.driver.get(address)
    pages.wait_for_path("/account")


def test_an_answer_by_form_comes_without_cookies_and_still_arrives(pages, foreign, server):
    pages.open("/sign-in")
    pages.press("button[name='provider'][value='foreign']")
    WebDriverWait(pages.driver, 20).until(lambda d: d.current_url.startswith(foreign))
    answer = requests.post(pages.driver.current_url, data={"sub": "form"}, allow_redirects=False, timeout=10)
    address, _, query = answer.headers["Location"].partition("?")
    fields = dict(pair.split("=", 1) for pair in query.split("&"))
    inputs = "".join(f"<input name='{name}' value='{value}'>" for name, value in fields.items() if name in ("state", "code"))
    pages.driver.get(f"data:text/html,<form method=post action='{address}'>{inputs}<button>go</button></form>")
    pages.press("button")
    pages.wait_for_path("/account")


def test_errors_of_a_provider_are_never_shown(server):
    """SECURITY OI-16."""
    query = "state=x&error=<script>evil</script>&error_description=<b>evil&error_uri=https://evil.example"
    answer = requests.get(server.site + "/sign-in/external/foreign/callback?" + query, timeout=10, allow_redirects=False)
    assert answer.status_code == 303 and answer.headers["Location"] == "/sign-in" and "evil" not in str(answer.headers)
    cookies = {"__Host-gatehouse-notice": answer.headers["Set-Cookie"].split("notice=")[1].split(";")[0]}
    page = requests.get(server.site + "/sign-in", timeout=10, cookies=cookies).text
    assert "evil" not in page and "<script>" not in page and "That sign-in is over" in page


def test_forged_hosts_change_no_address(server, foreign):
    """SECURITY OI-14."""
    browser = requests.Session()
    page = browser.get(server.site + "/sign-in", timeout=10).text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    cookies = {cookie.name: cookie.value for cookie in browser.cookies}
    answer = requests.post(server.site + "/sign-in/external", timeout=10, cookies=cookies,
                           data={"form_token": token, "provider": "foreign", "return_to": ""},
                           headers={"Origin": server.site, "Sec-Fetch-Site": "same-origin", "X-Forwarded-Host": "evil.example",
                                    "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"})
    assert answer.status_code == 200 and "evil" not in answer.text
    assert "redirect_uri=" + requests.utils.quote(server.site, safe="") in answer.headers["Refresh"]


def test_links_and_sign_ins_begin_by_our_own_forms_only(server):
    """SECURITY OI-11."""
    for path in ["/sign-in/external", "/account/logins/link", "/account/logins/unlink"]:
        # The last has a page that asks once more, for whoever is signed in.
        answer = requests.get(server.site + path, timeout=10, allow_redirects=False)
        assert answer.status_code == (303 if path.endswith("unlink") else 405)
        forged = requests.post(server.site + path, data={"provider": "foreign"}, timeout=10,
                               headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
        assert forged.status_code == 403
