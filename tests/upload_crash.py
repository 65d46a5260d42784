"""Kills a process at any moment of registering a thousand rows, and looks in the file: all of them are there, or none."""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from core.services import uploading
from core.services.shipments.changes import Actor, Request
from core.services.uploading import Preview
from core.store.database import Store
from tests.builders import HANA, NOW, RULES, a_shipment, add, staff

ROOT = Path(__file__).parents[1]
ROWS = 1000
LONGEST = 0.8
_DONE = "registered"


@dataclass(frozen=True)
class Kill:
    """One killed process: after how many seconds, whether it had said it was done, and what was found in the file."""

    after: float
    done: bool
    found: int
    wrong: str


def kills(count: int, folder: Path, dice: random.Random) -> list[Kill]:
    """That many kills, each on a file of its own in which the rows wait."""
    made = folder / "waiting.duckdb"
    store = Store.open(made)
    add(store, *(a_shipment(f"S-{n}") for n in range(ROWS)))
    store.close()
    return [_kill(Path(shutil.copy(made, folder / f"upload-{n}.duckdb")), dice.uniform(0, LONGEST)) for n in range(count)]


def line(done: list[Kill]) -> str:
    """One line for people."""
    whole = sum(kill.found == ROWS for kill in done)
    wrong = sum(bool(kill.wrong) for kill in done)
    return f"{len(done)} kills: {whole} registered {ROWS:,} rows, {len(done) - whole - wrong} none, {wrong} something between"


def _kill(file: Path, after: float) -> Kill:
    command = [sys.executable, "-m", "tests.upload_crash", "--register", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        timer = threading.Timer(after, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        said = process.stdout.read()
    return _found(file, after, _DONE in said)


def _found(file: Path, after: float, done: bool) -> Kill:
    store = Store.open(file)
    try:
        counts = {next(iter(store.rows(sql)[0].values())) for sql in _COUNTS}
    finally:
        store.close()
    allowed = {ROWS} if done else {0, ROWS}
    wrong = "" if len(counts) == 1 and counts <= allowed else f"killed after {after:.3f} s, acknowledged {done}: {counts}"
    return Kill(after, done, max(counts), wrong)


def _preview(store: Store) -> Preview:
    rows = [(n, f"S-{n}", "Other", f"A{n:06}") for n in range(ROWS)]
    return uploading.judge_sheet(
        uploading.typed_sheet("today.xlsx", rows), RULES, store, modify=False, request=Request(HANA, NOW)
    )


def _register(file: Path) -> None:
    """Says when it begins and when it is done, and waits to be killed."""
    store = Store.open(file)
    preview = _preview(store)
    print("begins", flush=True)
    uploading.register(store, RULES, preview, modify=False, request=Request(Actor(staff("Hana"), "upload"), NOW))
    print(_DONE, flush=True)
    threading.Event().wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.upload_crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--register", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.register:
        _register(wanted.register)
    with tempfile.TemporaryDirectory() as folder:
        done = kills(wanted.kills, Path(folder), random.Random(wanted.seed))
    print("\n".join([*(kill.wrong for kill in done if kill.wrong), line(done)]))
    return int(any(kill.wrong for kill in done))


_COUNTS = (
    "SELECT count(*) FROM invoice",
    "SELECT count(*) FROM history",
    "SELECT count(*) FROM shipment WHERE invoice_no IS NOT NULL AND status = 'preparing_to_ship' AND version = 2",
    "SELECT count(*) FROM search_key WHERE kind = 'invoice_no'",
)

if __name__ == "__main__":
    sys.exit(main())
