"""Invitations over RPC, by command and on the site; accounts that are merged, and what a person may take along."""

import http.client
import json
import re
import time
import urllib.parse

import pytest

from rpc import RpcError, identifier_pb2, invitation_pb2, sign_in_pb2, user_pb2
from server import Server
from test_identifiers import link_token, names
from test_rpc_flow import fresh_address


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--policy-self-registration", "invited"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


def invite(connection, address, **fields):
    request = invitation_pb2.CreateInvitationRequest(email=address, **fields)
    return connection.call("InvitationService/CreateInvitation", request).invitation


def accept(connection, token):
    request = invitation_pb2.AcceptInvitationRequest(
        token=token.encode(), client=sign_in_pb2.SignInClient(source_address="192.0.2.7", user_agent="test"))
    return connection.call("InvitationService/AcceptInvitation", request).signed_in


def invited(server, connection):
    """Somebody who accepted an invitation: address, user id, session."""
    address = fresh_address()
    invite(connection, address)
    signed_in = accept(connection, link_token(server, address, "/invitation"))
    return address, signed_in.session.user_id, signed_in.session_token


def test_an_invitation_is_sent_listed_and_accepted_once(server, connection):
    address = fresh_address()
    made = invite(connection, address, external_id=f"old-{address}")
    assert made.state == invitation_pb2.INVITATION_STATE_OPEN and made.inviter_kind == "service_account"
    token = link_token(server, address, "/invitation")
    listed = connection.call("InvitationService/ListInvitations", invitation_pb2.ListInvitationsRequest(page_size=1000))
    assert made.id in [invitation.id for invitation in listed.invitations]
    assert token.encode() not in listed.SerializeToString()
    signed_in = accept(connection, token)
    assert signed_in.new_user and signed_in.session_token.startswith(b"ghs_")
    user = connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=signed_in.session.user_id)).user
    assert names(user)[address].HasField("verify_time") and user.external_id == f"old-{address}"
    got = connection.call("InvitationService/GetInvitation", invitation_pb2.GetInvitationRequest(invitation_id=made.id))
    assert got.invitation.state == invitation_pb2.INVITATION_STATE_ACCEPTED and got.invitation.user_id == user.id
    with pytest.raises(RpcError) as refused:
        accept(connection, token)
    assert refused.value.code == "UNAUTHENTICATED"
    known = fresh_address()
    identifier = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=known)
    connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(identifiers=[identifier]))
    with pytest.raises(RpcError) as refused:
        invite(connection, known)
    assert refused.value.code == "ALREADY_EXISTS"


def test_an_invitation_is_sent_again_under_another_secret_and_revoked(server, connection):
    address = fresh_address()
    made = invite(connection, address)
    first = link_token(server, address, "/invitation")
    request = invitation_pb2.ResendInvitationRequest(invitation_id=made.id)
    with pytest.raises(RpcError) as refused:
        connection.call("InvitationService/ResendInvitation", request)
    assert refused.value.code == "RESOURCE_EXHAUSTED"
    server.query("DELETE FROM throttles")
    again = connection.call("InvitationService/ResendInvitation", request).invitation
    assert again.id == made.id and again.revision == made.revision + 1
    deadline = time.monotonic() + 20
    while (second := link_token(server, address, "/invitation")) == first and time.monotonic() < deadline:
        time.sleep(0.1)
    with pytest.raises(RpcError) as refused:
        accept(connection, first)
    assert refused.value.code == "UNAUTHENTICATED"
    revoke = invitation_pb2.RevokeInvitationRequest(invitation_id=made.id, expected_revision=again.revision)
    revoked = connection.call("InvitationService/RevokeInvitation", revoke).invitation
    assert revoked.state == invitation_pb2.INVITATION_STATE_REVOKED
    with pytest.raises(RpcError) as refused:
        accept(connection, second)
    assert refused.value.code == "UNAUTHENTICATED"
    with pytest.raises(RpcError) as refused:
        connection.call("InvitationService/ResendInvitation", request)
    assert refused.value.code == "FAILED_PRECONDITION"


def test_who_was_not_invited_gets_no_code(server, connection):
    address, stranger = fresh_address(), fresh_address()
    for name in (stranger, address):
        if name == address:
            invite(connection, address)
        connection.call("SignInService/BeginSignIn", sign_in_pb2.BeginSignInRequest(identifier=name))
    server.code_for(address)
    assert server.codes_to(stranger) == []


def test_commands_invite_list_resend_and_revoke(server, connection):
    address = fresh_address()
    shown = server.command("invitation", "create", address, "--lifetime-days", "2", "--languages", "de").stdout
    invitation = re.search(r"^id\s+(\S+)$", shown, re.MULTILINE).group(1)
    server.wait_for_subject(address, "Einladung zu Gatehouse")
    listed = server.command("invitation", "list", "--limit", "1000").stdout
    assert re.search(rf"^{invitation}\s+open\s+{re.escape(address)}", listed, re.MULTILINE)
    early = server.command("invitation", "resend", invitation, check=False)
    assert early.returncode != 0
    token = link_token(server, address, "/invitation")
    assert re.search(r"^state\s+revoked$", server.command("invitation", "revoke", invitation).stdout, re.MULTILINE)
    with pytest.raises(RpcError) as refused:
        accept(connection, token)
    assert refused.value.code == "UNAUTHENTICATED"
    again = server.command("invitation", "revoke", invitation, check=False)
    assert again.returncode != 0 and "accepted, revoked, or ran out" in again.stderr


