"""What a stranger sees who names an address and tries proofs: how long each answer took, and what it looked like.

The proofs are tried at once, as a stranger in search of a difference would: while the message is still on its way.
"""

import copy
import http.client
import json
import os
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from authenticator import encode
from rpc import RpcError, sign_in_pb2
from test_rpc_flow import begin

#: Well-formed, and right once in 2^40 times.
WRONG_CODE = "ZZZZ-ZZZZ"


@dataclass(frozen=True)
class Answer:
    """One answer of one endpoint."""

    endpoint: str
    seconds: float
    #: All of it but what is random or a clock reading by design; of random values their length.
    shape: tuple


def timed(action):
    started = time.perf_counter()
    result = action()
    return result, time.perf_counter() - started


def probe_rpc(connection, address, source):
    """Begins a flow over RPC and tries each step that it may take."""
    begun, seconds = timed(lambda: begin(connection, address, source))
    yield Answer("RPC BeginSignIn", seconds, shape_of_flow(begun))
    for name, make_request, shape in RPC_STEPS:
        request = make_request(begun.flow_token)
        answer, seconds = timed(lambda: answer_or_status(connection, name, request))
        yield Answer(f"RPC {name}", seconds, shape(answer))


def answer_or_status(connection, name, request):
    try:
        return connection.call(f"SignInService/{name}", request)
    except RpcError as error:
        return error.status


def shape_of_flow(begun):
    """Times count from the flow's end, so that they are compared to the microsecond."""
    shape = copy.deepcopy(begun)
    lengths = len(shape.flow.id), len(shape.flow_token)
    shape.flow.id, shape.flow_token = "", b""
    end = copy.deepcopy(shape.flow.expire_time)
    times = [shape.flow.expire_time]
    for step in shape.flow.next_steps:
        if step.HasField("code"):
            times += [step.code.expire_time, step.code.resend_time]
    for moment in times:
        moment.seconds, moment.nanos = moment.seconds - end.seconds, moment.nanos - end.nanos
    return lengths, shape.SerializeToString(deterministic=True)


def shape_of_status(status):
    shape = copy.deepcopy(status)
    shape.request_id = ""
    return len(status.request_id), shape.SerializeToString(deterministic=True)


def shape_of_options(begun):
    options = json.loads(begun.options_json)
    options["challenge"] = len(options["challenge"])
    return len(begun.options_json), json.dumps(options)


def foreign_passkey():
    """The answer of a passkey that nobody has, each time of another one."""
    identifier = encode(os.urandom(32))
    return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key", "response": {
        "clientDataJSON": encode(bytes(120)), "authenticatorData": encode(bytes(37)), "signature": encode(bytes(70)),
        "userHandle": encode(bytes(64))}})


#: A method of the sign-in, its request in a flow, and the shape of what it answers. Each flow takes all, in this order.
RPC_STEPS = [
    ("BeginSignInPasskey", lambda flow: sign_in_pb2.BeginSignInPasskeyRequest(flow_token=flow), shape_of_options),
    ("SubmitSignInPasskey",
     lambda flow: sign_in_pb2.SubmitSignInPasskeyRequest(flow_token=flow, response_json=foreign_passkey()),
     shape_of_status),
    ("SubmitSignInCode",
     lambda flow: sign_in_pb2.SubmitSignInCodeRequest(flow_token=flow, code=WRONG_CODE.encode()), shape_of_status),
]


class Visitor:
    """A browser behind a proxy that the server trusts, so that each visit has a source of its own."""

    def __init__(self, server):
        self.site = server.site
        self.http = http.client.HTTPConnection("127.0.0.1", server.site_port, timeout=30)
        self.source, self.cookies = "127.0.0.1", {}
        self.form = self.fetch("GET", "/sign-in")
        self.cookies_before = self.cookies

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    def probe(self, address, source):
        """Begins a flow on the site, with the form that the browser opened before, and tries a wrong code."""
        self.source, self.cookies = source, self.cookies_before
        sent, seconds = timed(lambda: self.post("/sign-in", self.form, return_to="", identifier=address))
        yield Answer("POST /sign-in", seconds, sent.shape)
        asked = self.fetch("GET", "/sign-in/code")
        refused, seconds = timed(lambda: self.post("/sign-in/code", asked, code=WRONG_CODE))
        told = self.fetch("GET", "/sign-in/code")
        yield Answer("POST /sign-in/code", seconds, (asked.shape, refused.shape, told.shape))

    def post(self, path, form, **fields):
        token = re.search(rb'name="form_token" value="([^"]+)"', form.body)[1].decode()
        return self.fetch("POST", path, urlencode({"form_token": token, **fields}))

    def fetch(self, method, path, body=None):
        headers = {"Host": self.site.removeprefix("http://"), "X-Forwarded-For": self.source,
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Origin": self.site, "Content-Type": "application/x-www-form-urlencoded"}
        self.http.request(method, path, body, headers)
        response = self.http.getresponse()
        page = Page(response.status, response.getheaders(), response.read())
        self.cookies = {**self.cookies, **page.cookies}
        return page


@dataclass(frozen=True)
class Page:
    """An answer of the site."""

    status: int
    headers: list
    body: bytes

    @property
    def cookies(self):
        values = (value for name, value in self.headers if name.lower() == "set-cookie")
        return dict(value.split(";")[0].split("=", 1) for value in values)

    @property
    def shape(self):
        body = re.sub(rb'(name="form_token" value=")([^"]+)', lambda m: m[1] + b"%d bytes" % len(m[2]), self.body)
        return self.status, tuple((name, shape_of_header(name.lower(), value)) for name, value in self.headers), body


def shape_of_header(name, value):
    if name in ("date", "x-request-id"):
        return len(value)
    if name == "set-cookie":
        # What is left of the flow's time is a clock reading; that the cookie goes at once is none.
        value = re.sub(r"Max-Age=[1-9]\d*", "Max-Age", value)
        return re.sub(r"=([\w-]*)", lambda m: f"={len(m[1])} bytes", value, count=1)
    return value
