"""The SQL box: an analyst's own query over the view `shipment_facts`, answered aside from the desk."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from core.domain.errors import ShipdeskError
from core.domain.language import marked, tr
from core.domain.permissions import Act
from core.runtime import Runtime
from core.services import analyst_sql
from core.services.analyst_sql import Box, QueryAnswer, RunningQuery
from core.ui.delays.sentences import SqlText
from core.ui.kit import downloads, formats, messages, who
from core.ui.kit.fragments import fragment
from core.ui.kit.table import TableColumn, TableView, table

TEXT, STATE, PATIENCE = "sql:text", "sql:state", 1.0
EXAMPLES: Final = {
    marked("Late share by company and week"): """SELECT carrier, date_trunc('week', picked_up_on) AS week,
  count(*) AS shipments, round(100 * avg((NOT on_time)::INT), 1) AS late_percent
FROM shipment_facts
WHERE destination = 'domestic' AND kind = 'standard' AND on_time IS NOT NULL
  AND picked_up_on >= current_date - 56
GROUP BY ALL HAVING shipments >= 20 ORDER BY carrier, week""",
    marked("Slowest routes"): """SELECT warehouse, country, carrier, count(*) AS shipments,
  round(median(transit_hours) / 24, 1) AS p50_days, round(quantile_cont(transit_hours, 0.9) / 24, 1) AS p90_days
FROM shipment_facts
WHERE destination = 'international' AND kind = 'standard' AND picked_up_on >= current_date - 56
GROUP BY ALL HAVING shipments >= 20 ORDER BY p90_days DESC""",
    marked(
        "Longest waits for hand-over"
    ): """SELECT shipment_no, warehouse, carrier, invoiced_at, round(invoice_to_pick_up_hours) AS hours
