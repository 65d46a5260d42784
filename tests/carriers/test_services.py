"""The registry of services: all alike, found by any usual name, one for every shipping company."""

import pytest

from core.carriers import rules
from core.carriers.answers import Kind, Trouble
from core.carriers.service import Access, Failed, Service
from core.carriers.services import DEFAULT_SERVICE, SERVICES, named
from core.domain.shipment import Stage

CODES = set(rules.load().carriers)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("tracker.delivery", "tracker_delivery"),
        ("Tracker Delivery", "tracker_delivery"),
        ("tracker_delivery", "tracker_delivery"),
        ("17track", "seventeen_track"),
        ("17TRACK", "seventeen_track"),
        ("17TRACK v2.4", "seventeen_track"),
        ("17-Track", "seventeen_track"),
        ("seventeen_track", "seventeen_track"),
        (" AfterShip ", "aftership"),
        ("AfterShip 2026-07", "aftership"),
        ("EasyPost", "easypost"),
        ("easypost v2", "easypost"),
        ("DHL", "dhl"),
        ("dhl_unified", "dhl"),
        ("DHL Unified", "dhl"),
    ],
)
def test_a_service_is_found_by_its_usual_names(words: str, name: str) -> None:
    service = named(words)
    assert service is not None
    assert name == service.NAME


@pytest.mark.parametrize("words", ["", "  ", "UPS", "track", "17", "dhlx", "…"])
def test_another_name_is_no_service(words: str) -> None:
    assert named(words) is None


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_service_holds_the_same_names(service: Service) -> None:
    assert service.TITLE
    assert service.BASE_URL.startswith("https://")
    assert service.BATCH >= 1
    assert service.RATE > 0
    assert set(service.CARRIERS) <= CODES
    assert {stage for stage in service.STAGES.values() if stage} <= set(Stage)


def test_every_shipping_company_has_a_service_that_knows_it_or_none() -> None:
    assert set(DEFAULT_SERVICE) == CODES
    assert {name for name in DEFAULT_SERVICE.values() if name} <= set(SERVICES)
    served = {carrier for carrier, name in DEFAULT_SERVICE.items() if name == "tracker_delivery"}
    assert served <= set(SERVICES["tracker_delivery"].CARRIERS)
    assert DEFAULT_SERVICE["other"] is None


def test_what_opens_a_service_is_never_shown() -> None:
    access = Access("https://example.test", key="open-sesame", secret="hush")
    assert "open-sesame" not in repr(access)
    assert "hush" not in repr(access)


def test_a_failure_says_its_trouble_in_words() -> None:
    assert str(Failed(Trouble(Kind.SLOW, "17TRACK did not answer in time."))) == "17TRACK did not answer in time."
