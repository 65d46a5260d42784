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


CALLED = {
    NumberFault.ADDRESS: ["서울시 강남구 테헤란로 123", "경기도 성남시 분당구 판교로 1", "東京都千代田区丸の内1-1-1", "12 Main Street, Springfield",
                          "PO Box 12, London", "12 Byeolbit-ro, Seoul 04524", "12 Byeolbit-ro, Seoul", "12 Byeolbit-ro\nSeoul 04524",
                          "123 Main St, Springfield, IL 62701", "Musterstraße 12, 10115 Berlin", "427 Teheran-ro, Gangnam-gu, Seoul 06159",
                          "1-2-3 Jingumae, Shibuya-ku, Tokyo 150-0001", "10 Downing Street, London SW1A 2AA",
                          "1600 Amphitheatre Parkway, Mountain View, CA 94043", "P.O. Box 12345, 90210", "上海市浦东新区世纪大道 8 号"],
    NumberFault.FORMULA_ERROR: ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#n/a", "######", "=SUM(A1:A2)", "=VLOOKUP(A1,B:C,2)"],
    NumberFault.PIECES: ["632976615493 (1/2)", "(1/2)", "1/2", "632976615493 [2/3]", "632976615493 1 of 2", "(1/2) 632976615493", "1/2 632976615493", "[1/2] 632976615493", "(1/2)632976615493", "632976615493 외 1건",
                         "444413758703 他1件"],
    NumberFault.THOUSANDS: ["632,976,615,493", "1,234", "12,345,678.00", "632.976.615.493", "６３２，９７６"],
    NumberFault.DECIMALS: ["632976615493.0", "12.5"],
    NumberFault.PRICE: ["₩3,000", "3,000원", "$12.50", "￥1200", "1,200円", "3000 KRW", "€ 5"],
    NumberFault.DATE: ["2026-11-26", "2026.11.26", "2026/11/26", "26/11/2026", "11/26/2026", "2026년 11월 26일", "2026年11月26日",
                       "2026-11-26 10:00", "2026-11-26T10:00:00+09:00", "26.11.26"],
    NumberFault.LINK: ["https://trace.cjlogistics.com/next/tracking.html?wblNo=632976615493", "www.example.kr", "example.co.kr/a",
                       "HTTP://EXAMPLE.COM"],
    NumberFault.EMAIL: ["ada@example.com", "ada.kim@mail.example.kr"],
    NumberFault.PHONE: ["010-1234-5678", "010 1234 5678", "+82 10-1234-5678", "+821012345678", "02-123-4567", "03-1234-5678",
                        "(02) 123-4567", "01012345678"],
    NumberFault.SEVERAL: ["632976615493 577417824035", "632976615493, 577417824035", "632976615493/577417824035",
                          "632976615493\n577417824035", "A1234567; A1234568", "12345, 67890",
                          "First 632976615493, second 577417824035"],
    NumberFault.BESIDE: ["FedEx 986578788855", "CJ대한통운 632976615493", "632976615493 한진택배", "6329-7661-5493 / 한진"],
    NumberFault.TEXT: ["John Smith", "김민수", "배송완료", "문 앞에 놓아주세요", "please call me"],
}  # fmt: skip
CASES = [(text, reason) for reason, texts in CALLED.items() for text in texts]


@pytest.mark.parametrize(("text", "reason"), CASES)
@pytest.mark.parametrize("carrier", ["cj", "other"])
def test_each_is_called_what_it_is(carrier: str, text: str, reason: NumberFault) -> None:
    answer = check(carrier, text, RULES)
    assert answer.level is not Level.OK
    assert (answer.fault and answer.fault.reason) is reason


@pytest.mark.parametrize(
    ("carrier", "text"),
    [
        ("cj", "6329-7661-5493"), ("cj", "6329ㅡ7661ㅡ5493"), ("cj", "6329ー7661ー5493"), ("cj", "6329\U000e01007661 5493"), ("cj", "6329 7661 5493"), ("ems", "RB 123 456 785 GB"), ("usps", "9400 1112 0620 6406 2607 87"),
        ("usps", "420 77316 9261290283641500004181"), ("logen", "958-2572-9134"), ("korea_post", "68651-0939-4355"),
        ("ups", "1Z 999 AA1 01 2345 6784"), ("fedex", "9865 7878 8855"), ("dhl", "33 1881 0025"), ("other", "TBA 305129384756"),
        ("other", "RIDER 7"), ("hanjin", "0219-2772-0065"), ("other", "QBX-KRA-17345"), ("other", "2026-1126"),
    ],
)  # fmt: skip
def test_a_number_as_people_write_it_is_none_of_these(carrier: str, text: str) -> None:
    assert check(carrier, text, RULES).level is Level.OK
