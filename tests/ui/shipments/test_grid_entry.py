"""Invoices typed into a grid: who is in it, the verdict on what is typed, what is saved, and what stays."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.errors import Refused
from core.domain.invoice_number import complete
from core.services.shipments.lanes import CompanyReason
from core.ui.kit.filters import TABLE
from core.ui.shipments import entry_grid, grid_entry
from core.ui.shipments.entry_grid import GridShown
from tests.builders import RULES, a_checkpoint, a_shipment, add, an_invoice, the
from tests.screens import a_shop, again, buttons, desk, opened, pressed, words

DOUBTFUL = "95825729135"


class Boxes:
    """In place of the boxes: what is typed in them, until they are laid out anew."""

    def __init__(self) -> None:
        self.shown: GridShown | None = None
        self.typed: dict[str, list[Any]] = {}

    def draw(self, shown: GridShown, *, key: str, on_save: Callable[[], None]) -> None:
        if self.shown and self.shown.turn != shown.turn:
            self.typed = {}
        self.shown = shown

    def read(self, key: str, turn: str) -> dict[str, list[Any]]:
        return self.typed if self.shown and self.shown.turn == turn else {}

    @property
    def rows(self) -> list[str]:
        assert self.shown
        return [row["id"] for row in self.shown.rows]


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("grid")):
        yield


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> Boxes:
    made = Boxes()
    monkeypatch.setattr(entry_grid, "entry_grid", made.draw)
    monkeypatch.setattr(entry_grid, "typed", made.read)
    return made


def waiting(*shipment_nos: str) -> None:
    add(desk().store, *(a_shipment(number) for number in shipment_nos))


def selecting(*shipment_nos: str, **link: str) -> AppTest:
    """The list with these shipments selected."""
    app = opened(**link)
    app.session_state[f"{TABLE}:selection"] = {"ids": list(shipment_nos), "generation": "of the test"}
    return again(app)


def grid(*shipment_nos: str) -> AppTest:
    """The grid over new shipments that wait."""
    waiting(*shipment_nos)
    return pressed(selecting(*shipment_nos), "grid:offer")


def typed(app: AppTest, boxes: Boxes, **rows: tuple[str, str] | tuple[str, str, bool]) -> AppTest:
    """After a company and a number were typed for each shipment; `G_1` stands for G-1."""
    for name, (company, number, *confirmed) in rows.items():
        boxes.typed[name.replace("_", "-")] = [company, number, bool(confirmed)]
    return again(app)


def invoice(shipment_no: str) -> str:
    found = the(desk().store, shipment_no).invoice
    return found.invoice_no if found else ""


def verdict(boxes: Boxes, shipment_no: str) -> dict[str, Any]:
    assert boxes.shown
    return dict(boxes.shown.verdicts[shipment_no])


def test_only_those_selected_that_may_take_an_invoice_are_in_the_grid(boxes: Boxes) -> None:
    waiting("G-1", "G-2")
    add(desk().store, a_shipment("G-3", invoice=an_invoice()), a_shipment("G-4", scans=[a_checkpoint()]))
    app = selecting("G-2", "G-3", "G-1", "G-4", tab="all")
    assert "Enter 2 invoices" in buttons(app)
    pressed(app, "grid:offer")
    assert boxes.rows == ["G-2", "G-1"]


def test_without_a_selection_nothing_is_offered() -> None:
    assert not [label for label in buttons(opened()) if label.startswith("Enter ")]


def test_what_is_typed_is_judged_before_anything_is_saved(boxes: Boxes) -> None:
    app = grid("G-5", "G-6", "G-7")
    assert app.button(key="grid:save").disabled
    typed(app, boxes, G_5=("Other", "A1005"), G_6=("CJ Logistics", "12"))
    assert (verdict(boxes, "G-5")["chip"]["hue"], verdict(boxes, "G-6")["chip"]["hue"]) == ("green", "red")
    assert verdict(boxes, "G-6")["why"]
    assert boxes.shown and "G-7" not in boxes.shown.verdicts
    assert "Register 1 shipment" in buttons(app)
    assert (invoice("G-5"), invoice("G-6")) == ("", "")


def test_what_is_ready_is_registered_and_the_rest_stays_with_its_reason(boxes: Boxes) -> None:
    app = grid("G-8", "G-9")
    pressed(typed(app, boxes, G_8=("Other", "A1008"), G_9=("CJ Logistics", "12")), "grid:save")
    assert (invoice("G-8"), invoice("G-9"), boxes.rows) == ("A1008", "", ["G-9"])
    assert boxes.shown and list(boxes.shown.values["G-9"]) == ["CJ Logistics", "12", False]
    assert "1 shipment registered as batch" in app.success[0].value
    assert app.session_state[f"{TABLE}:selection"]["ids"] == ["G-9"]


def test_with_nothing_left_the_grid_closes_and_says_what_was_done(boxes: Boxes) -> None:
    app = grid("G-10", "G-11")
    pressed(typed(app, boxes, G_10=("Other", "A1010"), G_11=("Other", "A1011")), "grid:save")
    assert (invoice("G-10"), invoice("G-11")) == ("A1010", "A1011")
    assert "grid:save" not in [button.key for button in app.button]
    assert "2 shipments registered as batch" in words(app)


def test_all_of_a_grid_are_one_batch(boxes: Boxes) -> None:
    app = grid("G-12", "G-13")
    pressed(typed(app, boxes, G_12=("Other", "A1012"), G_13=("Other", "A1013")), "grid:save")
    rows = desk().store.rows("SELECT DISTINCT batch_id, source FROM history WHERE after LIKE '%A1012%' OR after LIKE '%A1013%'")
    assert [row["source"] for row in rows] == ["form"]


def test_a_warning_is_confirmed_in_its_row(boxes: Boxes) -> None:
    app = typed(grid("G-14"), boxes, G_14=("Logen", DOUBTFUL))
    assert (verdict(boxes, "G-14")["act"], app.button(key="grid:save").disabled) == ("Confirm", True)
    typed(app, boxes, G_14=("Logen", DOUBTFUL, True))
    assert verdict(boxes, "G-14")["act"] == "Take back"
    pressed(app, "grid:save")
    assert invoice("G-14") == DOUBTFUL


def test_one_company_fills_the_rows_that_have_none(boxes: Boxes) -> None:
    app = typed(grid("G-15", "G-16"), boxes, G_15=("", "A1015"), G_16=("CJ Logistics", "12"))
    app.selectbox(key="grid:fill").set_value("Other").run()
    assert boxes.shown and [values[0] for values in boxes.shown.values.values()] == ["Other", "CJ Logistics"]
    assert app.selectbox(key="grid:fill").value is None


def on_a_lane(*shipment_nos: str) -> AppTest:
    """The grid over new shipments, of whose lane parcels went with CJ Logistics lately."""
    lane, at = f"Lane of {shipment_nos[0]}", desk().now()
    add(
        desk().store,
        a_shipment(f"{shipment_nos[0]}-sent", policy=lane, invoice=an_invoice(of_cj(int(at.timestamp()) % 10**8), at)),
    )
    add(desk().store, *(a_shipment(number, policy=lane) for number in shipment_nos))
    return pressed(selecting(*shipment_nos), "grid:offer")


def of_cj(n: int) -> str:
    return complete(RULES.carriers["cj"], f"64{n:09}")


def test_a_company_that_nobody_chose_is_proposed_and_is_no_choice(boxes: Boxes) -> None:
    app = typed(on_a_lane("G-30", "G-31", "G-32"), boxes, G_30=("", of_cj(30)), G_31=("Hanjin", of_cj(31)), G_32=("", "12"))
    said = [verdict(boxes, number) for number in ("G-30", "G-31", "G-32")]
    assert [(one["proposed"], one["company"], one["of"][0]) for one in said] == [
        ("CJ Logistics", "", ""),
        ("", "Hanjin", "Hanjin"),
        ("", "", ""),
    ]
    assert (said[0]["why"], said[2]["chip"]["hue"]) == (str(CompanyReason.PROPOSED("alone", company="CJ Logistics")), "red")
    pressed(app, "grid:save")
    assert (invoice("G-30"), invoice("G-31"), boxes.rows) == (of_cj(30), "", ["G-31", "G-32"])
    assert "The company of 1 was proposed" in app.success[0].value
    reasons = [row["reason"] for row in desk().store.rows(f"SELECT reason FROM history WHERE after LIKE '%{of_cj(30)}%'")]
    assert reasons == [said[0]["why"]]


def test_ten_invoices_are_saved_with_one_press_and_no_company(boxes: Boxes) -> None:
    numbers = [f"G-{n}" for n in range(40, 50)]
    app = on_a_lane(*numbers)
    typed(app, boxes, **{number.replace("-", "_"): ("", of_cj(int(number[2:]))) for number in numbers})
    pressed(app, "grid:save")
    assert [invoice(number) for number in numbers] == [of_cj(n) for n in range(40, 50)]


def test_the_company_for_the_rest_leaves_what_is_proposed(boxes: Boxes) -> None:
    app = typed(on_a_lane("G-33", "G-34"), boxes, G_33=("", of_cj(33)), G_34=("", "A1034"))
    app.selectbox(key="grid:fill").set_value("Other").run()
    assert boxes.shown and [values[0] for values in boxes.shown.values.values()] == ["", "Other"]
    assert verdict(boxes, "G-33")["proposed"] == "CJ Logistics"


def test_a_proposal_whose_number_proves_nothing_is_confirmed_in_its_row(boxes: Boxes) -> None:
    at = desk().now()
    add(desk().store, a_shipment("G-35-sent", policy="Post", invoice=an_invoice("1234509876543", at, carrier="korea_post")))
    add(desk().store, a_shipment("G-35", policy="Post"))
    app = typed(pressed(selecting("G-35"), "grid:offer"), boxes, G_35=("", "6865109394355"))
    said = verdict(boxes, "G-35")
    assert (said["act"], said["proposed"], app.button(key="grid:save").disabled) == ("Confirm", "Korea Post", True)
    typed(app, boxes, G_35=("", "6865109394355", True))
    assert (verdict(boxes, "G-35")["act"], verdict(boxes, "G-35")["proposed"]) == ("Take back", "Korea Post")
    pressed(app, "grid:save")
    assert invoice("G-35") == "6865109394355"


def test_what_was_typed_is_there_again_when_the_grid_is_opened_again(boxes: Boxes) -> None:
    app = typed(grid("G-17"), boxes, G_17=("Other", "A1017"))
    del app.session_state[grid_entry.GRID]
    pressed(again(app), "grid:offer")
    assert boxes.shown and list(boxes.shown.values["G-17"]) == ["Other", "A1017", False]


@pytest.mark.parametrize(
    ("shipment_no", "error", "said"),
    [("G-18", Refused("Not now."), "Not now."), ("G-19", ZeroDivisionError(), "Error id E-")],
)
def test_when_nothing_can_be_saved_it_is_said_and_what_was_typed_stays(
    shipment_no: str, error: Exception, said: str, boxes: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*said: object, **named: object) -> None:
        raise error

    app = typed(grid(shipment_no), boxes, **{shipment_no.replace("-", "_"): ("Other", "A1018")})
    monkeypatch.setattr("core.services.uploading.register", fail)
    pressed(app, "grid:save")
    assert said in words(app)
    assert invoice(shipment_no) == ""
    assert boxes.shown and list(boxes.shown.values[shipment_no]) == ["Other", "A1018", False]
