"""Where the server's time goes in one rerun of the Shipments page."""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

from streamlit.testing.v1 import AppTest

from core import runtime
from core.services.shipments import queries
from core.ui.kit import filter_chips, filters, shipment_rows, table
from core.ui.shipment import panel
from core.ui.shipments import controls, export

REPEATS = 9
FRAME = Path(__file__).parents[2] / "core" / "ui" / "frame.py"
Parts = dict[str, tuple[ModuleType, str]]
PARTS: Parts = {
    "the store: counts and rows": (queries, "page"),
    "the store: choices of the filters": (queries, "choices"),
    "tabs": (controls, "tabs"),
    "search, dates, kind": (controls, "search"),
    "Optional +": (filters, "optional"),
    "chips": (filter_chips, "chips"),
    "export": (export, "everything"),
    "rows of the table": (shipment_rows, "table_row"),
    "the table": (table, "shipment_table"),
    "foot": (controls, "foot"),
    "drawer": (panel, "drawer"),
}


def measured(file: Path) -> list[tuple[str, float]]:
    """Milliseconds of each part and of the whole run of the script, medians of several."""
    os.environ["SHIPDESK_DB"] = str(file)
    try:
        with watched(PARTS) as times:
            app = AppTest.from_file(str(FRAME), default_timeout=60)
            app.query_params["tab"] = "delivered"
            app.run()
            runs = [_run(app, times) for _ in range(REPEATS)]
    finally:
        runtime.close()
    return [(name, median(run.get(name, 0) for run in runs)) for name in runs[0]]


def _run(app: AppTest, times: dict[str, float]) -> dict[str, float]:
    times.clear()
    started = time.perf_counter()
    app.run()
    whole = (time.perf_counter() - started) * 1000
    return {**times, "Streamlit and the rest": whole - sum(times.values()), "the whole script": whole}


@contextmanager
def watched(parts: Parts) -> Iterator[dict[str, float]]:
    """The milliseconds spent in each part, by name, while the block runs."""
    times: dict[str, float] = defaultdict(float)
    real = {name: getattr(module, function) for name, (module, function) in parts.items()}
    for name, (module, function) in parts.items():
        setattr(module, function, _timed(real[name], name, times))
    try:
        yield times
    finally:
        for name, (module, function) in parts.items():
            setattr(module, function, real[name])


def _timed(work: Callable[..., Any], name: str, times: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return work(*arguments, **named)
        finally:
            times[name] += (time.perf_counter() - started) * 1000

    return timed
