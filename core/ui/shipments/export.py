"""[Export]: files of the whole view, or of the rows that are selected."""

from collections.abc import Callable

import streamlit as st

from core.domain.clock import Clock
from core.domain.selection import Selection
from core.domain.sorting import Order
from core.files import export
from core.files.export import Format
from core.runtime import Runtime
from core.services.shipments import queries
from core.ui.kit import formats, sampling
from core.ui.kit.filters import TABLE
from core.ui.kit.table import selection

_FORMATS = {
    Format.XLSX: ("Excel (.xlsx)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Format.CSV: ("CSV", "text/csv"),
    Format.PARQUET: ("Parquet", "application/vnd.apache.parquet"),
}


def everything(runtime: Runtime, wanted: Selection, order: Order, total: int) -> None:
    """Every row of the view, all its pages."""
    with st.popover("Export", icon=":material/download:", disabled=not total):
        st.caption(f"All {formats.count(total, 'shipment')} of this view")
        _buttons(runtime, wanted, order, (), "all")
        sampling.offer(runtime, wanted, order)


def selected(runtime: Runtime, wanted: Selection, order: Order) -> None:
    """The selected rows, when there are some."""
    chosen = selection(TABLE)
    if not chosen:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", wrap=False):
        st.markdown(f"**{formats.count(len(chosen))} selected**", width="content")
        with st.popover(f"Export {formats.count(len(chosen))}", icon=":material/download:"):
            _buttons(runtime, wanted, order, chosen, "selected")


def _buttons(runtime: Runtime, wanted: Selection, order: Order, only: tuple[str, ...], key: str) -> None:
    stamp = runtime.now().astimezone(runtime.settings.zone)
    for form, (label, mime) in _FORMATS.items():
        st.download_button(
            label,
            _maker(runtime, wanted, order, only, form),
            file_name=f"shipments-{wanted.tab}-{stamp:%Y%m%d-%H%M}.{form}",
            mime=mime,
            key=f"export:{key}:{form}",
            type="tertiary",
            on_click="ignore",
        )


def _maker(runtime: Runtime, wanted: Selection, order: Order, only: tuple[str, ...], form: Format) -> Callable[[], bytes]:
    zone = runtime.settings.zone

    def make() -> bytes:
        table = queries.everything(runtime.store, wanted, order, clock=Clock(runtime.now(), zone), only=only)
        return export.export(table, form, rules=runtime.rules, zone=zone)

    return make
