import pytest

from rpc import Connection
from server import Server


@pytest.fixture(scope="module")
def server():
    """A running server with a private database, made anew for each module, with its first administrator."""
    server = Server().start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def connection(server):
    with Connection(server) as connection:
        yield connection
