"""Every page on the way in, one after another, as a person sees them: for tests that look at each."""

import re
import time

import pyotp
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from account_pages import AccountPages
from rpc import Connection, profile_pb2, user_pb2
from site_pages import SitePages
from test_rpc_flow import fresh_address
from virtual_authenticators import VirtualAuthenticator

PASSWORD = "violet tandem 93 kettle"


class Proofs(SitePages, AccountPages):
    """Proves anew who is signed in."""

    def prove(self, place, back):
        """Asked for by the page that is gone on with; leaves the browser at the step."""
        self.open(back)
        self.wait_for_path("/account/confirm")
        self.press("form[action='/account/confirm'] button")
        WebDriverWait(self.driver, 20).until(lambda d: self.path != "/account/confirm")
        self.open(place)
        self.wait_for_path(place)

    def prove_by_password(self, back):
        self.prove("/sign-in/password", back)
        self.fill("password", PASSWORD)
        self.wait_for_path(back)


class SignInWalk(Proofs):
    """Leads through all pages of signing in; `look` is called on each with its name.

    The server takes passwords and sends codes every second; the browser runs scripts.
    """

    def __init__(self, driver, server, look):
        super().__init__(driver, server)
        self.look = look

    def walk(self):
        self.outside()
        self.first_sign_in()
        self.second_factors()
        self.repair()
        self.complete_profile()
        self.links()

    # -- without an account ----------------------------------------------------------------------------------------

    def outside(self):
        self.fresh()
        self.open("/sign-in")
        self.look("sign-in")
        self.fill("identifier", "no @ddress")
        WebDriverWait(self.driver, 20).until(lambda d: d.find_elements(By.CSS_SELECTOR, "[role=alert]"))
        self.look("sign-in-problem")
        for path, name in [("/signed-out", "signed-out"), ("/nothing-here", "not-found"), ("/link/over", "link-over"),
                           ("/account/deleted", "deleted"), ("/sign-in?client=nobody", "hand-over-refused")]:
            self.open(path)
            self.look(name)

    # -- with a code -----------------------------------------------------------------------------------------------

    def first_sign_in(self):
        """A code, the offer of a passkey that is not taken, and a password."""
        self.fresh()
        self.authenticator = VirtualAuthenticator(self.driver)
        self.address = fresh_address()
        self.name(self.address)
        self.look("password")
        self.press("form[action='/sign-in/code/resend'] button")
        self.wait_for_path("/sign-in/code")
        self.look("code")
        self.fill("code", "AAAA-AAAA")
        WebDriverWait(self.driver, 20).until(lambda d: d.find_elements(By.CSS_SELECTOR, "[role=alert]"))
        self.look("code-problem")
        self.fill("code", self.server.code_for(self.address))
        self.wait_for_path("/sign-in/add-passkey")
        self.look("add-passkey")
        self.press_button("Not now")
        self.wait_for_path("/account")
        self.open("/account/password")
        self.send("/account/password", new_password=PASSWORD)
        self.prove_by_password("/account/apps/add")
        self.secret = self.set_up_app("Telephone")
        self.open("/sign-out")
        self.look("sign-out")
        self.open("/account/confirm?return_to=/account/recovery/make")
        self.look("confirm")

    def app_code(self):
        """Of the next step, which is taken already: that of this one was used to set the app up."""
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30)

    # -- with more -------------------------------------------------------------------------------------------------

    def second_factors(self):
        self.press("form[action='/account/confirm'] button")
        self.wait_for_path("/sign-in/app")
        self.fill("code", self.app_code())
        self.wait_for_path("/account/recovery/make")
        self.send("/account/recovery/make")
        self.codes = [code.text for code in self.driver.find_elements(By.CSS_SELECTOR, ".codes code")]
        self.look("recovery-codes")
        self.open("/account/passkeys/add")
        self.send("/account/passkeys/add", name="Telephone")
        self.wait_for_path("/account/passkeys")
        self.authenticator.command("setAutomaticPresenceSimulation", enabled=False)
        self.press("form[action='/sign-out'] button")
        self.wait_for_path("/signed-out")
        self.name(self.address)
        self.fill("password", PASSWORD)
        self.wait_for_path("/sign-in/app")
        self.look("app")
        self.fill("code", "000000")
        WebDriverWait(self.driver, 20).until(lambda d: d.find_elements(By.CSS_SELECTOR, "[role=alert]"))
        self.look("app-problem")
        self.open("/sign-in/passkey")
        self.look("passkey")
        self.open("/sign-in/recovery-code")
        self.look("recovery-code")

    def repair(self):
        self.fill("code", self.codes[0])
        self.wait_for_path("/repair")
        self.look("repair")
        self.open("/account/apps/add")
        self.look("repair-app")
        self.send("/account/apps/add", name="Tablet")
        self.wait_for_path("/account/apps/set-up")
        self.look("repair-app-set-up")
        self.open("/account/password")
        self.look("repair-password")
        self.open("/repair")
        self.press_button("Sign in anew")
        self.wait_for_path("/sign-in")
        self.authenticator.remove()

    # -- what else comes between ------------------------------------------------------------------------------------

    def complete_profile(self):
        self.fresh()
        attributes = [
            profile_pb2.Attribute(path="motto", display_name="Motto", kind=profile_pb2.ATTRIBUTE_KIND_STRING, required=True,
                                  description="What you live by, in a few words."),
            profile_pb2.Attribute(path="born", display_name="Day of birth", kind=profile_pb2.ATTRIBUTE_KIND_DATE, required=True),
        ]
        with Connection(self.server) as connection:
            connection.call("ProfileService/ChangeProfileSchema", profile_pb2.ChangeProfileSchemaRequest(put=attributes))
            address = fresh_address()
            self.name(address)
            self.press("form[action='/sign-in/code/resend'] button")
            self.wait_for_path("/sign-in/code")
            self.fill("code", self.server.code_for(address))
            self.wait_for_path("/sign-in/profile")
            self.look("complete-profile")
            self.send("/sign-in/profile")
            self.look("complete-profile-problem")
            connection.call("ProfileService/ChangeProfileSchema",
                            profile_pb2.ChangeProfileSchemaRequest(remove=["motto", "born"]))

    def links(self):
        """Pages that mails lead to."""
        self.fresh()
        address = fresh_address()
        self.server.command("invitation", "create", address)
        self.server.wait_for_subject(address, "Invitation")
        message = self.server.messages_to(address)[-1].replace("=\n", "").replace("=3D", "=")
        self.open(re.search(r"/invitation\?token=[A-Za-z0-9_-]+", message).group(0))
        self.look("invitation")
