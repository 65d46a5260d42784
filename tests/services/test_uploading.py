"""Uploads: every digit as on the label, every fault with its row and reason, and no file that can harm the desk."""

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import PatternFill

from core.domain.errors import Refused
from core.domain.filters import ShipmentFilter
from core.domain.invoice_number import complete
from core.domain.shipment import Status
from core.files import confined
from core.files.confined import COMMAND, ROOT
from core.files.xlsx.sheet import Sheet
from core.services import uploading
from core.services.shipments import invoices, undo
from core.services.shipments.changes import Actor
from core.services.uploading.preview import Line, Preview, Result, Verdict
from core.store.database import Connection, Store
from tests import workbook_builders as books
from tests.builders import CJ, CJ_OTHER, NOW, RULES, SEOUL, a_shipment, a_store, an_invoice, nov, the
from tests.workbook_builders import HEADER, a_row, a_workbook, cell, head, raw, row

SOOYEON = Actor("Sooyeon", "upload")
FEDEX, LOGEN, LOGEN_DOUBTFUL = complete(RULES.carriers["fedex"], "77490021771"), "95825729134", "95825729135"
DHL, WIDE = complete(RULES.carriers["dhl"], "571033826"), {48 + n: chr(0xFF10 + n) for n in range(10)}
YAMATO = complete(RULES.carriers["yamato"], "03928174655")
HOSTILE = books.hostile()


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading process is started by the tests about it only: the others ask the same code without it."""
    if "own_process" not in request.fixturenames:
        monkeypatch.setattr(confined, "asked", confined.answer)


@pytest.fixture
def own_process() -> None:
    """The reading process itself is wanted."""


def read(data: bytes) -> Sheet:
    return uploading.read_sheet(data, "today.xlsx")


def judged(data: bytes, store: Store | None = None, **said: Any) -> Preview:
    return uploading.judge_sheet(read(data), RULES, store, **{"modify": False, "at": NOW, **said})


def lines(*rows: tuple[Any, ...], store: Store | None = None, **said: Any) -> tuple[Line, ...]:
    return judged(a_workbook(*rows), store, **said).lines


def the_line(invoice: str, company: str = "Other", **made: Any) -> Line:
    """The verdict on a workbook whose one row has this third cell, given as XML."""
    return judged(raw(head(), a_row(2, "S-1", company, invoice), **made)).lines[0]


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(data)
    return str(caught.value)


def register(store: Store, preview: Preview, **said: Any) -> Result:
    return uploading.register(store, RULES, preview, **{"modify": preview.modify, "by": SOOYEON, "at": NOW, **said})


def waiting(count: int) -> Store:
    return a_store(*(a_shipment(f"S-{n}") for n in range(1, count + 1)))


def others(count: int) -> list[tuple[str, str, str]]:
    return [(f"S-{n}", "Other", f"A{n:06}") for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("xml", "formats", "number"),
    [
        (cell("C2", "0123456784"), (), "0123456784"),
        (cell("C2", "634512345675", "n"), (), "634512345675"),
        (cell("C2", "6.34512345675E11", "n"), (), "634512345675"),
        (cell("C2", "634512345675.0", "n"), (), "634512345675"),
        (cell("C2", "123456789012345", "n"), (), "123456789012345"),
        (cell("C2", "123456784", "n", 1), ("0000000000",), "0123456784"),
        (cell("C2", "123456784", "n", 1), ("0000000000;-0000000000",), "0123456784"),
        (cell("C2", "12345678", "n", 1), (r"0000\-0000\-0000",), "000012345678"),
        (cell("C2", "12345678", "n", 1), ('0000"-"0000"-"0000',), "000012345678"),
        (cell("C2", "634512345675", "n", 1), ("yyyy-mm-dd",), "634512345675"),
        (cell("C2", "634512345675", "n", 1), ("#,##0",), "634512345675"),
        (cell("C2", "634512345675", "str", formula="A1"), (), "634512345675"),
        (cell("C2", "634512345675", "n", formula="A1+1"), (), "634512345675"),
        ('<c r="C2" t="inlineStr"><is><r><t>6345</t></r><r><t>12345675</t></r><rPh sb="0" eb="1"><t>9</t></rPh></is></c>', (), "634512345675"),
        ('<c t="inlineStr"><is><t>634512345675</t></is></c>', (), "634512345675"),
        ('<c r="$C$2" t="inlineStr"><is><t>NA12</t></is></c>', (), "NA12"),
    ],
)  # fmt: skip
def test_every_digit_is_read_as_a_person_sees_it(xml: str, formats: tuple[str, ...], number: str) -> None:
    line = the_line(xml, formats=formats)
    assert (line.verdict, line.invoice_no, line.row) == (Verdict.READY, number, 2)


@pytest.mark.parametrize(
    ("xml", "formats", "reason"),
    [
        (cell("C2", "123456789012345678", "n"), (), "more than 15 digits"),
        (cell("C2", "1.23456789012346E+17", "n"), (), "more than 15 digits"),
        (cell("C2", "1.2E+11"), (), "shortened by Excel"),
        (cell("C2", "#N/A", "e"), (), "Excel error #N/A"),
        (cell("C2", "1", "b"), (), "TRUE"),
        (cell("C2", "46349", "n", 1), ("yyyy-mm-dd",), "the date 2026-11-23"),
        (cell("C2", "2026-11-23", "d"), (), "the date 2026-11-23"),
        (cell("C2", "12.5", "n"), (), "the fraction 12.5"),
        (cell("C2", "-634512345675", "n"), (), "negative"),
        (cell("C2", "5555", "n", 1), ('"SF"0000000000000',), "shows another text"),
        ('<c r="C2"><f>A1&amp;"1"</f></c>', (), "never calculated"),
        ('<c r="C2"><f>A1</f><v/></c>', (), "never calculated"),
        ('<c r="C2" t="str"><f>A1</f></c>', (), "never calculated"),
        ('<c r="C2" t="s"><v>77</v></c>', (), "not in the file"),
        (cell("C2", "x" * 300), (), "300 characters"),
        (cell("C2", "A1234567, A1234568"), (), "two numbers"),
        (cell("C2", "A1234567\nA1234568"), (), "two numbers"),
        (cell("C2", "٣٤٥٦٧"), (), "neither a digit"),
        (cell("C2", " \u00a0\u200b"), (), "Invoice No. is empty. All three columns must be filled."),
        ('<c r="C2" t="str"><f>""</f><v></v></c>', (), "Invoice No. is empty"),
    ],
)
def test_a_cell_that_cannot_be_trusted_is_refused_with_its_kind(xml: str, formats: tuple[str, ...], reason: str) -> None:
    line = the_line(xml, formats=formats)
    assert (line.verdict, line.field, line.row) == (Verdict.REFUSED, "invoice_no", 2)
    assert reason in line.reason


@pytest.mark.parametrize(
    ("company", "typed", "number", "repair"),
    [
        ("DHL", DHL.translate(WIDE), DHL, f"Full-width digits became {DHL}."),
        ("FedEx", f"{FEDEX[:4]} {FEDEX[4:8]} {FEDEX[8:]}", FEDEX, f"Spaces removed: {FEDEX}."),
        ("FedEx", f"{FEDEX}\u00a0", FEDEX, f"Spaces removed: {FEDEX}."),
        ("FedEx", f"\ufeff{FEDEX}", FEDEX, f"Invisible characters removed: {FEDEX}."),
        ("FedEx", f"{FEDEX[:4]}-{FEDEX[4:]}\n", FEDEX, f"Line breaks and hyphens removed: {FEDEX}."),
        ("Other", "'0012345", "0012345", "Apostrophes removed: 0012345."),
        ("Other", "ab12345", "AB12345", "Lower case became AB12345."),
        ("Yamato", YAMATO[1:], YAMATO, f"Leading zero restored, the check digit proves it: {YAMATO}."),
        ("Yamato", int(YAMATO), YAMATO, f"Leading zero restored, the check digit proves it: {YAMATO}."),
    ],
)
def test_what_is_provable_is_repaired_and_said(company: str, typed: Any, number: str, repair: str) -> None:
    line = lines(("S-1", company, typed))[0]
    assert (line.verdict, line.invoice_no, line.repair, line.reason) == (Verdict.REPAIRED, number, repair, "")
    assert line.text == str(typed)


@pytest.mark.parametrize(
    ("company", "typed"),
    [("Yamato", str(int(YAMATO) + 1)), ("Korea Post", "123456789012"), ("CJ", "123456789"), ("Other", "1.0")],
)
def test_what_is_not_provable_is_never_guessed(company: str, typed: str) -> None:
    assert lines(("S-1", company, typed))[0].verdict is Verdict.REFUSED


def test_a_repaired_shipment_number_is_told() -> None:
    line = lines((" Ｓ-1\u200b", "Other", "A1234"))[0]
    assert (line.verdict, line.shipment_no) == (Verdict.REPAIRED, "S-1")
    assert line.repair.startswith("Shipment No.: ")


@pytest.mark.parametrize("company", ["cj", "CJ Logistics", "ＣＪ대한통운", " 대한통운 ", "CJ  택배"])
def test_a_company_is_known_by_name_code_and_alias(company: str) -> None:
    line = lines(("S-1", company, CJ))[0]
    assert (line.carrier, line.verdict) == ("cj", Verdict.READY)


def test_a_misspelt_company_is_not_guessed_but_the_nearest_is_named() -> None:
    line = lines(("S-1", "Yamatto", YAMATO))[0]
    assert (line.verdict, line.field, line.carrier, line.company) == (Verdict.REFUSED, "carrier", "", "Yamatto")
    assert "Did you mean Yamato?" in line.reason


def test_the_wrong_company_is_told_which_fits() -> None:
    line = lines(("S-1", "UPS", FEDEX))[0]
    assert line.reason.startswith("Invoice No.: 12 digits do not fit UPS; they fit")
    assert line.field == "invoice_no"


def test_all_that_is_empty_is_named() -> None:
    found = lines(("S-1", "", None), (None, "CJ", CJ))
    assert [line.field for line in found] == ["carrier", "shipment_no"]
    assert found[0].reason == "Shipping company is empty. Invoice No. is empty. All three columns must be filled."


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        ("shipment_no", "carrier", "invoice_no"),
        ("배송번호", "택배사", "송장번호"),
        ("출고번호", "배송사", "운송장번호(필수)"),
        ("出荷番号", "配送業者", "お問い合わせ番号"),
        ("発送番号", "運送会社", "送り状番号"),
        ("Shipment No. *", "Shipping company\n(택배사)", "\ufeffTracking Number"),
        ("SHIPMENT　NO", " Carrier ", "Invoice No. / 송장번호"),
    ],
)
def test_headers_are_known_in_three_languages(header: tuple[str, str, str]) -> None:
    sheet = read(a_workbook(("S-1", "CJ", CJ), header=header))
    assert (sheet.columns, sheet.rows[0].number) == ({"shipment_no": "A", "carrier": "B", "invoice_no": "C"}, 2)


def test_columns_in_any_order_below_titles_beside_others() -> None:
    data = a_workbook(
        ("x", CJ, 5, "CJ", "S-1"),
        header=("Memo", "Invoice No.", "Qty", "Shipping company", "Shipment No."),
        above=[("Shipments of 23 November",), (), ("Made by", "Hana"), ("Invoice No. and others",)],
    )
    preview = judged(data)
    assert (preview.sheet.header_row, preview.lines[0].row) == (5, 6)
    assert (preview.lines[0].shipment_no, preview.lines[0].invoice_no) == ("S-1", CJ)


def test_blank_rows_keep_the_row_numbers_and_are_not_rows() -> None:
    found = judged(a_workbook(("S-1", "CJ", CJ), (), (" ", "\u200b", None), *[()] * 4000, ("S-2", "CJ", CJ_OTHER))).lines
    assert [line.row for line in found] == [2, 4005]


def test_hidden_rows_are_read_and_counted() -> None:
    data = raw(head(), a_row(2, "S-1", "Other", cell("C2", "A001")), row(3, cell("A3", "S-2"), more=' hidden="1"'))
    preview = judged(data)
    assert (len(preview.lines), preview.sheet.hidden_rows) == (2, 1)
    assert preview.message == (
        "Nothing has been written yet. 1 row can be registered now, 1 is refused. "
        "1 of the rows is hidden in the workbook and was read too."
    )


def with_sheets(**states: str) -> bytes:
    book = load_workbook(io.BytesIO(a_workbook(("S-1", "Other", "A001"))))
    for title, state in states.items():
        sheet = book.create_sheet(title, 0)
        for line in (HEADER, (title, "Other", "A002")):
            sheet.append(line)
        sheet.sheet_state = state
    return books.saved(book)


def test_hidden_sheets_are_not_read() -> None:
    assert read(with_sheets(Old="hidden", Older="veryHidden")).title == "Invoices"


def test_two_visible_sheets_with_rows_are_refused_by_name() -> None:
    said = refusal(with_sheets(Returns="visible"))
    assert '"Returns"' in said
    assert '"Invoices"' in said


def test_the_sheet_is_found_by_its_header_whichever_was_open_last() -> None:
    book = load_workbook(io.BytesIO(a_workbook(("S-1", "Other", "A001"))))
    book.create_sheet("Notes", 0).append(["Fill it", "today"])
    book.create_sheet("Empty", 0).append(HEADER)
    book.active = 0
    assert read(books.saved(book)).title == "Invoices"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (a_workbook(("S-1", "CJ", CJ), header=("Shipment No.", "Shipping company", "Number")), "column Invoice No. is missing in row 1"),
        (a_workbook(("S-1", "CJ", CJ), header=("a", "b", "c")), "No row with the headers"),
        (a_workbook(("S-1", "CJ", CJ, CJ), header=(*HEADER, "Tracking No.")), "Invoice No. is the header of several columns"),
        (a_workbook(), "no row with data below"),
        (a_workbook(header=()), "The sheet is empty"),
        (raw(head(), state="hidden"), "no visible sheet"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_found_is_said(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_merged_companies_are_refused_on_the_rows_below() -> None:
    rows = [a_row(2, "S-1", "Other", cell("C2", "A001")), row(3, cell("A3", "S-2"), cell("C3", "A002"))]
    found = judged(raw(head(), *rows, after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>')).lines
    assert [line.verdict for line in found] == [Verdict.READY, Verdict.REFUSED]
    assert (found[1].field, "merged with B2" in found[1].reason) == ("carrier", True)


def test_a_row_of_uncalculated_formulas_is_no_blank_row() -> None:
    formulas = row(2, '<c r="A2"><f>X1</f></c>', '<c r="B2"><f>X2</f></c>', '<c r="C2"><f>X3</f></c>')
    line = judged(raw(head(), formulas)).lines[0]
    assert (line.row, line.verdict, line.reason.count("never calculated")) == (2, Verdict.REFUSED, 3)


def test_a_repeated_header_is_said_to_be_one() -> None:
    assert "repeats the headers" in lines(("S-1", "CJ", CJ), HEADER)[1].reason


ONE = a_row(2, "S-1", "CJ", cell("C2", CJ))


def odd_styles() -> bytes:
    book = load_workbook(io.BytesIO(a_workbook(("S-1", "CJ", CJ))))
    book.active["A1"].fill = PatternFill("solid", fgColor="FF0000")
    parts = books.parts_of(books.saved(book))
    return books.zipped({**parts, "xl/styles.xml": parts["xl/styles.xml"].replace(b"<patternFill/>", b"").replace(b"<fill>", b"<fill ><extLst/>")})  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        raw(head(), ONE, strict=True),
        raw(head(), ONE, prefix="x"),
        raw(head(), ONE, encoding="UTF-16"),
        raw(head(), ONE, before='<dimension ref="A1:A1"/>'),
        raw(*(text.replace(' r="1"', "").replace(' r="2"', "") for text in (head(), ONE))),
        raw(head(), ONE, styles="<styleSheet><cellXfs/></styleSheet>"),
        raw(head(), ONE, row(1_048_576, cell("XFD1048576", "far away"))),
        raw(head(), ONE, after='<mergeCells><mergeCell ref="D1:XFD1048576"/></mergeCells>'),
        raw(head(), a_row(2, "S-1", "CJ", '<c r="C2" t="s"><v>0</v></c>'), strings=books.shared_strings(CJ)),
        books.zipped({name.replace("/", "\\"): part for name, part in books.parts_of(raw(head(), ONE)).items()}),
        books.zipped(books.parts_of(raw(head(), ONE)), packing=0),
        odd_styles(),
        books.locked(a_workbook(("S-1", "CJ", CJ)), "VelvetSweatshop"),
        books.zipped({**books.parts_of(raw(head(), ONE)), "xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
    ],
    ids=[
        "strict", "prefixed", "UTF-16", "dimension A1", "no references", "no styles", "far value", "wide merge", "shared text",
        "back-slashes", "stored", "odd styles", "built-in password", "external link",
    ],
)  # fmt: skip
def test_unusual_but_honest_files_are_read(data: bytes) -> None:
    found = judged(data).lines
    assert [(line.row, line.shipment_no, line.carrier, line.invoice_no) for line in found] == [(2, "S-1", "cj", CJ)]


GOOD = a_workbook(("S-1", "CJ", CJ))
XLSM = books.zipped({**books.parts_of(GOOD), "xl/vbaProject.bin": b"x"})
XLSB = books.zipped({**books.parts_of(GOOD), "xl/workbook.bin": b"x"})
BIFF_LOCKED = b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x36\x00" + bytes(100)


def with_bit(data: bytes) -> bytes:
    """Every entry says it is encrypted."""
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := data.find(mark, start)) >= 0:
            data = data[: start + at] + b"\x01\x00" + data[start + at + 2 :]
            start += 4
    return data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (books.locked(GOOD), "unlock the file before uploading it"),
        (books.an_ole_file("EncryptionInfo", "EncryptedPackage"), "unlock the file before uploading it"),
        (books.an_ole_file("Workbook", content={"Workbook": BIFF_LOCKED}), "unlock the file before uploading it"),
        (with_bit(GOOD), "unlock the file before uploading it"),
        (books.an_ole_file("DRMEncryptedDataSpace", "EncryptedPackage"), "protected by your organisation"),
        (books.an_ole_file("Workbook"), "old Excel format (.xls)"),
        (books.an_ole_file("WordDocument"), "not a spreadsheet"),
        (XLSM, "macros (.xlsm)"),
        (XLSB, "binary workbook (.xlsb)"),
        (books.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}), "OpenDocument file (.ods)"),
        (books.zipped({"Index/Document.iwa": "x"}), "Numbers document"),
        (books.zipped({"word/document.xml": "<a/>", "_rels/.rels": "<a/>"}), "not a spreadsheet"),
        (books.zipped({"photo.jpg": "x"}), "not a spreadsheet"),
        (b"Shipment No.,Company,Invoice No.\r\nS-1,CJ,1\r\n", "CSV"),
        ("배송번호\t택배사\t송장번호\nS-1\tCJ\t1\n".encode("cp949"), "CSV"),
        ("a;b;c\n1;2;3\n".encode("utf-16"), "CSV"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "XML file"),
        (b"%PDF-1.7\n1 0 obj", "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a spreadsheet"),
        (b"hello", "not a spreadsheet"),
        (b"", "The file is empty"),
        (b" \r\n", "The file is empty"),
        (b"PK\x03\x04", "damaged"),
        (GOOD[:-30], "damaged"),
        (GOOD[:900], "damaged"),
        (bytes(5 * 1024 * 1024 + 1), "more than 5 MB"),
    ],
)  # fmt: skip
def test_every_other_kind_is_known_by_its_content_and_said(data: bytes, said: str) -> None:
    assert said in refusal(data)


_MEASURE = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[2:], stdin=open(sys.argv[1], "rb"))
_, status, usage = os.wait4(child.pid, 0)
child.returncode = status
print(file=sys.stdout, end=f"\\n{status} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}")
"""


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_ends_in_seconds_and_little_memory(what: str, tmp_path: Path) -> None:
    file = tmp_path / "upload.xlsx"
    file.write_bytes(HOSTILE[what])
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, file, *COMMAND], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    answer, measured = done.stdout.rsplit("\n", 1)
    status, seconds, kilobytes = measured.split()
    assert json.loads(answer).keys() & {"refused", "rows"}
    assert (int(status), float(seconds) < 5, int(kilobytes) < 300_000) == (0, True, True)


