"""[Export]: files of the whole view, or of the rows that are selected."""

from functools import partial

import streamlit as st

from core.domain.language import tr
from core.domain.selection import Selection
from core.domain.sorting import Order
from core.files import export
from core.files.write import Format
from core.runtime import Runtime
from core.services.shipments import exporting
from core.ui.kit import downloads, sampling, who
from core.ui.kit.filters import TABLE
from core.ui.kit.sentences import KitText
from core.ui.kit.table import selection
from core.ui.shipments import late, worked
from core.ui.shipments.sentences import MenuText


def everything(runtime: Runtime, wanted: Selection, order: Order, total: int) -> None:
    """Every row of the view, all its pages."""
    with downloads.menu(tr("Export"), key="export", disabled=not total):
        st.caption(str(MenuText.EXPORTED(count=total)))
        _of_columns(wanted)
        _buttons(runtime, wanted, order, (), "all")
        sampling.offer(runtime, wanted, order)


def selected(runtime: Runtime, wanted: Selection, order: Order) -> None:
    """The selected rows, when there are some."""
    chosen = selection(TABLE)
    if not chosen:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", wrap=False):
        st.markdown(str(MenuText.SELECTED(count=len(chosen))), width="content")
        with downloads.menu(str(KitText.EXPORT(count=len(chosen)))):
            _of_columns(wanted)
            _buttons(runtime, wanted, order, chosen, "selected")


def _of_columns(wanted: Selection) -> None:
    columns = len(export.COLUMNS) + (len(export.LATE) if late.of(wanted) else 0)
    st.caption(str(MenuText.EVERY_COLUMN(count=columns)))


def _buttons(runtime: Runtime, wanted: Selection, order: Order, only: tuple[str, ...], key: str) -> None:
    downloads.buttons(
        partial(_made, runtime, wanted, order, only),
        name=f"shipments-{wanted.tab}",
        at=runtime.now().astimezone(runtime.settings.zone),
        key=f"export:{key}",
    )


def _made(runtime: Runtime, wanted: Selection, order: Order, only: tuple[str, ...], form: Format) -> bytes:
    visit = who.visit(runtime)
    rows = exporting.rows(runtime.store, wanted, order, visit=visit, only=only)
    shown = worked.with_hands(wanted, late.with_costs(runtime, wanted, rows, visit))
    return export.export(shown, form, rules=runtime.rules, zone=visit.clock.zone)
