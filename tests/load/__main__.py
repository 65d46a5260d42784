"""python -m tests.load: people with seconds between their clicks on one process, beside its refresher and an upload, and where it breaks.

Each click is timed to the end of the server's answer, beside the rerun of an empty page under the same number of people. Then more and more
people come, until the process is full; what it was busy with is said. `--json FILE` writes the same. 0 when the limit holds.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from core.carriers import rules as carrier_rules
from core.domain.refresh_policy import UNDER_WAY
from core.store import tracking
from core.store.database import Connection, Store
from tests.bench import shop
from tests.browser.conftest import start_server
from tests.load.clicking import AtAnEmptyPage, AtTheDesk, Clicks, crowd
from tests.soak.shop import Shop

LIMIT = 500.0
"""Milliseconds of the 95th of a hundred clicks."""
FULL = 0.8
"""Where fewer of the clicks come than people would make with an instant answer, they wait for the server most of the time."""
STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_WAITING = "SELECT shipment_no FROM shipment WHERE status = 'preparing_to_release' AND invoice_no IS NULL AND closed_at IS NULL LIMIT 20000"
_SPREAD = "UPDATE tracking SET next_due = $at + to_seconds(hash(invoice_id) % $seconds) WHERE next_due IS NOT NULL"
_SECONDS_TO_STOP, _SECONDS_TO_TELL = 120, 30.0


@dataclass(frozen=True)
class Line:
    """One kind of click."""

    name: str
    ms: float
    p95: float
    count: int


@dataclass(frozen=True)
class Crowd:
    """What so many people found."""

    people: int
    lines: list[Line]
    a_second: float
    watched: dict[str, Any]
    errors: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two clicks of one person, on average")
    parser.add_argument("--seconds", type=float, default=90.0, help="how long each crowd is measured")
    parser.add_argument("--shipments", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=len(STEPS), help="how many larger crowds are tried; 1 tries none")
    parser.add_argument(
        "--catching-up", action="store_true", help="every watched number is asked about at once, as after an import"
    )
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty = _empty(Path(folder), wanted)
        crowds = list(_crowds(Path(folder), wanted))
    print(_table(crowds[0], empty), _growth(crowds, wanted.think), _why(crowds[-1]), sep="\n\n", flush=True)
    if wanted.json:
        wanted.json.write_text(json.dumps(_told(crowds, empty, wanted), indent=1) + "\n")
    return 0 if _all(crowds[0]).p95 <= LIMIT and not any(one.errors for one in crowds) else 1


def _empty(folder: Path, wanted: argparse.Namespace) -> Crowd:
    with _served(folder, "tests/bench/empty_app.py", {}) as (base, _):
        clicks = asyncio.run(crowd(AtAnEmptyPage, base, wanted.people, min(wanted.seconds, 60.0), wanted.think))
    return Crowd(wanted.people, _lines(clicks), 0.0, {}, clicks.errors)


def _crowds(folder: Path, wanted: argparse.Namespace) -> Iterator[Crowd]:
    """Larger and larger ones, each on what the one before has left, until the process is full."""
    file = folder / "shipping.duckdb"
    shutil.copyfile(shop.demo(wanted.shipments), file)
    with closing(Store.open(file)) as store:
        waiting = [row["shipment_no"] for row in store.rows(_WAITING)]
        if not wanted.catching_up:
            store.write(_watched_for_long)
    settings = {"SHIPDESK_DB": str(file), "SHIPDESK_SANDBOX": "on", "SHIPDESK_SANDBOX_SPEED": "1", "SHIPDESK_SESSIONS": "2000"}
    with _served(folder, "app.py", settings | {"SHIPDESK_BACKUP_HOUR": "off", "SHIPDESK_COUNTRY": shop.HOME}) as (base, tell):
        worked = Shop(base, waiting, wanted.think)
        for times in STEPS[: wanted.steps]:
            found = _crowd(worked, tell, round(wanted.people * times), wanted)
            print(f"{found.people} people: p50 {_all(found).ms:.0f} ms, p95 {_all(found).p95:.0f} ms", flush=True)
            yield found
            if found.errors or found.a_second < FULL * found.people / wanted.think:
                return


def _watched_for_long(connection: Connection) -> None:
    """Carriers are asked as often as in a shop that is watched for days, not about everything at once as after an import."""
    at, patience = datetime.now(UTC), {code: carrier.watched_for for code, carrier in carrier_rules.load().carriers.items()}
    tracking.watch(connection, after=0, at=at, patience=patience, made_here_only=True)
    connection.execute(_SPREAD, {"at": at, "seconds": int(UNDER_WAY.total_seconds())})


def _crowd(worked: Shop, tell: "Told", people: int, wanted: argparse.Namespace) -> Crowd:
    async def measured() -> Clicks:
        begun = asyncio.create_task(crowd(AtTheDesk, worked.address, people, wanted.seconds, wanted.think, worked))
        await asyncio.sleep(3 * wanted.think)
        await asyncio.to_thread(tell)
        await asyncio.sleep(wanted.seconds)
        watched.update(await asyncio.to_thread(tell))
        return await begun

    watched: dict[str, Any] = {}
    clicks = asyncio.run(measured())
    count = sum(map(len, clicks.milliseconds.values()))
    return Crowd(people, _lines(clicks), count / wanted.seconds, watched, clicks.errors)


class Told:
    """Asks the watched server where its time went since it was asked last."""

    def __init__(self, pid: int, file: Path) -> None:
        self.pid, self.file = pid, file

    def __call__(self) -> dict[str, Any]:
        self.file.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR1)
        until = time.monotonic() + _SECONDS_TO_TELL
        while not self.file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        told: dict[str, Any] = json.loads(self.file.read_text()) if self.file.exists() else {}
        return told


@contextmanager
def _served(folder: Path, script: str, settings: dict[str, str]) -> Iterator[tuple[str, Told]]:
    watched = folder / "watched.json"
    module = ("tests.load.watched", str(watched))
    base, server = start_server(Path(script).resolve(), settings, folder / "log", module=module)
    try:
        yield base, Told(server.pid, watched)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(_SECONDS_TO_STOP)


def _lines(clicks: Clicks) -> list[Line]:
    every = [one for some in clicks.milliseconds.values() for one in some]
    return [_line(name, some) for name, some in [("any click", every), *sorted(clicks.milliseconds.items())] if some]


def _line(name: str, milliseconds: list[float]) -> Line:
    cuts = quantiles(milliseconds, n=20) if len(milliseconds) > 1 else milliseconds * 19
    return Line(name, median(milliseconds), cuts[18], len(milliseconds))


def _all(found: Crowd) -> Line:
    return found.lines[0]


def _table(found: Crowd, empty: Crowd) -> str:
    rows = [f"{f'{found.people} people, milliseconds':28} {'clicks':>7} {'p50':>7} {'p95':>7}"]
    rows += [f"{one.name:28} {one.count:7} {one.ms:7.0f} {one.p95:7.0f}" for one in (*found.lines, empty.lines[-1])]
    rows += [f"{'limit':28} {'':7} {'':7} {LIMIT:7.0f}  {'holds' if _all(found).p95 <= LIMIT else 'does not hold'}"]
    return "\n".join([*rows, *(f"  {one}" for crowd in (found, empty) for one in crowd.errors[:10])])


def _growth(crowds: list[Crowd], think: float) -> str:
    rows = [
        f"{'people':>6} {'clicks a second':>16} {'asked':>6} {'p50':>7} {'p95':>7} {'processor':>10} {'of it a click, ms':>18} {'errors':>7}"
    ]
    for one in crowds:
        processor = one.watched.get("processor", {}).get("everything", 0.0)
        rows.append(
            f"{one.people:6} {one.a_second:16.1f} {one.people / think:6.1f} {_all(one).ms:7.0f} {_all(one).p95:7.0f} "
            f"{processor:10.0%} {processor * 1000 / (one.a_second or 1):18.0f} {len(one.errors):7}"
        )
    return "\n".join(rows)


def _why(found: Crowd) -> str:
    """What the process was busy with under the largest crowd."""
    watched = found.watched
    processor = sorted(watched.get("processor", {}).items(), key=lambda one: -one[1])
    late = watched.get("late_ms", [0, 0])
    rows = [
        f"with {found.people} people, processors at work: " + ", ".join(f"{kind} {share:.2f}" for kind, share in processor[:7])
    ]
    rows += [f"collecting garbage {watched.get('collecting', 0):.1%} of the time, which stops every thread"]
    rows += [f"a thread gets its turn {late[0]:.0f} ms late at the median, {late[1]:.0f} at the 95th"]
    rows += [f"{watched.get('pages_at_work', 0):.1f} pages are drawn at once; their threads stand in"]
    whole = sum(watched.get("standing", {}).values()) or 1
    rows += [f"  {times / whole:5.0%}  {place}" for place, times in list(watched.get("standing", {}).items())[:15]]
    return "\n".join(rows)


def _told(crowds: list[Crowd], empty: Crowd, wanted: argparse.Namespace) -> list[dict[str, Any]]:
    """Every line as a value; `beside` is the empty page's rerun among as many people as in the first crowd."""
    rerun = {"rerun": round(empty.lines[-1].ms, 1), "rerun_p95": round(empty.lines[-1].p95, 1)}
    return [
        {
            "name": f"{one.name}, {found.people} people",
            "shipments": wanted.shipments,
            "ms": round(one.ms, 1),
            "p95": round(one.p95, 1),
            "beside": rerun,
            "limit": LIMIT if found is crowds[0] else None,
            "holds": one.p95 <= LIMIT if found is crowds[0] else None,
        }
        for found in crowds
        for one in found.lines
    ]


if __name__ == "__main__":
    sys.exit(main())
