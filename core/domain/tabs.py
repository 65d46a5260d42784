"""Which of what a browser tab and the server say to each other belongs to the page that the tab shows.

A part that looks again by itself may ask for its page after the tab has turned to another: the server would answer it as that page,
and the tab would take away what it shows. It may ask before the tab has heard what a press made of its link: the server would take
the older link for the tab's, and the press would be undone. A press that comes while what another one does is not done yet would end
it in the middle: the server begins anew at once, and leaves undone what has not begun. And a tab that was cut off lacks the beginning of the run that is on its
way: what follows has no place in it.
"""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

Link: TypeAlias = tuple[tuple[str, str], ...]


class AskedRun(NamedTuple):
    """A run that a tab asks for: of its page as the tab knows it, wholly, or of a part of it; `by_itself`, or for a person's press.

    `link` are the parameters of the address as the tab knows them; `back`: the browser went back or forward to it, which does nothing.
    """

    page: str
    part: str = ""
    by_itself: bool = True
    link: Link = ()
    back: bool = False

    @property
    def looks_again(self) -> bool:
        """Whether a part of the page asks that looks again by itself, and nobody has pressed anything."""
        return bool(self.part) and self.by_itself


class OfRun(StrEnum):
    """What a message of the server is of a run."""

    BEGINNING = "beginning"
    REST = "rest"
    END = "end"


class ServerMessage(NamedTuple):
    """A message of the server: what it is of a run, if of any, and the parameters that it gives to the tab's address, if any.

    `parts` are those of the page that a run is of at its beginning; none for a run of the whole page.
    """

    of: OfRun | None = None
    link: Link | None = None
    parts: tuple[str, ...] = ()


class _Press(StrEnum):
    """How far what a person has pressed is answered: what it does is done before the first that is drawn of it."""

    ASKED = "asked"
    BEGUN = "begun"
    DONE = "done"
    ANSWERED = "answered"


class BrowserTab:
    """What one connection of a tab has come to. `again`: the tab was there before, and was cut off. `is_running`: a run is under way.

    A tab that is new names no page until it knows what the one is called that it got: "" among those left is whichever that was.
    """

    def __init__(self, *, again: bool = False) -> None:
        self._page = ""
        self._left: set[str] = set()
        self._lacks_beginning, self._has_asked = again, False
        self._press, self._pressed_part = _Press.ANSWERED, ""
        self.is_running, self._does = False, False
        self._link: Link = ()
        self._link_before: Link = ()

    @property
    def may_press(self) -> bool:
        """Whether what was pressed last is done, so that another press ends nothing in the middle."""
        return not self._does or self._press in (_Press.DONE, _Press.ANSWERED)

    def asks(self, asked: AskedRun) -> bool:
        """Whether it is to be answered. A press always is; a part that looks again by itself is not before the press is answered, under
        the link that the tab had before, or on a page that the tab has left."""
        if asked.looks_again and (self._press is not _Press.ANSWERED or asked.link == self._link_before != self._link):
            return False
        if not asked.looks_again:
            self._press, self._pressed_part, self._does = _Press.ASKED, asked.part, not asked.back
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
        self._press = self._answered_by(told)
        if told.of in (OfRun.BEGINNING, OfRun.END):
            self.is_running = told.of is OfRun.BEGINNING
        if told.link is not None and told.link != self._link:
            self._link_before, self._link = self._link, told.link
        if self._lacks_beginning and told.of is OfRun.BEGINNING and self._has_asked:
            self._lacks_beginning = False
        return told.of is None or not self._lacks_beginning

    def _answered_by(self, told: ServerMessage) -> _Press:
        """How far the last press is answered once this was told."""
        begun = self._press in (_Press.BEGUN, _Press.DONE)
        if told.of is OfRun.BEGINNING and self._press is _Press.ASKED and (not told.parts or self._pressed_part in told.parts):
            return _Press.BEGUN
        if told.of is OfRun.REST and begun:
            return _Press.DONE
        return _Press.ANSWERED if told.of is OfRun.END and begun else self._press
