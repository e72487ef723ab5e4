"""Random walks over the addresses of signing in: a session only after all that is asked for (SECURITY REC-02)."""

import http.client
import random
import re
import urllib.parse

import pytest

from password_person import PASSWORD, PasswordPerson
from server import wrong_code
from site_pages import start_site
from test_site_sign_in import App

PAGES = ["/sign-in", "/sign-in/code", "/sign-in/password", "/sign-in/app", "/sign-in/passkey", "/sign-in/recovery-code",
         "/sign-in/add-passkey", "/account", "/account/confirm", "/repair", "/signed-out", "/"]
FORMS = ["/sign-in", "/sign-in/code", "/sign-in/code/resend", "/sign-in/password", "/sign-in/password/forgotten",
         "/sign-in/app", "/sign-in/passkey", "/sign-in/passkey/options", "/sign-in/with-passkey",
         "/sign-in/with-passkey/options", "/sign-in/recovery-code", "/sign-in/cancel", "/language", "/repair/done"]
SESSION, FLOW = "__Host-gatehouse-session", "__Host-gatehouse-flow"


@pytest.fixture(scope="module")
def server():
    server = start_site("--passwords-enabled", "true", "--policy-code-resend-interval", "10s")
    yield server
    assert server.stop() == 0


class Walker:
    """A browser as far as forms and cookies go, and what it rightly proved in each flow."""

    def __init__(self, server, person, app, codes, choose):
        self.server, self.person, self.app, self.choose = server, person, app, choose
        self.recovery_codes = codes
        self.cookies, self.handles, self.proved, self.named = {}, [], {}, {}
        self.sessions = 0

    # -- HTTP ------------------------------------------------------------------------------------------------------

    def send(self, method, path, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.site_port, timeout=30)
        headers = {"Host": f"localhost:{self.server.site_port}", "Sec-Fetch-Site": "same-origin",
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urllib.parse.urlencode(fields) if fields is not None else None, headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        connection.close()
        assert answer.status < 500, f"{method} {path}: {answer.status}"
        return answer.status, answer.headers.get("Location"), body

    def post(self, path, **fields):
        _, _, page = self.send("GET", "/signed-out")
        token = re.findall(r'name="form_token" value="([^"]*)"', page)[-1]
        return self.send("POST", path, {"form_token": token, **fields})

    # -- steps -----------------------------------------------------------------------------------------------------

    @property
    def flow(self):
        return self.cookies.get(FLOW)

    def name(self):
        self.post("/sign-in", identifier=self.choose([self.person.address, self.person.address, "nobody@example.com"]))
        if self.flow and self.flow not in self.handles:
            self.handles.append(self.flow)

    def prove(self, what, path, field, right, wrong):
        isRight = self.choose([True, True, False])
        flow = self.flow
        if isRight and right is not None and flow:
            # Noted before, for whatever comes of it may only come of this.
            self.proved.setdefault(flow, set()).add(what)
        self.post(path, **{field: right if isRight and right is not None else wrong})

    def code(self):
        codes = self.server.codes_to(self.person.address)
        right = codes[-1] if codes else None
        self.prove("code", "/sign-in/code", "code", right, wrong_code(right or "AAAA-AAAA"))

    def password(self):
        self.prove("password", "/sign-in/password", "password", PASSWORD, self.choose(["", "wrong", PASSWORD + "x"]))

    def totp(self):
        code = self.app and self.app.code(self.choose([0, 30]))
        self.prove("app", "/sign-in/app", "code", code, self.choose(["", "000000"]))

    def recovery(self):
        code = self.recovery_codes.pop() if self.recovery_codes else None
        self.prove("recovery", "/sign-in/recovery-code", "code", code, self.choose(["", "AAAA-AAAA-AAAA-A"]))

    def look(self):
        self.send("GET", self.choose(PAGES))

    def post_nothing(self):
        """Leaves out every field, or sends those of another step."""
        fields = self.choose([{}, {"code": ""}, {"response": "{}"}, {"code": "", "password": "", "identifier": ""}])
        self.post(self.choose(FORMS), **fields)

    def ask(self):
        self.post(self.choose(["/sign-in/code/resend", "/sign-in/password/forgotten"]))

    def go_back(self):
        """To a flow of before, as from another tab."""
        if self.handles:
            self.cookies[FLOW] = self.choose(self.handles)

    def lose(self):
        self.cookies.pop(self.choose([FLOW, "__Host-gatehouse-browser", "__Host-gatehouse-device"]), None)

    # -- what must hold --------------------------------------------------------------------------------------------

    def check(self, flow, step):
        status, location, _ = self.send("GET", "/account")
        if SESSION not in self.cookies:
            assert (status, location) == (303, "/sign-in"), f"{step}: {status} {location}"
            return
        proved = self.proved.get(flow, set())
        assert proved & {"code", "password"}, f"{step} opened a session after {proved}"
        if self.app:
            assert proved & {"app", "recovery"}, f"{step} opened a session after {proved}"
        if status == 200:
            assert not self.app or "app" in proved, f"{step} opened the account after {proved}"
        else:
            assert (status, location) == (303, "/repair"), f"{step}: {status} {location}"
        self.sessions += 1
        # For the next walk, on a device that nobody remembers.
        self.cookies = {}

    def walk(self, count):
        steps = [self.name, self.name, self.code, self.password, self.password, self.totp, self.totp, self.recovery, self.look,
                 self.post_nothing, self.ask, self.go_back, self.lose]
        for _ in range(count):
            step, flow = self.choose(steps), self.flow
            step()
            self.check(flow, step.__name__)


@pytest.mark.parametrize("seed", range(6))
def test_no_walk_opens_a_session_without_all_that_is_asked_for(server, connection, seed):
    person = PasswordPerson(server, connection, PASSWORD)
    app = App(person) if seed % 2 else None
    codes = app.recovery_codes() if app else []
    walker = Walker(server, person, app, codes, random.Random(seed).choice)
    walker.walk(60)


def test_a_straight_walk_opens_one(server, connection):
    person = PasswordPerson(server, connection, PASSWORD)
    app = App(person)
    walker = Walker(server, person, app, app.recovery_codes(), lambda choices: choices[0])
    for step in [walker.name, walker.password, walker.recovery]:
        flow = walker.flow
        step()
        walker.check(flow, step.__name__)
    assert walker.sessions == 1
