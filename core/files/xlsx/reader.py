"""The reader of workbooks: the sheets of an examined archive, and their rows as a person sees them.

Rows are parsed by the compiled tree builder and not by handlers, which take several times as long.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, Literal, NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from core.files.defusing import restored
from core.files.limits import LAST_COLUMN, LAST_ROW, LONGEST_CELL
from core.files.progress import Tell
from core.files.reasons import CellTrouble
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.archive import BROKEN, Archive, LocalNames, Worksheet, parts_of

LONGEST = 40_000
NO_NUMBER = "the cell holds a number that cannot be read. Type it again, as text."
NO_TEXT = "the cell refers to a text that is not in the file. Type it again."
_TEXT_ALONE = re.compile(r'\s*"((?:[^"]|"")*)"\s*')
NOT_CALCULATED = "the cell holds a formula that was never calculated. Open the file in Excel and save it, or type the value."
MASKED = "the cell shows another text than it holds. Format the column as text and type what the label says."
TOO_LONG = "the number has more than 15 digits, Excel lost the last ones. Format the column as text and enter it again."

_SHOWN = 200
_LONGEST_SILENCE = 2_000_000
_MOST_WITHOUT_ROW = 200_000
_DEEPEST = 1_000
_TOLD_EVERY = 5_000
_IN_ROWS = frozenset(("c", "v", "f", "is", "t", "r", "rPr", "rPh", "phoneticPr"))
_15_DIGITS = 10**15
_EXACT = 2**53
_PIECE = 1 << 14
_NUMBER = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

UNPARSED = (*BROKEN, ElementTree.ParseError, LookupError, RecursionError)
"""What the parts of a damaged workbook raise while they are read."""

Read = tuple[str, str]
"""The text a person sees in a cell, and why it cannot be trusted, "" when it can."""


class Merge(NamedTuple):
    """A merged range, columns from 0, rows from 1."""

    left: int
    top: int
    right: int
    bottom: int


class Row(NamedTuple):
    """One row under its number: its cells as text by column from 0, and by column why a cell cannot be trusted."""

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str]
    hidden: bool


class Values:
    """What cells say to an import: every value as text, dates and fractions too."""

    def __init__(self, since_1904: bool) -> None:
        self.epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        self.shifted = not since_1904

    def text(self, text: str) -> Read:
        return restored(text), ""

    def boolean(self, is_true: bool) -> Read:
        return "TRUE" if is_true else "FALSE", ""

    def day(self, text: str) -> Read:
        """A date that is written out."""
        return text.removesuffix("T00:00:00"), ""

    def number(self, value: str) -> Read:
        exact = _exact(value)
        if exact is None:
            return value[:_SHOWN], NO_NUMBER
        if abs(exact) >= _15_DIGITS and not _is_whole(exact):
            return f"{exact:f}"[:_SHOWN], TOO_LONG
        return (str(int(exact)) if exact == exact.to_integral_value() else f"{float(value):.15g}"), ""

    def padded(self, value: str, width: int) -> Read:
        text, fault = self.number(value)
        return (text.zfill(width) if text.isdecimal() and not fault else text), fault

    def masked(self, value: str) -> Read:
        """A number whose format shows other letters or digits than it has."""
        return self.number(value)

    def moment(self, value: str) -> Read:
        try:
            return self._moment(float(value)), ""
        except (OverflowError, ValueError):
            return value[:_SHOWN], str(CellTrouble.NO_DATE(text=value[:40]))

    def _moment(self, days: float) -> str:
        """The moment so many days after the epoch; Excel counts a 29 February 1900."""
        whole, part = divmod(days, 1)
        at = self.epoch + timedelta(days=whole + (self.shifted and 0 < days < 60), seconds=round(part * 86_400))
        text = at.isoformat(" ")
        return text[11:] if 0 <= days < 1 else text.removesuffix(" 00:00:00")


class Labels(Values):
    """What cells say to an upload, which needs what stands on slips and labels: anything else is no value."""

    def text(self, text: str) -> Read:
        if len(text) > _SHOWN:
            return text[:_SHOWN], str(CellTrouble.TOO_LONG(count=len(text)))
        return restored(text), ""

    def boolean(self, is_true: bool) -> Read:
        word, _ = super().boolean(is_true)
        return word, str(CellTrouble.YES_OR_NO(word=word))

    def day(self, text: str) -> Read:
        return text[:_SHOWN], str(CellTrouble.DATE(text=text[:_SHOWN]))

    def number(self, value: str) -> Read:
        exact = _exact(value)
        if exact is not None and exact != exact.to_integral_value():
            return value[:_SHOWN], str(CellTrouble.FRACTION(text=value[:20]))
        if exact is not None and -_15_DIGITS < exact < 0:
            return f"{exact:f}", str(CellTrouble.NEGATIVE())
        return super().number(value)

    def masked(self, value: str) -> Read:
        return self.number(value)[0], MASKED

    def moment(self, value: str) -> Read:
        text, fault = super().moment(value)
        return self.number(value) if fault or value.startswith("-") else self.day(text)


class Workbook:
    """An examined workbook: its visible sheets, and how their cells are read."""

    def __init__(self, archive: Archive, kind: type[Values]) -> None:
        self._archive, self._limits = archive, archive.limits
        found = parts_of(archive)
        self.sheets = [sheet for sheet in found.sheets if sheet.visible]
        self._values = kind(found.since_1904)
        self._merge_count = 0
        self._texts = _texts(archive, found.texts) if found.texts else []
        self._forms = self._forms_of(_number_formats(archive, found.styles) if found.styles else [])

    def rows(self, sheet: Worksheet, merges: list[Merge] | None = None, tell: Tell | None = None) -> Iterator[Row]:
        """The rows of a sheet in which a cell is filled or at fault. At their end all merged ranges stand in `merges`."""
        number = count = 0
        expected = max(self._archive.rows_in(sheet.part), 1)
        for name, element in _named_elements(self._archive, sheet.part):
            if name == "row":
                count += 1
                if count > self._limits.rows:
                    raise Unreadable(ReadFault.TOO_MANY_ROWS)
                number = _number_of(element, number)
                row = self._row(number, element)
                element.clear()
                if tell and not count % _TOLD_EVERY:
                    tell(count / expected, number)
                if row.cells or row.faults:
                    yield row
            elif name == "mergeCell":
                self._merged(element, merges)
            if name not in _IN_ROWS:
                element.clear()

    def _merged(self, element: ElementTree.Element, merges: list[Merge] | None) -> None:
        self._merge_count += 1
        if self._merge_count > self._limits.merges:
            raise Unreadable(ReadFault.TOO_MANY_MERGED)
        if merges is not None:
            merges.append(_merge(element.get("ref", "")))

    def _row(self, number: int, element: ElementTree.Element) -> Row:
        cells: list[str] = []
        faults: dict[int, str] = {}
        place, tags = -1, tuple(element.tag[:-3] + name for name in ("v", "f", "is"))
        for cell in element:
            reference = cell.get("r")
            place = column_of(reference.rstrip("0123456789")) if reference else place + 1
            if place >= self._limits.columns and not self._limits.whole:
                continue
            text, fault = self._cell(cell, *tags)
            if len(text) > LONGEST_CELL:
                raise _too_long(number, place)
            if place >= self._limits.columns and (fault or text.strip()):
                raise Unreadable(ReadFault.TOO_MANY_COLUMNS, row=f"{number:,}")
            if place >= self._limits.columns:
                continue
            if fault:
                faults[place] = fault
            if text and place == len(cells):
                cells.append(text)
            elif text:
                cells.extend([""] * (place + 1 - len(cells)))
                cells[place] = text
        while cells and not cells[-1].strip():
            cells.pop()
        return Row(number, tuple(cells), faults, element.get("hidden") in ("1", "true"))

    def _cell(self, cell: ElementTree.Element, value_tag: str, formula_tag: str, rich_tag: str) -> Read:
        kind, value, formula = cell.get("t", "n"), None, None
        for child in cell:
            tag = child.tag
            if tag == value_tag:
                value = child.text or ""
            elif tag == formula_tag:
                formula = child.text or ""
            elif tag == rich_tag:
                return self._values.text(_decoded(_rich_text(child)))
        if not value:
            return self._formula(formula, calculated=value is not None and kind == "str")
        match kind:
            case "s":
                known = value.isdecimal() and len(value) < 10 and int(value) < len(self._texts)
                return self._values.text(self._texts[int(value)]) if known else (value[:_SHOWN], NO_TEXT)
            case "n":
                return self._number(value, cell.get("s"))
            case "str" | "inlineStr":
                return self._values.text(_decoded(value))
            case "b":
                return self._values.boolean(value.strip() in ("1", "true"))
            case "e":
                return value[:_SHOWN], str(CellTrouble.EXCEL_ERROR(text=value[:20]))
            case "d":
                return self._values.day(value)
        return self._number(value, cell.get("s"))

    def _formula(self, formula: str | None, *, calculated: bool) -> Read:
        """A cell without a value: of a formula that is a text alone, such as `="0001"`, that text."""
        if formula is None or calculated:
            return "", ""
        text = _TEXT_ALONE.fullmatch(formula)
        return self._values.text(_decoded(text[1].replace('""', '"'))) if text else ("", NOT_CALCULATED)

    def _number(self, value: str, style: str | None) -> Read:
        form = self._forms.get(style) if style else None
        if not form and len(value) <= 15 and value.isdecimal() and value[0] != "0":
            return value, ""
        value = value.strip()
        return (form or self._values.number)(value) if value else ("", "")

    def _forms_of(self, codes: list[str]) -> dict[str, Callable[[str], Read]]:
        """How numbers are shown, by style; nothing for a style that leaves their digits alone."""
        forms = {code: self._form(code) for code in set(codes)}
        return {str(style): form for style, code in enumerate(codes) if (form := forms[code])}

    def _form(self, code: str) -> Callable[[str], Read] | None:
        shown = re.sub(r"\[[^\]]*\]", "", code.split(";")[0])
        literals = "".join(match[1] or match[2] for match in re.finditer(r'"([^"]*)"|\\(.)', shown))
        plain = re.sub(r'"[^"]*"|\\.|[_*].', "", shown)
        if re.search(r"[ymdhs]", plain.replace("General", ""), re.IGNORECASE):
            return self._values.moment
        if re.search(r"[^\W_]", literals, re.ASCII):
            return self._values.masked
        zeros = plain.replace("-", "").replace(" ", "")
        return (lambda value: self._values.padded(value, len(zeros))) if len(zeros) > 1 and not zeros.strip("0") else None


def letters(column: int) -> str:
    """A, B, ... AA for a column from 0."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def place(reference: str) -> tuple[int, int]:
    """Column from 0 and row of a reference such as `$B$7`; row 0 when it names none."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    return column_of(letters), _row_number(digits) if digits else 0


@lru_cache(maxsize=20_000)
def column_of(letters: str) -> int:
    """The column from 0 of `AB`, as it stands in references: also `$AB$`."""
    plain = letters.replace("$", "").upper()
    number = 0
    for letter in plain if len(plain) <= 3 and plain.isascii() and plain.isalpha() else "":
        number = 26 * number + ord(letter) - 64
    if not 1 <= number <= LAST_COLUMN:
        raise Unreadable(ReadFault.COLUMN_BEYOND)
    return number - 1


def _is_whole(number: Decimal) -> bool:
    """Whether a number of 16 digits has them all: typed into Excel, which keeps 15, it would end in 0, so a program wrote it."""
    return abs(number) < _EXACT and number == number.to_integral_value() and int(number) % 10 != 0


def _exact(value: str) -> Decimal | None:
    return Decimal(value) if _NUMBER.fullmatch(value) else None


def _number_of(row: ElementTree.Element, before: int) -> int:
    """The row's number: its own, that of its first cell, or the one after the row before."""
    if given := row.get("r"):
        return _row_number(given)
    first = row[0].get("r") if len(row) else None
    return (place(first)[1] if first else 0) or before + 1


