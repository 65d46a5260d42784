"""Files to take along: a menu of the formats, or one button. Their bytes are made when they are asked for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import runtime as runtimes
from core.domain import permissions
from core.domain.errors import ShipdeskError, Unavailable
from core.domain.permissions import Act
from core.files.write import TYPES, FileType, Format
from core.ui.kit import messages, who


def menu(label: str, *, key: str | None = None, disabled: bool = False) -> DeltaGenerator:
    """The place that opens for `buttons` and what else is to choose: used by `with`."""
    return st.popover(label, icon=":material/download:", key=key, disabled=disabled)


def buttons(
    make: Callable[[Format], bytes],
    *,
    name: str,
    at: datetime,
    key: str,
    types: Mapping[Format, FileType] = TYPES,
) -> None:
    """One button for each format of the same rows, as files `name-20261116-0912.xlsx`."""
    for form, type_ in types.items():
        st.download_button(
            type_.label,
            _by_whom(partial(make, form)),
            file_name=f"{name}-{at:%Y%m%d-%H%M}.{type_.ending}",
            mime=type_.mime,
            key=f"{key}:{form}",
            type="tertiary",
            on_click="ignore",
        )


def button(
    label: str,
    make: Callable[[], bytes],
    *,
    file_name: str,
    key: str,
    form: Format = Format.XLSX,
    look: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str | None = ":material/download:",
) -> None:
    """One file in one format."""
    st.download_button(
        label,
        _by_whom(make),
        file_name=file_name,
        mime=TYPES[form].mime,
        key=key,
        type=look,
        icon=icon,
        on_click="ignore",
    )


def _by_whom(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The server makes it beside the page and asks nobody: here it is made for whoever pressed, as `who.visit` says by then."""

    def made() -> bytes:
        permissions.require(who.person(runtimes.get()), Act.EXPORT)
        return told(make)

    return who.for_this_tab(made)


def told(make: Callable[[], bytes]) -> bytes:
    """What it makes. A fault of ours becomes its sentence: the server logs what it is given, and an error's own words may hold data."""
    try:
        return make()
    except ShipdeskError:
        raise
    except Exception as error:
        raise Unavailable(messages.our_fault(error)) from None
