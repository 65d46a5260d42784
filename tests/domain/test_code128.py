"""Bars that scanners read: each value's pattern, pairs of digits, and what no bar can say."""

import re

import pytest

from core.domain.code128 import widths

PRINTABLE = "".join(map(chr, range(32, 127)))


def values(text: str) -> list[int]:
    """What the bars say, value by value, by the patterns that the standard gives the digits 00 to 99 and the rest."""
    bars = widths(text)
    assert bars and bars.endswith("2331112")
    return [PATTERNS.index(pattern) for pattern in re.findall("......", bars[:-7])]


def patterns() -> list[str]:
    """Of the values 0 to 102, as pairs of digits and text show them."""
    of_pairs = [widths(f"{n:02}" * 2) or "" for n in range(100)]
    switches = [(widths("a0000") or "")[12:18], (widths("0000a") or "")[18:24]]
    starts = [(widths("a") or "")[:6], (widths("0000") or "")[:6]]
    found = [bars[6:12] for bars in of_pairs]
    assert found[99:] == [switches[0]]
    return [*found, switches[1], "411131", "411131", "211412", *starts]


PATTERNS = patterns()


def test_every_pattern_is_eleven_modules_wide_and_no_two_are_alike() -> None:
    assert {sum(map(int, pattern)) for pattern in PATTERNS} == {11}
    assert len(set(PATTERNS[:101])) == 101


def test_digits_go_in_pairs_and_text_does_not() -> None:
    assert values("123456")[:4] == [105, 12, 34, 56]
    assert values("S261124-7")[:8] == [104, 51, 99, 26, 11, 24, 100, 13]


def test_the_first_digit_of_an_odd_run_stands_alone() -> None:
    assert values("12345")[:5] == [104, 17, 99, 23, 45]


@pytest.mark.parametrize("text", ["S261124-00001", "123456", PRINTABLE])
def test_the_last_value_checks_the_others(text: str) -> None:
    *said, check = values(text)
    assert check == (said[0] + sum(place * value for place, value in enumerate(said))) % 103


@pytest.mark.parametrize("text", ["", "가-1", "a\n", "\x1d1"])
def test_what_no_bar_can_say_has_none(text: str) -> None:
    assert widths(text) is None
