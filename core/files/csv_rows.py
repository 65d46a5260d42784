"""The rows of a file of separated text: its characters, its separator and its rows, each found in a stream."""

import codecs
import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

from core.domain.errors import Refused
from core.files.laying import FileRow, lay_out
from core.files.limits import IMPORT, LONGEST_CELL, LONGEST_ROW, MOST_CELLS
from core.files.progress import Tell
from core.files.reasons import FileReason
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.reader import letters

_PIECE = 1 << 20
_SAMPLE = 100_000
_LOOKED_AT = 4 << 20
_TOLD_EVERY = 20_000
_DELIMITERS = {",": "CSV", ";": "CSV (;)", "\t": "TSV", "|": "CSV (|)"}
"""What a file is called by what separates its cells, which every language has in these letters."""
_ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp949": "CP949",
    "cp932": "Shift-JIS",
    "euc_jis_2004": "EUC-JP",
    "iso2022_jp_2004": "ISO-2022-JP",
    "cp1252": "CP1252",
}
_SEPARATOR = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_KANA = re.compile(rb"(?:[\xa1-\xfe]{2})*?(?:\xa4[\xa1-\xf3]|\xa5[\xa1-\xf6])")
_SHIFTED = re.compile(rb"\x1b\$[@B(]")
_USUAL = {
    "euc_jis_2004": frozenset("注文番号氏名住所郵便電話送先様日付時金額数量商品配備考都道府県市区町村東京大阪京愛知神奈川山田中村本木上野一二三四五六七八九十"),
    "cp949": frozenset("주문번호수량상품명이름소전화우편배송메모받는분지사가의는을에서도로길동구시군읍면울경기인천부산대광전남북충청강원김박최정한성영진희현민아파트"),
}  # fmt: skip
"""Characters that files of orders are full of, by the encoding whose bytes both may be."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def lay_out_csv(file: BinaryIO, answer: BinaryIO, encoding: str, tell: Tell) -> dict[str, Any]:
    """What is to be known of the rows after they are written. `encoding` overrules what the file seems to be written in.

    Raises Unreadable for more rows, columns or characters than are read, Refused for what is no text or not separated well.
    """
    encoding = encoding or _encoding(file)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
    except LookupError as error:
        raise Refused(FileReason.CHARACTERS()) from error
    try:
        note, delimiter = _written(text, encoding)
        if not encoding.startswith(("utf-16", "iso2022")):
            _refuse_at_first_look(file, delimiter)
        rows = _records(text, delimiter, lambda row: tell(file.tell() / max(size, 1), row))
        return lay_out(rows, answer, note, exact=True)
    except UnicodeDecodeError as error:
        raise Refused(FileReason.CHARACTERS()) from error
    finally:
        text.detach()


def _refuse_at_first_look(file: BinaryIO, delimiter: str) -> None:
    """Of a text without quotation marks the rows and cells are counted in a moment; with them only its reader knows."""
    lines = cells = start = 0
    while piece := os.pread(file.fileno(), _PIECE, start):
        if b'"' in piece:
            return
        start += len(piece)
        lines += piece.count(b"\n")
        cells += piece.count(delimiter.encode())
    if lines > IMPORT.rows:
        raise Unreadable(ReadFault.TOO_MANY_ROWS)
    if lines + cells > MOST_CELLS:
        raise Unreadable(ReadFault.TOO_MANY_CELLS)


def _written(text: TextIO, encoding: str) -> tuple[str, str]:
    """How the file is written, and its separator; the text stands at its first row then."""
    sample = text.read(_SAMPLE)
    if 10 * len(_CONTROLS.findall(sample)) > len(sample):
        raise Unreadable(ReadFault.NO_TABLE)
    declared = _SEPARATOR.fullmatch(sample.partition("\n")[0])
    delimiter = declared[1] if declared else _delimiter(sample)
    text.seek(0)
    if declared:
        text.readline()
    return f"{_DELIMITERS.get(delimiter, _DELIMITERS[','])}, {_ENCODINGS.get(encoding, encoding)}", delimiter


class _Lines:
    """The lines of a text for the reader of CSV, which would take a line, or a row of many, of any length."""

    def __init__(self, text: TextIO, delimiter: str) -> None:
        self._text, self._delimiter = text, delimiter
        self.row, self.lines, self.line, self._taken = 0, 0, "", 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_ROW):
            self.lines, self.line = self.lines + 1, line
            self._taken += len(line)
            if self._taken >= LONGEST_ROW:
                raise self.too_much()
            yield line

    def next_row(self) -> int:
        """The number of the row that was just taken."""
        self.row += 1
        self.lines = self._taken = 0
        return self.row

    def too_much(self) -> Unreadable:
        """What of the row that is being read is too much, by its last line."""
        with _longest(LONGEST_ROW):
            cells = next(csv.reader([self.line], delimiter=self._delimiter))
        row = f"{self.row + 1:,}"
        if len(cells) > IMPORT.columns:
            return Unreadable(ReadFault.TOO_MANY_COLUMNS, row=row)
        place = next((place for place, cell in enumerate(cells) if len(cell) > LONGEST_CELL), None)
        if place is None:
            return Unreadable(ReadFault.ROW_TOO_LONG, row=row)
        return Unreadable(ReadFault.CELL_TOO_LONG, row=row, column=letters(place), most=LONGEST_CELL)


def _records(text: TextIO, delimiter: str, tell: Callable[[int], None]) -> Iterator[FileRow]:
    lines = _Lines(text, delimiter)
    try:
        with _longest(LONGEST_CELL):
            for cells in csv.reader(lines, delimiter=delimiter, strict=True):
                number = lines.next_row()
                if number > IMPORT.rows:
                    raise Unreadable(ReadFault.TOO_MANY_ROWS)
                if len(cells) > IMPORT.columns:
                    raise Unreadable(ReadFault.TOO_MANY_COLUMNS, row=f"{number:,}")
                if not number % _TOLD_EVERY:
                    tell(number)
                if cells and (cells[0] or any(cell and not cell.isspace() for cell in cells)):
                    yield FileRow(number, cells)
    except csv.Error as error:
        raise _broken(error, lines) from error


def _broken(error: csv.Error, lines: _Lines) -> Exception:
    """A cell that ran over several lines lacks the mark at its end, whatever the reader stumbled on."""
    if lines.lines == 1 and "field larger than" in str(error):
        return lines.too_much()
    return Refused(FileReason.QUOTATION(row=lines.row + 1))


@contextmanager
def _longest(characters: int) -> Iterator[None]:
    """The reader of CSV refuses longer cells; its setting belongs to the whole process."""
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _delimiter(sample: str) -> str:
    """The separator that cuts the first rows into the same number of cells, the most cells winning; a comma when none does."""
    best = max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))
    return best if _evenness(sample, best)[1] > 1 else ","


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    counts: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(cells):
                counts.append(len(cells))
            if len(counts) == 50:
                break
    except csv.Error:
        pass
    usual = max(set(counts), key=lambda count: (counts.count(count), count)) if counts else 0
    share = counts.count(usual) / len(counts) if counts else 0
    return (round(share, 1) if usual > 1 else 0, usual)


def _encoding(file: BinaryIO) -> str:
    """What the bytes seem to be written in. Raises Refused where most are UTF-8 and some are not."""
    file.seek(0)
    start = file.read(200)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    halves = start[::2].count(0), start[1::2].count(0)
    if 16 * max(halves) > len(start) and not min(halves):
        return "utf-16-be" if halves[0] else "utf-16-le"
    row = _first_undecoded(file, "utf-8")
    if row is None:
        return "iso2022_jp_2004" if _SHIFTED.search(os.pread(file.fileno(), _LOOKED_AT, 0)) else "utf-8-sig"
    looked_at = _with_high_bytes(file)
    if _is_mostly_utf8(looked_at):
        raise Refused(FileReason.MIXED(row=row))
    return _code_page(file, looked_at)


def _first_undecoded(file: BinaryIO, encoding: str) -> int | None:
    """The line with the first bytes that are none of this encoding, from 1; None when all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    lines = 1
    while piece := file.read(_PIECE):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            return lines + error.object.count(b"\n", 0, error.start)
        lines += piece.count(b"\n")
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return lines
    return None


