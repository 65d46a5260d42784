"""The two tables of the Overview: what needs attention today, and how each shipping company does."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import streamlit as st

from core.domain import permissions
from core.domain.fields import FIELDS
from core.domain.figures import DEFINITIONS, FEWEST, Figure, Part, enough
from core.domain.flags import OLD_AFTER_DAYS, Flag
from core.domain.language import in_english, tr
from core.domain.permissions import Act
from core.domain.worklist import WorkState
from core.runtime import Runtime
from core.services.figures import FRESH, Overview, Task, Value
from core.services.figures.ranking import contender, ranking
from core.ui.kit import chips, explain, figure_texts, fold, formats, links, shared, shipment_drawer, who, who_is_worst
from core.ui.kit.sentences import BesideFigure, KitText
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.table import TableColumn, TableEvent, TableView, table
from core.ui.overview.header import View
from core.ui.overview.seen import OverviewSeen
from core.ui.overview.sentences import CompanyTableText, WorklistText

TASKS: Final = (
    TableColumn("flag", "Flag, worst first", 146, "flag"),
    TableColumn("count", "Shipments", 166, "bar", min=120, grow=1, narrow=120, spare=True),
    TableColumn("today", "New today", 84, align="right", under="flag", spare=True),
    TableColumn("new", "New to you", 82, align="right", under="flag", spare=True),
    TableColumn("oldest", "Oldest", 134, "shipment", narrow=140, spare=True),
    TableColumn("age", "Flagged for", 88, align="right", under="oldest", spare=True),
    TableColumn("most_at", "Mostly with", 150, min=100, grow=1, under="flag", spare=True),
    TableColumn("rule", "Rule", 292, "prose", min=150, grow=1, under="next", spare=True),
    TableColumn("next", shared.NEXT_ACTION, 264, min=260, grow=2),
    TableColumn("show", "", 104, "button", narrow=104),
)
CARRIERS: Final = (
    TableColumn("name", FIELDS.in_english["carrier"], 160, "shipment", min=110, grow=3, narrow=120),
    TableColumn("shipments", "Shipments", 90, "figure", align="right", narrow=80),
    TableColumn("on_time", FIELDS.in_english["on_time"], 84, "figure", align="right", narrow=122),
    TableColumn("interval", shared.LIKELY_BETWEEN, 180, "range", min=130, grow=2, under="name"),
    TableColumn("change", "Change", 160, "flag", min=104, under="on_time"),
    TableColumn("transit", "Half arrive within", 124, "figure", align="right", narrow=124),
    TableColumn("p90", "9 of 10 within", 124, align="right", under="transit"),
    TableColumn("first_attempt", "First attempt", 104, "figure", align="right", narrow=92),
    TableColumn("failure", in_english(DEFINITIONS[Figure.FAILURE], "name"), 96, "figure", align="right", under="first_attempt"),
    TableColumn("show", "", 104, "button", narrow=104),
)
_CELLS: Final = {
    "shipments": Figure.ORDERED,
    "on_time": Figure.ON_TIME,
    "transit": Figure.TRANSIT,
    "first_attempt": Figure.FIRST_ATTEMPT,
    "failure": Figure.FAILURE,
}
_ARROWS: Final = {"up": "arrow-up", "down": "arrow-down", "off": "equals"}
_ASIDE: Final = {WorkState.SNOOZED: ":material/snooze:", WorkState.DONE: ":material/task_alt:"}
_EARLY: Final = "clock"


def worklist(runtime: Runtime, view: View, seen: OverviewSeen, now: datetime) -> None:
    """Today's work, the worst flag first; each opens its oldest shipment and the list of all."""
    tasks = seen.tasks
    flagged, new = sum(task.shipments for task in tasks), sum(task.today for task in tasks)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.subheader(tr("Needs attention today"), anchor=False, width="content")
        st.caption(
            str(WorklistText.ABOUT(days=OLD_AFTER_DAYS, flagged=flagged, open=seen.backlog.total, new=new)),
            width="content",
        )
        st.space("stretch")
        for work, count in seen.aside.items():
            st.button(
                str(WorklistText.ASIDE(work, count=count)),
                key=f"aside:{work}",
                type="tertiary",
                icon=_ASIDE[work],
                on_click=links.goto,
                args=(links.put_aside(view.work, work),),
            )
        _whose(runtime, view)
    if not tasks:
        form = "whose" if view.whose else "all"
        st.success(str(WorklistText.NOTHING(form, days=OLD_AFTER_DAYS)), icon=":material/task_alt:")
        return
    most = max(task.shipments for task in tasks)
    by_flag = {task.flag.value: task for task in tasks}

    def pressed(event: TableEvent) -> None:
        if event.name == "show":
            links.goto(links.flagged(view.work, FRESH, Flag(event.id)))
        elif oldest := by_flag[event.id].oldest:
            shipment_drawer.open_drawer(oldest[0]["shipment_no"])

    table(
        TASKS,
        [_task(runtime, task, most, now) for task in tasks],
        key="worklist",
        caption=tr("Needs attention"),
        view=TableView(height="content"),
        on_event=pressed,
    )


