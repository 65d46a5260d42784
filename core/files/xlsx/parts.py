"""The XML parts of a workbook, read in one pass without keeping them: sheets, texts, styles and rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Any
from xml.parsers import expat

from core.domain.errors import Refused
from core.files.xlsx import sentences
from core.files.xlsx.archive import MOST_TABLE_ROWS, Archive
from core.files.xlsx.values import LONGEST, Book, Raw, form_of

LAST_ROW = 1_048_576
MOST_COLUMNS = 300
MOST_NAMES = 1000
MOST_MERGES, MOST_STYLES, MOST_TEXTS = 20_000, 65_000, 200_000

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Characters = Callable[[str], None]


@dataclass(frozen=True)
class Tab:
    """A worksheet of the workbook as its tab shows it."""

    title: str
    part: str
    visible: bool


@dataclass(frozen=True)
class Merge:
    """A merged range, columns from 0, rows from 1."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass
class RawRow:
    """One row element: its number, whether it is hidden, its cells by column from 0."""

    number: int
    hidden: bool
    cells: dict[int, Raw] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """The worksheets in the order of their tabs, and the parts their cells refer to, "" for one that is missing."""

    tabs: list[Tab]
    texts: str
    styles: str
    since_1904: bool


def read_book(archive: Archive) -> tuple[list[Tab], Book]:
    """The worksheets in the order of their tabs, and what their cells refer to."""
    found = find(archive)
    codes = number_formats(archive, found.styles)
    forms = {code: form_of(code, found.since_1904) for code in set(codes)}
    by_style = {style: form for style, code in enumerate(codes) if (form := forms[code])}
    return found.tabs, Book(_texts(archive, found.texts), by_style)


def find(archive: Archive) -> Found:
    """What the workbook is made of."""
    main = _main_part(archive)
    related = _relations(archive, main)
    tabs: list[Tab] = []
    since_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            kind, part = related.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                tabs.append(Tab(attributes.get("name", ""), part, attributes.get("state", "visible") == "visible"))

    _scan(archive, main, start)
    parts = {kind: part for kind, part in related.values() if part in archive}
    return Found(tabs, parts.get("sharedstrings", ""), parts.get("styles", ""), since_1904)


def rows(archive: Archive, part: str, take: Callable[[RawRow], None]) -> list[Merge]:
    """Gives every row of the sheet to `take`, in the order of the file; the merged ranges."""
    reader = _Rows(take)
    _scan(archive, part, reader.start, reader.end, reader.characters)
    return reader.merges


