"""Servers and databases that go away in the middle, and more than one server."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from rpc import Connection, RpcError, session_pb2, user_pb2
from server import Server, new_directory
from test_rpc_flow import begin, fresh_address, sign_in, submit


@pytest.fixture
def own_server():
    server = Server().start()
    server.bootstrap()
    yield server
    server.stop()


def database_pids(server):
    """The mariadbd processes of a server's data directory."""
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "mariadbd" in command.split("\0")[0] and str(server.directory) in command:
                pids.append(int(entry.name))
    return pids


def database_socket(server):
    found = list(server.directory.rglob("*.sock"))
    return next(str(path) for path in found if path.name != "rpc.sock")


def retried(action, seconds=40):
    """Calls until it succeeds; the database may be on its way back."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return action()
        except (RpcError, ConnectionError) as error:
            if isinstance(error, RpcError) and error.code not in ("UNAVAILABLE", "DEADLINE_EXCEEDED"):
                raise
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_sign_in_survives_a_restart_of_the_server(own_server):
    address = fresh_address()
    with Connection(own_server) as connection:
        started = begin(connection, address)
    code = own_server.code_for(address)
    assert own_server.stop() == 0
    assert database_pids(own_server) == []
    own_server.start()
    with Connection(own_server) as connection:
        signed_in = submit(connection, started.flow_token, code).signed_in
        own_server.kill()
        own_server.start()
    with Connection(own_server) as connection:
        connection.call("SessionService/ValidateSession",
                        session_pb2.ValidateSessionRequest(session_token=signed_in.session_token))


def test_two_servers_share_one_database(own_server):
    second = Server(database_socket=database_socket(own_server),
                    options=["--key-ring-file", str(own_server.directory / "keys")]).start()
    second.token = own_server.token
    try:
        address = fresh_address()
        with Connection(own_server) as first, Connection(second) as other:
            started = begin(first, address)
            deadline = time.monotonic() + 30
            code = None
            while code is None and time.monotonic() < deadline:  # either server's worker may deliver it
                for server in (own_server, second):
                    if server.messages_to(address):
                        code = server.code_for(address)
                time.sleep(0.05)
            signed_in = submit(other, started.flow_token, code).signed_in
            validate = session_pb2.ValidateSessionRequest(session_token=signed_in.session_token)
            first.call("SessionService/ValidateSession", validate)
            first.call("SessionService/RevokeSession", session_pb2.RevokeSessionRequest(session_id=signed_in.session.id))
            with pytest.raises(RpcError) as refused:
                other.call("SessionService/ValidateSession", validate)
            assert refused.value.code == "UNAUTHENTICATED"
    finally:
        assert second.stop() == 0


def test_a_killed_private_database_comes_back_and_nothing_acknowledged_is_lost(own_server):
    created = []
    with Connection(own_server) as connection:
        for _ in range(20):
            created.append(connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user.id)
        [pid] = database_pids(own_server)
        os.kill(pid, signal.SIGKILL)
        for _ in range(10):
            try:
                created.append(connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(),
                                               timeout_milliseconds=2000).user.id)
            except RpcError as error:
                assert error.code in ("UNAVAILABLE", "DEADLINE_EXCEEDED")
        for user_id in created:
            retried(lambda: connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=user_id)))
        retried(lambda: sign_in(own_server, connection, fresh_address()))


def test_sigterm_answers_the_calls_in_flight(own_server):
    with Connection(own_server) as connection:
        method, request = "gatehouse.v1.UserService/CreateUser", user_pb2.CreateUserRequest()
        waits = [(call_id, connection.start(method, request, call_id=call_id)) for call_id in range(1, 201)]
        own_server.process.send_signal(signal.SIGTERM)
        never_begun = []
        for call_id, wait in waits:
            try:
                wait()
            except RpcError as error:
                assert error.code == "UNAVAILABLE"  # came after the server went away: never begun
            except ConnectionError:
                never_begun.append(call_id)
        # What the server had not read when it said so, it has not begun either: GoAway names the last call it took.
        assert connection.going_away is not None
        assert all(call_id > connection.going_away.last_call_id for call_id in never_begun)
    assert own_server.process.wait(40) == 0


def test_a_full_disk_is_said_and_survived():
    """The data directory on a small file system that fills up."""
    mount = new_directory()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600m,mode=711", "tmpfs", str(mount)], capture_output=True).returncode:
        pytest.fail("this test mounts a small tmpfs and needs root")
    server = Server(directory=mount / "data")
    server.directory.mkdir()
    try:
        server.start()
        server.bootstrap()
        with Connection(server) as connection:
            kept = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user
            with open(mount / "filler", "wb") as filler:
                try:
                    while True:
                        filler.write(b"\0" * (1 << 20))
                except OSError:
                    pass
            refused = None
            for _ in range(3000):
                try:
                    connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(external_id=os.urandom(190).hex()[:190]),
                                    timeout_milliseconds=3000)
                except RpcError as error:
                    refused = error
                    break
            assert refused is None or refused.code in ("UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "INTERNAL")
            os.remove(mount / "filler")
            got = retried(lambda: connection.call("UserService/GetUser", user_pb2.GetUserRequest(user_id=kept.id)))
            assert got.user.id == kept.id
            retried(lambda: connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()), 90)
        assert server.process.poll() is None
    finally:
        server.stop()
        subprocess.run(["umount", "-l", str(mount)], check=False)
