"""[Refresh tracking]: carriers are asked in a thread of its own; the page only looks how far it is, and says what came of it."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import streamlit as st

from core.domain.errors import ShipdeskError
from core.domain.selection import Selection
from core.domain.sorting import Order
from core.runtime import Runtime
from core.services.shipments import queries
from core.services.shipments.queries import Page
from core.services.tracking import polling
from core.services.tracking.recording import Report
from core.ui.kit import formats, messages
from core.ui.kit.filters import TABLE
from core.ui.kit.table import selection

LIST = "list"
POLL = 0.5
"""Seconds between two looks at how far it is."""
MOST = 10_000
MOST_NAMED = 20
SAID_FOR = timedelta(minutes=2)


class Run:
    """One go at asking about some shipments; it goes on whatever page is looked at."""

    def __init__(self, runtime: Runtime, shipment_nos: Sequence[str]) -> None:
        self.total, self.done = len(shipment_nos), 0
        self.report: Report | None = None
        self.trouble = ""
        self.ended: datetime | None = None
        self.stop, self.over = threading.Event(), threading.Event()
        self._runtime, self._shipment_nos = runtime, shipment_nos
        threading.Thread(target=self._work, name="refresh by hand", daemon=True).start()

    def _work(self) -> None:
        tracker = self._runtime.tracker
        try:
            self.report = polling.refresh_now(tracker, self._shipment_nos, progress=self._heard, cancel=self.stop.is_set)
        except ShipdeskError as error:
            self.trouble = str(error)
        except Exception as error:
            self.trouble = (
                f"Tracking was not refreshed. It is our fault, not yours. Error id {messages.fault(error)} is in the log."
            )
        self.ended = self._runtime.now()
        self.over.set()

    def _heard(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def start(runtime: Runtime, place: str, shipment_nos: Sequence[str]) -> None:
    """Begins to ask about these shipments; one go at a time for a place: the list, or one shipment."""
    going = run_of(place)
    if shipment_nos and (going is None or going.ended):
        st.session_state[_key(place)] = Run(runtime, list(shipment_nos))


def run_of(place: str) -> Run | None:
    """The last go at this place, running or over."""
    run: Run | None = st.session_state.get(_key(place))
    return run


def forget(place: str) -> None:
    """Takes what came of the last go out of sight."""
    st.session_state.pop(_key(place), None)


def button(runtime: Runtime, shipment_no: str) -> None:
    """[Refresh tracking] of one shipment."""
    st.button(
        "Refresh tracking",
        key=f"refresh:{shipment_no}",
        icon=":material/refresh:",
        disabled=_going(shipment_no),
        help="Asks the carrier now, at most once a minute",
        on_click=start,
        args=(runtime, shipment_no, [shipment_no]),
    )


def listed(runtime: Runtime, wanted: Selection, order: Order, page: Page) -> None:
    """[Refresh tracking] of what is listed: this page, or the whole view."""
    here = [row["shipment_no"] for row in page.rows]
    choices: dict[str, Callable[[], Sequence[str]]] = {f"This page, {formats.count(len(here))}": lambda: here}
    if len(here) < page.total <= MOST:
        choices[f"All {formats.count(page.total)} of this view"] = lambda: _whole_view(runtime, wanted, order)
    common = {"icon": ":material/refresh:", "disabled": not here or _going(LIST), "help": "At most once a minute per number"}
    if len(here) == page.total:
        st.button("Refresh tracking", key="refresh:list", on_click=start, args=(runtime, LIST, here), **common)  # type: ignore[arg-type]
        return

    def chosen() -> None:
        choice = st.session_state["refresh:menu"]
        if choice in choices:
            start(runtime, LIST, choices[choice]())

    st.menu_button("Refresh tracking", list(choices), key="refresh:menu", on_click=chosen, **common)  # type: ignore[arg-type]


def selected(runtime: Runtime) -> None:
    """[Refresh N] of the selected rows, when there are some."""
    numbers = selection(TABLE)
    if numbers:
        st.button(
            f"Refresh {formats.count(len(numbers))}",
            key="refresh:selected",
            icon=":material/refresh:",
            disabled=_going(LIST),
            help="Asks the carriers about the selected shipments now",
            on_click=start,
            args=(runtime, LIST, numbers),
        )


def status(runtime: Runtime) -> None:
    """How far the list's go is, with [Cancel]; afterwards what came of it."""
    run = run_of(LIST)
    if run is None:
        return
    if run.ended is None:
        with st.container(horizontal=True, width="content", wrap=False):
            watch(run, st.rerun)
    else:
        _outcome(run)


@st.fragment(run_every=POLL)
def watch(run: Run, over: Callable[[], object]) -> None:
    """The progress of a go, looked at again and again; `over` is called once it has ended."""
    if run.ended:
        over()
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", wrap=False):
        words = "Stopping" if run.stop.is_set() else f"Asking: {run.done:,} of {run.total:,}"
        st.progress(run.done / run.total if run.total else 0.0, text=words, width=180)
        st.button("Cancel", key="refresh:cancel", type="tertiary", disabled=run.stop.is_set(), on_click=run.stop.set)


def told(run: Run, now: datetime) -> str:
    """What came of asking about one shipment, in a sentence; "" once that is long ago."""
    if run.ended is None or now - run.ended > SAID_FOR:
        return ""
    report = run.report
    if report is None:
        return run.trouble
    if report.failures:
        return report.failures[0].reason
    if report.too_soon:
        return "Asked less than a minute ago, or being asked. Try again in a minute."
    if report.untracked or report.unknown:
        return "No service can be asked about this number now."
    return "Asked just now: there is news." if report.events else "Asked just now: nothing new."


def reasons(report: Report) -> list[str]:
    """Why numbers could not be asked about, with how many of them, the most frequent first."""
    counted = Counter(failure.reason for failure in report.failures)
    return [f"{count:,} × {reason}" for reason, count in counted.most_common()]


def _outcome(run: Run) -> None:
    report = run.report
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", wrap=False):
        said = replace(report, failed=0).message if report else run.trouble
        st.caption(formats.plain(said), width="content")
        if report and report.failures:
            with st.popover(f"{report.failed:,} failed", icon=":material/warning:", type="tertiary"):
                _failures(report)
        st.button(
            "", key="refresh:forget", icon=":material/close:", type="tertiary", help="Close", on_click=forget, args=(LIST,)
        )


def _failures(report: Report) -> None:
    st.markdown("**The last good state of these stays. They are asked again by themselves.**")
    st.markdown("  \n".join(formats.plain(line) for line in reasons(report)))
    named = [failure.shipment_no for failure in report.failures[:MOST_NAMED]]
    more = report.failed - len(named)
    st.caption(formats.plain(", ".join(named)) + (f" and {more:,} more" if more > 0 else ""))


def _whole_view(runtime: Runtime, wanted: Selection, order: Order) -> Sequence[str]:
    table = queries.everything(runtime.store, wanted, order, zone=runtime.settings.zone, now=runtime.now())
    numbers: list[str] = table["shipment_no"].to_pylist()
    return numbers


def _going(place: str) -> bool:
    run = run_of(place)
    return run is not None and run.ended is None


def _key(place: str) -> str:
    return f"refreshing:{place}"
