"""Measures how long pages of the site take, one request at a time on a connection that stays, from its sending to the whole answer."""

import http.client
import re
import time
import urllib.parse
from email import message_from_string, policy

ADDRESS = "reader@example.com"
PAGES = [
    ("sign-in form", "/sign-in"), ("account", "/account"), ("profile", "/account/profile"), ("addresses", "/account/addresses"),
    ("sessions", "/account/sessions"), ("activity", "/account/activity"),
]


class Browser:
    """As far as forms and cookies go."""

    def __init__(self, port):
        self.port, self.cookies = port, {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, method, path, fields=None):
        headers = {"Host": f"localhost:{self.port}", "Sec-Fetch-Site": "same-origin",
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urllib.parse.urlencode(fields) if fields is not None else None, headers)
        answer = self.connection.getresponse()
        body = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer, body.decode()

    def post(self, page, **fields):
        _, body = self.send("GET", page)
        token = re.search(r'name="form_token" value="([^"]*)"', body).group(1)
        answer, _ = self.send("POST", page, {"form_token": token, **fields})
        return answer.headers["Location"]


def code(mailbox):
    """The code in the newest message, once there is one."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in sorted(mailbox.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True):
            message = message_from_string(path.read_text(), policy=policy.default)
            text = message.get_body(("plain",)).get_content()
            found = re.search(r"^\s*([0-9A-Z]{4}-[0-9A-Z]{4})\s*$", text, re.MULTILINE)
            if ADDRESS in message["To"] and found:
                return found.group(1)
        time.sleep(0.05)
    raise SystemExit("no code arrived")


def measure(port, mailbox, seconds, row):
    browser = Browser(port)
    assert browser.post("/sign-in", identifier=ADDRESS, return_to="") == "/sign-in/code"
    assert browser.post("/sign-in/code", code=code(mailbox)) == "/account"
    stranger = Browser(port)
    for name, path in PAGES:
        visitor = stranger if path == "/sign-in" else browser
        took, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.perf_counter()
            answer, body = visitor.send("GET", path)
            took.append(time.perf_counter() - began)
            assert answer.status == 200 and "</html>" in body, f"{path}: {answer.status}"
        took.sort()
        half, most = (1000 * took[int(len(took) * part)] for part in (0.5, 0.95))
        row(f"page: {name} (p95, ms)", f"{most:.2f}", "< 2", f"p50 {half:.2f} ms; {len(body) / 1024:.1f} KiB; {len(took)} requests")
