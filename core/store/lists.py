"""The list of shipments: tab counts, pages of rows, searched numbers, and all rows of a selection."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.dimensions import Behind
from core.domain.figures import Figure
from core.domain.personal import MASK, PERSONAL_FIELDS, WORDS, masked
from core.domain.search import Search, SearchKey, parted, runs
from core.domain.selection import DIMENSIONS, Counts, Selection, several
from core.domain.shipment import DETAIL_OF, DETAILS_OF, STATUSES_OF, Status, Tab, detail_of
from core.domain.shop_numbers import search_form
from core.domain.sorting import Order, Sort
from core.domain.values import once
from core.domain.wrappings import meant
from core.store import recipients, searching, selection
from core.store.database import Reader, Row, Snapshot, Store
from core.store.facts import Facts, Population, facts_of
from core.store.figure_rules import RULES
from core.store.searching import LastOnes
from core.store.selection import FLAG, NO_CONDITIONS, Conditions


@dataclass(frozen=True)
class Listing:
    """The shipments of a selection at one moment of the store; `hits` are the ids found under each searched value.

    `within` is asked of the shipments of every tab and detail, `shown` beside it of those that the selection shows. `facts` is what
    the shipments behind a figure are taken from. Without `personal` the rows say nothing of who receives them.
    """

    reader: Snapshot
    wanted: Selection
    hits: Mapping[str, Sequence[int]]
    within: Conditions
    shown: Conditions
    personal: bool
    facts: str = ""

    def counts(self) -> Counts:
        """How many shipments the tabs hold, and the details of the open one."""
        found: Counter[tuple[Status, str]] = Counter()
        if self._only is not None:
            found.update((Status(row["status"]), row["word"]) if row["word"] else _of_status(row) for row in self._only)
            return self.wanted.counts(found)
        for row in self.reader.rows(*self._query("status, count(*) AS n", "GROUP BY status", self.within)):
            found[_of_status(row)] += row["n"]
        for row in self._words():
            found[_of_status(row)] -= row["n"]
            found[Status(row["status"]), row["word"]] += row["n"]
        return self.wanted.counts(found)

    def page(self, order: Order, limit: int, offset: int) -> list[Row]:
        """The rows of one page: the columns of `LIST_COLUMNS` and `flag`; times UTC."""
        if self._only is not None:
            return [{name: row[name] for name in row if name != _SHOWN} for row in self._only if row[_SHOWN]][offset:][:limit]
        tail = f"ORDER BY {_by(order, self.wanted.tab)} LIMIT {int(limit)} OFFSET {int(offset)}"
        reader = self._finder(order, offset)
        by_day = reader is self.reader and order.sort is Sort.ORDERED and not self.facts and not self._picked
        ids = self._ids_by_day(order, tail, limit) if by_day else self._ids(reader, tail)
        return _rows(reader, ids, self.within.values, self.personal)

    @once
    def _only(self) -> list[Row] | None:
        """The row of the only shipment that was searched, if it is within, and whether it is shown: one question for its counts and its
        page. None where another number of shipments may be.
        """
        if self.facts or not self._picked or len(numbers(self.hits)) != 1:
            return None
        shown = " AND ".join(self.shown.texts) or "true"
        sql = f"SELECT {_columns(self.personal)}, {shown} AS {_SHOWN} FROM shipment {self.within.where}"
        return self.reader.rows(sql, selection.used(sql, (self.within + self.shown).values))

    @property
    def _picked(self) -> bool:
        """Whether what was searched is known by its ids, which are gone straight to: to look at some days first is of no use then."""
        return bool(self.hits) and all(isinstance(ids, list) for ids in self.hits.values())

    def ids(self) -> set[int]:
        """The ids of all its shipments."""
        return set(self._ids(self.reader))

    def table(self, order: Order) -> pa.Table:
        """All its rows in order, as an Arrow table with the columns of a page."""
        return self.reader.read(*self._query(_columns(self.personal), f"ORDER BY {_by(order)}", self.within + self.shown))

    def _words(self) -> list[Row]:
        """`n` by status and word, where a count depends on words: where a detail is chosen, and of the open tab's own words."""
        words = set(DETAILS_OF[self.wanted.tab]) - set(DETAIL_OF.values())
        if self.wanted["detail"]:
            asked = self.within + Conditions(("word IS NOT NULL",))
        elif words:
            asked = self.within + self.shown + selection.among("words", "word", sorted(words))
        else:
            return []
        return self.reader.rows(*self._query("status, word, count(*) AS n", "GROUP BY status, word", asked))

    def _finder(self, order: Order, offset: int) -> Reader:
        """Who finds a page: where facts are elsewhere, they have an index by it, of use where many shipments fit and it is not deep."""
        wide = not self.facts and _WIDE.issuperset(name for name, _ in self.wanted.said)
        return self.reader.facts if wide and order.sort in _INDEXED and offset <= DEEP else self.reader

    def _ids_by_day(self, order: Order, tail: str, limit: int) -> list[int]:
        """The same as `_ids` of a page by order date, looked for among the outermost days first: others need not be read."""
        ends = self.reader.rows("SELECT min(ordered_at) AS first, max(ordered_at) AS last FROM shipment")[0]
        for days in _OUTERMOST if ends["first"] else ():
            found = self._ids(
                self.reader, tail, selection.outermost("ordered_at", ends, timedelta(days=days), order.descending)
            )
            if len(found) == limit:
                return found
        return self._ids(self.reader, tail)

    def _ids(self, reader: Reader, tail: str = "", among: Conditions = NO_CONDITIONS) -> list[int]:
        rows = reader.rows(*self._query("shipment_id", tail, self.within + self.shown + among))
        return [row["shipment_id"] for row in rows]

    def _query(self, columns: str, tail: str, conditions: Conditions) -> tuple[str, dict[str, Any]]:
        source = "facts" if self.facts else "shipment"
        sql = f"{self.facts} SELECT {columns} FROM {source} {conditions.where} {tail}"
        return sql, selection.used(sql, conditions.values)


