"""Which goods go in which parcel, under which number, and whose parcels go together."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.domain.errors import Refused
from core.domain.parcels import (
    LONGEST_NO,
    Place,
    Regrouping,
    after_split,
    divided,
    numbered,
    numbers_to_try,
    put_together,
    require_together,
    same_recipient,
    split_off,
)
from core.domain.shipment import Address, Item, Kind
from tests.builders import ADDRESS, MUG, NOW, SHIRT, a_shipment

SEOUL = Address("김민지", "010-1234-5678", "서울특별시 강남구 테헤란로 152, 10층", postal_code="06236", country="KR")
TOKYO = Address("佐藤花子", "090-1234-5678", "東京都千代田区丸の内1丁目9番1号", postal_code="100-0005", country="JP")


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({"shipment_no": "S-1"}, "S-1-2"),
        ({"shipment_no": "S-1-3", "split_no": "S-1"}, "S-1-2"),
        ({"shipment_no": "O-7-2", "order_no": "O-7"}, "O-7-2"),
        ({"shipment_no": "O-7-3", "order_no": "O-7", "split_no": "O-7-2"}, "O-7-2"),
        ({"shipment_no": "O-7-1", "order_no": "O-7"}, "O-7-1-2"),
        ({"shipment_no": "S-1-R1"}, "S-1-R1-2"),
    ],
)
def test_all_parcels_of_a_shipment_have_numbers_of_one_stem(fields: dict[str, Any], first: str) -> None:
    assert numbers_to_try(a_shipment(**fields))[0] == first


def test_a_number_that_would_be_too_long_is_cut_before_its_turn() -> None:
    number = numbered("S" * LONGEST_NO, 12)
    assert len(number) == LONGEST_NO
    assert number.endswith("S-12")


def test_goods_are_divided_by_line_and_quantity() -> None:
    found = divided(a_shipment(items=(SHIRT, MUG)), [1, 1])
    assert found.rest == (replace(MUG, quantity=1),)
    assert found.taken == (SHIRT, replace(MUG, quantity=1))
    assert found.places == {1: Place(True, 1), 2: Place(False, 1)}


def test_a_parcel_may_have_no_goods_of_its_own() -> None:
    found = divided(a_shipment(items=(SHIRT,)), [0])
    assert (found.rest, found.taken) == ((SHIRT,), ())


@pytest.mark.parametrize(
    ("quantities", "reason"),
    [([1, 2], Regrouping.NOTHING_STAYS), ([2, 0], Regrouping.NOT_SO_MANY), ([-1, 0], Regrouping.NOT_SO_MANY)],
)
def test_more_than_there_is_and_all_of_it_do_not_go(quantities: list[int], reason: Regrouping) -> None:
    with pytest.raises(Refused) as refusal:
        divided(a_shipment(items=(SHIRT, MUG)), quantities)
    assert refusal.value.whys[0].reason is reason


def test_a_new_parcel_has_the_order_and_promise_of_the_first_and_neither_its_weight_nor_its_freight() -> None:
    whole = a_shipment(items=(SHIRT, MUG), weight_g=900, promised_on=date(2026, 11, 20))
    division = divided(whole, [1, 0])
    part = split_off(whole, division, shipment_id=2, number="S-1-2", at=NOW)
    assert (part.order_no, part.promised_on, part.split_no) == (whole.order_no, whole.promised_on, "S-1")
    assert (part.weight_g, part.freight, part.items) == (None, None, (SHIRT,))
    assert after_split(whole, division, NOW) == {"items": (MUG,), "weight_g": None, "regrouped_at": NOW}


def test_a_second_box_without_goods_leaves_the_weight() -> None:
    whole = a_shipment(items=(SHIRT,), weight_g=900)
    assert "weight_g" not in after_split(whole, divided(whole, [0]), NOW)


def test_put_together_has_all_goods_and_requests_and_the_earliest_days() -> None:
    one = a_shipment(weight_g=400, request="At the door", ship_by=date(2026, 11, 20))
    other = a_shipment("S-2", items=(MUG,), weight_g=300, request="Call first", ship_by=date(2026, 11, 18))
    changes = put_together(one, [other], NOW)
    assert changes["items"] == (SHIRT, MUG)
    assert (changes["request"], changes["weight_g"]) == ("At the door\nCall first", 700)
    assert (changes["ship_by"], changes["freight"]) == (date(2026, 11, 18), Decimal("6000.00"))


def test_what_is_not_known_of_one_is_not_known_of_all() -> None:
    one, other = a_shipment(weight_g=400), a_shipment("S-2", weight_g=None, currency="JPY")
    changes = put_together(one, [other], NOW)
    assert changes["weight_g"] is None
    assert "freight" not in changes


@pytest.mark.parametrize(
    "other",
    [
        SEOUL,
        replace(SEOUL, recipient="김 민지", phone="+82 10-1234-5678"),
        replace(SEOUL, address="서울 강남구 테헤란로 152 (역삼동) 10층", postal_code=""),
        replace(SEOUL, address="테헤란로 152, 10층", region="서울특별시", city="강남구"),
    ],
)
def test_one_house_and_phone_in_whatever_spelling_are_one_recipient(other: Address) -> None:
    assert same_recipient(SEOUL, other)


def test_a_house_in_japan_is_one_in_both_spellings() -> None:
    assert same_recipient(TOKYO, replace(TOKYO, address="東京都千代田区丸の内１－９－１", phone="+81 90 1234 5678"))


@pytest.mark.parametrize(
    "other",
    [
        replace(SEOUL, phone="010-1234-5679"),
        replace(SEOUL, phone=""),
        replace(SEOUL, phone="0507-1234-5678"),
        replace(SEOUL, phone="010-****-5678"),
        replace(SEOUL, address="서울특별시 강남구 테헤란로 154, 10층"),
        replace(SEOUL, country="JP"),
        replace(SEOUL, address="", postal_code=""),
    ],
)
def test_another_house_or_phone_is_another_recipient(other: Address) -> None:
    assert not same_recipient(SEOUL, other)


def test_without_phones_the_name_tells() -> None:
    nameless = replace(SEOUL, phone="")
    assert same_recipient(nameless, replace(nameless, recipient="김 민지"))
    assert not same_recipient(nameless, replace(nameless, recipient="박서준"))
    assert not same_recipient(replace(nameless, recipient=""), replace(nameless, recipient=""))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"shipment_id": 1}, Regrouping.WITH_ITSELF),
        ({"kind": Kind.EXCHANGE}, Regrouping.OTHER_KIND),
        ({"warehouse": "Busan"}, Regrouping.OTHER_WAREHOUSE),
        ({"address": replace(ADDRESS, phone="010-9999-0000")}, Regrouping.OTHER_RECIPIENT),
    ],
)
def test_only_what_leaves_from_one_place_to_one_recipient_goes_together(fields: dict[str, Any], reason: Regrouping) -> None:
    with pytest.raises(Refused) as refusal:
        require_together(a_shipment(), a_shipment("S-2", **({"shipment_id": 2} | fields)))
    assert refusal.value.whys[0].reason is reason


def test_an_item_keeps_its_name() -> None:
    assert divided(a_shipment(items=(Item("P", "Chair", 4),)), [3]).taken == (Item("P", "Chair", 3),)
