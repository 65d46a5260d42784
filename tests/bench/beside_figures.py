"""The figures as SQLite is asked them over good indexes, and as pandas computes them over a loaded frame."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.domain.figures import BACKLOG_HOURS, DEFINITIONS, Figure, Unit
from core.domain.periods import Period
from core.store.database import Store
from core.store.local_time import midnight
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


class SqliteFigures:
    """One connection, with a cache that holds the whole file."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA cache_size = -4000000")
        self._connection.execute("CREATE INDEX IF NOT EXISTS by_cohort ON shipment (destination, kind, ordered_at)")
        self._connection.execute(
            "CREATE INDEX IF NOT EXISTS still_open ON shipment (destination, kind, delivered_at, closed_at)"
        )
        self._connection.execute("CREATE INDEX IF NOT EXISTS befell ON checkpoint (shipment_id, stage, happened_at)")
        self._connection.execute("ANALYZE")

    def close(self) -> None:
        self._connection.close()

    def counts(self, figure: Figure, asked: Asked) -> list[Counts]:
        """Numerator and denominator of the period before and of the period."""
        numerator, denominator = _SQLITE[figure]
        sql = f"""
            SELECT sum(({denominator}) AND ({numerator})), sum({denominator}) FROM shipment s
            WHERE destination = 'domestic' AND kind = 'standard' AND ordered_at >= :first AND ordered_at < :until
            GROUP BY ordered_at >= :split ORDER BY ordered_at >= :split
        """
        return [(row[0], row[1]) for row in self._rows(sql, asked)]

    def spread(self, figure: Figure, asked: Asked) -> Spread:
        """P50 and P90 of the period in hours: the whole is sorted, as SQLite has no percentile."""
        start, end = _SQLITE_SPANS[figure]
        sql = f"""
            SELECT (coalesce({end}, :now) - {start}) / {HOUR}.0 FROM shipment s
            WHERE destination = 'domestic' AND kind = 'standard' AND ordered_at >= :split AND ordered_at < :until
              AND {_SQLITE[figure][1]} ORDER BY 1
        """
        hours = [row[0] for row in self._rows(sql, asked)]
        return float(np.quantile(hours, 0.5)), float(np.quantile(hours, 0.9))

    def by_carrier_and_week(self, asked: Asked) -> dict[tuple[str, int], Counts]:
        """On-time delivery of the period."""
        numerator, denominator = _SQLITE[Figure.ON_TIME]
        sql = f"""
            SELECT coalesce(carrier, ''), (ordered_at + {_OFFSET}) / 86400000000 - ((ordered_at + {_OFFSET}) / 86400000000 + 3) % 7,
                sum(({denominator}) AND ({numerator})), sum({denominator}) FROM shipment s
            WHERE destination = 'domestic' AND kind = 'standard' AND ordered_at >= :split AND ordered_at < :until GROUP BY 1, 2
        """
        return {(row[0], row[1]): (row[2], row[3]) for row in self._rows(sql, asked)}

    def backlog(self, asked: Asked) -> dict[tuple[str, str, int], int]:
        bounds = " ".join(f"WHEN :now - status_since >= {hours * HOUR} THEN {hours}" for hours in reversed(BACKLOG_HOURS))
        sql = f"""
            SELECT status, warehouse, CASE {bounds} ELSE 0 END, count(*) FROM shipment
            WHERE destination = 'domestic' AND kind = 'standard' AND delivered_at IS NULL AND closed_at IS NULL GROUP BY 1, 2, 3
        """
        return {(row[0], row[1], row[2]): row[3] for row in self._rows(sql, asked)}

    def page(self, asked: Asked, figures: Sequence[Figure]) -> object:
        """Every count of a page by day and carrier in one query, the hours, the backlog."""
        sums = ", ".join(
            f"sum(({_SQLITE[figure][1]}) AND ({_SQLITE[figure][0]})), sum({_SQLITE[figure][1]})" for figure in figures
        )
        sql = f"""
            SELECT ordered_at >= :split, (ordered_at + {_OFFSET}) / 86400000000, carrier, {sums} FROM shipment s
            WHERE destination = 'domestic' AND kind = 'standard' AND ordered_at >= :first AND ordered_at < :until GROUP BY 1, 2, 3
        """
        return self._rows(sql, asked), [self.spread(figure, asked) for figure in _SQLITE_SPANS], self.backlog(asked)

    def _rows(self, sql: str, asked: Asked) -> list[tuple[Any, ...]]:
        first, split, until = asked.moments
        now = int(asked.now.timestamp() * 1e6)
        named = {"first": first, "split": split, "until": until, "now": now, "today": asked.today.isoformat()}
        return self._connection.execute(sql, {name: value for name, value in named.items() if f":{name}" in sql}).fetchall()


