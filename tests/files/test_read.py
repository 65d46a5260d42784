"""Files: whatever program wrote them, the same rows with the numbers a person sees, or one sentence on what to do."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core.domain.errors import Refused
from core.files import refusals
from core.files.choosing import rows_of
from core.files.limits import IMPORT
from core.files.read import Source, read
from core.files.refusals import Unreadable
from tests.workbook_builders import an_ole_file, locked

pytestmark = pytest.mark.usefixtures("read_here")

KOREAN, JAPANESE, FRENCH = (
    "번호,받는분\n1,김하나\n2,별빛로 12번지\n",
    "番号,住所\n1,東京都ソ連表\n2,ﾔﾏﾀﾞ ﾀﾛｳ\n",
    "No,Pays\n1,Côte d'Ivoire\n2,Réunion\n",
)


def rows(source: Source) -> list[tuple[str, ...]]:
    return list(zip(*source.columns, strict=True))


def a_workbook(*lines: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        for line in content:
            sheet.append(line)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(data: bytes, name: str, change: Any) -> bytes:
    """The workbook with one of its parts rewritten."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == name else content)
    return buffer.getvalue()


KANJI = "番号,氏名,住所\n1,山田太郎,東京都港区芝公園四丁目二番八号\n2,佐藤花子,大阪府大阪市北区梅田一丁目\n"


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        (KANJI, "euc_jp", "EUC-JP"), (KANJI, "iso2022_jp", "ISO-2022-JP"), (KANJI, "cp932", "Shift-JIS"),
        (KOREAN, "utf-8", "UTF-8"), (KOREAN, "utf-8-sig", "UTF-8"), (KOREAN, "utf-16", "UTF-16"), (KOREAN, "cp949", "CP949"),
        (JAPANESE, "cp932", "Shift-JIS"), (JAPANESE, "utf-8", "UTF-8"), (FRENCH, "cp1252", "CP1252"),
        (FRENCH, "utf-16-le", "utf-16-le"), ("No,b\n1,x\n2,y\n", "ascii", "UTF-8"), ("No,b\n1,ﾔﾏﾀﾞ\n2,ﾀﾛｳ\n", "cp932", "Shift-JIS"),
        ("No,b\n1,Müller\n2,José, \n".replace(", \n", "\n"), "cp1252", "CP1252"),
    ],
)  # fmt: skip
def test_text_is_read_in_the_encoding_it_was_written_in(text: str, encoding: str, shown: str) -> None:
    source = read(text.encode(encoding))
    lines = [tuple(line.split(",")) for line in text.splitlines()]
    assert (source.headers, rows(source), source.rows) == (lines[0], lines[1:], [2, 3])
    assert shown in source.note


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_with_commas_inside(delimiter: str) -> None:
    lines = [["No", "Weight", "Name"], ["1", '"1,5"', "a"], ["2", '"2,5"', "b"]]
    source = read("\n".join(delimiter.join(line) for line in lines).encode())
    assert rows(source) == [("1", "1,5", "a"), ("2", "2,5", "b")]


def test_the_separator_line_of_excel_is_obeyed() -> None:
    assert rows(read(b"sep=;\na;b\n1,0;2\n")) == [("1,0", "2")]


def test_quoted_line_breaks_blank_rows_and_trailing_columns_keep_the_row_numbers() -> None:
    source = read(b'\xef\xbb\xbfa,b,,\r\n"1\r\nx","say ""hi""",,\r\n\r\n,,,\r\n2,y,,\r\n')
    assert (source.headers, source.rows) == (("a", "b", "", ""), [2, 5])
    assert rows(source) == [("1\r\nx", 'say "hi"', "", ""), ("2", "y", "", "")]


def test_a_row_with_too_many_cells_or_cut_in_two_is_not_trusted() -> None:
    source = read(b"a,b,c\n1,2,3\n4,5,6,7\n1,ha\nlf,3\n8,9\n")
    assert list(source.broken) == [1, 2, 3]
    assert source.broken[1].startswith("The row has 4 cells, the header 3.")
    assert "rows 4 and 5 look like one row" in source.broken[2].lower()