def _row_number(text: str) -> int:
    number = int(text) if len(text) <= 7 and text.isdecimal() else 0
    if not 1 <= number <= LAST_ROW:
        raise Unreadable(ReadFault.ROW_BEYOND)
    return number


def _merge(reference: str) -> Merge:
    first, _, last = reference.partition(":")
    return Merge(*place(first), *place(last or first))


def _rich_text(element: ElementTree.Element) -> str:
    """The text of all runs without the reading aids (furigana) beside them."""
    space = element.tag[: element.tag.rindex("}") + 1] if "}" in element.tag else ""
    parts: list[str] = []
    for child in element:
        if child.tag == space + "t":
            parts.append(child.text or "")
        elif child.tag == space + "r":
            parts.extend(run.text or "" for run in child if run.tag == space + "t")
    return parts[0] if len(parts) == 1 else "".join(parts)


def _decoded(text: str) -> str:
    """The text with Excel's `_x000D_` as the character it stands for."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def _texts(archive: Archive, part: str) -> list[str]:
    """The shared texts, each that comes again kept once."""
    texts: list[str] = []
    known: dict[str, str] = {}
    names = LocalNames()
    root: ElementTree.Element | None = None
    try:
        for event, element in chain.from_iterable(_elements(archive, part, ("start", "end"))):
            if event == "start":
                root = element if root is None else root
            elif root is not None and names[element.tag] == "si":
                text = _decoded(_rich_text(element)[:LONGEST])
                texts.append(known.setdefault(text, text))
                root.clear()
                if len(texts) > archive.limits.texts:
                    raise Unreadable(ReadFault.TOO_MANY_TEXTS)
    except _EndlessText:
        raise Unreadable(ReadFault.TEXT_TOO_LONG) from None
    return texts


def _named_elements(archive: Archive, part: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """The complete elements of a sheet with their local names. Raises Unreadable when a row goes on without end."""
    names = LocalNames()
    since = 0
    try:
        for piece in _elements(archive, part):
            since += len(piece)
            for _, element in piece:
                name = names[element.tag]
                if name == "row":
                    since = 0
                yield name, element
            if since > _MOST_WITHOUT_ROW:
                raise Unreadable(ReadFault.TOO_LARGE)
    except _EndlessText:
        place = _place_of_long_text(archive, part)
        raise (_too_long(*place) if place else Unreadable(ReadFault.DAMAGED)) from None


class _EndlessText(Exception):
    """A piece of the part that is no element is longer than any text of a cell."""


def _too_long(row: int, column: int) -> Unreadable:
    return Unreadable(ReadFault.CELL_TOO_LONG, row=f"{row:,}", column=letters(column), most=LONGEST_CELL)


def _place_of_long_text(archive: Archive, part: str) -> tuple[int, int] | None:
    """The row, and the column from 0, of the first cell with a longer text than a cell may have; None without one."""
    row = column = size = depth = silent = 0
    parser = expat.ParserCreate(namespace_separator="}")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, size, depth, silent
        size, depth, silent = 0, depth + 1, 0
        match tag.rpartition("}")[2], attributes.get("r"):
            case "row", reference:
                row, column = _row_number(reference) if reference else row + 1, -1
            case "c", reference:
                column = column_of(reference.rstrip("0123456789")) if reference else column + 1

    def text(piece: str) -> None:
        nonlocal size, silent
        size, silent = size + len(piece), 0
        if size > LONGEST_CELL:
            raise _EndlessText

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    try:
        for chunk in archive.chunks(part):
            silent += len(chunk)
            if silent > _LONGEST_SILENCE or depth > _DEEPEST:
                return None
            parser.Parse(chunk, False)
    except _EndlessText:
        return max(row, 1), max(column, 0)
    except expat.ExpatError:
        return None
    return None


def _elements(archive: Archive, part: str, events: Sequence[Literal["start", "end"]] = ("end",)) -> Iterator[list[Any]]:
    """The elements of a part, each with the event that it is complete, as they come with each piece of the part.

    Pieces are small, where a parser is at its fastest, and double while one element goes on:
    an unfinished element is read again from its beginning with every piece.
    """
    archive.require_readable(part)
    parser: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(events)
    size, silent = _PIECE, 0
    for chunk in archive.chunks(part):
        start = 0
        while start < len(chunk):
            parser.feed(chunk[start : start + size])
            start += size
            found = list(parser.read_events())
            silent = 0 if found else silent + size
            if silent > _LONGEST_SILENCE:
                raise _EndlessText
            size = _PIECE if found else min(2 * size, _LONGEST_SILENCE)
            yield found
    parser.close()
    yield list(parser.read_events())


def _number_formats(archive: Archive, part: str) -> list[str]:
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
        if len(styles) > archive.limits.styles:
            raise Unreadable(ReadFault.TOO_MANY_STYLES)

    def end(name: str) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = False

    archive.scan(part, start, end)
    return [codes.get(number, "") for number in styles]


def _id(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _built_in() -> Iterator[tuple[int, str]]:
    """The formats without a code in the file that show dates or times, East Asian ones included (ECMA-376, 18.8.30)."""
    for first, last in ((14, 22), (27, 36), (45, 47), (50, 58)):
        yield from ((number, "yyyy-mm-dd") for number in range(first, last + 1))
