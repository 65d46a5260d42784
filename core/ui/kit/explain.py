"""Explain this number: under every figure a button that opens its formula, what it is made of, and the shipments behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.figures import DEFINITIONS, PARTS, Figure, NoFigure, Part, Unit
from core.domain.flags import NAMES as FLAGS
from core.domain.flags import Flag
from core.domain.language import Vocabulary, marked, tr
from core.domain.periods import Period
from core.domain.reasons import Why
from core.domain.selection import Selection
from core.files.write import EXPLAINED_TYPES, Format
from core.runtime import Runtime
from core.services import figures
from core.services.figures import Value, files
from core.ui.kit import (
    chips,
    downloads,
    figure_texts,
    filters,
    formats,
    fragments,
    links,
    messages,
    shared,
    shipment_drawer,
    shipment_rows,
    who,
)
from core.ui.kit.sentences import BesideFigure, KitText
from core.ui.kit.table import TableColumn, TableView, table

OPEN = "explain:open"
FIRST = 20
_SIDES: Final = {
    Figure.ON_TIME: (FIELDS.in_english["on_time"], marked("Late")),
    Figure.PROMISED: (FIELDS.in_english["promised"], marked("Without")),
    Figure.LATE_SHIPMENT: (FIELDS.in_english["shipped_late"], marked("In time")),
    Figure.FIRST_ATTEMPT: (marked("First attempt"), marked("Failed first")),
    Figure.FAILURE: (marked("Failed"), marked("Not failed")),
    Figure.VALID_TRACKING: (marked("Scanned"), FLAGS.in_english[Flag.NEVER_SCANNED]),
}
ROWS: Final = (
    TableColumn("id", FIELDS.in_english["shipment_no"], 134, "shipment", narrow=147),
    TableColumn("ordered", FIELDS.in_english["ordered_at"], 96, "muted", under="id"),
    TableColumn("carrier", FIELDS.in_english["carrier"], 112, min=94, under="id"),
    TableColumn("status", FIELDS.in_english["status"], 120, "chip"),
)
_WHY: Final = (TableColumn("why", FIELDS.in_english["why"], 180, "prose", min=120, grow=2),)


@dataclass(frozen=True)
class Asked:
    """The figure that the drawer explains, as it was seen, and which of its shipments are listed."""

    value: Value
    period: Period
    where: Selection
    part: Part


def button(value: Value, period: Period, where: Selection, *, key: str, label: str = "") -> None:
    """Opens the drawer that explains the value; says what it is made of, `1,722 of 1,876 ›`, or the `label`."""
    st.button(
        label or figure_texts.made_of(value),
        key=key,
        type="tertiary",
        icon=":material/chevron_right:",
        icon_position="right",
        on_click=open_drawer,
        args=(value, period, where),
    )


def definition(figure: Figure) -> str:
    """The figure in words, for the help beside its name."""
    return formats.plain(DEFINITIONS[figure].formula)


def open_drawer(value: Value, period: Period, where: Selection, part: Part = Part.NUMERATOR) -> None:
    """Opens the drawer at the next run of the page: for callbacks of charts and tables."""
    shipment_drawer.close_drawer()
    st.session_state.pop("explain:part", None)
    st.session_state[OPEN] = Asked(value, period, where, part)


def close_drawer() -> None:
    st.session_state.pop(OPEN, None)


def drawer(runtime: Runtime) -> bool:
    """Draws the drawer when one is open, and says whether: once, at the end of a page, in place of any other drawer."""
    asked: Asked | None = st.session_state.get(OPEN)
    if asked is None:
        return False
    name = asked.value.definition.name
    dialog = fragments.dialog(name, position="right", width=700, icon=":material/functions:", on_dismiss=close_drawer)
    draw: Callable[[], None] = dialog(lambda: _explained(runtime, asked))
    draw()
    return True


def _explained(runtime: Runtime, asked: Asked) -> None:
    with messages.guarded(tr("This figure")):
        now, zone = runtime.now(), runtime.settings.zone
        today = now.astimezone(zone).date()
        left_out = figures.reasons(runtime.store, asked.value.figure, asked.period, asked.where, visit=who.visit(runtime, now))
        _headline(asked, today)
        st.markdown(definition(asked.value.figure))
        st.markdown(_parts(asked.value, left_out))
        st.caption(_asked_of(runtime, asked, today))
        _shipments(runtime, asked, sum(left_out.values()), now)


def _headline(asked: Asked, today: date) -> None:
    """The value as it was on the page, how sure it is, and against what."""
    change = figure_texts.change(asked.value, full=True)
    st.metric(
        asked.value.definition.name,
        figure_texts.shown(asked.value, tight=True),
        change.text if change else None,
        delta_arrow=change.arrow if change else "auto",
        delta_color=change.colour if change else "normal",
        delta_description=change.word if change else None,
        label_visibility="collapsed",
    )
    if said := _beside(asked, today):
        st.caption(formats.plain(formats.facts(*said)))


def _beside(asked: Asked, today: date) -> list[Why | str]:
    value = asked.value
    said: list[Why | str] = []
    if value.value is None and value.why is NoFigure.TOO_FEW:
        said.append(BesideFigure.TOO_FEW(made_of=figure_texts.made_of(value)))
    if value.low is not None and value.high is not None:
        said.append(BesideFigure.INTERVAL(interval=figure_texts.interval(value)))
    if value.value is not None and value.p90 is not None:
        said.append(BesideFigure.MEDIAN_OF(made_of=KitText.SHIPMENTS(count=value.denominator)))
        said.append(figure_texts.made_of(value, short=True))
    if value.early:
        said.append(BesideFigure.EARLY())
    if value.change is not None:
        said.append(BesideFigure.COMPARED(days=figure_texts.span(asked.period.before(), today), back=asked.period.back))
    if value.young:
        said.append(BesideFigure.STILL_OPEN())
    return said


def _parts(value: Value, left_out: Mapping[str, int]) -> str:
    """What the figure is made of, as a small table: how many shipments, and which."""
    words = value.definition
    lines = [(value.numerator, f"**{formats.plain(words.numerator)}**")]
    if words.rest:
        lines.append((value.rest, formats.plain(words.rest)))
        lines.append(
            (
                value.denominator,
                str(BesideFigure.TOGETHER(which=formats.plain(words.denominator[0].lower() + words.denominator[1:]))),
            )
        )
    lines += [
        (count, str(BesideFigure.LEFT_OUT(reason=formats.plain(tr(reason))))) for reason, count in left_out.items() if count
    ]
    body = "\n".join(f"| {count:,} | {text} |" for count, text in lines)
    return f"| {tr('Shipments')} | {tr('Which')} |\n| ---: | :--- |\n{body}"


def _asked_of(runtime: Runtime, asked: Asked, today: date) -> str:
    definition, period = asked.value.definition, asked.period
    by = (figure_texts.span(period, today), KitText.BY(period.cohort))
    days = (BesideFigure.AS_OF_NOW(),) if definition.cohort is None else by
    part = asked.where.of_figures.in_words(filters.wording(runtime)).values()
    return formats.plain(formats.facts(*days, *part))


def _shipments(runtime: Runtime, asked: Asked, excluded: int, now: datetime) -> None:
    counts = _counts(asked.value, excluded)
    st.session_state.setdefault("explain:part", asked.part)
    part = st.segmented_control(
        tr("Shipments"),
        list(counts),
        required=True,
        key="explain:part",
        label_visibility="collapsed",
        format_func=lambda part: f"{_name(asked.value, part)} **{formats.count(counts[part])}**",
    )
    part = part or asked.part
    _acts(runtime, replace(asked, part=part), counts[part], now)
    _first_rows(runtime, replace(asked, part=part), counts[part], now)


def _counts(value: Value, excluded: int) -> dict[Part, int]:
    counts = {Part.NUMERATOR: value.numerator}
    if value.definition.rest:
        counts |= {Part.REST: value.rest, Part.DENOMINATOR: value.denominator}
    return counts | {Part.EXCLUDED: excluded}


def _name(value: Value, part: Part) -> str:
    """The part in one or two words: of durations those finished and those still open."""
    timed = value.definition.unit is Unit.HOURS and value.definition.rest
    sides = (marked("Finished"), shared.STILL_OPEN) if timed else _SIDES.get(value.figure, ())
    named = dict(zip((Part.NUMERATOR, Part.REST), map(tr, sides), strict=False))
    return named.get(part) or PARTS[part]


def _acts(runtime: Runtime, asked: Asked, count: int, now: datetime) -> None:
    figure, period, where = asked.value.figure, asked.period, asked.where
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        label = str(KitText.SHOW(count=count))
        if st.button(label, key="explain:show", type="primary", icon=":material/arrow_forward:", disabled=not count):
            close_drawer()
            st.switch_page(links.SHIPMENTS, query_params=links.behind(figure, asked.part, period, where))
        with downloads.menu(str(KitText.EXPORT(count=count)), disabled=not count):
            downloads.buttons(
                partial(_file, runtime, asked),
                name=f"{figure}-{asked.part}",
                at=now.astimezone(runtime.settings.zone),
                key="explain:export",
                types=EXPLAINED_TYPES,
            )


def _file(runtime: Runtime, asked: Asked, form: Format) -> bytes:
    return files.figure_file(
        runtime.store,
        asked.value.figure,
        asked.period,
        asked.where,
        asked.part,
        form,
        rules=runtime.rules,
        visit=who.visit(runtime),
    )


def _first_rows(runtime: Runtime, asked: Asked, count: int, now: datetime) -> None:
    if not count:
        st.caption(tr("No shipment is in this part."))
        return
    zone = runtime.settings.zone
    found = figures.rows_of(
        runtime.store, asked.value.figure, asked.period, asked.where, asked.part, visit=who.visit(runtime, now), limit=FIRST
    )
    decisive = _DECISIVE.get(asked.value.figure, _OTHERWISE)
    facts = (
        _WHY
        if asked.part is Part.EXCLUDED
        else [TableColumn(key, label, 96, align="right", min=84) for key, label in decisive.items()]
    )
    event = table(
        [*ROWS[:-1], *facts, ROWS[-1]],
        [_row(runtime, row, asked, zone, now) for row in found],
        key="explain:rows",
        caption=str(KitText.NEWEST_FIRST(part=_name(asked.value, asked.part))),
        view=TableView(shows=asked.part, height="content"),
    )
    if count > len(found):
        st.caption(str(KitText.NEWEST(shown=len(found), count=count)))
    if event:
        close_drawer()
        shipment_drawer.open_drawer(event.id)
        st.rerun()


def _row(runtime: Runtime, row: Mapping[str, Any], asked: Asked, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    today = now.astimezone(zone).date()
    facts = {key: _fact(row[key], today) for key in _DECISIVE.get(asked.value.figure, _OTHERWISE)}
    return facts | {
        "id": row["shipment_no"],
        "ordered": formats.short_moment(row["ordered_at"], formats.viewer_zone(zone), now),
        "carrier": shipment_rows.carrier_name(row["carrier"], runtime.rules),
        "why": tr(row.get("why") or ""),
        "status": chips.status_chip(row["status"], row["word"]),
    }


def _fact(value: date | float | None, today: date) -> str:
    """A day or hours, as a cell shows them."""
    if value is None:
        return ""
    return formats.day(value, today) if isinstance(value, date) else figure_texts.hours(value)


# The two facts of a shipment that decide on the figure.
_DECISIVE: Final = {
    Figure.ON_TIME: Vocabulary(
        {"promised_on": FIELDS.in_english["promised"], "first_attempt_on": FIELDS.in_english["first_attempt_at"]}
    ),
    Figure.PROMISED: Vocabulary(
        {"promised_on": FIELDS.in_english["promised"], "delivered_on": FIELDS.in_english["delivered_at"]}
    ),
    Figure.ORDER_TO_SHIP: Vocabulary({"picked_up_on": FIELDS.in_english["picked_up_at"], "order_to_ship_hours": "Took"}),
    Figure.ORDER_TO_INVOICE: Vocabulary({"order_to_invoice_hours": "Took"}),
    Figure.INVOICE_TO_PICK_UP: Vocabulary(
        {"picked_up_on": FIELDS.in_english["picked_up_at"], "invoice_to_pick_up_hours": "Took"}
    ),
    Figure.LATE_SHIPMENT: Vocabulary(
        {"ship_by": FIELDS.in_english["ship_by"], "picked_up_on": FIELDS.in_english["picked_up_at"]}
    ),
    Figure.TRANSIT: Vocabulary({"delivered_on": FIELDS.in_english["delivered_at"], "transit_hours": "Took"}),
    Figure.FIRST_ATTEMPT: Vocabulary(
        {"first_attempt_on": FIELDS.in_english["first_attempt_at"], "delivered_on": FIELDS.in_english["delivered_at"]}
    ),
    Figure.BACKLOG: Vocabulary({"backlog_ageing_hours": FIELDS.in_english["age"]}),
}
_OTHERWISE = Vocabulary({"picked_up_on": FIELDS.in_english["picked_up_at"], "delivered_on": FIELDS.in_english["delivered_at"]})
