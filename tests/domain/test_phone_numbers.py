"""Phones as carriers' lists have them: whole, masked, and spoilt by spreadsheets."""

import pytest

from core.domain.evidence import AGAINST, SILENT
from core.domain.phone_numbers import TAIL, WHOLE, compare_phones, phone_forms


def compared(row: str, stored: str) -> int:
    return compare_phones(phone_forms(row), phone_forms(stored))


@pytest.mark.parametrize(
    ("row", "stored", "said"),
    [
        ("01087651234", "010-8765-1234", WHOLE),
        ("1087651234", "010-8765-1234", WHOLE),
        ("+82 10-8765-1234", "010-8765-1234", WHOLE),
        ("0082-10-8765-1234", "010.8765.1234", WHOLE),
        ("+81-(0)90-1234-5678", "090-1234-5678", WHOLE),
        ("０９０－１２３４－５６７８", "090-1234-5678", WHOLE),
        ("02-123-4567", "021234567", WHOLE),
        ("02-333-4444 / 010-8765-1234", "010-8765-1234", WHOLE),
        ("213-555-0123", "+1 213-555-0123", WHOLE),
        ("010-****-1234", "010-8765-1234", TAIL),
        ("***-****-1234", "010-8765-1234", TAIL),
        ("010-XXXX-1234", "010-8765-1234", TAIL),
        ("010-***-1234", "010-8765-1234", TAIL),
        ("010-8765-****", "010-8765-1234", TAIL),
        ("010-87**-12**", "010-8765-1234", TAIL),
        ("1234", "010-8765-1234", TAIL),
        ("010-****-1234", "010-****-1234", TAIL),
        ("010-****-**34", "010-8765-1234", SILENT),
        ("010-****-****", "010-8765-1234", SILENT),
        ("", "010-8765-1234", SILENT),
        ("0504-123-4567", "010-8765-1234", SILENT),
        ("010-8765-1235", "010-8765-1234", AGAINST),
        ("010-****-1235", "010-8765-1234", AGAINST),
        ("016-****-1234", "010-8765-1234", AGAINST),
        ("010-86**-1234", "010-8765-1234", AGAINST),
    ],
)
def test_a_phone_is_known_by_the_digits_that_are_seen(row: str, stored: str, said: int) -> None:
    assert compared(row, stored) == said
