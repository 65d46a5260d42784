"""How recipients are searched: the key of a recipient, and what counts as the end of a phone number."""

import pytest

from core.domain.recipients import phone_tail, recipient_key


@pytest.mark.parametrize(
    ("recipient", "phone", "key"),
    [
        ("Minji Kim", "010-1234-5678", "minjikim 01012345678"),
        ("김 민지", "+82 10 1234 5678", "김민지 821012345678"),
        ("ﾔﾏﾀﾞ　ﾀﾛｳ", "０３－１２３４", "ヤマダタロウ 031234"),
        ("やまだ・たろう", "", "ヤマダタロウ "),
        ("O'Brien, Séan (Flat 2)", "n/a", "obrienséanflat2 "),
        ("", "", " "),
    ],
)
def test_a_recipient_is_kept_in_one_width_case_and_kana(recipient: str, phone: str, key: str) -> None:
    assert recipient_key(recipient, phone) == key


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("5678", "5678"),
        ("0078", "0078"),
        ("1234-5678", "12345678"),
        ("010-1234-5678", "1012345678"),
        ("５６７８", "5678"),
        ("678", ""),
        ("김민지", ""),
        ("B1234", ""),
        ("", ""),
    ],
)
def test_four_digits_and_more_are_the_end_of_a_phone_number(text: str, tail: str) -> None:
    assert phone_tail(text) == tail
