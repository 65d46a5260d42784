"""On which engine the tests run: files, or with SHIPDESK_TEST_DB=postgresql databases of a server that is there for them alone."""

import atexit
import contextlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from core.domain.servers import Server, server_of
from core.store.database import Connection, Store
from core.store.postgres import schema, store
from core.store.stores import open_store
from tests import postgres_server
from tests.postgres_server import free_port as free_port

ON_SERVER = os.environ.get("SHIPDESK_TEST_DB") == "postgresql"
"""Whether shops are on a server."""
_GIVEN = "SHIPDESK_TEST_SERVER"
"""The address of a server that runs already, in place of one that is started."""
_QUICK = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal", "max_wal_senders": "0",
    "jit": "off", "max_connections": "300",
}  # fmt: skip
"""What a server for tests is started with: nothing of it need outlive a fault of the machine."""
_TEMPLATE = f"template_{uuid4().hex[:8]}"


if ON_SERVER:
    store.SETTLED_WITHIN = 30.0  # on a busy machine nobody is to read too early
    Store.asker = staticmethod(lambda: "a test")  # whichever of its threads wrote, each reads it


def new_store(threads: int = 1) -> Store:
    """An empty shop that nobody else has."""
    return open_store(new_database()) if ON_SERVER else Store.open(None, threads=threads)


def place(folder: Path, *, empty: bool = False) -> str:
    """What SHIPDESK_DB says of a new shop, in the folder where it is a file: with nothing in it, or still to be made."""
    if ON_SERVER:
        return new_database(made=empty).url
    if empty:
        Store.open(folder / "shop.duckdb").close()
    return str(folder / "shop.duckdb")


def new_database(*, made: bool = True) -> Server:
    """A database with the tables of an empty shop, or with nothing."""
    name, template = f"shop_{uuid4().hex[:12]}", _template() if made else "template0"
    with _administering() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return _named(name)


def emptied(connection: Connection) -> None:
    """Takes everything out of a shop on a server, and begins its ids anew."""
    tables = dict.fromkeys(column.table for column in schema.columns() if column.table != "schema_version")
    connection.execute("; ".join(f"DELETE FROM {table}" for table in (*tables, "outcome", "forgotten", "service_state")))
    schema.settle_sequences(connection)


@cache
def _template() -> str:
    with _administering() as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'".encode())
    open_store(_named(_TEMPLATE)).close()
    return _TEMPLATE


def _named(database: str) -> Server:
    found = server_of(_url().rpartition("/")[0] + f"/{database}")
    assert found
    return found


@cache
def _url() -> str:
    if given := os.environ.get(_GIVEN):
        return given
    running = contextlib.ExitStack()
    atexit.register(running.close)
    return running.enter_context(postgres_server.running(**_QUICK)).url()


@contextlib.contextmanager
def _administering() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(_url(), autocommit=True) as connection:
        yield connection
