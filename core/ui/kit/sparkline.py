"""The shape of a figure over its period as one small line: drawn by hand, since six charts take longer than the page around them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import streamlit as st

ASSETS: Final = Path(__file__).parent / "assets"

_mount = st.components.v2.component(
    "shipdesk_sparkline",
    html='<div class="sparkline"></div>',
    css=(ASSETS / "sparkline.css").read_text(encoding="utf-8"),
    js=(ASSETS / "sparkline.js").read_text(encoding="utf-8"),
)


def sparkline(points: Sequence[float | None], *, key: str, label: str, hue: Literal["green", "red", "gray"] = "gray") -> None:
    """Draws the points from left to right over their own range; a None is left out, one point alone draws nothing."""
    _mount(key=key, data={"points": list(points), "hue": hue, "label": label}, height=46)
