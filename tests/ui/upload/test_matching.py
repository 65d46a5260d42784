"""A carrier's list on the Upload page as it runs: what is said of it, what is chosen, and that nothing is written before."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.ui.upload import matching
from tests.builders import ADDRESS, a_shipment, add, the
from tests.screens import a_shop, again, buttons, desk, downloads, drawn, given, opened, pressed, words
from tests.services.uploading.carrier_lists import Listed, as_csv, numbers

HEADERS = ("수하인명", "수하인전화", "운송장번호")
HONG = replace(ADDRESS, recipient="홍길동", phone="010-2345-1234")


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("matching"), shipments=0):
        yield


def dropped(*who: tuple[str, str], headers: tuple[str, ...] = HEADERS, carrier: str = "logen") -> AppTest:
    listed = [Listed("", number, cells) for cells, number in zip(who, numbers(carrier, len(who)), strict=True)]
    return given(opened("upload"), "upload:file", as_csv(headers, listed, "cp949"), "list.csv")


def chosen(app: AppTest, monkeypatch: pytest.MonkeyPatch, **rows: str) -> AppTest:
    """After these shipments were chosen in the browser, by row as `row_3`."""
    said = {row.removeprefix("row_"): shipment_no for row, shipment_no in rows.items()}

    def press(*_: object, data: dict[str, object], on_chosen_change: object, **__: object) -> None:
        st.session_state[matching.LIST] = {"chosen": {"list": data["list"], "rows": said}}
        matching._take()

    with monkeypatch.context() as patched:
        patched.setattr(matching, "_mount", press)
        again(app)
        patched.setattr(matching, "_mount", lambda **_: None)
        return again(app)


def invoice(shipment_no: str) -> str:
    found = the(desk().store, shipment_no).invoice
    return found.invoice_no if found else ""


def test_a_list_is_recognised_and_nothing_is_written_before_it_was_checked_and_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(desk().store, a_shipment("L-1", address=replace(HONG, recipient="김도윤", phone="010-9999-0000")))
    add(desk().store, *(a_shipment(f"L-{n}", address=HONG) for n in (2, 3)))
    app = dropped(("김*윤", "010-****-0000"), ("홍*동", "010-****-1234"), ("남*수", "010-****-7777"))
    assert "looks like a list of numbers from Logen, without our Shipment No." in words(app)
    shown = drawn(app, "upload:matches")
    assert [(row["match"], row["shipment_no"]) for row in shown["rows"]] == [("certain", "L-1"), ("tie", ""), ("none", "")]
    assert [one["recipient"] for one in shown["rows"][1]["candidates"]] == ["홍길동", "홍길동"]
    assert "1 row is still to choose" in words(app)
    app = chosen(app, monkeypatch, row_3="L-3", row_4="L-2", row_99="L-1")
    assert "Check 2 rows with a shipment" in buttons(app)
    app = pressed(app, "upload:matched")
    assert "2 rows can be registered now, 1 is refused" in words(app)
    assert [invoice(f"L-{n}") for n in (1, 2, 3)] == ["", "", ""]
    app = pressed(app, "upload:back")
    assert "Check 2 rows with a shipment" in buttons(app)
    app = pressed(pressed(app, "upload:matched"), "upload:go")
    assert [bool(invoice(f"L-{n}")) for n in (1, 2, 3)] == [True, False, True]
    assert "Download the workbook with results" in downloads(app)
    app = pressed(app, "upload:another")
    assert [one.key for one in app.file_uploader] == ["upload:file"]


def test_the_company_is_asked_once_where_the_list_does_not_tell() -> None:
    add(desk().store, a_shipment("L-10", address=replace(HONG, phone="010-1111-2222")))
    app = dropped(("홍길동", "010-1111-2222"), headers=("Consignee", "Phone", "Tracking number"), carrier="sagawa")
    assert "looks like a list of numbers of a shipping company" in words(app)
    assert app.button(key="upload:matched").disabled
    app.selectbox(key="upload:company").set_value("sagawa").run()
    assert "from Sagawa" in words(app)
    app = pressed(app, "upload:matched")
    assert "1 row can be registered now" in words(app)


def test_a_list_is_put_away_for_another_file() -> None:
    app = dropped(("아무개", "010-****-4321"))
    app = pressed(app, "upload:another")
    assert [one.key for one in app.file_uploader] == ["upload:file"]
    assert matching.MATCHING not in app.session_state
