"""Starts and stops real `gatehouse` processes for the tests."""

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

BINARY = os.environ.get("GATEHOUSE_BINARY", str(Path(__file__).parents[2] / ".build/debug/gatehouse"))


def new_directory():
    """A directory of our own that the database's user may pass through, as a data directory of root's must be."""
    path = Path(tempfile.mkdtemp(prefix="server-"))
    path.chmod(0o711)
    return path


class Server:
    """One `gatehouse serve` on ports of its own choosing, with a data directory of its own."""

    def __init__(self, directory=None, database_socket=None, options=()):
        self.directory = Path(directory or new_directory())
        self.database_socket = database_socket
        self.options = list(options)
        self.process = None
        self.output = []
        self.token = None

    # -- life ----------------------------------------------------------------------------------------------------

    def start(self, timeout=60, site_port=0, rpc_port=0):
        arguments = [BINARY, "serve", "--data-directory", str(self.directory), "--site-listen-port", str(site_port),
                     "--rpc-listen-port", str(rpc_port), "--operations-listen-port", "0", *self.options]
        if self.database_socket:
            arguments += ["--database-socket", self.database_socket, "--database-user", "root"]
        self.output = []
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GATEHOUSE_")}
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=open(self.log_path, "ab"), text=True,
                                        env=environment)
        ready = threading.Event()
        threading.Thread(target=self._read_output, args=(ready,), daemon=True).start()
        deadline = time.monotonic() + timeout
        while not ready.wait(0.05):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError("gatehouse did not start:\n" + "".join(self.output) + self.log_tail())
        return self

    def _read_output(self, ready):
        for line in self.process.stdout:
            self.output.append(line)
            if "Ctrl-C" in line:
                ready.set()

    def stop(self, timeout=40):
        """SIGTERM, and the exit status."""
        if self.process is None or self.process.poll() is not None:
            return self.process and self.process.returncode
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("gatehouse did not stop on SIGTERM" + self.log_tail())

    def kill(self):
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    # -- what it said ----------------------------------------------------------------------------------------------

    @property
    def banner(self):
        return "".join(self.output)

    def _find(self, pattern):
        match = re.search(pattern, self.banner)
        assert match, f"{pattern} is not in:\n{self.banner}"
        return match.group(1)

    @property
    def site(self):
        return self._find(r"Site\s+(http\S+)")

    @property
    def site_port(self):
        return int(self.site.rsplit(":", 1)[1])

    @property
    def rpc_port(self):
        return int(self._find(r"RPC\s+127\.0\.0\.1:(\d+)"))

    @property
    def operations(self):
        return self._find(r"Health\s+(http://\S+)/readyz")

    @property
    def rpc_certificate(self):
        return self.directory / "rpc-certificate.pem"

    @property
    def rpc_socket(self):
        return self.directory / "rpc.sock"

    @property
    def log_path(self):
        return self.directory / "test-log.txt"

    def log(self):
        return self.log_path.read_text(errors="replace")

    def log_tail(self):
        return "\n" + self.log()[-4000:]

    # -- command line ------------------------------------------------------------------------------------------------

    def command(self, *arguments, check=True, token=None, stdin=None):
        """Runs `gatehouse ARGUMENTS` against this server."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GATEHOUSE_")}
        if token or self.token:
            environment["GATEHOUSE_TOKEN"] = token or self.token
        environment["GATEHOUSE_DATA_DIRECTORY"] = str(self.directory)
        result = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60, env=environment,
                                input=stdin)
        if check:
            assert result.returncode == 0, f"gatehouse {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}"
        return result

    def bootstrap(self):
        """Makes the first administrator and remembers its token."""
        arguments = ["bootstrap", "--data-directory", str(self.directory)]
        if self.database_socket:
            arguments += ["--database-socket", self.database_socket, "--database-user", "root"]
        output = self.command(*arguments).stdout
        self.token = re.search(r"ght_[A-Za-z0-9_-]+", output).group(0)
        return self.token

    # -- database ----------------------------------------------------------------------------------------------------

    def query(self, sql):
        """Runs SQL in the private database, as nobody but an operator could; returns what it printed."""
        sockets = [path for path in self.directory.rglob("*.sock") if path.name != "rpc.sock"]
        return subprocess.run(["mariadb", "--no-defaults", "--user=root", f"--socket={sockets[0]}", "--batch",
                               "--skip-column-names", "gatehouse", "--execute", sql],
                              check=True, capture_output=True, text=True, timeout=60).stdout

    # -- mail --------------------------------------------------------------------------------------------------------

    @property
    def mailbox(self):
        return self.directory / "mailbox"

    def messages_to(self, address):
        """Raw messages in the development mailbox, oldest first."""
        found = []
        for path in sorted(self.mailbox.glob("*.eml")):
            text = path.read_text()
            if re.search(rf"^To:.*{re.escape(address)}", text, re.MULTILINE):
                found.append(text)
        return found

    def codes_to(self, address):
        """The codes in the messages to an address, oldest first; other messages hold none."""
        return [code for code in map(find_code, self.messages_to(address)) if code]

    def code_for(self, address, count=1, timeout=20):
        """The newest code, once `count` of them came."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            codes = self.codes_to(address)
            if len(codes) >= count:
                return codes[-1]
            time.sleep(0.05)
        raise AssertionError(f"no code {count} for {address}" + self.log_tail())

    def wait_for_subject(self, address, words, timeout=30):
        """Waits for a message whose subject begins with these words."""
        deadline = time.monotonic() + timeout
        while not any(f"\nSubject: {words}" in "\n" + message for message in self.messages_to(address)):
            assert time.monotonic() < deadline, f"no message {words!r} for {address}" + self.log_tail()
            time.sleep(0.05)


def find_code(message):
    """The one-time code of a message, as shown: ABCD-EFGH; None in a message without one."""
    import email
    from email import policy

    parsed = email.message_from_string(message, policy=policy.default)
    text = parsed.get_body(("plain",)).get_content()
    match = re.search(r"^\s*([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\s*$", text, re.MULTILINE)
    return match and match.group(1)


def code_in(message):
    """The one-time code of a message that has one."""
    code = find_code(message)
    assert code, message
    return code


def wrong_code(code):
    """A well-formed code that is not `code`."""
    return ("Z" if code[0] != "Z" else "Y") + code[1:]


def to_json(text):
    return json.loads(text)
