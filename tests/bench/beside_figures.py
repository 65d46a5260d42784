"""The figures as another database is asked them over good indexes, and as pandas computes them over a loaded frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from core.domain.figures import BACKLOG_HOURS, DEFINITIONS, Figure, Unit
from core.domain.periods import Period
from core.store.database import Store
from core.store.local_time import midnight
from tests.bench.engines import Engine
from tests.bench.shop import ZONE

HOUR = 3_600_000_000
Counts = tuple[int, int]
Spread = tuple[float, float]


@dataclass(frozen=True)
class Asked:
    """A period of standard domestic orders, seen at a moment."""

    period: Period
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    @property
    def moments(self) -> tuple[int, int, int]:
        """When the period before begins, the period begins, and it ends, in microseconds."""
        days = (self.period.before().first, self.period.first, self.period.after)
        first, split, until = (int(midnight(day, ZONE).timestamp() * 1e6) for day in days)
        return first, split, until


class SqlFigures:
    """The figures out of another database: what befell a parcel stands with the shipment, as at the desk."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name

    def counts(self, figure: Figure, asked: Asked) -> list[Counts]:
        """Numerator and denominator of the period before and of the period."""
        sql = f"""
            SELECT ordered_at >= :split AS current, {_counts((figure,))} FROM shipment
            WHERE {_PART} AND ordered_at >= :first AND ordered_at < :until GROUP BY 1 ORDER BY 1
        """
        return [(row[f"{figure}_n"], row[f"{figure}_d"]) for row in self._rows(sql, asked)]

    def spread(self, figure: Figure, asked: Asked) -> Spread:
        """P50 and P90 of the period in hours: where there is no percentile, the whole is sorted."""
        start, end = _SPANS[figure]
        hours = f"CAST(coalesce({end}, :now) - {start} AS DOUBLE PRECISION) / {HOUR}"
        within = f"FROM shipment WHERE {_PART} AND ordered_at >= :split AND ordered_at < :until AND {_FIGURES[figure][1]}"
        if self.name == "postgresql":
            levels = ", ".join(f"percentile_cont({level}) WITHIN GROUP (ORDER BY {hours}) AS p{n}" for n, level in _LEVELS)
            row = self._rows(f"SELECT {levels} {within}", asked)[0]
            return float(row["p1"]), float(row["p2"])
        found = [row["hours"] for row in self._rows(f"SELECT {hours} AS hours {within} ORDER BY 1", asked)]
        return float(np.quantile(found, 0.5)), float(np.quantile(found, 0.9))

    def by_carrier_and_week(self, asked: Asked) -> dict[tuple[str, int], Counts]:
        """On-time delivery of the period."""
        sql = f"""
            SELECT coalesce(carrier, '') AS carrier, {_on("ordered_at")} - ({_on("ordered_at")} + 3) % 7 AS week,
                {_counts((Figure.ON_TIME,))} FROM shipment
            WHERE {_PART} AND ordered_at >= :split AND ordered_at < :until GROUP BY 1, 2
        """
        return {(row["carrier"], row["week"]): (row["on_time_n"], row["on_time_d"]) for row in self._rows(sql, asked)}

    def backlog(self, asked: Asked) -> dict[tuple[str, str, int], int]:
        bounds = " ".join(f"WHEN :now - status_since >= {hours * HOUR} THEN {hours}" for hours in reversed(BACKLOG_HOURS))
        sql = f"""
            SELECT status, warehouse, CASE {bounds} ELSE 0 END AS low, count(*) AS n FROM shipment
            WHERE {_PART} AND delivered_at IS NULL AND closed_at IS NULL GROUP BY 1, 2, 3
        """
        return {(row["status"], row["warehouse"], row["low"]): row["n"] for row in self._rows(sql, asked)}

    def page(self, asked: Asked, figures: Sequence[Figure]) -> object:
        """Every count of a page by day and carrier in one query, the hours, the backlog."""
        sql = f"""
            SELECT ordered_at >= :split AS current, {_on("ordered_at")} AS day, carrier, {_counts(figures)} FROM shipment
            WHERE {_PART} AND ordered_at >= :first AND ordered_at < :until GROUP BY 1, 2, 3
        """
        return self._rows(sql, asked), [self.spread(figure, asked) for figure in _SPANS], self.backlog(asked)

    def _rows(self, sql: str, asked: Asked) -> list[dict[str, Any]]:
        first, split, until = asked.moments
        today = (asked.today - date(1970, 1, 1)).days
        named = {"first": first, "split": split, "until": until, "now": int(asked.now.timestamp() * 1e6), "today": today}
        return self._engine.rows(sql, named)