@pytest.mark.usefixtures("own_process")
@pytest.mark.parametrize(
    "what", ["zip bomb", "bzip2 part", "entities", "entities in EBCDIC", "external entity", "a million blank rows", "cut off"]
)
def test_a_hostile_file_is_one_sentence(what: str) -> None:
    said = refusal(HOSTILE[what])
    assert said.endswith(".")
    assert "Traceback" not in said


@pytest.mark.usefixtures("own_process")
def test_a_reading_process_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "COMMAND", (sys.executable, "-c", "import os; os.abort()"))
    assert "takes too long" in refusal(GOOD)


def test_a_thousand_rows_fit_and_one_more_is_refused_with_the_count() -> None:
    assert len(read(a_workbook(*others(1000))).rows) == 1000
    said = refusal(a_workbook(*others(1001)))
    assert "1,001" in said
    assert "split" in said


def test_one_shipment_with_two_invoices_is_refused_twice() -> None:
    found = lines(("S-1", "CJ", CJ), ("S-2", "Other", "A001"), ("S-1", "CJ", CJ_OTHER))
    assert [line.verdict for line in found] == [Verdict.REFUSED, Verdict.READY, Verdict.REFUSED]
    assert ("row 4" in found[0].reason, "row 2" in found[2].reason) == (True, True)


