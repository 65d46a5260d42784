"""What can be odd about a carrier's answer, as values and in words."""

from core.domain.reasons import Reason, sentences


class AnswerDoubt(Reason):
    """Why not everything that a carrier told of a number counts, or what it does not say; the most pressing first."""

    DELIVERED_OR_RETURNED = (
        "delivered_or_returned",
        "The carrier's words say that the parcel goes back to the sender, and then that it was handed over. "
        "Only its words say so: settle whether it was delivered or returned.",
    )
    GOES_BACK = (
        "goes_back",
        "The carrier's words say that the parcel goes back to the sender. Only its words say so: settle it once you know better.",
    )
    USED_AGAIN = (
        "used_again",
        "The number was used again: events of a later parcel are shown, but do not count.",
    )
    FROM_THE_FUTURE = (
        "from_the_future",
        "The carrier reports events of days to come. They are left out until then.",
    )
    USED_BEFORE = (
        "used_before",
        "The number was used before: events of an earlier parcel are shown, but do not count.",
    )


def stored(value: str | None) -> AnswerDoubt | None:
    """The doubt of a stored value; None where there is none, or one that another version of Shipdesk knows."""
    return next((doubt for doubt in AnswerDoubt if doubt == value), None)


def in_words(stored: str) -> str:
    """The sentences of what is stored, separated by commas; a text that an earlier Shipdesk stored is one already."""
    known = {str(doubt.value): doubt for doubt in AnswerDoubt}
    values = stored.split(",")
    return sentences(known[value]() for value in values) if known.keys() >= set(values) else stored
