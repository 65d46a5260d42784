"""Which of what a browser tab and the server say to each other belongs to the page that the tab shows.

A part that looks again by itself may ask for its page after the tab has turned to another: the server would answer it as that page,
and the tab would take away what it shows. It may ask before the tab has heard what a press made of its link: the server would take
the older link for the tab's, and the press would be undone. And a tab that was cut off lacks the beginning of the run that is on its
way: what follows has no place in it.
"""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

Link: TypeAlias = tuple[tuple[str, str], ...]


class AskedRun(NamedTuple):
    """A run that a tab asks for: of its page as the tab knows it, wholly, or of a part of it; `by_itself`, or for a person's press.

    `link` are the parameters of the address as the tab knows them.
    """

    page: str
    part: str = ""
    by_itself: bool = True
    link: Link = ()


class OfRun(StrEnum):
    """What a message of the server is of a run."""

    BEGINNING = "beginning"
    REST = "rest"
    END = "end"


class ServerMessage(NamedTuple):
    """A message of the server: what it is of a run, if of any, and the parameters that it gives to the tab's address, if any."""

    of: OfRun | None = None
    link: Link | None = None


class _Press(StrEnum):
    """How far what a person has pressed is answered."""

    ASKED = "asked"
    BEGUN = "begun"
    ANSWERED = "answered"


class BrowserTab:
    """What one connection of a tab has come to. `again`: the tab was there before, and was cut off.

    A tab that is new names no page until it knows what the one is called that it got: "" among those left is whichever that was.
    """

    def __init__(self, *, again: bool = False) -> None:
        self._page = ""
        self._left: set[str] = set()
        self._lacks_beginning, self._has_asked = again, False
        self._press = _Press.ANSWERED
        self._link: Link = ()
        self._link_before: Link = ()

    def asks(self, asked: AskedRun) -> bool:
        """Whether it is to be answered. A press always is; a part that looks again by itself is not before the press is answered, under
        the link that the tab had before, or on a page that the tab has left."""
        looks_again = asked.part and asked.by_itself
        if looks_again and (self._press is not _Press.ANSWERED or asked.link == self._link_before != self._link):
            return False
        if not looks_again:
            self._press = _Press.ASKED
            self._link = self._link_before = asked.link
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

    def is_told(self, told: ServerMessage) -> bool:
        """Whether the tab can take it: of runs, after it was cut off, only those that begin once it has asked for one."""
        if told.of is OfRun.BEGINNING and self._press is _Press.ASKED:
            self._press = _Press.BEGUN
        elif told.of is OfRun.END and self._press is _Press.BEGUN:
            self._press = _Press.ANSWERED
        if told.link is not None and told.link != self._link:
            self._link_before, self._link = self._link, told.link
        if self._lacks_beginning and told.of is OfRun.BEGINNING and self._has_asked:
            self._lacks_beginning = False
        return told.of is None or not self._lacks_beginning
