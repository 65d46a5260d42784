"""All shipments of a file, piece by piece: most are put together column by column, the others line by line, all by the same rules."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.errors import Refused
from core.domain.reasons import Why
from core.files.read import Source
from core.files.source import Places
from core.files.spool import Spool
from core.services.importing.cells import CellReader
from core.services.importing.columns import title
from core.services.importing.drafts import Draft, FilePart, Findings, Terms, draft
from core.services.importing.pieces import AT_ONCE, Groups, grouped
from core.services.importing.plain import Flags, Ints
from core.services.importing.reasons import Phase, RowFinding
from core.services.importing.rows import MOST_WRONG, Finding, TooManyWrong, read_column, require_usable, too_many_wrong
from core.services.importing.shaping import INDEX, Lines, PlainShipments, Shaped, digest_heads, of_drafts
from core.services.importing.words import Column, ColumnReader

Progress = Callable[[float, str], None]

_TRIED_FIRST = MOST_WRONG + 10_000
_GROUPED = 0.2
_SHARED = pa.schema([INDEX.field(name) for name in ("group", "place", "shipment_no", "canonical_no", "live")])


@dataclass(frozen=True)
class Drafted:
    """All of a file: the shipments that can be used (`INDEX`), how many it names, and what was found by row.

    Of those that were not known before, all values lie in the spool, in the order of their times.
    """

    index: pa.Table
    groups: Groups
    reader: ColumnReader
    terms: Terms
    refused: tuple[Finding, ...]
    left_empty: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def mapped(self) -> frozenset[str]:
        return frozenset(self.terms.mapping.mapped)

    @property
    def rows(self) -> int:
        return len(self.reader.source)

    @property
    def shipments(self) -> int:
        return self.groups.count

    @property
    def countries(self) -> dict[str, int]:
        """How many usable shipments go to each country."""
        counted = self.index["country"].value_counts()
        return dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))

    def drafts(self, groups: Ints) -> list[tuple[int, Draft]]:
        """These shipments one by one, in the order of the file, each with its number among all."""
        return [(int(self.groups.of_rows[place]), one) for one, place in self._again(groups)]

    def shaped(self, groups: Ints) -> Shaped:
        """These shipments with all their values."""
        return _shaped(self._again(groups), self.groups)

    def _again(self, groups: Ints) -> list[tuple[Draft, int]]:
        found = Findings(self.reader.source.rows)  # what is found of them is told already
        return _drafted(self.reader, self.terms, found, self.groups.rows_of(groups))

    def first(self, count: int) -> list[Draft]:
        """The first usable shipments of the file."""
        places = self.index["place"].to_numpy()
        first = np.argsort(places, kind="stable")[:count]
        return [one for _, one in self.drafts(self.index["group"].to_numpy()[first])]


@dataclass(frozen=True)
class Keeping:
    """Where the values of new shipments go, and the heads of the digests that are stored, in order."""

    spool: Spool
    heads: Ints

    def may_know(self, heads: Ints) -> Flags:
        """Whether a shipment with such a digest may be stored; another one is not."""
        places = np.searchsorted(self.heads, heads)
        found: Flags = np.append(self.heads, 0)[places] == heads
        return found & (places < len(self.heads))


def draft_file(source: Source, terms: Terms, keeping: Keeping | None = None, progress: Progress | None = None) -> Drafted:
    """The file's shipments. Raises Refused when the table cannot be trusted as a whole."""
    require_usable(source, terms.mapping)
    reader = ColumnReader(source, CellReader(terms.mapping, terms.zone, terms.rules))
    try:
        return _all_drafted(reader, terms, keeping, progress or (lambda done, word: None))
    except TooManyWrong as error:
        raise Refused(_first_wrong(reader, error.name)) from error


def _all_drafted(reader: ColumnReader, terms: Terms, keeping: Keeping | None, tell: Progress) -> Drafted:
    if len(reader.source) > _TRIED_FIRST:  # a file that is wrong throughout ends here
        _require_few_wrong(reader)
    first, then = str(Phase.READING(title=title("shipment_no"))), str(Phase.CHECKING())
    groups = grouped(reader, lambda share: tell(_GROUPED * share, first))
    drafting = _FileDrafting(reader, terms, groups, keeping)
    for turn, rows in enumerate(groups.pieces):
        for share in drafting.take(rows):
            tell(_GROUPED + (1 - _GROUPED) * (turn + share) / len(groups.pieces), then)
    return drafting.end()


