"""Every page from its address until it can be read, and until its charts are there, and how far things move, beside an empty page.

`python -m tests.bench.opening --shipments N` prints it alone.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, ViewportSize, sync_playwright

from core.store.database import Store
from tests.bench import shop
from tests.bench.browser import served

REPEATS = 5
WIDTHS = (1440, 800, 390)
PAGES = ("shipments", "overview", "delays", "carriers", "register", "upload", "data", "people", "shipment")
EMPTY, SHIPMENTS = "empty page", "shipments"
_SETTLES = 1000


@dataclass(frozen=True)
class Opened:
    """Milliseconds from the address until all but charts is drawn: of the first visit, the median, the slowest; `ratio` is the median
    beside that of Shipments. `whole` is the median until the charts are drawn, too.

    `shifts` are the layout shift (CLS) at each of `WIDTHS`, `beyond` the largest of what is more than the empty page's there.
    """

    name: str
    first: float
    median: float
    slowest: float
    ratio: float
    whole: float
    shifts: tuple[float, ...]
    beyond: float


@dataclass(frozen=True)
class Load:
    """One opening: when all but charts was drawn, in milliseconds, when all was, and its layout shift."""

    read: float
    drawn: float
    shift: float


def measured(file: Path) -> list[Opened]:
    """The table's rows, the empty page first; none on a machine without Chromium."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        return []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            with served(Path("tests/bench/empty_page.py"), {}) as (base, _):
                loads = {EMPTY: _at_all_widths(browser, {EMPTY: base})[EMPTY]}
            number = _one(file)
            with served(Path("app.py"), {"SHIPDESK_DB": str(file)}) as (base, _):
                loads |= _at_all_widths(browser, _addresses(base, number))
        finally:
            browser.close()
    return [_row(name, of_page, loads) for name, of_page in loads.items()]


def _addresses(base: str, number: str) -> dict[str, str]:
    return {name: f"{base}/{name}" for name in PAGES} | {"shipment": f"{base}/shipment?no={number}"}


def _one(file: Path) -> str:
    """A shipment with an invoice."""
    store = Store.open(file)
    try:
        found = store.read("SELECT max(shipment_no) AS one FROM shipment WHERE invoice_no IS NOT NULL").to_pylist()
    finally:
        store.close()
    return str(found[0]["one"])


def _at_all_widths(browser: Browser, addresses: Mapping[str, str]) -> dict[str, dict[int, list[Load]]]:
    """The loads of each page, each page's first with a browser that has nothing of it yet."""
    return {name: {width: _loads(browser, address, width) for width in WIDTHS} for name, address in addresses.items()}


def _loads(browser: Browser, address: str, width: int) -> list[Load]:
    context = browser.new_context(viewport=ViewportSize(width=width, height=900), locale="en-GB")
    try:
        return [loaded(context, address) for _ in range(REPEATS if width == WIDTHS[0] else 2)]
    finally:
        context.close()


def loaded(context: BrowserContext, address: str) -> Load:
    """One opening in a new tab."""
    page = context.new_page()
    try:
        page.add_init_script(WATCH)
        page.goto(address)
        drawn = page.evaluate("window.drawn")
        page.wait_for_timeout(_SETTLES)
        return Load(page.evaluate("window.read"), drawn, page.evaluate("window.shifted"))
    finally:
        page.close()


def _row(name: str, loads: Mapping[int, Sequence[Load]], everything: Mapping[str, Mapping[int, Sequence[Load]]]) -> Opened:
    times, whole = ([load.read for load in loads[WIDTHS[0]]], median(load.drawn for load in loads[WIDTHS[0]]))
    beside = median(load.read for load in everything[SHIPMENTS][WIDTHS[0]])
    shifts, empty = ([max(load.shift for load in one[width]) for width in WIDTHS] for one in (loads, everything[EMPTY]))
    beyond = max(shift - least for shift, least in zip(shifts, empty, strict=True))
    return Opened(name, times[0], median(times), max(times), median(times) / beside, whole, tuple(shifts), beyond)


# Drawn to its end: the script has ended, nothing stands in for something else, and nothing changed in 300 ms; the time is that of
# the last change. It can be read when the same holds of all but charts, each of which has its place (`core.ui.kit.charts.draw`); those
# out of sight are drawn when they come into it. Layout shift is what the browser itself reports, for all that moved without being pressed.
WATCH = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: 'layout-shift', buffered: true});
window.drawn = new Promise(done => {
  const every = (root, wanted) => [...root.querySelectorAll('*')].flatMap(one => [
    ...(one.matches(wanted) ? [one] : []), ...(one.shadowRoot ? every(one.shadowRoot, wanted) : [])]);
  const PLACE = '[class*=st-key-chart-]';
  const inSight = one => one.checkVisibility() && one.getBoundingClientRect().top < innerHeight;
  const seen = (besides) => {
    const app = document.querySelector('[data-testid=stApp]');
    const waiting = [...document.querySelectorAll('[data-testid*=keleton]')].filter(one => inSight(one) && !one.closest(besides));
    const charts = [...document.querySelectorAll('.stPlotlyChart')].filter(one => !one.closest(besides));
    const stands = app?.dataset.testScriptState === 'notRunning' && !waiting.length
      && document.querySelector('.stMain [data-testid=stElementContainer]') && !every(document, '.frame:not([data-ready])').length
      && charts.every(one => one.querySelector('.main-svg'));
    const drawn = every(document, 'tr, svg, p, button, input').filter(one => !one.closest(besides));
    return stands ? drawn.length + ' ' + document.querySelector('.stMain').scrollHeight : '';
  };
  const until = (besides, told) => {
    let before = '', since = 0;
    const look = () => {
      const now = seen(besides), at = performance.now();
      if (now !== before) [before, since] = [now, at];
      if (now && at - since > 300) told(since);
      else if (at > 30000) told(at);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  until(PLACE, at => { window.read = at; until('.nothing', done); });
});
"""


def print_table(rows: Sequence[Opened]) -> None:
    """The rows as `make bench` prints them."""
    widths = " / ".join(map(str, WIDTHS))
    print(
        f"\n{'opening, milliseconds':22} {'first':>7} {'median':>7} {'slowest':>8} {'ratio':>6} {'charts':>7} {'beyond':>7}   shift at {widths}"
    )
    for one in rows:
        shifts = " ".join(f"{shift:.3f}" for shift in one.shifts)
        times = f"{one.first:7.0f} {one.median:7.0f} {one.slowest:8.0f} {one.ratio:6.2f} {one.whole:7.0f}"
        print(f"{one.name:22} {times} {one.beyond:7.3f}   {shifts}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.opening", description=__doc__)
    parser.add_argument("--shipments", type=int, default=1_000_000)
    with shop.working_copy(shop.demo(parser.parse_args().shipments)) as copy:
        print_table(measured(copy))
    return 0


if __name__ == "__main__":
    sys.exit(main())
