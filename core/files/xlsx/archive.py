"""What a file is, by its content and never by its name; and the zip that a workbook is, examined whole before any of it is parsed."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import IO, Any
from xml.parsers import expat

from core.files.limits import Limits
from core.files.refusals import ReadFault, Unreadable

BUILT_IN_PASSWORD = "VelvetSweatshop"  # Excel opens such a file without asking
MOST_SPINS = 1_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]

_CHUNK = 1 << 18
_LARGEST_SCANNED = 24_000_000
_LARGE = 4_000_000
_MOST_NAMES = 1000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_FILEPASS = re.compile(rb"\x09\x08.{14,18}\x2f\x00[\x04-\xff]\x00", re.DOTALL)
_SPINS = re.compile(rb'spinCount="(\d+)"')
_WEB = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body")


@dataclass(frozen=True)
class Worksheet:
    """A sheet of the workbook as its tab shows it."""

    title: str
    part: str
    visible: bool


@dataclass(frozen=True)
class Parts:
    """What a workbook is made of: the sheets in the order of their tabs, and the parts their cells refer to, "" for one that is missing."""

    sheets: tuple[Worksheet, ...]
    texts: str
    styles: str
    since_1904: bool


class Archive:
    """An examined workbook: its parts by name, whatever the case and the slashes. Raises Unreadable for what is none."""

    def __init__(self, data: bytes | IO[bytes], limits: Limits) -> None:
        self.limits = limits
        try:
            self._tags: dict[str, tuple[int, int]] = {}
            self._zip = zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
            _refuse_many(entries, limits)
            self._parts = {_name(entry.filename): entry for entry in entries}
            _examine_directory(entries)
            self._refuse_other_kinds()
            _refuse_large(entries, limits)
            self._examine_parts()
        except BROKEN as error:
            raise Unreadable(ReadFault.DAMAGED) from error

    def __contains__(self, name: str) -> bool:
        return _name(name) in self._parts

    def open(self, name: str) -> IO[bytes]:
        """The part as a file, inflated while it is read."""
        entry = self._parts.get(_name(name))
        if entry is None:
            raise Unreadable(ReadFault.DAMAGED)
        return self._zip.open(entry)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part, inflated piece by piece."""
        with self.open(name) as part:
            while chunk := part.read(_CHUNK):
                yield chunk

    def rows_in(self, name: str) -> int:
        """How many rows the part has, by its tags."""
        return self._tags.get(_name(name), (0, 0))[1]

    def require_readable(self, name: str) -> None:
        """Refuses a part that is not what it should be, or would take too long to parse."""
        if _name(name) not in self._tags:
            self._examine_part(_name(name))
        tags, rows = self._tags[_name(name)]
        if rows > self.limits.rows + 1000:
            raise Unreadable(ReadFault.TOO_MANY_ROWS)
        if tags > self.limits.tags:
            raise Unreadable(ReadFault.TOO_LARGE)

    def scan(self, name: str, start: Start, end: End | None = None) -> None:
        """One pass over a part with names and attributes freed of their namespaces: Strict workbooks have others."""
        self.require_readable(name)
        if self._parts[_name(name)].file_size > _LARGEST_SCANNED:
            raise Unreadable(ReadFault.TOO_LARGE)
        parser = expat.ParserCreate(namespace_separator="}")
        names = LocalNames()
        parser.StartElementHandler = lambda tag, attributes: start(names[tag], attributes and _localised(attributes, names))
        if end:
            parser.EndElementHandler = lambda tag: end(names[tag])
        parser.StartDoctypeDeclHandler = _refuse_declaration
        parser.EntityDeclHandler = _refuse_declaration
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError) as error:  # a LookupError is an encoding that nobody knows
            raise Unreadable(ReadFault.DAMAGED) from error

    def _examine_parts(self) -> None:
        whole = 0
        for name in self._parts:
            if name.endswith((".xml", ".rels")):
                whole += self._examine_part(name)
            if whole > self.limits.whole_size:
                raise Unreadable(ReadFault.TOO_LARGE)

    def _examine_part(self, name: str) -> int:
        size = tags = rows = 0
        tail = b""
        for chunk in self.chunks(name):
            size += len(chunk)
            if size > self.limits.part_size:
                raise Unreadable(ReadFault.TOO_LARGE)
            plain = chunk.replace(b"\0", b"") if b"\0" in chunk else chunk
            if (b"<!" in tail + plain and _DECLARATION.search(tail + plain)) or (not tail and _is_oddly_encoded(plain)):
                raise Unreadable(ReadFault.DECLARATIONS)
            tags += plain.count(b"<")
            rows += plain.count(b"<row")
            tail = plain[-9:]
        self._tags[name] = (tags, rows)
        return size

    def _refuse_other_kinds(self) -> None:
        names = self._parts.keys()
        types = b"".join(self._start("[content_types].xml"))
        if any(entry.flag_bits & 1 for entry in self._parts.values()):
            raise Unreadable(ReadFault.LOCKED)
        if any(name.endswith("workbook.bin") for name in names) or b"sheet.binary" in types:
            raise Unreadable(ReadFault.XLSB)
        if any(name.endswith("vbaproject.bin") for name in names) or b"macroEnabled" in types:
            raise Unreadable(ReadFault.XLSM)
        if "mimetype" in names and b"opendocument" in b"".join(self._start("mimetype")):
            raise Unreadable(ReadFault.ODS)
        if any(name.startswith("index/") or name == "index.zip" for name in names):
            raise Unreadable(ReadFault.NUMBERS)
        if not any(name.startswith(("xl/", "_rels/")) for name in names) or any(
            name.startswith(("word/", "ppt/")) for name in names
        ):
            raise Unreadable(ReadFault.NO_SPREADSHEET)

    def _start(self, name: str) -> Iterator[bytes]:
        entry = self._parts.get(name)
        if entry is None or entry.flag_bits & 1 or entry.compress_type not in _PACKED:
            return
        with self._zip.open(entry) as part:
            yield part.read(_CHUNK).replace(b"\0", b"")


