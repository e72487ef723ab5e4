"""Codes through a real SMTP server."""

import os

import pytest

from rpc import Connection
from server import Server, code_in
from smtp import smtp_server
from test_rpc_flow import begin, fresh_address, submit


@pytest.fixture(scope="module")
def mailing(tmp_path_factory):
    directory = tmp_path_factory.mktemp("smtp")
    with smtp_server(directory) as inbox:
        password = directory / "password"
        password.write_text("correct horse")
        os.chmod(password, 0o600)
        server = Server(options=["--mail-delivery", "smtp", "--mail-smtp-host", "localhost", "--mail-smtp-port",
                                 str(inbox.port), "--mail-smtp-user", "mailer", "--mail-smtp-password-file",
                                 str(password), "--mail-smtp-ca-file", str(inbox.certificate), "--mail-from",
                                 "door@example.org", "--site-name", "Größe & <Co>"]).start()
        server.bootstrap()
        yield server, inbox
        assert server.stop() == 0


def test_a_code_arrives_over_starttls_with_authentication(mailing):
    server, inbox = mailing
    address = fresh_address()
    with Connection(server) as connection:
        started = begin(connection, address)
        message = inbox.wait_for(address)
        assert "From:" in message and "door@example.org" in message
        assert submit(connection, started.flow_token, code_in(message)).HasField("signed_in")
    assert inbox.unauthenticated == 0


def test_a_refused_message_is_tried_again(mailing):
    server, inbox = mailing
    inbox.refusals.append("451 later")
    address = fresh_address()
    with Connection(server) as connection:
        started = begin(connection, address)
        assert submit(connection, started.flow_token, code_in(inbox.wait_for(address, 60))).HasField("signed_in")


def test_the_code_is_in_no_log(mailing):
    server, inbox = mailing
    for _, content in inbox.messages:
        code = code_in(content)
        assert code not in server.log() and code.replace("-", "") not in server.log()
