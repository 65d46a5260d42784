"""The Register page behind its two boxes: what a scan becomes, what is said of it, and what can be taken back."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.ui.kit.table import TableEvent
from core.ui.register import registering
from core.ui.register.scan_boxes import BoxesShown
from tests.builders import CJ, CJ_OTHER, HANJIN, JUN, RULES, a_shipment, add, an_invoice, the
from tests.screens import a_shop, again, desk, opened, pressed, words

DOUBTFUL = "95825729135"


class Scanner:
    """In place of the boxes: what is scanned waits here, and is answered as the page is drawn."""

    def __init__(self) -> None:
        self.station = uuid4().hex
        self.jobs: list[dict[str, Any]] = []
        self.shown: BoxesShown | None = None

    def scan(self, kind: str = "save", **texts: Any) -> str:
        self.jobs.append({"id": f"{self.station}-{len(self.jobs)}", "kind": kind, **texts})
        return str(self.jobs[-1]["id"])

    def draw(self, shown: BoxesShown, *, key: str, on_scan: Callable[[], None]) -> None:
        self.shown = shown
        if self.jobs:
            on_scan()

    def answer(self, job: str) -> dict[str, Any]:
        assert self.shown
        return next(dict(answer) for answer in self.shown.answers if answer["id"] == job)


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("registering")):
        yield


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> Scanner:
    made = Scanner()
    monkeypatch.setattr(registering, "scan_boxes", made.draw)
    monkeypatch.setattr(registering, "jobs", lambda key: made.jobs)
    return made


@pytest.fixture
def last_ten(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The rows as they were last drawn; `press` in the session is done as they are."""
    shown: list[dict[str, Any]] = []

    def draw(columns: object, rows: list[dict[str, Any]], *, on_event: Callable[[TableEvent], None], **said: object) -> None:
        shown[:] = rows
        if presses:
            on_event(presses.pop())

    presses.clear()
    monkeypatch.setattr(registering, "table", draw)
    return shown


presses: list[TableEvent] = []


def scanned(app: AppTest, scanner: Scanner, first: str, second: str, carrier: str = "cj", **said: Any) -> AppTest:
    scanner.scan(first=first, second=second, carrier=carrier, **said)
    return again(app)


def invoice(shipment_no: str) -> str:
    found = the(desk().store, shipment_no).invoice
    return found.invoice_no if found else ""


def waiting(*shipment_nos: str, **fields: Any) -> None:
    add(desk().store, *(a_shipment(number, **fields) for number in shipment_nos))


