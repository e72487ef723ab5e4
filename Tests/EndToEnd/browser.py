"""Debian's Chromium, headless, with a fresh profile."""

import contextlib
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


@contextlib.contextmanager
def chromium(*extra, javascript=False):
    """A browser; scripts are off unless asked for, because the site needs none."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     f"--user-data-dir={tempfile.mkdtemp(prefix='browser-')}", "--window-size=1000,800",
                     "--lang=en", "--disable-background-networking", *extra]:
        options.add_argument(argument)
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(60)
    try:
        yield driver
    finally:
        driver.quit()


class Pages:
    """What a person does on the site."""

    def __init__(self, driver, server):
        self.driver, self.server = driver, server

    def open(self, path="/"):
        self.driver.get(self.server.site + path)

    def wait_for_path(self, path):
        WebDriverWait(self.driver, 20).until(lambda d: self.path == path, f"{path} expected, at {self.driver.current_url}")

    @property
    def path(self):
        return self.driver.current_url[len(self.server.site):].split("?")[0]

    def fill(self, name, value):
        field = self.driver.find_element(By.NAME, name)
        field.clear()
        field.send_keys(value)
        field.submit()

    def press(self, selector):
        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def sign_in(self, address, count=1):
        self.open("/sign-in")
        self.fill("identifier", address)
        self.wait_for_path("/sign-in/code")
        self.fill("code", self.server.code_for(address, count))
        self.wait_for_path("/account")

    def screenshot(self, directory, name):
        Path(directory).mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(f"{directory}/{name}.png")

    def problems(self):
        """Whatever the browser complained about: blocked content, failed requests."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
