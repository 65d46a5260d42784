"""A table that was read: its columns of text lie in a file that is mapped into memory, and become objects only where they are used."""

import contextlib
import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.order_sources import Origin
from core.domain.values import once
from core.files.xlsx.reader import TOO_LONG

_ID_DIGITS, _EXACT, _MOSTLY = 16, 2**53, 2 / 3

Places = npt.NDArray[np.int64]
"""Rows by their places in a file, the lowest first."""


class TextColumn(Sequence[str]):
    """The texts of one column, one a row."""

    def __init__(self, texts: pa.ChunkedArray) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return list(self)[place]
        text: str = self._texts[place].as_py()
        return text

    def at(self, places: Places) -> pa.Array:
        """The texts of these rows."""
        pieces, start = [], 0
        for chunk in self._texts.chunks:
            first, after = np.searchsorted(places, (start, start + len(chunk)))
            if first < after:
                pieces.append(_taken(chunk, places[first:after] - start))
            start += len(chunk)
        return pa.concat_arrays(pieces) if pieces else pa.array([], pa.string())

    def __iter__(self) -> Iterator[str]:
        # Texts that come again are one object: most columns of a million rows have few.
        for chunk in self._texts.chunks:
            encoded = chunk.dictionary_encode()
            yield from encoded.dictionary.to_numpy(zero_copy_only=False)[encoded.indices.to_numpy()]


def _taken(chunk: pa.Array, places: Places) -> pa.Array:
    first, count = int(places[0]), len(places)
    if int(places[-1]) - first + 1 == count:
        return chunk.slice(first, count)
    return chunk.take(pa.array(places))


@dataclass(frozen=True)
class Laid:
    """The tables that a reading process lays out: the rows with their numbers, the faults of cells, the rows that are broken."""

    rows: pa.Table
    faults: pa.Table
    broken: pa.Table
    mapped: mmap.mmap | None = field(default=None, repr=False)


@dataclass(frozen=True)
class _Faults:
    """What cannot be trusted of some rows: by column and place of the row the cells, by place the rows."""

    cells: Mapping[int, Mapping[int, str]]
    rows: Mapping[int, str]


@dataclass(frozen=True)
class Source:
    """A file as it was read: `columns` beside `headers`, one text per row; `rows` are the numbers a person sees.

    `unreadable` says by place of the column why no cell of it can be used. `note` says how the file was read, `origin` what of the file of a
    known source is kept.
    """

    name: str
    note: str
    headers: tuple[str, ...]
    columns: tuple[Sequence[str], ...] = field(repr=False)
    rows: Sequence[int] = field(repr=False)
    unreadable: Mapping[int, str] = field(default_factory=dict, repr=False)
    laid: Laid | None = field(default=None, repr=False)
    origin: Origin | None = field(default=None, repr=False)
    known: _Faults | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def sample(self, count: int = 200) -> list[dict[str, str]]:
        """The first rows by header."""
        return [
            {header: column[place] for header, column in zip(self.headers, self.columns, strict=True) if header}
            for place in range(min(count, len(self)))
        ]

    def at(self, column: int, places: Places) -> pa.Array:
        """The texts of the column at this place, in these rows."""
        texts = self.columns[column]
        return texts.at(places) if isinstance(texts, TextColumn) else pa.array([texts[place] for place in places], pa.string())

    def part(self, places: Places, faults: Mapping[int, Mapping[int, str]]) -> "Source":
        """These rows alone, with nothing but the columns of which the `faults` are given."""
        texts: list[Sequence[str]] = [()] * len(self.headers)
        for column in faults:
            texts[column] = self.at(column, places).to_pylist()
        cells = {column: _among(places, of_column) for column, of_column in faults.items()}
        rows, known = [self.rows[place] for place in places], _Faults(cells, _among(places, self.broken))
        return replace(self, columns=tuple(texts), rows=rows, laid=None, known=known)

    def let_go(self) -> None:
        """Its memory is free for others until it is read again."""
        if self.laid and self.laid.mapped and hasattr(mmap, "MADV_DONTNEED"):
            with contextlib.suppress(OSError):
                self.laid.mapped.madvise(mmap.MADV_DONTNEED)

    def faults_of(self, column: int) -> Mapping[int, str]:
        """By place of the row, why a cell of the column at this place cannot be trusted."""
        if column in self.unreadable:
            return dict.fromkeys(range(len(self)), self.unreadable[column])
        if self.known:
            return self.known.cells.get(column, {})
        if self.laid is None or not self.laid.faults.num_rows:
            return {}
        faults = _by_row(self.laid.faults.filter(pc.equal(self.laid.faults["column"], column)))
        return self._without_whole_ids(column, faults)

    def _without_whole_ids(self, column: int, faults: Mapping[int, str]) -> Mapping[int, str]:
        """Without the faults of 16-digit ids that end in 0, in a column whose others show that a program wrote it."""
        if TOO_LONG not in faults.values():
            return faults
        texts = list(self.columns[column])
        ids = [text for text in texts if len(text) == _ID_DIGITS and text.isdecimal()]
        if sum(text[-1] != "0" for text in ids) < _MOSTLY * len(ids) or not ids:
            return faults
        return {
            row: fault
            for row, fault in faults.items()
            if fault != TOO_LONG or len(texts[row]) != _ID_DIGITS or int(texts[row]) >= _EXACT
        }

    @once
    def broken(self) -> Mapping[int, str]:
        """By place of the row, why the whole row cannot be trusted."""
        return self.known.rows if self.known else _by_row(self.laid.broken) if self.laid else {}