_OFFSET = int(datetime(2026, 1, 1, tzinfo=ZONE).utcoffset() / timedelta(microseconds=1))  # type: ignore[operator]


def _on(column: str) -> str:
    return f"date(({column} + {_OFFSET}) / 1000000, 'unixepoch')"


def _had(stages: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM checkpoint c WHERE c.shipment_id = +s.shipment_id AND c.invoice_id IS +s.invoice_id"
        f" AND c.stage IN ({stages}) AND c.happened_at BETWEEN s.ordered_at - 86400000000 AND coalesce(s.delivered_at, :now))"
    )


_FAILED = "'attempt_failed'"
_LIVE = (
    "NOT (coalesce(stage = 'cancelled', 0) OR (closed_at IS NOT NULL AND picked_up_at IS NULL AND first_attempt_at IS NULL))"
)
_MOVING = "(delivered_at IS NULL AND closed_at IS NULL AND word IS NOT 'cancellation')"
_TO_SHIP = f"(picked_up_at IS NOT NULL OR (first_attempt_at IS NULL AND {_MOVING}))"
_SQLITE: dict[Figure, tuple[str, str]] = {
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
        f"delivered_at IS NOT NULL AND NOT {_had(_FAILED)}",
        f"{_LIVE} AND first_attempt_at IS NOT NULL",
    ),
    Figure.FAILURE: (_had("'attempt_failed', 'returned', 'lost'"), f"{_LIVE} AND picked_up_at IS NOT NULL"),
    Figure.EXCEPTION: (_had("'exception'"), f"{_LIVE} AND picked_up_at IS NOT NULL"),
    Figure.RETURN: (_had("'returned'"), f"{_LIVE} AND picked_up_at IS NOT NULL"),
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
_SQLITE_SPANS = {
    Figure.ORDER_TO_SHIP: ("ordered_at", "picked_up_at"),
    Figure.ORDER_TO_INVOICE: ("ordered_at", "invoiced_at"),
    Figure.INVOICE_TO_PICK_UP: ("invoiced_at", "picked_up_at"),
    Figure.TRANSIT: ("picked_up_at", "delivered_at"),
}
FIGURES = tuple(_SQLITE)


class PandasFigures:
    """Every shipment in memory, with codes as categories and what befell it already looked up."""

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
        hours = pd.DataFrame({figure: rows.hours(figure) for figure in _SQLITE_SPANS}).reindex(table.index)
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
                taken, counted = shipped, f.failed | f.returned | f.lost
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
        start, end = _SQLITE_SPANS[figure]
        taken, _ = self.figure(figure)
        rows = self.frame[taken]
        return (rows[end].fillna(pd.Timestamp(self.asked.now)) - rows[start]).dt.total_seconds() / 3600


def is_timed(figure: Figure) -> bool:
    return DEFINITIONS[figure].unit is Unit.HOURS


_LOADED = """
WITH befell AS (
    SELECT shipment_id, invoice_id, bool_or(stage = 'attempt_failed') AS failed, bool_or(stage = 'exception') AS met_exception,
        bool_or(stage = 'returned') AS returned, bool_or(stage = 'lost') AS lost
    FROM checkpoint JOIN (SELECT shipment_id, ordered_at, delivered_at FROM shipment) USING (shipment_id)
    WHERE stage IN ('attempt_failed', 'exception', 'returned', 'lost')
        AND happened_at BETWEEN ordered_at - INTERVAL 1 DAY AND coalesce(delivered_at, happened_at)
    GROUP BY ALL)
SELECT s.shipment_id, destination, kind, coalesce(carrier, '') AS carrier, warehouse, country, status, coalesce(word, '') AS word,
    coalesce(stage, '') AS stage, ordered_at, released_at, invoiced_at, picked_up_at, first_attempt_at, last_scan_at,
    delivered_at, closed_at, status_since, promised_on::TIMESTAMP_S AS promised_on, ship_by::TIMESTAMP_S AS ship_by,
    coalesce(failed, false) AS failed, coalesce(met_exception, false) AS met_exception, coalesce(returned, false) AS returned,
    coalesce(lost, false) AS lost
FROM shipment s LEFT JOIN befell b ON b.shipment_id = s.shipment_id AND b.invoice_id IS NOT DISTINCT FROM s.invoice_id
"""
