"""A prompt that hides what is typed, on a real terminal."""

import os
import pty
import select
import signal
import subprocess
import termios
import time

import pytest

from server import BINARY


@pytest.fixture
def blocklist(tmp_path):
    words, output = tmp_path / "words", tmp_path / "list"
    words.write_text("gravel umpire 41 lantern\n")
    subprocess.run([BINARY, "blocklist", "build", "--words", str(words), str(output)], check=True, timeout=60,
                   capture_output=True)
    return output


@pytest.fixture
def terminal():
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def shows_what_is_typed(descriptor):
    flags = termios.tcgetattr(descriptor)[3]
    return bool(flags & termios.ECHO) and bool(flags & termios.ISIG)


def ask(blocklist, terminal, typed):
    """Types at the prompt of a command; returns its exit status and what the terminal showed."""
    ours, theirs = terminal
    process = subprocess.Popen([BINARY, "blocklist", "check", str(blocklist)], stdin=theirs, stdout=theirs, stderr=theirs,
                               start_new_session=True)
    shown, end, sent = b"", time.monotonic() + 60, False
    try:
        while process.poll() is None and time.monotonic() < end:
            if select.select([ours], [], [], 0.05)[0]:
                shown += os.read(ours, 4096)
            if not sent and b"Password: " in shown and not shows_what_is_typed(theirs):
                os.write(ours, typed)
                sent = True
        status = process.wait(timeout=5)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    while select.select([ours], [], [], 0.2)[0]:
        shown += os.read(ours, 4096)
    return status, shown


@pytest.mark.parametrize("key", [b"\x03", b"\x1c"], ids=["interrupt", "quit"])
def test_an_interrupted_prompt_leaves_the_terminal_as_it_was(blocklist, terminal, key):
    assert shows_what_is_typed(terminal[1])
    status, shown = ask(blocklist, terminal, b"half a pass" + key)
    assert status == -signal.SIGINT
    assert shows_what_is_typed(terminal[1]) and b"half" not in shown


def test_an_answered_prompt_shows_nothing_and_leaves_the_terminal_as_it_was(blocklist, terminal):
    status, shown = ask(blocklist, terminal, b"gravel umpire 41 lantern\n")
    assert status == 3 and b"It is on the list." in shown
    assert shows_what_is_typed(terminal[1]) and b"gravel" not in shown
