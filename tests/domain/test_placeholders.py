"""Placeholders: what fills the field is asked about, and no number is taken for one."""

import random
import string
from collections.abc import Callable

import pytest

from core.domain.invoice_number import Level, check, clean, complete
from core.domain.no_number import is_placeholder
from core.domain.number_faults import NumberFault
from tests.builders import RULES
from tests.domain.test_invoice_number import VALID

FILLING = [
    "000000000000", "111111111111", "1111-1111-1111", "111111111116", "000000000001", "100000000000", "0", "1", "9999",
    "123456789012", "1234567890", "12345678901234567890", "0123456789", "210987654321", "987654321098", "0987654321",
    "121212121212", "123123123123", "123412341234", "112233445566", "ABCDEF", "ZYXWVU", "AAAAAAAA", "ABC123", "ABCD1234",
    "AAAA1111", "XXXX1234", "xxxx-xxxx-1234", "XXXXXXXXXXXX", "????", "****", "1234-****",
    "SF0000000000000", "SF1234567890123", "1Z9999999999999999", "JJD0000000000", "TEST", "test", "TEST1234", "Test-01", "dummy", "Sample",
    "N/A", "n/a", "NA", "none", "NULL", "TBD", "t.b.d.", "TBA", "pending", "unknown", "(none)", "QWERTY", "asdf",
    "없음", "미정", "미발급", "추후 입력", "확인중", "테스트", "운송장 없음", "なし", "無し", "未定", "未発行", "不明", "テスト", "暂无", "待定",
    "１２３４５６７８９０", "ＴＥＳＴ", "000000123456", "111122223333", "TESTTEST", "NOTRACK", "ASDF1234", "PICKUP",
]  # fmt: skip


@pytest.mark.parametrize("text", FILLING)
@pytest.mark.parametrize("carrier", ["cj", "hanjin", "sf", "korea_post", "dhl", "fedex", "usps", "other"])
def test_what_fills_the_field_is_never_simply_taken(carrier: str, text: str) -> None:
    assert check(carrier, text, RULES).level is not Level.OK


@pytest.mark.parametrize("text", FILLING)
def test_it_is_called_a_placeholder_where_any_company_could_have_it(text: str) -> None:
    answer = check("other", text, RULES)
    assert answer.fault is not None
    assert answer.fault.reason is NumberFault.PLACEHOLDER or len(text) == 1


@pytest.mark.parametrize("carrier", ["hanjin", "lotte", "yamato", "sagawa", "japan_post", "cj", "sf"])
def test_a_right_check_digit_does_not_help(carrier: str) -> None:
    answer = check(carrier, "000000000000", RULES)
    assert (answer.level, answer.fault and answer.fault.reason) == (Level.WARN, NumberFault.PLACEHOLDER)


SAMPLES = """632976615493 577417824035 568833612760 530727039920 515596435911 232009815833 95825729134 6865109394355 444413758703
512547514334 405548424886 LP257594783SG EE123456789KR 1Z999AA10123456784 986578788855 8077152042820402 TBA305129384756
9261290283641500004181 420773169261290283641500004181 JJD0099999999 JVGL0999999990 GM2951173225174494"""


@pytest.mark.parametrize("number", dict.fromkeys([*SAMPLES.split(), *(n for some in VALID.values() for n in some.split())]))
def test_a_number_that_was_really_given_is_none(number: str) -> None:
    assert not is_placeholder(number, clean(number))


DIGITS, ALPHANUMERIC = string.digits, string.digits + string.ascii_uppercase
MADE: dict[str, Callable[[random.Random], str]] = {
    "cj": lambda r: complete(RULES.carriers["cj"], "".join(r.choices(DIGITS, k=11))),
    "hanjin": lambda r: complete(RULES.carriers["hanjin"], "".join(r.choices(DIGITS, k=11))),
    "logen": lambda r: complete(RULES.carriers["logen"], "".join(r.choices(DIGITS, k=10))),
    "dhl": lambda r: complete(RULES.carriers["dhl"], "".join(r.choices(DIGITS, k=9))),
    "fedex": lambda r: complete(RULES.carriers["fedex"], "".join(r.choices(DIGITS, k=11))),
    "ups": lambda r: complete(RULES.carriers["ups"], "1Z" + "".join(r.choices(ALPHANUMERIC, k=15))),
    "ems": lambda r: complete(RULES.carriers["ems"], f"EE{''.join(r.choices(DIGITS, k=8))}KR"),
    "korea_post": lambda r: "".join(r.choices(DIGITS, k=13)),
    "usps": lambda r: complete(RULES.carriers["usps"], "94" + "".join(r.choices(DIGITS, k=19))),
}


@pytest.mark.parametrize("carrier", MADE)
def test_of_ten_thousand_right_numbers_of_a_company_none_or_one_is_taken_for_one(carrier: str) -> None:
    chance = random.Random(7)
    numbers = [MADE[carrier](chance) for _ in range(10_000)]
    assert sum(is_placeholder(number, number) for number in numbers) <= 1
