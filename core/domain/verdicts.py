"""The verdicts that screens show: on a row to be registered, on a scan, on a carrier."""

from enum import StrEnum


class RowVerdict(StrEnum):
    """What registering a row would come to, or came to.

    `CONFIRMED`: ready, as its warning was answered; `LEFT`: for later, as nobody filled it in.
    """

    READY = "ready"
    REPAIRED = "repaired"
    CONFIRM = "confirm"
    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    LEFT = "left"
    REGISTERED = "registered"
    UNDONE = "undone"


class ImportVerdict(StrEnum):
    """Whether a file was imported, or could be; refused as a whole otherwise."""

    IMPORTED = "imported"
    REFUSED = "refused"


class Hitch(StrEnum):
    """Why a scan registered nothing, as short as the list of the last ten says it."""

    NOT_FOUND = "not_found"
    NOT_WAITING = "not_waiting"
    CHANGED_SINCE = "changed_since"
    WRONG_NUMBER = "wrong_number"
    SAME_NUMBER = "same_number"
    NO_NUMBER = "no_number"
    NO_COMPANY = "no_company"
    NOT_SAVED = "not_saved"


class Standing(StrEnum):
    """How a carrier stands; FAILING until enough failures in a row pause it."""

    WORKING = "working"
    FAILING = "failing"
    SLOW = "slow"
    AT_ITS_LIMIT = "at_its_limit"
    PAUSED = "paused"
    NO_TRACKING = "no_tracking"
    RETIRED = "retired"
