"""What stands on the pages of a file that Chromium printed: enough of PDF for that."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)stream\n(.*)\nendstream", re.DOTALL)
_FONT_OR_TEXT = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")
_MAPPED = re.compile(rb"^<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>(?: <([0-9A-Fa-f]+)>)?$", re.MULTILINE)
Font = tuple[int, dict[int, str]]
"""How many digits each glyph takes, and what it is read as."""


def pages(data: bytes) -> list[str]:
    """The text of each page, without blanks: letters stand where they stand."""
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    return [_text(body, objects) for body in objects.values() if re.search(rb"/Type /Page\b", body)]


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    found: list[str] = []
    for content, resources in _contents(page, objects):
        fonts = {name: _letters(objects[int(font)], objects) for name, font in re.findall(rb"/(F\d+) (\d+) 0 R", resources)}
        size, letters = 4, dict[int, str]()
        for font, glyphs in _FONT_OR_TEXT.findall(content):
            size, letters = fonts[font] if font else (size, letters)
            found += (letters.get(int(glyphs[at : at + size], 16), "") for at in range(0, len(glyphs), size))
    return "".join("".join(found).split())


def _contents(page: bytes, objects: dict[int, bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What draws the page, and the groups that it draws, each with its resources."""
    [number] = re.findall(rb"/Contents (\d+) 0 R", page)
    yield _inflated(objects[int(number)]), page
    for name in re.findall(rb"/X\d+ (\d+) 0 R", page):
        body = objects[int(name)]
        if b"/Subtype /Form" in body:
            yield _inflated(body), body


def _inflated(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    assert stream
    return zlib.decompress(stream[2]) if b"/FlateDecode" in stream[1] else stream[2]


def _letters(font: bytes, objects: dict[int, bytes]) -> Font:
    said = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if not said:
        return 4, {}
    table = _inflated(objects[int(said[1])])
    size, letters = 2 if b"\n<00> <FF>\n" in table else 4, dict[int, str]()
    for first, last, begins in _MAPPED.findall(table.partition(b"endcodespacerange")[2]):
        start, code = int(first, 16), begins or last
        text = bytes.fromhex(code.decode()).decode("utf-16-be")
        end = int(last, 16) if begins else start
        letters |= {glyph: text[:-1] + chr(ord(text[-1]) + glyph - start) for glyph in range(start, end + 1)}
    return size, letters
