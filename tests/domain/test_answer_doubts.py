"""Doubts about an answer: kept as values, said as sentences."""

import pytest

from core.domain.answer_doubts import AnswerDoubt, in_words

USED_BEFORE = "The number was used before: events of an earlier parcel are shown, but do not count."
FROM_THE_FUTURE = "The carrier reports events of days to come. They are left out until then."


@pytest.mark.parametrize(
    ("doubts", "sentence"),
    [
        ([], ""),
        ([AnswerDoubt.USED_BEFORE], USED_BEFORE),
        ([AnswerDoubt.FROM_THE_FUTURE], FROM_THE_FUTURE),
        ([AnswerDoubt.FROM_THE_FUTURE, AnswerDoubt.USED_BEFORE], f"{FROM_THE_FUTURE} {USED_BEFORE}"),
    ],
)
def test_what_is_stored_is_said_in_whole_sentences(doubts: list[AnswerDoubt], sentence: str) -> None:
    assert in_words(",".join(doubts)) == sentence


def test_a_sentence_that_was_stored_earlier_is_shown_as_it_is() -> None:
    assert in_words(USED_BEFORE) == USED_BEFORE