def test_destroyed_digits_are_no_second_invoice() -> None:
    found = lines(("S-1", "CJ", "6.32E+11"), ("S-1", "CJ", CJ))
    assert [line.verdict for line in found] == [Verdict.REFUSED, Verdict.READY]


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    line = lines(("S-1", "Yamatto", "1.2E+11"))[0]
    assert (line.field, "Did you mean Yamato?" in line.reason, "shortened by Excel" in line.reason) == ("carrier", True, True)


def test_the_same_row_twice_is_one_registration() -> None:
    found = lines(("S-1", "CJ", CJ), ("S-1 ", "대한통운", f"{CJ[:4]}-{CJ[4:]}"))
    assert [line.verdict for line in found] == [Verdict.READY, Verdict.UNCHANGED]
    assert "row 2" in found[1].reason


def test_one_invoice_for_two_shipments_is_confirmed_by_row() -> None:
    rows = ("S-1", "CJ", CJ), ("S-2", "CJ", CJ)
    found = lines(*rows)
    assert [line.verdict for line in found] == [Verdict.CONFIRM] * 2
    assert ("row 3" in found[0].reason, "row 2" in found[1].reason) == (True, True)
    assert [line.verdict for line in lines(*rows, confirmed=frozenset({2, 3}))] == [Verdict.READY] * 2


