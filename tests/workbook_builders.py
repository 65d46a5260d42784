"""Workbooks of every kind an upload can bring, good and hostile, written by code."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook

from tests.builders import CJ

HEADER = ("Shipment No.", "Shipping company", "Invoice No.")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def a_workbook(*rows: Sequence[Any], header: Sequence[str] = HEADER, above: Iterable[Sequence[Any]] = ()) -> bytes:
    """As Excel writes it: titles above, the header, the rows."""
    book = Workbook()
    book.active.title = "Invoices"
    for row in (*above, header, *rows):
        book.active.append(list(row))
    return saved(book)


def cell(reference: str, value: str, kind: str = "inlineStr", style: int = 0, formula: str = "") -> str:
    """One cell in XML; a number has the kind "n"."""
    said = f"<f>{escape(formula)}</f>" if formula else ""
    if kind == "inlineStr":
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{reference}" s="{style}" t="{kind}">{said}<v>{escape(value)}</v></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


def head(number: int = 1, names: Sequence[str] = HEADER) -> str:
    return row(number, *(cell(f"{letter}{number}", name) for letter, name in zip("ABC", names, strict=True)))


def a_row(number: int, shipment_no: str, company: str, invoice: str) -> str:
    """A row whose third cell is given as XML."""
    return row(number, cell(f"A{number}", shipment_no), cell(f"B{number}", company), invoice)


def raw(
    *rows: str,
    formats: Sequence[str] = (),
    styles: str | None = None,
    strings: str | None = None,
    after: str = "",
    before: str = "",
    state: str = "visible",
    strict: bool = False,
    prefix: str = "",
    encoding: str = "UTF-8",
    parts: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """A workbook of hand-written XML; style n + 1 shows numbers by the n-th of `formats`."""
    main, relations = (STRICT_MAIN, STRICT_RELATIONS) if strict else (MAIN, RELATIONS)
    body = f"{before}<sheetData>{''.join(rows)}</sheetData>{after}"
    sheet = f'<worksheet xmlns="{main}">{body}</worksheet>'
    if prefix:
        sheet = _prefixed(body, prefix, main)
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{sheet}'
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        f'<sheet name="Invoices" sheetId="1" state="{state}" r:id="rId1"/></sheets></workbook>'
    )
    related = [("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml")]
    related += [("rId3", "sharedStrings", "sharedStrings.xml")] if strings is not None else []
    content: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        "</Types>",
        "_rels/.rels": _relationships([("rId1", "officeDocument", "xl/workbook.xml")], relations),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relationships(related, relations),
        "xl/styles.xml": styles or _styles(formats, main),
        "xl/worksheets/sheet1.xml": declared.encode(encoding),
    }
    if strings is not None:
        content["xl/sharedStrings.xml"] = strings
    return zipped({**content, **(parts or {})})


def _prefixed(body: str, prefix: str, main: str) -> str:
    marked = body.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
    return f'<{prefix}:worksheet xmlns:{prefix}="{main}">{marked}</{prefix}:worksheet>'


def _relationships(related: Iterable[tuple[str, str, str]], relations: str) -> str:
    inside = "".join(f'<Relationship Id="{i}" Type="{relations}/{kind}" Target="{to}"/>' for i, kind, to in related)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _styles(formats: Sequence[str], main: str) -> str:
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{escape(code, _QUOTE)}"/>' for n, code in enumerate(formats))
    forms = "".join(f'<xf numFmtId="{200 + n}" applyNumberFormat="1"/>' for n in range(len(formats)))
    return f'<styleSheet xmlns="{main}"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{forms}</cellXfs></styleSheet>'


_QUOTE = {'"': "&quot;"}


def zipped(parts: Mapping[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shared_strings(*texts: str, unique: int | None = None) -> str:
    inside = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return f'<sst xmlns="{MAIN}" uniqueCount="{len(texts) if unique is None else unique}">{inside}</sst>'


def locked(data: bytes, password: str = "secret") -> bytes:
    """Encrypted as Excel does (agile)."""
    buffer = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, buffer)
    return buffer.getvalue()


def an_ole_file(*names: str, content: Mapping[str, bytes] | None = None) -> bytes:
    """An OLE file with these streams, as .xls, .doc and locked files are."""
    streams = {name: (content or {}).get(name, b"").ljust(4096, b"\0") for name in names}
    entries = [_entry("Root Entry", 5, child=1 if streams else -1)]
    places, body = 2 + (len(streams) + 4) // 4, b""
    fat = [-3] + [n + 1 for n in range(1, places - 1)] + [-2]
    for number, (name, data) in enumerate(streams.items(), 1):
        data = data.ljust(-(-len(data) // 512) * 512, b"\0")
        count, first = len(data) // 512, len(fat)
        fat += [*range(first + 1, first + count), -2]
        entries.append(_entry(name, 2, right=number + 1 if number < len(streams) else -1, first=first, size=len(data)))
        body += data
    directory = b"".join(entries).ljust((places - 1) * 512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIiIIiIiI", 0, 1, 1, 0, 4096, -2, 0, -2, 0) + struct.pack("<109i", 0, *[-1] * 108)
    return header + struct.pack("<128i", *fat, *[-1] * (128 - len(fat))) + directory + body


def _entry(name: str, kind: int, child: int = -1, right: int = -1, first: int = -2, size: int = 0) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBiii", len(text), kind, 1, -1, right, child)
        + bytes(36)
        + struct.pack("<iQ", first, size)
    )


def others(count: int) -> list[tuple[str, str, str]]:
    """So many rows of shipments S-1, S-2, ... with numbers of another company."""
    return [(f"S-{n}", "Other", f"A{n:06}") for n in range(1, count + 1)]


def a_data_sheet(count: int) -> tuple[str, ...]:
    """The header and so many rows."""
    return (head(), *(a_row(n, f"S-{n}", "Other", cell(f"C{n}", f"A{n:06}")) for n in range(2, count + 2)))


def hostile() -> dict[str, bytes]:
    """Files that break readers, by what they do."""
    good = a_row(2, "S-1", "Other", cell("C2", "A0001"))
    small = raw(head(), good)
    return {
        "zip bomb": raw(parts={"xl/worksheets/sheet1.xml": bytes(200_000_000)}),
        "bzip2 part": _with_bzip2(small, 1 << 28),
        "zip with a claim": _with_claim(small),
        "a thousand entries": zipped({**parts_of(small), **{f"xl/media/{n}.xml": "" for n in range(1000)}}),
        "the same name twice": _twice(small),
        "a path upwards": zipped({**parts_of(small), "../../evil.xml": ""}),
        "entities": zipped({**parts_of(small), "xl/worksheets/sheet1.xml": _LAUGHS}),
        "external entity": zipped({**parts_of(small), "xl/workbook.xml": _OUTSIDE}),
        "entities in UTF-16": zipped({**parts_of(small), "xl/worksheets/sheet1.xml": _LAUGHS.encode("utf-16")}),
        "entities in EBCDIC": zipped({**parts_of(small), "xl/worksheets/sheet1.xml": _LAUGHS.encode("cp037")}),
        "external DTD": zipped(
            {**parts_of(small), "xl/sharedStrings.xml": '<!DOCTYPE sst SYSTEM "http://example.com/x"><sst/>'}
        ),
        "uniqueCount": raw(head(), good, strings=shared_strings("a", unique=4_294_967_295)),
        "five million shared strings": raw(head(), good, strings=f"<sst>{'<si/>' * 4_700_000}</sst>"),
        "a million styles": raw(head(), good, styles=f"<styleSheet><cellXfs>{'<xf/>' * 1_000_000}</cellXfs></styleSheet>"),
        "fifty thousand merges": raw(head(), good, after='<mergeCell ref="D1:E2"/>' * 50_000),
        "a row beyond the sheet": raw(head(), row(99_999_999_999, cell("A5", "x"))),
        "a column beyond the sheet": raw(head(), row(2, cell("ZZZZZZZ2", "x"))),
        "a million blank rows": raw(head(), good, *("<row/>" for _ in range(1_048_574))),
        "millions of cells": raw(head(), row(2, *("<c/>" for _ in range(5_000_000)))),
        "over a million cells": raw(head(), row(2, *("<c/>" for _ in range(990_000)))),
        "a hundred thousand rows": raw(*a_data_sheet(60_000)),
        "nested elements": raw(head(), after="<a>" * 495_000 + "</a>" * 495_000),
        "nested styles": raw(head(), good, styles="<a>" * 495_000 + "</a>" * 495_000),
        "a long text": raw(head(), row(2, cell("A2", "x" * 23_000_000))),
        "an endless attribute": raw(head(), row(2, f'<c r="A2" s="{"1" * 20_000_000}"/>')),
        "shared long text": raw(
            head(),
            *(row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(2, 2700)),
            strings=shared_strings("x" * 1_000_000),
        ),
        "cut off": small[: len(small) // 2],
        "an OLE header": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
        "a cut-off locked file": locked(a_workbook(("S-1", "Other", "A0001")))[:3000],
    }


_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + f'] ><worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>'
)
_OUTSIDE = f'<!DOCTYPE workbook [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook xmlns="{MAIN}">&x;</workbook>'


def _with_bzip2(data: bytes, size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in parts_of(data).items():
            archive.writestr(name, bytes(size) if name.endswith("sheet1.xml") else content)
    return buffer.getvalue()


def _with_claim(data: bytes) -> bytes:
    """The directory says ten bytes where there are more."""
    entry = data.rindex(b"PK\x01\x02")
    return data[: entry + 24] + struct.pack("<I", 10) + data[entry + 28 :]


def _twice(data: bytes) -> bytes:
    parts = parts_of(data)
    changed = zipped({**parts, "xl/worksheets/sheet2.xml": parts["xl/worksheets/sheet1.xml"]})
    return changed.replace(b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet1.xml")


GOOD = a_workbook(("S-1", "CJ", CJ))
ONE = a_row(2, "S-1", "CJ", cell("C2", CJ))
"""The same row in XML."""