@contextmanager
def listing(store: Store, wanted: Selection, *, zone: ZoneInfo, now: datetime, personal: bool) -> Iterator[Listing]:
    """The shipments of the selection, whose days are days in `zone`, at one moment of the store. Keep the block short."""
    with store.figures.one_moment() as view:
        hits = searched(view.facts, wanted.search) if wanted.search.values else {}
        shown = selection.conditions(wanted, zone=zone, now=now, only=_WITHIN_TAB)
        if wanted.behind is None:
            within = selection.BY_ITSELF
            within += selection.conditions(wanted, zone=zone, now=now, only=DIMENSIONS.keys() - set(_WITHIN_TAB))
            yield Listing(view, wanted, hits, within + _with(hits, view) if wanted.search.values else within, shown, personal)
            return
        ids = numbers(hits) if wanted.search.values else None
        facts, rule = _behind(view, wanted, wanted.behind, ids, zone, now)
        yield Listing(view, wanted, hits, rule, shown, personal, f"WITH {facts.text}")


def totals(store: Store, wanted: Sequence[Selection], *, zone: ZoneInfo, now: datetime) -> list[int]:
    """How many shipments each of the selections lists, what is searched left aside: all in one query but those behind a figure."""
    plain = {place: one for place, one in enumerate(wanted) if one.behind is None}
    with store.figures.one_moment() as view:
        found = _totals(view, plain, zone, now)
    for place, one in enumerate(wanted):
        if place not in plain:
            with listing(store, one.but(search=Search()), zone=zone, now=now, personal=False) as behind:
                found[place] = behind.counts().tabs[one.tab]
    return [found[place] for place in range(len(wanted))]


def _totals(view: Reader, wanted: Mapping[int, Selection], zone: ZoneInfo, now: datetime) -> dict[int, int]:
    if not wanted:
        return {}
    asked = {place: selection.conditions(one, zone=zone, now=now).named(f"of_{place}_") for place, one in wanted.items()}
    counts = ", ".join(f"count(*) {_filter(one)} AS n_{place}" for place, one in asked.items())
    sql = f"SELECT {counts} FROM shipment"
    values = {name: value for one in asked.values() for name, value in one.values.items()}
    [row] = view.rows(sql, selection.used(sql, values))
    return {place: int(row[f"n_{place}"]) for place in wanted}


def _filter(conditions: Conditions) -> str:
    return f"FILTER ({conditions.where})" if conditions.texts else ""


def _with(hits: Mapping[str, Sequence[int]], reader: Reader) -> Conditions:
    return searching.conditions(hits.values(), reader) or selection.ids(numbers(hits))


def rows_of(store: Reader, ids: Sequence[int], *, zone: ZoneInfo, now: datetime, personal: bool) -> list[Row]:
    """The rows of these shipments in this order: the columns of `LIST_COLUMNS` and `flag`; times UTC."""
    return _rows(store, ids, selection.moment(zone, now), personal)


def row_of(stored: Row, *, personal: bool) -> Row:
    """The same row of a shipment that was read whole, with its `flag`."""
    row = {name: stored[name] for name in (*LIST_COLUMNS, "flag")}
    hidden = {name: masked(row[name]) for name in PERSONAL_FIELDS if name in row} | dict.fromkeys(set(WORDS) & row.keys())
    return row if personal else row | hidden


