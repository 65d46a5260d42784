"""What a status, a flag, a verdict and a carrier look like: a word, an icon and a hue, as data."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypedDict

from core.domain import labels
from core.domain.flags import NAMES as FLAG_NAMES
from core.domain.flags import Flag
from core.domain.invoice_number import Level
from core.domain.language import tr
from core.domain.matching import Match
from core.domain.shipment import Status, StatusDetail, WayBack
from core.domain.verdicts import RowVerdict, Standing
from core.ui.kit.sentences import KitText


class Chip(TypedDict):
    """A state as tables and badges draw it: `icon` names a drawing of `icons.js`, `hue` a colour of the theme."""

    word: str
    icon: str
    hue: str


class Chips(Mapping[Any, Chip]):
    """The words of a vocabulary with their icon and hue."""

    def __init__(self, words: Mapping[Any, str], looks: Mapping[Any, tuple[str, str]]) -> None:
        self._words, self._looks = words, looks

    def __getitem__(self, value: Any) -> Chip:
        word = self._words[value]
        icon, hue = self._looks[value]
        return Chip(word=word, icon=icon, hue=hue)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


STATUSES: Final = Chips(
    labels.STATUSES,
    {
        (Status.PREPARING_TO_RELEASE, None): ("box", "gray"),
        (Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED): ("triangle", "red"),
        (Status.PREPARING_TO_SHIP, None): ("tag", "gray"),
        (Status.RELEASED, None): ("dispatch", "violet"),
        (Status.IN_DELIVERY, None): ("truck", "blue"),
        (Status.SHIPPING_FAILED, None): ("question", "yellow"),
        (Status.SHIPPING_FAILED, StatusDetail.REDELIVERY): ("redo", "orange"),
        (Status.SHIPPING_FAILED, StatusDetail.CANCELLATION): ("cross", "red"),
        (Status.SHIPPING_FAILED, StatusDetail.UNDECIDED): ("question", "yellow"),
        (Status.DELIVERED, None): ("check", "green"),
    },
)
FLAGS: Final = Chips(
    FLAG_NAMES,
    {
        Flag.RETURNED: ("back", "red"),
        Flag.FAILED: ("cross", "red"),
        Flag.INVALID_NUMBER: ("hash", "red"),
        Flag.NEVER_SCANNED: ("barcode-off", "orange"),
        Flag.DISPATCH_OVERDUE: ("clock", "orange"),
        Flag.NO_SCAN: ("barcode-off", "orange"),
        Flag.PAST_PROMISE: ("calendar-off", "orange"),
        Flag.AT_RISK: ("triangle", "yellow"),
    },
)

WAYS_BACK: Final = Chips(labels.WAYS_BACK, {WayBack.RETURNING: ("back", "orange"), WayBack.RETURNED: ("back", "gray")})

VERDICTS: Final = Chips(
    labels.VERDICTS,
    {
        RowVerdict.READY: ("check", "green"),
        RowVerdict.REGISTERED: ("check", "green"),
        RowVerdict.REPAIRED: ("wand", "blue"),
        RowVerdict.CONFIRM: ("triangle", "yellow"),
        RowVerdict.CONFIRMED: ("triangle", "yellow"),
        RowVerdict.UNCHANGED: ("equals", "gray"),
        RowVerdict.REFUSED: ("cross", "red"),
        RowVerdict.LEFT: ("clock", "gray"),
        RowVerdict.UNDONE: ("back", "gray"),
    },
)

MATCHES: Final = Chips(
    labels.MATCHES,
    {Match.CERTAIN: ("check", "green"), Match.TIE: ("question", "orange"), Match.NONE: ("cross", "gray")},
)

LEVELS: Final = Chips(
    labels.LEVELS,
    {Level.OK: ("check", "green"), Level.WARN: ("triangle", "yellow"), Level.REFUSE: ("cross", "red")},
)

STANDINGS: Final = Chips(
    labels.STANDINGS,
    {
        Standing.WORKING: ("check", "green"),
        Standing.FAILING: ("triangle", "orange"),
        Standing.SLOW: ("gauge", "yellow"),
        Standing.AT_ITS_LIMIT: ("clock", "orange"),
        Standing.PAUSED: ("bars", "red"),
        Standing.NO_TRACKING: ("equals", "gray"),
        Standing.RETIRED: ("cross", "gray"),
    },
)

# The same icons where Streamlit draws them itself: `st.badge(label, icon=..., color=...)`.
MATERIAL: Final[dict[str, str]] = {
    "back": ":material/undo:",
    "barcode-off": ":material/barcode:",
    "bars": ":material/pause:",
    "box": ":material/package_2:",
    "calendar-off": ":material/event_busy:",
    "check": ":material/check:",
    "clock": ":material/schedule:",
    "cross": ":material/close:",
    "dispatch": ":material/start:",
    "equals": ":material/equal:",
    "gauge": ":material/speed:",
    "hash": ":material/tag:",
    "question": ":material/question_mark:",
    "redo": ":material/redo:",
    "tag": ":material/sell:",
    "triangle": ":material/warning:",
    "truck": ":material/local_shipping:",
    "wand": ":material/auto_fix_high:",
}


def status_chip(status: str, word: str | None = None, *, closed: bool = False) -> Chip:
    """The chip of a status and the carrier's word for it; a word without a chip of its own shows the status alone."""
    return (
        Chip(word=tr(labels.CLOSED), icon="cross", hue="gray")
        if closed
        else STATUSES.get((status, word)) or STATUSES[status, None]
    )


def flag_chip(flag: str | None, days: int | None = None) -> Chip | None:
    """The flag's icon and word; "No scan" says for how many days. No flag gives None."""
    if flag is None:
        return None
    chip = FLAGS[flag]
    if flag == Flag.NO_SCAN and days is not None:
        return Chip(word=str(KitText.FLAG_FOR(flag=chip["word"], days=days)), icon=chip["icon"], hue=chip["hue"])
    return chip
