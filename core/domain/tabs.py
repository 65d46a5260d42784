"""Which of what a browser tab and the server say to each other belongs to the page that the tab shows.

A part that looks again by itself may ask for its page after the tab has turned to another: the server would answer it as that page,
and the tab would take away what it shows. And a tab that was cut off lacks the beginning of the run that is on its way: what follows
has no place in it.
"""

from enum import StrEnum
from typing import NamedTuple


class AskedRun(NamedTuple):
    """A run that a tab asks for: of its page as the tab knows it, wholly, or of a part of it; `by_itself`, or for a person's press."""

    page: str
    part: str = ""
    by_itself: bool = True


class OfRun(StrEnum):
    """What a message of the server is of a run."""

    BEGINNING = "beginning"
    REST = "rest"


class BrowserTab:
    """What one connection of a tab has come to. `again`: the tab was there before, and was cut off.

    A tab that is new names no page until it knows what the one is called that it got: "" among those left is whichever that was.
    """

    def __init__(self, *, again: bool = False) -> None:
        self._page = ""
        self._left: set[str] = set()
        self._lacks_beginning, self._has_asked = again, False

    def asks(self, asked: AskedRun) -> bool:
        """Whether it is to be answered: a part of a page that the tab has left, asked for by itself, is not. A press always is."""
        if asked.part and not asked.by_itself:
            return True
        if asked.page == self._page:
            self._left.clear()
        elif asked.part and self._left & {asked.page, ""}:
            return False
        elif not asked.part:
            self._left = (self._left | {self._page}) - {asked.page}
        self._page, self._has_asked = asked.page, True
        return True

    def is_told(self, of: OfRun | None) -> bool:
        """Whether the tab can take it: of runs, after it was cut off, only those that begin once it has asked for one."""
        if self._lacks_beginning and of is OfRun.BEGINNING and self._has_asked:
            self._lacks_beginning = False
        return of is None or not self._lacks_beginning
