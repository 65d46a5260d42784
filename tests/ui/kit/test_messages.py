"""What people are told of an error: whole sentences with an id, each in its own place, and nothing of the error's own words."""

import logging

import pytest
from streamlit.testing.v1 import AppTest


def two_broken_panels() -> None:
    import streamlit as st

    from core.domain.errors import Unavailable
    from core.ui.kit import messages

    with messages.guarded("The left"):
        raise ValueError("secret of the left")
    with messages.guarded("The left"):
        raise ValueError("secret of the left")
    with messages.guarded("The right"):
        raise Unavailable("The database is *busy*.")
    st.write("the rest")


def test_each_broken_panel_has_its_own_sentence_and_the_rest_is_drawn() -> None:
    app = AppTest.from_function(two_broken_panels).run()
    said = [element.value for element in app.markdown]
    assert not app.exception
    assert [text for text in said if "could not be loaded" in text] == [
        "**The left could not be loaded**",
        "**The left could not be loaded**",
        "**The right could not be loaded**",
    ]
    assert len(app.button) == 3
    assert r"The database is \*busy\*\." in said
    assert said[-1] == "the rest"


def test_a_fault_is_told_by_an_id_that_is_in_the_log_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        app = AppTest.from_function(two_broken_panels).run()
    said = next(element.value for element in app.markdown if "Error id" in element.value)
    assert said.split("Error id ")[1].split(" ")[0] in caplog.text
    assert "secret" not in caplog.text + " ".join(element.value for element in app.markdown)


def unforeseen_troubles() -> None:
    import streamlit as st

    from core.domain.errors import Unavailable
    from core.ui.kit import messages

    assert messages.unforeseen(Unavailable("The database is *busy*."))
    assert messages.unforeseen(ValueError("secret of the page"))
    st.write("the rest")


def test_what_nothing_caught_is_a_refusal_in_its_own_words_or_a_fault_with_an_id() -> None:
    said = [element.value for element in AppTest.from_function(unforeseen_troubles).run().markdown]
    assert r"The database is \*busy\*\." in said
    assert sum("Error id" in text for text in said) == 1
    assert "secret" not in " ".join(said) and said[-1] == "the rest"
