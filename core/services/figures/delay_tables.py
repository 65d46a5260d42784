"""The figures of the Delays page as tables for files: what the page shows, in numbers that can be computed with."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from core.domain.figures import RISK_STAGES, SEGMENTS, TimeSplit
from core.services.figures import Distribution, Heat, Pivot, Risk, Scorecard, Segments, Value

TOGETHER = "Together"


def lanes(heat: Heat) -> pa.Table:
    """A row a lane and week: the figure's numerator, denominator, share and whether the week is young."""
    return _table(
        {
            "warehouse": lane.warehouse,
            "country": lane.country,
            "week": week,
            **_value(cell.value),
            "young": cell.young,
        }
        for (lane, week), cell in sorted(heat.cells.items(), key=lambda one: (heat.lanes.index(one[0][0]), one[0][1]))
    )


def spread(found: Distribution) -> pa.Table:
    """A row a bin: from and to in hours (none: and longer), finished and open, and the norm's shipments in the same bin."""
    usual = dict(enumerate(found.norm_bins))
    return _table(
        {
            "from_hours": one.low,
            "to_hours": one.high,
            "finished": one.finished,
            "open": one.open,
            "norm": usual[place].finished + usual[place].open if place in usual else 0,
        }
        for place, one in enumerate(found.bins)
    )


def hours(found: Segments) -> pa.Table:
    """A row a step: mean hours of late parcels, the norm, and the difference; the last row is all steps together."""
    rows: list[dict[str, Any]] = [
        {"step": SEGMENTS[step.segment].name, "late_hours": step.late, "norm_hours": step.norm, "extra_hours": step.extra}
        for step in found.steps
    ]
    extra = found.late_hours - found.norm_hours
    rows.append({"step": TOGETHER, "late_hours": found.late_hours, "norm_hours": found.norm_hours, "extra_hours": extra})
    return _table(row | {"shipments": found.shipments} for row in rows)


def scores(found: Scorecard) -> pa.Table:
    """A row a company: its share at the same lane mix with the interval, its plain share, and how much of the mix it serves."""
    return _table(
        {
            "carrier": score.carrier,
            "same_mix": score.value,
            "low": score.low,
            "high": score.high,
            "effective_cases": score.effective,
            "of_the_mix": score.coverage,
            **_value(score.raw),
        }
        for score in found.scores
    )


def pivot(found: Pivot, a: str, b: str) -> pa.Table:
    """A row for each pair of values of the two splits; days and weeks are dates."""
    return _table(
        {a: _key(a, row), b: _key(b, column), **_value(found.cells[row, column])}
        for row in found.rows
        for column in found.columns
        if (row, column) in found.cells
    )


def risks(found: Iterable[Risk]) -> pa.Table:
    """A row an open shipment: days left, stage, and how many of the cases like it ended late."""
    return _table(
        {
            "shipment_no": one.shipment_no,
            "order_no": one.order_no,
            "carrier": one.carrier,
            "promised_on": one.promised_on,
            "days_left": one.days_left,
            "stage": RISK_STAGES[one.stage],
            "late": one.late,
            "cases": one.cases,
            "share": one.share,
        }
        for one in found
    )


def _key(split: str, value: str) -> str | date:
    return date.fromisoformat(value) if split in (TimeSplit.DAY, TimeSplit.WEEK) else value


def _value(value: Value) -> dict[str, Any]:
    """A share over fewer than 20 stays empty, as on the page."""
    said: dict[str, Any] = {"numerator": value.numerator, "denominator": value.denominator, "value": value.value}
    return said | ({"p90_hours": value.p90} if value.p90 is not None and value.value is not None else {})


def _table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    listed = list(rows)
    names = list(dict.fromkeys(name for row in listed for name in row))
    return pa.table({name: [row.get(name) for row in listed] for name in names})
