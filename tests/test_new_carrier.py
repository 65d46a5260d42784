"""A carrier that stands only in rules.toml: checked, proposed, asked, timed, watched, shown, used by the demo shop and played there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from core.__main__ import main
from core.carriers import rules as carrier_rules
from core.carriers import tracker_delivery
from core.carriers.client import Client
from core.carriers.service import Access, Number, Reply, TrackingAnswer
from core.domain.carriers import Rules
from core.domain.invoice_number import Level, check, propose
from core.services import uploading
from core.services.shipments import queries
from core.services.tracking import carriers, polling
from core.store.database import Row, Store
from tests.builders import HANA, NOW, a_shipment, a_store, a_visit, an_invoice, nov
from tests.carriers.payloads import node, track
from tests.desk import Service, SetClock, a_desk_on, a_tracker

SHIPPED = Path(carrier_rules.__file__).with_name("rules.toml").read_text(encoding="utf-8")
ENTRY = """
[[carrier]]
code = "magpie"
name = "Magpie Parcel"
aliases = ["까치택배"]
codes = ["MGP-01"]
source = "the carrier's own tracking page"
home = "KR"
zone = "Asia/Seoul"
services = { tracker_delivery = "kr.magpie" }
watch_days = 45
url = "https://magpie.example/{number}"

[[carrier.shape]]
name = "MG and 10 digits"
pattern = 'MG(?P<body>\\d{9})(?P<digit>\\d)'
algorithm = "mod7"

"""
AFTER = '[[carrier]]\ncode = "logen"'
NUMBER, MISTYPED = "MG1000000002", "MG1000000001"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    copy = tmp_path / "rules.toml"
    copy.write_text(SHIPPED.replace(AFTER, ENTRY.lstrip() + AFTER), encoding="utf-8")
    return copy


@pytest.fixture
def rules(file: Path) -> Rules:
    return carrier_rules.parse(file.read_text(encoding="utf-8"))


@pytest.fixture
def installed(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The file in place of the shipped one."""
    monkeypatch.setattr(carrier_rules, "_FILE", file)
    carrier_rules.load.cache_clear()
    yield
    carrier_rules.load.cache_clear()


def test_its_numbers_are_checked_and_it_is_proposed_for_them(rules: Rules) -> None:
    assert check("magpie", NUMBER, rules).level is Level.OK
    assert "check digit should be 2" in check("magpie", MISTYPED, rules).message
    assert "does not fit CJ Logistics; it fits Magpie Parcel" in check("cj", NUMBER, rules).message
    assert propose("mg 1000 0000 02", rules) == ("magpie",)


@pytest.mark.parametrize("words", ["magpie", "Magpie parcel", "까치택배", "mgp-01"])
def test_it_is_found_by_every_name_of_it(rules: Rules, words: str) -> None:
    found = rules.named(words)
    assert found is not None and found.code == "magpie"


def test_it_stands_where_the_file_has_it_in_every_list(rules: Rules) -> None:
    health = [one.name for one in carriers.health(a_store(), Client({}, rules), rules, [], now=NOW, person=HANA.person)]
    choices = [str(cell.value) for cell in load_workbook(BytesIO(uploading.sample(rules, ["S-1"])))["lists"]["A"]]
    for names in (health, choices):
        assert names[names.index("Lotte") : names.index("Logen") + 1] == ["Lotte", "Magpie Parcel", "Logen"]


class Wire:
    """Keeps what was asked and answers with one track."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer, self.asked = answer, dict[str, str]()

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        self.asked = json["variables"]
        return Reply(200, {"data": {"t0": self.answer}})

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        raise AssertionError("this service is never asked by GET")


def test_it_is_asked_under_its_code_and_its_times_without_a_zone_are_read_in_its_own(rules: Rules) -> None:
    number, wire = Number("magpie", NUMBER), Wire(track(node("AT_PICKUP", "2026-11-19T18:00:00", "집화처리", "강남")))
    assert carriers.routes(a_store(), rules, ["tracker_delivery"])["magpie"] == "tracker_delivery"
    assert list(carriers.service_choices(rules.carriers["magpie"])) == [
        "tracker_delivery",
        "seventeen_track",
        "aftership",
        "ship24",
        "easypost",
    ]
    answer = tracker_delivery.ask(wire, Access(), [number], rules)[number]
    assert wire.asked == {"c0": "kr.magpie", "n0": NUMBER}
    assert isinstance(answer, TrackingAnswer)
    assert (answer.checkpoints[0].happened_at, answer.checkpoints[0].zone_assumed) == (nov(19, 9), True)


def test_what_its_service_tells_unasked_is_known_as_its(rules: Rules) -> None:
    [told] = tracker_delivery.parse({"carrierId": "kr.magpie", "trackingNumber": NUMBER}, rules)
    assert (told.carrier, told.number) == ("magpie", NUMBER)


def tracked(store: Store) -> Row:
    """What is stored of the tracking of S-1."""
    whole = queries.whole(store, "S-1", visit=a_visit())
    assert whole and whole.tracking
    return whole.tracking


@pytest.mark.parametrize(("days", "stopped"), [(44, False), (46, True)])
def test_it_is_asked_about_for_as_long_as_the_file_says(rules: Rules, days: int, stopped: bool) -> None:
    silent = NOW - timedelta(days=days)
    store = a_store(a_shipment(ordered_at=silent, invoice=an_invoice(NUMBER, silent, carrier="magpie")))
    tracker = a_tracker(store, Service(), SetClock(NOW), rules=rules, routes=lambda: {"magpie": "tracker_delivery"})
    polling.watch(tracker)
    kept = tracked(store)
    assert (kept["stopped_at"] is not None) is stopped
    polling.refresh_now(tracker, ["S-1"], person=HANA.person)
    kept = tracked(store)
    assert (kept["next_due"] is None) is stopped


@pytest.mark.usefixtures("installed")
def test_the_demo_shop_uses_it_and_the_sandbox_plays_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: Rules) -> None:
    database = tmp_path / "shop.duckdb"
    monkeypatch.setenv("SHIPDESK_DB", str(database))
    assert main(["demo", "--shipments", "900"]) == 0
    store = Store.open(database, threads=1)
    rows = store.rows("SELECT shipment_no, invoice_no, country, status FROM shipment WHERE carrier = 'magpie'")
    assert len(rows) > 10
    assert {row["country"] for row in rows} == {"KR"}
    assert {check("magpie", row["invoice_no"], rules).level for row in rows} == {Level.OK}
    moving = [row["shipment_no"] for row in rows if row["status"] in ("released", "in_delivery", "delivered")]
    with a_desk_on(store, SetClock(datetime.now(UTC) + timedelta(days=2)), rules) as desk:
        report = polling.refresh_now(desk.tracker, moving, person=HANA.person)
        assert (report.asked, report.failed) == (len(moving), 0)
        said = store.rows("SELECT c.text FROM checkpoint c JOIN shipment s USING (shipment_id) WHERE s.carrier = 'magpie'")
    assert "집화처리" in {row["text"] for row in said}
