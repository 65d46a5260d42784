"""The rows of a file as values in our columns, with what could not be read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.domain.errors import Refused
from core.domain.reasons import Names, Why, sentences
from core.domain.shop_numbers import as_text, plain_number, without_decimals
from core.files.read import Source
from core.services.importing.cells import CellReader, clean
from core.services.importing.columns import COLUMNS, title
from core.services.importing.mapping import ColumnMapping, blank_key, named
from core.services.importing.reasons import CellFault, RowFinding, TableFault

MOST_WRONG = 50_000
"""Cells of a file that are told one by one: more of them are one fault of the whole file, and would fill the memory."""

_SAMPLE = 2000
_PIECE = 50_000
SHOWN = 200
"""Characters that are looked at of a text which is too long."""
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one row: the number a person sees, our column ("" for the whole row) and the reasons."""

    row: int
    field: str
    whys: tuple[Why, ...]

    @property
    def reason(self) -> str:
        """Its reasons in words."""
        return sentences(self.whys)

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in a list of findings."""
        return self.row, self.field

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "field": self.field, "reason": self.reason}


@dataclass(frozen=True)
class Cells:
    """One of our columns over all rows: the texts that were read, their values, None for an empty cell, and by place what is
    wrong or was assumed."""

    texts: Sequence[str]
    values: Sequence[Any]
    problems: Mapping[int, Why | str] = field(default_factory=dict)
    assumed: Mapping[int, Why] = field(default_factory=dict)
    stand_ins: Sequence[Any] = ()


@dataclass(frozen=True)
class CellWriting:
    """How the cells of a column are written: whether they are numbers that name something, which words mean an empty cell, and
    whether all numbers have decimals that are no part of them."""

    is_number: bool
    blank: frozenset[str] = frozenset()
    decimals: bool = False

    def understood(self, text: str) -> str:
        """The text cleaned, "" where it means an empty cell; of a number without what Excel puts around it."""
        text = text.strip() if text.isascii() and text.isprintable() else clean(text)
        text = as_text(text) if text[:1] in "=＝" else text
        text = plain_number(text) if self.is_number else text
        text = without_decimals(text) if self.decimals else text
        return "" if self.blank and blank_key(text) in self.blank else text


@dataclass(frozen=True)
class _Texts:
    """The cleaned texts of one of our columns, and by place the faults of the cells they came from."""

    texts: Sequence[str]
    faults: Mapping[int, Why | str]


def require_usable(source: Source, mapping: ColumnMapping) -> None:
    """Raises Refused when the mapping does not fit the file, or the file has no rows or a header twice."""
    if mapping.missing:
        raise Refused(TableFault.NO_COLUMN_FOR(names=named(mapping.missing)))
    wanted = dict.fromkeys(header for name in mapping.mapped for header in mapping.headers_of(name))
    absent = [header for header in wanted if header not in source.headers]
    if absent:
        headers = [header for header in source.headers if header]
        form = "all" if len(headers) <= _MOST_NAMED else "some"
        raise Refused(TableFault.ABSENT(form, absent=_quoted(absent), headers=_quoted(headers[:_MOST_NAMED])))
    double = [header for header in wanted if source.headers.count(header) > 1]
    if double:
        raise Refused(TableFault.DOUBLE(names=_quoted(double)))
    if not len(source):
        raise Refused(TableFault.NO_ROWS())


class TooManyWrong(Exception):
    """More cells are wrong than are told; `name` is the column of the last one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def read_columns(
    source: Source, mapping: ColumnMapping, reader: CellReader, decimals: frozenset[int], most: int
) -> Iterator[tuple[str, Cells]]:
    """Each of our columns that the mapping fills, one by one so that progress can be shown.

    The numbers below the headers at `decimals` all have decimals. Raises TooManyWrong when more than `most` cells are wrong.
    """
    wrong = 0
    for name in mapping.mapped:
        cells = _read_column(_Reading(source, mapping, decimals, name), reader, most - wrong)
        wrong += 0 if name in mapping.lenient else len(cells.problems)
        yield name, cells


@dataclass(frozen=True)
class _Reading:
    """The column of ours that is read of a file."""

    source: Source
    mapping: ColumnMapping
    decimals: frozenset[int]
    name: str

    def writing(self, place: int) -> CellWriting:
        number = COLUMNS[self.name].is_number
        return CellWriting(number, self.mapping.blank, number and place in self.decimals)


def read_column(source: Source, mapping: ColumnMapping, reader: CellReader, decimals: frozenset[int], name: str) -> Cells:
    """One of our columns, however many of its cells are wrong."""
    return _read_column(_Reading(source, mapping, decimals, name), reader, len(source))


