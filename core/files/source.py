"""A table that was read: its columns of text lie in a file that is mapped into memory, and become objects only where they are used."""

import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, BinaryIO, overload

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.order_sources import Origin
from core.files.xlsx.reader import TOO_LONG

_ID_DIGITS, _EXACT, _MOSTLY = 16, 2**53, 2 / 3


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

    def first(self, count: int) -> "TextColumn":
        """The column of the first rows alone."""
        return TextColumn(self._texts.slice(0, count))

    def __iter__(self) -> Iterator[str]:
        # Texts that come again are one object: most columns of a million rows have few.
        for chunk in self._texts.chunks:
            encoded = chunk.dictionary_encode()
            yield from encoded.dictionary.to_numpy(zero_copy_only=False)[encoded.indices.to_numpy()]


@dataclass(frozen=True)
class Laid:
    """The tables that a reading process lays out: the rows with their numbers, the faults of cells, the rows that are broken."""

    rows: pa.Table
    faults: pa.Table
    broken: pa.Table


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

    def __len__(self) -> int:
        return len(self.rows)

    def sample(self, count: int = 200) -> list[dict[str, str]]:
        """The first rows by header."""
        return [
            {header: column[place] for header, column in zip(self.headers, self.columns, strict=True) if header}
            for place in range(min(count, len(self)))
        ]

    def first(self, count: int) -> "Source":
        """The first rows alone."""
        columns = tuple(one.first(count) if isinstance(one, TextColumn) else one[:count] for one in self.columns)
        return replace(self, columns=columns, rows=self.rows[:count])

    def faults_of(self, column: int) -> dict[int, str]:
        """By place of the row, why a cell of the column at this place cannot be trusted."""
        if column in self.unreadable:
            return dict.fromkeys(range(len(self)), self.unreadable[column])
        if self.laid is None or not self.laid.faults.num_rows:
            return {}
        faults = self.laid.faults
        wanted = pc.and_(pc.equal(faults["column"], column), pc.less(faults["row"], len(self)))
        return self._without_whole_ids(column, _by_row(faults.filter(wanted)))

    def _without_whole_ids(self, column: int, faults: dict[int, str]) -> dict[int, str]:
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

    @cached_property
    def broken(self) -> dict[int, str]:
        """By place of the row, why the whole row cannot be trusted."""
        return _by_row(self.laid.broken) if self.laid else {}


def _by_row(table: pa.Table) -> dict[int, str]:
    return dict(zip(table["row"].to_pylist(), table["fault"].to_pylist(), strict=True))


def laid_out(answer: BinaryIO, head: Mapping[str, Any], name: str) -> Source:
    """The table that the reading process wrote into this file; `head` is what it says of it."""
    size = os.fstat(answer.fileno()).st_size
    mapped = pa.py_buffer(mmap.mmap(answer.fileno(), size, access=mmap.ACCESS_READ))
    laid = Laid(*(_stream(mapped.slice(start)) for start in head["starts"]))
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
