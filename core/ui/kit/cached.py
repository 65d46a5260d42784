"""Answers cached for all visitors as long as nothing is written, in each language by itself, or for a moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import streamlit as st

from core.domain import permissions
from core.domain.language import speech
from core.domain.permissions import Act
from core.domain.selection import Counts, Selection
from core.runtime import Runtime
from core.services.shipments import queries
from core.ui.kit import who

MOMENT: Final = 2.0
"""Seconds for which those who look again by themselves share an answer, while carriers' news are written all the time."""


def answer(runtime: Runtime, question: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """The answer to the question, asked again only after something was written. Whoever asks must not change it.

    What is personal has no place in it: the same answer is for everybody who may see the desk.
    """
    return _of_state(runtime, ("all", runtime.store.changes, *question), ask)


def of_people(runtime: Runtime, question: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """The same, of what no news of a carrier changes."""
    return _of_state(runtime, ("people", runtime.store.changes_by_people, *question), ask)


def _of_state(runtime: Runtime, question: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """The question holds the count of changes, which is read before asking: it can only be too old."""
    permissions.require(who.person(runtime), Act.SEE)
    return _asked(f"{speech().language} {runtime.settings.place} {question}", ask)


def choices(runtime: Runtime) -> dict[str, list[str]]:
    """What filters offer: the warehouses, policies, options, carriers and countries in use, and who has shipments in hand."""
    found: dict[str, list[str]] = of_people(
        runtime, ("choices",), lambda: queries.choices(runtime.store, person=who.person(runtime))
    )
    return found


def counts(runtime: Runtime, wanted: Selection, *, since: int) -> Counts:
    """How many shipments the tabs hold, as of the last moment, and never from before the change `since`."""
    visit = who.visit(runtime)
    if wanted.search.values:
        return queries.counts(runtime.store, wanted, visit=visit)
    visit.require()
    found: Counts = lately(f"{runtime.settings.place} {wanted.link}").answer(
        lambda: runtime.store.changes, since, lambda: queries.counts(runtime.store, wanted, visit=visit)
    )
    return found


@dataclass
class Lately:
    """The last answer, when it was asked and what was written by then. One asks, the others wait for that answer."""

    held: Any = None
    changes: int = -1
    at: float = 0.0
    asking: Lock = field(default_factory=Lock)

    def answer(self, changes: Callable[[], int], since: int, ask: Callable[[], Any]) -> Any:
        with self.asking:
            if self.held is None or self.changes < since or time.monotonic() - self.at > MOMENT:
                seen = changes()
                if self.held is None or seen != self.changes:
                    self.held = ask()
                self.changes, self.at = seen, time.monotonic()
            return self.held


@st.cache_resource(max_entries=300, show_spinner=False)
def lately(question: str) -> Lately:
    """The answer to this question that those who look again by themselves share."""
    return Lately()


@st.cache_resource(max_entries=300, show_spinner=False)
def _asked(question: str, _ask: Callable[[], Any]) -> Any:
    return _ask()
