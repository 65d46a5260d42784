"""The pages of the desk are looked up once in each language, and each run has its own."""

from streamlit.testing.v1 import AppTest

RUN = """
import streamlit as st
from core.domain.language import Language, speaking
from core.languages import speech_of
from core.ui.kit import navigation

def titles(pages):
    return [page.title for page in pages if page.visibility == "visible"]

first, second, theirs = navigation.pages(False), navigation.pages(False), navigation.pages(True)
with speaking(speech_of(Language.KOREAN)):
    korean = navigation.pages(False)
st.session_state.titles = {"first": titles(first), "second": titles(second), "theirs": titles(theirs), "korean": titles(korean)}
st.session_state.shared = [one.title for one, other in zip(first, second) if one is other]
"""


def test_each_run_has_its_own_pages_in_its_language() -> None:
    app = AppTest.from_string(RUN, default_timeout=60).run()
    assert not app.exception
    titles = app.session_state.titles
    assert titles["first"] == titles["second"] and titles["theirs"] == [*titles["first"], "People"]
    assert len(titles["korean"]) == len(titles["first"]) and not set(titles["korean"]) & set(titles["first"])
    assert app.session_state.shared == []