_PART = "destination = 'domestic' AND kind = 'standard'"
_LEVELS = ((1, 0.5), (2, 0.9))
_OFFSET = int(datetime(2026, 1, 1, tzinfo=ZONE).utcoffset() / timedelta(microseconds=1))  # type: ignore[operator]


def _on(column: str) -> str:
    return f"(({column} + {_OFFSET}) / 86400000000)"


def _counts(figures: Sequence[Figure]) -> str:
    parts = ((figure, *_FIGURES[figure]) for figure in figures)
    return ", ".join(
        f"count(*) FILTER (WHERE {taken} AND ({counted})) AS {figure}_n, count(*) FILTER (WHERE {taken}) AS {figure}_d"
        for figure, counted, taken in parts
    )


_LIVE = (
    "NOT (coalesce(stage = 'cancelled', false)"
    " OR (closed_at IS NOT NULL AND picked_up_at IS NULL AND first_attempt_at IS NULL))"
)
_MOVING = "(delivered_at IS NULL AND closed_at IS NULL AND word IS DISTINCT FROM 'cancellation')"
_TO_SHIP = f"(picked_up_at IS NOT NULL OR (first_attempt_at IS NULL AND {_MOVING}))"
_REFUSED = "returned_at IS NOT NULL AND coalesce(returned_at < delivered_at, true)"
_FIGURES: dict[Figure, tuple[str, str]] = {
    Figure.ON_TIME: (
        f"first_attempt_at IS NOT NULL AND {_on('first_attempt_at')} <= promised_on",
        f"{_LIVE} AND promised_on IS NOT NULL AND (first_attempt_at IS NOT NULL OR promised_on < :today)",
    ),
    Figure.PROMISED: ("promised_on IS NOT NULL", _LIVE),
    Figure.LATE_SHIPMENT: (
        f"picked_up_at IS NULL OR {_on('picked_up_at')} > ship_by",
        f"{_LIVE} AND ship_by IS NOT NULL AND (picked_up_at IS NOT NULL OR (first_attempt_at IS NULL AND ship_by < :today))",
    ),
    Figure.FIRST_ATTEMPT: (
        "delivered_at IS NOT NULL AND first_failed_at IS NULL",
        f"{_LIVE} AND first_attempt_at IS NOT NULL",
    ),
    Figure.FAILURE: (
        f"first_failed_at IS NOT NULL OR lost_at IS NOT NULL OR ({_REFUSED})",
        f"{_LIVE} AND picked_up_at IS NOT NULL",
    ),
    Figure.EXCEPTION: ("first_exception_at IS NOT NULL", f"{_LIVE} AND picked_up_at IS NOT NULL"),
    Figure.RETURN: ("returned_at IS NOT NULL", f"{_LIVE} AND picked_up_at IS NOT NULL"),
    Figure.VALID_TRACKING: (
        "picked_up_at IS NOT NULL OR last_scan_at IS NOT NULL",
        f"{_LIVE} AND invoice_id IS NOT NULL",
    ),
    Figure.ORDER_TO_SHIP: ("picked_up_at IS NOT NULL", f"{_LIVE} AND {_TO_SHIP}"),
    Figure.ORDER_TO_INVOICE: (
        "invoice_id IS NOT NULL",
        f"{_LIVE} AND (invoice_id IS NOT NULL OR (picked_up_at IS NULL AND first_attempt_at IS NULL AND {_MOVING}))",
    ),
    Figure.INVOICE_TO_PICK_UP: ("picked_up_at IS NOT NULL", f"{_LIVE} AND invoice_id IS NOT NULL AND {_TO_SHIP}"),
    Figure.TRANSIT: (
        "delivered_at IS NOT NULL",
        f"{_LIVE} AND picked_up_at IS NOT NULL AND (delivered_at IS NOT NULL OR {_MOVING})",
    ),
}
_SPANS = {
    Figure.ORDER_TO_SHIP: ("ordered_at", "picked_up_at"),
    Figure.ORDER_TO_INVOICE: ("ordered_at", "invoiced_at"),
    Figure.INVOICE_TO_PICK_UP: ("invoiced_at", "picked_up_at"),
    Figure.TRANSIT: ("picked_up_at", "delivered_at"),
}
FIGURES = tuple(_FIGURES)


