"""A server whose site a browser can use passkeys on, and what people do on its pages."""

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from browser import Pages
from server import Server


def start_site(*options):
    """A server with its first administrator; its site's address, which passkeys belong to, is known by the time it listens."""
    server = Server(options=options).start()
    server.bootstrap()
    return server


class SitePages(Pages):
    """With scripts or without."""

    def name(self, name):
        """Says who wants to sign in."""
        self.open("/sign-in")
        self.fill("identifier", name)
        WebDriverWait(self.driver, 20).until(lambda d: self.path != "/sign-in")

    def type_code(self, address, count=1):
        self.fill("code", self.server.code_for(address, count))
        WebDriverWait(self.driver, 20).until(lambda d: self.path != "/sign-in/code")

    def press_button(self, words):
        """The button or link that says these words."""
        found = [element for element in self.driver.find_elements(By.CSS_SELECTOR, "main button, main a.button")
                 if element.is_displayed() and element.text == words]
        assert len(found) == 1, f"{words!r} is there {len(found)} times on {self.path}"
        found[0].click()

    def wait_for_text(self, words):
        # The page may change while it is read.
        wait = WebDriverWait(self.driver, 20, ignored_exceptions=[WebDriverException])
        wait.until(lambda d: words in self.text, f"{words!r} expected on {self.path}")

    def shown(self, selector):
        return [element for element in self.driver.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]

    def cookie(self, name):
        found = self.driver.get_cookie(f"__Host-gatehouse-{name}")
        return found and found["value"]

    def forget(self, *names):
        """Loses cookies, as a browser does that was closed."""
        for name in names:
            self.driver.delete_cookie(f"__Host-gatehouse-{name}")

    def fresh(self):
        """A browser that nobody used before."""
        self.open("/signed-out")
        self.driver.delete_all_cookies()
        self.problems()