def _with_high_bytes(file: BinaryIO) -> bytes:
    """The first pieces of the file that have bytes beyond ASCII."""
    found, size = [], 0
    file.seek(0)
    while size < _LOOKED_AT and (piece := file.read(_PIECE)):
        if not piece.isascii():
            found.append(piece)
            size += len(piece)
    return b"".join(found)


def _is_mostly_utf8(data: bytes) -> bool:
    runs = re.findall(rb"[\x80-\xff]+", data)
    good = sum(len(part) for run in runs for part in re.findall(rb"[\xe1-\xef][\x80-\xbf]{2}|[\xc3-\xdf][\x80-\xbf]", run))
    return good > 0.9 * sum(map(len, runs))


def _code_page(file: BinaryIO, data: bytes) -> str:
    """CP949, EUC-JP, Shift-JIS or CP1252, by how their bytes come: accents stand alone between letters, Hangul in pairs of high bytes,
    and so do kana in EUC-JP, where Korean has jamo and signs, and kanji: these are told from Hangul by what is usual."""
    runs = re.findall(rb"[\x80-\xff]+", data)
    alone = len(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]{1,2}(?=[A-Za-z \-'.,;\"\r\n\t]|$)", data))
    if alone >= 0.6 * len(runs) and _first_undecoded(file, "cp1252") is None:
        return "cp1252"
    high = sum(len(run) for run in runs)
    kana = sum(2 * len(_KANA.findall(run)) for run in runs)
    if kana >= 0.15 * high and _first_undecoded(file, "euc_jis_2004") is None:
        return "euc_jis_2004"
    if usual := _usual(file, data, high // 2):
        return usual
    hangul = 2 * len(re.findall(rb"[\xb0-\xc8][\xa1-\xfe]", b"\n".join(runs)))
    if hangul >= 0.7 * high and _first_undecoded(file, "cp949") is None:
        return "cp949"
    return next((name for name in ("cp932", "cp949", "cp1252") if _first_undecoded(file, name) is None), "utf-8")


def _usual(file: BinaryIO, data: bytes, pairs: int) -> str | None:
    """Of the encodings in which characters are pairs of high bytes, the one in which a tenth of them or more are usual ones."""
    able = [name for name in _USUAL if _first_undecoded(file, name) is None]
    found = {name: sum(c in _USUAL[name] for c in data.decode(name, "replace")) for name in able}
    best = max(found, key=lambda name: found[name], default=None)
    return best if best and 10 * found[best] >= pairs else None
