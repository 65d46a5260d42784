"""What is round a number: scanner characters, labels, the letters of another keyboard; taken off where that is provable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.invoice_number import clean
from core.domain.wrappings import Wrapping, meant, pressed, unwrapped

SCANNER, LABEL, KEYBOARD, QUOTES = Wrapping.SCANNER, Wrapping.LABEL, Wrapping.KEYBOARD, Wrapping.QUOTES


@pytest.mark.parametrize(
    ("text", "number", "wrapping"),
    [
        ("A444413758703A", "444413758703", SCANNER),
        ("d8077152042820402b", "8077152042820402", SCANNER),
        ("Ａ４４４４１３７５８７０３Ａ", "444413758703", SCANNER),
        ("c4444-1375-8703c", "444413758703", SCANNER),
        ("*444413758703*", "444413758703", SCANNER),
        ("*1Z999AA10123456784*", "1Z999AA10123456784", SCANNER),
        ("*A444413758703A*", "444413758703", SCANNER),
        *((f"]{aim}632976615493", "632976615493", SCANNER) for aim in ("C0", "C1", "A0", "e0", "d2", "I1", "Q3")),
        ("]F0A444413758703A", "444413758703", SCANNER),
        ("]C1420773169261290283641500004181\x1d", "420773169261290283641500004181", SCANNER),
        ("\x1d42077316\x1d9261290283641500004181", "420773169261290283641500004181", SCANNER),
        ("(420)77316(92)61290283641500004181", "420773169261290283641500004181", SCANNER),
        ("(00)123456789012345675", "00123456789012345675", SCANNER),
        ("(401)ABQ123", "ABQ123", SCANNER),
        ("\x02632976615493\x03", "632976615493", SCANNER),
        ("운송장번호: 6329-7661-5493", "632976615493", LABEL),
        ("송장번호 632976615493", "632976615493", LABEL),
        ("운송장 번호 : 632976615493", "632976615493", LABEL),
        ("[운송장번호] 632976615493", "632976615493", LABEL),
        ("등기번호：6865109394355", "6865109394355", LABEL),
        ("お問い合わせ番号：4444-1375-8703", "444413758703", LABEL),
        ("お問合せ伝票番号 444413758703", "444413758703", LABEL),
        ("送り状No.444413758703", "444413758703", LABEL),
        ("Tracking No. 1Z999AA10123456784", "1Z999AA10123456784", LABEL),
        ("TRACKING NUMBER: 9400111206206406260787", "9400111206206406260787", LABEL),
        ("Tracking # 986578788855", "986578788855", LABEL),
        ("运单号：SF1420938475610", "SF1420938475610", LABEL),
        ("ㄸㄷ123456785ㅏㄱ", "EE123456785KR", KEYBOARD),
        ("1ㅋ999ㅁㅁ10123456784", "1Z999AA10123456784", KEYBOARD),
        ("그2951173225174494", "RM2951173225174494", KEYBOARD),
        ("ㅎㅡ2951173225174494", "GM2951173225174494", KEYBOARD),
        ("ええ１２３４５６７８５ｋｒ", "EE123456785KR", KEYBOARD),
        ("いいぬふあうえおやゆえのす", "EE123456785KR", KEYBOARD),
        ('="632976615493"', "632976615493", QUOTES),
        ("“632976615493”", "632976615493", QUOTES),
    ],
)
def test_the_number_inside_is_taken_and_what_was_round_it_is_named(text: str, number: str, wrapping: Wrapping) -> None:
    assert clean(text) == clean(number.lower()) == number
    assert wrapping in unwrapped(text)[1] or "\x1d" in text


@pytest.mark.parametrize(
    "text",
    [
        "632976615493", "1Z999AA10123456784", "A1234567A", "K2479825491", "EE123456785KR", "JD014600003823434523", "NO12345678",
        "6329-7661-5493", "６３２９ー７６６１", "6329ㅡ7661ㅡ5493", "서울시 강남구 123456", "강남구대치동123456", "로젠택배", "なし", "TRACK123456",
    ],
)  # fmt: skip
def test_what_may_belong_to_the_number_or_is_none_stays(text: str) -> None:
    assert unwrapped(text) == (text, ())


@pytest.mark.parametrize(
    "text", ["6329ㅡ7661ㅡ5493", "6329ー7661ー5493", "632976615493\r\n", "\t632976615493\t", "632976615493\x1e\x04"]
)
def test_dashes_of_other_keyboards_and_line_ends_of_scanners_go(text: str) -> None:
    assert clean(text) == "632976615493"


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("ㄴ261126-00005", "S261126-00005"),
        ("ㅁㅊ", "AC"),
        ("가", "RK"),
        ("값", "RKQT"),
        ("ㅘ", "HK"),
        ("ㄳ", "RT"),
        ("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP"),
        ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", "QWERTYUIOPASDFGHJKLZXCVBNM"),
        ("ｓ２６１１２６－００００５", "S261126-00005"),
        ("とふおぬぬふおほわわわわえ", "S261126-00005"),
        ("ﾄﾌｵﾇﾇﾌｵﾎﾜﾜﾜﾜｴ", "S261126-00005"),
        ("Tば１２３", "TBA123"),
        ("か１", "か1"),
        ("韓", "韓"),
        ("S-1", "S-1"),
    ],
)
def test_letters_of_another_keyboard_are_the_keys_that_were_pressed(typed: str, keys: str) -> None:
    assert pressed(typed) == keys


@pytest.mark.parametrize("text", ["ㄴ261126-00005", "]C0S261126-00005", "*S261126-00005*", "\x02S261126-00005\x03"])
def test_a_slip_is_read_as_the_scanner_meant_it(text: str) -> None:
    assert meant(text) == "S261126-00005"


@given(st.text(alphabet=st.sampled_from(' -*AaDd0123456789]C(\x1d)"=:번호송장ㄴ가ーㅡえ\n')))
def test_cleaning_what_is_wrapped_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
