"""A workbook of a thousand rows on the Upload page: where the server's time goes, and how long a person waits."""

import os
import shutil
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright
from streamlit.testing.v1 import AppTest

from core import runtime
from core.domain.selection import Selection
from core.services import uploading
from core.services.shipments import invoices
from core.services.shipments import undo as undoing
from core.services.uploading import judging
from core.ui.kit import sampling, upload_rows
from tests.bench.browser import served
from tests.bench.rerun import Parts, watched
from tests.builders import a_visit
from tests.workbook_builders import a_workbook

REPEATS, ROWS = 5, 1000
FRAME = Path(__file__).parents[2] / "core" / "ui" / "frame.py"
Times = dict[str, float]

PREVIEW: Parts = {
    "the reading process": (uploading, "read_sheet"),
    "every row by itself and beside the others": (judging, "_line"),
    "against the desk": (invoices, "judge"),
    "the sample's shipments": (sampling, "_waiting"),
    "the table": (upload_rows, "table"),
}
REGISTER: Parts = {"judged again and written": (invoices, "register_many"), "the table": (upload_rows, "table")}
UNDO: Parts = {"undone": (undoing, "undo"), "the table": (upload_rows, "table")}


def measured(file: Path) -> dict[str, list[tuple[str, float]]]:
    """Milliseconds on the server of each part and of the whole run: for the preview, the registration and the undo."""
    os.environ["SHIPDESK_DB"] = str(file)
    try:
        data = _workbook()
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        app.run()
        app.switch_page("../../pages/upload.py").run()
        turns = [_turn(app, data) for _ in range(REPEATS)]
    finally:
        runtime.close()
    return {name: _medians([turn[name] for turn in turns]) for name in turns[0]}


def _workbook() -> bytes:
    """As many of the waiting shipments as fit, each with a number of its own."""
    desk = runtime.get()
    numbers = uploading.waiting(desk.store, Selection(), visit=a_visit(desk.now(), desk.settings.zone))[:ROWS]
    return a_workbook(*((number, "Other", f"QB{at:09}X") for at, number in enumerate(numbers)))


def in_browser(file: Path) -> list[tuple[str, float]]:
    """Milliseconds from the file's choice, or from the click, until the rows are on the screen; empty without Chromium."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        return []
    os.environ["SHIPDESK_DB"] = str(file)
    data = _workbook()
    runtime.close()
    with sync_playwright() as playwright, served(Path("app.py"), {"SHIPDESK_DB": str(file)}) as (base, _):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{base}/upload")
        turns = [_seen(page, data) for _ in range(REPEATS + 1)][1:]
        browser.close()
    return [(name, median(turn[name] for turn in turns)) for name in turns[0]]


def _seen(page: Page, data: bytes) -> Times:
    file = {"name": "today.xlsx", "mimeType": "", "buffer": data}
    page.locator("input[type=file]").wait_for(state="attached")
    page.evaluate(_WATCH)
    page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    looked = page.evaluate("shown('Ready')")
    page.evaluate(_WATCH)
    page.get_by_test_id("stBaseButton-primary").click()
    registered = page.evaluate("shown('Registered')")
    page.evaluate(_WATCH)
    page.get_by_role("button", name="Undo", exact=True).click()
    undone = page.evaluate("shown('Undone')")
    page.get_by_role("button", name="Upload another").click()
    return {"preview": looked, "registered": registered, "undone": undone}


def _turn(app: AppTest, data: bytes) -> dict[str, Times]:
    app.file_uploader(key="upload:file").upload("today.xlsx", data, "")
    preview = _run(app, PREVIEW)
    rows = len(app.session_state["upload:held"].preview.lines)
    app.button(key="upload:go").click()
    register = _run(app, REGISTER)
    app.button(key="upload:undo").click()
    undo = _run(app, UNDO)
    app.button(key="upload:another").click().run()
    return {f"preview of {rows:,} rows": preview, f"registration of {rows:,} rows": register, f"undo of {rows:,} rows": undo}


def _run(app: AppTest, parts: Parts) -> Times:
    with watched(parts) as times:
        started = time.perf_counter()
        app.run()
        whole = (time.perf_counter() - started) * 1000
    return {**times, "Streamlit and the rest": whole - sum(times.values()), "the whole": whole}


def _medians(runs: list[Times]) -> list[tuple[str, float]]:
    return [(name, median(run.get(name, 0) for run in runs)) for name in runs[0]]


# From the choice of the file or the click, as the page gets it, until a row of the table says the word and is painted.
_WATCH = """
() => {
  const begun = new Promise(done => {
    for (const kind of ['change', 'click']) addEventListener(kind, () => done(performance.now()), {capture: true, once: true});
  });
  const frame = () => new Promise(requestAnimationFrame);
  const tables = root => [...root.querySelectorAll('*')].flatMap(one => [
    ...(one.matches('tbody') ? [one] : []), ...(one.shadowRoot ? tables(one.shadowRoot) : [])]);
  const said = word => tables(document)[0]?.querySelector('tr .chip')?.textContent === word;
  window.shown = async word => {
    const started = await begun;
    while (!said(word)) {
      await frame();
      if (performance.now() - started > 30000) throw new Error(`no row says ${word}`);
    }
    await frame();
    await frame();
    return performance.now() - started;
  };
}
"""
