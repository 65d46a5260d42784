"""What a status, a flag, a verdict and a carrier look like: a word, an icon and a hue, as data."""

from typing import Final, TypedDict


class Chip(TypedDict):
    """A state as tables and badges draw it: `icon` names a drawing of `icons.js`, `hue` a colour of the theme."""

    word: str
    icon: str
    hue: str


def _chip(word: str, icon: str, hue: str) -> Chip:
    return {"word": word, "icon": icon, "hue": hue}


STATUSES: Final[dict[tuple[str, str | None], Chip]] = {
    ("preparing_to_release", None): _chip("Preparing", "box", "gray"),
    ("preparing_to_release", "release_failed"): _chip("Release failed", "triangle", "red"),
    ("preparing_to_ship", None): _chip("Processed", "tag", "gray"),
    ("released", None): _chip("Dispatched", "dispatch", "violet"),
    ("in_delivery", None): _chip("Shipping", "truck", "blue"),
    ("shipping_failed", "redelivery"): _chip("Redelivery", "redo", "orange"),
    ("shipping_failed", "cancellation"): _chip("Cancellation", "cross", "red"),
    ("shipping_failed", "undecided"): _chip("Undecided", "question", "yellow"),
    ("delivered", None): _chip("Delivered", "check", "green"),
}

FLAGS: Final[dict[str, Chip]] = {
    "returned": _chip("Returned", "back", "red"),
    "failed": _chip("Failed", "cross", "red"),
    "invalid_number": _chip("Invalid number", "hash", "red"),
    "never_scanned": _chip("Never scanned", "barcode-off", "orange"),
    "dispatch_overdue": _chip("Dispatch overdue", "clock", "orange"),
    "no_scan": _chip("No scan", "barcode-off", "orange"),
    "past_promise": _chip("Past promise", "calendar-off", "orange"),
    "at_risk": _chip("At risk", "triangle", "yellow"),
}

VERDICTS: Final[dict[str, Chip]] = {
    "ready": _chip("Ready", "check", "green"),
    "registered": _chip("Registered", "check", "green"),
    "repaired": _chip("Repaired", "wand", "blue"),
    "to_confirm": _chip("To confirm", "triangle", "yellow"),
    "confirmed": _chip("Confirmed", "triangle", "yellow"),
    "unchanged": _chip("Unchanged", "equals", "gray"),
    "refused": _chip("Refused", "cross", "red"),
    "fits": _chip("Fits", "check", "green"),
}

CARRIER_STATES: Final[dict[str, Chip]] = {
    "working": _chip("Working", "check", "green"),
    "failing": _chip("Failing", "triangle", "orange"),
    "slow": _chip("Slow", "gauge", "yellow"),
    "at_its_limit": _chip("At its limit", "clock", "orange"),
    "paused": _chip("Paused", "bars", "red"),
    "no_tracking": _chip("No tracking", "equals", "gray"),
}

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


def status_chip(status: str, word: str | None = None) -> Chip:
    """The chip of a status and the carrier's word for it. A word without a chip of its own shows the status alone."""
    chip = STATUSES.get((status, word)) or STATUSES.get((status, None))
    if chip is None and status == "shipping_failed":
        chip = STATUSES["shipping_failed", "undecided"]
    return chip or _chip(status.replace("_", " ").capitalize(), "question", "gray")


def flag_chip(flag: str | None, days: int | None = None) -> Chip | None:
    """The flag's icon and word; "No scan" says for how many days. No flag gives None."""
    if flag is None:
        return None
    chip = FLAGS.get(flag) or _chip(flag.replace("_", " ").capitalize(), "question", "gray")
    if flag == "no_scan" and days is not None:
        return _chip(f"{chip['word']} {days} d", chip["icon"], chip["hue"])
    return chip
