"""The note beside the database: what was acknowledged last, whatever becomes of the file."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.domain.errors import Unavailable
from core.store import acknowledged
from core.store.database import Store
from core.store.reasons import StoreFault
from tests.builders import a_shipment, add, opened
from tests.faults.damage import ROOT

ADDS_AND_DIES = """
import os, pathlib, sys
from core.store.database import Store
from tests.builders import a_shipment, add
store = Store.open(pathlib.Path(sys.argv[1]), threads=1)
for number in range(3):
    add(store, a_shipment(f"S-{number}"))
if len(sys.argv) > 2:
    store.write(lambda c: c.execute("INSERT INTO tracking_run VALUES (now(), 'cj', 'x', 1, 0, 0, '')").fetchall() and None)
os._exit(9)
"""


def a_killed_desk(path: Path, *more: str) -> None:
    """Three batches that were acknowledged, in the log only; then, if asked for more, something that is of no batch."""
    Store.open(path, threads=1).close()
    subprocess.run([sys.executable, "-c", ADDS_AND_DIES, str(path), *more], cwd=ROOT, check=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.duckdb"


def batch(path: Path) -> int:
    found = acknowledged.read(path)
    assert found
    return found.batch


def test_every_batch_is_noted_before_it_is_acknowledged(path: Path) -> None:
    store = opened(Store.open(path, threads=1))
    assert batch(path) == 0
    for number in range(1, 4):
        add(store, a_shipment(f"S-{number}"))
        assert batch(path) == number


def test_a_killed_process_leaves_the_note_right(path: Path) -> None:
    a_killed_desk(path)
    assert batch(path) == 3


def test_what_failed_is_not_noted(path: Path) -> None:
    store = opened(Store.open(path, threads=1))
    before = acknowledged.number_of(path)
    with pytest.raises(ZeroDivisionError):
        store.write(lambda _: 1 / 0)
    assert acknowledged.number_of(path) == before


@pytest.mark.parametrize("size", [0, 100, 3000])
def test_a_log_that_lost_its_end_is_not_opened(path: Path, size: int) -> None:
    a_killed_desk(path)
    log = path.with_name(path.name + ".wal")
    log.write_bytes(log.read_bytes()[:size])
    with pytest.raises(Unavailable) as refusal:
        Store.open(path, threads=1)
    assert (refusal.value.reason, refusal.value.whys[0].values["acknowledged"]) == (StoreFault.SHORT, 3)


def test_a_lost_end_without_a_batch_in_it_is_noticed_where_the_file_did_not_change(path: Path) -> None:
    a_killed_desk(path, "and a run")
    log = path.with_name(path.name + ".wal")
    log.write_bytes(log.read_bytes()[:-20])
    with pytest.raises(Unavailable) as refusal:
        Store.open(path, threads=1)
    assert refusal.value.reason is StoreFault.SHORT


def test_a_torn_record_leaves_the_one_before(path: Path) -> None:
    a_killed_desk(path)
    note, last = acknowledged.beside(path), acknowledged.number_of(path)
    torn = bytearray(note.read_bytes())
    torn[acknowledged.RECORD * (last % 2) + 20] ^= 1
    note.write_bytes(bytes(torn))
    assert acknowledged.number_of(path) == last - 1


@pytest.mark.parametrize("content", [b"", b"no note", bytes(1024), b"\xff" * 1024])
def test_a_note_that_cannot_be_trusted_is_none(path: Path, content: bytes) -> None:
    a_killed_desk(path)
    acknowledged.beside(path).write_bytes(content)
    assert acknowledged.read(path) is None
    assert opened(Store.open(path, threads=1)).rows("SELECT count(*) AS n FROM batch") == [{"n": 3}]


def test_a_note_of_another_database_says_nothing_about_this_one(path: Path, tmp_path: Path) -> None:
    a_killed_desk(path)
    other = tmp_path / "other.duckdb"
    Store.open(other, threads=1).close()
    acknowledged.beside(other).write_bytes(acknowledged.beside(path).read_bytes())
    assert opened(Store.open(other, threads=1)).rows("SELECT count(*) AS n FROM batch") == [{"n": 0}]
    assert batch(other) == 0


def test_a_database_that_is_gone_is_not_made_anew(path: Path) -> None:
    Store.open(path, threads=1).close()
    path.unlink()
    with pytest.raises(Unavailable) as refusal:
        Store.open(path, threads=1)
    assert refusal.value.reason is StoreFault.GONE
    acknowledged.beside(path).unlink()
    opened(Store.open(path, threads=1))


def test_a_note_that_cannot_be_written_stops_no_work(path: Path) -> None:
    acknowledged.beside(path).mkdir(parents=True)
    store = opened(Store.open(path, threads=1))
    add(store, a_shipment("S-1"))
    assert store.rows("SELECT count(*) AS n FROM batch") == [{"n": 1}]
