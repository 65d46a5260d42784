"""What can be odd about a carrier's answer, as values and in words."""

from core.domain.reasons import Reason, sentences


class AnswerDoubt(Reason):
    """Why not everything that a carrier told of a number counts."""

    FROM_THE_FUTURE = (
        "from_the_future",
        "The carrier reports events of days to come. They are left out until then.",
    )
    USED_BEFORE = (
        "used_before",
        "The number was used before: events older than the order are shown, but do not count.",
    )


def in_words(stored: str) -> str:
    """The sentences of what is stored, separated by commas; a text that an earlier Shipdesk stored is one already."""
    known = {str(doubt.value): doubt for doubt in AnswerDoubt}
    values = stored.split(",")
    return sentences(known[value]() for value in values) if known.keys() >= set(values) else stored
