"""Known and unknown addresses look alike from outside (SECURITY EN-01, EN-03)."""

import re
import uuid

import pytest
import requests

from rpc import Connection, user_pb2
from server import Server
from test_rpc_flow import begin


@pytest.fixture(scope="module", params=["open", "invited", "closed"])
def policy_server(request):
    server = Server(options=["--policy-self-registration", request.param]).start()
    server.bootstrap()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def subjects(policy_server):
    """Addresses of users in every state, and one nobody has."""
    found = {"unknown": f"{uuid.uuid4().hex[:12]}@example.com"}
    with Connection(policy_server) as connection:
        for state in ("entered", "disabled", "deleted"):
            address = f"{uuid.uuid4().hex[:12]}@example.com"
            identifier = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=address)
            user = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(identifiers=[identifier])).user
            if state == "disabled":
                connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=user.id))
            if state == "deleted":
                connection.call("UserService/DeleteUser", user_pb2.DeleteUserRequest(user_id=user.id))
            found[state] = address
    return found


def page_after(server, address):
    """Everything a browser sees after it sent an address, without what is random by design."""
    with requests.Session() as browser:
        form = browser.get(server.site + "/sign-in", timeout=20)
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form.text))
        cookies = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
        answer = requests.post(server.site + "/sign-in", data={**fields, "identifier": address}, allow_redirects=False,
                               timeout=20, headers={"Cookie": cookies, "Origin": server.site,
                                                    "Sec-Fetch-Site": "same-origin"})
        jar = {**{c.name: c.value for c in browser.cookies}, **{c.name: c.value for c in answer.cookies}}
        page = requests.get(server.site + answer.headers["Location"], timeout=20,
                            headers={"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items())})
    headers = {k: v for k, v in answer.headers.items() if k not in ("Date", "Set-Cookie", "X-Request-ID", "X-Request-Id")}
    names = sorted(c.split("=")[0] for c in answer.headers.get("Set-Cookie", "").split(", ") if "__Host-" in c)
    masked = re.sub(r'value="[^"]*"', "", page.text.replace(address[0] + "•••", "MASKED"))
    return answer.status_code, headers, names, page.status_code, re.sub(r"\d\d:\d\d(:\d\d)?", "TIME", masked)


def test_the_site_answers_alike(policy_server, subjects):
    seen = {state: page_after(policy_server, address) for state, address in subjects.items()}
    for state, answer in seen.items():
        assert answer == seen["unknown"], state


def test_rpc_answers_alike(policy_server, subjects):
    with Connection(policy_server) as connection:
        shapes = set()
        for number, address in enumerate(subjects.values()):
            started = begin(connection, address.replace("@example", f"@example"), source=f"203.0.113.{number + 1}")
            step = started.flow.next_steps[0].code
            shapes.add((len(started.flow_token), len(started.flow.next_steps), step.length,
                        step.masked_address[1:], step.expire_time.seconds - started.flow.expire_time.seconds))
        assert len(shapes) == 1