def test_titles_above_the_header_are_skipped() -> None:
    source = read(b"Shipments of November,,\n,,\nNo,Name,City\n1,a,b\n")
    assert (source.headers, source.rows) == (("No", "Name", "City"), [4])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b'a,b\n1,"never closed\n2,3\n', "a quotation mark is not closed"),
        (b"<html><table><tr><td>1</td></tr></table>", "is a web page under another name"),
        (b"%PDF-1.7", "is no table"),
        (b'{"a": 1}', "is a JSON file"),
        (b"<?xml version='1.0'?><Workbook/>", "is an XML file"),
        (b"PAR1 and nothing else", "The Parquet file is damaged"),
        (b"PK\x03\x04 cut off", "The file is damaged"),
        (an_ole_file("EncryptionInfo", "EncryptedPackage"), "locked with a password"),
        (an_ole_file("Workbook"), "old Excel format (.xls)"),
        (an_ole_file("WordDocument"), "is no spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "The file is damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data, "shipments.csv")
    assert said in str(refused.value)


def test_cells_of_a_workbook_as_text() -> None:
    source = read(
        a_workbook(
            ["text", "whole", "fraction", "day", "moment", "yes", "danger"],
            ["0012", 634512345675, 1.25, date(2026, 11, 23), datetime(2026, 11, 23, 14, 5), True, "+1"],  # noqa: DTZ001
            [None, 12.0, None, None, None, None, None],
        )
    )
    assert rows(source) == [
        ("0012", "634512345675", "1.25", "2026-11-23", "2026-11-23 14:05:00", "TRUE", "+1"),
        ("", "12", "", "", "", "", ""),
    ]
    assert (source.rows, source.note) == ([2, 3], "Excel")
    assert not any(source.faults_of(place) for place in range(7))


def test_cells_of_a_workbook_that_cannot_be_trusted_say_why() -> None:
    book = Workbook()
    book.active.append(["a", "b", "c"])
    book.active.append(["=A1&B1", 123456789012345678, "#N/A"])
    book.active["C2"].data_type = "e"
    source = read(saved(book))
    assert [source.faults_of(place)[0].split(".")[0] for place in range(3)] == [
        "the cell holds a formula that was never calculated",
        "the number has more than 15 digits, Excel lost the last ones",
        "the cell holds the Excel error #N/A",
    ]


def test_a_number_format_of_zeros_pads() -> None:
    book = Workbook()
    book.active.append(["postal"])
    book.active.append([4524])
    book.active["A2"].number_format = "00000"
    assert rows(read(saved(book))) == [("04524",)]


