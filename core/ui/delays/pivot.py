"""Any figure by any two dimensions: every number printed, and every number that can be opened opens."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import streamlit as st

from core.domain import labels
from core.domain.countries import COUNTRIES
from core.domain.figures import DEFINITIONS, Dimension, Lane, NoFigure, Unit
from core.runtime import Runtime
from core.services import figures
from core.services.figures import Cross, Period, Slice, Value
from core.ui.delays.header import CROSSED, View, added_up, choice_of, name_of
from core.ui.kit import explain, figure_texts, formats
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.table import Column, Kind, TableEvent, table
from core.ui.overview.header import put

MOST_ROWS, MOST_COLUMNS, MOST_HIGH = 30, 10, 460
DIMENSIONS: Final = {
    Dimension.CARRIER: "Shipping company",
    Dimension.WAREHOUSE: "Warehouse",
    Dimension.COUNTRY: "Country",
    Dimension.LANE: "Lane",
    Dimension.POLICY: "Shipping policy",
    Dimension.OPTION: "Shipping option",
    Dimension.STATUS: "Status",
    Dimension.DAY: "Day",
    Dimension.WEEK: "Week",
    Dimension.MONTH: "Month",
    Dimension.WEEKDAY: "Weekday",
}
_TOTAL, _NONE = "\x1ftotal", "\x1fnone"


def together(runtime: Runtime, view: View, found: Cross, now: datetime) -> Value:
    """The figure of all shipments of the table; percentiles cannot be added up and are asked for."""
    if DEFINITIONS[found.figure].unit is Unit.HOURS:
        zone = runtime.settings.zone
        return figures.distribution(runtime.store, found.figure, view.period, view.where, zone=zone, now=now).value
    return added_up(found.figure, found.rows.values())


def section(runtime: Runtime, view: View, found: Cross, overall: Value, today: date) -> None:
    """The boxes that choose, and the table."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.subheader("Any two together", anchor=False, width="content", help=explain.definition(found.figure))
        choice_of("figure", "Figure", CROSSED, view.crossed, name_of, 200)
        st.caption("by", width="content")
        choice_of(
            "rows", "Rows", [one for one in DIMENSIONS if one is not view.columns], view.rows, DIMENSIONS.__getitem__, 170
        )
        st.caption("and", width="content")
        choice_of(
            "columns", "Columns", [one for one in DIMENSIONS if one is not view.rows], view.columns, DIMENSIONS.__getitem__, 170
        )
        st.button("Turn", icon=":material/swap_horiz:", key="delays:turn", type="tertiary", on_click=_turn, args=(view,))
        st.space("stretch")
        st.caption(_about(view, found), width="content")
    if not found.rows:
        st.info("Nothing of these dates to count.", icon=":material/grid_off:")
        return
    _table(runtime, view, found, overall, today)


def _turn(view: View) -> None:
    put(rows=str(view.columns), columns=str(view.rows))


def _about(view: View, found: Cross) -> str:
    left_out = max(0, len(found.rows) - MOST_ROWS), max(0, len(found.columns) - MOST_COLUMNS)
    said = [f"{count:,} more {name}" for count, name in zip(left_out, ("rows", "columns"), strict=True) if count]
    said = [f"{' and '.join(said)} in the export"] if said else []
    said += ["press a number to open it"] if _openable(view.rows, view.columns) else []
    return " · ".join(said)


def _table(runtime: Runtime, view: View, found: Cross, overall: Value, today: date) -> None:
    rows, columns = list(found.rows)[:MOST_ROWS], _columns(view, found)
    keys = {f"c{place}": key for place, key in enumerate(columns)}
    cells = _openable(view.rows, view.columns)
    heads = [
        Column("name", DIMENSIONS[view.rows], 150, min=100, grow=2),
        *(
            Column(place, _name(runtime, view.columns, key, today), 78, _kind(cells), align="right", min=54, grow=1)
            for place, key in keys.items()
        ),
        Column("total", "Together", 92, _kind(_openable(view.rows)), align="right", min=70),
    ]
    body = [_row(runtime, view, found, row, keys, today) for row in rows]
    body.append(
        {"id": _TOTAL, "name": "Together", "total": _cell(overall, "total", _openable(view.rows))}
        | {place: _cell(found.columns[key], place, cells) for place, key in keys.items()}
    )

    def pressed(event: TableEvent) -> None:
        row, column = "" if event.id == _NONE else event.id, keys.get(event.name, _TOTAL)
        where = _where(view, row, column)
        value = _value(found, overall, row, column)
        if value and where:
            explain.open_drawer(value, *where)

    table(heads, body, key="cross", caption=f"{name_of(found.figure)} by two dimensions", height=MOST_HIGH, on_event=pressed)


