"""The language of this browser tab: what its person chose, else the browser's; and where it is chosen."""

from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import languages
from core.domain.language import ENGLISH, Language, Speech, Vocabulary, ask_readers, speak, tr
from core.domain.people import Person
from core.runtime import Runtime
from core.services.people import preferences
from core.ui.kit import shared
from core.ui.kit.components import component

NAMES: Final = {Language.ENGLISH: "English", Language.KOREAN: "한국어", Language.JAPANESE: "日本語"}
"""What the languages call themselves."""
_SPOKEN: Final = "language:spoken"
_CHOSEN: Final = "language"
_WORDS: Final = Vocabulary(
    {
        "skip": "Skip to the page",
        "pages": "Pages",
        "upload": "Choose a file",
        "more": "More",
        "home": "Navigate to home page",
        "menu": "Expand sidebar",
        "previous": "Previous page",
        "next": "Next page",
        "turning": "Pages of this list",
        "close": shared.CLOSE_BOX,
        "list": "Open the list",
        "clear": "Clear",
        "increment": "One more",
        "decrement": "One less",
        "password": "Show the password",
        "hidden": "Hide the password",
        "chosen": "What was chosen",
        "notices": "Notices",
        "explained": "Help",
        "copy": "Copy",
        "copied": "Copied",
        "help": "Help for {what}",
        "shortcut": "Shortcut {what}",
        "options": "Choices: {what}",
        "selected": "{what}, chosen",
        "page": "Page {what}",
        "remove": "Remove {what}",
        "cancel": "Cancel the upload of {what}",
    }
)
"""What Streamlit says in English only."""
_mount = component("shipdesk_language", "<span></span>", "focus.js", "theme.js", "language.js")


def begin(runtime: Runtime, person: Person) -> None:
    """The page that is drawn now speaks the language of the person, or of the browser as long as nobody is let in."""
    known = st.session_state.get(_SPOKEN)
    if known is None or known[0] != person:
        chosen = preferences.language(runtime.store, person=person) if person.role else None
        known = st.session_state[_SPOKEN] = person, chosen or _of_browser()
    speak(languages.speech_of(known[1]))
    _mount(key="language-of-page", data={"language": known[1], "words": dict(_WORDS)}, on_theme_change=lambda: None)


def choice(runtime: Runtime, person: Person) -> None:
    """The languages to choose from, each by its own name."""

    st.session_state[_CHOSEN] = _of_tab().language
    st.selectbox(
        tr("Language"),
        list(Language),
        key=_CHOSEN,
        format_func=NAMES.__getitem__,
        on_change=lambda: choose(runtime, person, Language(st.session_state[_CHOSEN])),
        filter_mode=None,
        width=180,
    )


def choose(runtime: Runtime, person: Person, wanted: Language) -> None:
    """From now on the person reads this language, here from the next run on."""
    preferences.choose_language(runtime.store, wanted, person=person, now=runtime.now())
    st.session_state[_SPOKEN] = person, wanted
    speak(languages.speech_of(wanted))


def _of_tab() -> Speech:
    """Threads of the server's own, which no tab belongs to, speak English."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    known = st.session_state.get(_SPOKEN)
    return languages.speech_of(known[1] if known else _of_browser())


def _of_browser() -> Language:
    accepted = st.context.headers.get("Accept-Language", "")
    return languages.understood(one.split(";")[0] for one in (st.context.locale or "", *accepted.split(",")))


ask_readers(_of_tab)
