"""The figures once more, computed in pandas from the shipments as they are loaded for a command."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from core.domain.shipment import Shipment, Stage
from core.store import shipments
from core.store.database import Store
from tests.services.figures.quiet_shop import known

TIMES = (
    "ordered_at",
    "released_at",
    "invoiced_at",
    "picked_up_at",
    "first_attempt_at",
    "last_scan_at",
    "delivered_at",
    "closed_at",
)
Found = dict[str, Any]


def frame(store: Store, then: datetime | None = None) -> pd.DataFrame:
    """One row per shipment, with what befell it on the way of its number in force; as it was known at the moment `then`."""
    ids = [row["shipment_id"] for row in store.rows("SELECT shipment_id FROM shipment ORDER BY shipment_id")]
    loaded = store.snapshot(lambda connection: shipments.load_by_id(connection, ids))
    found = [known(loaded[number], then) if then else loaded[number] for number in ids]
    table = pd.DataFrame([_row(shipment) for shipment in found if shipment])
    for name in TIMES:
        table[name] = pd.to_datetime(table[name], utc=True)
    return table


def _row(shipment: Shipment) -> Found:
    state, invoice = shipment.state, shipment.invoice
    end = state.delivered_at
    before_end = {scan.stage for scan in shipment.journey if end is None or scan.happened_at <= end}
    ever = {scan.stage for scan in shipment.journey}
    return {
        "shipment_id": shipment.shipment_id,
        "destination": shipment.destination.value,
        "kind": shipment.kind.value,
        "carrier": invoice.carrier if invoice else "",
        "warehouse": shipment.warehouse,
        "ordered_at": shipment.ordered_at,
        "released_at": shipment.released_at,
        "invoiced_at": invoice.changed_at if invoice else None,
        "picked_up_at": state.picked_up_at,
        "first_attempt_at": state.first_attempt_at,
        "last_scan_at": state.last_scan_at,
        "delivered_at": end,
        "closed_at": shipment.closed_at,
        "promised_on": shipment.promised_on,
        "ship_by": shipment.ship_by,
        "given_up": state.word == "cancellation",
        "carrier_cancelled": state.stage is Stage.CANCELLED,
        "failed": bool(before_end & {Stage.ATTEMPT_FAILED}),
        "gone": bool(before_end & {Stage.RETURNED, Stage.LOST}),
        "returned": Stage.RETURNED in ever or _sent_back(shipment),
        "exception": bool(before_end & {Stage.EXCEPTION}),
    }


def _sent_back(shipment: Shipment) -> bool:
    """Whether what was delivered was picked up and handed over once more, within the sixty days of a way back."""
    end = shipment.state.delivered_at
    after = [scan for scan in shipment.journey if end and end < scan.happened_at <= end + timedelta(days=60)]
    taken = next((scan.happened_at for scan in after if scan.stage is Stage.PICKED_UP), None)
    return any(taken and scan.happened_at > taken and scan.stage is Stage.DELIVERED for scan in shipment.journey)


def figures(table: pd.DataFrame, first: date, last: date, *, zone: ZoneInfo, now: datetime) -> dict[str, Found]:
    """Numerator, denominator and, of hours, P50 and P90 of each figure over the rows ordered from `first` to `last`."""
    today = now.astimezone(zone).date()

    def day(name: str) -> pd.Series:
        return table[name].dt.tz_convert(zone).dt.date

    cancelled = table.carrier_cancelled | (table.closed_at.notna() & table.picked_up_at.isna() & table.first_attempt_at.isna())
    inside = day("ordered_at").between(first, last)
    rows = table[inside & ~cancelled]
    attempted, shipped, delivered = rows.first_attempt_at.notna(), rows.picked_up_at.notna(), rows.delivered_at.notna()
    promised, invoiced = rows.promised_on.notna(), rows.carrier != ""
    waiting = ~delivered & rows.closed_at.isna() & ~rows.given_up
    over = rows.promised_on.map(lambda one: one is not None and one < today)
    over_ship_by = rows.ship_by.map(lambda one: one is not None and one < today)
    on_time = attempted & promised & _on_or_before(day("first_attempt_at")[rows.index], rows.promised_on)
    shipped_in_time = shipped & _on_or_before(day("picked_up_at")[rows.index], rows.ship_by)
    to_ship = rows.ship_by.notna() & (shipped | (over_ship_by & ~attempted))
    present = pd.Timestamp(now)
    seen = shipped | rows.last_scan_at.notna()
    return {
        "on_time": _share(on_time, promised & (attempted | over)),
        "promise_coverage": _share(promised, promised | True),
        "late_shipment_rate": _share(~shipped_in_time & to_ship, to_ship),
        "first_attempt_success": _share(delivered & ~rows.failed, attempted),
        "failure_rate": _share((rows.failed | rows.gone) & shipped, shipped),
        "exception_rate": _share(rows.exception & shipped, shipped),
        "return_rate": _share(rows.returned & shipped, shipped),
        "valid_tracking_rate": _share(invoiced & seen, invoiced),
        "order_to_ship": _hours(rows.ordered_at, rows.picked_up_at, shipped | (waiting & ~attempted), present),
        "order_to_invoice": _hours(
            rows.ordered_at, rows.invoiced_at.where(invoiced), invoiced | (waiting & ~shipped & ~attempted), present
        ),
        "invoice_to_pick_up": _hours(
            rows.invoiced_at, rows.picked_up_at, invoiced & (shipped | (waiting & ~attempted)), present
        ),
        "transit": _hours(rows.picked_up_at, rows.delivered_at, shipped & (delivered | waiting), present),
        "ordered": _share(rows.shipment_id > 0, rows.shipment_id > 0),
        "shipped": _share(shipped, shipped | True),
        "delivered": _share(delivered, shipped | True),
        "open": _share(~delivered & rows.closed_at.isna(), shipped | True),
    }


def _on_or_before(days: pd.Series, limits: pd.Series) -> pd.Series:
    pairs = zip(days, limits, strict=True)
    return pd.Series(
        [limit is not None and pd.notna(one) and one <= limit for one, limit in pairs], index=days.index, dtype=bool
    )


def _share(counted: pd.Series, of: pd.Series) -> Found:
    return {"numerator": int((counted & of).sum()), "denominator": int(of.sum()), "p50": None, "p90": None}


def _hours(start: pd.Series, end: pd.Series, taken: pd.Series, present: pd.Timestamp) -> Found:
    spent = ((end.fillna(present) - start)[taken]).dt.total_seconds() / 3600
    found: Mapping[float, float] = spent.quantile([0.5, 0.9]).to_dict() if len(spent) else {}
    return {
        "numerator": int((end.notna() & taken).sum()),
        "denominator": int(taken.sum()),
        "p50": found.get(0.5),
        "p90": found.get(0.9),
    }
