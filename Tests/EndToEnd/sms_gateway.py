"""A gateway for short messages on loopback, that can refuse, fail and dawdle as told."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gateway:
    """Serves until the block is left; keeps every request with what it was answered."""

    def __init__(self):
        self.requests = []
        # Statuses of the next answers; afterwards all are accepted.
        self.statuses = []
        self.delay = 0
        self.arrived = threading.Condition()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(gateway.delay)
                with gateway.arrived:
                    status = gateway.statuses.pop(0) if gateway.statuses else 202
                    gateway.requests.append((status, self.path, dict(self.headers), body))
                    gateway.arrived.notify_all()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1/messages"

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    def wait_for(self, count, timeout=30):
        """The requests, once there are so many."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= count, timeout), self.requests
            return list(self.requests)

    def accepted(self, number, timeout=30):
        """The texts that were accepted for a number, oldest first, once there is one."""
        def texts():
            bodies = [json.loads(body) for status, _, _, body in self.requests if status < 300]
            return [body["text"] for body in bodies if body["to"] == number]
        with self.arrived:
            assert self.arrived.wait_for(texts, timeout), self.requests
            return texts()
