"""A shop on a server, and a second app server on the same shop."""

from collections.abc import Iterator

import pytest

from core.domain.servers import Server
from core.store.postgres.store import PostgresStore
from tests import engines
from tests.builders import opened

collect_ignore_glob = [] if engines.ON_SERVER else ["test_*.py"]


@pytest.fixture
def server() -> Server:
    """A database with an empty shop."""
    return engines.new_database()


@pytest.fixture
def store(server: Server) -> Iterator[PostgresStore]:
    """The shop as one app server has it open."""
    yield reached(server)


@pytest.fixture
def other(server: Server, store: PostgresStore) -> Iterator[PostgresStore]:
    """The same shop as another app server has it open."""
    yield reached(server)


def reached(server: Server) -> PostgresStore:
    """The shop, open until the test ends."""
    store = opened(PostgresStore.reach(server))
    assert isinstance(store, PostgresStore)
    return store