def letters(column: int) -> str:
    """A, B, ... AA for a column from 0."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


class _Rows:
    """The handlers of one sheet's pass."""

    def __init__(self, take: Callable[[RawRow], None]) -> None:
        self.take, self.merges = take, list[Merge]()
        self.count = self.number = self.column = 0
        self.row: RawRow | None = None
        self.cell: dict[str, str] | None = None
        self.formula = self.inline = False
        self.value: str | None = None
        self.text: list[str] | None = None
        self.length = self.phonetic = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" and self.row:
            self._start_cell(attributes)
        elif self.cell is not None:
            self._start_inside(name)
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if self.cell is not None:
            self._end_inside(name)
        elif name == "row" and self.row:
            self.number = self.row.number
            self.take(self.row)
            self.row = None

    def characters(self, text: str) -> None:
        if self.text is not None and self.length <= LONGEST:
            self.text.append(text)
            self.length += len(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_TABLE_ROWS:
            raise Refused(sentences.TOO_MANY_ROWS)
        given = attributes.get("r")
        number = _row_number(given) if given else self.number + 1
        self.row = RawRow(number, attributes.get("hidden") in ("1", "true"))
        self.column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        assert self.row
        reference = attributes.get("r")
        if reference:
            self.column, number = place(reference)
            if number and not self.row.cells:
                self.row.number = number
        else:
            self.column += 1
        self.cell, self.formula, self.inline, self.value = attributes, False, False, None

    def _start_inside(self, name: str) -> None:
        if name == "f":
            self.formula = True
        elif name == "is":
            self.inline, self.value = True, ""
        elif name == "rPh":
            self.phonetic += 1
        elif (name == "v" and not self.inline) or (name == "t" and self.inline and not self.phonetic):
            self.text, self.length = [], 0

    def _end_inside(self, name: str) -> None:
        assert self.cell is not None
        if name in ("v", "t") and self.text is not None:
            self.value = (self.value or "") + "".join(self.text)
            self.text = None
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "c":
            self._end_cell(self.cell)
            self.cell = None

    def _end_cell(self, attributes: dict[str, str]) -> None:
        assert self.row
        if self.column < MOST_COLUMNS and (self.value is not None or self.formula):
            kind = "inlineStr" if self.inline else attributes.get("t", "n")
            self.row.cells[self.column] = Raw(kind, attributes.get("s", ""), self.value, self.formula)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (left, top), (right, bottom) = place(first), place(last or first)
        self.merges.append(Merge(left, top, right, bottom))
        if len(self.merges) > MOST_MERGES:
            raise Refused(sentences.TOO_MANY_MERGED)


def _row_number(text: str) -> int:
    number = int(text) if len(text) <= 7 and text.isdecimal() else 0
    if not 1 <= number <= LAST_ROW:
        raise Refused(sentences.BEYOND_THE_SHEET)
    return number


def place(reference: str) -> tuple[int, int]:
    """Column from 0 and row of a reference such as `$B$7`; row 0 when it names none."""
    column = reference.replace("$", "").rstrip("0123456789").upper()
    if not 1 <= len(column) <= 3 or not column.isascii() or not column.isalpha():
        raise Refused(sentences.BEYOND_THE_SHEET)
    number = 0
    for letter in column:
        number = 26 * number + ord(letter) - 64
    digits = reference.replace("$", "")[len(column) :]
    return number - 1, _row_number(digits) if digits else 0


def _scan(archive: Archive, part: str, start: Start, end: End | None = None, characters: Characters | None = None) -> None:
    """One pass over a part with names and attributes freed of their namespaces: Strict workbooks have others."""
    archive.require_readable(part)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    names = _LocalNames()
    parser.StartElementHandler = lambda name, attributes: start(names[name], attributes and _localised(attributes, names))
    if end:
        parser.EndElementHandler = lambda name: end(names[name])
    if characters:
        parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    try:
        for chunk in archive.chunks(part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # a LookupError is an encoding that nobody knows
        raise Refused(sentences.DAMAGED) from error


def _refuse_declaration(*_: Any) -> None:
    raise Refused(sentences.DECLARATIONS)


class _LocalNames(dict[str, str]):
    """Names without their namespace, each worked out once."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition("}")[2]
        if len(self) < MOST_NAMES:
            self[name] = local
        return local


def _localised(attributes: dict[str, str], names: _LocalNames) -> dict[str, str]:
    return {names[name]: value for name, value in attributes.items()}


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive:
        for kind, part in _relations(archive, "").values():
            if kind == "officedocument" and part in archive:
                return part
    if "xl/workbook.xml" in archive:
        return "xl/workbook.xml"
    raise Refused(sentences.NO_SPREADSHEET)


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """By id: the kind in lower case and the part of everything a part relates to inside the file."""
    folder, name = dirname(part), part.rpartition("/")[2]
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2].casefold()
            target = attributes.get("Target", "").replace("\\", "/")
            found[attributes.get("Id", "")] = (kind, normpath(join("/", folder, target)).lstrip("/"))

    relations = f"{folder}/_rels/{name}.rels".lstrip("/")
    if relations.casefold() != "_rels/.rels" and relations not in archive:
        raise Refused(sentences.DAMAGED)
    _scan(archive, relations, start)
    return found


def _texts(archive: Archive, part: str) -> list[str]:
    """The shared texts, without the furigana beside them."""
    texts: list[str] = []
    pieces: list[str] | None = None
    phonetic = length = 0
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal pieces, phonetic, inside, length
        if name == "sst":
            declared = attributes.get("uniqueCount", "0")
            if not declared.isdecimal() or len(declared) > 9 or int(declared) > MOST_TEXTS:
                raise Refused(sentences.TOO_MANY_TEXTS)
        elif name == "si":
            pieces, length = [], 0
        elif name == "rPh":
            phonetic += 1
        elif name == "t":
            inside = pieces is not None and not phonetic

    def end(name: str) -> None:
        nonlocal pieces, phonetic, inside
        if name == "t":
            inside = False
        elif name == "rPh":
            phonetic -= 1
        elif name == "si" and pieces is not None:
            texts.append("".join(pieces))
            pieces = None
            if len(texts) > MOST_TEXTS:
                raise Refused(sentences.TOO_MANY_TEXTS)

    def characters(text: str) -> None:
        nonlocal length
        if inside and pieces is not None and length <= LONGEST:
            pieces.append(text)
            length += len(text)

    if part:
        _scan(archive, part, start, end, characters)
    return texts


def number_formats(archive: Archive, part: str) -> list[str]:
    """The number format of each style; "" for one that leaves the digits alone."""
    codes = dict(_built_in())
    styles: list[int] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            codes[_id(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            styles.append(_id(attributes.get("numFmtId")))
        if len(styles) > MOST_STYLES:
            raise Refused(sentences.TOO_MANY_STYLES)

    def end(name: str) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = False

    if part:
        _scan(archive, part, start, end)
    return [codes.get(number, "") for number in styles]


def _id(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _built_in() -> Iterator[tuple[int, str]]:
    """The formats without a code in the file that show dates or times, East Asian ones included (ECMA-376, 18.8.30)."""
    for first, last in ((14, 22), (27, 36), (45, 47), (50, 58)):
        yield from ((number, "yyyy-mm-dd") for number in range(first, last + 1))