def test_formatted_blank_rows_and_a_wrong_dimension_do_not_matter() -> None:
    data = a_workbook(["a", "b"], ["1", "2"], [None], [" ", "\u00a0"], ["3", "4"])
    source = read(with_part(data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:B5"', b'ref="A1"')))
    assert (rows(source)[0], rows(source)[-1], source.rows[-1]) == (("1", "2"), ("3", "4"), 5)


def test_a_workbook_with_two_filled_sheets_is_refused_naming_them() -> None:
    with pytest.raises(Refused, match='"Sheet", "More"'):
        read(a_workbook(["a"], ["1"], More=[["b"], ["2"]]))


def test_hidden_and_empty_sheets_do_not_count() -> None:
    book = Workbook()
    book.active.append(["a"])
    book.active.append(["1"])
    book.create_sheet("Empty")
    hidden = book.create_sheet("Lists")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    assert rows(read(saved(book))) == [("1",)]


def test_rich_text_is_read_without_its_furigana_and_escapes_are_undone() -> None:
    rich = b"<is><r><t>\xe6\x9d\xb1</t></r><r><t>_x000A_x</t></r><rPh sb='0' eb='1'><t>\xe3\x83\x92</t></rPh></is>"
    data = with_part(
        a_workbook(["a"], ["1"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb'<c r="A2"[^>]*>.*?</c>', b'<c r="A2" t="inlineStr">' + rich + b"</c>", xml),
    )
    assert rows(read(data)) == [("東\nx",)]


def test_dates_of_east_asian_excel_and_of_1904_are_dates() -> None:
    book = Workbook()
    book.active.append(["day"])
    book.active.append([date(2026, 11, 23)])
    asian = with_part(saved(book), "xl/styles.xml", lambda xml: xml.replace(b'numFmtId="14"', b'numFmtId="31"'))
    assert rows(read(asian)) == [("2026-11-23",)]
    book.epoch = CALENDAR_MAC_1904
    assert b'date1904="1"' in zipfile.ZipFile(io.BytesIO(saved(book))).read("xl/workbook.xml")
    assert rows(read(saved(book))) == [("2026-11-23",)]


def test_cells_without_references_and_strict_namespaces_are_read() -> None:
    data = with_part(
        a_workbook(["a", "b", "c"], ["1", None, "3"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml).replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        ),
    )
    assert read(data).headers == ("a", "b", "c")


@pytest.mark.parametrize("reference", ["AAAA2", "ZZZZZZZ2", "\u00c42", "XFE2"])
def test_a_cell_beyond_the_sheet_is_a_damaged_file(reference: str) -> None:
    data = with_part(
        a_workbook(["a"], ["1"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'r="A2"', f'r="{reference}"'.encode()),
    )
    with pytest.raises(Refused, match="damaged"):
        read(data)


def test_a_row_beyond_the_sheet_and_an_unpacked_flood_are_refused() -> None:
    data = a_workbook(["a"], ["1"])
    with pytest.raises(Refused, match="names a row that no sheet has"):
        read(with_part(data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999999"')))
    with pytest.raises(Unreadable) as caught:
        list(rows_of(data, replace(IMPORT, part_size=500)))
    assert "too large once unpacked" in refusals.of_import(caught.value)


def test_an_empty_workbook_and_one_with_a_doctype_are_refused() -> None:
    with pytest.raises(Refused, match="The sheet is empty"):
        read(saved(Workbook()))
    hostile = with_part(a_workbook(["a"], ["1"]), "xl/workbook.xml", lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml)
    with pytest.raises(Refused, match=r"declarations .DOCTYPE. that no spreadsheet program writes"):
        read(hostile)


def test_a_file_that_excel_opens_without_asking_for_its_password_is_read() -> None:
    assert rows(read(locked(a_workbook(["a"], ["1"]), "VelvetSweatshop"))) == [("1",)]


def test_declarations_in_an_unusual_encoding_are_refused_unparsed() -> None:
    hidden = '<?xml version="1.0" encoding="cp037"?><!DOCTYPE a><worksheet/>'.encode("cp037")
    for part in (hidden, b'<?xml version="1.0" encoding="cp037"?>' + hidden):
        with pytest.raises(Refused, match=r"damaged|declarations"):
            read(with_part(a_workbook(["a"], ["1"]), "xl/worksheets/sheet1.xml", lambda xml, part=part: part))


def test_a_damaged_part_is_refused_without_a_trace() -> None:
    with pytest.raises(Refused, match="damaged"):
        read(with_part(a_workbook(["a"], ["1"]), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2]))


def test_typed_columns_of_parquet_as_text() -> None:
    table = pa.table(
        {
            "no": pa.array(["001", None, "3"]),
            "plain": pa.array([datetime(2026, 11, 23, 10), None, None], pa.timestamp("ms")),  # noqa: DTZ001
            "zoned": pa.array([datetime(2026, 11, 23, 10, tzinfo=UTC), None, None], pa.timestamp("ns", "Asia/Seoul")),
            "day": pa.array([date(2026, 11, 23), None, None]),
            "money": pa.array([Decimal("12.50"), None, None], pa.decimal128(9, 2)),
            "number": pa.array([1.0, None, float("nan")]),
            "whole": pa.array([7, None, None], pa.int64()),
            "word": pa.array(["a", None, None]).dictionary_encode(),
            "list": pa.array([[1], None, None]),
        }
    )
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer)
    source = read(buffer.getvalue(), "x.csv")
    assert rows(source)[0][:8] == (
        "001", "2026-11-23 10:00:00.000000", "2026-11-23 19:00:00.000000+0900", "2026-11-23", "12.50", "1", "7", "a",
    )  # fmt: skip
    assert source.rows == [1, 3]
    assert "cannot be read. Write it as text." in source.faults_of(8)[0]


def test_a_file_that_is_not_there_is_a_refusal(tmp_path: Any) -> None:
    with pytest.raises(Refused, match="Check the name of the file"):
        read(tmp_path / "none.csv")
