"""A file that was dropped on one page and is for another: it goes along."""

from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import uuid4

import streamlit as st

_FILE: Final = "dropped:file"
DATA, UPLOAD = "../../pages/data.py", "../../pages/upload.py"


class GivenFile(Protocol):
    """A file as a box for files gives it."""

    @property
    def name(self) -> str: ...

    @property
    def file_id(self) -> str: ...

    def getvalue(self) -> bytes: ...


@dataclass(frozen=True)
class DroppedFile:
    """A file on its way to the page that takes it."""

    name: str
    page: str
    data: bytes = field(repr=False)
    file_id: str = field(default_factory=lambda: uuid4().hex)

    def getvalue(self) -> bytes:
        return self.data


def carry(label: str, file: GivenFile, page: str, *, key: str) -> None:
    """A button that opens the page with this file."""
    if st.button(label, key=key, type="primary", icon=":material/arrow_forward:"):
        st.session_state[_FILE] = DroppedFile(file.name, page, file.getvalue())
        st.switch_page(page)


def brought(page: str) -> DroppedFile | None:
    """The file that came along to this page; None where none did."""
    file: DroppedFile | None = st.session_state.get(_FILE)
    return file if file and file.page == page else None


def forget() -> None:
    """The file is let go of."""
    st.session_state.pop(_FILE, None)
