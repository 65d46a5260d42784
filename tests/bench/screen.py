"""What a person waits for in the browser, beside an empty Streamlit rerun, and the memory of the server."""

import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ROOT, start_server

TURNS = 7
# From the press until the list holds other rows, and until those are painted: two frames later.
_TIMED = """const timed = (seen, target) => new Promise((done, failed) => {
  const before = seen(), started = performance.now();
  const look = () => {
    if (performance.now() - started > 15000) failed(new Error("nothing changed"));
    else if (seen() !== before) requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
    else requestAnimationFrame(look);
  };
  target.click();
  look();
});"""
_PRESS = """(press) => {
  TIMED
  const table = () => [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector("table"))?.shadowRoot;
  const seen = () => table()?.querySelector("tbody tr")?.dataset.id;
  const named = (node) => node.getAttribute("aria-label") === press || node.textContent.startsWith(press);
  return timed(seen, [...document.querySelectorAll("button")].find(named));
}""".replace("TIMED", _TIMED)
_EMPTY = """() => {
  TIMED
  return timed(() => document.querySelector(".stMarkdown p")?.textContent, document.querySelector(".stButton button"));
}""".replace("TIMED", _TIMED)


@dataclass(frozen=True)
class Screen:
    """Medians in milliseconds from press to paint, and the server's memory in megabytes."""

    empty: float
    presses: dict[str, float]
    memory: float


def measure(database: Path, folder: Path) -> Screen:
    """The desk on the database in a real Chromium, and an empty page beside it."""
    with _browser() as page:
        with _serving("tests/bench/empty_app.py", {}, folder) as (address, _):
            page.goto(address)
            page.locator(".stButton button").wait_for()
            empty = _median(page, _EMPTY, [None])
        with _serving("app.py", {"SHIPDESK_DB": str(database)}, folder) as (address, process):
            page.goto(f"{address}/?tab=delivered&dest=international")
            page.locator("tbody tr").first.wait_for()
            presses = {
                "another tab": _median(page, _PRESS, ["In delivery", "Delivered"]),
                "Domestic / International": _median(page, _PRESS, ["Domestic", "International"]),
                "another page": _median(page, _PRESS, ["Page 2", "Page 3"]),
            }
            return Screen(empty, presses, _memory(process.pid))


def _median(page: Page, script: str, turns: list[str | None]) -> float:
    times = []
    for turn in range(TURNS + 2):
        times.append(float(page.evaluate(script, turns[turn % len(turns)])))
        page.wait_for_timeout(300)
    return statistics.median(times[2:])


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@contextmanager
def _browser() -> Iterator[Page]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


@contextmanager
def _serving(script: str, env: dict[str, str], folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    address, process = start_server(ROOT / script, env, folder / "server.log")
    try:
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=20)