def test_a_scan_of_both_is_registered_and_heads_the_last_ten(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    waiting("R-1")
    app = scanned(opened("register"), scanner, "R-1", CJ)
    assert invoice("R-1") == CJ
    assert (last_ten[0]["shipment_no"], last_ten[0]["invoice_no"], last_ten[0]["carrier"]) == ("R-1", CJ, "CJ Logistics")
    assert last_ten[0]["undo"] == {"name": "undo", "word": "Undo"}
    assert "Today: **1** registered" in words(app)


def test_the_first_box_is_answered_with_the_shipment_and_its_companies(scanner: Scanner) -> None:
    waiting("R-2")
    job = scanner.scan("look", first="R-2")
    again(opened("register"))
    answer = scanner.answer(job)
    assert (answer["shipment_no"], answer["shipment"]["recipient"]) == ("R-2", "Ada Kim")
    assert "order O-R-2" in answer["shipment"]["where"]
    assert invoice("R-2") == ""


def test_an_answer_is_given_once_however_often_the_queue_comes(scanner: Scanner) -> None:
    waiting("R-3")
    app = scanned(opened("register"), scanner, "R-3", CJ_OTHER)
    version = the(desk().store, "R-3").version
    again(app)
    assert the(desk().store, "R-3").version == version
    assert len(scanner.shown.answers if scanner.shown else ()) == 1


def test_a_refused_number_is_said_counted_and_listed(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    waiting("R-4")
    app = scanned(opened("register"), scanner, "R-4", "12")
    assert (invoice("R-4"), len(app.error)) == ("", 1)
    assert (last_ten[0]["shipment_no"], last_ten[0]["result"]["hue"]) == ("R-4", "red")
    assert "**1** refused" in words(app)


def test_what_does_not_exist_is_refused_under_what_was_scanned(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    app = scanned(opened("register"), scanner, "R-nothing", CJ)
    assert app.error
    assert last_ten[0]["shipment_no"] == "R-nothing"


def test_a_doubt_is_asked_about_and_confirmed_by_the_next_press(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    waiting("R-5")
    app = scanned(opened("register"), scanner, "R-5", DOUBTFUL, "logen")
    assert (invoice("R-5"), len(app.warning), last_ten[0]["shipment_no"]) == ("", 1, "R-5")
    scanned(app, scanner, "R-5", DOUBTFUL, "logen", confirmed=True)
    assert (invoice("R-5"), len(app.warning)) == (DOUBTFUL, 0)
    assert [row["shipment_no"] for row in last_ten].count("R-5") == 1


def test_a_shipment_of_another_warehouse_is_asked_about_first(scanner: Scanner) -> None:
    waiting("R-6", "R-7", warehouse="Busan")
    waiting("R-8", warehouse="Gimpo")
    app = opened("register", warehouse="Gimpo")
    assert scanner.shown and scanner.shown.warehouse == "Gimpo"
    scanned(app, scanner, "R-6", CJ)
    assert (invoice("R-6"), len(app.warning)) == ("", 1)
    scanned(app, scanner, "R-6", HANJIN, "hanjin", agreed=True)
    assert invoice("R-6") == HANJIN


def test_the_warehouse_that_is_chosen_stands_in_the_link(scanner: Scanner) -> None:
    waiting("R-9", warehouse="Busan")
    app = opened("register")
    scanner.scan("warehouse", text="Busan")
    again(app)
    assert app.query_params["warehouse"] == "Busan"
    scanner.scan("warehouse", text="")
    again(app)
    assert "warehouse" not in app.query_params


def test_a_warehouse_that_does_not_exist_is_left_out(scanner: Scanner) -> None:
    opened("register", warehouse="nowhere")
    assert scanner.shown and scanner.shown.warehouse == ""


def test_the_last_one_is_undone_by_its_key(scanner: Scanner) -> None:
    waiting("R-10")
    app = scanned(opened("register"), scanner, "R-10", "A1010", "other", confirmed=True)
    scanner.scan("undo")
    again(app)
    assert invoice("R-10") == ""
    assert "R-10" in app.info[0].value.replace("\\", "")


def test_any_of_the_last_ten_is_undone_by_its_button(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    waiting("R-11")
    app = scanned(opened("register"), scanner, "R-11", "A1011", "other", confirmed=True)
    presses.append(TableEvent("undo", next(row["id"] for row in last_ten if row["shipment_no"] == "R-11")))
    again(again(app))
    assert invoice("R-11") == ""
    assert next(row["undo"] for row in last_ten if row["shipment_no"] == "R-11") == "Undone"


def test_two_tabs_of_one_person_show_the_same(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    waiting("R-16")
    scanned(opened("register"), scanner, "R-16", "A1016", "other", confirmed=True)
    shown = list(last_ten)
    scanner.jobs.clear()
    again(opened("register"))
    assert last_ten == shown
    assert last_ten[0]["shipment_no"] == "R-16"


def test_what_moved_on_stays_and_is_said_to(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    waiting("R-12")
    app = scanned(opened("register"), scanner, "R-12", "A1012", "other", confirmed=True)
    moved = invoices.Entry("other", "A9012")
    batch = last_ten[0]["id"]
    invoices.modify(desk().store, RULES, "R-12", moved, request=Request(JUN, desk().now()))
    presses.append(TableEvent("undo", batch))
    again(again(app))
    assert invoice("R-12") == "A9012"
    assert "R-12 stayed" in words(app)


def test_a_shipment_of_the_last_ten_opens(scanner: Scanner, last_ten: list[dict[str, Any]]) -> None:
    waiting("R-13")
    app = scanned(opened("register"), scanner, "R-13", "A1013", "other", confirmed=True)
    presses.append(TableEvent("open", last_ten[0]["id"]))
    again(app)
    assert "order O-R-13" in words(app)


def test_a_fault_of_ours_is_said_with_its_id_and_the_next_scan_works(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting("R-14")
    with monkeypatch.context() as broken:
        broken.setattr("core.services.shipments.scan.register", lambda *said, **named: 1 / 0)
        app = scanned(opened("register"), scanner, "R-14", CJ)
    assert "Error id E-" in app.error[0].value.replace("\\", "")
    scanned(app, scanner, "R-14", "A-1014", "other", confirmed=True)
    assert invoice("R-14") == "A1014"


def test_a_company_that_was_taken_of_several_is_named_and_another_is_a_press_away(
    scanner: Scanner, last_ten: list[dict[str, Any]]
) -> None:
    lane = {"policy": "Twofold"}
    hanjin, lotte = an_invoice("530727039920", carrier="hanjin"), an_invoice("233456789014", carrier="lotte")
    add(desk().store, a_shipment("T-1", invoice=hanjin, **lane), a_shipment("T-2", invoice=lotte, **lane))
    waiting("T-3", "T-4", **lane)
    app = scanned(opened("register"), scanner, "T-3", "412345678905", carrier="")
    assert the(desk().store, "T-3").invoice.carrier == "hanjin"  # type: ignore[union-attr]
    assert "Hanjin was taken for T-3" in words(app)
    scanner.jobs.clear()
    app = pressed(app, "register:take:lotte")
    assert the(desk().store, "T-3").invoice.carrier == "lotte"  # type: ignore[union-attr]
    assert [(row["carrier"], row["invoice_no"]) for row in last_ten[:2]] == [
        ("Lotte", "412345678905"),
        ("Hanjin", "412345678905"),
    ]
    assert "register:take:hanjin" in {button.key for button in app.button}
    presses.append(TableEvent("undo", last_ten[0]["id"]))
    app = again(again(app))
    assert the(desk().store, "T-3").invoice.carrier == "hanjin"  # type: ignore[union-attr]
    assert "T-3 goes with Hanjin again" in words(app)
    assert "register:take:lotte" not in {button.key for button in app.button}
