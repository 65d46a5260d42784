"""A workbook without the texts that no cell shows any more: emptying a cell alone leaves its text in the part that cells share."""

from xml.parsers import expat

from core.files.limits import Limits
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.archive import Archive, parts_of
from core.files.xlsx.marking import replaced


def without_unused(data: bytes, limits: Limits) -> bytes:
    """The workbook with nothing in place of each shared text that no cell refers to. Raises Unreadable when that cannot be told."""
    archive = Archive(data, limits)
    parts = parts_of(archive)
    if not parts.texts:
        return data
    used: set[int] = set()
    for sheet in parts.sheets:
        used |= _Used(b"".join(archive.chunks(sheet.part))).places
    return replaced(data, parts.texts, _blanked(b"".join(archive.chunks(parts.texts)), used))


class _Used:
    """Which shared texts the cells of a sheet refer to."""

    def __init__(self, xml: bytes) -> None:
        self.places: set[int] = set()
        self._refers, self._text = False, ""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "c":
            self._refers = attributes.get("t") == "s"
        self._text = ""

    def _said(self, text: str) -> None:
        self._text += text

    def _end(self, name: str) -> None:
        if self._refers and name.rpartition(":")[2] == "v" and self._text.strip().isdecimal():
            self.places.add(int(self._text))


class _Texts:
    """Where the shared texts stand in the bytes of their part: from their first byte to the first of their end tag."""

    def __init__(self, xml: bytes) -> None:
        self.places: list[tuple[int, int]] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._began = 0
        self._parser.Parse(xml, True)

    def _start(self, name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self._began = self._parser.CurrentByteIndex

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "si":
            self.places.append((self._began, self._parser.CurrentByteIndex))


def _blanked(xml: bytes, used: set[int]) -> bytes:
    if b"\0" in xml:
        raise Unreadable(ReadFault.DAMAGED)
    pieces, done = [], 0
    for place, (start, end) in enumerate(_Texts(xml).places):
        opened = xml.index(b">", start) + 1
        if place not in used and opened <= end:
            pieces.append(xml[done:opened])
            done = end
    return b"".join([*pieces, xml[done:]])
