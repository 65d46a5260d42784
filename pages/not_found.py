"""No such page: what was asked for, and a way on."""

import streamlit as st

from core.domain import phrases
from core.domain.language import tr
from core.domain.reasons import sentences
from core.ui.kit import formats, links
from core.ui.kit.sentences import AddressText

asked = st.query_params.get("path", "")[:120]

st.header(tr("There is no such page"), anchor=False)
nothing = AddressText.NOTHING("named" if asked else "unnamed", path=formats.plain(asked))
st.markdown(sentences([nothing, AddressText.GO_ON()]))
st.page_link(links.SHIPMENTS, label=tr(phrases.ALL_SHIPMENTS), icon=":material/arrow_forward:")
