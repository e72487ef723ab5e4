"""Every page of signing in by the rules of axe-core (WCAG 2.2 AA), wide and narrow, light and dark; those of the account are looked
at beside this."""

import pytest

from browser import chromium
from sign_in_walk import SignInWalk
from site_pages import start_site
from test_account_accessibility import emulate, violations


@pytest.fixture(scope="module")
def server():
    server = start_site("--passwords-enabled", "true", "--policy-code-resend-interval", "10s")
    yield server
    assert server.stop() == 0


def test_no_page_of_signing_in_breaks_a_rule_or_sticks_out(server):
    with chromium(javascript=True) as driver:
        driver.set_script_timeout(60)
        seen, found = [], {}

        def look(name):
            for width, scheme in [(1000, "light"), (1000, "dark"), (320, "light")]:
                emulate(driver, width, scheme)
                problems = violations(driver)
                if driver.execute_script("return document.documentElement.scrollWidth") > width:
                    problems.append("it sticks out")
                if problems:
                    found[name, width, scheme] = problems
            seen.append(name)

        SignInWalk(driver, server, look).walk()
        assert found == {} and len(seen) == len(set(seen)) > 20
