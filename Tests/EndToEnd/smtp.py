"""A real SMTP server: aiosmtpd with STARTTLS and authentication."""

import contextlib
import ssl
import subprocess
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Inbox:
    """Keeps what arrived; can be told to refuse."""

    def __init__(self):
        self.messages, self.refusals, self.unauthenticated = [], [], 0

    async def handle_DATA(self, _server, session, envelope):
        if not session.authenticated or session.ssl is None:
            self.unauthenticated += 1
            return "530 authenticate over TLS"
        if self.refusals:
            return self.refusals.pop(0)
        self.messages.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 kept"

    def wait_for(self, address, timeout=30):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for recipients, content in self.messages:
                if address in recipients:
                    return content
            time.sleep(0.05)
        raise AssertionError(f"no mail for {address}")


def make_certificate(directory):
    certificate, key = Path(directory) / "smtp.pem", Path(directory) / "smtp-key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out",
                    str(certificate)], check=True, capture_output=True)
    return certificate, key


@contextlib.contextmanager
def smtp_server(directory, user="mailer", password="correct horse", port=0):
    certificate, key = make_certificate(directory)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    inbox = Inbox()

    def authenticate(_server, _session, _envelope, _mechanism, data):
        accepted = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=accepted)

    class TLSController(Controller):
        def factory(self):
            return SMTP(inbox, tls_context=context, require_starttls=True, auth_required=True,
                        authenticator=authenticate, hostname="localhost")

    import socket

    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    controller = TLSController(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    inbox.port, inbox.certificate = port, certificate
    try:
        yield inbox
    finally:
        controller.stop()
