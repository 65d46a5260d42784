"""The database file and its log as bytes: whether each part is what the engine wrote there, without the engine.

A file is a head of three parts of 4 KiB, then blocks of 256 KiB; each begins with a checksum of what follows. A log is a head of 8
bytes, then entries: length, checksum, content. A kill leaves the last entry torn, which is no damage: it was not acknowledged.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HEAD, HEADS, BLOCK = 4096, 3, 262144
BODY = HEAD * HEADS
LOG_HEAD = 8
_ENTRY = struct.Struct("<QQ")
_WORDS = 1 << 64
_SEED, _FACTOR = 5381, np.uint64(0xBF58476D1CE4E5B9)
_REST_SEED, _REST_FACTOR, _REST_SHIFT = 0xE17A1465, 0xC6A4A7935BD1E995, 47


@dataclass(frozen=True)
class Blocks:
    """How many parts a file has, where the damaged ones begin, and how many bytes at its end are no whole part."""

    parts: int
    damaged: tuple[int, ...]
    rest: int


@dataclass(frozen=True)
class Log:
    """A log of so many bytes: how many from its beginning are good, and whether something after them is damaged, not torn."""

    size: int
    good: int
    damaged: bool


def blocks(path: Path) -> Blocks:
    """Every part of the file, read once."""
    damaged, parts, size = [], 0, path.stat().st_size
    with path.open("rb") as file:
        for at, length in _parts(size):
            parts += 1
            file.seek(at)
            if not _is_whole(file.read(length)):
                damaged.append(at)
    return Blocks(parts, tuple(damaged), (size - BODY) % BLOCK if size >= BODY else size % HEAD)


def log(path: Path) -> Log | None:
    """The log, entry by entry; None without one."""
    if not path.exists():
        return None
    size, good = path.stat().st_size, min(LOG_HEAD, path.stat().st_size)
    with path.open("rb") as file:
        file.seek(good)
        while good + _ENTRY.size <= size:
            length, told = _ENTRY.unpack(file.read(_ENTRY.size))
            if good + _ENTRY.size + length > size:
                # A length that was damaged looks like this too, unless nothing follows that could be an entry.
                return Log(size, good, damaged=False)
            if checksum(file.read(length)) != told:
                return Log(size, good, damaged=True)
            good += _ENTRY.size + length
    return Log(size, good, damaged=False)


def checksum(content: bytes) -> int:
    """As the engine computes it."""
    words = len(content) // 8 * 8
    found = _SEED
    if words:
        found ^= int(np.bitwise_xor.reduce(np.frombuffer(content[:words], "<u8") * _FACTOR))
    return found ^ _of_rest(content[words:]) if words < len(content) else found


def _of_rest(rest: bytes) -> int:
    found = _REST_SEED ^ (len(rest) * _REST_FACTOR % _WORDS)
    found = (found ^ int.from_bytes(rest, "little")) * _REST_FACTOR % _WORDS
    found ^= found >> _REST_SHIFT
    found = found * _REST_FACTOR % _WORDS
    return found ^ found >> _REST_SHIFT


def _parts(size: int) -> Iterator[tuple[int, int]]:
    yield from ((at, HEAD) for at in range(0, min(BODY, size - HEAD + 1), HEAD))
    yield from ((at, BLOCK) for at in range(BODY, size - BLOCK + 1, BLOCK))


def _is_whole(part: bytes) -> bool:
    return checksum(part[8:]) == int.from_bytes(part[:8], "little")