def _columns(view: View, found: Cross) -> list[str]:
    """The newest of days, weeks and months, the largest of everything else."""
    keys = list(found.columns)
    if view.columns in (Dimension.DAY, Dimension.WEEK, Dimension.MONTH):
        return keys[-MOST_COLUMNS:]
    return keys[:MOST_COLUMNS]


def _openable(*dimensions: Dimension) -> bool:
    """Whether its values are slices that can be opened: a status or a weekday is none."""
    return not {Dimension.STATUS, Dimension.WEEKDAY} & set(dimensions)


def _kind(opens: bool) -> Kind:
    return "figure" if opens else "text"


def _row(runtime: Runtime, view: View, found: Cross, row: str, keys: Mapping[str, str], today: date) -> dict[str, Any]:
    opens = _openable(view.rows, view.columns)
    cells = {place: _cell(found.cells.get((row, key)), place, opens) for place, key in keys.items()}
    total = _cell(found.rows[row], "total", _openable(view.rows))
    return {"id": row or _NONE, "name": _name(runtime, view.rows, row, today), "total": total, **cells}


def _cell(value: Value | None, place: str, opens: bool) -> Any:
    """What the table draws: a number that opens, or its text."""
    if value is None or value.why is NoFigure.NO_SHIPMENTS:
        return None if opens else ""
    share = value.definition.unit is Unit.SHARE and value.value is not None
    text = f"{100 * (value.value or 0):.1f}" if share else figure_texts.shown(value)
    return {"name": place, "text": text} if opens else text


def _value(found: Cross, overall: Value, row: str, column: str) -> Value | None:
    if row == _TOTAL:
        return overall if column == _TOTAL else found.columns.get(column)
    return found.rows.get(row) if column == _TOTAL else found.cells.get((row, column))


def _where(view: View, row: str, column: str) -> tuple[Period, Slice] | None:
    """The period and the slice of one cell."""
    part: tuple[Period, Slice] | None = (view.period, view.where)
    for by, key in ((view.rows, row), (view.columns, column)):
        if part and key != _TOTAL:
            part = _narrowed(*part, by, key)
    return part


def _narrowed(period: Period, where: Slice, by: Dimension, key: str) -> tuple[Period, Slice] | None:
    """The period and the slice of one value of a dimension; None where there is no such slice."""
    match by:
        case Dimension.CARRIER:
            return period, replace(where, carriers=(key,))
        case Dimension.WAREHOUSE:
            return period, replace(where, warehouses=(key,))
        case Dimension.COUNTRY:
            return period, replace(where, countries=(key,))
        case Dimension.POLICY:
            return period, replace(where, policies=(key,))
        case Dimension.OPTION:
            return period, replace(where, options=(key,))
        case Dimension.LANE:
            warehouse, _, country = key.rpartition(" → ")
            return period, where.on(Lane(warehouse, country))
        case Dimension.DAY | Dimension.WEEK | Dimension.MONTH:
            first, last = _days(by, key)
            if last < period.first or first > period.last:
                return None
            return Period(max(first, period.first), min(last, period.last), period.cohort), where
    return None


def _days(by: Dimension, key: str) -> tuple[date, date]:
    first = date.fromisoformat(key if len(key) > 7 else f"{key}-01")
    if by is Dimension.DAY:
        return first, first
    if by is Dimension.WEEK:
        return first, first + timedelta(days=6)
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _name(runtime: Runtime, by: Dimension, key: str, today: date) -> str:
    match by:
        case Dimension.CARRIER:
            return carrier_name(key, runtime.rules) or "No invoice"
        case Dimension.COUNTRY:
            return COUNTRIES.get(key, key)
        case Dimension.STATUS:
            return labels.status(key)
        case Dimension.DAY | Dimension.WEEK:
            return formats.day(date.fromisoformat(key), today)
        case Dimension.MONTH:
            return f"{_days(by, key)[0]:%b %Y}"
    return key or "None"
