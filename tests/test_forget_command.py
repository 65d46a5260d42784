"""`python -m core forget`: what it forgets, what it refuses, and that nothing is left in the file."""

from pathlib import Path

import pytest

from core.__main__ import main
from core.store.database import Store
from tests.planted import plant


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "shop.duckdb"
    plant(Store.open(path)).close()
    monkeypatch.setenv("SHIPDESK_DB", str(path))
    return path


def known(database: Path) -> list[str]:
    store = Store.open(database)
    try:
        return [row["shipment_no"] for row in store.rows("SELECT shipment_no FROM shipment WHERE recipient <> '' ORDER BY 1")]
    finally:
        store.close()


def test_several_orders_are_forgotten_and_no_byte_is_left(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", "--order", "O-1", "--order", "O-3", "--order", "O-4", "--order", "O-5"]) == 0
    assert known(database) == []
    assert b"Qumark" not in database.read_bytes()
    said = capsys.readouterr()
    assert "5" in said.out and "Qumark" not in said.out + said.err


def test_by_age_what_is_still_on_its_way_stays(database: Path) -> None:
    assert main(["forget", "--older-than", "1"]) == 0
    assert known(database) == ["S-1", "S-3", "S-5"]


def test_an_unknown_order_is_refused_and_nothing_is_forgotten(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", "--order", "O-1", "--order", "O-77"]) == 1
    assert "O-77" in capsys.readouterr().err
    assert len(known(database)) == 5


def test_without_saying_what_the_command_line_is_wrong(database: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["forget"])
    assert ended.value.code == 2
