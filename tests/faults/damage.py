"""Damages a desk's files in every way and at every place, and looks whether the damage is told and nothing is silently less."""

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core.domain.errors import ShipdeskError, Unavailable
from core.services.keeping import checking
from core.store.blocks import BLOCK, BODY, HEAD, LOG_HEAD
from core.store.database import Store
from core.store.inspecting import FileState
from tests.builders import SEOUL, a_shipment, add

ROOT = Path(__file__).parents[2]
NAME = "shop.duckdb"
AS_GOOD = (FileState.WHOLE,)
Outcome = tuple[str, str, bool]
"""What was done, what was seen, whether it is as it should be."""

_WRITES_AND_DIES = """
import os, pathlib, sys
from core.store import history
from core.store.database import Store
from tests.builders import a_shipment, add, nov
store = Store.open(pathlib.Path(sys.argv[1]), threads=1)
for number in range(12):
    add(store, a_shipment(f"L-{number}"))
store.write(lambda c: c.execute("UPDATE shipment SET invoice_no = NULL WHERE shipment_id = 1").fetchall() and None)
os._exit(9)
"""


@dataclass(frozen=True)
class Damage:
    """One way to damage the files in a folder, by a name that says what and where."""

    name: str
    do: Callable[[Path], None]


def a_desk(folder: Path, shipments: int = 1500) -> Path:
    """A database with a log of twelve batches to be replayed, as a killed desk leaves it."""
    file = folder / NAME
    store = Store.open(file, threads=1)
    for part in range(3):
        add(store, *(a_shipment(f"S-{part}-{n}") for n in range(shipments // 3)))
    store.close()
    subprocess.run([sys.executable, "-c", _WRITES_AND_DIES, str(file)], cwd=ROOT, check=False)
    assert file.with_name(NAME + ".wal").stat().st_size > 2_000
    return file


def damages(desk: Path, dice: random.Random, each: int) -> Iterator[Damage]:
    """Every kind of damage at every kind of place, `each` times at places of chance."""
    size, log = desk.stat().st_size, desk.with_name(NAME + ".wal").stat().st_size
    for _ in range(each):
        for head in range(3):
            at = HEAD * head + dice.choice((0, 8, 9, dice.randrange(HEAD)))
            yield Damage(f"head {head}, bit of byte {at % HEAD}", flipped(NAME, at, dice))
        for kind, blocks in kinds_of_blocks(desk).items():
            block = dice.choice(blocks)
            at = BODY + BLOCK * block + dice.randrange(BLOCK)
            yield Damage(f"{kind}, bit", flipped(NAME, at, dice))
            yield Damage(f"{kind}, zeroed", _zeroed(NAME, BODY + BLOCK * block, BLOCK))
            yield Damage(
                f"{kind}, a sector zeroed", _zeroed(NAME, BODY + BLOCK * block + 512 * dice.randrange(BLOCK // 512), 512)
            )
        yield Damage("two blocks swapped", _swapped(NAME, *dice.sample(range((size - BODY) // BLOCK), 2)))
        yield Damage("file cut anywhere", _cut(NAME, dice.randrange(size)))
        yield Damage("file cut by a block", _cut(NAME, size - BLOCK))
        yield Damage("file emptied", _cut(NAME, 0))
        for place, at in (
            ("head", dice.randrange(LOG_HEAD + 16)),
            ("content", dice.randrange(24, log)),
            ("last byte", log - 1),
        ):
            yield Damage(f"log, bit in its {place}", flipped(NAME + ".wal", at, dice))
        yield Damage("log cut anywhere", _cut(NAME + ".wal", dice.randrange(1, log)))
        yield Damage("log zeroed from somewhere", _zeroed(NAME + ".wal", at := dice.randrange(24, log), log - at))
        yield Damage("log emptied", _cut(NAME + ".wal", 0))
        yield Damage("log gone", lambda folder: (folder / f"{NAME}.wal").unlink())
        yield Damage("file gone", lambda folder: (folder / NAME).unlink())
        yield Damage("note gone", lambda folder: (folder / f"{NAME}.note").unlink())
        yield Damage("note, bit", flipped(f"{NAME}.note", dice.randrange(1024), dice))
        yield Damage("a text in its place", lambda folder: (folder / NAME).write_bytes(b"no database " * 9999) and None)


def kinds_of_blocks(desk: Path) -> dict[str, list[int]]:
    """The blocks of the file by what is in them: the structure, each table's rows, and what is neither (keys, free)."""
    with duckdb.connect(str(desk), read_only=True) as connection:
        found: dict[str, list[int]] = {"structure": [row[0] for row in connection.execute("PRAGMA metadata_info").fetchall()]}
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        for (table,) in tables:
            rows = connection.execute(
                f"SELECT DISTINCT block_id FROM pragma_storage_info('{table}') WHERE persistent"
            ).fetchall()
            found[f"rows of {table}"] = [row[0] for row in rows if row[0] >= 0]
    known = {block for blocks in found.values() for block in blocks}
    found["other"] = [block for block in range((desk.stat().st_size - BODY) // BLOCK) if block not in known]
    return {kind: blocks for kind, blocks in found.items() if blocks}


def outcome(desk: Path, damage: Damage, whole: dict[str, str]) -> Outcome:
    """What is told of a damaged copy of the desk, and whether that is right: `whole` is what the desk held."""
    with tempfile.TemporaryDirectory(dir=desk.parent.parent) as scratch:
        folder = Path(scratch) / "desk"
        shutil.copytree(desk.parent, folder)
        damage.do(folder)
        before = _as_they_are(folder)
        try:
            report = checking.check(folder / NAME, folder / "backups", SEOUL)
        except Exception as error:
            return damage.name, f"{type(error).__name__}: {error}", False
        if _as_they_are(folder) != before:
            return damage.name, "the check changed what it checked", False
        held = _opened(folder / NAME)
        less = isinstance(held, dict) and held != whole
        if report.ok or isinstance(held, dict):
            # What cannot be told without a note is said to be so.
            right = isinstance(held, dict) and (not less or (report.ok and not report.found.knows))
        else:
            right = bool(report.message) and report.found.state not in AS_GOOD
    seen = report.message if not isinstance(held, str) or report.ok else f"{report.message} | {held}"
    return damage.name, f"{report.found.state}: {seen}", right


def outcomes(folder: Path, dice: random.Random, each: int = 1) -> Iterator[Outcome]:
    """One outcome for every damage."""
    (folder / "desk").mkdir()
    desk = a_desk(folder / "desk")
    whole = held_by(desk, folder / "whole")
    yield "nothing", *outcome(desk, Damage("nothing", lambda _: None), whole)[1:]
    for damage in damages(desk, dice, each):
        yield outcome(desk, damage, whole)


def held_by(desk: Path, scratch: Path) -> dict[str, str]:
    shutil.copytree(desk.parent, scratch)
    held = _opened(scratch / NAME)
    assert isinstance(held, dict), held
    return held


def _opened(file: Path) -> dict[str, str] | str:
    """All that the desk holds once it is opened for work, by table; the sentence why it is not opened."""
    try:
        checking.require_sound(file, file.parent / "backups", SEOUL)
        store = Store.open(file, threads=1, inspected=True)
    except Unavailable as error:
        return str(error)
    try:
        tables = [row["t"] for row in store.rows("SELECT table_name AS t FROM duckdb_tables()")]
        sql = "SELECT md5(string_agg(t::VARCHAR, '|' ORDER BY t::VARCHAR)) AS held FROM {} t"
        return {table: store.rows(sql.format(table))[0]["held"] for table in tables}
    except (duckdb.Error, ShipdeskError) as error:
        return f"reading: {error}"
    finally:
        store.close()


def _as_they_are(folder: Path) -> dict[str, tuple[str, int]]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) for file in files}


def flipped(name: str, at: int, dice: random.Random) -> Callable[[Path], None]:
    bit = 1 << dice.randrange(8)
    return _rewritten(name, at, lambda old: bytes([old[0] ^ bit, *old[1:]]), 1)


def _zeroed(name: str, at: int, length: int) -> Callable[[Path], None]:
    return _rewritten(name, at, lambda old: bytes(len(old)), length)


def _cut(name: str, at: int) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / name, at)


def _swapped(name: str, one: int, other: int) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        first, second = BODY + BLOCK * one, BODY + BLOCK * other
        data = (folder / name).read_bytes()
        _rewritten(name, first, lambda _: data[second : second + BLOCK], BLOCK)(folder)
        _rewritten(name, second, lambda _: data[first : first + BLOCK], BLOCK)(folder)

    return do


def _rewritten(name: str, at: int, change: Callable[[bytes], bytes], length: int) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        with (folder / name).open("r+b") as file:
            file.seek(at)
            old = file.read(length)
            file.seek(at)
            file.write(change(old))

    return do


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.damage", description=__doc__)
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--seed", type=int, default=None)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bad = 0
        for name, seen, ok in outcomes(Path(folder), random.Random(wanted.seed), wanted.each):
            bad += not ok
            print(f"{'as it should be' if ok else 'WRONG':15} {name}: {seen}", flush=True)
    print(f"{bad} not as it should be")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
