"""The rows of a file as values in our columns, with what could not be read."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any

from core.domain.errors import Refused
from core.files.read import Source
from core.services.importing.cells import CellReader, Problem, clean
from core.services.importing.columns import title
from core.services.importing.mapping import Mapping, blank_key, named

_SAMPLE = 2000


@dataclass(frozen=True, order=True)
class Finding:
    """What was found in one row: the number a person sees, our column ("" for the whole row) and a sentence."""

    row: int
    field: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "field": self.field, "reason": self.reason}


@dataclass(frozen=True)
class Cells:
    """One of our columns over all rows: the texts that were read, their values, None for an empty cell, and by place what is
    wrong or was assumed. `doubts` has a doubt about the whole column, by the first place that raises it."""

    texts: Sequence[str]
    values: Sequence[Any]
    problems: Table[int, str] = field(default_factory=dict)
    assumed: Table[int, str] = field(default_factory=dict)
    stand_ins: Sequence[Any] = ()
    doubts: Table[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Texts:
    """The cleaned texts of one of our columns, and by place the faults of the cells they came from."""

    texts: Sequence[str]
    faults: Table[int, str]


def require_usable(source: Source, mapping: Mapping) -> None:
    """Raises Refused when the mapping does not fit the file, or the file has no rows or a header twice."""
    if mapping.missing:
        raise Refused(
            f"There is no column for {named(mapping.missing)}. "
            "Name the column like ours (data/README.md), or say in the mapping which one it is."
        )
    wanted = dict.fromkeys(header for name in mapping.mapped for header in mapping.headers_of(name))
    absent = [header for header in wanted if header not in source.headers]
    if absent:
        raise Refused(f"The file has no column {_listed(absent)}. Its columns are {_listed(filter(None, source.headers))}.")
    double = [header for header in wanted if source.headers.count(header) > 1]
    if double:
        raise Refused(f"The file has the column {_listed(double)} twice. Delete or rename one of them.")
    if not len(source):
        raise Refused("The file has no rows below its header. Choose another file.")


def read_columns(source: Source, mapping: Mapping, reader: CellReader) -> Iterator[tuple[str, Cells]]:
    """Each of our columns that the mapping fills, one by one so that progress can be shown."""
    for name in mapping.mapped:
        yield name, _read_column(source, mapping, reader, name)


def _read_column(source: Source, mapping: Mapping, reader: CellReader, name: str) -> Cells:
    first = _first_filled(source, mapping, mapping.columns.get(name, ()), mapping.defaults.get(name, ""))
    parse = reader.parser(name)
    values, problems = _parsed(first, parse)
    doubter = reader.doubter(name)
    doubts = _first_doubt(name, first.texts, values, doubter) if doubter else {}
    if name not in mapping.assumed:
        return Cells(first.texts, values, problems, doubts=doubts)
    assumed = _first_filled(source, mapping, mapping.assumed[name], "")
    stand_ins, _ = _parsed(assumed, parse)
    used = {at: stand_ins[at] for at, value in enumerate(values) if value is None and stand_ins[at] is not None}
    if name not in mapping.lenient:
        used = {at: value for at, value in used.items() if at not in problems}
    reason = f'{title(name)}: the cell is empty; "{mapping.assumed[name][0]}" stands in.'
    filled = [used.get(at, value) for at, value in enumerate(values)]
    texts = [f"{text}\x1e{other}" for text, other in zip(first.texts, assumed.texts, strict=True)]
    return Cells(texts, filled, problems, dict.fromkeys(used, reason), stand_ins, doubts)


def _first_doubt(name: str, texts: Sequence[str], values: Sequence[Any], doubter: Callable[[str], str]) -> dict[int, str]:
    doubts = {text: doubt for text in set(texts) if (doubt := doubter(text))}
    first = next((at for at, text in enumerate(texts) if text in doubts and values[at] is not None), None)
    return {} if first is None else {first: f"{title(name)}: {doubts[texts[first]]}"}


def _parsed(cells: _Texts, parse: Callable[[str], Any]) -> tuple[list[Any], dict[int, str]]:
    if _mostly_distinct(cells.texts):
        values = [parse(text) if text else None for text in cells.texts]
    else:
        known = {text: parse(text) for text in set(cells.texts) if text}
        values = list(map(known.get, cells.texts))
    problems = {at: value for at, value in enumerate(values) if type(value) is Problem} | dict(cells.faults)
    for at in problems:
        values[at] = None
    return values, problems


def _mostly_distinct(texts: Sequence[str]) -> bool:
    """Whether parsing each text once per row costs less than finding the distinct ones first."""
    sample = texts[:_SAMPLE]
    return len(set(sample)) > 0.7 * _SAMPLE


def _first_filled(source: Source, mapping: Mapping, headers: Sequence[str], default: str) -> _Texts:
    texts: list[str] = []
    faults: dict[int, str] = {}
    for header in headers:
        place = source.headers.index(header)
        column = _understood(source.columns[place], mapping.blank)
        used = _faults_of(source, place, column, texts)
        texts = [text or other for text, other in zip(texts, column, strict=True)] if texts else column
        faults |= used
    texts = texts or [""] * len(source)
    return _Texts([text or default for text in texts] if default else texts, faults)


def _faults_of(source: Source, place: int, column: Sequence[str], before: Sequence[str]) -> dict[int, str]:
    """The faults of a column's cells, by the place of the row, unless it means empty or an earlier column is filled."""
    return {
        at: fault
        for (at, column_place), fault in source.faults.items()
        if column_place == place and not (before and before[at]) and (column[at] or not source.columns[place][at])
    }


def _understood(column: Sequence[str], blank: frozenset[str]) -> list[str]:
    """The column's texts cleaned, and "" where one means an empty cell."""
    texts = [text.strip() if text.isascii() and text.isprintable() else clean(text) for text in column]
    if not blank:
        return texts
    empty = {text for text in set(texts) if blank_key(text) in blank}
    return ["" if text in empty else text for text in texts] if empty else texts


def _listed(names: Any) -> str:
    shown = [f'"{name}"' for name in names]
    return ", ".join(shown[:20]) + (" and more" if len(shown) > 20 else "")
