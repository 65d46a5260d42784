"""A column over some rows of a file, by its distinct texts: each is understood and read once, and plain ones all together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.clock import EPOCH, MICROSECOND
from core.domain.reasons import Why
from core.domain.shop_numbers import without_decimals
from core.files.read import Source
from core.files.source import Places
from core.services.importing.cells import CellMoment, CellReader
from core.services.importing.columns import COLUMNS, title
from core.services.importing.mapping import blank_key
from core.services.importing.plain import TYPES, Flags, read_plain
from core.services.importing.reasons import RowFinding
from core.services.importing.rows import SHOWN, CellWriting

_AT_ONCE = 20_000


@dataclass(frozen=True)
class Column:
    """One of our columns: `texts` and `values` of its distinct cells, a value being null where the cell is empty or wrong.

    `places` says of each row which of them it has, `wrong` whether its cell needs a closer look. `whole_days` are moments that only
    name their day. `doubt` is one about the whole column, with the first row that raises it.
    """

    texts: pa.Array
    values: pa.Array
    places: npt.NDArray[np.int32]
    wrong: Flags
    whole_days: Flags
    doubt: tuple[int, Why] | None = None

    @property
    def empty(self) -> Flags:
        """By distinct text, whether it means nothing."""
        found: Flags = pc.equal(self.texts, "").to_numpy(zero_copy_only=False)
        return found


@dataclass(frozen=True)
class _Words:
    texts: pa.Array
    values: pa.Array
    wrong: Flags
    whole_days: Flags
    doubts: Mapping[int, Why] = field(default_factory=dict)


class ColumnReader:
    """Reads the columns of one file by its mapping."""

    def __init__(self, source: Source, cells: CellReader) -> None:
        self.source, self.cells, self.mapping = source, cells, cells.mapping
        self.decimals = frozenset(place for place in self._number_places() if self._is_decimal(place))
        self._longest_blank = max(map(len, self.mapping.blank), default=-1)
        self._parsers = {name: cells.parser(name) for name in self.mapping.mapped}
        self._known_faults: dict[int, Mapping[int, str]] = {}

    def read(self, name: str, rows: Places) -> Column:
        """The column in these rows."""
        headers, default = self.mapping.columns.get(name, ()), self.mapping.defaults.get(name, "")
        return self._read(name, rows, headers, default)

    def part(self, rows: Places) -> Source:
        """These rows, with all that the mapping uses of them."""
        headers = [header for name in self.mapping.mapped for header in self.mapping.headers_of(name)]
        return self.source.part(rows, {place: self._faults_of(place) for place in map(self.source.headers.index, headers)})

    def _read(self, name: str, rows: Places, headers: Sequence[str], default: str) -> Column:
        wrong = np.zeros(len(rows), np.bool_)
        if len(headers) == 1 and not default:
            place = self.source.headers.index(headers[0])
            encoded = self.source.at(place, rows).dictionary_encode()
            words = self._words(name, encoded.dictionary, self._writing(name, place))
            wrong |= self._faults(place, rows)
        else:
            texts = pa.array([""] * len(rows), pa.string())
            for place in map(self.source.headers.index, headers):
                found, long = self._understood(name, place, rows)
                texts = pc.if_else(pc.equal(texts, ""), found, texts)
                wrong |= long | self._faults(place, rows)
            encoded = pc.if_else(pc.equal(texts, ""), default, texts).dictionary_encode()
            words = self._words(name, encoded.dictionary, None)
        places = encoded.indices.to_numpy()
        wrong |= words.wrong[places]
        return Column(
            words.texts, words.values, places, wrong, words.whole_days, _first_doubt(name, words, places, rows, wrong)
        )

    def _understood(self, name: str, place: int, rows: Places) -> tuple[pa.Array, Flags]:
        """The texts of the cells below one header, and which of them are too long."""
        encoded = self.source.at(place, rows).dictionary_encode()
        writing, longest = self._writing(name, place), 2 * COLUMNS[name].longest
        given = encoded.dictionary.to_pylist()
        texts = [writing.understood(text if len(text) <= longest else text[:SHOWN]) for text in given]
        long = np.array([len(text) > longest for text in given], np.bool_)
        return pa.array(texts, pa.string()).take(encoded.indices), long[encoded.indices.to_numpy()]

    def _words(self, name: str, words: pa.Array, writing: CellWriting | None) -> _Words:
        """The distinct texts read, as they are where they are not written in any way."""
        column = COLUMNS[name]
        found = read_plain(column.form, words, column.longest, self.mapping.zone or self.cells.zone)
        odd = np.flatnonzero(~found.plain | self._meant_otherwise(name, words, writing))
        wrong, whole_days = np.zeros(len(words), np.bool_), np.zeros(len(words), np.bool_)
        doubter, doubts = self.cells.doubter(name), dict[int, Why]()
        texts, values = list[str](), list[Any]()
        for at, given in zip(odd.tolist(), words.take(pa.array(odd)).to_pylist(), strict=True):
            text, value, is_wrong = _one(given, writing, 2 * column.longest, self._parsers[name])
            if isinstance(value, CellMoment):
                whole_days[at], value = value.whole_day, (value.at - EPOCH) // MICROSECOND
            elif doubter and value is not None and (doubt := doubter(text)):
                doubts[at] = doubt
            wrong[at] = is_wrong
            texts.append(text)
            values.append(value)
        mask = np.zeros(len(words), np.bool_)
        mask[odd] = True
        return _Words(
            pc.replace_with_mask(words, mask, pa.array(texts, pa.string())),
            pc.replace_with_mask(found.values, mask, pa.array(values, TYPES.get(column.form, pa.string()))),
            wrong,
            whole_days,
            doubts,
        )

    def _meant_otherwise(self, name: str, words: pa.Array, writing: CellWriting | None) -> Flags:
        """Which texts may mean something else than they say by the mapping."""
        if self.mapping.values.get(name) or (writing and writing.decimals):
            return np.ones(len(words), np.bool_)
        found = np.zeros(len(words), np.bool_)
        if self.mapping.blank and writing:
            short = np.flatnonzero(pc.utf8_length(words).to_numpy() <= self._longest_blank)
            found[short] = [blank_key(text) in self.mapping.blank for text in words.take(pa.array(short)).to_pylist()]
        return found

    def _writing(self, name: str, place: int) -> CellWriting:
        return CellWriting(COLUMNS[name].is_number, self.mapping.blank, COLUMNS[name].is_number and place in self.decimals)

    def broken(self, rows: Places) -> Flags:
        """Which of these rows cannot be trusted as a whole."""
        broken = self.source.broken
        found: Flags = np.isin(rows, list(broken)) if broken else np.zeros(len(rows), np.bool_)
        return found

    def _faults(self, place: int, rows: Places) -> Flags:
        """Whether the cells of these rows below this header cannot be trusted."""
        faults = self._faults_of(place)
        found: Flags = np.isin(rows, list(faults)) if faults else np.full(len(rows), place in self.source.unreadable)
        return found

    def _faults_of(self, place: int) -> Mapping[int, str]:
        """By row, the faults below this header; none where nothing below it can be used."""
        if place not in self._known_faults:
            self._known_faults[place] = {} if place in self.source.unreadable else self.source.faults_of(place)
        return self._known_faults[place]

    def _number_places(self) -> set[int]:
        names = [name for name in self.mapping.mapped if COLUMNS[name].is_number]
        return {self.source.headers.index(header) for name in names for header in self.mapping.headers_of(name)}

    def _is_decimal(self, place: int) -> bool:
        """Whether every number below this header that is not empty has decimals, and there is one: they are then no part of it."""
        filled, writing = False, CellWriting(True)
        for start in range(0, len(self.source), _AT_ONCE):
            rows = np.arange(start, min(start + _AT_ONCE, len(self.source)))
            for given in self.source.at(place, rows).unique().to_pylist():
                text = writing.understood(given[:SHOWN])
                if text and not without_decimals(text):
                    return False
                filled = filled or bool(text)
        return filled


def _one(given: str, writing: CellWriting | None, longest: int, parse: Callable[[str], Any]) -> tuple[str, Any, bool]:
    """A text as it is understood, its value, and whether it has to be looked at closely."""
    long = writing is not None and len(given) > longest
    text = writing.understood(given[:SHOWN] if long else given) if writing else given
    value = parse(text) if text else None
    wrong = long or type(value) is Why
    return text, None if wrong else value, wrong


def _first_doubt(name: str, words: _Words, places: npt.NDArray[np.int32], rows: Places, wrong: Flags) -> tuple[int, Why] | None:
    doubted = np.flatnonzero(np.isin(places, list(words.doubts)) & ~wrong) if words.doubts else np.array([], np.int64)
    if not len(doubted):
        return None
    first = int(doubted[0])
    return int(rows[first]), RowFinding.IN_COLUMN(title=title(name), fault=words.doubts[int(places[first])])