def _whose(runtime: Runtime, view: View) -> None:
    """Everybody's worklist, one's own, or what is in nobody's hands; somebody else's, where a link says so."""
    person = who.person(runtime)
    offered: dict[tuple[str, ...], str] = {(): tr("Everybody's")}
    if permissions.may(person, Act.WORK):
        offered[(person.name,)] = tr("Mine")
    offered[("",)] = tr("Nobody's")
    if view.whose not in offered:
        offered[view.whose] = ", ".join(view.whose)
    st.session_state["whose"] = view.whose
    st.segmented_control(
        tr("Whose worklist"),
        list(offered),
        required=True,
        key="whose",
        label_visibility="collapsed",
        format_func=offered.__getitem__,
        on_change=lambda: links.put(assigned=list(st.session_state["whose"])),
    )


def carriers(runtime: Runtime, view: View, seen: Overview) -> None:
    """Who is worst in one sentence, and one row a shipping company, the worst first; every figure in it opens."""
    if seen.carriers:
        with fold.on_phones("companies", tr(shared.COMPANIES)):
            _carriers(runtime, view, seen)


def _carriers(runtime: Runtime, view: View, seen: Overview) -> None:
    companies = {code: known for code, known in seen.carriers.items() if code}
    shares = {code: known[Figure.ON_TIME] for code, known in companies.items()}
    found = ranking({code: contender(code, share) for code, share in shares.items()}, shares.values())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.subheader(tr(shared.COMPANIES), anchor=False, width="content")
        st.markdown(who_is_worst.sentence(found, runtime.rules), width="content")
        st.caption(
            str(CompanyTableText.ABOUT(target=100 * runtime.settings.target)),
            width="content",
        )

    def pressed(event: TableEvent) -> None:
        where = view.where.but(carrier=(event.id,))
        if event.name == "show":
            links.goto(links.behind(Figure.ORDERED, Part.DENOMINATOR, view.period, where))
        else:
            explain.open_drawer(companies[event.id][_CELLS.get(event.name, Figure.ON_TIME)], view.period, where)

    scale = _scale(seen, runtime.settings.target)

    def drawn(codes: Sequence[str], key: str) -> None:
        table(
            [replace(one, axis=figure_texts.ticks(*scale)) if one.kind == "range" else one for one in CARRIERS],
            [_carrier(runtime, code, companies[code], scale) for code in codes],
            key=key,
            caption=tr("Shipping companies, the worst first"),
            view=TableView(height="content"),
            on_event=pressed,
        )

    told = [code for code in found.order if enough(companies[code][Figure.ORDERED].denominator)]
    few = [code for code in found.order if code not in told]
    if told:
        drawn(told, "carriers")
    if few:
        with st.expander(str(CompanyTableText.FEW(count=len(few), fewest=FEWEST)), key="carriers:few"):
            drawn(few, "carriers:others")
    _without_company(view, seen)


