"""A small application on a domain of its own that signs its people in at Gatehouse.

All that an application has to do: send the browser away with a challenge, redeem the ticket that comes back, and ask with each
request whether the session still lives. It keeps the session's token on its server, under a cookie of its own.

What it asks for by the address, such as a new sign-in, it asks for again when it redeems the ticket, and looks at what it gets: the
address is in the hands of the browser.
"""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from google.protobuf.duration_pb2 import Duration

from rpc import Connection, RpcError, session_pb2, ticket_pb2

HOST = "shop.localhost"
#: What a ticket may take, and what the clocks of two machines may differ, in seconds.
LEEWAY = 90
DEMANDS = {"aal2": session_pb2.ASSURANCE_DEMAND_AAL2, "passkey": session_pb2.ASSURANCE_DEMAND_PASSKEY}


def challenge(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()


class Application:
    """The application, served until the block is left."""

    def __init__(self, server, token):
        self.server, self.token = server, token
        self.client = None
        # What each browser has: the sign-in under way, or the session.
        self.browsers = {}
        self.tickets = []
        application = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                application.answer(self)

            def log_message(self, *arguments):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://{HOST}:{self.http.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    # -- what it asks of Gatehouse --------------------------------------------------------------------------------

    def redeem(self, ticket, verifier, wishes=None):
        wishes = wishes or {}
        request = ticket_pb2.RedeemTicketRequest(
            ticket=ticket.encode(), return_address=self.address + "/callback", verifier=verifier,
            demand=DEMANDS.get(wishes.get("demand"), session_pb2.ASSURANCE_DEMAND_UNSPECIFIED))
        if (age := self.maximum_age(wishes)) is not None:
            request.maximum_age.CopyFrom(Duration(seconds=age))
        with Connection(self.server, token=self.token) as connection:
            return connection.call("TicketService/RedeemTicket", request)

    @staticmethod
    def maximum_age(wishes):
        """How old the sign-in may be that was asked for; None for any age."""
        return 0 if wishes.get("prompt") == "login" else int(wishes["max_age"]) if "max_age" in wishes else None

    def is_enough(self, session, wishes):
        """Whether a session is what was asked for; who redeems says so too, and both have to agree."""
        age = self.maximum_age(wishes)
        if age is not None and time.time() - session.authenticate_time.seconds > age + LEEWAY:
            return False
        return "demand" not in wishes or session.assurance_level >= session_pb2.ASSURANCE_LEVEL_AAL2

    def session(self, token):
        with Connection(self.server, token=self.token) as connection:
            return connection.call("SessionService/ValidateSession",
                                   session_pb2.ValidateSessionRequest(session_token=token)).session

    # -- its pages ------------------------------------------------------------------------------------------------

    def answer(self, request):
        address = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        cookie = SimpleCookie(request.headers.get("Cookie", "")).get("shop")
        browser = cookie.value if cookie and cookie.value in self.browsers else secrets.token_urlsafe(32)
        known = self.browsers.setdefault(browser, {})
        page = {"/": self.home, "/sign-in": self.sign_in, "/callback": self.callback, "/bye": self.bye}.get(address.path)
        status, text, location = page(known, query) if page else (404, "nothing here", None)
        request.send_response(status)
        request.send_header("Set-Cookie", f"shop={browser}; Path=/; HttpOnly; SameSite=Lax")
        request.send_header("Content-Type", "text/html; charset=utf-8")
        if location:
            request.send_header("Location", location)
        request.end_headers()
        request.wfile.write(f"<!DOCTYPE html><title>Shop</title><p id=shop>{html.escape(text)}</p>".encode())

    def home(self, known, query):
        if "token" in known:
            try:
                session = self.session(known["token"])
                return 200, f"Welcome {known['claims']['email']}, level {session.assurance_level}", None
            except RpcError as error:
                assert error.code == "UNAUTHENTICATED"
                del known["token"]
        return 200, "Nobody is signed in", None

    def sign_in(self, known, query):
        known["verifier"], known["state"] = secrets.token_urlsafe(32).encode(), secrets.token_urlsafe(16)
        known["wishes"] = query
        fields = {"client": self.client, "return_to": self.address + "/callback", "state": known["state"],
                  "challenge": challenge(known["verifier"]), **query}
        return 303, "", self.server.site + "/sign-in?" + urlencode(fields, quote_via=quote)

    def callback(self, known, query):
        self.tickets.append(query.get("ticket"))
        verifier = known.pop("verifier", None)
        # A state that is not this browser's belongs to somebody else's sign-in.
        if verifier is None or query.get("state") != known.pop("state", None):
            return 400, "That was not your sign-in", None
        try:
            redeemed = self.redeem(query["ticket"], verifier, known["wishes"])
        except RpcError as error:
            return 400, f"Refused: {error.reason}", None
        if not self.is_enough(redeemed.session, known["wishes"]):
            return 400, "That sign-in is not what was asked for", None
        known["token"] = redeemed.session_token
        known["claims"] = {claim.name: json.loads(claim.json) for claim in redeemed.claims}
        return 303, "", "/"

    def bye(self, known, query):
        known.clear()
        return 200, "Goodbye", None
