"""The frame around every page: the logo, the navigation, the width of the page, that nothing can be saved, and what became of work that a lost session held."""

import streamlit as st

from core import runtime
from core.config import ROOT
from core.domain.language import tr
from core.domain.permissions import Act, may
from core.ui.kit import desk_bar, first_page, languages, page_title, paper, paused, sign_in, unfinished, who

PAGES = ROOT / "pages"
LOGO = ROOT / "core" / "ui" / "kit" / "assets" / "logo.svg"


def run() -> None:
    """Draws the frame and the page that the link names; until somebody is let in, the page to sign in and nothing else."""
    st.set_page_config(page_title=page_title.NAME, page_icon=str(LOGO), layout="wide")
    opened = runtime.get()
    admitted = who.admission(opened)
    who.drawn_for(opened)
    languages.begin(opened, admitted.person)
    manages = may(admitted.person, Act.MANAGE_PEOPLE) and opened.settings.sign_in is not None
    pages = [
        st.Page(PAGES / "overview.py", title=tr("Overview"), icon=":material/monitoring:"),
        st.Page(PAGES / "shipments.py", title=tr("Shipments"), icon=":material/view_list:"),
        st.Page(PAGES / "register.py", title=tr("Register"), icon=":material/barcode_scanner:"),
        st.Page(PAGES / "upload.py", title=tr("Upload"), icon=":material/upload_file:"),
        st.Page(PAGES / "delays.py", title=tr("Delays"), icon=":material/schedule:"),
        st.Page(PAGES / "carriers.py", title=tr("Carriers"), icon=":material/local_shipping:"),
        st.Page(PAGES / "data.py", title=tr("Data"), icon=":material/database:"),
        st.Page(
            PAGES / "people.py", title=tr("People"), icon=":material/group:", visibility="visible" if manages else "hidden"
        ),
        st.Page(PAGES / "shipment.py", title=tr("Shipment"), visibility="hidden"),
        st.Page(PAGES / "packing_list.py", title=tr("Packing list"), visibility="hidden"),
        st.Page(PAGES / "not_found.py", title=tr("No such page"), visibility="hidden"),
        # The default page has no address of its own but "/", so it is the list once more.
        st.Page(PAGES / "shipments.py", title=tr("Shipments"), url_path="home", default=True, visibility="hidden"),
    ]
    page = st.navigation(pages, position="top" if admitted.person.role else "hidden")
    desk_bar.leave()
    st.logo(str(LOGO), size="medium")
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
