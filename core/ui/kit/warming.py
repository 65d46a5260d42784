"""What the first visitor of a server would wait for, done in the background of its start."""

import gc
import importlib
import threading
from pathlib import Path
from typing import Final

from plotly import graph_objects

_SCREENS: Final = Path(__file__).parents[1]
_NOT_IMPORTED: Final = ("frame", "__init__")


def start() -> None:
    """Imports, in a thread of its own, what pages and charts are drawn with."""
    threading.Thread(target=_imported, name="warming", daemon=True).start()


def _imported() -> None:
    # Plotly asks for Pandas while a first visitor's page is importing it, and finds half of it: it is there before.
    importlib.import_module("pandas")
    for file in sorted(_SCREENS.rglob("*.py")):
        if file.stem not in _NOT_IMPORTED:
            importlib.import_module(".".join(["core", "ui", *file.relative_to(_SCREENS).with_suffix("").parts]))
    # Plotly imports its parts when a figure first has them.
    graph_objects.Figure(
        {"data": [{"type": kind} for kind in ("bar", "scatter", "heatmap", "waterfall")], "layout": {"height": 100}}
    )
    # What was imported by now is never garbage.
    gc.collect()
    gc.freeze()
