"""The sample workbook, made on the spot from the shipments that wait under the filter of the link."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.domain.language import tr
from core.domain.reasons import sentences
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.runtime import Runtime
from core.services import uploading
from core.ui.kit import cached, downloads, filter_chips, filters, links, who
from core.ui.kit.sentences import KitText


def section(runtime: Runtime) -> None:
    """Which shipments the sample holds, and the sample."""
    wanted, words = links.read(), filters.wording(runtime)
    st.subheader(tr("1 · Take the sample file"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        filters.side_by_side("destination", wanted.destination, key="sample:destination")
        filters.optional(wanted, cached.choices(runtime), words)
    numbers = _waiting(runtime, wanted)
    if wanted.filters:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            filter_chips.chips(wanted, len(numbers), words)
    _button(runtime, len(numbers), "secondary")
    st.caption(_explained(len(numbers)))


def button(runtime: Runtime) -> None:
    """[Sample file: 312 waiting shipments] without its section."""
    _button(runtime, len(_waiting(runtime, links.read())), "tertiary")


def _button(runtime: Runtime, count: int, look: Literal["secondary", "tertiary"]) -> None:
    wanted, order = links.read(), links.order()
    waiting = min(count, uploading.MOST_ROWS)
    downloads.button(
        str(KitText.SAMPLE("" if waiting else "none", count=waiting)),
        maker(runtime, wanted, order),
        file_name=name(runtime),
        key="sample:file",
        look=look,
    )


def maker(runtime: Runtime, wanted: Selection, order: Order) -> Callable[[], bytes]:
    """What makes the sample when it is asked for."""
    return lambda: uploading.sample(runtime.rules, _waiting(runtime, wanted, order))


def name(runtime: Runtime) -> str:
    return f"invoices-{runtime.now().astimezone(runtime.settings.zone):%Y%m%d-%H%M}.xlsx"


def link(wanted: Selection) -> links.Link:
    """The link's part that keeps the filter on the Upload page."""
    said = {key: texts for key, texts in links.parameters().items() if key not in ("tab", "page", "rows")}
    return {**said, "dest": wanted.destination}


def offer(runtime: Runtime, wanted: Selection, order: Order) -> None:
    """In the menu of the waiting shipments: the sample of this view, and the way to the Upload page."""
    if wanted.tab is not Tab.PREPARING:
        return
    st.caption(tr("Invoices by Excel"))
    downloads.button(
        tr("Sample file to fill"),
        maker(runtime, wanted, order),
        file_name=name(runtime),
        key="export:sample",
        look="tertiary",
        icon=None,
    )
    st.page_link("../../pages/upload.py", label=tr("Upload it filled"), query_params=link(wanted))


def _waiting(runtime: Runtime, wanted: Selection, order: Order | None = None) -> list[str]:
    return uploading.waiting(runtime.store, wanted, visit=who.visit(runtime), order=order)


def _explained(waiting: int) -> str:
    cut = waiting > uploading.MOST_ROWS
    first = [KitText.SAMPLE_FIRST(most=uploading.MOST_ROWS, count=waiting)] if cut else []
    return sentences([*first, KitText.SAMPLE_FILLED()])
