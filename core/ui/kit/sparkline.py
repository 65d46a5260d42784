"""The shape of a figure over its period as one small line."""

from collections.abc import Sequence
from typing import Literal

from core.ui.kit.components import component

_mount = component("shipdesk_sparkline", '<div class="sparkline"></div>', "sparkline.css", "sparkline.js")


def sparkline(
    points: Sequence[float | None],
    *,
    key: str,
    label: str,
    hue: Literal["green", "red", "gray"] = "gray",
    young_from: int | None = None,
) -> None:
    """Draws the points from left to right over their own range; a None is left out, one point alone draws nothing.

    The way to the points from `young_from` on is dashed and grey.
    """
    _mount(key=key, data={"points": list(points), "hue": hue, "label": label, "youngFrom": young_from}, height=46)
