"""One shipment by link: `/shipment?no=S261115-03188`."""

import streamlit as st

from core import runtime as runtimes
from core.domain import phrases
from core.domain.language import tr
from core.ui.kit import formats, messages, notes, page_title, shared, shipment_drawer, unfinished, walking
from core.ui.kit.unfinished import OpenKind
from core.ui.shipment import panel
from core.ui.shipment.sentences import PanelText

runtime = runtimes.get()
notes.pop_changed()
shipment_drawer.reopen_form(unfinished.take(OpenKind.FORM))
if followed := shipment_drawer.pop_followed():
    st.query_params["no"] = followed
number = st.query_params.get("no", "").strip()

with messages.guarded(tr(shared.THIS_SHIPMENT)):
    top = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
    top.page_link("../../pages/shipments.py", label=tr(phrases.ALL_SHIPMENTS), icon=":material/arrow_back:", width="content")
    if number:
        page_title.show(str(PanelText.TITLE(shipment_no=number)))
        top.header(str(PanelText.TITLE(shipment_no=formats.plain(number))), anchor=False, width="content")
        panel.panel(runtime, number, walking.again(runtime, number))
    else:
        st.info(tr("Open a shipment from the list, or add its number to the link: /shipment?no=…"), icon=":material/link:")
