"""The steps of an upload: what is answered row by row, started over, taken away, and said when something goes wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.kit import upload_rows
from core.ui.kit.table import TableEvent
from core.ui.upload import uploading
from tests.builders import CJ, a_shipment, add, the
from tests.screens import a_shop, again, buttons, desk, downloads, given, opened, pressed, words
from tests.workbook_builders import a_workbook

DOUBTFUL = "95825729135"


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("uploading")):
        yield


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Callable[[AppTest, str, int], AppTest]:
    """Presses a button of a row of the table."""
    presses: list[TableEvent] = []

    def draw(*said: object, on_event: Callable[[TableEvent], object], **named: object) -> None:
        if presses:
            on_event(presses.pop())

    monkeypatch.setattr(upload_rows, "table", draw)

    def press(app: AppTest, name: str, row: int) -> AppTest:
        presses.append(TableEvent(name, str(row)))
        return again(again(app))

    return press


def uploaded(*rows: tuple[str, str, str], name: str = "today.xlsx") -> AppTest:
    """A workbook for new shipments that wait, as it is shown before anything is written."""
    add(desk().store, *(a_shipment(shipment_no) for shipment_no, _, _ in rows))
    return given(opened("upload"), "upload:file", a_workbook(*rows), name)


def invoice(shipment_no: str) -> str:
    found = the(desk().store, shipment_no).invoice
    return found.invoice_no if found else ""


def broken(*said: Any, **named: Any) -> Any:
    raise ZeroDivisionError


def test_a_row_is_confirmed_and_taken_back_on_its_own(press: Callable[[AppTest, str, int], AppTest]) -> None:
    app = uploaded(("V-1", "Logen", DOUBTFUL), ("V-2", "Logen", "95825729146"))
    assert app.button(key="upload:go").disabled
    press(app, "confirm", 2)
    assert "Register 1 shipment" in buttons(app)
    press(app, "doubt", 2)
    assert app.button(key="upload:go").disabled
    pressed(press(app, "confirm", 2), "upload:go")
    assert (invoice("V-1"), invoice("V-2")) == (DOUBTFUL, "")


def test_another_file_may_be_chosen_before_anything_is_written() -> None:
    app = pressed(uploaded(("V-3", "CJ", CJ)), "upload:another")
    assert [uploader.key for uploader in app.file_uploader] == [uploading.FILE]
    assert "upload:go" not in [button.key for button in app.button]
    assert invoice("V-3") == ""


def test_after_an_upload_the_next_one_begins() -> None:
    app = pressed(uploaded(("V-4", "Other", "A1004")), "upload:go")
    assert invoice("V-4") == "A1004"
    pressed(app, "upload:another")
    assert "upload:undo" not in [button.key for button in app.button]
    assert [len(app.success), len(app.error)] == [0, 0]


def test_what_is_to_mend_is_offered_before_and_after() -> None:
    app = uploaded(("V-5", "Other", "A1005"), ("V-6", "Nobody", "A1006"))
    assert "Download 1 row to mend" in downloads(app)
    pressed(app, "upload:go")
    assert downloads(app) == ["Download the workbook with results", "Download 1 row to mend"]


def test_after_an_undo_the_results_are_no_longer_those_of_the_file() -> None:
    app = pressed(uploaded(("V-7", "Other", "A1007")), "upload:go")
    pressed(app, "upload:undo")
    assert (invoice("V-7"), downloads(app)) == ("", [])
    assert "1 shipment went back" in words(app)
    assert "upload:undo" not in [button.key for button in app.button]


def test_a_long_name_is_cut_where_it_is_shown() -> None:
    app = uploaded(("V-8", "Other", "A1008"), name=f"{'x' * 90}.xlsx")
    assert f"**{'x' * 60}…**" in words(app)


def test_a_file_that_cannot_be_read_by_a_fault_of_ours_is_said_with_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.services.uploading.read_invoices", broken)
    app = uploaded(("V-9", "Other", "A1009"))
    assert "Error id E-" in words(app)
    assert "upload:go" not in [button.key for button in app.button]


def test_a_registration_that_fails_writes_nothing_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = uploaded(("V-10", "Other", "A1010"))
    with monkeypatch.context() as faulty:
        faulty.setattr("core.services.uploading.register", broken)
        pressed(app, "upload:go")
    assert "Error id E-" in words(app)
    assert invoice("V-10") == ""
    pressed(app, "upload:go")
    assert invoice("V-10") == "A1010"


def test_an_undo_that_fails_is_said_and_leaves_the_button(monkeypatch: pytest.MonkeyPatch) -> None:
    app = pressed(uploaded(("V-11", "Other", "A1011")), "upload:go")
    with monkeypatch.context() as faulty:
        faulty.setattr("core.services.shipments.undo.undo", broken)
        pressed(app, "upload:undo")
    assert "Error id E-" in words(app)
    assert (invoice("V-11"), "Undo" in buttons(app)) == ("A1011", True)


def test_an_upload_is_held_for_this_visit_only() -> None:
    uploaded(("V-12", "Other", "A1012"))
    app = opened("upload")
    assert uploading.FILE in [uploader.key for uploader in app.file_uploader]
