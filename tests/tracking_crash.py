"""Kills a process that refreshes the demo shop at any moment, and looks whether all it acknowledged is in the file."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

from core.demo import make_demo
from core.domain.status import fold
from core.runtime import Runtime
from core.services.tracking import polling
from core.store import shipments
from core.store.database import Store
from tests.builders import RULES, SEOUL
from tests.desk import OPENED, SetClock, a_desk_on

ROOT = Path(__file__).parents[1]
FEWEST, LONGEST = 0.1, 2.0


def made(file: Path) -> None:
    """A small demo shop in the file."""
    store = Store.open(file, threads=1)
    make_demo(store, RULES, shipments=1_500, now=OPENED, zone=SEOUL)
    store.close()


def killed(file: Path, dice: random.Random) -> tuple[int, datetime]:
    """Lets a process refresh, later and later by its clock, and kills it: how many events it acknowledged, and its clock."""
    command = [sys.executable, "-m", "tests.tracking_crash", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline()]
        timer = threading.Timer(dice.uniform(FEWEST, LONGEST), os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        lines += process.stdout
        timer.cancel()
    assert process.returncode == -signal.SIGKILL, lines
    last = json.loads([line for line in lines if line.endswith("}\n")][-1])
    return last["events"], datetime.fromisoformat(last["at"])


def wrong(file: Path, events: int, at: datetime) -> list[str]:
    """What is not as it should be: acknowledged events lost, states that differ from their facts, numbers asked no more."""
    store = Store.open(file, threads=1)
    with a_desk_on(store, SetClock(at)) as desk:
        said = [] if (have := _events(store)) >= events else [f"{events} events were acknowledged, {have} are there"]
        report = polling.refresh_due(desk.tracker, everything=True)
        said += [f"{report.failed} numbers failed"] if report.failed else []
        left = polling.waiting(desk.tracker)
        said += [f"{left} are still due"] if left else []
        said += [f"{count} of {no} twice" for no, count in _twice(store)]
        return said + _disagreeing(desk)


def _events(store: Store) -> int:
    return int(store.rows("SELECT count(*) AS n FROM checkpoint")[0]["n"])


def _twice(store: Store) -> list[tuple[str, int]]:
    rows = store.rows("SELECT invoice_no, count(*) AS n FROM tracking GROUP BY invoice_id, invoice_no HAVING n > 1")
    return [(row["invoice_no"], row["n"]) for row in rows]


def _disagreeing(desk: Runtime) -> list[str]:
    ids = [row["shipment_id"] for row in desk.store.rows("SELECT shipment_id FROM shipment")]
    found = desk.store.snapshot(lambda connection: shipments.load_by_id(connection, ids)).values()
    return [s.shipment_no for s in found if fold(s.ordered_at, s.released_at, s.invoices, s.checkpoints) != s.state]


def _refresh(file: Path) -> None:
    """Refreshes for ever, and says after each transaction how many events there are."""
    clock = SetClock()
    store = Store.open(file, threads=1)
    store.write(lambda connection: connection.execute("SET checkpoint_threshold = '256KB'").fetchall())
    with a_desk_on(store, clock) as desk:

        def tell(_: int, __: int) -> None:
            print(json.dumps({"events": _events(store), "at": clock.at.isoformat()}), flush=True)

        while True:
            clock.forward(minutes=25)
            polling.refresh_due(desk.tracker, everything=True, progress=tell)


if __name__ == "__main__":
    _refresh(Path(sys.argv[1]))
