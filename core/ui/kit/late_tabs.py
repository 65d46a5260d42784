"""A tab that has not heard yet that a box was taken away cannot change it: Streamlit would take what the tab still holds for a person's choice."""

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state import SessionState

_PRESSED = "trigger_value"
_set = SessionState.set_widgets_from_proto


def _set_what_is_there(self: SessionState, widget_states: WidgetStates) -> None:
    """Keeps out the values of boxes that the session has known and has no more. A press stays one: what it does, it checks itself."""
    known = self._new_widget_state.widget_metadata
    kept = [
        one
        for one in widget_states.widgets
        if one.id in self._old_state or one.id not in known or str(one.WhichOneof("value")).endswith(_PRESSED)
    ]
    _set(self, WidgetStates(widgets=kept))


def keep_out() -> None:
    """From now on, in every session of this process."""
    SessionState.set_widgets_from_proto = _set_what_is_there  # type: ignore[method-assign]
