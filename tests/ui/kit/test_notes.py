"""What came of a press is said until it could be read, and no longer."""

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.kit import notes


def page() -> None:
    import streamlit as st

    from core.ui.kit import notes

    st.button("Save", on_click=notes.keep, args=("place", "Saved"))
    if said := notes.kept("place"):
        st.success(said)


def test_an_answer_outlives_a_page_that_draws_itself_anew_at_once() -> None:
    at = AppTest.from_function(page).run()
    assert not at.success
    at.button[0].click().run()
    at.run()
    assert [one.value for one in at.success] == ["Saved"]


def test_it_is_gone_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "_SAID_FOR", 0.0)
    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    at.run()
    assert not at.success