def table_of(store: Reader, ids: Sequence[int], order: Order, *, zone: ZoneInfo, now: datetime, personal: bool) -> pa.Table:
    """The rows of these shipments in `order`, as an Arrow table with the same columns."""
    chosen = selection.BY_ITSELF + selection.ids(ids)
    sql = f"SELECT {_columns(personal)} FROM shipment {chosen.where} ORDER BY {_by(order)}"
    return store.read(sql, {**chosen.values, **selection.moment(zone, now)})


def numbers(hits: Mapping[str, Sequence[int]]) -> list[int]:
    """The ids under all searched values, each once."""
    return list(dict.fromkeys(number for found in hits.values() for number in found))


def cut_short(hits: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """By value how many shipments were found, where it has more than are found; 0 where it was not looked for in all ways."""
    return {value: len(ids) for value, ids in hits.items() if isinstance(ids, LastOnes)}


def searched(store: Reader, wanted: Search) -> dict[str, Sequence[int]]:
    """The shipment ids under each value. One with blanks that is not found whole stands for the numbers or names in it."""
    hits = found(store, wanted)
    lines = [value for value, ids in hits.items() if not ids and " " in value]
    within = _in_parts(store, wanted, lines) if lines else {}
    return {part: ids for value in hits for part, ids in within.get(value, {value: hits[value]}).items()}


def _in_parts(store: Reader, wanted: Search, lines: Sequence[str]) -> dict[str, dict[str, Sequence[int]]]:
    """By line the ids under its parts, where one is a whole number or each begins some; other lines are missing."""
    known = _exactly(store, wanted.key, [run for line in lines for run in runs(line)])
    parts = {line: parted(line, known) for line in lines}
    hits = found(store, replace(wanted, values=tuple(part for of_line in parts.values() for part in of_line)))
    of_parts = {line: {part: hits[part] for part in of_line} for line, of_line in parts.items()}
    return {line: of_line for line, of_line in of_parts.items() if of_line.keys() & known or all(of_line.values())}


def _exactly(store: Reader, key: SearchKey, texts: Sequence[str]) -> set[str]:
    """Those of the texts that are a whole number or name."""
    if key is SearchKey.RECIPIENT:
        return set(recipients.called_exactly(store, texts))
    hits = _hits(store, searching.exactly, key, {text: [search_form(text)] for text in texts})
    return {text for text, ids in hits.items() if ids}


def search(store: Reader, key: SearchKey, texts: Sequence[str]) -> dict[str, Sequence[int]]:
    """The shipment ids under each text: those with exactly this value, or, without one, those that begin with it.

    Recipients are found by a part of the name too.
    """
    return found(store, Search(key, tuple(texts)))


def found(store: Reader, wanted: Search) -> dict[str, Sequence[int]]:
    """The shipment ids under each value of the search, as in `search`; an invoice number is known by any of its spellings."""
    if wanted.key is SearchKey.RECIPIENT:
        return dict(recipients.found(store, wanted.values))
    typed = {text: [search_form(text)] for text in wanted.values}
    exact = _hits(store, searching.exactly, wanted.key, typed)
    missing = [text for text in typed if not exact[text]]
    spelled = {text: [form] if (form := search_form(meant(text))) not in ("", *typed[text]) else [] for text in missing}
    if wanted.key is SearchKey.INVOICE_NO:
        spelled = {text: [*forms, *wanted.spellings(text)] for text, forms in spelled.items()}
    exact |= _hits(store, searching.exactly, wanted.key, spelled)
    left = {text: list(dict.fromkeys([*typed[text], *spelled[text]])) for text in missing if not exact[text]}
    return exact | _hits(store, searching.begun, wanted.key, left)


def whereabouts(store: Reader, ids: Sequence[int]) -> dict[int, Row]:
    """Where shipments are that go out by themselves, by id: shipment_no, status, destination."""
    rows = store.rows(_WHEREABOUTS, {"ids": list(ids)})
    return {row["shipment_id"]: row for row in rows}


def choices(store: Reader) -> dict[str, list[str]]:
    """What filters offer: the values in use of every dimension without values of its own, each sorted."""
    rows = store.rows(_CHOICES)
    return {name: sorted(row[name] for row in rows if row[name]) for name in _IN_USE}


def is_empty(store: Reader) -> bool:
    """Whether there is none."""
    return not store.rows("SELECT 1 AS n FROM shipment LIMIT 1")


_Look = Callable[[Reader, SearchKey, Sequence[str]], searching.Found]


def _hits(store: Reader, look: _Look, key: SearchKey, forms: Mapping[str, Sequence[str]]) -> dict[str, Sequence[int]]:
    """The ids under each text, which stands for these forms."""
    wanted = list({form for some in forms.values() for form in some})
    ids = look(store, key, wanted) if wanted else {}
    found = {text: [ids[form] for form in some if form in ids] for text, some in forms.items()}
    return {text: some[0] if len(some) == 1 else searching.joined(some) for text, some in found.items()}


def _behind(
    view: Snapshot, wanted: Selection, behind: Behind, ids: Sequence[int] | None, zone: ZoneInfo, now: datetime
) -> tuple[Facts, Conditions]:
    """The facts of the selection's shipments of every tab and detail, and which of them are behind the figure."""
    period = None if behind.figure is Figure.BACKLOG else behind.period
    population = Population(zone, now, wanted.but(detail=()), period, ids=None if ids is None else tuple(ids))
    rule = RULES[behind.figure].of(behind.part)
    facts = facts_of(population, rule)
    return facts, Conditions((rule,), facts.values)


def _rows(store: Reader, ids: Sequence[int], moment: Mapping[str, Any], personal: bool) -> list[Row]:
    if not ids:
        return []
    place = {number: position for position, number in enumerate(ids)}
    sql = _ROWS.format(columns=_columns(personal))
    rows = store.rows(sql, selection.used(sql, {**moment, "ids": list(ids)}))
    return sorted(rows, key=lambda row: place[row["shipment_id"]])


def _columns(personal: bool) -> str:
    """SQL for the columns of the list. What somebody may not see does not leave the database."""
    columns = LIST_COLUMNS if personal else [_HIDDEN.get(name, name) for name in LIST_COLUMNS]
    return f"{', '.join(columns)}, {FLAG} AS flag"


def _of_status(row: Row) -> tuple[Status, str]:
    """The status of a row, and the detail of those in it without a word."""
    status = Status(row["status"])
    return status, detail_of(status, None) or ""


def _by(order: Order, tab: Tab = Tab.ALL) -> str:
    # All of one status are equal in it, and to compare them nonetheless is most of the work.
    ordered = _WORD if order.sort is Sort.STATUS and tab is not Tab.ALL and len(STATUSES_OF[tab]) == 1 else _SORT[order.sort]
    return ordered.format(*(("DESC", "ASC") if order.descending else ("ASC", "DESC")))


_OUTERMOST = (2, 16, 128)
"""Among how many days the rows of a page are looked for, before all of them."""


_SHOWN = "is_shown"
_WITHIN_TAB = ("tab", "detail")
_WIDE = frozenset(("tab", "destination", "kind", "ordered"))
_INDEXED = frozenset((Sort.ORDERED, Sort.SHIPMENT_NO, Sort.ORDER_NO))
DEEP = 10_000
_STATUS_RANK = "CASE status " + " ".join(f"WHEN '{s}' THEN {n}" for n, s in enumerate(Status)) + " END"
_WORD = "word {0} NULLS LAST, shipment_id {0}"
_SORT = {
    Sort.SHIPMENT_NO: "shipment_no {0}",
    Sort.ORDER_NO: "order_no {0}, shipment_id {0}",
    Sort.ORDERED: "ordered_at {0}, shipment_id {0}",
    Sort.RECIPIENT: "recipient {0}, shipment_id {0}",
    Sort.DESTINATION: "country {0}, city {0}, shipment_id {0}",
    Sort.WAREHOUSE: "warehouse {0}, shipment_id {0}",
    Sort.CARRIER: "carrier {0} NULLS LAST, shipment_id {0}",
    Sort.INVOICE_NO: "invoice_no {0} NULLS LAST, shipment_id {0}",
    Sort.STATUS: _STATUS_RANK + " {0}, " + _WORD,
    # The longest in its status first when descending: the oldest moment.
    Sort.AGE: "status_since {1}, shipment_id {0}",
}

LIST_COLUMNS = (
    "shipment_id", "shipment_no", "request", "order_no", "ordered_at", "product", "items", "recipient", "city", "country",
    "warehouse", "policy", "option", "kind", "destination", "carrier", "invoice_no", "status", "word", "reason", "exception",
    "status_since", "promised_on", "ship_by", "last_scan_at", "delivered_at", "returning_at", "returned_at", "closed_at",
    "assigned_to", "version",
)  # fmt: skip

_HIDDEN = {name: f"CASE WHEN {name} <> '' THEN '{MASK}' ELSE '' END AS {name}" for name in PERSONAL_FIELDS} | {
    name: f"NULL::VARCHAR AS {name}" for name in WORDS
}
# By row and not by id: the rows would be fetched one by one through the index of the key, which costs several times as much.
_ROWS = """
SELECT {columns} FROM shipment
WHERE rowid IN (SELECT rowid FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])))
"""
_IN_USE = {one.name: selection.expression(one) for one in several() if one.values is None}
_CHOICES = f"""
SELECT {", ".join(f"{text} AS {name}" for name, text in _IN_USE.items())} FROM shipment WHERE joined_no IS NULL
GROUP BY GROUPING SETS ({", ".join(f"({text})" for text in _IN_USE.values())})
"""
_WHEREABOUTS = """
SELECT shipment_id, shipment_no, status, destination FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND joined_no IS NULL
"""