def known_faults(source: Source, columns: Sequence[int], places: Sequence[int], broken: Mapping[int, str]) -> _Faults:
    """What cannot be trusted where these columns and rows follow each other, a row as often as it is named; `broken` are rows beside those
    that are."""
    cells = {at: source.faults_of(column) for at, column in enumerate(columns) if column not in source.unreadable}
    rows = {**broken, **source.broken}
    return _Faults({at: _repeated(faults, places) for at, faults in cells.items() if faults}, _repeated(rows, places))


def _repeated(faults: Mapping[int, str], places: Sequence[int]) -> dict[int, str]:
    return {at: faults[place] for at, place in enumerate(places) if place in faults} if faults else {}


def _by_row(table: pa.Table) -> dict[int, str]:
    return dict(zip(table["row"].to_pylist(), table["fault"].to_pylist(), strict=True))


def _among(places: Places, faults: Mapping[int, str]) -> dict[int, str]:
    """The faults in these rows, by their places among them."""
    if not faults:
        return {}
    return {at: faults[place] for at, place in enumerate(places.tolist()) if place in faults}


def laid_out(answer: BinaryIO, head: Mapping[str, Any], name: str) -> Source:
    """The table that the reading process wrote into this file; `head` is what it says of it."""
    size = os.fstat(answer.fileno()).st_size
    mapped = mmap.mmap(answer.fileno(), size, access=mmap.ACCESS_READ)
    buffer = pa.py_buffer(mapped)
    tables, faults, broken = (_stream(buffer.slice(start)) for start in head["starts"])
    laid = Laid(tables, faults, broken, mapped)
    rows: list[int] = laid.rows["row"].to_pylist()
    unreadable = {int(place): fault for place, fault in head["unreadable"].items()}
    columns = tuple(
        ["?"] * len(rows) if place in unreadable else TextColumn(laid.rows.column(place + 1))
        for place in range(len(head["headers"]))
    )
    return Source(name, head["note"], tuple(head["headers"]), columns, rows, unreadable, laid)


def _stream(buffer: pa.Buffer) -> pa.Table:
    with pa.ipc.open_stream(buffer) as stream:
        return stream.read_all()
