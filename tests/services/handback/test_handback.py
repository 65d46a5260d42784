"""Numbers go back to where the orders came from, in the form that each source takes, once."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.config import ROOT
from core.domain.errors import Conflict, Forbidden, NotFound, Refused
from core.domain.people import Person, Role
from core.domain.reasons import Why
from core.files.order_layouts import OrderLayout, layouts
from core.files.xlsx.sheet import typed_sheet
from core.services import handback, importing, uploading
from core.services.handback import HandbackReason, HandedBack
from core.services.shipments import forgetting, undo
from core.services.shipments.changes import Request
from core.store.database import Store
from tests.builders import ADA, HANA, RULES, SEOUL, a_store, a_visit, nov

ORDERS = ROOT / "tests" / "data" / "orders"
TODAY = nov(29)
HOME = importing.ShopHome(SEOUL, "KR")
COUPANG, NAVER = ORDERS / "coupang_DeliveryList_40.xlsx", ORDERS / "naver_smartstore_72_text.xlsx"
FIRST, SECOND = "642538971006401429", "642538971006401430"
HANJIN, CJ_NO = "530727039920", "632976615493"


def imported(file: Path, store: Store | None = None) -> Store:
    store = store or a_store()
    report = importing.import_file(
        store, RULES, importing.FileOrder(file), request=Request(HANA, TODAY), shop=HOME, dry_run=False
    )
    assert report.verdict == "imported", report.message
    return store


def register(store: Store, *rows: tuple[str, str, str], modify: bool = False) -> None:
    sheet = typed_sheet("typed", [(n, *row) for n, row in enumerate(rows, 2)])
    request = Request(HANA, TODAY)
    preview = uploading.judge_sheet(sheet, RULES, store, modify=modify, request=request, confirmed=frozenset(range(2, 99)))
    assert uploading.register(store, RULES, preview, modify=modify, request=request).registered == len(rows)


def prepared(store: Store, layout: str) -> HandedBack:
    return handback.prepared(store, RULES, layout, visit=a_visit(TODAY))


def handed(store: Store, layout: str) -> HandedBack:
    given = prepared(store, layout)
    handback.hand_over(store, given, request=Request(HANA, TODAY))
    return given


def waiting(store: Store) -> dict[str, int]:
    return {one.layout: one.shipments for one in handback.sources_waiting(store, visit=a_visit(TODAY))}


def cells(content: bytes) -> dict[str, tuple[Any, str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return {cell.coordinate: (cell.value, cell.number_format, cell.style_id) for row in sheet.iter_rows() for cell in row}


def texts(given: HandedBack, encoding: str, delimiter: str = ",") -> list[list[str]]:
    (file,) = given.files
    text = file.content.decode(encoding)
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_the_very_workbook_goes_back_with_numbers_and_the_company_where_another_took_it() -> None:
    store = imported(COUPANG)
    register(store, (FIRST, "Hanjin", HANJIN), (SECOND, "CJ Logistics", CJ_NO))
    (file,) = handed(store, "coupang").files
    before, after = cells(COUPANG.read_bytes()), cells(file.content)
    changed = {place: after[place][0] for place in after if after[place] != before[place]}
    assert (file.name, changed) == (COUPANG.name, {"E2": HANJIN, "D3": "CJ 대한통운", "E3": CJ_NO})


def test_every_other_part_of_the_workbook_is_the_same_byte_by_byte() -> None:
    store = imported(COUPANG)
    register(store, (FIRST, "Hanjin", HANJIN))
    (file,) = handed(store, "coupang").files
    old, new = (zipfile.ZipFile(io.BytesIO(data)) for data in (COUPANG.read_bytes(), file.content))
    assert old.namelist() == new.namelist()
    assert [name for name in old.namelist() if old.read(name) != new.read(name)] == ["xl/worksheets/sheet1.xml"]


def test_a_source_gets_a_row_for_each_of_its_lines() -> None:
    store = imported(NAVER)
    register(store, ("2026112850000001", "Logen", "95825729134"))
    (file,) = handed(store, "naver").files
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert book.sheetnames == ["발송처리"]
    assert list(book.active.iter_rows(values_only=True)) == [
        ("상품주문번호", "배송방법", "택배사", "송장번호"),
        ("2026112810000011", "택배,등기,소포", "로젠택배", "95825729134"),
        ("2026112810000012", "택배,등기,소포", "로젠택배", "95825729134"),
    ]


@pytest.mark.parametrize(
    ("file", "layout", "row", "encoding", "expected"),
    [
        (
            "rakuten_rms_cp932.csv",
            "rakuten",
            ("300000-20261128-0000000001", "Yamato", "444413758703"),
            "cp932",
            ["300000-20261128-0000000001", "100000001", "", "444413758703", "1001", "2026-11-29"],
        ),
        (
            "next_engine_generic_cp932.csv",
            "next_engine",
            ("NE-001", "Sagawa", "512547514334"),
            "cp932",
            ["NE-001", "512547514334", "2026/11/29"],
        ),
        (
            "amazon_unshipped_utf8.txt",
            "amazon",
            ("250-0000000-0000001", "FedEx", "986578788855"),
            "utf-8",
            ["250-0000000-0000001", "00000000000011", "1", "2026-11-29", "FedEx", "FedEx", "986578788855", "Standard"],
        ),
    ],
)
def test_the_file_of_a_source_has_its_form(
    file: str, layout: str, row: tuple[str, str, str], encoding: str, expected: list[str]
) -> None:
    store = imported(ORDERS / file)
    register(store, row)
    rows = texts(handed(store, layout), encoding, "\t" if layout == "amazon" else ",")
    handing = layouts()[layout].handback
    assert handing and rows == [[column.head for column in handing.columns], expected]


def test_the_desks_own_number_stands_in_for_a_slip_that_the_file_did_not_have_and_it_is_said() -> None:
    store = imported(ORDERS / "next_engine_generic_cp932.csv")
    register(store, ("NE-001", "Yamato", "444413758703"))
    assert [note.reason for note in prepared(store, "next_engine").notes] == [HandbackReason.STANDS_IN]


def test_what_was_handed_waits_no_more_and_can_be_had_again() -> None:
    store = imported(NAVER)
    register(store, ("2026112850000001", "Logen", "95825729134"))
    assert waiting(store) == {"naver": 1}
    first = handed(store, "naver")
    assert waiting(store) == {}
    with pytest.raises(Refused) as refusal:
        prepared(store, "naver")
    assert refusal.value.reason is HandbackReason.NOTHING_WAITS
    again = handback.again(store, RULES, "naver", visit=a_visit(TODAY))
    assert [cells(file.content) for file in again.files] == [cells(file.content) for file in first.files]


def test_an_undo_makes_it_wait_again_and_is_history() -> None:
    store = imported(NAVER)
    register(store, ("2026112850000001", "Logen", "95825729134"))
    batch = handback.hand_over(store, prepared(store, "naver"), request=Request(HANA, TODAY))
    answers = undo.undo(store, batch, request=Request(HANA, TODAY), home="KR")
    assert ([one.stayed for one in answers], waiting(store)) == ([None], {"naver": 1})
    with pytest.raises(NotFound):
        handback.again(store, RULES, "naver", visit=a_visit(TODAY))
    actions = [row["action"] for row in store.rows("SELECT action FROM history ORDER BY history_id DESC LIMIT 2")]
    assert actions == ["undone", "handed_over"]


def test_a_registration_whose_number_was_handed_over_stays_until_that_is_taken_back() -> None:
    store = imported(NAVER)
    register(store, ("2026112850000001", "Logen", "95825729134"))
    registered = store.rows("SELECT max(batch_id) AS id FROM batch")[0]["id"]
    given = prepared(store, "naver")
    batch = handback.hand_over(store, given, request=Request(HANA, TODAY))
    assert store.rows("SELECT note FROM batch ORDER BY batch_id DESC LIMIT 1")[0]["note"] == given.files[0].name

    def undone(number: int) -> Why | None:
        return undo.undo(store, number, request=Request(HANA, TODAY), home="KR")[0].stayed

    stayed = undone(registered)
    assert stayed
    assert stayed.reason is undo.Stayed.HANDED_SINCE
    assert (stayed.values["title"], stayed.values["at"]) == ("Naver SmartStore", TODAY)
    assert (undone(batch), undone(registered)) == (None, None)
    assert waiting(store) == {}


def test_another_number_waits_anew() -> None:
    store = imported(COUPANG)
    register(store, (FIRST, "Hanjin", HANJIN))
    handed(store, "coupang")
    register(store, (FIRST, "Hanjin", "515596435911"), modify=True)
    assert [row["invoice_no"] for row in handback.waiting(store, "coupang", visit=a_visit(TODAY))] == ["515596435911"]


def test_a_number_that_was_changed_while_the_file_was_made_is_not_counted_as_told() -> None:
    store = imported(COUPANG)
    register(store, (FIRST, "Hanjin", HANJIN))
    given = prepared(store, "coupang")
    register(store, (FIRST, "Hanjin", "515596435911"), modify=True)
    with pytest.raises(Conflict):
        handback.hand_over(store, given, request=Request(HANA, TODAY))
    assert waiting(store) == {"coupang": 1}


def test_the_same_request_hands_over_once() -> None:
    store = imported(NAVER)
    register(store, ("2026112850000001", "Logen", "95825729134"))
    given, request = prepared(store, "naver"), Request(HANA, TODAY, request_key="press-1")
    assert handback.hand_over(store, given, request=request) == handback.hand_over(store, given, request=request)


def test_a_number_that_the_sources_own_file_has_is_told_already(tmp_path: Path) -> None:
    store = imported(COUPANG)
    register(store, (FIRST, "Hanjin", HANJIN), (SECOND, "CJ Logistics", CJ_NO))
    book = openpyxl.load_workbook(COUPANG)
    book.active["E2"] = HANJIN
    book.save(tmp_path / "DeliveryList.xlsx")
    imported(tmp_path / "DeliveryList.xlsx", store)
    assert [row["shipment_no"] for row in handback.waiting(store, "coupang", visit=a_visit(TODAY))] == [SECOND]


def test_an_undone_import_takes_its_lines_along() -> None:
    store = imported(NAVER)
    batch = store.rows("SELECT max(batch_id) AS id FROM batch")[0]["id"]
    undo.undo(store, batch, request=Request(HANA, TODAY), home="KR")
    assert store.rows("SELECT * FROM source_line") == []


def test_what_is_forgotten_is_gone_from_the_workbook_that_is_kept() -> None:
    store = imported(COUPANG)
    register(store, (FIRST, "Hanjin", HANJIN), (SECOND, "CJ Logistics", CJ_NO))
    forgetting.of_orders(store, ["30000000000001"], request=Request(ADA, TODAY + timedelta(hours=1)))
    (file,) = prepared(store, "coupang").files
    said = cells(file.content)
    assert [said[place][0] for place in ("B2", "C2", "E2")] == [FIRST, "30000000000001", HANJIN]
    assert [said[place][0] for place in ("Y2", "Z2", "AA2", "AD2")] == [None] * 4
    assert said["AA3"][0] == "김테스트"


def changed(file: Path, given: HandedBack) -> dict[str, Any]:
    """By sheet and place what the file that goes back says and the one that came does not."""
    before, after = (openpyxl.load_workbook(data) for data in (file, io.BytesIO(given.files[0].content)))
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in after
        for row in sheet.iter_rows()
        for cell in row
        if cell.value != before[sheet.title][cell.coordinate].value
    }


def test_numbers_go_into_the_sheet_that_the_orders_came_from(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(COUPANG)
    notes = book.create_sheet("연락", 0)
    for row in (("주문번호", "택배사", "운송장번호", "메모"), ("1", "CJ", CJ_NO, "a"), ("2", "CJ", CJ_NO, "b")):
        notes.append(row)
    book.save(file := tmp_path / "DeliveryList.xlsx")
    store = imported(file)
    register(store, (FIRST, "Hanjin", HANJIN))
    assert changed(file, handed(store, "coupang")) == {"Delivery!E2": HANJIN}


def rewritten(file: Path, change: Callable[[str], str]) -> None:
    """The workbook with its first sheet changed as text."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(file, "w") as new:
        for name, data in parts.items():
            new.writestr(name, change(data.decode()).encode() if name == "xl/worksheets/sheet1.xml" else data)