_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?<\?xml([^>]{0,300}\?>)?")
_ENCODING = re.compile(rb"""encoding\s*=\s*['"]([^'"]*)""")
_USUAL = (b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"iso-8859-1")


def _is_oddly_encoded(start: bytes) -> bool:
    """Whether the part says an encoding in which its bytes would not show declarations."""
    head = _XML.match(start)
    said = _ENCODING.search(head[1] or b"") if head else None
    return bool(head and (head[1] is None or (said and said[1].lower() not in _USUAL)))


def _examine_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [_name(entry.filename) for entry in entries]
    if len(set(names)) < len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Unreadable(ReadFault.NOT_BUILT_LIKE_A_WORKBOOK)
    if any(entry.compress_type not in _PACKED for entry in entries if not entry.flag_bits & 1):
        raise Unreadable(ReadFault.UNUSUAL_PACKING)
    end = -1
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Unreadable(ReadFault.NOT_BUILT_LIKE_A_WORKBOOK)
        end = entry.header_offset + 30 + entry.compress_size


def _refuse_many(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    folders = [_name(entry.filename).rpartition("/")[0] for entry in entries]
    sheets = folders.count("xl/worksheets")
    if sheets > limits.sheets:
        raise Unreadable(ReadFault.TOO_MANY_SHEETS, count=sheets)
    if len(entries) > limits.entries:
        raise Unreadable(ReadFault.NOT_BUILT_LIKE_A_WORKBOOK)


def _refuse_large(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """By what the directory says: no part is inflated beyond it."""
    parts = [entry for entry in entries if _name(entry.filename).endswith((".xml", ".rels"))]
    if any(part.file_size > limits.part_size for part in parts) or sum(part.file_size for part in parts) > limits.whole_size:
        raise Unreadable(ReadFault.TOO_LARGE)
    if limits.packed and any(part.file_size > max(_LARGE, limits.packed * part.compress_size) for part in parts):
        raise Unreadable(ReadFault.TOO_LARGE)


def _name(name: str) -> str:
    return name.replace("\\", "/").casefold()


def parts_of(archive: Archive) -> Parts:
    """What the workbook is made of."""
    main = _main_part(archive)
    related = _relations(archive, main)
    sheets: list[Worksheet] = []
    since_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            kind, part = related.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                sheets.append(Worksheet(attributes.get("name", ""), part, attributes.get("state", "visible") == "visible"))

    archive.scan(main, start)
    if len(sheets) > archive.limits.sheets:
        raise Unreadable(ReadFault.TOO_MANY_SHEETS, count=len(sheets))
    if len({sheet.part for sheet in sheets}) < len(sheets):
        raise Unreadable(ReadFault.NOT_BUILT_LIKE_A_WORKBOOK)
    parts = {kind: part for kind, part in related.values() if part in archive}
    return Parts(tuple(sheets), parts.get("sharedstrings", ""), parts.get("styles", ""), since_1904)


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive:
        for kind, part in _relations(archive, "").values():
            if kind == "officedocument" and part in archive:
                return part
    if "xl/workbook.xml" in archive:
        return "xl/workbook.xml"
    raise Unreadable(ReadFault.NO_SPREADSHEET)


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
        raise Unreadable(ReadFault.DAMAGED)
    archive.scan(relations, start)
    return found


def _refuse_declaration(*_: Any) -> None:
    raise Unreadable(ReadFault.DECLARATIONS)


class LocalNames(dict[str, str]):
    """Names without their namespace, each worked out once."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition("}")[2]
        if len(self) < _MOST_NAMES:
            self[name] = local
        return local


def _localised(attributes: dict[str, str], names: LocalNames) -> dict[str, str]:
    return {names[name]: value for name, value in attributes.items()}


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a zip or an old Office file, whatever the name says."""
    return data.startswith((*_ZIP, OLE))


def unlocked(data: bytes, password: str = "") -> bytes:
    """The zip of an .xlsx file, opened with the password where it has one. Raises Unreadable with its own sentence for every other kind."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise Unreadable(ReadFault.EMPTY)
    if data.startswith(OLE):
        return _decrypted(data, password)
    if data.startswith(_ZIP):
        return data
    raise Unreadable(_what_else(data))


def opened_with(request: bytes) -> tuple[dict[str, Any], bytes]:
    """What the confined process answers to `unlock`: the workbook after the first line of the request, which is its password."""
    password, _, data = request.partition(b"\n")
    return {}, unlocked(data, json.loads(password))


def _decrypted(data: bytes, password: str) -> bytes:
    streams = _streams(data)
    if "encryptedpackage" not in streams:
        raise Unreadable(_what_old_file(data, streams))
    if "encryptioninfo" not in streams or any("drm" in name for name in streams):
        raise Unreadable(ReadFault.RIGHTS_MANAGED)
    why = ReadFault.WRONG_PASSWORD if password else ReadFault.LOCKED
    try:
        opened = _opened(data, password or BUILT_IN_PASSWORD)
    except Exception as error:  # the library has no common error, and whatever it raises means another password
        raise Unreadable(why) from error
    if not opened.startswith(b"PK\x03\x04"):
        raise Unreadable(why)
    return opened


def _streams(data: bytes) -> set[str]:
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return {part.casefold() for path in ole.listdir(storages=True) for part in path}
    except Exception as error:  # what olefile raises for a broken directory is not documented
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable(ReadFault.LOCKED) from error
        raise Unreadable(ReadFault.DAMAGED) from error


def _what_old_file(data: bytes, streams: set[str]) -> ReadFault:
    if not streams & {"workbook", "book"}:
        return ReadFault.NO_SPREADSHEET if streams else ReadFault.DAMAGED
    return ReadFault.XLS_LOCKED if _FILEPASS.search(data) else ReadFault.XLS


def _opened(data: bytes, password: str) -> bytes:
    import msoffcrypto  # type: ignore[import-untyped]
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        info = ole.openstream("EncryptionInfo").read(100_000)
    spins = [int(found) for found in _SPINS.findall(info)]
    if b"<!" in info or max(spins, default=0) > MOST_SPINS:
        raise Unreadable(ReadFault.LOCKED)
    file: Any = msoffcrypto.OfficeFile(io.BytesIO(data))
    file.load_key(password=password, verify_password=True)
    opened = io.BytesIO()
    file.decrypt(opened)
    return opened.getvalue()


def _what_else(data: bytes) -> ReadFault:
    if data.startswith(b"PK"):
        return ReadFault.DAMAGED
    if data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):
        return ReadFault.XLS
    text = _as_text(data)
    start = text[:2000].lstrip("\ufeff \r\n\t").casefold()
    if start.startswith(tuple(word.decode() for word in _WEB)):
        return ReadFault.WEB_PAGE
    if start.startswith("<?xml"):
        return ReadFault.ODS if "opendocument" in start else ReadFault.XML
    if start.startswith(("{", "%pdf", "<")) or not text:
        return ReadFault.NO_SPREADSHEET
    return ReadFault.CSV if _is_separated(text) else ReadFault.NO_SPREADSHEET


def _as_text(data: bytes) -> str:
    """The text the bytes are in one of the usual encodings, "" for none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data[:10_000]):
        return ""
    for encoding in ("utf-8", "cp949", "cp932", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _is_separated(text: str) -> bool:
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    return any(sum(mark in line for line in lines) * 2 > len(lines) for mark in ",;\t|")
