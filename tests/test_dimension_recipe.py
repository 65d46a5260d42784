"""The recipe for a new dimension, carried out in a copy of the tree: one entry, and it is everywhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = Path("core/domain/selection.py")
BEFORE, ENTRY = (
    '        AnyOf("policy", FIELDS.in_english["policy"]),\n',
    '        AnyOf("currency", FIELDS.in_english["currency"]),\n',
)

# Runs in the copy: what a person meets of the new dimension.
LOOK = """
import json
from datetime import date

from streamlit.testing.v1 import AppTest

from core import runtime
from core.config import ROOT
from core.domain.clock import Clock
from core.domain.visit import Visit
from core.domain.dimensions import Wording
from core.domain.figures import Figure
from core.domain.periods import Period
from core.domain.selection import SPLITS, Selection
from core.domain.shipment import Destination, Tab
from core.services import figures
from core.services.shipments import queries

FRAME = str(ROOT / "core" / "ui" / "frame.py")

def opened(screen, **link):
    app = AppTest.from_file(FRAME, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    if screen:
        app.run()
        app.switch_page(f"../../pages/{screen}.py")
    app.run()
    assert not app.exception, app.exception
    return app

desk = runtime.get()
clock = Clock(desk.now(), desk.settings.zone)
visit = Visit(desk.settings.local, clock)
everything = Selection(destination=Destination.INTERNATIONAL, tab=Tab.ALL)
wanted = everything.but(currency=("JPY",))
period = Period(date(2020, 1, 1), clock.today)
sheet = dict(figures.definition_sheet(Figure.ON_TIME, period, wanted, rules=desk.rules, clock=clock))
page, delays = opened("", dest="international", tab="all", currency="JPY"), opened("delays", dest="international", rows="currency", weeks="26")
print(json.dumps({
    "link": Selection.read(wanted.link) == wanted,
    "counts": [queries.counts(desk.store, one, visit=visit).tabs[Tab.ALL] for one in (wanted, everything)],
    "stored": desk.store.rows("SELECT count(*) AS n FROM shipment WHERE destination = 'international' AND currency = 'JPY'")[0]["n"],
    "figures": list(figures.split(desk.store, period, everything, "currency", visit=visit)),
    "sheet": sheet["Currency"],
    "control": [page.multiselect(key="currency").label, page.multiselect(key="currency").value, page.multiselect(key="currency").options],
    "chips": page.button_group(key="chips").options,
    "split": [SPLITS["currency"], delays.selectbox(key="delays:rows").value],
    "words": wanted.chips(Wording(clock.today)),
}))
runtime.close()
"""


def test_a_dimension_that_is_a_column_costs_one_entry(tmp_path: Path) -> None:
    copy = tmp_path / "shipdesk"
    for folder in ("core", "pages", ".streamlit"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    table = (copy / TABLE).read_text(encoding="utf-8")
    assert table.count(BEFORE) == 1
    (copy / TABLE).write_text(table.replace(BEFORE, ENTRY + BEFORE), encoding="utf-8")
    found = looked_at(copy, tmp_path / "shop.duckdb")
    some, all_of_them = found["counts"]
    assert found["link"] and 0 < some == found["stored"] < all_of_them
    assert "JPY" in found["figures"] and len(found["figures"]) > 1
    assert found["sheet"] == "JPY"
    label, chosen, offered = found["control"]
    assert (label, chosen) == ("Currency", ["JPY"]) and {"JPY", "USD"} <= set(offered)
    assert found["chips"] == ["Currency JPY :material/close:"]
    assert found["words"] == {"currency": "Currency JPY"}
    assert found["split"] == ["Currency", "currency"]


def looked_at(copy: Path, shop: Path) -> dict[str, Any]:
    """What the script sees of a demo shop that the copy makes."""
    settings = {"SHIPDESK_DB": str(shop), "SHIPDESK_DEMO_SHIPMENTS": "600", "SHIPDESK_SANDBOX": "off", "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=copy,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
