"""Working the worklist on screen: one shipment, many at once, whose it is, what is new, and what the buyer is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.config import Settings
from core.domain.people import Person, Role
from core.domain.shipment import Handling, Shipment, Stage
from core.domain.worklist import WorkState, notes_of
from core.services.shipments import worklist
from core.services.shipments.changes import Actor, Request
from core.store import history
from core.ui.kit import filters
from tests.builders import a_checkpoint, a_shipment, a_visit, add, staff, the
from tests.screens import a_shop, again, buttons, desk, drawn, opened, pressed, rows, words

HANA = Actor(staff("Hana Seo"))
JUN = Actor(staff("Jun Park"))


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("worklist"), 0, SHIPDESK_SANDBOX="off"):
        yield


def late(number: str, days: int = 1) -> Shipment:
    """On its way, and promised for a day that is over."""
    now = desk().now()
    scans = [a_checkpoint(Stage.PICKED_UP, now - timedelta(days=2)), a_checkpoint(Stage.IN_TRANSIT, now - timedelta(hours=1))]
    parcel = a_shipment(number, scans=scans, promised_on=(now - timedelta(days=days)).date())
    ordered = now - timedelta(days=4)
    invoices = tuple(replace(one, changed_at=now - timedelta(days=3)) for one in parcel.invoices)
    return a_shipment(
        number, invoices=invoices, scans=scans, promised_on=parcel.promised_on, ordered_at=ordered, released_at=ordered
    )


def handling(number: str) -> Handling:
    return the(desk().store, number).handling


def notes(number: str) -> list[str]:
    return [note.text for note in notes_of(history.of_shipment(desk().store, the(desk().store, number).shipment_id))]


def listed(**link: str) -> list[str]:
    return [row["id"] for row in rows(opened(tab="all", **link), filters.TABLE)]


def selecting(app: AppTest, *numbers: str) -> AppTest:
    app.session_state[f"{filters.TABLE}:selection"] = {"ids": list(numbers), "generation": "1"}
    return again(app)


def test_a_shipment_is_assigned_in_its_panel_and_found_by_whose_it_is() -> None:
    add(desk().store, late("A-1"), late("A-2"))
    app = opened("shipment", no="A-1")
    box = app.selectbox(key=f"assign:{the(desk().store, 'A-1').shipment_id}")
    assert box.value == ""
    box.set_value("Hana Seo")
    again(app)
    assert handling("A-1").assigned_to == "Hana Seo"
    assert listed(assigned="Hana Seo") == ["A-1"]
    assert "A-1" not in listed(assigned="") and "A-2" in listed(assigned="")


def test_snoozed_and_done_ones_leave_the_worklist_and_come_back_by_a_press() -> None:
    add(desk().store, late("B-1"), late("B-2"))
    app = pressed(opened("shipment", no="B-1"), "work:until:3")
    assert handling("B-1").snoozed_until is not None
    assert "Snoozed until" in words(app)
    pressed(opened("shipment", no="B-2"), "work:done")
    to_do = listed(work="open")
    assert "B-1" not in to_do and "B-2" not in to_do
    assert listed(work="snoozed") == ["B-1"]
    assert listed(work="done") == ["B-2"]
    pressed(opened("shipment", no="B-2"), "work:reopen")
    assert "B-2" in listed(work="open")


def test_a_note_is_written_and_taken_back() -> None:
    add(desk().store, a_shipment("C-1"))
    app = opened("shipment", no="C-1")
    app.text_area[0].set_value("Call before noon")
    app = pressed(app, "Add note")
    assert notes("C-1") == ["Call before noon"]
    assert "Call before noon" in " ".join(text.value for text in app.text)
    assert app.text_area[0].value == ""
    app = pressed(app, "Take back note")
    assert notes("C-1") == []


def test_an_empty_note_is_refused_beside_the_box() -> None:
    add(desk().store, a_shipment("C-2"))
    app = pressed(opened("shipment", no="C-2"), "Add note")
    assert "The note is empty" in words(app)


def test_somebody_elses_note_is_taken_back_by_an_admin_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk().store, a_shipment("C-3"))
    worklist.note(desk().store, ["C-3"], "Mine", request=Request(JUN, desk().now()))
    assert "Take back note" in buttons(opened("shipment", no="C-3"))
    monkeypatch.setattr(Settings, "local", property(lambda _: Person("Vera", Role.STAFF)))
    assert "Take back note" not in buttons(opened("shipment", no="C-3"))


def test_a_viewer_reads_whose_it_is_and_that_there_are_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk().store, late("D-1"))
    worklist.note(desk().store, ["D-1"], "Ada Kim moved", request=Request(JUN, desk().now()))
    worklist.assign(desk().store, desk().sign_ins, ["D-1"], "Jun Park", request=Request(JUN, desk().now()))
    monkeypatch.setattr(Settings, "local", property(lambda _: Person("Vera", Role.VIEWER)))
    app = opened("shipment", no="D-1")
    assert "Assigned to Jun Park" in words(app)
    assert "•••" in " ".join(text.value for text in app.text)
    assert "Ada Kim moved" not in str(app)
    assert not buttons(app) & {"Add note", "Take back note", "Done", "Tell the buyer"}


def test_the_buyer_is_told_in_their_language_and_the_history_says_so() -> None:
    add(desk().store, late("E-1"))
    app = pressed(opened("shipment", no="E-1"), "buyer:toggle")
    number = the(desk().store, "E-1").shipment_id
    assert drawn(app, f"buyer:{number}:message")["lang"] == "ko"
    said = drawn(app, f"buyer:{number}:message")
    assert "O-E-1" in said["subject"] and "O-E-1" in said["body"]
    app.button_group(key=f"buyer:{number}:language").set_value("en")
    english = drawn(again(app), f"buyer:{number}:message")
    assert "your order O-E-1" in english["body"] and "https://" in english["body"]


def test_selected_rows_are_worked_at_once_and_those_that_may_not_be_are_named() -> None:
    add(desk().store, late("F-1"), late("F-2"), a_shipment("F-3"))
    app = selecting(opened(tab="all"), "F-1", "F-2", "F-3")
    app = pressed(app, "working:done")
    assert "2 shipments are done" in words(app)
    assert "F-3 stays as it is" in words(app)
    assert {"F-1", "F-2"} <= set(listed(work="done"))
    pressed(app, "working:undo")
    assert {"F-1", "F-2"} <= set(listed(work="open"))


def test_many_are_assigned_and_noted_at_once() -> None:
    add(desk().store, late("G-1"), late("G-2"))
    app = selecting(opened(tab="all"), "G-1", "G-2")
    app.selectbox(key="working:to").set_value("Hana Seo")
    app = pressed(app, "working:assign")
    app.text_area[0].set_value("Carrier was asked")
    app = pressed(app, "working:noted")
    assert [handling(number).assigned_to for number in ("G-1", "G-2")] == ["Hana Seo"] * 2
    assert [notes(number) for number in ("G-1", "G-2")] == [["Carrier was asked"]] * 2
    assert app.text_area[0].value == ""


def test_the_worklist_of_overview_is_everybodys_ones_own_or_nobodys() -> None:
    add(desk().store, late("H-1"), late("H-2"))
    worklist.assign(desk().store, desk().sign_ins, ["H-1"], "Hana Seo", request=Request(HANA, desk().now()))
    app = opened("overview", kind="standard")
    everybodys = tasks(app)
    app.button_group(key="whose").set_value(("Hana Seo",))
    mine = tasks(again(app))
    assert app.query_params["assigned"] == "Hana Seo"
    assert 0 < mine < everybodys
    assert mine + tasks(opened("overview", assigned="")) <= everybodys


def tasks(app: AppTest) -> int:
    return sum(int(row["count"]["text"].replace(",", "")) for row in rows(app, "worklist"))


def test_what_is_new_is_marked_as_long_as_the_look_lasts() -> None:
    store, now = desk().store, desk().now()
    store.write(lambda connection: connection.execute("DELETE FROM looked") and None)
    visit = a_visit(now - timedelta(days=9), desk().settings.zone, Person("Hana Seo", Role.ADMIN))
    worklist.look(store, visit=visit)
    add(store, late("N-1"))
    for _ in range(2):
        found = {row["id"]: row for row in drawn(opened("overview"), "worklist")["rows"]}
        assert found["past_promise"]["flag"]["new"] and found["past_promise"]["new"]
    [row] = drawn(opened(tab="all", q="N-1"), filters.TABLE)["rows"]
    assert row["flag"]["new"]


def test_a_list_of_the_worklist_says_in_whose_hands_each_is() -> None:
    add(desk().store, late("I-1"))
    worklist.assign(desk().store, desk().sign_ins, ["I-1"], "Jun Park", request=Request(JUN, desk().now()))
    shown = {row["id"]: row["in_hand"] for row in rows(opened(tab="all", work=WorkState.OPEN), filters.TABLE)}
    assert shown["I-1"] == "Jun Park"
