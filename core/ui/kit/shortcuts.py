"""The keys of the desk: each act with its key, the page on which it does something, and its name. The map of keys, the keyboard and what
finds acts are made of this one table.

A key is one that no browser, no Streamlit (R, C) and no screen reader takes on a page without a modifier; of two, the second follows the
first. They do nothing while somebody types, scans or has a dialog open, and each person can switch them off (WCAG 2.1.4).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.domain.language import Vocabulary, worded
from core.domain.permissions import Act
from core.ui.kit import shared


class DeskAct(StrEnum):
    """What a key does, or a press where acts are found."""

    FIND = "find"
    KEYS = "keys"
    OVERVIEW = "overview"
    SHIPMENTS = "shipments"
    REGISTER = "register"
    UPLOAD = "upload"
    DELAYS = "delays"
    SAVE_VIEW = "save_view"
    SEARCH = "search"
    NEXT_PAGE = "next_page"
    EXPORT = "export"
    COLUMNS = "columns"
    REFRESH = "refresh"


@worded("label")
@dataclass(frozen=True)
class Shortcut:
    """An act: `key` "" where it has none, `page` "" where it is done on any page. `presses` is what it presses there."""

    act: DeskAct
    key: str
    label: str
    page: str = ""
    needs: Act = Act.SEE
    presses: str = ""


SHORTCUTS: Final = (
    Shortcut(DeskAct.FIND, "/", shared.FIND_ANYTHING),
    Shortcut(DeskAct.KEYS, "?", "Show the keys"),
    Shortcut(DeskAct.OVERVIEW, "g o", "Go to Overview"),
    Shortcut(DeskAct.SHIPMENTS, "g s", "Go to Shipments"),
    Shortcut(DeskAct.REGISTER, "g i", "Go to Register", needs=Act.CHANGE),
    Shortcut(DeskAct.UPLOAD, "g u", "Go to Upload", needs=Act.UPLOAD),
    Shortcut(DeskAct.DELAYS, "g d", "Go to Delays"),
    Shortcut(DeskAct.SAVE_VIEW, "v", "Save this view"),
    Shortcut(DeskAct.SEARCH, "f", "Search this list", "shipments", presses=".st-key-q input"),
    Shortcut(DeskAct.NEXT_PAGE, "n", "Next page of this list", "shipments", presses="[data-testid=stPaginationNext]"),
    Shortcut(DeskAct.EXPORT, "e", "Export this list", "shipments", Act.EXPORT, ".st-key-export button"),
    Shortcut(DeskAct.COLUMNS, "", "Choose the columns of this list", "shipments", presses=".st-key-columns button"),
    Shortcut(
        DeskAct.REFRESH,
        "",
        "Refresh the tracking of this list",
        "shipments",
        Act.REFRESH,
        "[class*=st-key-refresh-list] button, [class*=st-key-refresh-menu] button",
    ),
)

SCANNED: Final = ("register",)
"""The pages on which every key that is not pressed in another field goes into a box: there none is a shortcut."""
OF_REGISTER: Final = Vocabulary(
    {"Enter": "next box, save", "Esc": "start over", "Alt+1…4": "company", "Alt+Z": "undo last", "Ctrl+Enter": "save"}
)
"""The keys of the boxes that are scanned into, which hold there alone."""
OF_SHIPMENT: Final = Vocabulary({"Alt+↓": "next shipment of the list", "Alt+↑": "previous shipment of the list"})
"""The keys of a shipment that was opened from a list (`core.ui.kit.walking`)."""
