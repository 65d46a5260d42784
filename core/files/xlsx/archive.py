"""The zip that a workbook is: examined whole before any part of it is parsed."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from core.domain.errors import Refused
from core.files.xlsx import sentences

MOST_TABLE_ROWS = 100_000
UNREADABLE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)

_CHUNK = 1 << 18


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read before it is refused; sizes are bytes after unpacking. Those of an upload."""

    part_size: int = 24_000_000
    whole_size: int = 48_000_000
    entries: int = 300
    tags: int = 1_000_000
    rows: int = MOST_TABLE_ROWS


_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Archive:
    """An examined workbook: its parts by name, whatever the case and the slashes. Raises Refused for what is none."""

    def __init__(self, data: bytes, limits: Limits = Limits()) -> None:
        self._limits = limits
        try:
            self._tags: dict[str, tuple[int, int]] = {}
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
            if len(entries) > limits.entries:
                raise Refused(sentences.NOT_BUILT_LIKE_A_WORKBOOK)
            self._parts = {_name(entry.filename): entry for entry in entries}
            _examine_directory(entries)
            self._refuse_other_kinds()
            self._examine_parts()
        except UNREADABLE as error:
            raise Refused(sentences.DAMAGED) from error

    def __contains__(self, name: str) -> bool:
        return _name(name) in self._parts

    def open(self, name: str) -> IO[bytes]:
        """The part as a file, inflated while it is read."""
        entry = self._parts.get(_name(name))
        if entry is None:
            raise Refused(sentences.DAMAGED)
        return self._zip.open(entry)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part, inflated piece by piece."""
        with self.open(name) as part:
            while chunk := part.read(_CHUNK):
                yield chunk

    def require_readable(self, name: str) -> None:
        """Refuses a part that would take too long to parse."""
        tags, rows = self._tags.get(_name(name), (0, 0))
        if rows > self._limits.rows + 1000:
            raise Refused(sentences.TOO_MANY_ROWS)
        if tags > self._limits.tags:
            raise Refused(sentences.TOO_LARGE)

    def _examine_parts(self) -> None:
        whole = 0
        for name in self._parts:
            if name.endswith((".xml", ".rels")):
                whole += self._examine_part(name)
            if whole > self._limits.whole_size:
                raise Refused(sentences.TOO_LARGE)

    def _examine_part(self, name: str) -> int:
        size = tags = rows = 0
        tail = b""
        for chunk in self.chunks(name):
            size += len(chunk)
            if size > self._limits.part_size:
                raise Refused(sentences.TOO_LARGE)
            plain = chunk.replace(b"\0", b"") if b"\0" in chunk else chunk
            if _DECLARATION.search(tail + plain):
                raise Refused(sentences.DECLARATIONS)
            tags += plain.count(b"<")
            rows += plain.count(b"<row")
            tail = plain[-9:]
        self._tags[name] = (tags, rows)
        return size

    def _refuse_other_kinds(self) -> None:
        names = self._parts.keys()
        types = b"".join(self._start("[content_types].xml"))
        if any(entry.flag_bits & 1 for entry in self._parts.values()):
            raise Refused(sentences.LOCKED)
        if any(name.endswith("workbook.bin") for name in names) or b"sheet.binary" in types:
            raise Refused(sentences.XLSB)
        if any(name.endswith("vbaproject.bin") for name in names) or b"macroEnabled" in types:
            raise Refused(sentences.XLSM)
        if "mimetype" in names and b"opendocument" in b"".join(self._start("mimetype")):
            raise Refused(sentences.ODS)
        if any(name.startswith("index/") or name == "index.zip" for name in names):
            raise Refused(sentences.NUMBERS)
        if not any(name.startswith(("xl/", "_rels/")) for name in names) or any(
            name.startswith(("word/", "ppt/")) for name in names
        ):
            raise Refused(sentences.NO_SPREADSHEET)

    def _start(self, name: str) -> Iterator[bytes]:
        entry = self._parts.get(name)
        if entry is None or entry.flag_bits & 1 or entry.compress_type not in _PACKED:
            return
        with self._zip.open(entry) as part:
            yield part.read(_CHUNK).replace(b"\0", b"")


_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _examine_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [_name(entry.filename) for entry in entries]
    if len(set(names)) < len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Refused(sentences.NOT_BUILT_LIKE_A_WORKBOOK)
    if any(entry.compress_type not in _PACKED for entry in entries if not entry.flag_bits & 1):
        raise Refused(sentences.UNUSUAL_PACKING)
    end = -1
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Refused(sentences.NOT_BUILT_LIKE_A_WORKBOOK)
        end = entry.header_offset + 30 + entry.compress_size


def _name(name: str) -> str:
    return name.replace("\\", "/").casefold()
