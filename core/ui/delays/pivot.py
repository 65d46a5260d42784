"""Any figure by any two dimensions: every number printed, and every number that can be opened opens."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from core.domain.dimensions import Wording
from core.domain.figures import DEFINITIONS, LANE, Lane, NoFigure, TimeSplit, Unit
from core.domain.language import tr
from core.domain.periods import Period, month_in_words
from core.domain.selection import DIMENSIONS, SPLITS, Selection, any_of
from core.runtime import Runtime
from core.services import figures
from core.services.figures import Pivot, Value
from core.services.figures.values import added_up
from core.ui.delays.header import CROSSED, View, choice_of, name_of
from core.ui.delays.sentences import DelaysFile, PivotText
from core.ui.kit import explain, figure_texts, formats, who
from core.ui.kit.links import put
from core.ui.kit.table import ColumnKind, TableColumn, TableEvent, TableView, table

MOST_ROWS, MOST_COLUMNS, MOST_HIGH = 30, 10, 460
_TOTAL, _NONE = "\x1ftotal", "\x1fnone"


def together(runtime: Runtime, view: View, found: Pivot, now: datetime) -> Value:
    """The figure of all shipments of the table; percentiles cannot be added up and are asked for."""
    if DEFINITIONS[found.figure].unit is Unit.HOURS:
        return figures.distribution(runtime.store, found.figure, view.period, view.where, visit=who.visit(runtime, now)).value
    return added_up(found.figure, found.rows.values())


def section(view: View, found: Pivot, overall: Value, words: Wording) -> None:
    """The boxes that choose, and the table."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.subheader(str(DelaysFile.CROSSED()), anchor=False, width="content", help=explain.definition(found.figure))
        choice_of("figure", tr("Figure"), CROSSED, view.crossed, name_of, 215)
        st.caption(tr("Rows"), width="content")
        choice_of("rows", tr("Rows"), [one for one in SPLITS if one != view.columns], view.rows, SPLITS.__getitem__, 170)
        st.caption(tr("Columns"), width="content")
        choice_of("columns", tr("Columns"), [one for one in SPLITS if one != view.rows], view.columns, SPLITS.__getitem__, 170)
        st.button(tr("Swap"), icon=":material/swap_horiz:", key="delays:turn", type="tertiary", on_click=_turn, args=(view,))
        st.space("stretch")
        st.caption(_about(view, found), width="content")
    if not found.rows:
        st.info(tr("Nothing of these dates to count."), icon=":material/grid_off:")
        return
    _table(view, found, overall, words)


def _turn(view: View) -> None:
    put(rows=view.columns, columns=view.rows)


def _about(view: View, found: Pivot) -> str:
    rows, columns = len(found.rows) - MOST_ROWS, len(found.columns) - MOST_COLUMNS
    return formats.facts(
        PivotText.MORE_ROWS(count=rows) if rows > 0 else None,
        PivotText.MORE_COLUMNS(count=columns) if columns > 0 else None,
        PivotText.OPENS() if _openable(view.rows, view.columns) else None,
    )


def _table(view: View, found: Pivot, overall: Value, words: Wording) -> None:
    rows, columns = list(found.rows)[:MOST_ROWS], _columns(view, found)
    keys = {f"c{place}": key for place, key in enumerate(columns)}
    cells = _openable(view.rows, view.columns)
    heads = [
        TableColumn("name", SPLITS[view.rows], 150, min=100, grow=2),
        *(
            TableColumn(place, _name(view.columns, key, words), 78, _kind(cells), align="right", min=54, grow=1)
            for place, key in keys.items()
        ),
        TableColumn("total", "Together", 92, _kind(_openable(view.rows)), align="right", min=70),
    ]
    body = [_row(view, found, row, keys, words) for row in rows]
    body.append(
        {"id": _TOTAL, "name": tr("Together"), "total": _cell(overall, "total", _openable(view.rows))}
        | {place: _cell(found.columns[key], place, cells) for place, key in keys.items()}
    )

    def pressed(event: TableEvent) -> None:
        row, column = "" if event.id == _NONE else event.id, keys.get(event.name, _TOTAL)
        where = _where(view, row, column)
        value = _value(found, overall, row, column)
        if value and where:
            explain.open_drawer(value, *where)

    caption = str(PivotText.CAPTION(figure=name_of(found.figure)))
    table(heads, body, key="cross", caption=caption, view=TableView(height=MOST_HIGH), on_event=pressed)


