"""Chromium's virtual authenticators, and a page in front of them that calls WebAuthn as any application's would."""

import contextlib
import http.server
import json
import threading

#: Options from JSON, the call, and the answer or the error's name to JSON.
SCRIPT = """
const [method, options, mediation, done] = arguments;
const parse = {create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON"}[method];
const request = {publicKey: PublicKeyCredential[parse](JSON.parse(options))};
if (mediation) request.mediation = mediation;
navigator.credentials[method](request).then(
    credential => done({answer: JSON.stringify(credential.toJSON())}),
    error => done({error: error.name}));
"""


class NotGiven(Exception):
    """What the browser itself refused, by the name of its error."""


@contextlib.contextmanager
def application():
    """The origin of an empty page: the sign-in page of an application with RPC behind it."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"<!doctype html><title>Application</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as page:
        threading.Thread(target=page.serve_forever, daemon=True).start()
        try:
            yield f"http://localhost:{page.server_port}"
        finally:
            page.shutdown()


class VirtualAuthenticator:
    """One that is plugged into the browser."""

    def __init__(self, driver, **options):
        self.driver = driver
        driver.execute_cdp_cmd("WebAuthn.enable", {"enableUI": False})
        options = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
                   "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True, **options}
        self.id = driver.execute_cdp_cmd("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(f"WebAuthn.{name}", {"authenticatorId": self.id, **parameters})

    def bend(self, **bits):
        """isBogusSignature, isBadUV and isBadUP; those not named are off."""
        self.command("setResponseOverrideBits", **bits)

    @property
    def credentials(self):
        return self.command("getCredentials")["credentials"]

    def set_properties(self, **properties):
        """Of its one credential: backupEligibility and backupState."""
        [credential] = self.credentials
        self.command("setCredentialProperties", credentialId=credential["credentialId"], **properties)

    def remove(self):
        self.command("removeVirtualAuthenticator")


def call(driver, method, options, mediation=None):
    """navigator.credentials.create() or get(); its answer as JSON."""
    result = driver.execute_async_script(SCRIPT, method, options, mediation)
    if "error" in result:
        raise NotGiven(result["error"])
    return result["answer"]


def flags_of(response_json, decode):
    """The flags of an assertion."""
    return decode(json.loads(response_json)["response"]["authenticatorData"])[32]
