"""The frame around every page: the logo, the navigation, the width of the page, that nothing can be saved, and what became of work that a lost session held."""

import streamlit as st

from core import runtime
from core.domain.permissions import Act, may
from core.ui.kit import desk_bar, first_page, languages, navigation, page_title, paper, paused, sign_in, unfinished, who


def run() -> None:
    """Draws the frame and the page that the link names; until somebody is let in, the page to sign in and nothing else."""
    st.set_page_config(page_title=page_title.NAME, page_icon=page_title.LOGO, layout="wide")
    opened = runtime.get()
    admitted = who.admission(opened)
    who.drawn_for(opened)
    languages.begin(opened, admitted.person)
    manages = may(admitted.person, Act.MANAGE_PEOPLE) and opened.settings.sign_in is not None
    pages = navigation.pages(manages)
    page = st.navigation(pages, position="top" if admitted.person.role else "hidden")
    desk_bar.leave()
    st.logo(page_title.LOGO, size="medium")
    if st.context.theme.type == "dark":
        st.html(f"<style>{paper.of_dark()}</style>")
    if admitted.person.role is None:
        sign_in.page(opened, admitted)
        return
    opened.sign_ins.see(admitted)
    sign_in.corner(
        opened,
        admitted,
        beside=lambda: desk_bar.draw(opened, admitted.person, pages, page.url_path or first_page.DESK),
        choices=lambda: first_page.choice(opened, admitted.person, pages),
    )
    unfinished.hear(opened)
    paused.banner(opened)
    page_title.show(page.title)
    place = st.empty()
    page.run()
    unfinished.end(place)


run()
