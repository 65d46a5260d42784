"""The uploaded workbook with one more column: nothing else in it is touched."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from core.files import confined
from core.files.limits import UPLOAD
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.archive import Archive, parts_of, unlocked
from core.files.xlsx.reader import letters, place

LAST_COLUMN = 16_383


@dataclass
class _Ends:
    """Where the rows of a sheet end, by number, and its rightmost column."""

    parser: Any
    places: dict[int, int] = field(default_factory=dict)
    number: int = 0
    column: int = -1
    rightmost: int = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2], attributes.get("r"):
            case "row", reference:
                self.number = int(reference) if reference else self.number + 1
                self.column = -1
            case "c", reference:
                self.column, number = place(reference) if reference else (self.column + 1, 0)
                self.number = number or self.number
                self.rightmost = max(self.rightmost, self.column)

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "row":
            self.places[self.number] = self.parser.CurrentByteIndex


def with_marks(data: bytes, title: str, marks: Mapping[int, str]) -> bytes:
    """The workbook with these texts, by row, in a new column of the sheet; written by the confined process.

    Raises Unreadable when the sheet cannot be written without understanding more of it.
    """
    said = json.dumps({"title": title, "marks": marks}).encode()
    return confined.run("mark", said + b"\n" + data)[1]


def marked(request: bytes) -> tuple[dict[str, Any], bytes]:
    """What the confined process answers to `mark`: the workbook after the first line of the request, which says title and marks."""
    said, _, data = request.partition(b"\n")
    wanted = json.loads(said)
    data = unlocked(data)
    archive = Archive(data, UPLOAD)
    part = next(sheet.part for sheet in parts_of(archive).sheets if sheet.visible and sheet.title == wanted["title"])
    xml = b"".join(archive.chunks(part))
    marks = {int(row): text for row, text in wanted["marks"].items()}
    return {}, replaced(data, part, _with_marks(xml, marks))


def _with_marks(xml: bytes, marks: Mapping[int, str]) -> bytes:
    parser = expat.ParserCreate()
    ends = _Ends(parser)
    parser.StartElementHandler, parser.EndElementHandler = ends.start, ends.end
    parser.Parse(xml, True)
    column = ends.rightmost + 1
    if column > LAST_COLUMN or b"\0" in xml or not marks.keys() <= ends.places.keys():
        raise Unreadable(ReadFault.DAMAGED)
    pieces, done = [], 0
    for row, at in sorted(ends.places.items(), key=lambda pair: pair[1]):
        if row in marks:
            pieces += [xml[done:at], _cell(xml, at, f"{letters(column)}{row}", marks[row])]
            done = at
    return b"".join([*pieces, xml[done:]])


def _cell(xml: bytes, at: int, reference: str, text: str) -> bytes:
    """The cell in the namespace of the row that ends at this place."""
    ending = xml[at : xml.index(b">", at)]
    if not ending.startswith(b"</"):
        raise Unreadable(ReadFault.DAMAGED)
    name = ending[2:].strip().decode()
    p = name[: -len("row")]
    shown = escape("".join(c for c in text if c.isprintable()))
    return f'<{p}c r="{reference}" t="inlineStr"><{p}is><{p}t xml:space="preserve">{shown}</{p}t></{p}is></{p}c>'.encode(
        "ascii", "xmlcharrefreplace"
    )


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    """The workbook with another content of this part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            is_part = entry.filename.replace("\\", "/").casefold() == part.casefold()
            named = zipfile.ZipInfo(entry.filename, entry.date_time)
            new.writestr(named, content if is_part else old.read(entry), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
