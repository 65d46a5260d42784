"""Every file is known by its content, whatever its name says."""

import pytest

from core.files import refusals
from core.files.refusals import ReadFault, Unreadable
from tests import workbook_builders as books
from tests.files.given import refusal
from tests.workbook_builders import GOOD, ONE, head, raw

pytestmark = pytest.mark.usefixtures("read_here")


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


@pytest.mark.parametrize(
    "declared", ['encoding = "cp037"', "version=\"1.0\" encoding='utf-7'", f'{" " * 400} encoding="cp037"']
)
def test_an_encoding_in_which_declarations_would_not_be_seen_is_refused(declared: str) -> None:
    hidden = f"<?xml {declared}?>".encode() + "<!DOCTYPE a><worksheet/>".encode("cp037")
    assert "declarations" in refusal(books.zipped({**books.parts_of(GOOD), "xl/worksheets/sheet1.xml": hidden}))


def test_a_part_is_examined_whatever_its_name() -> None:
    parts = books.parts_of(raw(head(), ONE))
    sheet = b"<!DOCTYPE a>" + parts.pop("xl/worksheets/sheet1.xml")
    relations = parts["xl/_rels/workbook.xml.rels"].replace(b"sheet1.xml", b"sheet1.dat")
    data = books.zipped({**parts, "xl/_rels/workbook.xml.rels": relations, "xl/worksheets/sheet1.dat": sheet})
    assert "declarations" in refusal(data)


@pytest.mark.parametrize("why", ReadFault)
def test_every_reason_has_its_sentence_for_an_upload_and_for_an_import(why: ReadFault) -> None:
    file = Unreadable(
        why, sheets='"A", "B"', field="Invoice No.", sheet="A", row=1, letters="C, D", count=1001, column="C", most=9, cell="B2"
    )
    for said in (refusals.of_upload(file), refusals.of_import(file)):
        assert said.endswith(".")
        assert "{" not in said