def test_a_row_without_its_number_is_the_one_that_its_cells_name(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(COUPANG)
    book.active.insert_rows(2, 2)
    book.save(file := tmp_path / "DeliveryList.xlsx")
    rewritten(file, lambda text: re.sub(r'<row r="\d+"', "<row", text))
    store = imported(file)
    register(store, (FIRST, "Hanjin", HANJIN))
    assert changed(file, handed(store, "coupang")) == {"Delivery!E4": HANJIN}


def test_no_number_goes_into_a_cell_that_another_one_covers(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(COUPANG)
    book.active.merge_cells("D2:E2")
    book.save(file := tmp_path / "DeliveryList.xlsx")
    store = imported(file)
    register(store, (FIRST, "Hanjin", HANJIN))
    with pytest.raises(Refused) as refusal:
        prepared(store, "coupang")
    assert refusal.value.reason is HandbackReason.ODD_WORKBOOK


def test_no_number_goes_in_place_of_a_formula(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(COUPANG)
    book.active["E2"] = "=A1"
    book.save(file := tmp_path / "DeliveryList.xlsx")
    rewritten(file, lambda text: re.sub(r'<c r="E2".*?</c>', '<c r="E2" t="str"><f>A1</f><v></v></c>', text))
    store = imported(file)
    register(store, (FIRST, "Hanjin", HANJIN))
    with pytest.raises(Refused) as refusal:
        prepared(store, "coupang")
    assert refusal.value.reason is HandbackReason.FORMULA


def test_a_company_that_a_sources_list_does_not_have_goes_by_its_name_there_and_that_is_said() -> None:
    store = imported(COUPANG)
    register(store, (FIRST, "Seino", "3740291685"), (SECOND, "CU", "37402916851"))
    given = prepared(store, "coupang")
    assert {text for cell, text in changed(COUPANG, given).items() if "!D" in cell} == {"세이노", "BGF포스트"}
    (note,) = given.notes
    assert (note.reason, note.values["names"]) == (HandbackReason.GUESSED, ("세이노",))


def test_what_is_forgotten_is_in_no_part_of_the_workbook(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(COUPANG)
    book.active["AR2"], book.active["AA1"] = "call Hong first", "수취인 이름"
    book.active["AS1"], book.active["AS2"] = "수취인이름", "Hong the second"
    book.save(file := tmp_path / "DeliveryList.xlsx")
    store = imported(file)
    register(store, (FIRST, "Hanjin", HANJIN), (SECOND, "CJ Logistics", CJ_NO))
    forgetting.of_orders(store, ["30000000000001"], request=Request(ADA, TODAY + timedelta(hours=1)))
    with zipfile.ZipFile(io.BytesIO(prepared(store, "coupang").files[0].content)) as kept:
        whole = "".join(kept.read(name).decode() for name in kept.namelist())
    assert [
        said for said in ("홍길동", "010-0000-0001", "call Hong first", "Hong the second", "다라로 1") if said in whole
    ] == []
    assert all(said in whole for said in ("김테스트", "0502-000-0002", FIRST, HANJIN, "린넨 셔츠"))


@pytest.mark.parametrize("named", ["30-😀-1", "한글-1"])
def test_an_order_whose_letters_the_file_cannot_hold_is_left_out_and_still_waits(named: str, tmp_path: Path) -> None:
    text = (ORDERS / "rakuten_rms_cp932.csv").read_text("cp932").replace("300000-20261128-0000000001", named)
    (file := tmp_path / "orders.csv").write_text(text, "utf-8-sig")
    store = imported(file)
    register(store, (named, "Yamato", "444413758703"))
    with pytest.raises(Refused) as refusal:
        prepared(store, "rakuten")
    assert refusal.value.reason is HandbackReason.LETTERS
    register(store, ("300000-20261128-0000000002", "Sagawa", "512547514334"))
    given = handed(store, "rakuten")
    assert [row[0] for row in texts(given, "cp932")[1:]] == ["300000-20261128-0000000002"]
    assert ([note.reason for note in given.notes], waiting(store)) == ([HandbackReason.LETTERS], {"rakuten": 1})


def test_a_source_that_takes_codes_gets_its_code_for_others() -> None:
    store = imported(ORDERS / "rakuten_rms_cp932.csv")
    register(store, ("300000-20261128-0000000001", "CJ Logistics", CJ_NO))
    assert [row[4] for row in texts(handed(store, "rakuten"), "cp932")[1:]] == ["1000"]


@pytest.mark.parametrize(
    ("file", "layout", "number"),
    [
        ("shopify_orders_export.csv", "shopify", "#1001"),
        ("amazon_unshipped_utf8.txt", "amazon", "250-0000000-0000001"),
        ("coupang_DeliveryList_40.xlsx", "coupang", FIRST),
    ],
)
def test_a_company_that_the_rules_do_not_know_any_more_goes_back_by_its_code(file: str, layout: str, number: str) -> None:
    store = imported(ORDERS / file)
    register(store, (number, "CJ Logistics", CJ_NO))
    rules = replace(RULES, carriers={code: one for code, one in RULES.carriers.items() if code != "cj"})
    given = handback.prepared(store, replace(rules), layout, visit=a_visit(TODAY))
    assert [row["carrier"] for row in given.rows] == ["cj"]
    assert len(given.files) == 1


def test_no_personal_data_is_kept_from_lines() -> None:
    personal = ("recipient", "phone", "address", "request", "postal_code")
    for layout in layouts().values():
        heads = {
            name for column in personal for taking in layout.columns.get(column, ()) for head in taking.heads for name in head
        }
        kept = {name for head in (layout.handback.kept if layout.handback else ()) for name in head}
        assert heads & kept == set(), layout.name


def test_a_viewer_gets_no_file_and_an_unknown_source_is_told() -> None:
    store = imported(NAVER)
    viewer = a_visit(TODAY, person=Person("Vera", Role.VIEWER))
    with pytest.raises(Forbidden):
        handback.prepared(store, RULES, "naver", visit=viewer)
    with pytest.raises(Refused) as refusal:
        prepared(store, "own")
    assert refusal.value.reason is HandbackReason.NO_SOURCE


@pytest.mark.parametrize("layout", [one for one in layouts().values() if one.handback], ids=lambda one: one.name)
def test_every_company_that_a_source_names_is_one_of_ours_and_is_read_back_as_it(layout: OrderLayout) -> None:
    assert layout.handback
    assert layout.handback.carriers.keys() <= RULES.carriers.keys()
    known = {theirs: layout.values["carrier"][theirs.casefold()] for theirs in layout.handback.carriers.values()}
    assert known == {theirs: ours for ours, theirs in layout.handback.carriers.items()}
