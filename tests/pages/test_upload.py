"""The Upload page as it runs: what is shown before anything is written, what is written, and what is told of files it refuses."""

from collections.abc import Iterator, Sequence

import pytest
from streamlit.testing.v1 import AppTest

from core import runtime
from core.services import uploading
from core.services.shipments import invoices, undo
from core.services.shipments.changes import Actor, Request
from tests.builders import CJ, CJ_OTHER, HANJIN, RULES, a_shipment, add, an_invoice, staff, the
from tests.screens import a_shop, downloads, given, opened, pressed, pressed_meanwhile, rows
from tests.workbook_builders import a_workbook, locked

DOUBTFUL, UPS = "95825729135", "1Z999AA10123456784"


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("upload")):
        yield


def waiting(*shipment_nos: str) -> None:
    add(runtime.get().store, *(a_shipment(number) for number in shipment_nos))


def uploaded(data: bytes, name: str = "today.xlsx") -> AppTest:
    return given(opened("upload"), "upload:file", data, name)


def counts(app: AppTest) -> Sequence[str]:
    """The tabs with their counts, as in `Ready 2`."""
    return [option.split(": ")[-1].replace("**", "") for option in app.button_group(key="upload:view").options]


def invoice(shipment_no: str) -> str:
    found = the(runtime.get().store, shipment_no).invoice
    return found.invoice_no if found else ""


def test_nothing_is_written_before_the_button_is_pressed_and_then_all_that_is_ready() -> None:
    waiting("U-1", "U-2", "U-3")
    app = uploaded(a_workbook(("U-1", "CJ", CJ), ("U-2", "Other", "A-1001"), ("U-3", "Yamatto", "A1002")))
    assert app.info[0].value.startswith("**Nothing has been written yet.** 2 rows can be registered now, 1 is refused")
    assert counts(app) == ["All 3", "Ready 1", "Repaired 1", "To confirm 0", "Unchanged 0", "Refused 1"]
    assert invoice("U-1") == ""
    pressed(app, "upload:go")
    assert [invoice(number) for number in ("U-1", "U-2", "U-3")] == [CJ, "A1001", ""]
    assert "2 shipments registered, 1 to mend" in app.success[0].value.replace("\\", "")
    assert downloads(app) == ["Download the workbook with results", "Download 1 row to mend"]


def test_the_last_uploads_stand_below_the_box_for_the_next_and_say_which_were_undone() -> None:
    waiting("U-LAST-1", "U-LAST-2")
    pressed(uploaded(a_workbook(("U-LAST-1", "Other", "A1020")), "first.xlsx"), "upload:go")
    pressed(pressed(uploaded(a_workbook(("U-LAST-2", "Other", "A1021")), "second.xlsx"), "upload:go"), "upload:undo")
    second, first, *_ = rows(opened("upload"), "upload:lately")
    assert (first["note"], first["shipments"], first["undone"]) == ("first.xlsx", "1", "–")
    assert second["note"] == "second.xlsx" and second["undone"].startswith("Undone by B-")


def test_rows_that_nobody_filled_in_have_a_tab_of_their_own_and_are_not_to_mend() -> None:
    waiting("U-4", "U-5", "U-6")
    app = uploaded(a_workbook(("U-4", "Other", "A1004"), ("U-5", None, " "), ("U-6", "Other", None)))
    assert counts(app) == ["All 3", "Ready 1", "Repaired 0", "To confirm 0", "Unchanged 0", "Refused 1", "Left for later 1"]
    assert "1 row is left for later" in app.info[0].value
    assert "Download 1 row to mend" in downloads(app)
    app.button_group(key="upload:view").set_value("left").run()
    assert [(row["shipment_no"], row["verdict"]) for row in rows(app, "upload:rows")] == [("U-5", "Left for later")]
    pressed(app, "upload:go")
    assert "1 shipment registered, 1 to mend" in app.success[0].value
    assert counts(app) == ["All 3", "Registered 1", "To confirm 0", "Unchanged 0", "Refused 1", "Left for later 1"]
    assert invoice("U-5") == ""


def test_a_file_that_nobody_filled_in_is_told_so_and_registers_nothing() -> None:
    waiting("U-7", "U-8")
    app = uploaded(a_workbook(("U-7", None, None), ("U-8", None, None)))
    assert "Nobody filled in any of the 2 rows" in app.info[0].value
    assert app.button(key="upload:go").disabled


def test_a_company_that_the_file_leaves_out_is_proposed_in_sight() -> None:
    add(runtime.get().store, a_shipment("U-9", policy="New"))
    app = uploaded(a_workbook(("U-9", UPS), header=("Shipment No.", "Invoice No.")))
    (row,) = rows(app, "upload:rows")
    assert (row["company"], row["verdict"]) == ("UPS · proposed", "Repaired")
    assert "proposed" in row["why"]


