"""The tables on a server are those of the file."""

import shutil
from pathlib import Path

import psycopg
import pytest

from core.domain.errors import Unavailable
from core.domain.servers import Server
from core.store.opening import SCHEMA, newest_version
from core.store.postgres import schema
from core.store.postgres.store import PostgresStore
from tests import engines
from tests.builders import a_shipment, add

_NAMES = {
    "character varying": "VARCHAR", "integer": "INTEGER", "bigint": "BIGINT", "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
    "timestamp without time zone": "TIMESTAMP", "date": "DATE", "boolean": "BOOLEAN", "double precision": "DOUBLE", "bytea": "BLOB",
    "numeric": "DECIMAL(12,2)",
}  # fmt: skip
_OWN = {"gone", "outcome", "forgotten", "service_state"}
_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable = 'NO', numeric_precision, numeric_scale FROM information_schema.columns
WHERE table_schema = 'shipdesk' AND column_name <> 'tx' ORDER BY table_name, ordinal_position
"""


def test_every_column_of_the_file_is_there_and_no_other(server: Server) -> None:
    with psycopg.connect(server.url) as connection:
        found = connection.execute(_COLUMNS).fetchall()
    here = {(table, name): (_NAMES[kind], required) for table, name, kind, required, *_ in found if table not in _OWN}
    # What is one of a few values in the file is a text on the server.
    file = {(c.table, c.name): ("VARCHAR" if c.type.startswith("ENUM") else c.type, c.required) for c in schema.columns()}
    assert here.keys() == file.keys()
    differing = {place for place in here if here[place] != file[place]}
    assert all(here[place][0] == file[place][0] and place[0] in schema._KEYS for place in differing)


def test_a_column_that_a_later_step_brings_is_added_with_the_shop_in_it(tmp_path: Path) -> None:
    server = engines.new_database()
    store = PostgresStore.reach(server)
    add(store, a_shipment("S-1"))
    store.close()
    steps = tmp_path / "steps"
    shutil.copytree(SCHEMA, steps)
    newer = newest_version() + 1
    (steps / f"{newer:03}_more.sql").write_text(
        "ALTER TABLE shipment ADD COLUMN more VARCHAR DEFAULT 'x'; CREATE TABLE extra (n BIGINT)"
    )
    store = PostgresStore.reach(server, steps)
    try:
        assert store.rows("SELECT shipment_no, more FROM shipment") == [{"shipment_no": "S-1", "more": "x"}]
        assert store.rows("SELECT max(version) AS n FROM schema_version") == [{"n": newer}]
    finally:
        store.close()
    with pytest.raises(Unavailable) as refused:
        PostgresStore.reach(server)
    assert refused.value.reason == "newer"


def test_a_user_who_may_make_nothing_is_told(server: Server) -> None:
    empty = engines.new_database(made=False)
    with psycopg.connect(empty.url, autocommit=True) as connection:
        name = f"guest_{empty.url.rpartition('_')[2]}"
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'guest'".encode())
    where = empty.url.rpartition("@")[2]
    with pytest.raises(Unavailable) as refused:
        PostgresStore.reach(Server(f"postgresql://{name}:guest@{where}"))
    assert refused.value.reason == "no_rights"


def test_a_user_of_his_own_needs_no_more_than_the_right_to_make_schemas() -> None:
    empty = engines.new_database(made=False)
    with psycopg.connect(empty.url, autocommit=True) as connection:
        name = f"shop_{empty.url.rpartition('_')[2]}"
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'own'".encode())
        connection.execute(f"GRANT CREATE, TEMPORARY ON DATABASE {empty.url.rpartition('/')[2]} TO {name}".encode())
    store = PostgresStore.reach(Server(f"postgresql://{name}:own@{empty.url.rpartition('@')[2]}"))
    try:
        add(store, a_shipment("S-1"), a_shipment("S-2"))
        assert store.figures.rows("SELECT count(*) AS n FROM shipment") == [{"n": 2}]
    finally:
        store.close()
