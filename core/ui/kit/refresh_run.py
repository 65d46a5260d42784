"""A refresh of tracking that a person asked for: carriers are asked in a thread of its own, the page only looks how far it is."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from core.domain.errors import ShipdeskError
from core.domain.language import tr
from core.domain.people import Person
from core.runtime import Runtime
from core.services.tracking import polling
from core.services.tracking.recording import RefreshReport
from core.ui.kit import messages, visitors, who
from core.ui.kit.fragments import fragment
from core.ui.kit.sentences import FaultText, RunText

POLL = 0.5
"""Seconds between two looks at how far it is."""


class Run:
    """One go at asking about some shipments; it goes on whatever page is looked at."""

    def __init__(self, runtime: Runtime, shipment_nos: Sequence[str], person: Person) -> None:
        self.total, self.done = len(shipment_nos), 0
        self.report: RefreshReport | None = None
        self.trouble = ""
        self.ended: datetime | None = None
        self.stop, self.over = threading.Event(), threading.Event()
        self._runtime, self._shipment_nos, self._person = runtime, shipment_nos, person
        threading.Thread(target=visitors.taken_along(self._work), name="refresh by hand", daemon=True).start()

    def _work(self) -> None:
        tracker = self._runtime.tracker
        try:
            self.report = polling.refresh_now(
                tracker, self._shipment_nos, person=self._person, progress=self._heard, cancel=self.stop.is_set
            )
        except ShipdeskError as error:
            self.trouble = str(error)
        except Exception as error:
            self.trouble = " ".join((str(FaultText.NOT_REFRESHED()), messages.our_fault(error)))
        self.ended = self._runtime.now()
        self.over.set()

    def _heard(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def start(runtime: Runtime, place: str, shipment_nos: Sequence[str]) -> None:
    """Begins to ask about these shipments; one go at a time for a place: the list, or a shipment's id."""
    if shipment_nos and not going(place):
        st.session_state[_key(place)] = Run(runtime, list(shipment_nos), who.person(runtime))


def run_of(place: str) -> Run | None:
    """The last go at this place, running or over."""
    run: Run | None = st.session_state.get(_key(place))
    return run


def going(place: str) -> bool:
    """Whether a go at this place is running."""
    run = run_of(place)
    return run is not None and run.ended is None


def forget(place: str) -> None:
    """Takes what came of the last go out of sight."""
    st.session_state.pop(_key(place), None)


@fragment(run_every=POLL)
def watch(run: Run, over: Callable[[], object]) -> None:
    """The progress of a go, looked at again and again; `over` is called once it has ended."""
    if run.ended:
        over()
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", wrap=False):
        words = str(RunText.STOPPING() if run.stop.is_set() else RunText.ASKING(done=run.done, total=run.total))
        st.progress(run.done / run.total if run.total else 0.0, text=words, width=180)
        key = f"refresh:cancel:{id(run)}"
        st.button(tr("Cancel"), key=key, type="tertiary", disabled=run.stop.is_set(), on_click=run.stop.set)


def _key(place: str) -> str:
    return f"refreshing:{place}"