class _FileDrafting:
    """Collects the shipments of a file and what is found of it."""

    def __init__(self, reader: ColumnReader, terms: Terms, groups: Groups, keeping: Keeping | None) -> None:
        self._reader, self._terms, self._groups, self._keeping = reader, terms, groups, keeping
        self._found = Findings(reader.source.rows)
        self._indexes: list[pa.Table] = [pa.table([[] for _ in INDEX], schema=INDEX)]
        self._doubts: dict[str, tuple[int, Why]] = {}

    def take(self, rows: Places) -> Iterator[float]:
        """Takes the shipments of these rows, and says how far it is, from 0 to 1."""
        columns: dict[str, Column] = {}
        for turn, name in enumerate(self._terms.mapping.mapped):
            columns[name] = self._reader.read(name, rows)
            yield 0.5 * turn / len(self._terms.mapping.mapped)
        self._note_doubts(columns)
        of_rows = self._groups.of_rows[rows]
        plain = PlainShipments(Lines(rows, of_rows, self._reader.broken(rows)), columns, self._terms)
        index = plain.index()
        yield 0.7
        by_line = self._by_line(rows[np.isin(of_rows, plain.groups[plain.odd])])
        self._indexes += [index, by_line.shipments.select(INDEX.names)]
        if self._keeping:
            fresh = ~self._keeping.may_know(digest_heads(index["digest"].combine_chunks()))
            _keep(self._keeping.spool, [plain.shaped(index.filter(pa.array(fresh))), by_line])
        self._reader.source.let_go()
        yield 1

    def _by_line(self, rows: Places) -> Shaped:
        return _shaped(_drafted(self._reader, self._terms, self._found, rows), self._groups)

    def end(self) -> Drafted:
        """All of it, after shipments that share a number were looked at."""
        for name, (place, why) in self._doubts.items():
            self._found.warn(place, name, why)
        index = pa.concat_tables(self._indexes)
        shared = set(self._refuse_shared(index))
        if shared:
            index = index.filter(pc.invert(pc.is_in(index["group"], pa.array(list(shared), pa.int64()))))
        found = self._found
        return Drafted(
            index,
            self._groups,
            self._reader,
            self._terms,
            found.all_refused(),
            tuple(sorted(found.left_empty, key=attrgetter("place"))),
            tuple(sorted(found.warnings, key=attrgetter("place"))),
        )

    def _note_doubts(self, columns: dict[str, Column]) -> None:
        for name, column in columns.items():
            if column.doubt and (name not in self._doubts or column.doubt[0] < self._doubts[name][0]):
                self._doubts[name] = column.doubt

    def _refuse_shared(self, index: pa.Table) -> Iterator[int]:
        """Reports the shipments whose invoice number is on another one of the file, and gives those that are refused for it."""
        counted = index["canonical_no"].value_counts()
        several = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
        shared = index.filter(pc.and_(pc.is_in(index["canonical_no"], several), pc.not_equal(index["canonical_no"], "")))
        holders: dict[str, list[_Holder]] = defaultdict(list)
        for row in sorted(shared.select(_SHARED.names).to_pylist(), key=itemgetter("place")):
            holders[row["canonical_no"]].append(_Holder(row["group"], row["place"], row["shipment_no"], row["live"]))
        elsewhere = self._terms.put_elsewhere([one.shipment_no for sharing in holders.values() for one in sharing])
        for number, sharing in holders.items():
            if len({elsewhere.get(one.shipment_no, one.shipment_no) for one in sharing}) > 1:
                yield from self._report_shared(number, sharing)

    def _report_shared(self, number: str, sharing: "Sequence[_Holder]") -> Iterator[int]:
        under_way = any(one.live for one in sharing)
        for one in sharing:
            other = next(another for another in sharing if another is not one)
            form, row = "under_way" if under_way else "delivered", self._found.numbers[other.place]
            why = RowFinding.SHARED_NUMBER(form, number=number, other=other.shipment_no, row=row)
            if not under_way:
                self._found.warn(one.place, "invoice_no", why)
                continue
            for place in self._groups.rows_of(np.array([one.group])).tolist():
                self._found.refuse(place, "invoice_no", why)
            yield one.group


@dataclass(frozen=True)
class _Holder:
    group: int
    place: int
    shipment_no: str
    live: bool


def _drafted(reader: ColumnReader, terms: Terms, found: Findings, rows: Places) -> list[tuple[Draft, int]]:
    """The shipments of these rows line by line."""
    return draft(FilePart(reader.part(rows), rows.tolist(), reader.decimals, found), terms) if len(rows) else []


def _shaped(drafted: Sequence[tuple[Draft, int]], groups: Groups) -> Shaped:
    places = [place for _, place in drafted]
    return of_drafts([one for one, _ in drafted], groups.of_rows[np.array(places, np.int64)].tolist(), places)


def _keep(spool: Spool, parts: Sequence[Shaped]) -> None:
    """Keeps these shipments in the order of their times."""
    shipments = pa.concat_tables([part.shipments for part in parts])
    if shipments.num_rows:
        in_order = shipments.sort_by([("ordered_at", "ascending"), ("place", "ascending")])
        spool.add(in_order, pa.concat_tables([part.items for part in parts]))


def _require_few_wrong(reader: ColumnReader) -> None:
    """Raises TooManyWrong when too many cells of the first rows are wrong."""
    wrong = 0
    for start in range(0, _TRIED_FIRST, AT_ONCE):
        rows = np.arange(start, min(start + AT_ONCE, _TRIED_FIRST))
        for name in reader.mapping.mapped:
            wrong += 0 if name in reader.mapping.lenient else len(_problems(reader, name, rows))
            if wrong > MOST_WRONG:
                raise TooManyWrong(name)
        reader.source.let_go()


def _first_wrong(reader: ColumnReader, name: str) -> Why:
    """Why a file is refused, with the first wrong cell of the column."""
    for start in range(0, len(reader.source), AT_ONCE):
        rows = np.arange(start, min(start + AT_ONCE, len(reader.source)))
        if problems := _problems(reader, name, rows):
            row = min(problems)
            return too_many_wrong(name, row, problems[row])
    raise AssertionError(name)


def _problems(reader: ColumnReader, name: str, rows: Places) -> dict[int, Why | str]:
    """What is wrong with the column in these rows, by the row as a person counts it."""
    wrong = rows[reader.read(name, rows).wrong]
    if not len(wrong):
        return {}
    part = reader.part(wrong)
    problems = read_column(part, reader.mapping, reader.cells, reader.decimals, name).problems
    return {part.rows[at]: problem for at, problem in problems.items()}
