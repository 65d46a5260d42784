"""Who may import whom, read from the source; a failure names the offender and the rule."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [ROOT / "app.py", *sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]

ROOMS = {
    "core": set(),
    "domain": set(),
    "store": {"domain"},
    "carriers": {"domain"},
    "files": {"domain"},
    "languages": {"domain"},
    "services": {"store", "carriers", "files", "domain"},
    "demo": {"store", "carriers", "domain", "services"},
    "config": {"domain"},
    "interrupts": set(),
    "runtime": {"config", "carriers", "demo", "services", "store", "domain"},
    "web": {"services", "demo", "runtime", "config", "domain", "languages"},
    "ui": {"services", "files", "demo", "domain", "runtime", "config", "languages"},
    "pages": {"services", "ui", "domain", "runtime"},
    "app": {"web", "ui", "runtime", "domain"},
    "commands": {"config", "interrupts", "demo", "services", "store", "domain", "web"},
    "__main__": {"commands", "config", "interrupts", "carriers", "domain", "languages"},
}
ONLY_IN = {
    "streamlit": {"app", "pages", "ui"},
    "duckdb": {"store"},
    "psycopg": {"store"},
    "psycopg_pool": {"store"},
    "httpx": {"carriers"},
    "openpyxl": {"files"},
    "plotly": {"ui"},
    "babel": {"files", "languages"},
    "pycountry": {"files"},
    "rapidfuzz": {"services"},
}
MOST_ROOMS = 10
CLOCKS = {"now", "utcnow", "today"}
OUTSIDE = {"time", "os", "pathlib", "io", "socket", "subprocess", "urllib", "http", "sqlite3", "logging", "threading", "random"}


def room(module: str) -> str:
    """`core.store.lists` is in `store`, `pages.shipments` in `pages`, `app` in `app`."""
    names = module.split(".")
    return names[1] if names[0] == "core" and len(names) > 1 else names[0]


def screen(module: str) -> str:
    """`core.ui.delays.lanes` is on the screen `delays`; what is in no screen gives ""."""
    names = module.split(".")
    return names[2] if names[:2] == ["core", "ui"] and len(names) > 2 else ""


def imported(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{name.name}") for name in node.names)


def offences(source: str, module: str) -> list[str]:
    """What the source of this module may not do, one sentence each."""
    tree, here = ast.parse(source), room(module)
    found = [] if here in ROOMS else [f"{module} is in no room this test knows"]
    for line, name in imported(tree, module):
        top = name.split(".")[0]
        there = room(name) if top in ("core", "pages", "app") else ""
        if there and there not in (here, *ROOMS.get(here, ())):
            found.append(f"{module}:{line} imports {name}: {here} may not import {there}")
        if screen(module) and screen(name) not in ("", "kit", screen(module)):
            found.append(
                f"{module}:{line} imports {name}: {screen(module)} may not import {screen(name)}, what both need is in kit"
            )
        if top in ONLY_IN and here not in ONLY_IN[top]:
            found.append(f"{module}:{line} imports {name}: {top} belongs to {', '.join(sorted(ONLY_IN[top]))} only")
        if here == "domain" and top != "core" and (top not in sys.stdlib_module_names or top in OUTSIDE):
            found.append(f"{module}:{line} imports {name}: the domain uses the standard library only, without clock and I/O")
    if here == "domain":
        found += [f"{module}:{line} asks {what}: the time is handed in" for line, what in clock_calls(tree)]
    return found


def clock_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield node.lineno, ast.unparse(node.func)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
            yield node.lineno, "open"


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: module_of(path))
def test_a_module_keeps_to_its_room(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8"), module_of(path)) == []


def test_all_rooms_were_looked_at() -> None:
    assert {room(module_of(path)) for path in SOURCES} >= {"app", "pages", "domain", "store", "carriers", "services", "ui"}


@pytest.mark.parametrize("corridor", ["services", "ui"])
def test_a_corridor_has_at_most_ten_rooms(corridor: str) -> None:
    rooms = [path.name for path in (ROOT / "core" / corridor).iterdir() if path.stem not in ("__init__", "__pycache__")]
    assert len(rooms) <= MOST_ROOMS, rooms


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("core.domain.status", "from core.store import lists", "domain may not import store"),
        ("core.domain.status", "import core.services.shipments.queries", "domain may not import services"),
        ("core.domain.status", "from ..store import lists", "domain may not import store"),
        ("core.domain.status", "from .. import store", "domain may not import store"),
        ("core.domain.status", "import numpy", "core.domain.status:1 imports numpy: the domain uses the standard library only"),
        ("core.domain.status", "import time", "without clock and I/O"),
        ("core.domain.status", "from time import time", "without clock and I/O"),
        ("core.domain.status", "from datetime import datetime\nx = datetime.now()", "core.domain.status:2 asks datetime.now"),
        ("core.domain.status", "import datetime as d\nx = d.date.today()", "asks d.date.today: the time is handed in"),
        ("core.domain.status", "x = open('file')", "asks open"),
        ("core.store.lists", "from core.services import listing", "store may not import services"),
        (
            "core.store.lists",
            "def f():\n    from core.ui import table",
            "core.store.lists:2 imports core.ui.table: store may",
        ),
        ("core.store.lists", "import streamlit as st", "streamlit belongs to app, pages, ui only"),
        ("core.services.shipments.queries", "import duckdb", "duckdb belongs to store only"),
        ("core.services.shipments.queries", "from duckdb.typing import X", "duckdb belongs to store only"),
        ("core.services.shipments.queries", "import httpx", "httpx belongs to carriers only"),
        ("core.services.shipments.queries", "from core.runtime import get", "services may not import runtime"),
        ("core.services.shipments.queries", "from core import runtime", "services may not import runtime"),
        ("core.carriers.rules", "from core.store import lists", "carriers may not import store"),
        ("core.domain.countries", "import pycountry", "pycountry belongs to files only"),
        ("core.ui.kit.formats", "from babel import Locale", "babel belongs to files, languages only"),
        ("core.carriers.rules", "import plotly.graph_objects", "plotly belongs to ui only"),
        ("core.ui.kit.table", "from core.store import lists", "ui may not import store"),
        ("core.ui.kit.explain", "from core.ui.shipment import panel", "kit may not import shipment"),
        ("core.ui.upload.uploading", "from core.ui.shipments.grid_entry import dialog", "upload may not import shipments"),
        ("core.ui.frame", "from core.ui.overview import header", "frame may not import overview"),
        ("core.ui.kit.table", "import openpyxl", "openpyxl belongs to files only"),
        ("core.services.uploading.templates", "import openpyxl", "openpyxl belongs to files only"),
        ("pages.shipments", "from core.store.database import Store", "pages may not import store"),
        ("pages.shipments", "from core.carriers import rules", "pages may not import carriers"),
        ("pages.shipments", "import plotly.express", "plotly belongs to ui only"),
        ("core.web.health", "from core.store import lists", "web may not import store"),
        ("app", "from core.store.database import Store", "app may not import store"),
        ("core.cellar.wine", "x = 1", "core.cellar.wine is in no room this test knows"),
    ],
)
def test_a_bad_source_is_caught_and_named(module: str, source: str, complaint: str) -> None:
    assert any(complaint in offence for offence in offences(source, module))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.domain.status", "from core.domain.shipment import Stage\nfrom datetime import datetime, timedelta\nimport re"),
        ("core.domain.status", "def f(now):\n    return now - 1"),
        ("core.store.lists", "import duckdb\nimport pyarrow as pa\nfrom core.domain import flags"),
        ("core.files.xlsx.writing", "from openpyxl import Workbook\nfrom core.domain import flags"),
        (
            "core.ui.upload.uploading",
            "from core.ui.kit import formats\nfrom core.ui.upload import rows\nfrom core.ui import kit",
        ),
        ("core.ui.kit.explain", "from core.ui.kit.table import table"),
        ("pages.shipments", "import streamlit as st\nfrom core.ui.shipments import empty\nfrom core.ui.shipment import panel"),
    ],
)
def test_a_good_source_passes(module: str, source: str) -> None:
    assert offences(source, module) == []
