"""What became of ending several shipments by hand in one go, with the way back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from core.domain.history import ChangeSource
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Reason
from core.runtime import Runtime
from core.services.shipments import undo
from core.services.shipments.changes import Request
from core.services.shipments.closing import Closing
from core.ui.kit import formats, messages, who
from core.ui.kit.sentences import ClosedText

MOST_NAMED: Final = 5


def forget(place: str) -> None:
    """Says nothing of an earlier press there any more."""
    st.session_state.pop(f"{place}:answer", None)


def press(place: str, act: Callable[[], object]) -> bool:
    """Does what was pressed there, and keeps what became of it until it is said; whether it was done."""
    try:
        st.session_state[f"{place}:answer"] = act()
    except Exception as error:
        st.session_state[f"{place}:answer"] = messages.why(error)
        return False
    return True


@dataclass(frozen=True)
class Words:
    """What is said of a batch: its title, what it is, and of one that is undone how its shipments are now."""

    title: Reason = ClosedText.CLOSED
    batch: Reason = ClosedText.BATCH
    back: Reason = ClosedText.OPEN_AGAIN
    named: Mapping[str, Any] = field(default_factory=dict)


def say(runtime: Runtime, place: str, words: Words = Words()) -> None:
    """The answer to the last press there."""
    match st.session_state.get(f"{place}:answer"):
        case str(refusal):
            st.error(formats.plain(refusal), icon=":material/block:")
        case Closing() as done:
            _say_closed(runtime, place, done, words)
        case list() as answers:
            stayed = [str(one.stayed) for one in answers if one.stayed]
            show = st.warning if stayed else st.success
            back = str(ClosedText.BACK(count=len(answers) - len(stayed)))
            show(_named(stayed) or str(words.back()), title=back, icon=":material/undo:")


def _say_closed(runtime: Runtime, place: str, done: Closing, words: Words) -> None:
    stayed = [str(why) for why in done.stayed]
    show = st.warning if stayed else st.success
    show(
        _named(stayed) or (str(words.batch(batch=done.batch)) if done.batch is not None else None),
        title=str(words.title(count=done.closed, **words.named)),
        icon=":material/done_all:",
    )
    if done.batch is not None:
        st.button(
            tr("Undo"),
            key=f"{place}:undo",
            icon=":material/undo:",
            on_click=_undo,
            args=(runtime, place, done.batch),
            **who.limits(runtime, Act.UNDO_OWN),
        )


def _undo(runtime: Runtime, place: str, batch: int) -> None:
    request = Request(who.actor(runtime, ChangeSource.UNDO), runtime.now(), request_key=f"undo of {batch}")
    press(place, lambda: undo.undo(runtime.store, batch, home=runtime.settings.home, request=request))


def _named(stayed: Sequence[str]) -> str:
    lines = [formats.plain(text) for text in stayed[:MOST_NAMED]]
    more = len(stayed) - len(lines)
    return "  \n".join([*lines, *([str(ClosedText.MORE(count=more))] if more else [])])
