"""What is personal: what is hidden, what stays, and what is left when it is forgotten."""

from dataclasses import replace

import pytest

from core.domain import personal
from core.domain.personal import MASK, PERSONAL_FIELDS
from core.domain.shipment import Stage
from core.domain.sorting import Order, Sort
from tests.builders import NOW, a_checkpoint, a_shipment
from tests.planted import PLANTED, REQUEST, markers_in, shipments


@pytest.mark.parametrize("number", range(4))
def test_nothing_personal_is_left_of_a_shipment_that_is_hidden_or_forgotten(number: int) -> None:
    shipment = shipments()[number]
    assert markers_in(repr(shipment))
    assert markers_in(repr(personal.hidden(shipment))) == markers_in(repr(personal.forgotten(shipment, NOW))) == []


def test_what_figures_and_lanes_are_made_of_stays() -> None:
    for changed in (personal.hidden(shipments()[1]), personal.forgotten(shipments()[1], NOW)):
        assert (changed.address.city, changed.address.region, changed.address.country) == ("Seoul", "Mapo", "KR")
        assert changed.state == replace(shipments()[1].state, reason=None, exception=None)


def test_what_is_hidden_is_masked_and_what_was_never_there_is_not() -> None:
    hidden = personal.hidden(a_shipment(address=replace(PLANTED, phone=""), request=REQUEST))
    assert (hidden.address.recipient, hidden.address.phone, hidden.request) == (MASK, "", MASK)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("Seoul HUB", "Seoul HUB"),
        ("Gimpo 2", "Gimpo 2"),
        ("91 Qumarkstreet, Seoul", ""),
        ("QUMARKSTREET", ""),
        ("at Zorp's", ""),
        ("call 01077778642", ""),
    ],
)
def test_a_place_is_shown_unless_it_says_whose_it_is(place: str, shown: str) -> None:
    scanned = a_shipment(address=PLANTED, scans=[a_checkpoint(Stage.IN_TRANSIT, place=place, text="Anything")])
    told = personal.hidden(scanned).checkpoints[0]
    assert (told.place, told.text) == (shown, "")


def test_a_row_of_history_says_what_changed_and_not_to_what() -> None:
    change = {"before": {"phone": "1", "city": "Seoul"}, "after": {"phone": "", "city": "Busan"}, "reason": "Zorp called"}
    assert personal.hidden_change(change) == {
        "before": {"phone": MASK, "city": "Seoul"},
        "after": {"phone": "", "city": "Busan"},
        "reason": MASK,
    }
    assert personal.forgotten_change(change)["before"] == {"phone": "", "city": "Seoul"}


def test_only_the_order_by_recipient_tells_their_alphabet() -> None:
    for sort in Sort:
        expected = Order() if sort is Sort.RECIPIENT else Order(sort)
        assert personal.without_personal_sort(Order(sort)) == expected


def test_forgetting_twice_keeps_when_it_was() -> None:
    once = personal.forgotten(shipments()[0], NOW)
    assert personal.forgotten(once, NOW.replace(year=2030)) == once
    assert {getattr(once.address, name, once.request) for name in PERSONAL_FIELDS} == {""}
