"""Names as carriers' lists have them: what is one name, what is hidden, and what cannot be compared."""

import pytest

from core.domain.evidence import AGAINST, SILENT
from core.domain.recipient_names import MASKED, WHOLE, compare_names, name_form


def compared(row: str, stored: str) -> int:
    return compare_names(name_form(row), name_form(stored))


@pytest.mark.parametrize(
    ("row", "stored"),
    [
        ("홍길동", "홍길동"),
        ("홍 길 동", "홍길동"),
        ("홍길동님", "홍길동"),
        ("홍길동 고객님", "홍길동"),
        ("홍길동(회사)", "홍길동"),
        ("(주)한빛상사", "한빛상사 주식회사"),
        ("山田 太郎 様", "山田太郎"),
        ("山田　太郎", "山田 太郎"),
        ("髙橋 一花", "高橋一花"),
        ("山﨑", "山崎"),
        ("斎藤", "齋藤"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ たろう"),
        ("㈱例商事 山田太郎", "株式会社例商事 山田太郎"),
        ("ADA KIM", "Ada Kim"),
        ("Kim, Ada", "Ada Kim"),
        ("Mr. Ada Kim", "Ada Kim"),
        ("Muller Jorg", "Jörg Müller"),
    ],
)
def test_one_name_is_known_however_it_is_written(row: str, stored: str) -> None:
    assert compared(row, stored) == WHOLE


@pytest.mark.parametrize(
    ("row", "stored", "said"),
    [
        ("홍*동", "홍길동", MASKED),
        ("홍＊동", "홍길동", MASKED),
        ("홍○동 님", "홍길동", MASKED),
        ("홍X동", "홍길동", MASKED),
        ("홍길*", "홍길동", MASKED),
        ("남궁*수", "남궁민수", MASKED),
        ("山*太郎", "山田太郎", MASKED),
        ("홍*동", "홍*동", MASKED),
        ("Ada K**", "Ada Kim", MASKED),
        ("홍*동", "홍동", AGAINST),
        ("홍*동", "홍길순", AGAINST),
        ("홍*동", "김길동", AGAINST),
        ("김**", "김민수", SILENT),
        ("김**", "박민수", AGAINST),
        ("김***", "김민수", SILENT),
        ("***", "홍길동", SILENT),
    ],
)
def test_a_masked_name_is_compared_place_by_place(row: str, stored: str, said: int) -> None:
    assert compared(row, stored) == said


@pytest.mark.parametrize(
    ("row", "stored"),
    [
        ("Hong Gildong", "홍길동"),
        ("ヤマダ タロウ", "山田太郎"),
        ("山田", "山田 太郎"),
        ("A. Kim", "Ada Kim"),
        ("Alexander Christophers", "Alexander Christopherson"),
        ("", "홍길동"),
        ("홍길동", ""),
    ],
)
def test_what_cannot_be_compared_says_nothing(row: str, stored: str) -> None:
    assert compared(row, stored) == SILENT


@pytest.mark.parametrize(
    ("row", "stored"), [("김민수", "김민서"), ("山田太郎", "山田太一"), ("Ada Kim", "Ben Kim"), ("김민", "김민수")]
)
def test_what_is_only_alike_is_another_name(row: str, stored: str) -> None:
    assert compared(row, stored) == AGAINST
