"""Files of every version and of other kinds, told apart before they are opened."""

import hashlib
import random
from pathlib import Path

import duckdb
import pytest

from core.services.keeping.reasons import Disagreement
from core.store import backup, inspecting, opening
from core.store.agreement import ODDITIES
from core.store.blocks import BLOCK, BODY, HEAD, blocks, log
from core.store.database import Store
from core.store.inspecting import FileState
from tests.builders import a_shipment, add, an_invoice, opened
from tests.faults.damage import NAME, a_desk, flipped

STEPS = sorted(opening.SCHEMA.glob("*.sql"))


def of_version(path: Path, version: int) -> None:
    """A file as that version made it, with a batch in it."""
    steps = path.parent / f"schema-{version}"
    steps.mkdir()
    for step in STEPS[:version]:
        (steps / step.name).write_text(step.read_text(encoding="utf-8"))
    Store.open(path, threads=1, schema=steps).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO batch VALUES (1, NULL, '2026-11-11 09:00:00+00', 'Hana', 'form', '', NULL)")


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_a_file_of_any_version_is_looked_at_and_opened(tmp_path: Path, version: int) -> None:
    path = tmp_path / NAME
    of_version(path, version)
    found = inspecting.inspect(path, wholly=True)
    assert (found.state, found.version) == (FileState.WHOLE, version)
    assert opened(Store.open(path, threads=1)).rows("SELECT batch_id AS n FROM batch") == [{"n": 1}]


def test_a_newer_file_is_named_with_its_version(tmp_path: Path) -> None:
    path = tmp_path / NAME
    store = Store.open(path, threads=1)
    store.write(lambda c: c.execute("INSERT INTO schema_version VALUES (999, now())").fetchall() and None)
    store.close()
    found = inspecting.inspect(path)
    assert (found.state, found.version) == (FileState.NEWER, 999)


def test_what_is_no_database_of_ours_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    text, other, gone = tmp_path / "letter.txt", tmp_path / "other.duckdb", tmp_path / "none.duckdb"
    text.write_text("Dear Sir " * 9000)
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE sale (n INTEGER)")
    states = [inspecting.inspect(file).state for file in (text, other, gone, tmp_path)]
    assert states == [FileState.NO_DATABASE, FileState.OTHER, FileState.NONE, FileState.NO_DATABASE]


def test_a_head_that_is_damaged_is_not_another_program_s_file(tmp_path: Path) -> None:
    path = tmp_path / NAME
    Store.open(path, threads=1).close()
    path.with_name(NAME + ".note").unlink()
    path.write_bytes(b"\0" * 64 + path.read_bytes()[64:])
    assert inspecting.inspect(path).state is FileState.DAMAGED


@pytest.mark.parametrize("at", [0, 8, 40, 70])
def test_of_a_file_whose_head_alone_is_damaged_everything_is_still_good(tmp_path: Path, at: int) -> None:
    path = a_desk(tmp_path, 60)
    flipped(NAME, at, random.Random(at))(tmp_path)
    found = inspecting.inspect(path)
    assert (found.state, found.missing) == (FileState.DAMAGED, 0)
    assert found.good and found.good.batch == 15


def test_of_the_two_heads_that_take_turns_the_older_one_is_not_needed(tmp_path: Path) -> None:
    path = a_desk(tmp_path, 60)
    states = []
    for head in (HEAD, 2 * HEAD):
        kept = path.read_bytes()
        flipped(NAME, head + 100, random.Random(1))(tmp_path)
        found = inspecting.inspect(path)
        states.append(found.good.batch if found.good else None)
        path.write_bytes(kept)
    assert sorted(states, key=str) == [15, None]


def test_looking_leaves_no_trace(tmp_path: Path) -> None:
    path = a_desk(tmp_path, 60)
    flipped(NAME + ".wal", 3000, random.Random(1))(tmp_path)
    before = {file.name: (hashlib.sha256(file.read_bytes()).digest(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()}
    assert inspecting.inspect(path, wholly=True).state is FileState.DAMAGED
    assert before == {
        file.name: (hashlib.sha256(file.read_bytes()).digest(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()
    }


def test_an_engine_that_takes_its_process_along_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / NAME
    Store.open(path, threads=1).close()
    monkeypatch.setattr(inspecting, "COMMAND", ("/bin/sh", "-c", "kill -SEGV $$"))
    found = inspecting.inspect(path)
    assert (found.state, found.good) == (FileState.DAMAGED, None)


def test_checksums_are_those_of_the_engine(tmp_path: Path) -> None:
    path = a_desk(tmp_path, 600)
    found, kept = blocks(path), log(path.with_name(NAME + ".wal"))
    assert (found.damaged, found.rest, found.parts) == ((), 0, 3 + (path.stat().st_size - BODY) // BLOCK)
    assert kept and (kept.good, kept.damaged) == (kept.size, False)


def test_a_backup_tells_what_it_holds_until_it_is_worked_in(tmp_path: Path) -> None:
    store = opened(Store.open(tmp_path / NAME, threads=1))
    add(store, a_shipment("S-1"))
    copy = tmp_path / "copy.duckdb"
    store.backup(copy)
    found = inspecting.inspect(copy)
    assert found.copied_at and found.good and (found.good.batch, found.knows) == (1, True)
    Store.open(copy, threads=1).close()
    assert inspecting.inspect(copy).copied_at is None


def test_a_backup_that_lacks_rows_is_not_whole(tmp_path: Path) -> None:
    store = opened(Store.open(tmp_path / NAME, threads=1))
    add(store, a_shipment("S-1"), a_shipment("S-2"))
    copy = tmp_path / "copy.duckdb"
    store.backup(copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("DELETE FROM item WHERE shipment_id = 2")
    found = inspecting.inspect(copy)
    assert (found.state, dict(found.damaged or {})) == (FileState.DAMAGED, {"table item": 1})


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        ("UPDATE invoice SET batch_id = 99", "invoice_without_batch"),
        ("DELETE FROM search_key WHERE kind = 'shipment_no'", "shipment_not_searched"),
        ("UPDATE shipment SET invoice_no = 'X' WHERE shipment_id = 1", "invoice_not_as_registered"),
        ("DELETE FROM shipment WHERE shipment_id = 2", "item_without_shipment"),
    ],
)
def test_what_does_not_agree_is_named(tmp_path: Path, harm: str, name: str) -> None:
    path = tmp_path / NAME
    store = Store.open(path, threads=1)
    add(store, a_shipment("S-1", invoice=an_invoice()), a_shipment("S-2"))
    store.write(lambda c: c.execute(harm).fetchall() and None)
    store.close()
    found = inspecting.inspect(path, wholly=True)
    assert found.state is FileState.DAMAGED and name in (found.damaged or {})


def test_each_disagreement_has_its_sentence() -> None:
    assert {str(one) for one in Disagreement} == set(ODDITIES)


def test_a_file_of_many_names_is_removed_with_its_logs_only(tmp_path: Path) -> None:
    file = tmp_path / "a[1].duckdb"
    for one in (file, *backup.logs_of(file), tmp_path / "a[1].duckdb.letter"):
        one.write_bytes(b"")
    backup.remove(file)
    assert [left.name for left in tmp_path.iterdir()] == ["a[1].duckdb.letter"]
