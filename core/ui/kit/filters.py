"""The filters of a list of shipments, made from the table of dimensions: controls that show the link and write into it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.domain import labels
from core.domain.dimensions import Wording
from core.domain.language import tr
from core.domain.selection import DIMENSIONS, Selection, one_of, several
from core.files.countries import country_names
from core.runtime import Runtime
from core.ui.kit import links
from core.ui.kit.table import select

TABLE = "shipments"
DESTINATIONS = labels.DESTINATIONS


def wording(runtime: Runtime) -> Wording:
    """What filters are said with today."""
    return Wording.of(runtime.rules, country_names(), runtime.now().astimezone(runtime.settings.zone).date())


def put(**changes: str | Sequence[str] | None) -> None:
    """Writes the changes into the link at once, starting at page one again and with nothing selected."""
    links.put(page=None, **changes)
    select(TABLE)


def cleared(*but: str) -> dict[str, None]:
    """The changes to the link that take away every filter, or every one `but` these."""
    filters = [one for one in DIMENSIONS.values() if one.filters and one.name not in but]
    return dict.fromkeys(key for one in filters for key in one.cleared)


def clear() -> None:
    """Takes every filter out of the link; tab and destination stay."""
    put(**cleared())


def without(name: str) -> dict[str, None]:
    """The changes to the link that take this filter away."""
    return dict.fromkeys(DIMENSIONS[name].cleared)


def optional(wanted: Selection, choices: Mapping[str, Sequence[str]], words: Wording) -> None:
    """[Optional +]: a box for every dimension of which several values may be chosen."""
    with st.popover(tr("Optional"), icon=":material/add:"):
        for one in several():
            if not one.offered:
                continue
            chosen = list(wanted[one.name])
            offered = list(dict.fromkeys([*(one.values or choices[one.name]), *chosen]))
            shown(one.name, chosen)
            st.multiselect(
                one.label,
                offered,
                key=one.name,
                format_func=partial(one.called, wording=words),
                placeholder=tr("All"),
                on_change=written(one.name),
            )


def side_by_side(
    name: str, value: Any, *, key: str = "", names: Mapping[Any, str] | None = None, write: Callable[..., None] = put
) -> None:
    """The values of a dimension of which one holds; `key` is the control's, `names` what the values are called here."""
    dimension = one_of(name)
    key, called = key or dimension.keys[0], names or dimension.names
    shown(key, value)
    st.segmented_control(
        dimension.label,
        list(called),
        required=True,
        key=key,
        label_visibility="collapsed",
        format_func=called.__getitem__,
        on_change=lambda: write(**{dimension.keys[0]: str(st.session_state[key])}),
    )


def shown(key: str, value: Any) -> None:
    """The link is the truth: the control shows what it says."""
    st.session_state[key] = value


def written(key: str) -> Callable[[], None]:
    """What writes the control's value into the link's parameter of the same name."""

    def write() -> None:
        value = st.session_state[key]
        put(**{key: [str(one) for one in value] if isinstance(value, list) else None if value is None else str(value)})

    return write
