"""The page as a browser gets it first, before anything of the desk is drawn: with the desk's styles, and with the parts of
Streamlit that a page is made of, loaded at once. Streamlit itself asks for a part when the first of its kind is drawn.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from streamlit import file_util

from core.ui.kit.components import ASSETS

STATIC: Final = Path(file_util.get_static_dir())
EVERYWHERE: Final = (
    "BidiComponent", "Button", "ButtonGroup", "Checkbox", "DownloadButton", "Html", "MenuButton", "Metric", "PageLink", "Pagination",
    "Selectbox", "TextInput",
)  # fmt: skip
OF_PAGE: Final = {
    "overview": ("PlotlyChart",),
    "delays": ("PlotlyChart", "TextArea"),
    "upload": ("FileUploader",),
    "data": ("FileUploader",),
}
LATER: Final = ("PlotlyChart",)
"""Parts that take longer to run than all others together: they are fetched in leisure, and run once the page is drawn without them."""
APP: Final = """\
<link rel="manifest" href="./own/manifest.webmanifest" crossorigin="use-credentials">
<link rel="apple-touch-icon" href="./own/apple-touch-icon.png">
<meta name="apple-mobile-web-app-title" content="Shipdesk">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#121816">
"""
"""What makes an app of the desk on a phone; the colours are those of a page."""
_SCRIPTS: Final = STATIC / "static" / "js"
_ICONS: Final = "MaterialSymbols-Rounded.*.woff2"
_IMPORTED: Final = re.compile(r'(?:from|import)\s*[`"\']\./([^`"\']+\.js)[`"\']')
_IMPORTS_WITHIN: Final = 20_000


@cache
def page(name: str) -> str:
    """The HTML that is answered under the page's name."""
    head, rest = (STATIC / "index.html").read_text(encoding="utf-8").split("</head>", 1)
    wanted = _scripts(*EVERYWHERE, *OF_PAGE.get(name, ()))
    return "".join([head, APP, *_loaded(wanted, known=head), _styles(), "</head>", rest])


def later() -> tuple[str, ...]:
    """The names of the scripts that are run once the page is drawn."""
    return tuple(_scripts(*LATER))


def _loaded(wanted: Sequence[str], *, known: str) -> list[str]:
    """The icons and the scripts with all that they import, fetched side by side; those to be run as soon as there is time are marked."""
    icons, later = _files(STATIC / "static" / "media", [_ICONS]), [name for name in wanted if name in _scripts(*LATER)]
    needed = [name for name in _with_imports(wanted) if name not in known]
    return [
        *(f'<link rel="preload" as="font" type="font/woff2" crossorigin href="./static/media/{name}">\n' for name in icons),
        *(
            f'<link rel="modulepreload" crossorigin data-run href="./static/js/{name}">\n'
            for name in wanted
            if name not in later
        ),
        *(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">\n' for name in needed if name not in wanted),
        *(f'<link rel="prefetch" href="./static/js/{name}?whole">\n' for name in later),
    ]


def _styles() -> str:
    return f"<style>\n{(ASSETS / 'frame.css').read_text(encoding='utf-8')}</style>\n"


def _with_imports(wanted: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += _imports(_SCRIPTS / name)
    return list(found)


@cache
def _imports(script: Path) -> list[str]:
    """What the script imports, which it says at its beginning."""
    with script.open(encoding="utf-8") as opened:
        return _IMPORTED.findall(opened.read(_IMPORTS_WITHIN))


def _scripts(*parts: str) -> list[str]:
    return _files(_SCRIPTS, [f"{part}.*.js" for part in parts])


def _files(folder: Path, patterns: Iterable[str]) -> list[str]:
    return [file.name for pattern in patterns for file in folder.glob(pattern)]
