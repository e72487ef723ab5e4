"""Pictures of every page in light, dark and on a narrow screen, to be looked at: `.build-venv/bin/python Tests/EndToEnd/screens.py`.

Writes `screens/PAGE-light.png`, `-dark` and `-phone` beside this file, and some pages in Arabic; names of pages as arguments
write those alone.
"""

import base64
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pyotp
from selenium.webdriver.common.by import By

from account_pages import AREAS
from browser import chromium
from password_person import begin, submit_asked_code
from rpc import Connection
from sign_in_walk import PASSWORD, Proofs, SignInWalk
from site_pages import start_site
from small_png import shrink
from test_account_accessibility import emulate
from test_rpc_flow import fresh_address
from virtual_authenticators import VirtualAuthenticator

DIRECTORY = Path(__file__).parent / "screens"
SHAPES = {"light": (880, "light"), "dark": (880, "dark"), "phone": (320, "light")}
#: What a page looks like with nothing in it, or with a problem, says little more in other colours.
FEWER = {shape: SHAPES[shape] for shape in ("light", "phone")}
TALLEST = 1100


class Photographer:
    def __init__(self, driver, wanted):
        self.driver, self.wanted = driver, wanted

    def look(self, name, shapes=None):
        if self.wanted and name not in self.wanted:
            return
        shapes = shapes or (FEWER if name.endswith(("-empty", "-problem")) else SHAPES)
        for shape, (width, scheme) in shapes.items():
            emulate(self.driver, width, scheme)
            time.sleep(0.2)  # Until colours have changed over.
            (DIRECTORY / f"{name}-{shape}.png").write_bytes(shrink(self.picture(width)))
        emulate(self.driver, 880)

    def picture(self, width):
        """The page in its whole height, down to a limit."""
        height = self.driver.execute_script("return document.documentElement.getBoundingClientRect().height")
        clip = {"x": 0, "y": 0, "width": width, "height": min(max(height, 560), TALLEST), "scale": 1}
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        return base64.b64decode(taken["data"])


class AccountWalk(Proofs):
    """The account of somebody who uses all of it."""

    def __init__(self, driver, server, look):
        super().__init__(driver, server)
        self.look = look

    def walk(self):
        self.fresh()
        self.server.query("DELETE FROM throttles")
        address = fresh_address()
        self.sign_in(address)
        for area in AREAS:
            self.open(area)
            self.look(self.named(area) + "-empty")
        with Connection(self.server) as connection:
            submit_asked_code(self.server, connection, begin(connection, address).flow_token, address)
        self.open("/account/sessions")
        self.look("account-sessions-elsewhere")
        self.fill_in()
        for area in AREAS:
            self.open(area)
            self.look(self.named(area))
        self.ask()
        self.problems_in_forms()
        self.in_arabic()

    @staticmethod
    def named(path):
        return path.strip("/").replace("/", "-").replace("?", "-").split("=")[0]

    def fill_in(self):
        self.open("/account/profile")
        self.send("/account/profile", p__name="Ada Lovelace", p__given_name="Ada", p__family_name="Lovelace")
        self.open("/account/addresses/add")
        self.look("account-addresses-add")
        self.send("/account/addresses/add", value=fresh_address())
        self.look("account-addresses-prove")
        self.open("/account/addresses")
        self.look("account-addresses-waiting")
        self.send("/account/addresses/withdraw")
        self.add_address(fresh_address())
        self.open("/account/addresses/add?kind=phone")
        self.look("account-addresses-add-phone")
        self.send("/account/addresses/add", value="+49 1512 3456789")
        self.look("account-addresses-prove-phone")
        self.open("/account/password")
        self.send("/account/password", new_password=PASSWORD)
        self.prove_by_password("/account/apps/add")
        self.look("account-apps-add")
        self.send("/account/apps/add", name="Telephone")
        self.look("account-apps-set-up")
        key = self.driver.find_element(By.CSS_SELECTOR, "code.key").text.replace(" ", "")
        self.send("/account/apps/set-up", code=pyotp.TOTP(key).now())
        self.open("/account/confirm?return_to=/account/passkeys/add")
        self.press("form[action='/account/confirm'] button")
        self.wait_for_path("/sign-in/app")
        self.look("confirm-app")
        self.fill("code", pyotp.TOTP(key).at(int(time.time()) + 30))
        self.wait_for_path("/account/passkeys/add")
        self.look("account-passkeys-add")
        authenticator = VirtualAuthenticator(self.driver)
        self.send("/account/passkeys/add", name="Telephone")
        self.wait_for_path("/account/passkeys")
        # What is asked from now on needs a proof by the passkey.
        self.prove("/sign-in/passkey", "/account/delete")
        self.press_button("Use the passkey")
        self.wait_for_path("/account/delete")
        authenticator.remove()

    def ask(self):
        """What is asked before it is done."""
        for name, path in [("account-username", "/account/addresses/username"), ("account-recovery-make", "/account/recovery/make"),
                           ("account-delete", "/account/delete")]:
            self.open(path)
            self.look(name)
        for area, action in [("apps", "rename"), ("passkeys", "remove"), ("addresses", "remove"), ("addresses", "main")]:
            self.open(f"/account/{area}")
            self.press(f"a[href^='/account/{area}/{action}?']")
            self.look(f"account-{area}-{action}")
        self.open("/account/recovery/make")

    def problems_in_forms(self):
        self.open("/account/profile")
        self.send("/account/profile", p__name="x" * 201)
        self.look("account-profile-problem")
        self.open("/account/password")
        self.send("/account/password", new_password="short")
        self.look("account-password-problem")

    def in_arabic(self):
        shapes = {"arabic": SHAPES["light"], "arabic-phone": SHAPES["phone"]}
        self.open("/account")
        self.press("button[value=ar]")
        for path in ["/account", "/account/profile", "/account/addresses", "/account/passkeys", "/account/apps/add"]:
            self.open(path)
            self.look(self.named(path), shapes)
        self.fresh()
        self.open("/sign-in")
        self.press("button[value=ar]")
        self.look("sign-in", shapes)
        self.name(fresh_address())
        self.look("password", shapes)


def main(wanted):
    DIRECTORY.mkdir(exist_ok=True)
    # Everything that browsers and servers leave behind goes with this.
    tempfile.tempdir = tempfile.mkdtemp(prefix="gatehouse-screens-")
    Path(tempfile.tempdir).chmod(0o711)
    server = start_site("--passwords-enabled", "true", "--policy-code-resend-interval", "10s", "--sms-delivery", "mailbox")
    try:
        with chromium(javascript=True) as driver:
            driver.set_script_timeout(60)
            photographer = Photographer(driver, wanted)
            emulate(driver, 880)
            SignInWalk(driver, server, photographer.look).walk()
            AccountWalk(driver, server, photographer.look).walk()
    finally:
        server.stop()
        shutil.rmtree(tempfile.tempdir, ignore_errors=True)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
