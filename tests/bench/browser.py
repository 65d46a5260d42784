"""A click in a real browser until the new rows are painted, beside an empty Streamlit rerun."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).parents[2]
REPEATS = 9


@dataclass(frozen=True)
class Painted:
    """Milliseconds from the click to the paint of what it asked for: the median, and the slowest.

    `steps` are the medians of: click to request, to the first answer of the server, to its last, to the paint.
    """

    name: str
    median: float
    slowest: float
    steps: tuple[float, float, float, float]


@dataclass(frozen=True)
class Measured:
    """Everything seen from outside: an empty rerun, the clicks at the desk, the server's memory before and after in MB."""

    empty: Painted
    clicks: list[Painted]
    memory: tuple[int, int]


def measured(file: Path) -> Measured | None:
    """The table's rows; None on a machine without Chromium."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            with served(Path("tests/bench/empty_app.py"), {}) as (base, _):
                empty = _empty(_open(browser.new_page(viewport=_WINDOW), base, "button:has-text('Again')"))
            with served(Path("app.py"), {"SHIPDESK_DB": str(file)}) as (base, process):
                page = browser.new_page(viewport=_WINDOW)
                _open(page, base, "tbody tr")
                before = _memory(process.pid)
                clicks = [_clicked(page, base, name, click) for name, click in _CLICKS.items()]
                return Measured(empty, clicks, (before, _memory(process.pid)))
        finally:
            browser.close()


def _empty(page: Page) -> Painted:
    return _painted(page, "empty rerun", lambda turn: page.get_by_role("button", name="Again"), "text")


def _clicked(page: Page, base: str, name: str, click: Callable[[Page, int], Locator]) -> Painted:
    _open(page, f"{base}/?tab=delivered", "tbody tr")
    return _painted(page, name, lambda turn: click(page, turn), "rows")


def _radio(*names: str) -> Callable[[Page, int], Locator]:
    return lambda page, turn: page.get_by_role("radio", name=names[turn % len(names)])


def _kind(page: Page, turn: int) -> Locator:
    page.get_by_role("combobox", name="General / Claim").click()
    return page.get_by_role("option", name=("Exchange Shipment", "Standard Order Shipment")[turn % 2])


def _painted(page: Page, name: str, target: Callable[[int], Locator], seen: str) -> Painted:
    times: list[dict[str, float]] = []
    for turn in range(REPEATS + 3):
        element = target(turn)
        page.evaluate(_WATCH, seen)
        element.click()
        times.append(page.evaluate("window.painted"))
        page.wait_for_timeout(400)
    warm = times[3:]
    sent, first, last, painted = (median(one[step] for one in warm) for step in ("sent", "first", "last", "painted"))
    slowest = max(one["painted"] for one in warm)
    return Painted(name, painted, slowest, (sent, first - sent, last - first, painted - last))


def _open(page: Page, base: str, until: str) -> Page:
    page.set_default_timeout(30_000)
    page.add_init_script(_LISTEN)
    page.goto(base)
    page.locator(until).first.wait_for()
    page.wait_for_timeout(1500)
    return page


@contextmanager
def served(script: Path, env: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address and the process of a server of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SHIPDESK_SANDBOX": "off"} | env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def _memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


_WINDOW = {"width": 1440, "height": 900}
_CLICKS: dict[str, Callable[[Page, int], Locator]] = {
    "another tab": _radio("In delivery", "Delivered"),
    "Domestic / International": _radio("International", "Domestic"),
    "the next page": lambda page, turn: page.get_by_role("button", name="Next page"),
    "the other order": lambda page, turn: page.locator("[data-sort=ordered_at]").first,
    "General / Claim": _kind,
}
_LISTEN = """
window.messages = {sent: [], got: []};
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (!this.heard) this.addEventListener('message', () => window.messages.got.push(performance.now()));
  this.heard = true;
  window.messages.sent.push(performance.now());
  return send.call(this, data);
};
"""
# Counted from the click that the page gets. Two frames after the change the browser has painted it; rows change when the
# numbers in them do.
_WATCH = """
seen => {
  const tables = root => [...root.querySelectorAll('*')].flatMap(one => [
    ...(one.matches('tbody') ? [one] : []), ...(one.shadowRoot ? tables(one.shadowRoot) : [])]);
  const rows = () => [...(tables(document)[0]?.querySelectorAll('tr[data-id]') ?? [])].map(row => row.dataset.id).join();
  const now = seen === 'rows' ? rows : () => document.body.innerText;
  const before = now(), frame = () => new Promise(requestAnimationFrame);
  const clicked = new Promise(done => addEventListener('click', () => {
    window.messages = {sent: [], got: []};
    done(performance.now());
  }, {capture: true, once: true}));
  const watch = async () => {
    const started = await clicked;
    while (now() === before || now() === '') {
      await frame();
      if (performance.now() - started > 15000) throw new Error('nothing changed after the click');
    }
    await frame();
    await frame();
    const {sent, got} = window.messages, painted = performance.now();
    const times = {sent: sent[0], first: got[0], last: got.at(-1), painted};
    return Object.fromEntries(Object.entries(times).map(([step, at]) => [step, at - started]));
  };
  window.painted = watch();
}
"""
