"""python -m tests.soak --minutes N --people N: people at work in real sessions beside tracking, uploads, imports and backups.

Some of them sit at a real browser window. Prints errors, p50 and p95 of each act, memory by time, and whether history, state and the
last backup agree. 0 when all is well.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import linear_regression, median, quantiles
from subprocess import Popen

from playwright.async_api import async_playwright

from core.config import Settings
from core.runtime import open_runtime
from tests.browser.conftest import start_server
from tests.builders import a_shipment, add
from tests.soak.agreeing import disagreements
from tests.soak.people import Clerk, Manager, Somebody, Uploader
from tests.soak.shop import Shop
from tests.soak.windows import WindowClerk

SHIPMENTS = 20_000
LOOKED_AT_EVERY = 5.0
WARM, FLAT = 0.3, 0.1
"""After which share of the time memory is judged, and by how much of itself it may grow in ten minutes."""
_JUDGED_FROM = 600.0
"""Seconds of a day whose memory says anything."""
_SECONDS_TO_STOP = 60


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--think", type=float, default=8.0, help="seconds between two acts of one person, on average")
    parser.add_argument("--windows", type=int, default=2, help="how many of the people sit at a real browser window")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return soak(Path(folder), wanted.minutes, wanted.people, min(wanted.windows, wanted.people), wanted.think)


def soak(folder: Path, minutes: float, people: int, windows: int, think: float) -> int:
    """Runs the day in the folder and prints how it was."""
    file = folder / "shipping.duckdb"
    waiting = _a_shop(file, most=int(minutes * 60 / think * people * 2) + 1000)
    settings = {"SHIPDESK_DB": str(file), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR", "SHIPDESK_SANDBOX": "on"}
    limits = {"SHIPDESK_SANDBOX_SPEED": "30", "SHIPDESK_SESSIONS": "200", "SHIPDESK_BACKUPS": str(folder / "backups")}
    address, server = start_server(Path("app.py").resolve(), settings | limits, folder / "log")
    shop = Shop(address, waiting, think)
    try:
        memory = asyncio.run(_day(shop, server, minutes * 60, people - windows, windows))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(_SECONDS_TO_STOP)
    backups = sorted((*folder.glob("shipping-*.duckdb"), *(folder / "backups").glob("*.duckdb")), key=os.path.getmtime)
    shop.errors += _logged(folder / "log")
    wrong = disagreements(file, shop.acknowledged, shop.imported, backups[-1] if backups else None)
    print("\n".join(_told(shop, memory, wrong, backups)), flush=True)
    return 1 if shop.errors or wrong or not _flat(memory) else 0


def _a_shop(file: Path, most: int) -> list[str]:
    """Makes the shop; the numbers of the shipments that wait in it."""
    runtime = open_runtime(Settings(database=file, demo_shipments=SHIPMENTS))
    numbers = [f"SOAK-{n:06}" for n in range(most)]
    add(runtime.store, *(a_shipment(number) for number in numbers))
    runtime.store.close()
    return numbers


async def _day(shop: Shop, server: "Popen[bytes]", seconds: float, people: int, windows: int) -> list[float]:
    """Everybody at work; the server's memory in MB over time."""
    until, memory = time.monotonic() + seconds, list[float]()
    async with _windows(shop, windows) as clerks:
        desks = [kind(shop, f"{kind.__name__} {number}") for number, kind in zip(range(people), _kinds(), strict=False)]
        await asyncio.gather(*(one.work(until) for one in (*desks, *clerks)), _look(server.pid, memory, until))
    return memory


def _kinds() -> Iterator[type[Somebody]]:
    yield from (Manager, Uploader)
    while True:
        yield Clerk


@asynccontextmanager
async def _windows(shop: Shop, count: int) -> AsyncIterator[list[WindowClerk]]:
    """People at windows of one browser; none needs no browser."""
    if not count:
        yield []
        return
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        contexts = [await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB") for _ in range(count)]
        yield [WindowClerk(shop, await one.new_page(), f"window {number}") for number, one in enumerate(contexts)]
        await browser.close()


async def _look(pid: int, memory: list[float], until: float) -> None:
    while time.monotonic() < until:
        memory.append(_resident(pid))
        await asyncio.sleep(LOOKED_AT_EVERY)


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def _tenths(memory: list[float]) -> list[float]:
    """The middle of each tenth of the day."""
    size = max(1, len(memory) // 10)
    return [sorted(memory[at : at + size])[size // 2] for at in range(0, len(memory) - size + 1, size)]


def _growth(memory: list[float]) -> float:
    """MB more in ten minutes, once everything that is made once is there."""
    warm = memory[int(len(memory) * WARM) :]
    return linear_regression(range(len(warm)), warm).slope * 600 / LOOKED_AT_EVERY if len(warm) > 2 else 0.0


def _flat(memory: list[float]) -> bool:
    judged = len(memory) * LOOKED_AT_EVERY >= _JUDGED_FROM
    return not judged or _growth(memory) <= FLAT * median(memory)


def _logged(log: Path) -> list[str]:
    """What the server logged as an error."""
    lines = log.read_text(errors="replace").splitlines()
    return [line[:300] for line in lines if " ERROR " in line or "Traceback" in line]


def _told(shop: Shop, memory: list[float], wrong: list[str], backups: list[Path]) -> Iterator[str]:
    acts = sum(len(seconds) for seconds in shop.seconds.values())
    yield f"{acts} acts, {len(shop.acknowledged)} invoices registered, {len(shop.imported)} shipments imported, {len(backups)} backups"
    for name, seconds in sorted(shop.seconds.items()):
        cuts = quantiles(seconds, n=20) if len(seconds) > 1 else seconds * 19
        yield f"  {name:20} {len(seconds):6}  p50 {cuts[9]:6.2f} s  p95 {cuts[18]:6.2f} s"
    tenths = ", ".join(f"{one:.0f}" for one in _tenths(memory))
    yield f"memory by tenths of the time, MB: {tenths}; {_growth(memory):+.0f} in ten minutes"
    yield f"{len(shop.errors)} errors"
    yield from (f"  {one}" for one in shop.errors[:40])
    yield "history, state and the last backup agree" if not wrong else f"{len(wrong)} disagreements"
    yield from (f"  {one}" for one in wrong[:40])


if __name__ == "__main__":
    sys.exit(main())
