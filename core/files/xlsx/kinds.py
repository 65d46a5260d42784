"""What a file is, by its content and never by its name; the built-in password of Excel is taken off."""

import io
import re
from typing import Any

from core.domain.errors import Refused
from core.files.xlsx import sentences

BUILT_IN_PASSWORD = "VelvetSweatshop"  # Excel opens such a file without asking
MOST_SPINS = 1_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_FILEPASS = re.compile(rb"\x09\x08.{14,18}\x2f\x00[\x04-\xff]\x00", re.DOTALL)
_SPINS = re.compile(rb'spinCount="(\d+)"')
_WEB = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body")


def unlocked(data: bytes) -> bytes:
    """The zip of an .xlsx file. Raises Refused with its own sentence for every other kind."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise Refused(sentences.EMPTY)
    if data.startswith(OLE):
        return _decrypted(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return data
    raise Refused(_what_else(data))


def _decrypted(data: bytes) -> bytes:
    streams = _streams(data)
    if "encryptedpackage" not in streams:
        raise Refused(_what_old_file(data, streams))
    if "encryptioninfo" not in streams or any("drm" in name for name in streams):
        raise Refused(sentences.RIGHTS_MANAGED)
    try:
        opened = _without_password(data)
    except Exception as error:  # the library has no common error, and whatever it raises means another password
        raise Refused(sentences.LOCKED) from error
    if not opened.startswith(b"PK\x03\x04"):
        raise Refused(sentences.LOCKED)
    return opened


def _streams(data: bytes) -> set[str]:
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return {part.casefold() for path in ole.listdir(storages=True) for part in path}
    except Exception as error:  # what olefile raises for a broken directory is not documented
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused(sentences.LOCKED) from error
        raise Refused(sentences.DAMAGED) from error


def _what_old_file(data: bytes, streams: set[str]) -> str:
    if not streams & {"workbook", "book"}:
        return sentences.NO_SPREADSHEET if streams else sentences.DAMAGED
    return sentences.XLS_LOCKED if _FILEPASS.search(data) else sentences.XLS


def _without_password(data: bytes) -> bytes:
    import msoffcrypto  # type: ignore[import-untyped]
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        info = ole.openstream("EncryptionInfo").read(100_000)
    spins = [int(found) for found in _SPINS.findall(info)]
    if b"<!" in info or max(spins, default=0) > MOST_SPINS:
        raise Refused(sentences.LOCKED)
    file: Any = msoffcrypto.OfficeFile(io.BytesIO(data))
    file.load_key(password=BUILT_IN_PASSWORD, verify_password=True)
    opened = io.BytesIO()
    file.decrypt(opened)
    return opened.getvalue()


def _what_else(data: bytes) -> str:
    if data.startswith(b"PK"):
        return sentences.DAMAGED
    if data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):
        return sentences.XLS
    text = _as_text(data)
    start = text[:2000].lstrip("\ufeff \r\n\t").casefold()
    if start.startswith(tuple(word.decode() for word in _WEB)):
        return sentences.WEB_PAGE
    if start.startswith("<?xml"):
        return sentences.ODS if "opendocument" in start else sentences.XML
    if start.startswith(("{", "%pdf", "<")) or not text:
        return sentences.NO_SPREADSHEET
    return sentences.CSV if _is_separated(text) else sentences.NO_SPREADSHEET


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
