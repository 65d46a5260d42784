"""The questions behind the figures: counts and hours by any dimension, and the shipments themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from core.domain.clock import Clock
from core.domain.dimensions import AnyOf, OneOf
from core.domain.figures import BACKLOG_HOURS, LANE, Figure, Part, Segment, TimeSplit
from core.domain.selection import DIMENSIONS
from core.store.database import Row, Store
from core.store.facts import DAYS_LATE, Population, ask, ask_flagged, ask_table, columns, facts_view
from core.store.figure_rules import HOUR_US, RIPENING, RULES, SEGMENTS, SPANS
from core.store.local_time import midnight
from core.store.looked import NEW, since
from core.store.selection import FLAG, FLAGGED_SINCE, WORK, never_null

__all__ = [
    "COUNTED", "RIPENING", "TIMED", "USUAL", "Population", "Spread", "ages", "backlog", "behind", "briefly", "costs", "count_behind", "counts",
    "facts_view", "flags", "hours", "open_promises", "past_promises", "promised", "put_aside", "rows_behind", "segment_norms", "segment_sums",
    "spreads",     "table_behind", "why",
]  # fmt: skip

COUNTED = tuple(figure for figure in RULES if figure is not Figure.BACKLOG)
TIMED = tuple(figure for figure in COUNTED if RULES[figure].span)
USUAL = (0.5, 0.9)
"""Within how long half of them are, and 9 of 10."""


@dataclass(frozen=True)
class Spread:
    """What is asked of hours: the quantiles of figures, or RIPENING, at some levels, by splits."""

    by: tuple[str, ...]
    only: tuple[str, ...]
    levels: tuple[float, ...] = USUAL


def counts(
    store: Store, population: Population, by: Sequence[Sequence[str]] = ((),), only: Iterable[Figure] = COUNTED
) -> list[Row]:
    """One row per group of each list of splits: `current` and the splits, those that are not of its list null.

    `cohort` is how many shipments the group has; for each figure `<figure>_n` of `<figure>_d` count. Groups without shipments are
    missing. Days and weeks are numbers: days since 1970, weeks by their Monday.
    """
    every = _every(by)
    names = [f"{figure}_{name}" for figure in only for name, _ in _COUNTS]
    parts = [f"count_if({RULES[figure].of(part)}) AS {figure}_{name}" for figure in only for name, part in _COUNTS]
    cells = f"SELECT {', '.join(['current', *_split(every), 'count(*) AS cohort', *parts])} FROM facts GROUP BY ALL"
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in ("cohort", *names))
    return ask(store, population, f"SELECT {', '.join(['current', *every, sums])} FROM ({cells}) {_grouped(by)}")


def hours(store: Store, population: Population, by: Sequence[Sequence[str]] = ((),), only: Iterable[str] = TIMED) -> list[Row]:
    """The rows of `spreads` for each list of splits, with the `USUAL` levels."""
    figures = tuple(only)
    return spreads(store, population, [Spread(tuple(names), figures) for names in by])


def spreads(store: Store, population: Population, asked: Sequence[Spread]) -> list[Row]:
    """One row per group of each question: `current` and the splits of all, those that are not its own null, and its `levels`.

    For each of its figures: `<figure>` are the quantiles in hours with open shipments at their age, null over nothing;
    `<figure>_of` over how many; `<figure>_open` the least age of an open one, in hours.
    """
    every, names = _every([one.by for one in asked]), _every([one.only for one in asked])
    spans = [f"CASE WHEN {SPANS[name].taken} THEN ({SPANS[name].span}) / {HOUR_US} END AS {name}" for name in names]
    waits = [f"NOT ({SPANS[name].counts}) AS {name}_waits" for name in names]
    inner = f"SELECT {', '.join(['current', *_split(every), *spans, *waits])} FROM facts"
    if len(asked) == 1:
        rows = ask(store, population, _quantiles(0, asked[0], f"({inner})"))
    else:
        # The spans are worked out once: that is most of the time, and the groups are made of them side by side.
        parts = " UNION ALL BY NAME ".join(_quantiles(place, one, "spans") for place, one in enumerate(asked))
        rows = ask(store, population, f"SELECT * FROM (WITH spans AS MATERIALIZED ({inner}) {parts})")
    return [_answered(row, asked[row["asked"]], every) for row in rows]


def _quantiles(place: int, asked: Spread, source: str) -> str:
    found = (
        f"quantile_cont({name}, {list(asked.levels)}) AS {name}, count({name}) AS {name}_of, min({name}) FILTER ({name}_waits) AS {name}_open"
        for name in asked.only
    )
    group = ", ".join(("current", *asked.by))
    return f"SELECT {place} AS asked, {group}, {', '.join(found)} FROM {source} GROUP BY {group}"


def _answered(row: Row, asked: Spread, every: Sequence[str]) -> Row:
    own = [name + kind for name in asked.only for kind in ("", "_of", "_open")]
    return {"current": row["current"], "levels": asked.levels} | {name: row.get(name) for name in (*every, *own)}


def ages(store: Store, population: Population, figure: Figure, width: float, most: int) -> list[Row]:
    """The histogram of a figure in hours: `current`, `bin` (from 0, `width` hours each, `most` for all longer), `finished`, `open`."""
    rule = RULES[figure]
    return ask(
        store,
        population,
        f"""
        SELECT current, greatest(least(floor(({rule.span}) / {HOUR_US} / $width), $most), 0)::INTEGER AS bin,
            count_if({rule.counts}) AS finished, count_if(NOT ({rule.counts})) AS open
        FROM facts WHERE {rule.taken} GROUP BY 1, 2 ORDER BY 1, 2
        """,
        width=width,
        most=most,
    )


def behind(
    store: Store, population: Population, figure: Figure, part: Part, limit: int | None = None, offset: int = 0
) -> list[int]:
    """The ids of the shipments, the newest of the cohort first."""
    page = "" if limit is None else f"LIMIT {int(limit)} OFFSET {int(offset)}"
    sql = f"SELECT shipment_id FROM facts WHERE {RULES[figure].of(part)} ORDER BY cohort_us DESC, shipment_id DESC {page}"
    return [row["shipment_id"] for row in ask(store, population, sql)]


def count_behind(store: Store, population: Population, figure: Figure, part: Part) -> int:
    """How many shipments `behind` has."""
    return int(ask(store, population, f"SELECT count(*) AS n FROM facts WHERE {RULES[figure].of(part)}")[0]["n"])


def rows_behind(store: Store, population: Population, figure: Figure, ids: Sequence[int]) -> list[Row]:
    """The shipments with these ids, in that order: the columns of `FACTS`, `shipment_id`, and `why` it is left out of the figure."""
    rows = ask(
        store, replace(population, ids=tuple(ids)), f"SELECT shipment_id, {RULES[figure].why} AS why, {columns()} FROM facts"
    )
    place = {shipment_id: position for position, shipment_id in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row["shipment_id"]])


def table_behind(store: Store, population: Population, figure: Figure, part: Part, norms: Sequence[Row] = ()) -> pa.Table:
    """All of them as an Arrow table, times UTC: the columns of `FACTS`, `invoice_no`, `why`, and those of `costs` by these norms."""
    rule = RULES[figure]
    sql = f"""
        SELECT {columns()}, invoice_no, {rule.why} AS why, {_COST} FROM {_costed()}
        WHERE {rule.of(part)} ORDER BY cohort_us DESC, shipment_id DESC
    """
    return ask_table(store, population, sql, **_norm_values(norms))


def costs(store: Store, population: Population, norms: Sequence[Row]) -> list[Row]:
    """For each shipment what its delay is made of: shipment_id, days_late, costliest_step, hours_beyond_norm.

    `norms` are rows of `segment_norms`. The step is the `Segment` that took longest beyond the norm of the shipment's lane, null
    where none did, where a time in between is not known, or where the lane has no norm.
    """
    sql = f"SELECT shipment_id, {DAYS_LATE} AS days_late, {_COST} FROM {_costed()}"
    return ask(store, population, sql, **_norm_values(norms))


def why(store: Store, population: Population, figure: Figure) -> dict[str, int]:
    """How many shipments are left out of a figure, by the reason, the commonest first."""
    rule = RULES[figure]
    sql = f"SELECT {rule.why} AS why, count(*) AS n FROM facts WHERE {rule.of(Part.EXCLUDED)} GROUP BY 1 ORDER BY n DESC, why"
    return {row["why"]: row["n"] for row in ask(store, population, sql)}


def backlog(store: Store, population: Population) -> list[Row]:
    """Open shipments by status, warehouse and `low`, the hours since the last change of state from `BACKLOG_HOURS`: `shipments`.

    `hours` is their [P50, P90]. The row without a status is over all of them.
    """
    bounds = " ".join(f"WHEN hours >= {bound} THEN {bound}" for bound in reversed(BACKLOG_HOURS))
    age = f"({RULES[Figure.BACKLOG].span}) / {HOUR_US}"
    sql = f"""
        SELECT status, warehouse, CASE {bounds} ELSE 0 END AS low, count(*) AS shipments, quantile_cont(hours, [0.5, 0.9]) AS hours
        FROM (SELECT status, warehouse, {age} AS hours FROM facts WHERE open)
        GROUP BY GROUPING SETS ((status, warehouse, low), ()) ORDER BY status, warehouse, low
    """
    return ask(store, population, sql)


def flags(store: Store, population: Population, oldest: int, before: datetime | None = None) -> list[Row]:
    """Open shipments by flag and `place`: the carrier, or the warehouse where it was not handed over.

    `shipments`, `today` of which got it today, `new` of which after `before`, if that is said; `oldest` is a list of up to so many
    of shipment_id, since (when it got it, UTC).
    """
    new, values = ("false", {}) if before is None else (NEW, since(before, Clock(population.now, population.zone)))
    return ask_flagged(
        store,
        population,
        f"""
        SELECT flag, place, count(*) AS shipments, count_if(since >= $midnight) AS today, count_if(new) AS new,
            min({{'since': since, 'shipment_id': shipment_id}}, {int(oldest)}) AS oldest
        FROM (SELECT {FLAG} AS flag, {FLAGGED_SINCE} AS since, {new} AS new, shipment_id,
                CASE WHEN picked_up THEN coalesce(carrier, '') ELSE warehouse END AS place
              FROM flagged)
        WHERE flag IS NOT NULL GROUP BY flag, place
        """,
        midnight=midnight(population.now.astimezone(population.zone).date(), population.zone),
        **values,
    )


def put_aside(store: Store, population: Population) -> dict[str, int]:
    """How many flagged shipments are off the worklist, by `core.domain.worklist.WorkState`."""
    sql = f"SELECT work, count(*) AS n FROM (SELECT {WORK} AS work FROM flagged) WHERE work IN ('snoozed', 'done') GROUP BY 1"
    return {row["work"]: row["n"] for row in ask_flagged(store, population, sql)}


def segment_sums(store: Store, population: Population) -> list[Row]:
    """The late shipments by warehouse and country: `shipments`, and for each segment its hours in sum; `unknown` lack a time."""
    late = RULES[Figure.ON_TIME].of(Part.REST)
    sums = ", ".join(f"sum({_segment(segment)}) FILTER (gapless) AS {segment}" for segment in Segment)
    sql = f"SELECT warehouse, country, count_if(gapless) AS shipments, count_if(NOT gapless) AS unknown, {sums} FROM facts"
    return ask(store, population, f"{sql} WHERE {late} GROUP BY 1, 2")


def segment_norms(store: Store, population: Population) -> list[Row]:
    """Delivered shipments by warehouse and country: `shipments`, and for each segment the median of its hours."""
    medians = ", ".join(f"median({_segment(segment)}) AS {segment}" for segment in Segment)
    sql = f"SELECT warehouse, country, count(*) AS shipments, {medians} FROM facts"
    return ask(store, population, f"{sql} WHERE delivered AND gapless AND NOT cancelled GROUP BY 1, 2")


def briefly(store: Store, ids: Sequence[int]) -> dict[int, Row]:
    """The shipments with these ids: shipment_no, order_no, warehouse, carrier, country, status, since (UTC)."""
    rows = store.rows(_BRIEFLY, {"ids": list(ids)}) if ids else []
    return {row.pop("shipment_id"): row for row in rows}


def open_promises(store: Store, population: Population) -> list[Row]:
    """Open shipments promised for today or later and not attempted, by what their risk depends on: `shipments`.

    The columns are warehouse, country, carrier, picked_up, days_left.
    """
    return ask(store, population, f"SELECT {_RISKY}, count(*) AS shipments FROM facts WHERE {_PENDING} GROUP BY ALL")


def promised(store: Store, population: Population, groups: Sequence[tuple[str, str, str, bool, int]]) -> list[Row]:
    """The shipments of these groups: `risk_group` (the place in the list), shipment_no, order_no, status, promised_on.

    The oldest order of a group is first.
    """
    keys = ["|".join(map(str, (*names, int(picked_up), left))) for *names, picked_up, left in groups]
    sql = f"""
        SELECT list_position($keys::VARCHAR[], key) - 1 AS risk_group, shipment_no, order_no, status, promised_on
        FROM (SELECT shipment_id, shipment_no, order_no, status, promised_on, ordered_at,
                concat_ws('|', warehouse, country, coalesce(carrier, ''), picked_up::INTEGER, promised_on - $today) AS key
            FROM facts WHERE {_PENDING})
        WHERE key IN (SELECT unnest($keys::VARCHAR[])) ORDER BY risk_group, ordered_at, shipment_id
    """
    return ask(store, population, sql, keys=keys)


def past_promises(store: Store, population: Population) -> list[Row]:
    """How shipments ended whose promised date is over, by where they were `days_left` before it: `cases`, of which `late`.

    One row per days_left (up to 60) and stage (`picked_up`), each by warehouse, country and carrier, by warehouse and country
    (carrier null), and of all (all three null). A shipment is in every row of the days on which it was ordered and not yet attempted;
    on the day of its pick-up it is at both stages.
    """
    sql = """
        SELECT * FROM (WITH past AS (
            SELECT warehouse, country, coalesce(carrier, '') AS carrier, least(promised_day - ordered_day, 60) AS ordered,
                least(coalesce(promised_day - picked_up_day, -1), 60) AS scanned,
                greatest(coalesce(promised_day - attempted_day, 0), 0) AS tried, count(*) AS cases, count_if(NOT in_time) AS late
            FROM facts WHERE promised AND past_promise AND NOT cancelled GROUP BY ALL),
        days AS (
            SELECT * EXCLUDE (days), unnest(days) AS days_left FROM (
                SELECT *, true AS picked_up, range(tried, least(ordered, scanned) + 1) AS days FROM past
                UNION ALL
                SELECT *, false AS picked_up, range(greatest(tried, scanned), ordered + 1) AS days FROM past))
        SELECT warehouse, country, carrier, picked_up, days_left, sum(cases)::BIGINT AS cases, sum(late)::BIGINT AS late FROM days
        GROUP BY picked_up, days_left, GROUPING SETS ((warehouse, country, carrier), (warehouse, country), ()))
    """
    return ask(store, population, sql)


def _every(by: Sequence[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in by for name in names))


def _grouped(by: Sequence[Sequence[str]]) -> str:
    sets = ", ".join(f"({', '.join(['current', *names])})" for names in by)
    return f"GROUP BY GROUPING SETS ({sets})"


def _split(by: Iterable[str]) -> list[str]:
    return [f"{_SPLITS[name]} AS {name}" for name in by]


def _segment(segment: Segment) -> str:
    start, end = SEGMENTS[segment]
    return f"({end} - {start}) / {HOUR_US}"


def _costed() -> str:
    """`facts` with the hours of each step `beyond` the norm of the lane, and the `most` of them."""
    beyond = ", ".join(f"{_segment(segment)} - norm_{segment}" for segment in Segment)
    norms = ", ".join(f"unnest(${name}) AS {name}" for name in _norm_values(()))
    return f"""(
        SELECT *, [{beyond}] AS beyond, CASE WHEN gapless THEN greatest({beyond}) END AS most
        FROM facts LEFT JOIN (SELECT {norms}) ON warehouse = norm_warehouse AND country = norm_country
    ) AS costed"""


def _norm_values(norms: Sequence[Row]) -> dict[str, list[Any]]:
    names = ("warehouse", "country", *Segment)
    return {f"norm_{name}": [row[name] for row in norms] for name in names}


_COST = f"""
    CASE WHEN most > 0 THEN {[segment.value for segment in Segment]}[list_position(beyond, most)] END AS costliest_step,
    CASE WHEN most > 0 THEN round(most, 2) END AS hours_beyond_norm
"""
_RISKY = "warehouse, country, coalesce(carrier, '') AS carrier, picked_up, promised_on - $today AS days_left"
_PENDING = "moving AND promised AND NOT past_promise AND NOT attempted AND NOT cancelled"
_BRIEFLY = """
SELECT shipment_id, shipment_no, order_no, warehouse, coalesce(carrier, '') AS carrier, country, status, status_since AS since
FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
_COUNTS = (("n", Part.NUMERATOR), ("d", Part.DENOMINATOR))
_SPLITS = {
    LANE: "warehouse || ' → ' || country",
    TimeSplit.DAY: "day",
    TimeSplit.WEEK: "day - (day + 3) % 7",
    TimeSplit.MONTH: "strftime(DATE '1970-01-01' + day, '%Y-%m')",
    TimeSplit.WEEKDAY: "(day + 3) % 7",
} | {one.name: never_null(one) for one in DIMENSIONS.values() if isinstance(one, (OneOf, AnyOf)) and one.name != "tab"}