def _columns(view: View, found: Pivot) -> list[str]:
    """The newest of days, weeks and months, the largest of everything else."""
    keys = list(found.columns)
    if view.columns in (TimeSplit.DAY, TimeSplit.WEEK, TimeSplit.MONTH):
        return keys[-MOST_COLUMNS:]
    return keys[:MOST_COLUMNS]


def _openable(*splits: str) -> bool:
    """Whether its values are shipments that a selection can name: those of a weekday are not."""
    return TimeSplit.WEEKDAY not in splits


def _kind(opens: bool) -> ColumnKind:
    return "figure" if opens else "text"


def _row(view: View, found: Pivot, row: str, keys: Mapping[str, str], words: Wording) -> dict[str, Any]:
    opens = _openable(view.rows, view.columns)
    cells = {place: _cell(found.cells.get((row, key)), place, opens) for place, key in keys.items()}
    total = _cell(found.rows[row], "total", _openable(view.rows))
    return {"id": row or _NONE, "name": _name(view.rows, row, words), "total": total, **cells}


def _cell(value: Value | None, place: str, opens: bool) -> Any:
    """What the table draws: a number that opens, or its text."""
    if value is None or value.why is NoFigure.NO_SHIPMENTS:
        return None if opens else ""
    share = value.definition.unit is Unit.SHARE and value.value is not None
    text = f"{100 * (value.value or 0):.1f}" if share else figure_texts.shown(value)
    return {"name": place, "text": text} if opens else text


def _value(found: Pivot, overall: Value, row: str, column: str) -> Value | None:
    if row == _TOTAL:
        return overall if column == _TOTAL else found.columns.get(column)
    return found.rows.get(row) if column == _TOTAL else found.cells.get((row, column))


def _where(view: View, row: str, column: str) -> tuple[Period, Selection] | None:
    """The period and the part of the shop of one cell."""
    part: tuple[Period, Selection] | None = (view.period, view.where)
    for by, key in ((view.rows, row), (view.columns, column)):
        if part and key != _TOTAL:
            part = _narrowed(*part, by, key)
    return part


def _narrowed(period: Period, where: Selection, by: str, key: str) -> tuple[Period, Selection] | None:
    """The period and the part of the shop of one value of a split; None where no selection can name it."""
    match by:
        case TimeSplit.DAY | TimeSplit.WEEK | TimeSplit.MONTH:
            first, last = _days(by, key)
            if last < period.first or first > period.last:
                return None
            return Period(max(first, period.first), min(last, period.last), period.cohort), where
        case TimeSplit.WEEKDAY:
            return None
    if by == LANE:
        warehouse, _, country = key.rpartition(" → ")
        return period, where.on(Lane(warehouse, country))
    return period, where.but(**{by: (key,)})


def _days(by: str, key: str) -> tuple[date, date]:
    first = date.fromisoformat(key if len(key) > 7 else f"{key}-01")
    if by == TimeSplit.DAY:
        return first, first
    if by == TimeSplit.WEEK:
        return first, first + timedelta(days=6)
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _name(by: str, key: str, words: Wording) -> str:
    match by:
        case TimeSplit.DAY | TimeSplit.WEEK:
            return formats.day(date.fromisoformat(key), words.today)
        case TimeSplit.MONTH:
            return month_in_words(_days(by, key)[0])
    return any_of(by).called(key, words) if by in DIMENSIONS else key