def test_the_same_file_again_changes_nothing() -> None:
    waiting("U-10")
    data = a_workbook(("U-10", "Other", "A1010"))
    pressed(uploaded(data), "upload:go")
    version = the(runtime.get().store, "U-10").version
    app = uploaded(data)
    assert (counts(app)[4], app.button(key="upload:go").disabled) == ("Unchanged 1", True)
    assert the(runtime.get().store, "U-10").version == version


def test_a_warning_is_confirmed_where_it_is_seen_and_goes_into_the_history() -> None:
    waiting("U-20")
    app = uploaded(a_workbook(("U-20", "Logen", DOUBTFUL)))
    assert app.button(key="upload:go").disabled
    app.button_group(key="upload:view").set_value("confirm").run()
    pressed(app, "upload:confirm_all")
    pressed(app, "upload:go")
    assert invoice("U-20") == DOUBTFUL
    reasons = runtime.get().store.rows("SELECT reason FROM history ORDER BY history_id DESC LIMIT 1")
    assert reasons[0]["reason"].startswith("Confirmed: The Logen check digit")


def test_a_registered_invoice_is_replaced_only_with_the_switch_on() -> None:
    add(runtime.get().store, a_shipment("U-30", invoice=an_invoice(HANJIN, carrier="hanjin")))
    app = uploaded(a_workbook(("U-30", "CJ", CJ_OTHER)))
    assert counts(app)[-1] == "Refused 1"
    app.toggle(key="upload:modify").set_value(True).run()
    assert counts(app)[1] == "Ready 1"
    pressed(app, "upload:go")
    assert invoice("U-30") == CJ_OTHER


def test_the_whole_batch_goes_back_but_for_what_moved_since() -> None:
    waiting("U-40", "U-41")
    app = uploaded(a_workbook(("U-40", "Other", "A1040"), ("U-41", "Other", "A1041")))
    pressed(app, "upload:go")
    invoices.modify(
        runtime.get().store,
        RULES,
        "U-41",
        invoices.Entry("other", "A9041"),
        request=Request(Actor(staff("Jun")), runtime.get().now()),
    )
    pressed(app, "upload:undo")
    assert (invoice("U-40"), invoice("U-41")) == ("", "A9041")
    assert "1 shipment went back, 1 stayed" in app.warning[0].value
    assert counts(app)[:3] == ["All 2", "Registered 1", "Undone 1"]
    pressed(app, "upload:again")
    assert counts(app)[1] == "Ready 1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (locked(a_workbook(("U-1", "CJ", CJ))), "unlock the file before uploading it"),
        (a_workbook(*(("U-1", "CJ", CJ) for _ in range(1001))), "1,001 rows"),
        (b"Shipment No.,Shipping company,Invoice No.\nU-1,CJ,1\n", "CSV"),
        (a_workbook(("U-1", "CJ", CJ))[:900], "damaged"),
        (bytes(5 * 1024 * 1024 + 1), "more than 5 MB"),
    ],
)
def test_a_file_that_is_refused_is_one_sentence(data: bytes, said: str) -> None:
    app = uploaded(data, "today.xlsx")
    assert [said in error.value.replace("\\", "") for error in app.error] == [True]
    assert "upload:go" not in [button.key for button in app.button]


def test_the_name_of_a_file_is_text_and_never_markup() -> None:
    app = uploaded(a_workbook(("U-1", "CJ", CJ)), ":red[**now**] $x$ ![](http://example.com).xlsx")
    assert r"\:red\[\*\*now\*\*\] \$x\$ \!\[\]\(http\://example\.com\)\.xlsx" in app.caption[0].value


def test_the_sample_holds_what_waits_under_the_filter_of_the_link() -> None:
    add(runtime.get().store, *(a_shipment(f"U-{n}", warehouse="Busan") for n in (50, 51)))
    assert downloads(opened("upload", warehouse="Busan")) == ["Sample file: 2 waiting shipments"]
    assert downloads(opened("upload", warehouse="Busan", dest="international")) == ["Sample file with no shipments"]


def test_the_export_of_waiting_shipments_offers_the_sample() -> None:
    assert "Sample file to fill" in downloads(opened())
    assert "Sample file to fill" not in downloads(opened(tab="delivered"))


@pytest.mark.parametrize("second", ["upload:go", "upload:another"])
def test_a_press_while_it_registers_does_nothing_and_the_result_is_shown(second: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = f"U-{second}"
    waiting(number)
    app = uploaded(a_workbook((number, "Other", f"A{len(second)}77")))
    made = pressed_meanwhile(app, monkeypatch, (uploading, "register"), "upload:go", second)
    assert made == 1
    assert "1 shipment registered" in app.success[0].value
    assert downloads(app) == ["Download the workbook with results"]


def test_a_second_press_on_undo_does_nothing_and_what_went_back_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting("U-90")
    app = pressed(uploaded(a_workbook(("U-90", "Other", "A1090"))), "upload:go")
    made = pressed_meanwhile(app, monkeypatch, (undo, "undo"), "upload:undo", "upload:undo")
    assert made == 1
    assert "went back" in app.success[0].value
    assert invoice("U-90") == ""