def test_a_doubtful_check_digit_is_confirmed_and_registered_with_the_reason() -> None:
    store, data = waiting(1), a_workbook(("S-1", "Logen", LOGEN_DOUBTFUL))
    before = judged(data, store)
    assert before.lines[0].verdict is Verdict.CONFIRM
    assert register(store, before).registered == 0
    assert register(store, judged(data, store, confirmed=frozenset({2}))).registered == 1


def test_a_shipment_that_is_not_there_is_suggested_when_it_can_only_be_one() -> None:
    store = a_store(a_shipment("S261122-03951"), a_shipment("S-77"))
    found = lines(*((number, "Other", f"A00{n}") for n, number in enumerate(["S261122-3951", "s 77", "S-9"])), store=store)
    assert [line.verdict for line in found] == [Verdict.REFUSED] * 3
    assert [line.field for line in found] == ["shipment_no"] * 3
    assert found[0].reason == "Shipment No.: not found. Did you mean S261122-03951?"
    assert "Did you mean S-77?" in found[1].reason
    assert "S-9 does not exist" in found[2].reason


def test_a_registered_shipment_is_unchanged_or_refused_until_modifying_is_on() -> None:
    store = a_store(a_shipment(invoice=an_invoice(CJ)))
    same = lines(("S-1", "CJ", CJ), store=store)[0]
    assert (same.verdict, same.reason) == (Verdict.UNCHANGED, "Registered with the same number on 12 Nov.")
    other = lines(("S-1", "CJ", CJ_OTHER), store=store)[0]
    assert (other.verdict, other.field) == (Verdict.REFUSED, "invoice_no")
    assert f"{CJ} is already registered. Turn on" in other.reason
    preview = judged(a_workbook(("S-1", "CJ", CJ_OTHER)), store, modify=True)
    assert (preview.lines[0].verdict, preview.lines[0].note) == (Verdict.READY, f"Replaces CJ Logistics {CJ}.")
    assert register(store, preview).registered == 1
    invoice = the(store).invoice
    assert invoice
    assert invoice.invoice_no == CJ_OTHER


