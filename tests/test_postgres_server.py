"""A server of one's own answers, survives a fault, and leaves nothing."""

import socket
from collections.abc import Iterator

import pytest

from tests.postgres_server import NoServer, Server, binaries, running


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        binaries()
    except NoServer as error:
        pytest.skip(str(error))
    with running(fsync="off") as made:
        yield made


def test_a_new_database_is_empty_and_sorts_as_bytes(server: Server) -> None:
    url = server.create_database()
    assert server.asked(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"
    assert server.asked(url, "SELECT 'a' > 'B' AND 'é' > 'z'") == "t"
    server.drop_database(url)
    assert url.rpartition("/")[2] not in server.databases()


def test_what_was_written_is_there_after_the_server_was_killed(server: Server) -> None:
    url = server.create_database()
    server.asked(url, "CREATE TABLE kept AS SELECT 7 AS n")
    server.kill()
    server.start()
    assert server.asked(url, "SELECT n FROM kept") == "7"


def test_a_server_leaves_nothing() -> None:
    with running(fsync="off") as made:
        assert made.data.exists()
    assert not made.folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", made.port), timeout=5)
