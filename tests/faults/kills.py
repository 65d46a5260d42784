"""Kills a process in the middle of a backup, a restore and a migration, and looks what is left."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.domain.errors import Unavailable
from core.services.keeping import backups, checking
from core.store import opening
from core.store.database import Store
from tests.builders import SEOUL, a_shipment, add
from tests.faults.damage import NAME, ROOT, Outcome

SHIPMENTS = 6_000
LONGEST = {"after_a_backup": 1.6, "after_a_restore": 5.0, "after_a_migration": 0.8}
STARTED = "started"
_SAYS_SO = f"import os, pathlib, sys; os.write(1, b'{STARTED}\\n'); at = pathlib.Path(sys.argv[1]); other = pathlib.Path(sys.argv[2])\n"
_JOBS = {
    "backup": """
from core.store.database import Store
store = Store.open(at)
for number in range(99):
    store.backup(other.with_name(f"{other.stem}-{number}.duckdb"))
""",
    "restore": """
from datetime import UTC, datetime
from core.config import Settings
from core.services.keeping import restoring
from tests.builders import SEOUL
order = restoring.RestoreOrder(other, at, at.parent / "backups", SEOUL)
for _ in range(99):
    restoring.restore(order, datetime.now(UTC), lambda _: True, person=Settings().local)
""",
    "migration": """
from core.store.database import Store
Store.open(at, schema=other)
""",
}


def desk_and_backup(folder: Path) -> tuple[Path, Path]:
    """A desk, and a backup of it from before its last batch."""
    desk, backup = folder / NAME, folder / "yesterday.duckdb"
    store = Store.open(desk)
    add(store, *(a_shipment(f"S-{n}") for n in range(SHIPMENTS)))
    store.backup(backup)
    add(store, a_shipment("S-new"))
    store.close()
    return desk, backup


def killed(job: str, desk: Path, other: Path, after: float) -> str:
    """What the process wrote to its errors before it was killed, so many seconds after it began."""
    command = [sys.executable, "-c", _SAYS_SO + _JOBS[job], str(desk), str(other)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        timer = threading.Timer(after, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        said = process.stderr.read()
        timer.cancel()
    return said


def after_a_backup(folder: Path, after: float) -> Outcome:
    """The desk is whole; every backup that has its name is whole; the half one goes."""
    desk, _ = desk_and_backup(folder)
    copies = folder / "backups"
    copies.mkdir()
    said = killed("backup", desk, copies / f"{desk.stem}-backup.duckdb", after)
    named = list(copies.glob("*.duckdb"))
    backups.clean(copies, desk)
    states = [checking.check(file, copies, SEOUL).found.state for file in (desk, *named)]
    left = [file.name for file in copies.iterdir() if file not in named]
    return (
        f"killed {after:.2f} s into backups",
        f"{states}, left {left} {said}",
        not said and not left and {*states} == {"whole"},
    )


def after_a_restore(folder: Path, after: float) -> Outcome:
    """Either file is there, or it is said that it is not; restoring once more is all that is to be done."""
    desk, backup = desk_and_backup(folder)
    said = killed("restore", desk, backup, after)
    state = checking.check(desk, folder, SEOUL).found.state
    again = subprocess.run(
        [sys.executable, "-m", "core", "restore", str(backup)],
        cwd=ROOT,
        env=os.environ | {"SHIPDESK_DB": str(desk)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    report = checking.check(desk, folder, SEOUL)
    kept = [checking.check(file, folder, SEOUL).found.state for file in folder.glob("*.before-restore-*.duckdb")]
    right = not said and again.returncode == 0 and report.ok and "whole" in kept and state in ("whole", "short", "gone")
    return f"killed {after:.2f} s into a restore", f"{state}, kept {kept}, then {again.stdout}{again.stderr}{said}", right


def after_a_migration(folder: Path, after: float) -> Outcome:
    """Every shipment is there, by the old schema or by the new."""
    desk, backup = desk_and_backup(folder)
    steps = folder / "schema"
    shutil.copytree(opening.SCHEMA, steps)
    (steps / "900_more.sql").write_text(
        "ALTER TABLE shipment ADD COLUMN more VARCHAR; UPDATE shipment SET more = shipment_no || recipient;"
    )
    said = killed("migration", desk, steps, after)
    try:
        store = Store.open(desk, schema=steps)
        held = store.rows("SELECT count(*) AS n, count(more) AS filled FROM shipment")[0]
        store.close()
    except Unavailable as error:
        return f"killed {after:.2f} s into a migration", f"{error} {said}", False
    backup.unlink()
    return (
        f"killed {after:.2f} s into a migration",
        f"{held} {said}",
        not said and held == {"n": SHIPMENTS + 1, "filled": SHIPMENTS + 1},
    )


def outcomes(folder: Path, dice: random.Random, each: int = 1) -> Iterator[Outcome]:
    """Each of the three, killed at `each` moments of chance."""
    for turn in range(each):
        for work in (after_a_backup, after_a_restore, after_a_migration):
            own = folder / f"{work.__name__}-{turn}"
            own.mkdir()
            yield work(own, dice.uniform(0.05, LONGEST[work.__name__]))
            shutil.rmtree(own)


def main(arguments: Sequence[str] | None = None) -> int:
    each = int((arguments or sys.argv[1:] or ["10"])[0])
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, seen, ok in outcomes(Path(folder), random.Random(), each):
            bad += not ok
            print(f"{'as it should be' if ok else 'WRONG':15} {name}: {seen}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
