"""A server that runs out of file descriptors serves those it has, and goes on when it has some again (SECURITY RPC-13)."""

import os
import socket
import subprocess
import time

from rpc import Connection, server_pb2
from server import Server


def test_a_server_without_descriptors_goes_on_when_it_has_some_again():
    server = Server().start()
    try:
        server.bootstrap()
        process = server.process.pid
        with Connection(server) as early:
            limit = len(os.listdir(f"/proc/{process}/fd")) + 10
            subprocess.run(["prlimit", "--pid", str(process), f"--nofile={limit}"], check=True)
            waiting = [socket.create_connection(("127.0.0.1", server.rpc_port), timeout=10) for _ in range(40)]
            time.sleep(1)
            assert len(os.listdir(f"/proc/{process}/fd")) == limit
            early.call("ServerService/GetVersion", server_pb2.GetVersionRequest())
        for connection in waiting:
            connection.close()
        deadline = time.monotonic() + 30
        while True:
            try:
                with Connection(server) as late:
                    late.call("ServerService/GetVersion", server_pb2.GetVersionRequest())
                break
            except OSError:
                assert time.monotonic() < deadline, server.log_tail()
                time.sleep(0.2)
        assert server.process.poll() is None
    finally:
        assert server.stop() == 0
