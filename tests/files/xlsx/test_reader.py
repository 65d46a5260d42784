"""Cells of a workbook: every digit as a person sees it, whoever wrote the file."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.styles import PatternFill

from core.files.choosing import rows_of
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.sheet import SheetCell
from tests import workbook_builders as books
from tests.builders import CJ
from tests.files.given import sheet_of
from tests.workbook_builders import ONE, a_row, a_workbook, cell, head, raw, row

pytestmark = pytest.mark.usefixtures("read_here")


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
    row = sheet_of(raw(head(), a_row(2, "S-1", "Other", xml), formats=formats)).rows[0]
    assert (row.invoice_no, row.number) == (SheetCell(number), 2)


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
    rows = sheet_of(data).rows
    assert [(row.number, row.shipment_no, row.company, row.invoice_no) for row in rows] == [
        (2, SheetCell("S-1"), SheetCell("CJ"), SheetCell(CJ))
    ]


@pytest.mark.parametrize(
    ("xml", "formats", "value", "doubt"),
    [
        (cell("C2", "12.5", "n"), (), "12.5", "the fraction 12.5"),
        (cell("C2", "0.25", "n", 1), ("0.00%",), "0.25", "the fraction 0.25"),
        (cell("C2", "-5", "n"), (), "-5", "negative"),
        (cell("C2", "1", "b"), (), "TRUE", "holds TRUE"),
        (cell("C2", "46349", "n", 1), ("yyyy-mm-dd",), "2026-11-23", "the date 2026-11-23"),
        (cell("C2", "46349.5866", "n", 1), ("yyyy-mm-dd hh:mm",), "2026-11-23 14:04:42", "the date 2026-11-23 14:04:42"),
        (cell("C2", "0.5", "n", 1), ("hh:mm",), "12:00:00", "the date 12:00:00"),
        (cell("C2", "2026-11-23T00:00:00", "d"), (), "2026-11-23", "the date 2026-11-23"),
        (cell("C2", "5555", "n", 1), ('"SF"0000000000000',), "5555", "shows another text"),
        (cell("C2", "x" * 300), (), "x" * 300, "300 characters"),
    ],
)
def test_what_an_import_takes_as_a_value_is_no_number_on_a_label(
    xml: str, formats: tuple[str, ...], value: str, doubt: str
) -> None:
    data = raw(head(), a_row(2, "S-1", "Other", xml), formats=formats)
    assert [(row.cells[2], row.faults) for row in rows_of(data)][1] == (value, {})
    assert doubt in sheet_of(data).rows[0].invoice_no.fault


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        (cell("C2", "123456789012345678", "n"), "more than 15 digits"),
        (cell("C2", "#N/A", "e"), "Excel error #N/A"),
        (cell("C2", "a number", "n"), "cannot be read"),
        (cell("C2", "1e99999", "n"), "cannot be read"),
        ('<c r="C2"><f>A1</f></c>', "never calculated"),
        ('<c r="C2" t="s"><v>77</v></c>', "not in the file"),
        ('<c r="C2" t="s"><v>-1</v></c>', "not in the file"),
    ],
)
def test_what_nobody_can_trust_is_a_fault_for_both(xml: str, fault: str) -> None:
    data = raw(head(), a_row(2, "S-1", "Other", xml), strings=books.shared_strings("a"))
    assert fault in list(rows_of(data))[1].faults[2]
    assert fault in sheet_of(data).rows[0].invoice_no.fault


def test_a_date_beyond_the_last_day_is_no_date_of_an_import_and_a_number_of_an_upload() -> None:
    data = raw(head(), a_row(2, "S-1", "Other", cell("C2", "634512345675", "n", 1)), formats=("yyyy-mm-dd",))
    assert "is no date" in list(rows_of(data))[1].faults[2]
    assert sheet_of(data).rows[0].invoice_no == SheetCell("634512345675")


def test_a_value_far_to_the_right_is_too_much_for_an_import_and_no_matter_for_an_upload() -> None:
    data = raw(head(), row(2, cell("A2", "S-1"), cell("ALL2", "the last"), cell("XFD2", " ")))
    assert list(rows_of(data))[1].cells[999] == "the last"
    with pytest.raises(Unreadable) as caught:
        list(rows_of(raw(head(), row(2, cell("A2", "S-1"), cell("XFD2", "far away")))))
    assert (caught.value.why, caught.value.named["row"]) == (ReadFault.TOO_MANY_COLUMNS, "2")
    assert [row.shipment_no for row in sheet_of(data).rows] == [SheetCell("S-1")]