def test_a_file_registered_twice_is_unchanged_the_second_time() -> None:
    store, data = waiting(1000), a_workbook(*others(1000))
    result = register(store, judged(data, store))
    assert (result.registered, result.message) == (1000, "1,000 shipments registered.")
    assert the(store, "S-7").state.status is Status.PREPARING_TO_SHIP
    again = judged(data, store, at=nov(17))
    assert again.counts[Verdict.UNCHANGED] == 1000
    assert again.lines[0].reason == "Registered with the same number on 16 Nov by Sooyeon."
    second = register(store, again)
    assert (second.registered, second.batch_id, second.message) == (0, None, "0 shipments registered, 1,000 unchanged.")


def test_a_second_click_writes_nothing_and_gets_the_same_answer() -> None:
    store = waiting(3)
    preview = judged(a_workbook(*others(3), ("S-9", "Other", "A9999")), store)
    first = register(store, preview)
    written = store.rows("SELECT count(*) AS n FROM history")
    assert register(store, preview) == first
    assert (first.registered, store.rows("SELECT count(*) AS n FROM history")) == (3, written)


def test_the_second_of_two_same_requests_tells_what_another_did_since() -> None:
    store = waiting(2)
    preview = judged(a_workbook(*others(2)), store)
    register(store, preview)
    invoices.modify(store, RULES, "S-1", invoices.Entry("cj", CJ), by=SOOYEON, at=nov(17))
    assert [row.outcome for row in register(store, preview).rows] == ["refused", "registered"]


