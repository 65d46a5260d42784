"""The six tiles of the Overview: value, change, shape, and the button to what is behind."""

from typing import Final

import streamlit as st

from core.domain.figures import DEFINITIONS, Figure
from core.domain.language import Vocabulary, marked, tr
from core.services.figures import Overview, Value
from core.services.figures.overview import TILES
from core.ui.kit import explain, figure_texts, fold
from core.ui.kit.figure_texts import Colour
from core.ui.kit.sentences import KitText
from core.ui.kit.sparkline import sparkline
from core.ui.overview.header import View
from core.ui.overview.sentences import TileText

_IN_SHORT = Vocabulary(
    {
        Figure.ORDER_TO_SHIP: "Order to ship: half within",
        Figure.TRANSIT: "Pick-up to delivery: half within",
    }
)

_SO_FAR: Final = marked("So far: part of the period is not final yet.")


def title_of(figure: Figure) -> str:
    """What stands over the tile."""
    return _IN_SHORT.get(figure) or DEFINITIONS[figure].name


def tiles(view: View, seen: Overview) -> None:
    """A row of tiles of equal height."""
    figures = list(TILES)
    # Six in a row or twice three, never five and one.
    with fold.on_phones("figures", str(TileText.MORE(count=len(figures) - 1))):
        halves = st.grid(2, min_column_width=600, gap="xsmall")
        for half in (figures[:3], figures[3:]):
            with halves.cell():
                grid = st.grid(3, min_column_width=190, gap="xsmall")
                for figure in half:
                    with grid.cell(), st.container(border=True, height="stretch", gap="xsmall", key=f"figure-{figure}"):
                        _tile(view, seen, seen.values[figure], title_of(figure))


def _tile(view: View, seen: Overview, value: Value, label: str) -> None:
    change = figure_texts.change(value)
    st.metric(
        label,
        figure_texts.shown(value, tight=True),
        change.text if change else None,
        delta_arrow=change.arrow if change else "auto",
        delta_color=change.colour if change else "normal",
        delta_description=change.word if change else None,
        help=explain.definition(value.figure) + (f"\n\n{tr(_SO_FAR)}" if value.young else ""),
        height=figure_texts.metric_height(changed=change is not None),
    )
    if value.denominator:
        _shape(seen, value, label, change.colour if change else "gray")
        made_of = figure_texts.made_of(value, short=True)
        explain.button(value, view.period, view.where, key=f"tile:{value.figure}", label=made_of)
    else:
        st.caption(str(KitText.SHIPMENTS(count=0)))


def _shape(seen: Overview, value: Value, label: str, hue: Colour) -> None:
    """The course of the figure; dashed where it is not final yet."""
    points, young_from = seen.trend.sparkline(value.figure), seen.trend.young_from
    text = TileText.SHAPE("whole" if young_from is None else "young", label=label)
    sparkline(points, key=f"shape:{value.figure}", label=str(text), hue=hue, young_from=young_from)
