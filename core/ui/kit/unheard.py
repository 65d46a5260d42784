"""What a tab says that has not heard yet what the desk drew meanwhile is taken as it was meant: Streamlit would take part of it for another
choice, and part of it for none.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state import SessionState

_PRESSED: Final = "trigger_value"
_COUNT: Final = re.compile(r"[\d.,*\s]+")
_set = SessionState.set_widgets_from_proto


def meant(text: str, offered: Sequence[str]) -> str:
    """The option as it is offered now: one with a count in it is known by its words, since the count may be another by now."""
    words = _COUNT.sub("", text)
    alike = [one for one in offered if words and _COUNT.sub("", one) == words]
    return alike[0] if text not in offered and len(alike) == 1 else text


def take_as_meant() -> None:
    """From now on, in every session of this process."""
    SessionState.set_widgets_from_proto = _set_as_meant  # type: ignore[method-assign]


def _set_as_meant(self: SessionState, widget_states: WidgetStates) -> None:
    """Keeps out the values of boxes that the session has known and has no more. A press stays one: what it does, it checks itself."""
    known = self._new_widget_state.widget_metadata
    kept = [
        _as_offered(one, known.get(one.id))
        for one in widget_states.widgets
        if one.id in self._old_state or one.id not in known or str(one.WhichOneof("value")).endswith(_PRESSED)
    ]
    _set(self, WidgetStates(widgets=kept))


def _as_offered(state: WidgetState, box: Any) -> WidgetState:
    offered: Sequence[str] = getattr(getattr(box and box.deserializer, "__self__", None), "formatted_options", ())
    taken = WidgetState(id=state.id)
    match state.WhichOneof("value") if offered else None:
        case "string_value":
            taken.string_value = meant(state.string_value, offered)
        case "string_array_value":
            # Also nothing is a choice.
            taken.string_array_value.SetInParent()
            taken.string_array_value.data.extend(meant(text, offered) for text in state.string_array_value.data)
        case _:
            return state
    return taken
