"""The registry of services: all alike, found by any usual name, one for every shipping company."""

import pytest

from core.carriers.service import Access, Failed, Service, Trouble, TroubleKind
from core.carriers.services import SERVICES, named
from core.domain.shipment import Stage
from tests.builders import RULES


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
        ("SweetTracker", "sweettracker"),
        ("스마트택배", "sweettracker"),
        ("Ship24", "ship24"),
        ("ship24 v1", "ship24"),
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
    assert service.WORLDWIDE in (True, False)
    assert {stage for stage in service.STAGES.values() if stage} <= set(Stage)


def test_every_shipping_company_has_a_service_that_knows_it_or_none() -> None:
    usual = {code: carrier.service for code, carrier in RULES.carriers.items()}
    none = {"nonghyup", "fukuyama", "nippon_express", "meitetsu", "daiichi", "niigata", "kurume", "ecohai", "own", "other"}
    assert {code for code, service in usual.items() if service not in SERVICES} == none
    assert [usual[code] for code in ("cj", "yamato", "japan_post", "dhl", "other")] == [
        "tracker_delivery", "tracker_delivery", "seventeen_track", "seventeen_track", "",
    ]  # fmt: skip


def test_a_service_that_goes_by_codes_has_one_for_each_carrier_it_knows() -> None:
    codes = [
        carrier.services["tracker_delivery"] for carrier in RULES.carriers.values() if "tracker_delivery" in carrier.services
    ]
    assert len(codes) == 23 and all(codes) and len(set(codes)) == len(codes)


def test_codes_of_one_service_are_of_one_company_each() -> None:
    for name in SERVICES:
        codes = [code for carrier in RULES.carriers.values() if (code := carrier.services.get(name))]
        assert len(set(codes)) == len(codes), name


def test_what_opens_a_service_is_never_shown() -> None:
    access = Access("https://example.test", key="open-sesame", secret="hush")
    assert "open-sesame" not in repr(access)
    assert "hush" not in repr(access)


def test_a_failure_says_its_trouble_in_words() -> None:
    assert str(Failed(Trouble(TroubleKind.SLOW, "17TRACK did not answer in time."))) == "17TRACK did not answer in time."
