"""A client of the RPC interface with Google's protobuf package and nothing of ours."""

import atexit
import itertools
import queue
import select
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PROTOS = Path(__file__).parents[2] / "Protos"
_generated = tempfile.mkdtemp(prefix="gatehouse-protos-")
atexit.register(shutil.rmtree, _generated, ignore_errors=True)
subprocess.run(
    ["protoc", f"-I{PROTOS}", f"--python_out={_generated}", *map(str, PROTOS.glob("gatehouse/*/*.proto")),
     *map(str, PROTOS.glob("gatehouse/rpc/*/*.proto"))],
    check=True)
sys.path.insert(0, _generated)

from gatehouse.rpc.v1 import frame_pb2 as frames  # noqa: E402
from gatehouse.v1 import (application_pb2, audit_pb2, claim_pb2, error_pb2, external_login_pb2, group_pb2,  # noqa: E402, F401
                          identifier_pb2, invitation_pb2, membership_pb2, passkey_pb2, password_pb2, profile_pb2,
                          provider_pb2, recovery_code_pb2, role_pb2, server_pb2, service_account_pb2, session_pb2,
                          sign_in_pb2, throttle_pb2, ticket_pb2, totp_pb2, transfer_pb2, user_pb2)
from google.protobuf import symbol_database  # noqa: E402

CODES = {1: "CANCELLED", 2: "UNKNOWN", 3: "INVALID_ARGUMENT", 4: "DEADLINE_EXCEEDED", 5: "NOT_FOUND",
         6: "ALREADY_EXISTS", 7: "PERMISSION_DENIED", 8: "RESOURCE_EXHAUSTED", 9: "FAILED_PRECONDITION", 10: "ABORTED",
         11: "OUT_OF_RANGE", 12: "UNIMPLEMENTED", 13: "INTERNAL", 14: "UNAVAILABLE", 15: "DATA_LOSS",
         16: "UNAUTHENTICATED"}


class RpcError(Exception):
    """A reply with a status."""

    def __init__(self, status):
        self.status = status
        self.code = CODES.get(status.code, str(status.code))
        super().__init__(f"{self.code}: {status.message} {self.reason or ''}")

    def detail(self, kind):
        for detail in self.status.details:
            if detail.type == kind.DESCRIPTOR.full_name:
                return kind.FromString(detail.value)
        return None

    @property
    def reason(self):
        found = self.detail(error_pb2.Reason)
        return found.id if found else None

    @property
    def violations(self):
        return [error_pb2.FieldViolation.FromString(d.value) for d in self.status.details
                if d.type == "gatehouse.v1.FieldViolation"]


def open_socket(server, timeout=20):
    """A TLS 1.3 connection to the server's RPC port."""
    context = ssl.create_default_context(cafile=str(server.rpc_certificate))
    context.set_alpn_protocols(["gatehouse/1"])
    raw = socket.create_connection(("127.0.0.1", server.rpc_port), timeout=timeout)
    return context.wrap_socket(raw, server_hostname="localhost")


