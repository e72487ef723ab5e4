"""Broken and hostile bytes on the RPC port: a typed answer or a closed connection, and a server that goes on."""

import random
import socket
import ssl
import struct
import time

import pytest

from rpc import Connection, RpcError, frames, open_socket, server_pb2, user_pb2


@pytest.fixture(autouse=True)
def still_alive(server):
    yield
    with Connection(server) as connection:
        connection.call("ServerService/CheckHealth", server_pb2.CheckHealthRequest(), token="")
    assert server.process.poll() is None


def ends(sock, timeout=20):
    """Reads until the server closes; returns what came."""
    sock.settimeout(timeout)
    data = b""
    try:
        while part := sock.recv(65536):
            data += part
    except (ConnectionError, ssl.SSLError):
        pass
    return data


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 64 * 1024 + 1])
def test_a_length_above_the_cap_closes_the_connection_before_its_body(server, length):
    with open_socket(server) as sock:
        sock.sendall(struct.pack(">I", length))
        ends(sock)


@pytest.mark.parametrize("body", [b"", b"\xff" * 40, b"\x0a\x7f", b"\x0b\x0c" * 5000, b"\x42\x05abc"])
def test_a_broken_frame_closes_the_connection(server, body):
    with open_socket(server) as sock:
        sock.sendall(struct.pack(">I", len(body)) + body)
        ends(sock)


def test_plaintext_on_the_tls_port_gets_no_answer(server):
    with socket.create_connection(("127.0.0.1", server.rpc_port)) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert b"HTTP" not in ends(sock)


def test_tls_1_2_is_refused(server):
    context = ssl.create_default_context(cafile=str(server.rpc_certificate))
    context.set_alpn_protocols(["gatehouse/1"])
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection(("127.0.0.1", server.rpc_port)) as raw, pytest.raises((ssl.SSLError, ConnectionError)):
        context.wrap_socket(raw, server_hostname="localhost")


@pytest.mark.parametrize("method", [
    "gatehouse.v1.UserService.GetUser", "/gatehouse.v1.UserService/GetUser", "gatehouse.v1.userservice/GetUser",
    "gatehouse.v1.UserService/../UserService/GetUser", "gatehouse.v1.UserService/GetUser/", "", "x" * 150])
def test_a_wrong_method_is_unimplemented_for_callers_and_unauthenticated_for_strangers(server, connection, method):
    with pytest.raises(RpcError) as refused:
        connection.start(method, user_pb2.GetUserRequest())()
    assert refused.value.code in ("UNIMPLEMENTED", "INVALID_ARGUMENT")
    with pytest.raises(RpcError) as refused:
        connection.start(method, user_pb2.GetUserRequest(), token="ght_" + "A" * 49)()
    assert refused.value.code == "UNAUTHENTICATED"


@pytest.mark.parametrize("token", ["", "ght_", "ght_" + "A" * 49, "ghs_" + "A" * 49, "x" * 4000, "ght_\udcff\x00"])
def test_a_wrong_token_is_unauthenticated(server, connection, token):
    header = [("authorization", b"Bearer " + token.encode("utf-8", "surrogateescape"))]
    with pytest.raises(RpcError) as refused:
        connection.start("gatehouse.v1.UserService/ListUsers", user_pb2.ListUsersRequest(), token="", metadata=header)()
    assert refused.value.code == "UNAUTHENTICATED"


@pytest.mark.parametrize("value", [b"a\x00b@example.com", b"\xff\xfe@example.com", b"a@b@example.com", b"a\r\nb@x.org"])
def test_bad_text_is_refused_by_name(server, connection, value):
    identifier = b"\x08\x01\x12" + bytes([len(value)]) + value
    request = b"\x0a" + bytes([len(identifier)]) + identifier
    with pytest.raises(RpcError) as refused:
        connection.start("gatehouse.v1.UserService/CreateUser", request)()
    assert refused.value.code == "INVALID_ARGUMENT"
    assert [v.field for v in refused.value.violations] == ["identifiers[0].value"]


def test_an_oversized_message_is_refused_with_its_cap(server, connection):
    with pytest.raises(RpcError) as refused:
        connection.start("gatehouse.v1.UserService/GetUser", b"\x0a\x82\x04" + b"a" * 514)()
    assert refused.value.code in ("INVALID_ARGUMENT", "RESOURCE_EXHAUSTED")


def test_too_many_metadata_entries_are_refused(server):
    with Connection(server) as connection:
        try:
            connection.start("gatehouse.v1.UserService/ListUsers", user_pb2.ListUsersRequest(),
                             metadata=[(f"k{i}", b"v") for i in range(40)])(10)
            raise AssertionError("40 metadata entries were accepted")
        except (RpcError, ConnectionError):
            pass


def test_random_mutations_of_a_frame_never_stop_the_server(server):
    source = random.Random(4711)
    call = frames.Call(call_id=1, method="gatehouse.v1.UserService/CreateUser", timeout_milliseconds=500,
                       message=user_pb2.CreateUserRequest(external_id="x" * 20).SerializeToString())
    call.metadata.add(key="authorization", value=b"Bearer " + server.token.encode())
    original = frames.Frame(call=call).SerializeToString()
    sock = open_socket(server)
    for _ in range(3000):
        data = bytearray(original)
        for _ in range(source.randint(1, 6)):
            data[source.randrange(len(data))] = source.randrange(256)
        try:
            sock.sendall(struct.pack(">I", len(data)) + bytes(data))
        except (OSError, ssl.SSLError):
            sock.close()
            sock = open_socket(server)
    sock.close()


def test_hundreds_of_silent_connections_do_not_stop_a_call(server):
    silent = [socket.create_connection(("127.0.0.1", server.rpc_port)) for _ in range(300)]
    with Connection(server) as connection:
        started = time.monotonic()
        connection.call("UserService/ListUsers", user_pb2.ListUsersRequest())
        assert time.monotonic() - started < 10
    for sock in silent:
        sock.close()


def test_a_cancelled_call_is_answered(server, connection):
    wait = connection.start("gatehouse.v1.ServerService/WatchHealth", server_pb2.WatchHealthRequest(), call_id=77,
                            timeout_milliseconds=60000)
    time.sleep(0.2)
    connection.send(frames.Frame(cancel=frames.Cancel(call_id=77)))
    with pytest.raises(RpcError) as ended:
        wait(10)
    assert ended.value.code == "CANCELLED"


def test_a_ping_is_answered(server, connection):
    connection.send(frames.Frame(ping=frames.Ping(opaque=b"hello")))
    deadline = time.monotonic() + 10
    while b"hello" not in connection.pongs and time.monotonic() < deadline:
        time.sleep(0.02)
    assert connection.pongs == [b"hello"]