def test_an_upload_is_undone_whole_and_can_be_registered_again() -> None:
    store, data = waiting(3), a_workbook(*others(3))
    preview = judged(data, store)
    result = register(store, preview)
    assert result.batch_id
    undo.undo(store, result.batch_id, home="KR", by=SOOYEON, at=nov(17))
    assert the(store).invoice is None
    assert [row.outcome for row in register(store, preview).rows] == ["refused"] * 3
    assert register(store, judged(data, store, at=nov(18))).registered == 3


def test_what_changed_since_the_preview_is_judged_again_and_is_to_mend() -> None:
    store = waiting(2)
    preview = judged(a_workbook(*others(2)), store)
    invoices.register(store, RULES, "S-1", invoices.Entry("cj", CJ), by=SOOYEON, at=NOW)
    result = register(store, preview)
    assert [row.outcome for row in result.rows] == ["refused", "registered"]
    assert [line.verdict for line in result.preview.lines] == [Verdict.REFUSED, Verdict.READY]


def test_an_error_in_the_middle_leaves_nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    store = waiting(5)
    preview = judged(a_workbook(*others(5)), store)

    def broken(connection: Connection, *_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("core.services.shipments.changes.history.append", broken)
    with pytest.raises(RuntimeError):
        register(store, preview)
    assert store.rows("SELECT count(*) AS n FROM shipment WHERE invoice_no IS NOT NULL") == [{"n": 0}]
    assert store.rows("SELECT count(*) AS n FROM invoice") == [{"n": 0}]


_KILLED = """
import os, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from core.carriers import rules
from core.services import uploading
from core.services.shipments import changes
from core.store.database import Store

store, at = Store.open(Path(sys.argv[1])), datetime(2026, 11, 16, tzinfo=UTC)
preview = uploading.judge_sheet(uploading.read_sheet(Path(sys.argv[2]).read_bytes(), "x"), rules.load(), store, modify=False, at=at)
changes.history.append = lambda *_, **__: os.kill(os.getpid(), 9)
uploading.register(store, rules.load(), preview, modify=False, by=changes.Actor("Hana", "upload"), at=at)
"""


def test_a_server_killed_in_the_middle_has_registered_nothing(tmp_path: Path) -> None:
    file, database = tmp_path / "today.xlsx", tmp_path / "shop.duckdb"
    file.write_bytes(a_workbook(*others(20)))
    store = Store.open(database)
    books_of(store, 20)
    store.close()
    done = subprocess.run([sys.executable, "-c", _KILLED, database, file], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == -9
    store = Store.open(database)
    assert store.rows("SELECT count(*) AS n FROM invoice") == [{"n": 0}]
    store.close()


def books_of(store: Store, count: int) -> None:
    from tests.builders import add

    add(store, *(a_shipment(f"S-{n}") for n in range(1, count + 1)))


def test_progress_goes_from_nothing_to_all() -> None:
    store, told = waiting(1), list[float]()
    register(store, judged(a_workbook(*others(1)), store), progress=told.append)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_the_sample_has_the_waiting_shipments_and_comes_back() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("=2+2"), a_shipment("S-3", invoice=an_invoice(CJ)))
    numbers = uploading.waiting(store, ShipmentFilter(), zone=SEOUL, now=NOW)
    assert sorted(numbers) == ["=2+2", "S-1"]
    data = uploading.sample(RULES, numbers)
    book = load_workbook(io.BytesIO(data))
    sheet = book["Invoices"]
    assert (book.sheetnames, book.active.title, book["lists"].sheet_state) == (["Invoices", "How to fill", "lists"], "Invoices", "veryHidden")  # fmt: skip
    assert (sheet.freeze_panes, sheet.column_dimensions["C"].number_format, sheet.protection.sheet) == ("A2", "@", False)
    assert sheet.data_validations.dataValidation[0].formula1 == "=carriers"
    assert {sheet["A2"].data_type, sheet["A3"].data_type} == {"s"}
    for place in (2, 3):
        sheet[f"B{place}"], sheet[f"C{place}"] = "Other", f"000{place}"
    assert [line.verdict for line in judged(books.saved(book), store).lines] == [Verdict.READY] * 2


def test_the_sample_holds_as_many_as_fit_in_one_upload() -> None:
    book = load_workbook(io.BytesIO(uploading.sample(RULES, [f"S-{n}" for n in range(1001)])))
    assert (book["Invoices"].max_row, book["Invoices"]["A1001"].value) == (1001, "S-999")


def test_rows_typed_at_the_desk_are_judged_like_those_of_a_file() -> None:
    store, rows = waiting(3), [("S-1", "CJ", CJ), ("S-2", "UPS", FEDEX), ("S-9", "Other", " A-1001")]
    typed = uploading.typed_sheet("grid", [(at, *row) for at, row in enumerate(rows, 2)])
    found = uploading.judge_sheet(typed, RULES, store, modify=False, at=NOW).lines
    assert [line.verdict for line in found] == [Verdict.READY, Verdict.REFUSED, Verdict.REFUSED]
    assert found == lines(*rows, store=store)


def test_the_rows_to_mend_can_be_mended_and_uploaded() -> None:
    store = waiting(3)
    preview = judged(
        a_workbook(("S-1", "Yamatto", "A001"), ("S-2", "Other", "A002"), ("S-3", "Other", 123456789012345678)), store
    )
    book = load_workbook(io.BytesIO(uploading.to_mend(preview, RULES)))
    values = [[cell.value for cell in line] for line in book["Invoices"].iter_rows()]
    assert [value[:4] for value in values] == [[*HEADER, "Row"], ["S-1", "Yamatto", "A001", 2], ["S-3", "Other", None, 4]]
    assert (values[0][4], "Did you mean Yamato?" in values[1][4]) == ("Reason", True)
    book["Invoices"]["B2"], book["Invoices"]["C3"] = "Other", "A003"
    assert [line.verdict for line in judged(books.saved(book), store).lines] == [Verdict.READY] * 2


def test_the_workbook_comes_back_with_its_results() -> None:
    store = waiting(2)
    data = a_workbook(("S-1", "Other", "A001", "=1+1"), (), ("S-9", "Other", "A&<9"), header=(*HEADER, "Note"))
    preview = judged(data, store)
    sheet = load_workbook(io.BytesIO(uploading.with_results(data, register(store, preview)))).active
    assert [sheet[f"E{n}"].value for n in (1, 2, 3)] == ["Result", "Registered.", None]
    assert sheet["E4"].value.startswith("Refused: Invoice No.: ")
    assert sheet["D2"].value == "=1+1"


@pytest.mark.usefixtures("own_process")
@pytest.mark.parametrize(
    "data", [raw(head(), ONE, prefix="x"), raw(head(), ONE, strict=True), books.locked(GOOD, "VelvetSweatshop")]
)
def test_results_are_written_into_unusual_workbooks(data: bytes) -> None:
    store = waiting(1)
    marked = uploading.with_results(data, register(store, judged(data, store)))
    assert judged(marked, store).lines[0].verdict is Verdict.UNCHANGED
    assert b"Registered." in b"".join(books.parts_of(marked).values())


def test_results_come_in_a_new_workbook_when_the_old_cannot_be_written() -> None:
    store, data = waiting(1), raw(head(), ONE, encoding="UTF-16")
    sheet = load_workbook(io.BytesIO(uploading.with_results(data, register(store, judged(data, store))))).active
    assert [cell.value for cell in sheet[2]] == ["S-1", "CJ", CJ, 2, "Registered."]


@pytest.mark.usefixtures("own_process")
def test_uploads_at_once_do_not_disturb_each_other() -> None:
    found: list[int] = []
    data = a_workbook(*others(50))
    threads = [threading.Thread(target=lambda: found.append(len(read(data).rows))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [50] * 4


def core(*arguments: Any, database: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, arguments)],
        cwd=ROOT, env=os.environ | {"SHIPDESK_DB": str(database)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_the_command_line_judges_a_file_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "any name"
    file.write_bytes(a_workbook(("S-1", "CJ", CJ), ("S-2", "CJ", "1")))
    done = core("register", file, "--dry-run", "--offline", "--json", database=tmp_path / "none.duckdb")
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"], (tmp_path / "none.duckdb").exists()) == (0, "accepted", False)
    assert said["rows"][0] == {
        "row": 2, "shipment_no": "S-1", "carrier": "cj", "invoice_no": CJ, "verdict": "ready", "field": "", "reason": "", "repair": "",
    }  # fmt: skip
    assert (said["rows"][1]["row"], said["rows"][1]["verdict"], said["rows"][1]["field"]) == (3, "refused", "invoice_no")


def test_the_command_line_refuses_a_file_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "locked.xlsx"
    file.write_bytes(books.locked(GOOD))
    done = core("register", file, "--dry-run", "--offline", "--json", database=tmp_path / "none.duckdb")
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"], said["rows"]) == (1, "refused", [])
    assert "unlock the file before uploading it" in said["message"]
    assert core("register", tmp_path / "missing.xlsx", database=tmp_path / "none.duckdb").returncode == 1


def test_the_command_line_registers(tmp_path: Path) -> None:
    file, database = tmp_path / "today.xlsx", tmp_path / "shop.duckdb"
    file.write_bytes(a_workbook(*others(3)))
    store = Store.open(database)
    books_of(store, 2)
    store.close()
    assert "2 rows can be registered now, 1 is refused" in core("register", file, "--dry-run", database=database).stdout
    assert core("register", file, database=database).stdout.startswith("2 shipments registered, 1 to mend.")
    assert core("register", file, database=database).stdout.startswith("0 shipments registered, 2 unchanged, 1 to mend.")
