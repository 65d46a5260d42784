"""What became of ending several shipments by hand in one go, with the way back."""

from collections.abc import Callable, Sequence
from typing import Final

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


def say(runtime: Runtime, place: str, title: Reason = ClosedText.CLOSED) -> None:
    """The answer to the last press there."""
    match st.session_state.get(f"{place}:answer"):
        case str(refusal):
            st.error(formats.plain(refusal), icon=":material/block:")
        case Closing() as done:
            _say_closed(runtime, place, done, title)
        case list() as answers:
            stayed = [str(one.stayed) for one in answers if one.stayed]
            show = st.warning if stayed else st.success
            back = str(ClosedText.BACK(count=len(answers) - len(stayed)))
            show(named(stayed) or str(ClosedText.OPEN_AGAIN()), title=back, icon=":material/undo:")


def _say_closed(runtime: Runtime, place: str, done: Closing, title: Reason) -> None:
    stayed = [str(why) for why in done.stayed]
    show = st.warning if stayed else st.success
    show(
        named(stayed) or str(ClosedText.BATCH(batch=done.batch)),
        title=str(title(count=done.closed)),
        icon=":material/done_all:",
    )
    if done.batch is not None:
        st.button(
            tr("Undo"),
            key=f"{place}:undo",
            icon=":material/undo:",
            on_click=take_back,
            args=(runtime, place, done.batch),
            **who.limits(runtime, Act.UNDO_OWN),
        )


def take_back(runtime: Runtime, place: str, batch: int) -> None:
    """Undoes the batch, and keeps what became of that until it is said there."""
    request = Request(who.actor(runtime, ChangeSource.UNDO), runtime.now(), request_key=undo.key_of(batch))
    press(place, lambda: undo.undo(runtime.store, batch, home=runtime.settings.home, request=request))


def named(stayed: Sequence[str]) -> str:
    """The first of the reasons why shipments stayed, as Markdown, and how many more there are."""
    lines = [formats.plain(text) for text in stayed[:MOST_NAMED]]
    more = len(stayed) - len(lines)
    return "  \n".join([*lines, *([str(ClosedText.MORE(count=more))] if more else [])])
