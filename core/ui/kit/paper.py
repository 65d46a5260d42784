"""How a page of the dark theme comes out of a printer: in the colours of the light one."""

import re
import tomllib
from functools import cache
from typing import Final

from core.config import ROOT

_THEMES: Final = ROOT / ".streamlit" / "config.toml"


@cache
def of_dark() -> str:
    """The rules that hold on paper while the screen is dark."""
    light = tomllib.loads(_THEMES.read_text(encoding="utf-8"))["theme"]["light"]
    ours = "".join(f"--st-{_kebab(name)}: {colour} !important; " for name, colour in light.items())
    text, quiet, rule = light["textColor"], light["grayTextColor"], light["borderColor"]
    return f"""@media print {{
  :is(html, body, #root, .stApp) {{ background: none !important; color-scheme: light !important; }}
  .stApp :not(svg, svg *) {{ color: {text} !important; background-color: transparent !important; border-color: {rule} !important; }}
  .stApp :is(.stBidiComponent, .stBidiComponent *) {{ {ours}}}
  .stPlotlyChart svg text {{ fill: {quiet} !important; }}
  .stPlotlyChart svg :is(.gridlayer, .zerolinelayer) path {{ stroke: {rule} !important; }}
  .stPlotlyChart svg :is(.bg, .main-svg) {{ fill: none !important; background: none !important; }}
}}"""


def _kebab(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"-{capital[0].lower()}", name)