def _read_column(reading: _Reading, reader: CellReader, most: int) -> Cells:
    source, mapping, name = reading.source, reading.mapping, reading.name
    first = _first_filled(reading, mapping.columns.get(name, ()), mapping.defaults.get(name, ""))
    parse = reader.parser(name)
    if name in mapping.lenient:
        most = len(source)
    values, problems = _parsed(first, parse, most)
    if len(problems) > most:
        raise TooManyWrong(name)
    if name not in mapping.assumed:
        return Cells(first.texts, values, problems)
    assumed = _first_filled(reading, mapping.assumed[name])
    stand_ins, _ = _parsed(assumed, parse, len(source))
    used = {at: stand_ins[at] for at, value in enumerate(values) if value is None and stand_ins[at] is not None}
    if name not in mapping.lenient:
        used = {at: value for at, value in used.items() if at not in problems}
    reason = RowFinding.STANDS_IN(title=title(name), header=mapping.assumed[name][0])
    filled = [used.get(at, value) for at, value in enumerate(values)]
    texts = [f"{text}\x1e{other}" for text, other in zip(first.texts, assumed.texts, strict=True)]
    return Cells(texts, filled, problems, dict.fromkeys(used, reason), stand_ins)


def too_many_wrong(name: str, row: int, fault: Why | str) -> Why:
    """Why a file is refused of which too many cells are wrong, with the first one of a column."""
    return TableFault.TOO_MANY_WRONG(most=MOST_WRONG, title=title(name), row=row, fault=str(fault))


def _parsed(cells: _Texts, parse: Callable[[str], Any], most: int) -> tuple[list[Any], dict[int, Why | str]]:
    """The values, and by place why there is none. With more reasons than `most` it stops: the rest is not looked at."""
    if _mostly_distinct(cells.texts):
        values = _each_parsed(cells.texts, parse, most)
    else:
        known = {text: parse(text) for text in set(cells.texts) if text}
        values = list(map(known.get, cells.texts))
    found = {at: value for at, value in enumerate(values) if type(value) is Why}
    problems: dict[int, Why | str] = {**found, **cells.faults}
    for at in problems:
        values[at] = None
    return values, problems


def _each_parsed(texts: Sequence[str], parse: Callable[[str], Any], most: int) -> list[Any]:
    values: list[Any] = []
    for start in range(0, len(texts), _PIECE):
        values += [parse(text) if text else None for text in texts[start : start + _PIECE]]
        most -= sum(type(value) is Why for value in values[start:])
        if most < 0:
            return values + [None] * (len(texts) - len(values))
    return values


def _mostly_distinct(texts: Sequence[str]) -> bool:
    """Whether parsing each text once per row costs less than finding the distinct ones first."""
    sample = texts[:_SAMPLE]
    return len(set(sample)) > 0.7 * _SAMPLE


def _first_filled(reading: _Reading, headers: Sequence[str], default: str = "") -> _Texts:
    source, longest = reading.source, COLUMNS[reading.name].longest
    texts: list[str] = []
    faults: dict[int, Why | str] = {}
    for header in headers:
        place = source.headers.index(header)
        kept, long = _within(source.columns[place], 2 * longest)
        writing = reading.writing(place)
        known = {text: writing.understood(text) for text in set(kept)}
        column = [known[text] for text in kept]
        used: dict[int, Why | str] = {**_faults_of(source, place, column, texts)}
        used |= {
            at: CellFault.TOO_LONG(count=count, longest=longest) for at, count in long.items() if not (texts and texts[at])
        }
        texts = [text or other for text, other in zip(texts, column, strict=True)] if texts else column
        faults |= used
    texts = texts or [""] * len(source)
    return _Texts([text or default for text in texts] if default else texts, faults)


def _within(texts: Iterable[str], most: int) -> tuple[list[str], dict[int, int]]:
    """The texts, no value of ours being longer than that, and by place how long a longer one was."""
    long: dict[int, int] = {}
    kept = []
    for at, text in enumerate(texts):
        if len(text) > most:
            long[at] = len(text)
            text = text[:SHOWN]
        kept.append(text)
    return kept, long


def _faults_of(source: Source, place: int, column: Sequence[str], before: Sequence[str]) -> dict[int, str]:
    """The faults of a column's cells, by the place of the row, unless it means empty or an earlier column is filled."""
    return {
        at: fault
        for at, fault in source.faults_of(place).items()
        if not (before and before[at]) and (column[at] or not source.columns[place][at])
    }


def _quoted(names: Sequence[str]) -> Names:
    return Names(f'"{name}"' for name in names)
