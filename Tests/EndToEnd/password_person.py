"""People who sign in with passwords, over RPC with Google's protobuf alone."""

import itertools
import ipaddress

from rpc import password_pb2, sign_in_pb2, user_pb2
from test_rpc_flow import fresh_address

sources = (str(ipaddress.IPv4Address("10.96.0.1") + number) for number in itertools.count())

#: Long enough to be alone, and on no list.
PASSWORD = "violet tandem 93 kettle"


def begin(connection, name, source=None):
    client = sign_in_pb2.SignInClient(source_address=source or next(sources), user_agent="e2e", languages="en")
    return connection.call("SignInService/BeginSignIn",
                           sign_in_pb2.BeginSignInRequest(client=client, identifier=name))


def try_password(connection, name, password, source=None):
    """The answer to a password for a name, in a flow of its own."""
    flow = begin(connection, name, source).flow_token
    return submit_password(connection, flow, password)


def submit_password(connection, flow, password):
    data = password if isinstance(password, bytes) else password.encode()
    request = sign_in_pb2.SubmitSignInPasswordRequest(flow_token=flow, password=data)
    return connection.call("SignInService/SubmitSignInPassword", request)


def submit_asked_code(server, connection, flow, address):
    """Asks for a code, reads the mail, submits."""
    before = len(server.codes_to(address))
    connection.call("SignInService/SendSignInCode", sign_in_pb2.SendSignInCodeRequest(flow_token=flow))
    code = server.code_for(address, before + 1).encode()
    request = sign_in_pb2.SubmitSignInCodeRequest(flow_token=flow, code=code)
    return connection.call("SignInService/SubmitSignInCode", request)


def steps(flow):
    return [step.WhichOneof("kind") for step in flow.next_steps]


class PasswordPerson:
    """Somebody who signed in by a code just now, and maybe set a password."""

    def __init__(self, server, connection, password=None):
        self.server, self.connection, self.address = server, connection, fresh_address()
        flow = begin(connection, self.address).flow_token
        signed_in = submit_asked_code(server, connection, flow, self.address).signed_in
        self.user_id, self.session = signed_in.session.user_id, signed_in.session_token
        if password:
            self.set_password(password)

    def set_password(self, new, current=None, session=None):
        request = password_pb2.SetPasswordRequest(
            new_password=new if isinstance(new, bytes) else new.encode(),
            current_password=(current or "").encode())
        self.connection.call("PasswordService/SetPassword", request, session=session or self.session)

    def try_password(self, password, source=None):
        return try_password(self.connection, self.address, password, source)

    @property
    def status(self):
        request = password_pb2.GetPasswordRequest(user_id=self.user_id)
        return self.connection.call("PasswordService/GetPassword", request)

    @property
    def record(self):
        """What the database holds."""
        user = self.user_id.replace("-", "")
        return self.server.query(f"SELECT record FROM passwords WHERE user_id = UNHEX('{user}')").strip()


class MigratedPerson(PasswordPerson):
    """Somebody whose password another system had a hash of; the first sign-in is by a code, which proves the address."""

    def __init__(self, server, connection, record):
        self.server, self.connection, self.address = server, connection, fresh_address()
        identifier = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=self.address)
        request = user_pb2.CreateUserRequest(identifiers=[identifier])
        self.user_id = connection.call("UserService/CreateUser", request).user.id
        done = server.command("password", "import", self.user_id, stdin=record + "\n")
        assert done.stdout == "Imported.\n"
        flow = begin(connection, self.address).flow_token
        self.session = submit_asked_code(server, connection, flow, self.address).signed_in.session_token
