"""An empty page of Streamlit, wide and under a navigation like the desk's: what every opening is measured against."""

import streamlit as st

from core.config import ROOT

st.set_page_config(page_title="Empty", layout="wide")
names = [path.stem for path in sorted((ROOT / "pages").glob("*.py"))]
pages = [st.Page(lambda: st.header("Empty", anchor=False), title=name.capitalize(), url_path=name) for name in names[:7]]
page = st.navigation(pages, position="top")
st.logo(str(ROOT / "core" / "ui" / "kit" / "assets" / "logo.svg"), size="medium")
page.run()
