"""What happened to one shipment, newest first: a vertical list of moments, drawn as text."""

from collections.abc import Sequence
from typing import Final, NotRequired, TypedDict

from core.domain.language import Vocabulary
from core.ui.kit.chips import Chip
from core.ui.kit.components import component


class TimelineItem(TypedDict):
    """`icon` names a drawing of `icons.js`; the `hue` marks the current moment; `right` says how long it lasted.

    `moved` is the status that it led to; `faint` is what counts for nothing; `assumed` says why the time is only nearly sure.
    """

    at: str
    assumed: NotRequired[str]
    title: str
    moved: NotRequired[Chip | None]
    faint: NotRequired[bool]
    text: NotRequired[str]
    icon: str
    hue: NotRequired[str | None]
    right: NotRequired[str]


_WORDS: Final = Vocabulary({"status": "Status: {status}"})
_mount = component(
    "shipdesk_timeline", '<div class="timeline"><ol></ol></div>', "icons.css", "timeline.css", "icons.js", "timeline.js"
)


def timeline(items: Sequence[TimelineItem], *, key: str, label: str) -> None:
    """Draws the moments in the order given; none draws nothing."""
    if items:
        _mount(key=key, data={"items": [dict(item) for item in items], "label": label, "words": dict(_WORDS)})
