"""Files of shipments that break readers, each made by a function into a path; the small ones take a moment."""

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from core.files.refusals import ReadFault
from core.services.importing import COLUMNS, REQUIRED
from tests import workbook_builders as books
from tests.workbook_builders import cell, head, raw, row, shared_strings, zipped

HEADER = b"shipment_no,order_no,ordered_at,country\n"
LINE = b"S-%d,O-%d,2026-11-01,KR\n"
_MB = 1 << 20


@dataclass(frozen=True)
class Hostile:
    """One file: how it is made, what it is refused for ("" where it only must not harm), and whether it is small."""

    make: Callable[[Path], None]
    why: str = ""
    small: bool = False


def _written(data: bytes | Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data() if callable(data) else data) and None


def _streamed(pieces: Callable[[], Iterator[bytes]]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            for piece in pieces():
                file.write(piece)

    return make


def _repeated(start: bytes, piece: bytes, size: int, end: bytes = b"") -> Callable[[Path], None]:
    """The piece again and again until the file has about that size."""
    block = piece * max(1, _MB // len(piece))

    def pieces() -> Iterator[bytes]:
        yield start
        for _ in range(size // len(block)):
            yield block
        yield end

    return _streamed(pieces)


def _part(
    name: str, start: str, piece: str, count: int, end: str, parts: Mapping[str, bytes | str] | None = None
) -> Callable[[Path], None]:
    """A workbook with one part that is written as a stream."""

    def make(path: Path) -> None:
        small = books.parts_of(raw(head(), row(2, cell("A2", "S-1")), strings=shared_strings("a"))) | dict(parts or {})
        block = (piece * 1000).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for other, content in small.items():
                if other != name:
                    archive.writestr(other, content)
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
                file.write(start.encode())
                for _ in range(count // 1000):
                    file.write(block)
                file.write(end.encode())

    return make


def _deflated(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """The same workbook with its parts packed."""

    def packed(path: Path) -> None:
        loose = path.with_suffix(".loose")
        make(loose)
        with zipfile.ZipFile(loose) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                info = zipfile.ZipInfo(entry.filename)
                info.compress_type = zipfile.ZIP_DEFLATED
                with old.open(entry) as source, new.open(info, "w", force_zip64=True) as target:
                    while piece := source.read(_MB):
                        target.write(piece)
        loose.unlink()

    return packed


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_OPEN, _CLOSE = f'<worksheet xmlns="{books.MAIN}"><sheetData>', "</sheetData></worksheet>"


def _sheet(piece: str, count: int, close: str = _CLOSE) -> Callable[[Path], None]:
    return _deflated(_part(SHEET, _OPEN, piece, count, close))


def _far_cells(count: int) -> Callable[[Path], None]:
    return _written(lambda: raw(head(), *(row(n, f'<c r="XFD{n}"><v>1</v></c>') for n in range(2, count + 2))))


def _table(table: Callable[[], pa.Table], **said: object) -> Callable[[Path], None]:
    return lambda path: pyarrow.parquet.write_table(table(), path, **said)


def _doubled() -> pa.Table:
    return pa.table([pa.array(["S-1"]), pa.array(["S-2"]), pa.array(["O-1"])], names=["shipment_no", "shipment_no", "order_no"])


def _many_sheets(count: int) -> bytes:
    parts = books.parts_of(raw(head(), row(2, cell("A2", "S-1"))))
    return zipped({**parts, **{f"xl/worksheets/sheet{n}.xml": parts[SHEET] for n in range(2, count + 1)}})


def _sheets_of_one_part(count: int) -> bytes:
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, count + 1))
    book = f'<workbook xmlns="{books.MAIN}" xmlns:r="{books.RELATIONS}"><sheets>{sheets}</sheets></workbook>'
    return zipped({**books.parts_of(raw(head(), row(2, cell("A2", "S-1")))), "xl/workbook.xml": book})


def _wrong_rows(columns: Sequence[str], count: int) -> Callable[[], Iterator[bytes]]:
    """Rows of which no cell can be used, and no two are the same."""

    def pieces() -> Iterator[bytes]:
        yield ",".join(columns).encode() + b"\n"
        for number in range(count):
            yield b",".join(b"?%d-%d?" % (number, place) for place in range(len(columns))) + b"\n"

    return pieces


def _a_zip() -> bytes:
    return zipped({"notes.txt": "nothing here"})


def _ods() -> bytes:
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})


def _gzipped() -> bytes:
    import gzip

    return gzip.compress(HEADER + b"".join(LINE % (n, n) for n in range(1000)))


def _noise() -> bytes:
    return b"MZ\x90\0" + os.urandom(200_000)


def _nulls() -> bytes:
    return HEADER + b"".join(b"S-\0%d,O-%d,2026-11-01,KR\n" % (n, n) for n in range(2000))


def _mixed() -> bytes:
    utf8 = "".join(f"S-{n},O-{n},2026-11-01,대한민국\n" for n in range(3000)).encode()
    return HEADER + utf8 + "S-9,O-9,2026-11-01,대한민국\n".encode("cp949")


def _utf16() -> bytes:
    return (HEADER + b"S-1,O-1,2026-11-01,KR\n").decode().encode("utf-16-le")


def _with_dictionary(size: int) -> Callable[[], pa.Table]:
    return lambda: pa.table({"shipment_no": pa.array(["x" * size + str(n) for n in range(200)]).dictionary_encode()})


def _rle(rows: int, text: str) -> Callable[[], pa.Table]:
    def table() -> pa.Table:
        codes = (
            pa.array(bytes(4 * rows), pa.int8())
            if False
            else pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([text]))
        )
        return pa.table({f"c{n}": codes for n in range(3)})

    return table


