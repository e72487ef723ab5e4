import os
import shutil
import tempfile
from pathlib import Path

import pytest

from rpc import Connection
from server import Server


@pytest.fixture(scope="module", autouse=True)
def room(request, tmp_path_factory):
    """Removes what a module's servers and browsers stored: a private database is 130 MB, and there is one a module."""
    # Made now, it is outside of what is removed.
    tmp_path_factory.getbasetemp()
    usual, own = tempfile.tempdir, Path(tempfile.mkdtemp(prefix="gatehouse-e2e-"))
    # Passed through by the database's own user.
    own.chmod(0o711)
    tempfile.tempdir = str(own)
    yield own
    tempfile.tempdir = usual
    shutil.rmtree(own, ignore_errors=True)


@pytest.fixture(scope="module")
def server(room):
    """A running server with a private database, made anew for each module, with its first administrator."""
    server = Server().start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def connection(server):
    with Connection(server) as connection:
        yield connection


def pytest_terminal_summary(terminalreporter):
    """Shows the timing reports of tests that passed, too; tests in other processes hand them over as properties."""
    ended = [report for reports in terminalreporter.stats.values() for report in reports
             if getattr(report, "when", None) == "call"]
    tables = [value for report in ended for name, value in report.user_properties if name == "timing report"]
    if not tables:
        return
    terminalreporter.section("times that should tell nothing")
    terminalreporter.write_line("\n\n".join(tables))
    if path := os.environ.get("GATEHOUSE_TIMING_REPORT"):
        Path(path).write_text("\n\n".join(tables) + "\n")
