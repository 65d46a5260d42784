"""[Refresh tracking] of the list: of this page, the whole view or the selected rows; how far it is, and what came of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Names
from core.domain.selection import Selection
from core.domain.sorting import Order
from core.runtime import Runtime
from core.services.shipments import queries
from core.services.shipments.queries import Page
from core.services.tracking.recording import RefreshReport
from core.ui.kit import formats, refresh_run, shared, who
from core.ui.kit.filters import TABLE
from core.ui.kit.refresh_run import Run
from core.ui.kit.table import selection
from core.ui.shipments.sentences import MenuText

LIST = "list"
MOST = 10_000
MOST_NAMED = 20


def listed(runtime: Runtime, wanted: Selection, order: Order, page: Page) -> None:
    """[Refresh tracking] of what is listed: this page, or the whole view."""
    here = [row["shipment_no"] for row in page.rows]
    choices: dict[str, Callable[[], Sequence[str]]] = {str(MenuText.REFRESH_PAGE(count=len(here))): lambda: here}
    if len(here) < page.total <= MOST:
        choices[str(MenuText.REFRESH_VIEW(count=page.total))] = lambda: _whole_view(runtime, wanted, order)
    common = {
        "icon": ":material/refresh:",
        **who.limits(
            runtime, Act.REFRESH, help=tr("At most once a minute per number"), disabled=not here or refresh_run.going(LIST)
        ),
    }
    if len(here) == page.total:
        label, press = tr(shared.REFRESH_TRACKING), partial(refresh_run.start, runtime, LIST, here)
        st.button(label, key="refresh:list", on_click=press, **common)  # type: ignore[arg-type]
        return

    def chosen() -> None:
        choice = st.session_state["refresh:menu"]
        if choice in choices:
            refresh_run.start(runtime, LIST, choices[choice]())

    st.menu_button(tr(shared.REFRESH_TRACKING), list(choices), key="refresh:menu", on_click=chosen, **common)  # type: ignore[arg-type]


def selected(runtime: Runtime) -> None:
    """[Refresh N] of the selected rows, when there are some."""
    numbers = selection(TABLE)
    if numbers:
        st.button(
            str(MenuText.REFRESH(count=len(numbers))),
            key="refresh:selected",
            icon=":material/refresh:",
            on_click=refresh_run.start,
            args=(runtime, LIST, numbers),
            **who.limits(
                runtime,
                Act.REFRESH,
                help=tr("Asks the carriers about the selected shipments now"),
                disabled=refresh_run.going(LIST),
            ),
        )


def status(runtime: Runtime) -> None:
    """How far the list's go is, with [Cancel]; afterwards what came of it."""
    run = refresh_run.run_of(LIST)
    if run is None:
        return
    if run.ended is None:
        with st.container(horizontal=True, width="content", wrap=False):
            refresh_run.watch(run, st.rerun)
    else:
        _outcome(run)


def reasons(report: RefreshReport) -> list[str]:
    """Why numbers could not be asked about, with how many of them, the most frequent first."""
    counted = Counter(failure.reason for failure in report.failures)
    return [str(MenuText.TIMES(count=count, reason=reason)) for reason, count in counted.most_common()]


def _outcome(run: Run) -> None:
    report = run.report
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", wrap=False):
        said = replace(report, failed=0).message if report else run.trouble
        st.caption(formats.plain(said), width="content")
        if report and report.failures:
            with st.popover(str(MenuText.FAILED(count=report.failed)), icon=":material/warning:", type="tertiary"):
                _failures(report)
        st.button(
            "",
            key="refresh:forget",
            icon=":material/close:",
            type="tertiary",
            help=tr(shared.CLOSE_BOX),
            on_click=refresh_run.forget,
            args=(LIST,),
        )


def _failures(report: RefreshReport) -> None:
    st.markdown(tr("**These keep their last known status. They are asked again by themselves.**"))
    st.markdown("  \n".join(formats.plain(line) for line in reasons(report)))
    names = Names(formats.plain(failure.shipment_no) for failure in report.failures[:MOST_NAMED])
    more = report.failed - len(names)
    st.caption(str(MenuText.NAMED("more" if more > 0 else "all", names=names, more=more)))


def _whole_view(runtime: Runtime, wanted: Selection, order: Order) -> Sequence[str]:
    table = queries.everything(runtime.store, wanted, order, visit=who.visit(runtime))
    numbers: list[str] = table["shipment_no"].to_pylist()
    return numbers
