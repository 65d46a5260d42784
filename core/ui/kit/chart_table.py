"""The numbers of a chart as a table below it, folded until it is asked for: for who cannot see the chart, or reads it exactly."""

from collections.abc import Sequence

from core.domain.language import tr
from core.ui.kit.components import component

_mount = component(
    "shipdesk_chart_table",
    '<details><summary></summary><div class="scroller" role="region" tabindex="0"></div></details>',
    "chart_table.css",
    "icons.js",
    "chart_table.js",
)


def chart_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, key: str, title: str) -> None:
    """Draws the table of the chart with this key. The first cell names its row; cells are written as elsewhere on the page."""
    lines = [list(row) for row in rows]
    _mount(key=f"{key}:table", data={"title": title, "heads": list(heads), "rows": lines, "words": {"table": tr("Table")}})
