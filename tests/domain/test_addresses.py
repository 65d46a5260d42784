"""Addresses by the rules of Korea, of Japan and of Latin letters: one house in many spellings, and what says less."""

import pytest

from core.domain.addresses import HOUSE, STREET, StoredAddress, compare_places
from core.domain.evidence import AGAINST, SILENT

SEOUL = StoredAddress("테헤란로 12, 101동 1203호", "강남구", "서울특별시", "06234")
SUWON = StoredAddress("물빛로 7번길 12", "수원", "경기도")
SAPPORO = StoredAddress("例一条1-2-3", "札幌市架空区", "北海道", "0600001")
TOKYO = StoredAddress("雲雀坂3-2-1 ひばり荘101", "世田谷区", "東京都", "154-0001")
PORTLAND = StoredAddress("12 Old Orchard Lane, Apt 34", "Portland", "OR", "97201")


@pytest.mark.parametrize(
    ("row", "stored"),
    [
        ("서울특별시 강남구 테헤란로 12 101동 1203호", SEOUL),
        ("서울시 강남구 테헤란로12, 101동 1203호 (역삼동)", SEOUL),
        ("서울 강남구 테헤란로 12", SEOUL),
        ("테헤란로 12", SEOUL),
        ("서울특별시강남구테헤란로12", SEOUL),
        ("서울 강남구 테헤란로 12, 101동 12", SEOUL),
        ("(06234) 서울 강남구 테헤란로 12", SEOUL),
        ("경기 수원시 영통구 물빛로7번길 12", SUWON),
        ("경기도 수원시 물빛로 7번길 12, 3층", SUWON),
        ("札幌市架空区例一条１丁目２番３号", SAPPORO),
        ("〒060-0001 北海道札幌市架空区例一条1−2−3", SAPPORO),
        ("東京都世田谷区雲雀坂三丁目2番1号ひばり荘101号室", TOKYO),
        ("世田谷区雲雀坂3-2-1", TOKYO),
        ("雲雀坂３ー２ー１", TOKYO),
        ("12 OLD ORCHARD LN APT 34, PORTLAND OR", PORTLAND),
        ("12 Old Orchard Lane", PORTLAND),
    ],
)
def test_one_house_is_known_however_it_is_written(row: str, stored: StoredAddress) -> None:
    assert compare_places(StoredAddress(row), stored) == HOUSE


@pytest.mark.parametrize(
    ("row", "stored", "said"),
    [
        ("서울 강남구 테헤란로 ***", SEOUL, STREET),
        ("東京都世田谷区雲雀坂＊＊＊", TOKYO, STREET),
        ("서울 강남구", SEOUL, SILENT),
        ("東京都世田谷区", TOKYO, SILENT),
        ("서울 강남구 역삼동 123-4", SEOUL, SILENT),
        ("", SEOUL, SILENT),
        ("12 Teheran-ro, Gangnam-gu, Seoul", SEOUL, SILENT),
    ],
)
def test_a_part_of_an_address_says_less_and_never_something_else(row: str, stored: StoredAddress, said: int) -> None:
    assert compare_places(StoredAddress(row), stored) == said


@pytest.mark.parametrize(
    ("row", "stored"),
    [
        ("서울 강남구 테헤란로 123", SEOUL),
        ("부산 해운대구 테헤란로 12", SEOUL),
        ("서울 서초구 테헤란로 12", SEOUL),
        ("서울 강남구 큰테헤란로 12", SEOUL),
        ("서울 강남구 테헤란로 12, 102동 803호", SEOUL),
        ("東京都世田谷区雲雀坂3-2-2", TOKYO),
        ("東京都江東区雲雀坂3-2-1", TOKYO),
        ("大阪府大阪市若葉台3-2-1", TOKYO),
        ("14 Old Orchard Lane", PORTLAND),
        ("12 Maple Lane", PORTLAND),
    ],
)
def test_another_house_is_another_house(row: str, stored: StoredAddress) -> None:
    assert compare_places(StoredAddress(row), stored) == AGAINST


@pytest.mark.parametrize(
    ("row", "stored", "said"),
    [
        ("154-0001", TOKYO, STREET),
        ("〒1540001", TOKYO, STREET),
        ("600001", SAPPORO, STREET),
        ("97201-1234", PORTLAND, STREET),
        ("154-0002", TOKYO, AGAINST),
        ("135-080", SEOUL, SILENT),
    ],
)
def test_without_an_address_the_postal_code_speaks(row: str, stored: StoredAddress, said: int) -> None:
    assert compare_places(StoredAddress(postal_code=row), stored) == said
