"""Passkey ceremonies over RPC, as an application runs them with its pages: people, their passkeys and refusals."""

import ipaddress
import itertools

from probes import shape_of_status
from rpc import RpcError, passkey_pb2, session_pb2, sign_in_pb2
from test_rpc_flow import fresh_address, sign_in

sources = (str(ipaddress.IPv4Address("10.64.0.1") + number) for number in itertools.count())


def refusal(action):
    """The status of a call that has to fail, without what is random."""
    try:
        action()
    except RpcError as error:
        return shape_of_status(error.status)
    raise AssertionError("it was not refused")


class Person:
    """Somebody who proved an address just now, from a source that nobody else has."""

    def __init__(self, server, connection, address=None):
        self.connection, self.address, self.source = connection, address or fresh_address(), next(sources)
        signed_in = sign_in(server, connection, self.address, source=self.source)
        self.user_id, self.session = signed_in.session.user_id, signed_in.session_token

    # -- registration ----------------------------------------------------------------------------------------------

    def begin_registration(self):
        request = passkey_pb2.BeginPasskeyRegistrationRequest()
        begun = self.connection.call("PasskeyService/BeginPasskeyRegistration", request, session=self.session)
        return begun.options_json

    def finish_registration(self, response, name="Passkey"):
        request = passkey_pb2.FinishPasskeyRegistrationRequest(response_json=response, name=name)
        return self.connection.call("PasskeyService/FinishPasskeyRegistration", request, session=self.session).passkey

    def register(self, authenticator, **bends):
        return self.finish_registration(authenticator.create(self.begin_registration(), **bends))

    # -- signing in ------------------------------------------------------------------------------------------------

    def begin_flow(self):
        """The token of a flow that nobody is named in."""
        client = sign_in_pb2.SignInClient(source_address=self.source)
        request = sign_in_pb2.BeginSignInRequest(client=client)
        return self.connection.call("SignInService/BeginSignIn", request).flow_token

    def begin_passkey(self, flow):
        request = sign_in_pb2.BeginSignInPasskeyRequest(flow_token=flow)
        return self.connection.call("SignInService/BeginSignInPasskey", request).options_json

    def submit_passkey(self, flow, response):
        request = sign_in_pb2.SubmitSignInPasskeyRequest(flow_token=flow, response_json=response)
        return self.connection.call("SignInService/SubmitSignInPasskey", request)

    def sign_in(self, authenticator, **bends):
        """With a passkey alone."""
        flow = self.begin_flow()
        return self.submit_passkey(flow, authenticator.get(self.begin_passkey(flow), **bends)).signed_in

    # -- what is stored --------------------------------------------------------------------------------------------

    @property
    def passkeys(self):
        request = passkey_pb2.ListPasskeysRequest(user_id=self.user_id)
        return list(self.connection.call("PasskeyService/ListPasskeys", request).passkeys)

    @property
    def sessions(self):
        request = session_pb2.ListSessionsRequest(user_id=self.user_id)
        return list(self.connection.call("SessionService/ListSessions", request).sessions)

    @property
    def stored(self):
        """All that signing in and registering could have changed."""
        return self.passkeys, self.sessions
