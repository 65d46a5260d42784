"""Shipments of one number in several spellings, which an older version let come to be: which they are."""

import streamlit as st

from core.domain.reasons import Names
from core.runtime import Runtime
from core.services.shipments import queries
from core.ui.data.sentences import TwinText
from core.ui.kit import cached, formats, who

MOST_NAMED = 8


def say(runtime: Runtime) -> None:
    """A warning while there are some."""
    twins: list[tuple[str, ...]] = cached.answer(
        runtime, ("twins",), lambda: queries.twins(runtime.store, person=who.person(runtime))
    )
    if not twins:
        return
    named = [str(TwinText.PAIR(numbers=Names(map(formats.plain, numbers)))) for numbers in twins[:MOST_NAMED]]
    more = [str(TwinText.MORE(count=len(twins) - MOST_NAMED))] if len(twins) > MOST_NAMED else []
    st.warning(
        "  \n".join([str(TwinText.EACH()), *named, *more]),
        title=str(TwinText.TITLE(count=len(twins))),
        icon=":material/content_copy:",
    )
