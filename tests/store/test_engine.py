"""The memory that the engine keeps of its file."""

from pathlib import Path

import pytest

from core.store import engine
from core.store.database import Connection, Store

_HELD = "SELECT sum(memory_usage_bytes) AS bytes FROM duckdb_memory()"
_ALL = "SELECT count(*) AS n, bit_xor(hash(t)) AS seen FROM big t"


@pytest.fixture
def read(tmp_path: Path) -> Store:
    """A store whose file was read whole."""
    file = tmp_path / "shop.duckdb"
    first = Store.open(file)
    first.write(_fill)
    first.close()
    store = Store.open(file)
    store.rows(_ALL)
    return store


def test_what_was_read_goes_when_nobody_asks_and_can_be_read_again(read: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before, seen = read.rows(_HELD)[0]["bytes"], read.rows(_ALL)
    monkeypatch.setattr(engine, "KEPT_MB", 2)
    read._engine.trim()
    assert read.rows(_HELD)[0]["bytes"] < before / 2
    assert read.rows(_ALL) == seen
    read.close()


def test_nothing_is_trimmed_while_somebody_asks(read: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "KEPT_MB", 2)
    with read.one_moment() as moment:
        before = moment.rows(_HELD)[0]["bytes"]
        read._engine.trim()
        assert moment.rows(_HELD)[0]["bytes"] == before
    read.close()


def test_work_has_as_much_memory_as_before(read: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "KEPT_MB", 2)
    read._engine.trim()
    assert read.rows("SELECT len(list(a)) AS n FROM big") == [{"n": 1_000_000}]
    read.close()


def _fill(connection: Connection) -> None:
    connection.execute("CREATE TABLE big AS SELECT hash(n) AS a, hash(n + 1) AS b FROM range(1000000) numbers(n)")
