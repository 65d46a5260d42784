"""The recipes of CONTRIBUTING.md, carried out in a copy of the desk: so many places and no others, and there it is."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.config import ROOT
from tests.test_new_carrier import AFTER, ENTRY, NUMBER

PARTS = ("app.py", "core", "pages")


def recipe(name: str, new: str = "") -> tuple[int, set[str]]:
    """How many places the recipe of this name touches, and which files; `new` is put for NAME in them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [(places, files)] = re.findall(rf"^\| {name} \| (\d+) \| (.*?) \|", text, re.MULTILINE)
    return int(places), {file.replace("NAME", new) for file in re.findall(r"`([\w/]+\.\w+)`", files)}


class Copy:
    """A copy of the desk, and the files that were edited or made in it."""

    def __init__(self, root: Path) -> None:
        self.root, self.touched = root, set[str]()
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, root / part)
            else:
                shutil.copy(ROOT / part, root / part)

    def put(self, file: str, text: str) -> None:
        self.touched.add(file)
        (self.root / file).write_text(text, encoding="utf-8")

    def edit(self, file: str, before: str, after: str) -> None:
        text = (self.root / file).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{file}: {before}"
        self.put(file, text.replace(before, after))

    def run(self, *arguments: str) -> str:
        """What Python prints there; tests' builders are at hand."""
        path = os.pathsep.join((str(self.root), str(ROOT)))
        environment = os.environ | {"PYTHONPATH": path, "SHIPDESK_DB": str(self.root / "shop.duckdb")}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def a_dimension(copy: Copy) -> None:
    file, last = "core/domain/selection.py", '        AnyOf("country", FIELDS.in_english["country"]),\n'
    copy.edit(file, last, f'{last}        AnyOf("city", "Town", missing="No town"),\n')
    said = copy.run("-c", DIMENSION).splitlines()
    assert said == [
        "{'dest': ['domestic'], 'tab': ['all'], 'city': ['Busan', '']}",
        "Town Busan, No town",
        "2",
        "['Busan', 'Seoul']",
        "Town",
        "3",
    ]


DIMENSION = """
from dataclasses import replace
from core.domain.clock import Clock
from core.domain.people import Person, Role
from core.domain.visit import Visit
from core.domain.selection import DIMENSIONS, SPLITS, Selection, Wording
from core.domain.shipment import Tab
from core.services import figures
from core.services.shipments import queries
from core.domain.figures import Figure
from core.domain.periods import Period
from tests.builders import ADDRESS, NOW, SEOUL, TODAY, a_shipment, a_store

towns = ("Seoul", "Busan", "")
store = a_store(*[a_shipment(f"S-{town}", address=replace(ADDRESS, city=town)) for town in towns])
wanted, clock = Selection.read({"tab": ["all"], "city": ["Busan", ""]}), Clock(NOW, SEOUL)
visit = Visit(Person("Hana", Role.STAFF), clock)
print(wanted.link)
print(DIMENSIONS["city"].chip(wanted["city"], Wording(TODAY)))
print(queries.counts(store, wanted, visit=visit).tabs[Tab.ALL])
print(queries.choices(store, person=visit.person)["city"])
print(SPLITS["city"])
period = Period(TODAY.replace(day=1), TODAY)
print(len(figures.pivot(store, period, Selection(), ("city", "warehouse"), Figure.PROMISED, visit=visit).rows))
"""


def a_carrier(copy: Copy) -> None:
    copy.edit("core/carriers/rules.toml", AFTER, ENTRY.lstrip() + AFTER)
    assert "Magpie Parcel" in copy.run("-m", "core", "check-number", "까치택배", NUMBER)


def a_figure(copy: Copy) -> None:
    copy.edit("core/domain/figures.py", '    OPEN = "open"\n', '    OPEN = "open"\n    ATTEMPTED = "attempted"\n')
    copy.edit("core/domain/figures.py", ")\n\nDEFINITIONS", f"{DEFINITION})\n\nDEFINITIONS")
    last = '    Figure.OPEN: Rule("open", (_CANCELLED,)),\n'
    copy.edit("core/store/figure_rules.py", last, last + '    Figure.ATTEMPTED: Rule("attempted", (_CANCELLED,)),\n')
    assert copy.run("-c", FIGURE).splitlines() == ["Attempted 1 2", "Attempted: with an attempt, ordered 1 – 16 Nov", "1"]


DEFINITION = """    Definition(
        Figure.ATTEMPTED,
        "Attempted",
        Unit.COUNT,
        "Shipments of the period with an attempt to deliver.",
        "With an attempt",
        "Shipments of the period",
        (CANCELLED,),
        Good.NONE,
    ),
"""
FIGURE = """
from core.domain.clock import Clock
from core.domain.people import Person, Role
from core.domain.visit import Visit
from core.domain.figures import Figure, Part
from core.domain.periods import Period
from core.domain.selection import Behind, Selection, Wording, DIMENSIONS
from core.domain.shipment import Stage, Tab
from core.services import figures
from core.services.shipments import queries
from tests.builders import NOW, SEOUL, TODAY, a_checkpoint, a_shipment, a_store

store = a_store(a_shipment("S-1"), a_shipment("S-2", scans=[a_checkpoint(Stage.ATTEMPT_FAILED)]))
period, clock = Period(TODAY.replace(day=1), TODAY), Clock(NOW, SEOUL)
visit = Visit(Person("Hana", Role.STAFF), clock)
for line in figures.report(store, period.first, period.last, visit=visit)["figures"]:
    if line["figure"] == "attempted" and line["denominator"] == 2:
        print(line["name"], line["numerator"], line["denominator"])
behind = Behind(Figure("attempted"), Part.NUMERATOR, period)
print(DIMENSIONS["behind"].chip(behind, Wording(TODAY)))
print(queries.counts(store, Selection.read(Selection(behind=behind, tab=Tab.ALL).link), visit=visit).tabs[Tab.ALL])
"""