def _without_company(view: View, seen: Overview) -> None:
    """Shipments without an invoice are nobody's: told apart from the companies."""
    waiting = seen.carriers.get("", {}).get(Figure.ORDERED)
    if waiting and waiting.denominator:
        explain.button(
            waiting,
            view.period,
            view.where.but(carrier=("",)),
            key="carriers:none",
            label=str(CompanyTableText.NO_INVOICE(count=waiting.denominator)),
        )


def _task(runtime: Runtime, task: Task, most: int, now: datetime) -> dict[str, Any]:
    oldest = task.oldest[0] if task.oldest else None
    chip = chips.FLAGS[task.flag]
    at, count = task.most_at
    return {
        "id": task.flag.value,
        "flag": {**chip, "new": task.new > 0},
        "rule": task.rule.rule,
        "count": {"text": formats.count(task.shipments), "share": task.shipments / most, "hue": chip["hue"]},
        "today": str(WorklistText.TODAY(count=task.today)) if task.today else "",
        "new": str(WorklistText.NEW(count=task.new)) if task.new else "",
        "oldest": oldest["shipment_no"] if oldest else "",
        "age": formats.duration(now - oldest["since"]) if oldest else "",
        "most_at": str(WorklistText.MOST_AT(company=carrier_name(at, runtime.rules) or at, count=count)) if at else "",
        "next": task.rule.next_action,
        "show": {"name": "show", "word": str(KitText.SHOW_COUNT(count=task.shipments))},
    }


def _carrier(runtime: Runtime, code: str, known: Mapping[Figure, Value], scale: tuple[float, float]) -> dict[str, Any]:
    on_time, transit, ordered = known[Figure.ON_TIME], known[Figure.TRANSIT], known[Figure.ORDERED]
    cells = {name: _cell(name, known[figure]) for name, figure in _CELLS.items()}
    return cells | {
        "id": code,
        "name": carrier_name(code, runtime.rules),
        "interval": _interval(on_time, scale, runtime.settings.target),
        "change": _change(on_time),
        "p90": ""
        if transit.value is None or transit.p90 is None
        else figure_texts.hours(transit.p90, at_least=transit.p90_at_least),
        "show": {"name": "show", "word": str(KitText.SHOW_COUNT(count=ordered.denominator))},
    }


def _cell(name: str, value: Value) -> dict[str, str] | None:
    return {"name": name, "text": figure_texts.shown(value)} if value.denominator else None


def _scale(seen: Overview, target: float) -> tuple[float, float]:
    """From the lowest to the highest end of all intervals and the target, so that rows can be compared by eye."""
    known = [known[Figure.ON_TIME] for code, known in seen.carriers.items() if code]
    ends = [end for value in known if value.value is not None for end in (value.low, value.high) if end is not None]
    return min([*ends, target - 0.01]), max([*ends, target + 0.01])


def _interval(value: Value, scale: tuple[float, float], target: float) -> dict[str, Any] | None:
    if value.value is None or value.low is None or value.high is None:
        return None

    def place(share: float) -> float:
        return (share - scale[0]) / (scale[1] - scale[0])

    return {
        "text": figure_texts.interval(value),
        "low": place(value.low),
        "at": place(value.value),
        "high": place(value.high),
        "mark": place(target),
        "bad": value.value < target,
    }


def _change(value: Value) -> chips.Chip | None:
    change = figure_texts.change(value)
    if change is None:
        return None
    return {
        "word": str(BesideFigure.CHANGED(change=change.text, word=change.word)) if change.arrow != "off" else change.word,
        "icon": _EARLY if value.early else _ARROWS[change.arrow],
        "hue": change.colour,
    }
