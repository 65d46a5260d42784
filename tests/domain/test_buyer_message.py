"""What a buyer is told: the facts, the state, and by when the parcel is expected, in their language."""

from datetime import date

import pytest

from core.domain.buyer_message import CarriedBy, Message, language_for, message
from core.domain.flags import Flag
from core.domain.language import Language, speaking
from core.domain.shipment import Shipment, Stage
from core.languages import speech_of
from tests.builders import CJ, NOW, RULES, SEOUL, a_checkpoint, a_shipment, an_invoice, nov


def told(shipment: Shipment, flag: Flag | None = None, expected_on: date | None = None) -> Message:
    by = CarriedBy(RULES.carriers["cj"].name, "https://carrier.example/1") if shipment.invoice else None
    return message(shipment, flag, by, expected_on, zone=SEOUL, now=NOW)


def on_its_way(stage: Stage = Stage.IN_TRANSIT) -> Shipment:
    return a_shipment(invoice=an_invoice(), scans=[a_checkpoint(Stage.PICKED_UP, nov(13)), a_checkpoint(stage, nov(14))])


def test_the_message_names_order_goods_company_number_and_the_public_page() -> None:
    said = told(on_its_way(), Flag.PAST_PROMISE, date(2026, 11, 20))
    assert "O-S-1" in said.subject
    for part in ("O-S-1", "Linen shirt × 1", "CJ Logistics", CJ, "https://carrier.example/1", "20 Nov"):
        assert part in said.body


def test_nothing_is_expected_of_what_was_delivered_or_lost() -> None:
    assert told(on_its_way()).body.count("new date") == 1
    for stage in (Stage.DELIVERED, Stage.LOST):
        assert "expect" not in told(on_its_way(stage)).body and "new date" not in told(on_its_way(stage)).body


def test_a_shipment_without_a_number_says_nothing_of_one() -> None:
    assert "tracking number" not in told(a_shipment()).body


def test_nobody_is_named_in_it() -> None:
    assert "Ada" not in told(on_its_way()).body


@pytest.mark.parametrize(("country", "language"), [("KR", "ko"), ("JP", "ja"), ("US", "en"), ("", "en")])
def test_the_country_says_the_language(country: str, language: str) -> None:
    assert language_for(country) == language


@pytest.mark.parametrize("language", [Language.KOREAN, Language.JAPANESE])
def test_the_message_comes_in_the_language_that_is_spoken(language: Language) -> None:
    english = told(on_its_way()).body
    with speaking(speech_of(language)):
        body = told(on_its_way()).body
    assert body != english and CJ in body
