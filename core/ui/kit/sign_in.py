"""Who is here, in the corner of every page; and the page that stands in place of all others until somebody is let in."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

import streamlit as st

from core.domain import labels
from core.domain.language import tr
from core.domain.permissions import Act, may
from core.domain.sign_in import UNNAMED, Admission, NotLetIn
from core.runtime import Runtime
from core.ui.kit import formats, languages
from core.ui.kit.components import component
from core.ui.kit.fragments import fragment
from core.ui.kit.sentences import SignInText

LOOKED_AT_EVERY: Final = 10
"""Seconds between two looks at whether whoever is here still may be."""
_CORNER: Final = "who-is-here"
_AGAIN: Final = (NotLetIn.EXPIRED, NotLetIn.ENDED)
_mount = component("shipdesk_sign_in", "<span></span>", "tab.js", "sign_in.js")


def corner(runtime: Runtime, admitted: Admission, *, beside: Callable[[], None], choices: Callable[[], str]) -> None:
    """Who is here, in which role, and [Sign out]; that nobody signs in, where nobody does.

    `beside` draws what stands before it, `choices` what else they choose for themselves, and says where the desk opens for them.
    """
    with st.container(key=_CORNER, horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        beside()
        if runtime.settings.sign_in is None:
            label = str(SignInText.THIS_MACHINE(name=formats.plain(admitted.person.name)))
            with st.popover(label, icon=":material/computer:", type="tertiary", key="who"):
                st.text(str(SignInText.THIS_MACHINE_MEANS()))
                languages.choice(runtime, admitted.person)
                choices()
            return
        _note(admitted, _menu(runtime, admitted, choices))
    _watch()


def page(runtime: Runtime, refused: Admission) -> None:
    """In place of every page: a button for each way to sign in, or why somebody is not let in."""
    _note(refused)
    st.space("large")
    with (
        st.container(horizontal_alignment="center"),
        st.container(border=True, width=420, gap="small", key="sign-in"),
    ):
        again = refused.why is not None and refused.why.reason in _AGAIN
        st.header(str(SignInText.TITLE("again" if again else "refused" if refused.why else "first")), anchor=False)
        # Markdown would make a link of an e-mail address.
        st.text(str(refused.why or SignInText.WITH_ACCOUNT()))
        if again or refused.why is None:
            _ways_in(runtime)
        if refused.identity:
            st.button(
                tr("Sign out"),
                icon=":material/logout:",
                key="sign-out",
                on_click=_sign_out,
                args=(runtime, refused),
                width="stretch",
            )


def _ways_in(runtime: Runtime) -> None:
    rules = runtime.settings.sign_in
    providers = rules.providers if rules else ()
    for name in providers:
        st.button(
            str(SignInText.WITH("one" if name == UNNAMED else "named", provider=_title(name))),
            key=f"sign-in:{name}",
            icon=":material/login:",
            type="primary" if len(providers) == 1 else "secondary",
            width="stretch",
            on_click=st.login,
            args=(name,),
        )


def _title(provider: str) -> str:
    return formats.plain(provider.replace("-", " ").capitalize())


def _menu(runtime: Runtime, admitted: Admission, choices: Callable[[], str]) -> str:
    person = admitted.person
    assert person.role
    with st.popover(formats.plain(person.name), icon=":material/account_circle:", type="tertiary", key="who"):
        st.text(str(SignInText.HERE_AS(name=person.name, role=labels.ROLES[person.role])))
        if may(person, Act.MANAGE_PEOPLE):
            st.page_link("../../pages/people.py", label=tr("People"), icon=":material/group:")
        languages.choice(runtime, person)
        first = choices()
        st.button(tr("Sign out"), icon=":material/logout:", key="sign-out", on_click=_sign_out, args=(runtime, admitted))
    return first


def _sign_out(runtime: Runtime, admitted: Admission) -> None:
    if admitted.identity:
        runtime.sign_ins.sign_out(admitted.identity)
    st.logout()


def _note(admitted: Admission, first: str = "") -> None:
    """Lets the browser tab remember where somebody was going until they are let in, and nothing of who was here before.

    `first` is the address that the desk opens with for them.
    """
    known = sha256(admitted.person.name.encode()).hexdigest()[:16] if admitted.person.role else ""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    home = f"/{base}/" if base else "/"
    _mount(key="sign-in-tab", data={"who": known, "gone": admitted.identity is None, "home": home, "first": first})


@fragment(run_every=LOOKED_AT_EVERY)
def _watch() -> None:
    """A page on which nothing else happens is taken away, too, once its person is not let in any more."""
