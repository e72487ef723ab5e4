"""What a person does in the account, in a real browser."""

from urllib.parse import parse_qs, urlsplit

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from browser import Pages

#: Every page of the account that its owner can open at any time.
AREAS = ["/account", "/account/profile", "/account/addresses", "/account/passkeys", "/account/apps", "/account/password",
         "/account/recovery", "/account/sessions", "/account/activity", "/account/data"]

#: Pages that ask for something.
FORMS = ["/account/addresses/add", "/account/addresses/username", "/account/apps/add", "/account/recovery/make",
         "/account/delete", "/account/confirm"]

#: What people may type to become more than text (SECURITY WEB-06).
HOSTILE = ["\"\u0301 onfocus=alert(1) autofocus=\"", "<\u0338img src=x onerror=alert(1)>",
           "</script><script>alert(1)</script>", "{{7*7}}{{{form_token}}}", "javascript:alert(1)",
           "</textarea></select><b data-evil>x</b>"]


def is_gone(element):
    """Whether the page of an element has been left; in the middle of that the browser refuses the question in other ways, too."""
    try:
        element.is_enabled()
    except WebDriverException:
        return True
    return False


class AccountPages(Pages):
    """Somebody who is signed in."""

    def sign_in(self, address, count=1):
        """By a code, also where passwords are asked for first."""
        self.open("/sign-in")
        self.fill("identifier", address)
        WebDriverWait(self.driver, 20).until(lambda d: self.path != "/sign-in")
        if self.path == "/sign-in/password":
            self.press("form[action='/sign-in/code/resend'] button")
        self.wait_for_path("/sign-in/code")
        self.fill("code", self.server.code_for(address, count))
        WebDriverWait(self.driver, 20).until(lambda d: self.path != "/sign-in/code")
        if self.path == "/sign-in/add-passkey":
            self.press("form[action='/sign-in/add-passkey/skip'] button")
        self.wait_for_path("/account")

    def send(self, action, **fields):
        """Writes into the form that is sent to an address, and sends it with its own button."""
        form = self.driver.find_element(By.CSS_SELECTOR, f"form[action='{action}']")
        form_is_for_passkeys = form.get_attribute("data-passkey") is not None
        for name, value in fields.items():
            field = form.find_element(By.NAME, name.replace("__", "."))
            if field.tag_name == "select":
                field.find_element(By.CSS_SELECTOR, f"option[value='{value}']").click()
                continue
            field.clear()
            field.send_keys(value)
        form.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        # The answer may be the same page again; a passkey's form stays until its ceremony is over.
        if not form_is_for_passkeys:
            WebDriverWait(self.driver, 20).until(lambda d: is_gone(form))

    def add_address(self, address):
        self.open("/account/addresses/add")
        self.send("/account/addresses/add", value=address)
        self.wait_for_path("/account/addresses/prove")
        self.send("/account/addresses/prove", code=self.server.code_for(address))
        self.wait_for_path("/account/addresses")

    def set_up_app(self, name):
        """Sets an authenticator app up; returns its secret."""
        import pyotp

        self.open("/account/apps/add")
        self.send("/account/apps/add", name=name)
        self.wait_for_path("/account/apps/set-up")
        link = self.driver.find_element(By.CSS_SELECTOR, "a[href^='otpauth:']").get_attribute("href")
        secret = parse_qs(urlsplit(link).query)["secret"][0]
        self.send("/account/apps/set-up", code=pyotp.TOTP(secret).now())
        self.wait_for_path("/account/apps")
        return secret

    def link(self, words):
        self.driver.find_element(By.LINK_TEXT, words).click()

    def value(self, name):
        return self.driver.find_element(By.NAME, name).get_attribute("value")
