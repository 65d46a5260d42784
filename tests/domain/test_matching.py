"""What a row of a carrier's list means: certain only for one shipment with enough evidence, and never guessed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.domain.addresses import StoredAddress
from core.domain.matching import ListedParcel, Match, Pool, Trait, Waiting, decide, settle, shop_number_key
from core.domain.phone_numbers import phone_forms
from core.domain.recipient_names import name_form

HOUSE, ELSEWHERE = StoredAddress("서울 강남구 테헤란로 12"), StoredAddress("부산 해운대구 달맞이길 5")


def a_row(name: str = "", phone: str = "", address: str = "", order: str = "", **said: Any) -> ListedParcel:
    names, numbers = tuple(filter(None, [name and name_form(name)])), frozenset(filter(None, [shop_number_key(order)]))
    return ListedParcel(numbers, names, phone_forms(phone), StoredAddress(address), **said)


def waits(no: str, name: str = "홍길동", phone: str = "010-2345-1234", place: StoredAddress = HOUSE, **said: Any) -> Waiting:
    numbers = frozenset({shop_number_key(no), shop_number_key(said.pop("order", f"O-{no}"))})
    return Waiting(no, numbers, name_form(name), phone_forms(phone), place, **said)


def unlike(one: str, other: str) -> float:
    return 0.0


def meant(row: ListedParcel, *waiting: Waiting) -> tuple[Match, list[str]]:
    found = decide(row, Pool(waiting), unlike)
    return found.match, [one.shipment_no for one in found.fits]


A, B = waits("A"), waits("B", name="홍갑동")
OTHER = waits("Z", name="박다온", phone="010-9999-0000", place=ELSEWHERE)


@pytest.mark.parametrize(
    "row",
    [
        a_row("홍길동", "010-****-1234"),
        a_row("홍*동", "010-****-1234"),
        a_row("홍길동", "01023451234"),
        a_row("홍길동", address="서울 강남구 테헤란로 12"),
        a_row("홍*동", address="서울 강남구 테헤란로 12"),
        a_row(phone="010-2345-1234", address="서울 강남구 테헤란로 12"),
        a_row(order="O-A"),
        a_row("홍**", "010-****-1234", order="o-a"),
        a_row(order="A"),
    ],
)
def test_two_kinds_of_evidence_or_the_shops_number_are_certain(row: ListedParcel) -> None:
    assert meant(row, A, OTHER) == (Match.CERTAIN, ["A"])


@pytest.mark.parametrize(
    "row",
    [a_row("홍길동"), a_row(phone="010-2345-1234"), a_row(address="서울 강남구 테헤란로 12"), a_row("홍**", "010-****-1234")],
)
def test_one_kind_alone_is_left_to_a_person_though_only_one_shipment_fits(row: ListedParcel) -> None:
    assert meant(row, A, OTHER) == (Match.TIE, ["A"])


def test_who_looks_the_same_under_the_masks_is_tied() -> None:
    assert meant(a_row("홍*동", "010-****-1234"), A, B, OTHER) == (Match.TIE, ["A", "B"])
    assert meant(a_row("홍길동", "010-****-1234"), A, B, OTHER) == (Match.CERTAIN, ["A"])


def test_an_address_tells_two_of_one_name_apart() -> None:
    far = waits("B", place=ELSEWHERE)
    row = a_row("홍*동", "010-****-1234", "부산광역시 해운대구 달맞이길 5, 301호")
    assert meant(row, A, far) == (Match.CERTAIN, ["B"])
    assert meant(replace(row, place=StoredAddress()), A, far) == (Match.TIE, ["A", "B"])


def test_a_shipment_is_not_excluded_by_an_address_that_says_nothing_of_the_other() -> None:
    unknown = waits("B", place=StoredAddress())
    assert meant(a_row("홍길동", "010-****-1234", "서울 강남구 테헤란로 99"), A, unknown) == (Match.TIE, ["B", "A"])


def test_two_parcels_of_one_person_are_tied_whatever_the_order_of_the_rows() -> None:
    again = waits("A2")
    rows = [a_row("홍길동", "010-2345-1234", "서울 강남구 테헤란로 12")] * 2
    found = settle([decide(row, Pool([A, again]), unlike) for row in rows], ["N1", "N2"])
    assert [(one.match, [fit.shipment_no for fit in one.fits]) for one in found] == [(Match.TIE, ["A", "A2"])] * 2


def test_an_order_in_two_parcels_is_tied_unless_the_recipient_tells_them_apart() -> None:
    one, two = waits("A", order="O-7"), waits("B", name="김도윤", phone="010-1111-2222", order="O-7")
    assert meant(a_row(order="O-7"), one, two) == (Match.TIE, ["A", "B"])
    assert meant(a_row("김도윤", order="O-7"), one, two) == (Match.CERTAIN, ["B"])


def test_one_shipment_for_two_numbers_is_nobodys() -> None:
    rows = [a_row("홍길동", "010-****-1234"), a_row(order="O-A"), a_row("박다온", "010-9999-0000")]
    decided = [decide(row, Pool([A, OTHER]), unlike) for row in rows]
    found = settle(decided, ["N1", "N2", "N3"])
    assert [(one.match, one.rivals) for one in found] == [(Match.TIE, (1,)), (Match.TIE, (0,)), (Match.CERTAIN, ())]
    assert {one.match for one in settle(decided, ["N1", "N1", "N3"])} == {Match.CERTAIN}


def test_the_number_that_a_shipment_has_already_means_that_shipment() -> None:
    pool = Pool([A], {"N1": [waits("R", name="홍길동")]})
    row = a_row("홍*동", "010-****-1234", invoices=("N1",))
    assert [one.shipment_no for one in decide(row, pool, unlike).fits] == ["R"]
    other = a_row("박다온", "010-9999-0000", invoices=("N1",))
    assert decide(other, Pool([OTHER], {"N1": [A]}), unlike).fits[0].shipment_no == "Z"


def test_nothing_was_on_its_way_before_it_was_ordered() -> None:
    early, late = waits("A", ordered_on=date(2026, 11, 10)), waits("B", ordered_on=date(2026, 11, 20))
    row = a_row("홍길동", "010-****-1234", dispatched_on=date(2026, 11, 12))
    assert meant(row, early, late) == (Match.CERTAIN, ["A"])
    assert meant(replace(row, dispatched_on=date(2026, 11, 20)), early, late) == (Match.TIE, ["A", "B"])


def test_the_day_of_the_order_tells_two_orders_apart() -> None:
    early, late = waits("A", ordered_on=date(2026, 11, 10)), waits("B", ordered_on=date(2026, 11, 20))
    assert meant(a_row("홍길동", "010-****-1234", ordered_on=date(2026, 11, 20)), early, late) == (Match.CERTAIN, ["B"])
    assert meant(a_row("홍길동", ordered_on=date(2026, 11, 20)), early, late) == (Match.TIE, ["B"])


def test_a_parcel_is_not_much_lighter_than_its_goods_and_may_be_heavier() -> None:
    small, big = waits("A", weight_g=500), waits("B", weight_g=5_000)
    assert meant(a_row("홍길동", "010-****-1234", weight_g=600), small, big) == (Match.CERTAIN, ["A"])
    assert meant(a_row("홍길동", "010-****-1234", weight_g=5_100), small, big) == (Match.TIE, ["B", "A"])


@pytest.mark.parametrize(
    "row",
    [
        a_row("남궁민수", "010-7777-7777", "제주 제주시 여울목길 9"),
        a_row("홍길동", "010-7777-7777", "제주 제주시 여울목길 9"),
        a_row("김**", ""),
        a_row(),
    ],
)
def test_who_is_not_there_is_unknown(row: ListedParcel) -> None:
    assert meant(row, A, B, OTHER) == (Match.NONE, [])


def test_what_differs_in_one_field_is_offered_and_never_certain() -> None:
    near = lambda one, other: 0.9  # noqa: E731
    assert meant(a_row("홍길동", "010-2345-1234", "서울 서초구 서초로 1"), A, OTHER) == (Match.TIE, ["A"])
    assert meant(a_row("홍길동", "010-2345-1235"), A, OTHER) == (Match.TIE, ["A"])
    misspelt = decide(a_row("홍길등", "010-****-1234"), Pool([A, OTHER]), near)
    assert (misspelt.match, [one.shipment_no for one in misspelt.fits]) == (Match.TIE, ["A"])
    assert misspelt.fits[0].against == (Trait.NAME,)
    assert meant(a_row("홍길등", "010-****-1234"), A, OTHER) == (Match.NONE, [])


def test_another_order_number_speaks_against_a_shipment() -> None:
    assert meant(a_row("홍길동", "010-2345-1234", order="O-other"), A) == (Match.TIE, ["A"])


def test_names_that_the_shop_has_masked_are_found() -> None:
    masked = waits("M", name="홍*동", phone="")
    assert meant(a_row("홍길동", address="서울 강남구 테헤란로 12"), masked, OTHER) == (Match.CERTAIN, ["M"])