class Browser:
    """A browser that keeps cookies and follows nothing."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def request(self, method, path, fields=None):
        link = http.client.HTTPConnection("127.0.0.1", self.server.site_port, timeout=20)
        headers = {"Host": f"localhost:{self.server.site_port}", "Sec-Fetch-Site": "same-origin" if fields else "cross-site"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(method, path, body, headers)
        answer = link.getresponse()
        page = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        link.close()
        return answer, page

    def follow(self, path):
        """Opens a link of a mail, whose secret leaves the address at once (SECURITY WEB-05)."""
        answer, _ = self.request("GET", path)
        clean = path.partition("?")[0]
        assert (answer.status, answer.getheader("Location")) == (303, clean)
        return self.request("GET", clean)

    def press(self, path, page):
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.request("POST", path, fields)


def test_opening_the_link_changes_nothing_and_the_button_signs_in(server, connection):
    address = fresh_address()
    invite(connection, address)
    token = link_token(server, address, "/invitation")
    for _ in range(3):
        answer, page = Browser(server).follow(f"/invitation?token={token}")
        assert answer.status == 200 and "You are invited" in page
    browser = Browser(server)
    answer, page = browser.follow(f"/invitation?token={token}")
    assert answer.getheader("Referrer-Policy") in ("no-referrer", "same-origin")
    answer, _ = browser.press("/invitation", page)
    assert (answer.status, answer.getheader("Location")) == (303, "/account")
    answer, page = browser.request("GET", "/account")
    assert answer.status == 200 and address in page
    answer, page = Browser(server).follow(f"/invitation?token={token}")
    assert answer.status == 200 and "no longer good" in page and "<form" not in page.split("<main")[1].split("</main>")[0]
    assert token not in server.log()


def test_a_change_of_addresses_is_taken_back_on_the_site(server, connection):
    address, user_id, session = invited(server, connection)
    new = fresh_address()
    user = connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=user_id)).user
    request = identifier_pb2.BeginIdentifierClaimRequest(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=new,
                                                         replaced_identifier_id=names(user)[address].id)
    claim = connection.call("IdentifierService/BeginIdentifierClaim", request, session=session).claim
    request = identifier_pb2.ConfirmIdentifierRequest(claim_id=claim.id, code=server.code_for(new).encode())
    connection.call("IdentifierService/ConfirmIdentifier", request, session=session)
    token = link_token(server, address, "/undo")
    browser = Browser(server)
    _, page = browser.follow(f"/undo?token={token}")
    assert "Take the change back?" in page
    answer, _ = Browser(server).press("/undo", page)
    assert answer.status == 403
    answer, _ = browser.press("/undo", page)
    assert (answer.status, answer.getheader("Location")) == (303, "/undo/done")
    user = connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=user_id)).user
    assert list(names(user)) == [address]
    _, page = browser.follow(f"/undo?token={token}")
    assert "no longer good" in page


def test_two_accounts_become_one(server, connection):
    kept, target, _ = invited(server, connection)
    other, source, session = invited(server, connection)
    for user, name in ((source, f"one{other[:8]}"), (target, f"two{kept[:8]}")):
        request = identifier_pb2.SetUsernameRequest(user_id=user, username=name)
        connection.call("IdentifierService/SetUsername", request)
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/MergeUsers", user_pb2.MergeUsersRequest(source_user_id=source, target_user_id=target))
    assert refused.value.code == "INVALID_ARGUMENT" and [v.field for v in refused.value.violations] == ["username"]
    shown = server.command("user", "merge", source, target, "--username", "source").stdout
    assert kept in shown and other in shown
    gone = server.command("user", "show", source, check=False)
    assert gone.returncode != 0 and "Not found." in gone.stderr
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/ExportUser", user_pb2.ExportUserRequest(user_id=target), session=session)
    assert refused.value.code == "UNAUTHENTICATED"
    server.wait_for_subject(other, "Two of your accounts were merged")


def test_a_person_takes_along_what_is_stored_of_them(server, connection):
    address, user_id, session = invited(server, connection)
    request = user_pb2.ExportUserRequest(user_id=user_id)
    document = json.loads(connection.call("UserService/ExportUser", request, session=session).document_json)
    assert document["user"]["id"] == user_id and document["identifiers"][0]["value"] == address
    assert document["sessions"][0]["browser"] == "test" and document["sessions"][0]["sourceAddress"] == "192.0.2.7"
    assert session.decode() not in json.dumps(document)
    printed = server.command("user", "export", user_id).stdout
    assert json.loads(printed)["user"] == document["user"]
    _, other, _ = invited(server, connection)
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/ExportUser", user_pb2.ExportUserRequest(user_id=other), session=session)
    assert refused.value.code == "NOT_FOUND"