def _wide(columns: int) -> pa.Table:
    return pa.table({f"c{n}": ["x"] for n in range(columns)})


def _nested() -> pa.Table:
    return pa.table({"shipment_no": ["S-1"], "order_no": [[["a"] * 1_000_000]], "country": [{"a": {"b": 1}}]})


def _long_cell(length: int) -> bytes:
    return raw(head(), row(2, cell("A2", "S-1")), row(3, cell("A3", "x" * length), cell("B3", "y")))


def _shared_long() -> bytes:
    used = (row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(2, 3000))
    return raw(head(), *used, strings=shared_strings("x" * 1_000_000))


SMALL: Mapping[str, Hostile] = {
    "20,000 cells in XFD": Hostile(_far_cells(20_000), ReadFault.TOO_MANY_COLUMNS, True),
    "a cell over the limit": Hostile(_written(lambda: _long_cell(32_768)), ReadFault.CELL_TOO_LONG, True),
    "a cell at the limit": Hostile(_written(lambda: _long_cell(32_767)), "", True),
    "a cell over the limit in CSV": Hostile(
        _written(HEADER + b"S-1,O-1," + b"x" * 32_768 + b",KR\n"), ReadFault.CELL_TOO_LONG, True
    ),
    "a shared text over the limit": Hostile(_written(_shared_long), ReadFault.CELL_TOO_LONG, True),
    "10,000 sheets": Hostile(_written(lambda: _many_sheets(10_000)), ReadFault.TOO_MANY_SHEETS, True),
    "10,000 sheets of one part": Hostile(_written(lambda: _sheets_of_one_part(10_000)), ReadFault.TOO_MANY_SHEETS, True),
    "doubled Parquet columns": Hostile(_table(_doubled), "", True),
    "nested Parquet columns": Hostile(_table(_nested), "", True),
    "Parquet without columns": Hostile(_table(lambda: pa.table({})), ReadFault.EMPTY, True),
    "Parquet of 20,000 columns": Hostile(_table(lambda: _wide(20_000)), ReadFault.TOO_MANY_COLUMNS, True),
    "Parquet with a long cell": Hostile(_table(lambda: pa.table({"a": ["x", "y" * 40_000]})), ReadFault.CELL_TOO_LONG, True),
    "a locked workbook": Hostile(
        _written(lambda: books.locked(books.a_workbook(("S-1", "Other", "A1")))), ReadFault.LOCKED, True
    ),
    "a zip by another name": Hostile(_written(_a_zip), ReadFault.NO_SPREADSHEET, True),
    "ods by another name": Hostile(_written(_ods), ReadFault.ODS, True),
    "gzip by another name": Hostile(_written(_gzipped), ReadFault.NO_TABLE, True),
    "a program by another name": Hostile(_written(_noise), ReadFault.NO_TABLE, True),
    "xls by another name": Hostile(_written(lambda: books.an_ole_file("Workbook")), ReadFault.XLS, True),
    "html by another name": Hostile(_written(b"<html><table><tr><td>1"), ReadFault.WEB_PAGE, True),
    "NULs in the text": Hostile(_written(_nulls), "", True),
    "two encodings": Hostile(_written(_mixed), "mixed", True),
    "UTF-16 without a mark": Hostile(_written(_utf16), "", True),
    "nested formulas of text": Hostile(
        _written(HEADER + b'"' + b'=""' * 5000 + b'"" ' * 5000 + b'",O-1,2026-11-01,KR\n'), "", True
    ),
    "a quote inside a text": Hostile(_written(HEADER + b'S-1,O-1 "b,"2026"x,KR\n'), "quotation", True),
    "dimension lies": Hostile(
        _written(lambda: raw(head(), row(2, cell("A2", "S-1")), before='<dimension ref="A1:XFD1048576"/>')), "", True
    ),
}
LARGE: Mapping[str, Hostile] = {
    "CSV of 60 M lines": Hostile(_repeated(HEADER, b"1\n", 120 * _MB), ReadFault.TOO_MANY_ROWS),
    "CSV of 60 M blank lines": Hostile(_repeated(HEADER, b"\n", 60 * _MB), ReadFault.TOO_MANY_ROWS),
    "CSV of 3 M columns": Hostile(_repeated(b"", b"a,", 6 * _MB), ReadFault.TOO_MANY_COLUMNS),
    "CSV of 1 M empty columns": Hostile(_repeated(b"", b",", 1 * _MB, b"\n"), ReadFault.TOO_MANY_COLUMNS),
    "CSV of one line of 190 MB": Hostile(_repeated(b"", b"x", 190 * _MB), ReadFault.CELL_TOO_LONG),
    "CSV of one line of 190 MB below a header": Hostile(_repeated(HEADER, b"x y ", 190 * _MB), ReadFault.CELL_TOO_LONG),
    "CSV with an open quote over 100 MB": Hostile(_repeated(HEADER + b'S-1,"O', b"-1,2026-11-01,KR\n", 100 * _MB), "quotation"),
    "CSV with cells of many lines": Hostile(_repeated(HEADER, b'"a\n",', 100 * _MB), ReadFault.ROW_TOO_LONG),
    "CSV wide and long": Hostile(
        _repeated(b",".join([b"h"] * 900) + b"\n", b"1" + b"," * 899 + b"\n", 150 * _MB), ReadFault.TOO_MANY_CELLS
    ),
    "CSV of 380 MB": Hostile(_repeated(HEADER, b"S-1,O-1,2026-11-01," + b"K" * 30_000 + b"\n", 380 * _MB), ""),
    "CSV of more than 400 MB": Hostile(_repeated(HEADER, LINE % (1, 1), 420 * _MB), ReadFault.TOO_BIG),
    "CSV of NULs": Hostile(_repeated(b"", b"\0", 200 * _MB), ReadFault.EMPTY),
    "CSV of broken rows": Hostile(_repeated(HEADER, b"a,b,c,d,e\n", 10 * _MB), ReadFault.TOO_MANY_FAULTS),
    "CSV of high bytes": Hostile(_repeated(b"a,b\n", bytes(range(128, 256)) + b"\n", 100 * _MB), ""),
    "CSV of a million wrong rows": Hostile(_streamed(_wrong_rows(list(COLUMNS), 1_000_000)), ""),
    "CSV of a million rows without an order": Hostile(_streamed(_wrong_rows(["shipment_no", "x", "y"], 1_000_000)), ""),
    "CSV of a million dates that are none": Hostile(_streamed(_wrong_rows(list(REQUIRED), 1_000_000)), ""),
    "Parquet, 0.3 MB for 5.8 GB": Hostile(_table(_rle(1_000_000, "x" * 5_800)), ReadFault.TOO_MUCH_TEXT),
    "Parquet with runs of one value": Hostile(_table(_rle(1_000_000, "x")), ""),
    "Parquet of 100 M rows": Hostile(
        _table(lambda: pa.table({"a": pa.repeat(pa.scalar(1, pa.int8()), 100_000_000)})), ReadFault.TOO_MANY_ROWS
    ),
    "Parquet with a large dictionary": Hostile(
        _table(_with_dictionary(2_000_000), compression="zstd", dictionary_pagesize_limit=1 << 30), ""
    ),
    "Parquet of 200,000 columns": Hostile(_table(lambda: _wide(200_000)), ""),
    "xlsx of 5 M shared texts": Hostile(
        _deflated(_part(STRINGS, f'<sst xmlns="{books.MAIN}">', "<si><t>a</t></si>", 5_000_000, "</sst>")), ReadFault.TOO_LARGE
    ),
    "xlsx with a text of 500 MB": Hostile(
        _deflated(
            _part(
                SHEET,
                _OPEN + '<row r="7"><c r="B7" t="inlineStr"><is><t>',
                "xyz w" * 100,
                1_000_000,
                "</t></is></c></row>" + _CLOSE,
            )
        ),
        ReadFault.TOO_LARGE,
    ),
    "xlsx with a million merged ranges": Hostile(
        _part(SHEET, _OPEN + "</sheetData><mergeCells>", '<mergeCell ref="D1:E2"/>', 1_000_000, "</mergeCells></worksheet>"),
        ReadFault.TOO_MANY_MERGED,
    ),
    "xlsx with a million styles": Hostile(
        _written(
            lambda: raw(
                head(), row(2, cell("A2", "S-1")), styles=f"<styleSheet><cellXfs>{'<xf/>' * 1_000_000}</cellXfs></styleSheet>"
            )
        ),
        "",
    ),
    "xlsx of 2 M blank rows": Hostile(_sheet("<row/>", 2_000_000), ""),
    "xlsx with a row of 50 M cells": Hostile(
        _deflated(_part(SHEET, _OPEN + "<row>", "<c/>", 50_000_000, "</row>" + _CLOSE)), ReadFault.TOO_LARGE
    ),
    "xlsx, unpacked, with a text of 100 MB": Hostile(
        _part(
            SHEET,
            _OPEN + '<row r="7"><c r="B7" t="inlineStr"><is><t>',
            "xyz w" * 20,
            1_000_000,
            "</t></is></c></row>" + _CLOSE,
        ),
        ReadFault.CELL_TOO_LONG,
    ),
    "xlsx, unpacked, with a shared text of 100 MB": Hostile(
        _part(STRINGS, f'<sst xmlns="{books.MAIN}"><si><t>', "xyz w" * 20, 1_000_000, "</t></si></sst>"),
        ReadFault.TEXT_TOO_LONG,
    ),
    "xlsx, unpacked, with a row of 20 M cells": Hostile(
        _part(SHEET, _OPEN + "<row>", "<c/>", 20_000_000, "</row>" + _CLOSE), ReadFault.TOO_LARGE
    ),
    "xlsx, unpacked, with an attribute of 100 MB": Hostile(
        _part(SHEET, _OPEN + '<row r="', "1" * 100, 1_000_000, '"/>' + _CLOSE), ReadFault.DAMAGED
    ),
    "xlsx, unpacked, of nested elements": Hostile(_part(SHEET, _OPEN, "<a>", 5_000_000, _CLOSE), ReadFault.DAMAGED),
    "xlsx, unpacked, of 10 M links": Hostile(
        _part(SHEET, _OPEN + "</sheetData><hyperlinks>", '<hyperlink ref="A1"/>', 10_000_000, "</hyperlinks></worksheet>")
    ),
    "xlsx, unpacked, of relations": Hostile(
        _part(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{books.PACKAGE}/relationships">',
            '<Relationship Id="a" Type="b" Target="c"/>',
            2_000_000,
            "</Relationships>",
        ),
        ReadFault.TOO_LARGE,
    ),
}
