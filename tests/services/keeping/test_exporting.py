"""A whole shop as text: every fact, in one order, the same bytes each time, and never over another file."""

import hashlib
import json
from pathlib import Path

import pytest

from core.domain.errors import Forbidden, Unavailable
from core.services.keeping import exporting
from core.services.shipments.changes import Actor
from core.store import whole_shop
from core.store.database import Store
from core.store.reasons import StoreFault
from tests.builders import ADA, HANA, a_shipment, a_store, opened
from tests.shops import FORGOTTEN, a_shop_with_everything, empty_columns


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    a_shop_with_everything(path)
    return path


def exported(store: Store, target: Path, by: Actor = ADA) -> bytes:
    made = exporting.export(store, target, person=by.person)
    text = target.read_bytes()
    assert (made.size, made.digest) == (len(text), hashlib.sha256(text).hexdigest())
    return text


def test_every_table_of_the_schema_is_known() -> None:
    tables = {row["name"] for row in opened(Store.open(None, threads=1)).rows("SELECT table_name AS name FROM duckdb_tables()")}
    assert tables == {table.name for table in whole_shop.TABLES} | set(whole_shop.LEFT_OUT)


def test_the_shop_of_these_tests_has_something_in_every_column(shop: Path) -> None:
    store = opened(Store.open(shop))
    assert {table.name: empty for table in whole_shop.TABLES if (empty := empty_columns(store, table.name))} == {}


def test_every_row_is_a_line_that_says_its_columns(shop: Path, tmp_path: Path) -> None:
    store = opened(Store.open(shop))
    lines = [json.loads(line) for line in exported(store, tmp_path / "shop.txt").splitlines()]
    tables: dict[str, list[dict[str, object]]] = {}
    for line in lines[1:-1]:
        if isinstance(line, dict):
            columns, rows = line["columns"], tables.setdefault(line["table"], [])
        else:
            rows.append(dict(zip(columns, line, strict=True)))
    assert lines[0]["form"] == whole_shop.FORM
    assert lines[-1] == {"rows": sum(map(len, tables.values()))}
    told = [table.name for table in whole_shop.TABLES if table.told]
    counted = {name: store.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in told}
    assert {name: len(rows) for name, rows in tables.items()} == counted | {"forgotten": len(FORGOTTEN)}
    [first] = store.rows("SELECT shipment_no, ordered_at, freight::VARCHAR AS freight FROM shipment WHERE shipment_id = 1")
    said = tables["shipment"][0]
    assert (said["shipment_no"], said["freight"]) == (first["shipment_no"], first["freight"])
    assert said["ordered_at"] == f"{first['ordered_at']:%Y-%m-%dT%H:%M:%S.%fZ}"


def test_the_bytes_do_not_depend_on_how_the_rows_lie(shop: Path, tmp_path: Path) -> None:
    store = opened(Store.open(shop))
    first = exported(store, tmp_path / "first.txt")

    def turned_round(connection: object) -> None:
        for table in ("checkpoint", "item", "tracking_run", "shipment"):
            connection.execute(f"CREATE TEMP TABLE turned AS FROM {table} ORDER BY ALL DESC")  # type: ignore[attr-defined]
            connection.execute(f"DELETE FROM {table}")  # type: ignore[attr-defined]
            connection.execute(f"INSERT INTO {table} FROM turned")  # type: ignore[attr-defined]
            connection.execute("DROP TABLE turned")  # type: ignore[attr-defined]

    store.write(turned_round)
    assert exported(store, tmp_path / "again.txt") == first


def test_a_change_of_any_value_is_seen(tmp_path: Path) -> None:
    store = a_store(a_shipment())
    first = exported(store, tmp_path / "first.txt")
    store.write(lambda c: c.execute("UPDATE shipment SET status_since = status_since + INTERVAL '1 microsecond'"))
    assert exported(store, tmp_path / "again.txt") != first


def test_no_file_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "shop.txt").write_text("mine")
    with pytest.raises(Unavailable) as refused:
        exporting.export(a_store(), tmp_path / "shop.txt", person=ADA.person)
    assert refused.value.reason is StoreFault.EXISTS
    with pytest.raises(Unavailable):
        exporting.export(a_store(), tmp_path / "nowhere" / "shop.txt", person=ADA.person)
    assert [file.name for file in tmp_path.iterdir()] == ["shop.txt"]


def test_it_is_for_admins(tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        exporting.export(a_store(), tmp_path / "shop.txt", person=HANA.person)
