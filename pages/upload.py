"""Upload: invoices from a workbook, judged row by row, registered together, handed back with the results."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.domain.permissions import Act
from core.ui.kit import messages, shared, who
from core.ui.upload import uploading

runtime = runtimes.get()

with messages.guarded(tr(shared.THIS_PAGE)):
    if who.refused(runtime, Act.UPLOAD, tr(shared.UPLOAD_INVOICES)):
        st.stop()
    upload = uploading.held()
    if upload is None:
        uploading.start(runtime)
    elif upload.result:
        uploading.outcome(runtime, upload, upload.result)
    else:
        uploading.preview(runtime, upload)
    uploading.keep_open()
