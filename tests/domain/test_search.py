"""What is typed into the search box: one form for comparing, several values at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.search import MAX_SEARCH_VALUES, parted, runs, search_values
from core.domain.shop_numbers import search_form


@pytest.mark.parametrize(
    "text",
    ["S2611-001", "s2611-001", "S2611001", " S2611 001\t", "Ｓ２６１１－００１", "S2611\u2010001", "S2611\u2013001\u200b",
     "\ufeffS2611\u00a0001", "S2611\u3000001\r\n", "S2611\u2212001", "S2611\u30fc001", "'S2611-001", '="S2611-001"'],
)  # fmt: skip
def test_numbers_are_found_however_they_are_written(text: str) -> None:
    assert search_form(text) == "S2611001"


@pytest.mark.parametrize("text", ["0012", "A_1", "A.1", "A/1", "50%", "상품1"])
def test_the_form_drops_nothing_that_tells_numbers_apart(text: str) -> None:
    assert search_form(text) == text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("S-1", ("S-1",)),
        ("S-1\nS-2\r\nS-3\rS-4", ("S-1", "S-2", "S-3", "S-4")),
        ("S-1,S-2, S-3 ,,", ("S-1", "S-2", "S-3")),
        ("S-1\tS-2 S-3;S-4", ("S-1", "S-2 S-3", "S-4")),
        ("Ｓ－１，Ｓ－２；Ｓ－３", ("S-1", "S-2", "S-3")),
        ("S-1、S-2､S-3", ("S-1", "S-2", "S-3")),
        ("S-1\u3000S-2\u00a0S-3\u2028S-4", ("S-1 S-2 S-3", "S-4")),
        ("S-2\nS-1\nS-2", ("S-2", "S-1")),
        ("6329 7661 5493", ("6329 7661 5493",)),
        ("  EE 123  456 785 KR\n", ("EE 123 456 785 KR",)),
        ("'0012, \u2019S-1", ("0012", "S-1")),
        ('="0012"\n\uff1d"S-1"', ("0012", "S-1")),
        ("", ()),
        (" \n,、\u200b - ", ()),
        ("0012", ("0012",)),
    ],
)
def test_pasted_values_are_told_apart_in_their_order_without_repeats(text: str, values: tuple[str, ...]) -> None:
    assert search_values(text) == values


def test_a_thousand_pasted_lines_are_a_thousand_values() -> None:
    values = search_values("\n".join(f"S-{n:04}" for n in range(MAX_SEARCH_VALUES)))
    assert (len(values), values[0], values[-1]) == (1000, "S-0000", "S-0999")


@given(st.text())
def test_every_value_can_be_searched_for(text: str) -> None:
    assert all(search_form(value) for value in search_values(text))


@given(st.text())
def test_a_form_is_its_own_form(text: str) -> None:
    assert search_form(search_form(text)) == search_form(text)


@pytest.mark.parametrize(
    ("known", "parts"),
    [
        (set(), ["S-1", "6329", "7661", "5493", "T"]),
        ({"6329 7661 5493"}, ["S-1", "6329 7661 5493", "T"]),
        ({"S-1"}, ["S-1", "6329 7661 5493 T"]),
        ({"7661"}, ["S-1 6329", "7661", "5493 T"]),
        ({"6329", "6329 7661"}, ["S-1", "6329 7661", "5493 T"]),
    ],
)
def test_a_line_is_divided_into_the_longest_numbers_that_are_known(known: set[str], parts: list[str]) -> None:
    assert parted("S-1 6329 7661 5493 T", known) == parts
    assert known <= set(runs("S-1 6329 7661 5493 T"))


def test_a_thousand_numbers_on_one_line_are_few_questions() -> None:
    assert len(runs(" ".join(str(n) for n in range(5000)))) < 12 * MAX_SEARCH_VALUES