class Connection:
    """One connection; calls may be made from many threads and are answered in any order."""

    def __init__(self, server, token=None, sock=None):
        self.sock = sock or open_socket(server)
        self.token = token if token is not None else server.token
        self.ids = itertools.count(1)
        self.waiting = {}
        self.lock = threading.Lock()
        self.closed = False
        self.going_away = None
        self.pongs = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def close(self):
        """Ends the reader before the socket, whose number the next connection may get."""
        self.closed = True
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.reader.join(10)
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, frame):
        data = frame.SerializeToString()
        with self.lock:
            self.sock.sendall(struct.pack(">I", len(data)) + data)

    def _some(self, count):
        """Bytes that came. One TLS connection must not be read and written at once, so both hold the lock; waiting
        does not."""
        while True:
            with self.lock:
                wait = self.sock.gettimeout()
                self.sock.setblocking(False)
                try:
                    return self.sock.recv(count)
                except (ssl.SSLWantReadError, BlockingIOError):
                    pass
                finally:
                    self.sock.settimeout(wait)
            poll = select.poll()
            poll.register(self.sock, select.POLLIN)
            if not poll.poll(None if wait is None else wait * 1000):
                raise TimeoutError

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            part = self._some(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _read(self):
        try:
            while True:
                (length,) = struct.unpack(">I", self._exactly(4))
                frame = frames.Frame.FromString(self._exactly(length))
                kind = frame.WhichOneof("kind")
                if kind == "go_away":
                    self.going_away = frame.go_away
                elif kind == "pong":
                    self.pongs.append(frame.pong.opaque)
                elif kind in ("reply", "item", "end", "credit"):
                    waiting = self.waiting.get(getattr(frame, kind).call_id)
                    if waiting:
                        waiting(kind, getattr(frame, kind))
        except (EOFError, OSError, ValueError):
            self.closed = True
            for waiting in list(self.waiting.values()):
                waiting("lost", None)

    def _frame(self, call_id, method, request, token, session, timeout_milliseconds, metadata):
        call = frames.Call(call_id=call_id, method=method, timeout_milliseconds=timeout_milliseconds,
                           message=request if isinstance(request, bytes) else request.SerializeToString())
        token = self.token if token is None else token
        if token:
            call.metadata.add(key="authorization", value=b"Bearer " + token.encode())
        if session:
            call.metadata.add(key="x-session", value=session)
        for key, value in metadata:
            call.metadata.add(key=key, value=value)
        return call

    def stream(self, method, request=b"", *, token=None, session=None, timeout_milliseconds=0, metadata=()):
        """Begins a call that streams; `request` stays empty when the client streams."""
        full = method if "." in method.split("/")[0] else f"gatehouse.v1.{method}"
        call_id = next(self.ids)
        stream = Stream(self, call_id, full)
        self.waiting[call_id] = stream.receive
        self.send(frames.Frame(
            call=self._frame(call_id, full, request, token, session, timeout_milliseconds, metadata)))
        return stream

    def start(self, method, request, *, token=None, session=None, timeout_milliseconds=15000, metadata=(), call_id=None):
        """Sends a call; returns a function that waits for its answer."""
        call_id = call_id or next(self.ids)
        call = self._frame(call_id, method, request, token, session, timeout_milliseconds, metadata)
        done, answers = threading.Event(), []

        def receive(kind, answer):
            answers.append((kind, answer))
            if kind != "item":
                self.waiting.pop(call_id, None)
                done.set()

        self.waiting[call_id] = receive
        self.send(frames.Frame(call=call))

        def wait(timeout=30):
            if not done.wait(timeout):
                raise TimeoutError(method)
            kind, answer = answers[-1]
            if kind == "lost":
                raise ConnectionError("connection lost")
            if answer.HasField("status"):
                raise RpcError(answer.status)
            return answer.message if kind == "reply" else [item.message for k, item in answers if k == "item"]

        return wait

    def call(self, method, request, **options):
        """Makes a call and returns the decoded response."""
        service, name = method.split("/")
        response = symbol_database.Default().GetSymbol(f"gatehouse.v1.{name}Response")
        return response.FromString(self.start(method if "." in service else f"gatehouse.v1.{method}", request,
                                              **options)())


class Stream:
    """A call that streams in one direction or both: `send` and `finish`, and its answers by iteration.

    Both ways keep to the credit that frame.proto tells of: an item costs its bytes and 16 more."""

    OVERHEAD, WINDOW = 16, 262_144

    def __init__(self, connection, call_id, method, timeout=60):
        self.connection, self.call_id, self.timeout = connection, call_id, timeout
        name = method.split("/")[1]
        self.response = symbol_database.Default().GetSymbol(f"gatehouse.v1.{name}Response")
        self.arrived = queue.SimpleQueue()
        self.credit, self.consumed = 0, 0
        self.over = None
        self.changed = threading.Condition()

    def receive(self, kind, frame):
        """On the connection's reading thread."""
        with self.changed:
            if kind == "credit":
                self.credit += frame.bytes
            elif kind != "item":
                self.connection.waiting.pop(self.call_id, None)
                self.over = (kind, frame)
            self.changed.notify_all()
        if kind != "credit":
            self.arrived.put((kind, frame))

    def _spend(self, cost):
        with self.changed:
            if not self.changed.wait_for(lambda: self.credit > 0 or self.over, self.timeout):
                raise TimeoutError("no credit")
            if self.over:
                self._raise(*self.over)
                raise BrokenPipeError("the call is over")
            self.credit -= cost

    def _raise(self, kind, frame):
        if kind == "lost":
            raise ConnectionError("connection lost")
        if frame.HasField("status"):
            raise RpcError(frame.status)

    def send(self, message):
        data = message if isinstance(message, bytes) else message.SerializeToString()
        self._spend(len(data) + self.OVERHEAD)
        self.connection.send(frames.Frame(item=frames.Item(call_id=self.call_id, message=data)))

    def finish(self):
        self._spend(0)
        self.connection.send(frames.Frame(end=frames.End(call_id=self.call_id)))

    def cancel(self):
        self.connection.send(frames.Frame(cancel=frames.Cancel(call_id=self.call_id)))

    def __iter__(self):
        return self

    def __next__(self):
        try:
            kind, frame = self.arrived.get(timeout=self.timeout)
        except queue.Empty:
            raise TimeoutError("no item") from None
        if kind != "item":
            self.arrived.put((kind, frame))
            self._raise(kind, frame)
            if kind == "reply" and not self.consumed < 0:
                self.consumed = -1
                return self.response.FromString(frame.message)
            raise StopIteration
        self.consumed += len(frame.message) + self.OVERHEAD
        if self.consumed >= self.WINDOW // 2:
            self.connection.send(frames.Frame(credit=frames.Credit(call_id=self.call_id, bytes=self.consumed)))
            self.consumed = 0
        return self.response.FromString(frame.message)
