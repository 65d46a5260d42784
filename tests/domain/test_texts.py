"""What is taken out of text as it comes in."""

import pytest

from core.domain.texts import cleaned, is_blank, is_hyphen, is_visible


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


@pytest.mark.parametrize("character", "-\u2010\u2013\u2014\u2212\uff0d\u30fc\uff70\u3161\u1173\u207b")
def test_a_hyphen_is_one_on_every_keyboard(character: str) -> None:
    assert is_hyphen(character) and is_visible(character) and not is_blank(character)


@pytest.mark.parametrize("character", " \t\u00a0\u3000\u200b\ufeff\u3164\uffa0\u115f\u2800\ufe00\ufe0f\u034f\U000e0100")
def test_what_nobody_sees_is_blank(character: str) -> None:
    assert is_blank(character) and not is_visible(character * 3) and is_visible(f"{character}1")


def test_a_text_that_is_too_long_is_cut_and_shows_it() -> None:
    assert cleaned("x" * 20, 20) == "x" * 20
    assert cleaned("é" * 21, 20) == "é" * 19 + "…"
