"""Answers cached for all visitors as long as nothing is written, in each language by itself."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.domain import permissions
from core.domain.language import speech
from core.domain.permissions import Act
from core.runtime import Runtime
from core.services.shipments import queries
from core.ui.kit import who


def answer(runtime: Runtime, question: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """The answer to the question, asked again only after something was written. Whoever asks must not change it.

    What is personal has no place in it: the same answer is for everybody who may see the desk.
    """
    permissions.require(who.person(runtime), Act.SEE)
    # The count is read before asking: it can only be too old.
    return _asked(f"{speech().language} {runtime.store.path} {runtime.store.changes} {question}", ask)


def choices(runtime: Runtime) -> dict[str, list[str]]:
    """What filters offer: the warehouses, policies, options, carriers and countries in use."""
    found: dict[str, list[str]] = answer(
        runtime, ("choices",), lambda: queries.choices(runtime.store, person=who.person(runtime))
    )
    return found


@st.cache_resource(max_entries=300, show_spinner=False)
def _asked(question: str, _ask: Callable[[], Any]) -> Any:
    return _ask()