FROM shipment_facts
WHERE open AND invoiced_at IS NOT NULL AND picked_up_at IS NULL
ORDER BY hours DESC LIMIT 100""",
}

COLUMNS: Final = (
    TableColumn("name", "Column", 176, min=120, narrow=176),
    TableColumn("type", "Type", 74, "muted", under="name"),
    TableColumn("about", "Meaning", None, "prose", min=100),
)


@dataclass(frozen=True)
class _Asked:
    """What was asked last, and what came of it: nothing yet, an answer, or the reason why there is none."""

    sql: str
    query: RunningQuery | None = None
    answer: QueryAnswer | None = None
    refusal: str = ""


def section(runtime: Runtime) -> None:
    """The box, folded until it is wanted."""
    with st.expander(tr("Ask in SQL"), icon=":material/terminal:", key="sql"):
        _section(runtime)


@fragment()
def _section(runtime: Runtime) -> None:
    with messages.guarded(tr("The SQL box")):
        box = _box(id(runtime.store), runtime)
        st.caption(_rules(runtime))
        left, right = st.columns([3, 2], gap="small")
        with right:
            _columns(box)
        with left:
            _examples()
            _query(runtime, box)
        _outcome(runtime)


@st.cache_resource(max_entries=1, on_release=lambda box: box.close(), show_spinner=False)
def _box(store: int, _runtime: Runtime) -> Box:
    return Box(_runtime.store, _runtime.settings.zone)


def _rules(runtime: Runtime) -> str:
    zone = runtime.settings.zone.key
    return str(SqlText.RULES(view=analyst_sql.VIEW, seconds=analyst_sql.SECONDS, rows=analyst_sql.MOST_ROWS, zone=zone))


def _columns(box: Box) -> None:
    found = box.columns()
    rows = [{"id": one.name, "name": one.name, "type": _short(one.type), "about": one.about} for one in found]
    st.markdown(f"**{SqlText.COLUMNS(count=len(found), view=analyst_sql.VIEW)}**")
    caption = str(SqlText.COLUMNS_OF(view=analyst_sql.VIEW))
    table(COLUMNS, rows, key="sql_columns", caption=caption, view=TableView(height=258))


def _short(type_: str) -> str:
    return "moment" if type_ == "TIMESTAMP WITH TIME ZONE" else type_.partition("(")[0].lower()


def _examples() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(tr("Begin with"), width="content")
        for label, sql in EXAMPLES.items():
            st.button(tr(label), key=f"sql:example:{label}", type="tertiary", on_click=_begin_with, args=(sql,))


def _begin_with(sql: str) -> None:
    st.session_state[TEXT] = sql


def _query(runtime: Runtime, box: Box) -> None:
    running = _state().query is not None
    with st.form("sql:form", border=False, enter_to_submit=True):
        st.session_state.setdefault(TEXT, "")
        sql = st.text_area(
            tr("Query"),
            key=TEXT,
            height=196,
            placeholder=f"SELECT carrier, count(*) FROM {analyst_sql.VIEW} GROUP BY carrier",
            label_visibility="collapsed",
        )
        pressed = st.form_submit_button(
            tr("Run query"), type="primary", icon=":material/play_arrow:", **who.limits(runtime, Act.QUERY, disabled=running)
        )
    if pressed and not running:
        _run(runtime, box, sql or "")


def _run(runtime: Runtime, box: Box, sql: str) -> None:
    """Most answers are there before the page would have to be asked again."""
    try:
        query = box.ask(sql, now=runtime.now(), person=who.person(runtime))
    except ShipdeskError as error:
        _keep(_Asked(sql, refusal=str(error)))
        return
    query.wait(PATIENCE)
    _keep(_Asked(sql, query))
    _take_in()


def _take_in() -> bool:
    """Whether the query that was under way has ended; its outcome is kept."""
    asked = _state()
    if asked.query is None or not asked.query.done:
        return False
    try:
        _keep(_Asked(asked.sql, answer=asked.query.answer()))
    except Exception as error:
        _keep(_Asked(asked.sql, refusal=messages.why(error)))
    return True


def _outcome(runtime: Runtime) -> None:
    _take_in()
    asked = _state()
    if asked.query:
        _under_way()
    elif asked.refusal:
        st.warning(formats.plain(asked.refusal), title=tr("No answer"), icon=":material/block:")
    elif asked.answer:
        _answered(runtime, asked.answer, asked.sql)


@fragment(run_every=0.4)
def _under_way() -> None:
    if _take_in():
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/hourglass_top: {tr('Your query is being answered')}", width="content")
        query = _state().query
        if query:
            st.button(tr("Cancel query"), icon=":material/stop_circle:", key="sql:cancel", on_click=query.cancel)


def _answered(runtime: Runtime, answer: QueryAnswer, sql: str) -> None:
    rows, shown = answer.rows.num_rows, answer.rows.slice(0, analyst_sql.MOST_SHOWN)
    zone = formats.viewer_zone(runtime.settings.zone)
    about = formats.facts(
        SqlText.TOOK(seconds=answer.seconds),
        SqlText.AS_OF(time=formats.clock(answer.as_of, zone)),
        SqlText.CUT(rows=analyst_sql.MOST_ROWS, megabytes=analyst_sql.MOST_BYTES >> 20) if answer.cut else None,
        SqlText.FIRST(shown=shown.num_rows) if rows > shown.num_rows else None,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{SqlText.ROWS(count=rows)}**", width="content")
        st.caption(about, width="content")
        st.space("stretch")
        with downloads.menu(str(SqlText.EXPORT(count=rows)), disabled=not rows):
            downloads.buttons(
                partial(analyst_sql.answer_file, answer, sql),
                name="query",
                at=answer.as_of.astimezone(runtime.settings.zone),
                key="sql:export",
            )
    if rows:
        st.dataframe(shown, height=min(400, 36 * (rows + 1)), hide_index=True, key="sql:rows")


def _state() -> _Asked:
    asked: _Asked = st.session_state.setdefault(STATE, _Asked(""))
    return asked


def _keep(asked: _Asked) -> None:
    st.session_state[STATE] = asked