class PandasFigures:
    """Every shipment in memory, with codes as categories and what befell it already looked up."""

    name = "pandas"

    def __init__(self, store: Store) -> None:
        self.frame = store.read(_LOADED).to_pandas(strings_to_categorical=True, timestamp_as_object=False)

    def counts(self, figure: Figure, asked: Asked) -> list[Counts]:
        rows = _Rows(self._between(asked, before=True), asked)
        taken, counted = rows.figure(figure)
        return [
            (int((counted & taken & half).sum()), int((taken & half).sum())) for half in (~rows.is_current, rows.is_current)
        ]

    def spread(self, figure: Figure, asked: Asked) -> Spread:
        rows = _Rows(self._between(asked, before=False), asked)
        hours = rows.hours(figure)
        return float(hours.quantile(0.5)), float(hours.quantile(0.9))

    def by_carrier_and_week(self, asked: Asked) -> dict[tuple[str, int], Counts]:
        rows = _Rows(self._between(asked, before=False), asked)
        taken, counted = rows.figure(Figure.ON_TIME)
        days = rows.day("ordered_at").astype("datetime64[s]").astype("int64") // 86_400
        groups = pd.DataFrame(
            {"carrier": rows.frame.carrier, "week": days - (days + 3) % 7, "counted": counted & taken, "taken": taken}
        )
        found = groups.groupby(["carrier", "week"], observed=True)[["counted", "taken"]].sum()
        return {(key[0], int(key[1])): (int(row.counted), int(row.taken)) for key, row in found.iterrows()}

    def backlog(self, asked: Asked) -> dict[tuple[str, str, int], int]:
        frame = self.frame
        part = (frame.destination == "domestic") & (frame.kind == "standard")
        rows = frame[part & frame.delivered_at.isna() & frame.closed_at.isna()]
        ages = (pd.Timestamp(asked.now) - rows.status_since).dt.total_seconds() / 3600
        low = np.array((0, *BACKLOG_HOURS))[np.searchsorted(BACKLOG_HOURS, ages, side="right")]
        found = rows.groupby(["status", "warehouse", low], observed=True).size()
        return {(key[0], key[1], int(key[2])): int(size) for key, size in found.items()}

    def page(self, asked: Asked, figures: Sequence[Figure]) -> object:
        """Every count of a page in total, by day and by carrier, the hours the same way, the backlog."""
        rows = _Rows(self._between(asked, before=True), asked)
        columns: dict[str, Any] = {"current": rows.is_current, "day": rows.day("ordered_at"), "carrier": rows.frame.carrier}
        for figure in figures:
            taken, counted = rows.figure(figure)
            columns |= {f"{figure}_n": counted & taken, f"{figure}_d": taken}
        table = pd.DataFrame(columns)
        names = [name for name in table.columns if name not in ("current", "day", "carrier")]
        hours = pd.DataFrame({figure: rows.hours(figure) for figure in _SPANS}).reindex(table.index)
        keys = [[table.current], [table.current, table.day], [table.current, table.carrier]]
        counted_by = [table.groupby(key, observed=True)[names].sum() for key in keys]
        return counted_by, [hours.groupby(key, observed=True).quantile([0.5, 0.9]) for key in keys], self.backlog(asked)

    def _between(self, asked: Asked, before: bool) -> pd.DataFrame:
        frame = self.frame
        first = pd.Timestamp(midnight((asked.period.before() if before else asked.period).first, ZONE))
        until = pd.Timestamp(midnight(asked.period.after, ZONE))
        part = (frame.destination == "domestic") & (frame.kind == "standard")
        return frame[part & (frame.ordered_at >= first) & (frame.ordered_at < until)]


