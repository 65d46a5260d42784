"""What is said of asking the carriers and of their answers; each sentence once, and whole."""

from core.domain.reasons import Reason


class RefreshCount(Reason):
    """What came of asking, count by count."""

    ALL = "all", "{asked:,} asked, {changed:,} changed."
    TOO_SOON = "too_soon", "{count:,} asked less than a minute ago."
    UNTRACKED = "untracked", "{count:,} without a number to ask about."
    UNKNOWN = "unknown", "{count:,} unknown."
    FAILED = "failed", "{count:,} failed."
    CANCELLED = "cancelled", "Cancelled."


class SettingFault(Reason):
    """Why a carrier's setting is refused."""

    NO_SERVICE = "no_service", "There is no tracking service {service}. Choose one from the list."
    NO_COMPANY = "no_company", "There is no shipping company {carrier}. Choose one from the list."


class ExplainNote(Reason):
    """What there is to say of a recorded answer, or why it is not explained."""

    UNKNOWN_SERVICE = (
        "unknown_service",
        "{service} is no tracking service that is known here; known are {titles}.",
    )
    NO_JSON = "no_json", "The file is no JSON. Save the service's answer as it came."
    SAYS_NOTHING = "says_nothing", "This answer of {service} says nothing of any number."
    FURTHER = "further", "The answer is about further numbers, too: {numbers}."
    WITHOUT_NUMBER = "without_number", "one without a number"
    NOTE = "note", "Note: {note}"