def a_page(copy: Copy) -> None:
    copy.put("pages/returns.py", '"""Returns: what came back."""\n\nimport streamlit as st\n\nst.header("What came back")\n')
    other = '        _page("carriers.py"'
    page = '        _page("returns.py", title="Returns", icon=":material/undo:"),'
    copy.edit("core/ui/kit/navigation.py", other, f"{page}\n{other}")
    assert copy.run("-c", PAGE).splitlines() == ["['What came back']", "True"]


PAGE = """
from pathlib import Path
from core.web.addresses import PAGES
from tests.screens import a_shop, opened

with a_shop(Path.cwd(), 0):
    print([one.value for one in opened("returns").header])
print("returns" in PAGES)
"""


def a_tracking_service(copy: Copy) -> None:
    copy.put("core/carriers/rookery.py", SERVICE)
    copy.edit(
        "core/carriers/services.py",
        "import aftership, dhl, easypost, seventeen",
        "import aftership, dhl, easypost, rookery, seventeen",
    )
    copy.edit("core/carriers/services.py", "easypost, dhl)", "easypost, dhl, rookery)")
    (copy.root / "answer.json").write_text('{"no": "RK1", "at": "2026-11-13T01:00:00Z", "code": "home"}', encoding="utf-8")
    assert copy.run("-m", "core", "explain", "Rookery Post", "answer.json").splitlines()[0] == "RK1: delivered, delivered"


SERVICE = '''"""Rookery Post: one number a call."""

from core.carriers.reading import UNKNOWN, Inquiry, Notes, WrittenEvent, answer, text
from core.domain.errors import Refused
from core.domain.shipment import Stage

NAME, TITLE, BASE_URL, BATCH, RATE, WORLDWIDE = "rookery", "Rookery Post", "https://rookery.example", 1, 1.0, True
STAGES = {"home": Stage.DELIVERED}


def ask(http, access, numbers, rules):
    found = {}
    for number in numbers:
        found[number] = parse(http.get(f"/{number.invoice_no}").payload, rules, [number])[0]
    return found


def parse(payload, rules, numbers=()):
    if "no" not in payload:
        raise Refused(f"This is not an answer of {TITLE}.")
    notes = Notes()
    code, stage = notes.meaning(STAGES, text(payload.get("code")))
    event = WrittenEvent(payload.get("at"), code, stage, "", "")
    asked = Inquiry(NAME, rules, numbers)
    return [answer(asked.number(payload["no"]), UNKNOWN, latest=event, events=[event], notes=notes)]


def signed(headers, body, access):
    return False
'''


def an_order_layout(copy: Copy) -> None:
    copy.put("core/files/layouts/rookery.toml", LAYOUT)
    (copy.root / "orders.csv").write_text(ORDERS, encoding="utf-8")
    said = json.loads(copy.run("-m", "core", "import", "orders.csv", "--dry-run", "--json"))
    assert (said["layout"], said["new"], said["unused"], [one["row"] for one in said["left_out"]]) == (
        "rookery",
        1,
        ["Mood"],
        [3],
    )
    assert said["read"][0]["recipient"] == "Jane Roe"
    assert said["read"][0]["ordered_at"] == "2026-11-28T08:14:00+09:00"


LAYOUT = """
title = "Rookery Market"
zone = "America/New_York"
country = "US"
marks = ["Nest order", "Perch", "Fledged on"]

[columns]
order_no = "Nest order"
ordered_at = "Fledged on|Hatched on"
recipient = { join = ["Given name", "Family name"] }
address = "Perch"
product_name = "Twig"
quantity = "Twigs"

[[leave]]
reason = "cancelled"
column = "State"
is = ["flown"]
"""
ORDERS = """Nest order,Fledged on,Given name,Family name,Perch,Twig,Twigs,State,Mood
N-1,2026-11-27 18:14,Jane,Roe,1 Example St,Shirt,2,nesting,good
N-2,2026-11-27 18:15,Kim,Roe,2 Example St,Shirt,1,flown,
"""


@pytest.mark.parametrize(
    ("cooked", "new"),
    [
        (a_dimension, ""),
        (a_carrier, ""),
        (a_figure, ""),
        (a_page, "returns"),
        (a_tracking_service, "rookery"),
        (an_order_layout, "rookery"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_a_recipe_touches_the_places_it_says_and_works(copy: Copy, cooked: Callable[[Copy], None], new: str) -> None:
    cooked(copy)
    places, files = recipe(cooked.__name__.replace("_", " "), new)
    assert (len(copy.touched), copy.touched) == (places, files)
