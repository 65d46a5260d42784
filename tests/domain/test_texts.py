"""What is taken out of text as it comes in."""

import pytest

from core.domain.texts import cleaned


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Delivered", "Delivered"),
        ("배송 완료", "배송 완료"),
        ("a\ud800b\udfff", "ab"),
        ("a\x00b\x07\x1b[31m", "ab[31m"),
        ("line\nline\r\n\tend", "line\nline\r\n\tend"),
        ("one\x0btwo\x85three", "one two three"),
        ("\u202egnp.exe\u202c \u2066x\u2069 \u200fy", "gnp.exe x y"),
        ("S\u200b-\ufeff1\u2060\u00ad", "S-1"),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"),
        ("\u200da\u200d\u200d\u200db \u200d c\u200d", "a\u200db  c"),
        ("\u200d\u200d", ""),
    ],
)
def test_what_nobody_can_see_or_store_goes_and_the_rest_stays(given: str, kept: str) -> None:
    assert cleaned(given) == kept
    assert cleaned(kept) == kept
    cleaned(given).encode()


def test_a_text_that_is_too_long_is_cut_and_shows_it() -> None:
    assert cleaned("x" * 20, 20) == "x" * 20
    assert cleaned("é" * 21, 20) == "é" * 19 + "…"
