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

from playwright.sync_api import Page, sync_playwright

Press = Callable[[Page, int], Callable[[], None]]
"""Makes ready for a turn, and gives what presses."""
ROOT = Path(__file__).parents[2]
REPEATS = 9


@dataclass(frozen=True)
class Painted:
    """Milliseconds from the press to the paint of what it asked for: the median, and the slowest.

    `steps` are the medians of: press to request, to the first answer of the server, to the rows, to the paint.
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
                clicks = [one for name, press in _CLICKS.items() for one in _pressed(page, base, name, press)]
                return Measured(empty, clicks, (before, _memory(process.pid)))
        finally:
            browser.close()


def _empty(page: Page) -> Painted:
    return _painted(page, "empty rerun", lambda turn: page.get_by_role("button", name="Again").click, "text")[0]


def _pressed(page: Page, base: str, name: str, press: Press) -> Iterator[Painted]:
    """Until the new rows stand and the control is seen to be pressed; then until the link, the counts and all the rest have followed."""
    _open(page, f"{base}/?tab=delivered", "tbody tr")
    yield from _painted(page, name, lambda turn: press(page, turn), "rows")


def _radio(*names: str) -> Press:
    return lambda page, turn: page.get_by_role("radio", name=names[turn % len(names)]).click


def _kind(page: Page, turn: int) -> Callable[[], None]:
    page.get_by_role("combobox", name="General / Claim").click()
    return page.get_by_role("option", name=("Exchange Shipment", "Standard Order Shipment")[turn % 2]).click


def _search(page: Page, turn: int) -> Callable[[], None]:
    """Numbers of the page that was opened, one after the other."""
    if turn == 0:
        page.evaluate(_REMEMBER)
    box = page.get_by_role("searchbox", name="Search")
    box.fill(page.evaluate("turn => window.numbers[turn]", turn))
    return lambda: box.press("Enter")


def _painted(page: Page, name: str, target: Callable[[int], Callable[[], None]], seen: str) -> list[Painted]:
    times: list[dict[str, float]] = []
    for turn in range(REPEATS + 3):
        press = target(turn)
        page.evaluate(_WATCH, seen)
        press()
        times.append(page.evaluate("window.painted"))
        page.wait_for_timeout(1500)
    warm = times[3:]
    return [_median(name, "painted", warm), _median(f"{name}, the whole page", "whole", warm)]


def _median(name: str, until: str, times: list[dict[str, float]]) -> Painted:
    sent, first, drawn, painted = (median(one[step] for one in times) for step in ("sent", "first", "drawn", until))
    return Painted(name, painted, max(one[until] for one in times), (sent, first - sent, drawn - first, painted - drawn))


def _open(page: Page, base: str, until: str) -> Page:
    page.set_default_timeout(30_000)
    page.add_init_script(_LISTEN)
    page.goto(base)
    page.locator(until).first.wait_for()
    page.wait_for_timeout(1500)
    return page


@contextmanager
def served(script: Path, env: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address and the process of a server of its own, which writes no backup meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SHIPDESK_SANDBOX": "off", "SHIPDESK_BACKUP_HOUR": "off"} | env,
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
_CLICKS: dict[str, Press] = {
    "another tab": _radio("In delivery", "Delivered"),
    "Domestic / International": _radio("International", "Domestic"),
    "the next page": lambda page, turn: page.get_by_role("button", name="Next page").click,
    "the other order": lambda page, turn: page.locator("[data-sort=ordered_at]").first.click,
    "General / Claim": _kind,
    "a search": _search,
}
_LISTEN = """
window.messages = {sent: [], got: []};
const note = name => window.messages[name].push(performance.now());
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (!this.heard) this.addEventListener('message', () => note('got'));
  this.heard = true;
  note('sent');
  return send.call(this, data);
};
const ask = window.fetch;
window.fetch = async (...asked) => {
  note('sent');
  try {
    return await ask(...asked);
  } finally {
    note('got');
  }
};
"""
_FIND = """
const all = (root, what) => [...root.querySelectorAll('*')].flatMap(one => [
  ...(one.matches(what) ? [one] : []), ...(one.shadowRoot ? all(one.shadowRoot, what) : [])]);
const numbers = () => all(document, 'tr[data-id]').map(row => row.dataset.id);
"""
_REMEMBER = f"() => {{ {_FIND} window.numbers = numbers(); }}"
# Counted from the press that the page gets. Two frames after the change the browser has painted it; rows change when the numbers in
# them do, a control when it says that another choice holds. The whole page is there when its script has ended.
_WATCH = f"""
seen => {{
  {_FIND}
  const rows = () => numbers().join();
  const now = seen === 'rows' ? rows : () => document.body.innerText;
  const choice = target => {{
    const [radio, option, pages] = ['radio', 'option', 'navigation'].map(role => target.closest(`[role=${{role}}]`));
    if (radio) return () => radio.ariaChecked;
    if (option) return (name => () => document.querySelector(`[role=combobox][aria-label="${{name}}"]`).value)(
      option.closest('[role=listbox]').ariaLabel);
    if (pages) return () => pages.querySelector('[aria-current=page]').textContent;
    if (target.closest('th')) return () => target.closest('th').ariaSort;
    return null;
  }};
  const before = now(), frame = () => new Promise(requestAnimationFrame);
  const running = () => document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'notRunning';
  const pressed = new Promise(done => {{
    const heard = event => {{
      if (event.type === 'keydown' && event.key !== 'Enter') return;
      for (const type of ['click', 'keydown']) removeEventListener(type, heard, true);
      window.messages = {{sent: [], got: []}};
      done([performance.now(), choice(event.composedPath()[0])]);
    }};
    for (const type of ['click', 'keydown']) addEventListener(type, heard, true);
  }});
  const watch = async () => {{
    const [started, chosen] = await pressed, chose = chosen?.();
    const late = () => performance.now() - started > 15000;
    while (now() === before || now() === '' || (chosen && chosen() === chose)) {{
      await frame();
      if (late()) throw new Error('nothing changed after the press');
    }}
    const drawn = performance.now();
    await frame();
    await frame();
    const painted = performance.now(), {{sent, got}} = window.messages;
    while (running() || !window.messages.got.length) await frame();
    await frame();
    await frame();
    const times = {{sent: sent[0] ?? started, first: got[0] ?? started, drawn, painted, whole: performance.now()}};
    return Object.fromEntries(Object.entries(times).map(([step, at]) => [step, at - started]));
  }};
  window.painted = watch();
}}
"""
