"""What has been flagged for longer than a month: one line under the work of today, and a drawer to clear it up."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import uuid4

import streamlit as st

from core.domain import labels
from core.domain.fields import FIELDS
from core.domain.flags import OLD_AFTER_DAYS, RULES
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Names
from core.domain.selection import Selection
from core.domain.shipment import StatusDetail
from core.domain.sorting import Order, Sort
from core.files import export
from core.files.write import Format
from core.runtime import Runtime
from core.services.figures import OLD, TO_DO, Task
from core.services.shipments import closing, exporting
from core.services.shipments.changes import Request
from core.services.shipments.closing import ClearingUp
from core.ui.kit import cached, closed_batch, downloads, fold, formats, fragments, links, messages, shared, who
from core.ui.kit.sentences import KitText
from core.ui.kit.shipment_rows import carrier_name
from core.ui.overview.header import View
from core.ui.overview.sentences import OldWorkText

OPEN: Final = "old:open"
_PLACE: Final = "old"
REASON: Final = "old:reason"
_KEY: Final = "old:request"
MOST_NUMBERS = 500


def line(view: View, old: Sequence[Task], now: datetime) -> None:
    """How many there are, of which flags, and the two ways on; nothing where there are none."""
    total = sum(task.shipments for task in old)
    if not total:
        return
    oldest = min(row["since"] for task in old for row in task.oldest)
    title = str(OldWorkText.COUNT(count=total, days=OLD_AFTER_DAYS))
    with (
        fold.on_phones("old", title),
        st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall"),
    ):
        st.markdown(f":material/history: **{formats.plain(title)}**", width="content")
        flags = Names(str(OldWorkText.FLAG(flag=task.rule.name, count=task.shipments)) for task in old)
        st.caption(str(OldWorkText.OLDEST(flags=flags, age=formats.duration(now - oldest))), width="content")
        st.space("stretch")
        st.button(
            str(OldWorkText.SHOW(count=total)), key="old:show", on_click=links.goto, args=(links.flagged(view.work, OLD),)
        )
        st.button(tr("Chase or close"), key="old:clear", icon=":material/rule:", on_click=_open, args=(view.work,))


def drawer(runtime: Runtime) -> bool:
    """Draws the drawer when it is open, and says whether."""
    where: Selection | None = st.session_state.get(OPEN)
    if where is None:
        return False
    dialog = fragments.dialog(
        str(OldWorkText.TITLE(days=OLD_AFTER_DAYS)), position="right", width=700, icon=":material/history:", on_dismiss=_close
    )
    draw: Callable[[], None] = dialog(lambda: _cleared_up(runtime, where))
    draw()
    return True


def _open(where: Selection) -> None:
    st.session_state[OPEN] = where.of_figures.but(flagged=OLD, work=TO_DO)
    st.session_state[_KEY] = uuid4().hex
    closed_batch.forget(_PLACE)


def _close() -> None:
    st.session_state.pop(OPEN, None)


def _cleared_up(runtime: Runtime, where: Selection) -> None:
    with messages.guarded(tr(shared.THIS_LIST)):
        now = runtime.now().replace(second=0, microsecond=0)
        seen: ClearingUp = cached.answer(
            runtime,
            (tr("clearing up"), where, now),
            lambda: closing.clearing_up(runtime.store, where, visit=who.visit(runtime, now)),
        )
        closed_batch.say(runtime, _PLACE)
        _chasing(runtime, where, seen)
        _closing(runtime, seen)


def _chasing(runtime: Runtime, where: Selection, seen: ClearingUp) -> None:
    st.markdown(tr("**Chase the shipping company**"))
    if not seen.to_chase:
        st.caption(str(OldWorkText.NOBODY()))
        return
    code = st.selectbox(
        FIELDS["carrier"],
        list(seen.to_chase),
        key="old:company",
        format_func=lambda code: formats.facts(carrier_name(code, runtime.rules), formats.count(len(seen.to_chase[code]))),
        label_visibility="collapsed",
    )
    numbers = seen.to_chase[code]
    st.caption(str(OldWorkText.COPY("some" if len(numbers) > MOST_NUMBERS else "all", most=MOST_NUMBERS)))
    st.code("\n".join(list(numbers.values())[:MOST_NUMBERS]), language=None, height=150)
    with downloads.menu(str(KitText.EXPORT(count=len(numbers))), key="old:export"):
        downloads.buttons(
            partial(_file, runtime, where, tuple(numbers)),
            name=f"to-chase-{code}",
            at=runtime.now().astimezone(runtime.settings.zone),
            key="old:export",
        )


def _file(runtime: Runtime, where: Selection, shipment_nos: Sequence[str], form: Format) -> bytes:
    rows = exporting.rows(runtime.store, where, Order(Sort.AGE), visit=who.visit(runtime), only=shipment_nos)
    return export.export(rows, form, rules=runtime.rules, zone=runtime.settings.zone)


def _closing(runtime: Runtime, seen: ClearingUp) -> None:
    count = len(seen.closable)
    st.markdown(tr("**Close in one go**"))
    if seen.staying:
        st.caption(str(OldWorkText.STAY(detail=labels.DETAILS[StatusDetail.CANCELLATION])))
        body = "\n".join(
            f"| {formats.count(number)} | {RULES[flag].name} | {RULES[flag].next_action} |"
            for flag, number in seen.staying.items()
        )
        heads = " | ".join((tr("Stay open"), FIELDS["flag"], tr(shared.NEXT_ACTION)))
        st.markdown(f"| {heads} |\n| ---: | :--- | :--- |\n{body}")
    if not count:
        st.caption(str(OldWorkText.NOTHING()))
        return
    with st.form("old:form", border=False):
        st.text_input(str(OldWorkText.WHY()), key=REASON, max_chars=200)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                str(OldWorkText.CLOSE(count=count)),
                icon=":material/close:",
                on_click=_close_all,
                args=(runtime, seen),
                **who.limits(runtime, Act.CHANGE),
            )
            st.caption(str(OldWorkText.UNDOABLE()), width="content")


def _close_all(runtime: Runtime, seen: ClearingUp) -> None:
    request = Request(who.actor(runtime), runtime.now(), request_key=st.session_state.get(_KEY))
    reason = st.session_state[REASON] or ""
    if closed_batch.press(_PLACE, lambda: closing.close_many(runtime.store, seen.closable, request=request, reason=reason)):
        st.session_state[_KEY] = uuid4().hex
