"""Components of our own: real HTML, its style sheets and its scripts, mounted into a page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

ASSETS: Final = Path(__file__).with_name("assets")

Mount = Callable[..., Any]
# What is drawn is marked in the page, where styles can see it: until then what stands below waits.
_MARKED: Final = """
export default function (given) {
  const leave = draw(given);
  (given.parentElement.host ?? given.parentElement).dataset.drawn = "";
  return leave;
}
"""


def component(name: str, html: str, *files: str, isolated: bool = True, within: str = "") -> Mount:
    """What draws the component, made of these style sheets and scripts of `ASSETS`, each kind in the order given.

    A dialog's focus trap does not look into a shadow root, so the keyboard would pass its buttons by: what is drawn in a dialog
    is not `isolated`. Its styles then hold for the whole page, but those `within` a selector only under it.
    """
    css = _joined(files, ".css")
    js = _joined(files, ".js").replace("export default function (", "function draw(") + _MARKED
    styles = f"{within} {{ {css} }}" if within else css
    return st.components.v2.component(name, html=html, css=styles, js=js, isolate_styles=isolated)


def _joined(files: tuple[str, ...], ending: str) -> str:
    return "".join((ASSETS / file).read_text(encoding="utf-8") for file in files if file.endswith(ending))
