"""Answers that are kept for all visitors as long as nothing is written."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.runtime import Runtime
from core.services.shipments import queries


def answer(runtime: Runtime, question: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """The answer to the question, asked again only after something was written. Whoever asks must not change it."""
    # The count is read before asking: it can only be too old.
    return _asked(f"{runtime.store.path} {runtime.store.changes} {question}", ask)


def choices(runtime: Runtime) -> dict[str, list[str]]:
    """What filters offer: the values in use of each dimension, such as warehouses and countries."""
    found: dict[str, list[str]] = answer(runtime, ("choices",), lambda: queries.choices(runtime.store))
    return found


@st.cache_resource(max_entries=300, show_spinner=False)
def _asked(question: str, _ask: Callable[[], Any]) -> Any:
    return _ask()