@dataclass(frozen=True)
class _Rows:
    frame: pd.DataFrame
    asked: Asked

    @cached_property
    def is_current(self) -> pd.Series:
        return self.frame.ordered_at >= pd.Timestamp(midnight(self.asked.period.first, ZONE))

    def day(self, column: str) -> pd.Series:
        return self.frame[column].dt.tz_convert(ZONE).dt.tz_localize(None).dt.floor("D")

    @cached_property
    def live(self) -> pd.Series:
        f = self.frame
        return ~((f.stage == "cancelled") | (f.closed_at.notna() & f.picked_up_at.isna() & f.first_attempt_at.isna()))

    @cached_property
    def moving(self) -> pd.Series:
        f = self.frame
        return f.delivered_at.isna() & f.closed_at.isna() & (f.word != "cancellation")

    @property
    def to_ship(self) -> pd.Series:
        return self.frame.picked_up_at.notna() | (self.frame.first_attempt_at.isna() & self.moving)

    def figure(self, figure: Figure) -> tuple[pd.Series, pd.Series]:
        """Who is taken, and who counts."""
        f, today = self.frame, pd.Timestamp(self.asked.today)
        shipped, attempted, invoiced = f.picked_up_at.notna(), f.first_attempt_at.notna(), f.carrier != ""
        match figure:
            case Figure.ON_TIME:
                taken = f.promised_on.notna() & (attempted | (f.promised_on < today))
                counted = self.day("first_attempt_at") <= f.promised_on
            case Figure.PROMISED:
                taken, counted = self.live, f.promised_on.notna()
            case Figure.LATE_SHIPMENT:
                taken = f.ship_by.notna() & (shipped | (~attempted & (f.ship_by < today)))
                counted = ~shipped | (self.day("picked_up_at") > f.ship_by)
            case Figure.FIRST_ATTEMPT:
                taken, counted = attempted, f.delivered_at.notna() & ~f.failed
            case Figure.FAILURE:
                taken, counted = shipped, f.failed | f.refused | f.lost
            case Figure.EXCEPTION:
                taken, counted = shipped, f.met_exception
            case Figure.RETURN:
                taken, counted = shipped, f.returned
            case Figure.VALID_TRACKING:
                taken, counted = invoiced, shipped | f.last_scan_at.notna()
            case Figure.ORDER_TO_SHIP:
                taken, counted = self.to_ship, shipped
            case Figure.ORDER_TO_INVOICE:
                taken, counted = invoiced | (~shipped & ~attempted & self.moving), invoiced
            case Figure.INVOICE_TO_PICK_UP:
                taken, counted = invoiced & self.to_ship, shipped
            case _:
                taken, counted = shipped & (f.delivered_at.notna() | self.moving), f.delivered_at.notna()
        return taken & self.live, counted

    def hours(self, figure: Figure) -> pd.Series:
        start, end = _SPANS[figure]
        taken, _ = self.figure(figure)
        rows = self.frame[taken]
        return (rows[end].fillna(pd.Timestamp(self.asked.now)) - rows[start]).dt.total_seconds() / 3600


def is_timed(figure: Figure) -> bool:
    return DEFINITIONS[figure].unit is Unit.HOURS


_LOADED = """
SELECT shipment_id, destination, kind, coalesce(carrier, '') AS carrier, warehouse, country, status, coalesce(word, '') AS word,
    coalesce(stage, '') AS stage, ordered_at, released_at, invoiced_at, picked_up_at, first_attempt_at, last_scan_at,
    delivered_at, closed_at, status_since, promised_on::TIMESTAMP_S AS promised_on, ship_by::TIMESTAMP_S AS ship_by,
    first_failed_at IS NOT NULL AS failed, first_exception_at IS NOT NULL AS met_exception, returned_at IS NOT NULL AS returned,
    returned_at IS NOT NULL AND coalesce(returned_at < delivered_at, true) AS refused, lost_at IS NOT NULL AS lost
FROM shipment
"""
