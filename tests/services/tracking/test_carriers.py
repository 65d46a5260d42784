"""Carriers as an admin sets them: in force at once, for every check and every question."""

from collections.abc import Iterator

import pytest

from core.carriers.client import Client
from core.config import Keys
from core.domain.carriers import Check
from core.domain.errors import NeedsConfirming, Refused
from core.runtime import Runtime
from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.services.tracking import carriers, polling
from core.services.tracking.carriers import routes, set_check, set_service
from tests.builders import ADA, CJ, HANA, NOW, RULES, a_checkpoint, a_shipment, a_store, an_invoice, nov
from tests.desk import Service, SetClock, a_desk_on, a_tracker, an_answer

WRONG = CJ[:-1] + "4"
ALL = ("tracker_delivery", "seventeen_track", "aftership", "easypost", "dhl")


@pytest.fixture
def desk() -> Iterator[Runtime]:
    with a_desk_on(a_store(a_shipment()), SetClock(NOW), services={"seventeen_track": Keys("k")}) as opened:
        yield opened


def test_a_check_is_in_force_without_a_restart(desk: Runtime) -> None:
    entry = Entry("cj", WRONG)
    with pytest.raises(Refused, match="check digit"):
        invoices.register(desk.store, desk.rules, "S-1", entry, request=Request(HANA, NOW))
    set_check(desk.store, desk.shipped, "cj", Check.WARN, request=Request(ADA, NOW))
    with pytest.raises(NeedsConfirming):
        invoices.register(desk.store, desk.rules, "S-1", entry, request=Request(HANA, NOW))
    set_check(desk.store, desk.shipped, "cj", Check.OFF, request=Request(ADA, NOW))
    assert invoices.register(desk.store, desk.rules, "S-1", entry, request=Request(HANA, NOW))


def test_a_check_can_go_back_to_what_is_shipped(desk: Runtime) -> None:
    set_check(desk.store, desk.shipped, "cj", Check.OFF, request=Request(ADA, NOW))
    set_check(desk.store, desk.shipped, "cj", None, request=Request(ADA, NOW))
    assert desk.rules.carriers["cj"].check is RULES.carriers["cj"].check


def test_an_unknown_carrier_or_service_is_refused() -> None:
    with pytest.raises(Refused, match="no shipping company"):
        set_check(a_store(), RULES, "pigeon", Check.OFF, request=Request(ADA, NOW))
    with pytest.raises(Refused, match="no tracking service"):
        set_service(a_store(), RULES, "cj", "pigeon", request=Request(ADA, NOW))


def test_each_carrier_is_asked_about_at_its_usual_service() -> None:
    found = routes(a_store(), RULES, ALL)
    assert (found["cj"], found["ups"]) == ("tracker_delivery", "seventeen_track")
    assert "other" not in found


def test_without_a_key_for_it_a_service_for_the_whole_world_steps_in() -> None:
    assert set(routes(a_store(), RULES, ["aftership"]).values()) == {"aftership"}
    assert routes(a_store(), RULES, ["dhl"]) == {}


def test_without_a_key_for_it_a_service_that_has_a_code_for_the_company_steps_in_first() -> None:
    found = routes(a_store(), RULES, ["sweettracker", "aftership"])
    assert (found["cj"], found["ups"], found["yamato"]) == ("sweettracker", "aftership", "aftership")
    coded = {code for code, carrier in RULES.carriers.items() if carrier.services.get("sweettracker")}
    assert {"cj", "hanjin", "lotte", "logen", "korea_post", "ems"} <= coded == set(routes(a_store(), RULES, ["sweettracker"]))


@pytest.mark.parametrize(("chosen", "asked"), [("aftership", "aftership"), ("", None), (None, "tracker_delivery")])
def test_the_admins_choice_of_a_service_counts(chosen: str | None, asked: str | None) -> None:
    store = a_store()
    set_service(store, RULES, "cj", chosen, request=Request(ADA, NOW))
    assert routes(store, RULES, ALL).get("cj") == asked


def test_a_chosen_service_is_asked_from_now_on() -> None:
    store, service = a_store(a_shipment(invoice=an_invoice("QB1", carrier="other"))), Service()
    tracker = a_tracker(store, service, SetClock(NOW), routes=lambda: routes(store, RULES, ALL))
    assert polling.refresh_due(tracker).asked == 0
    set_service(store, RULES, "other", "aftership", request=Request(ADA, NOW))
    assert polling.refresh_due(tracker).asked == 1


def test_health_shows_the_queue_the_oldest_and_the_errors() -> None:
    clock, service = SetClock(NOW), Service()
    tracker = a_tracker(a_store(a_shipment(invoice=an_invoice()), a_shipment("S-2")), service, clock)
    service.says[CJ] = an_answer(CJ, a_checkpoint(at=nov(13)))
    polling.refresh_due(tracker)
    clock.at = nov(17)
    with_client = carriers.health(tracker.store, Client({}), RULES, ALL, now=clock(), person=HANA.person)
    cj = next(one for one in with_client if one.carrier == "cj")
    assert (cj.queue, cj.watched, cj.oldest, cj.oldest_no, cj.last_success) == (1, 1, NOW, "S-1", NOW)
    assert (cj.asked, cj.failed, cj.error_rate, cj.breaker, cj.title) == (1, 0, 0.0, "closed", "tracker.delivery")
    assert [one.carrier for one in with_client] == list(RULES.carriers)
