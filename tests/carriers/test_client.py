"""The client against a real server on loopback: slow, limiting, failing, lying, dying and dead."""

import gzip
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from core.carriers.client import Client, ClientLimits, ServiceHealth
from core.carriers.service import Access, Number, TrackingAnswer, Trouble, TroubleKind
from core.carriers.services import SERVICES
from core.domain.carriers import BreakerState
from core.domain.errors import Unavailable
from core.domain.shipment import Stage
from tests.carriers.payloads import accepted, dhl_event, event, rejected, seventeen, shipment, tracker
from tests.carriers.serving import Answering, Asked, Carrier, Said, a_carrier, a_closed_port, in_turn, said

PARCEL = Number("dhl", "00340434292135100124")
GONE = {"shipments": [shipment(dhl_event("delivered", "2026-11-20T15:00:00Z", "Delivered"))]}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRETS = ("open-sesame", "hush-hush")


class SetClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def a_client(url: str, service: str = "dhl", *, rate: float = 1000, **settings: Any) -> Iterator[Client]:
    access = Access(url, key=SECRETS[0], secret=SECRETS[1], rate=rate)
    limits = {name: settings.pop(name) for name in ("threads", "timeout", "failures", "pause") if name in settings}
    client = Client({service: access}, limits=ClientLimits(**({"timeout": 2.0} | limits)), **settings)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def both(answering: Answering, service: str = "dhl", **settings: Any) -> Iterator[tuple[Carrier, Client]]:
    with a_carrier(answering) as carrier, a_client(carrier.url, service, **settings) as client:
        yield carrier, client


def trouble(client: Client, number: Number = PARCEL, service: str = "dhl") -> Trouble:
    outcome = client.ask(service, [number])[number]
    assert isinstance(outcome, Trouble)
    return outcome


def stage(client: Client) -> Stage | None:
    outcome = client.ask("dhl", [PARCEL])[PARCEL]
    assert isinstance(outcome, TrackingAnswer)
    return outcome.stage


def test_an_answer_comes_through() -> None:
    with both(in_turn(said(GONE))) as (carrier, client):
        assert stage(client) is Stage.DELIVERED
        assert carrier.asked[0].path == f"/track/shipments?trackingNumber={PARCEL.invoice_no}"
        assert client.health("dhl").last_success is not None


def test_a_service_that_is_not_set_up_is_a_trouble_and_healthy() -> None:
    with a_client("http://127.0.0.1:1") as client:
        expected = Trouble(TroubleKind.REFUSED, "17TRACK is not set up: there is no key for it.")
        assert client.ask("seventeen_track", [PARCEL]) == {PARCEL: expected}
        assert client.ask("carrier pigeon", [PARCEL])[PARCEL].text == "carrier pigeon is not set up: there is no key for it."  # type: ignore[union-attr]
        assert client.health("seventeen_track") == ServiceHealth("seventeen_track")


def test_500_then_200_is_retried() -> None:
    with both(in_turn(Said(500), said(GONE))) as (carrier, client):
        assert stage(client) is Stage.DELIVERED
        health = client.health("dhl")
        assert (len(carrier.asked), health.requests, health.errors, health.last_trouble) == (2, 2, 1, None)


def test_500_for_ever_is_tried_three_times() -> None:
    with both(in_turn(Said(503))) as (carrier, client):
        assert trouble(client) == Trouble(TroubleKind.FAULTY, "DHL Unified answered 503.")
        assert len(carrier.asked) == 3


def test_a_short_retry_after_is_waited_for() -> None:
    with both(in_turn(said({}, 429, Retry_After="1"), said(GONE))) as (carrier, client):
        assert stage(client) is Stage.DELIVERED
        first, second = carrier.asked
        assert second.at - first.at >= 1.0


@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_a_long_retry_after_is_not_slept_through_and_keeps_the_service_at_rest(as_date: bool) -> None:
    clock = SetClock()
    wait = format_datetime(NOW + timedelta(seconds=120), usegmt=True) if as_date else "120"
    with both(in_turn(said({}, 429, Retry_After=wait), said(GONE)), now=clock) as (carrier, client):
        assert trouble(client) == Trouble(TroubleKind.LIMITED, "DHL Unified asks for fewer calls.", timedelta(seconds=120))
        clock.now += timedelta(seconds=100)
        assert trouble(client).retry_after == timedelta(seconds=20)
        assert len(carrier.asked) == 1
        clock.now += timedelta(seconds=20)
        assert stage(client) is Stage.DELIVERED


@pytest.mark.parametrize("reset", [str(int((NOW + timedelta(seconds=60)).timestamp())), "60"], ids=["moment", "seconds"])
def test_a_limit_that_says_when_it_ends_is_respected_like_retry_after(reset: str) -> None:
    limited = said({}, 429, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset)
    with both(in_turn(limited), now=SetClock()) as (carrier, client):
        assert trouble(client).retry_after == timedelta(seconds=60)
        assert len(carrier.asked) == 1


def test_a_rest_can_be_cut_short() -> None:
    with both(in_turn(said({}, 429, Retry_After="120"), said(GONE))) as (_, client):
        assert trouble(client).kind is TroubleKind.LIMITED
        client.retry_now("dhl")
        assert stage(client) is Stage.DELIVERED


@pytest.mark.parametrize("given", ["soon", "", "-5", "1e999", "Wed, 99 Nov 2026 00:00:00 GMT", "0"])
def test_an_odd_retry_after_is_a_plain_limit(given: str) -> None:
    with both(in_turn(said({}, 429, Retry_After=given), said(GONE))) as (_, client):
        assert stage(client) is Stage.DELIVERED


def test_limits_are_no_illness() -> None:
    with both(in_turn(said({}, 429, Retry_After="0")), failures=1) as (_, client):
        assert trouble(client).kind is TroubleKind.LIMITED
        assert client.health("dhl").breaker is BreakerState.CLOSED


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_other_client_errors_are_never_retried(status: int) -> None:
    with both(in_turn(said({"title": "no", "detail": "no", "status": status}, status))) as (carrier, client):
        client.ask("dhl", [PARCEL])
        assert len(carrier.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_said_and_not_retried(status: int) -> None:
    with both(in_turn(said({"title": "Unauthorized"}, status))) as (carrier, client):
        assert trouble(client) == Trouble(TroubleKind.REFUSED, "DHL Unified does not accept the key.")
        assert len(carrier.asked) == 1


@pytest.mark.parametrize(
    "body", [b"<html>busy</html>", b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"shipments": 7}', b'"shipments"'], ids=str
)
def test_a_malformed_answer_is_said_and_not_retried(body: bytes) -> None:
    with both(in_turn(Said(200, body))) as (carrier, client):
        assert trouble(client).kind is TroubleKind.MALFORMED
        assert len(carrier.asked) == 1


def test_an_error_inside_200_is_a_trouble() -> None:
    lie = {"code": -18010003, "data": {"errors": [{"code": -18010003, "message": "Internal service error"}]}}
    with both(in_turn(said(lie)), "seventeen_track") as (_, client):
        one = trouble(client, service="seventeen_track")
        assert one == Trouble(TroubleKind.FAULTY, "17TRACK answered: -18010003 Internal service error.")
        assert client.health("seventeen_track").last_trouble == one


def test_a_connection_that_breaks_in_the_body_is_retried() -> None:
    broken = Said(200, json.dumps(GONE).encode(), dies_after=20)
    with both(in_turn(broken, said(GONE))) as (_, client):
        assert stage(client) is Stage.DELIVERED


def test_a_refused_connection_is_said() -> None:
    with a_client(a_closed_port()) as client:
        assert trouble(client) == Trouble(TroubleKind.UNREACHABLE, "DHL Unified cannot be reached.")


def test_an_answer_too_slow_is_said() -> None:
    gate = threading.Event()

    def slow(_: Asked) -> Said:
        gate.wait(10)
        return said(GONE)

    with both(slow, timeout=0.2) as (_, client):
        assert trouble(client) == Trouble(TroubleKind.SLOW, "DHL Unified did not answer in time.")
        gate.set()


def test_a_body_that_never_ends_is_cut_off() -> None:
    with both(in_turn(Said(200, b" " * (6 * 1024 * 1024)))) as (carrier, client):
        assert trouble(client) == Trouble(TroubleKind.MALFORMED, "The answer of DHL Unified is larger than 5 MB.")
        assert len(carrier.asked) == 1


def test_a_packed_answer_is_unpacked_but_never_beyond_the_limit() -> None:
    packed = Said(200, gzip.compress(json.dumps(GONE).encode()), {"Content-Encoding": "gzip"})
    bomb = Said(200, gzip.compress(b" " * (50 * 1024 * 1024)), {"Content-Encoding": "gzip"})
    damaged = Said(200, b"no gzip", {"Content-Encoding": "gzip"})
    with both(in_turn(packed, bomb, damaged)) as (_, client):
        assert stage(client) is Stage.DELIVERED
        assert trouble(client).text == "The answer of DHL Unified is larger than 5 MB."
        assert trouble(client).text == "The answer of DHL Unified cannot be unpacked."


def test_nobody_is_followed_to_another_address() -> None:
    with (
        both(in_turn(said(GONE))) as (elsewhere, _),
        both(in_turn(Said(302, headers={"Location": elsewhere.url}))) as (_, client),
    ):
        assert trouble(client) == Trouble(TroubleKind.MALFORMED, "DHL Unified answered 302 and sent us elsewhere.")
        assert elsewhere.asked == []


def test_an_address_that_cannot_be_used_is_said() -> None:
    with a_client("carrier-pigeon://roof") as client:
        assert trouble(client) == Trouble(TroubleKind.UNREACHABLE, "The address set for DHL Unified cannot be used.")
    with pytest.raises(Unavailable, match="The address set for DHL Unified cannot be used"):
        Client({"dhl": Access("http://[::1")})


def test_the_breaker_opens_stops_the_calls_and_closes_again() -> None:
    clock = SetClock()
    with both(in_turn(Said(200, b"{")), failures=3, now=clock) as (carrier, client):
        assert [trouble(client).kind for _ in range(5)] == [TroubleKind.MALFORMED] * 3 + [TroubleKind.PAUSED] * 2
        health = client.health("dhl")
        assert (health.breaker, health.since, health.next_try) == (BreakerState.OPEN, NOW, NOW + timedelta(seconds=30))
        assert (len(carrier.asked), trouble(client).retry_after) == (3, timedelta(seconds=30))
        carrier.answering = in_turn(said(GONE))
        clock.now += timedelta(seconds=30)
        assert stage(client) is Stage.DELIVERED
        assert client.health("dhl").breaker is BreakerState.CLOSED


def test_retry_now_tries_before_the_pause_is_over() -> None:
    with both(in_turn(Said(200, b"{")), failures=1) as (carrier, client):
        assert [trouble(client).kind, trouble(client).kind] == [TroubleKind.MALFORMED, TroubleKind.PAUSED]
        carrier.answering = in_turn(said(GONE))
        client.retry_now("dhl")
        assert client.health("dhl").breaker is BreakerState.HALF_OPEN
        assert stage(client) is Stage.DELIVERED


def test_while_a_trial_is_under_way_nobody_else_goes() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def held(_: Asked) -> Said:
        asked.set()
        may_answer.wait(10)
        return said(GONE)

    with both(in_turn(Said(200, b"{")), failures=1, timeout=10) as (carrier, client):
        trouble(client)
        carrier.answering = held
        client.retry_now("dhl")
        trial = threading.Thread(target=client.ask, args=("dhl", [PARCEL]))
        trial.start()
        asked.wait(10)
        assert trouble(client).kind is TroubleKind.PAUSED
        may_answer.set()
        trial.join()
        assert client.health("dhl").breaker is BreakerState.CLOSED


def test_companies_a_service_does_not_know_are_no_illness_of_the_service() -> None:
    with both(in_turn(said({})), "tracker_delivery", failures=1) as (carrier, client):
        stranger = Number("ups", "1Z999AA10123456784")
        assert trouble(client, stranger, "tracker_delivery").kind is TroubleKind.REFUSED
        assert client.health("tracker_delivery").breaker is BreakerState.CLOSED
        assert carrier.asked == []


def test_a_service_asking_for_rest_is_left_alone_by_those_already_in_line() -> None:
    numbers = [Number("dhl", f"{place:010}") for place in range(40)]
    with both(in_turn(said({}, 429, Retry_After="60")), rate=20) as (carrier, client):
        kinds = Counter(outcome.kind for outcome in client.ask("dhl", numbers).values() if isinstance(outcome, Trouble))
        assert kinds == {TroubleKind.LIMITED: 40}
        assert len(carrier.asked) <= 20


def test_one_services_bad_day_leaves_the_others_alone() -> None:
    with a_carrier(in_turn(Said(200, b"{"))) as ill, a_carrier(in_turn(said({"trackers": [tracker("unknown")]}))) as well:
        client = Client(
            {"dhl": Access(ill.url, rate=1000), "easypost": Access(well.url, rate=1000)}, limits=ClientLimits(failures=1)
        )
        with closing(client):
            trouble(client)
            client.ask("easypost", [Number("usps", "9400110898825022579493")])
            assert [client.health(name).breaker for name in ("dhl", "easypost")] == [BreakerState.OPEN, BreakerState.CLOSED]


def test_numbers_are_asked_in_batches_of_the_services_size() -> None:
    def answering(asked: Asked) -> Said:
        numbers = [wanted["number"] for wanted in json.loads(asked.body)]
        return said(seventeen(*(accepted(number, "Delivered", "Delivered_Other") for number in numbers)))

    numbers = [Number("ups", f"N{place:04}") for place in range(100)]
    with both(answering, "seventeen_track") as (carrier, client):
        answers = client.ask("seventeen_track", [*numbers, *numbers])
        assert sorted(answers, key=lambda one: one.invoice_no) == numbers
        assert all(isinstance(one, TrackingAnswer) and one.number == number.invoice_no for number, one in answers.items())
        assert sorted(len(json.loads(asked.body)) for asked in carrier.asked) == [20, 40, 40]


def test_a_batch_with_one_bad_number_answers_the_others() -> None:
    good, bad = Number("ups", "1"), Number("ups", "2")
    entry = accepted("1", "Delivered", "Delivered_Other", event("Delivered_Other", "2026-11-20T15:00:00Z"))
    with both(in_turn(said(seventeen(entry, rejected=(rejected("2", -18010012, "bad"),)))), "seventeen_track") as (_, client):
        answers = client.ask("seventeen_track", [good, bad])
        assert [answers[one].invalid for one in (good, bad)] == [False, True]  # type: ignore[union-attr]


def test_several_calls_run_at_once_and_no_more_than_allowed() -> None:
    lock, running, most = threading.Lock(), [0], [0]
    full = threading.Event()

    def answering(asked: Asked) -> Said:
        with lock:
            running[0] += 1
            most[0] = max(most)
            most[0] = max(most[0], running[0])
            if running[0] == 4:
                full.set()
        full.wait(5)
        with lock:
            running[0] -= 1
        return said({"shipments": [shipment(dhl_event("transit", "2026-11-20T15:00:00Z"), id=asked.path.rpartition("=")[2])]})

    numbers = [Number("dhl", f"{place:010}") for place in range(24)]
    with both(answering, threads=4, timeout=10) as (_, client):
        answers = client.ask("dhl", numbers)
        assert Counter(type(one) for one in answers.values()) == {TrackingAnswer: 24}
        assert most == [4]


def test_a_service_is_never_asked_more_often_than_its_limit() -> None:
    numbers = [Number("dhl", f"{place:010}") for place in range(25)]
    with both(in_turn(said({"shipments": []})), rate=10) as (carrier, client):
        client.ask("dhl", numbers)
        times = sorted(asked.at for asked in carrier.asked)
        assert len(times) == 25
        assert min(later - earlier for earlier, later in zip(times, times[10:], strict=False)) > 0.9


def test_a_slow_limit_needs_no_crowd_in_front_of_it() -> None:
    before = threading.active_count()
    with both(in_turn(said({"shipments": []})), rate=0.4) as (_, client):
        asking = threading.Thread(target=client.ask, args=("dhl", [PARCEL, Number("dhl", "1"), Number("dhl", "2")]))
        asking.start()
        assert threading.active_count() <= before + 6
        client.close()
        asking.join(5)
        assert not asking.is_alive()


def test_closing_ends_the_waiting_and_later_asks_are_a_trouble() -> None:
    with both(in_turn(said({}, 503, Retry_After="3"))) as (carrier, client):
        began = time.monotonic()
        asking = threading.Thread(target=client.ask, args=("dhl", [PARCEL]))
        asking.start()
        while not carrier.asked:
            time.sleep(0.01)
        client.close()
        asking.join(5)
        assert time.monotonic() - began < 2.5
        assert trouble(client) == Trouble(TroubleKind.PAUSED, "DHL Unified is not asked any more: the desk is closing.")


def test_no_secret_is_in_an_address_a_log_or_a_trouble(caplog: pytest.LogCaptureFixture) -> None:
    korean = Number("cj", "632976615493")
    numbers = {"tracker_delivery": korean, "sweettracker": korean}
    seen: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for service in SERVICES:
            for answer in (Said(401, b"{}"), Said(200, b"{"), Said(302, headers={"Location": "/x"})):
                with both(in_turn(answer), service) as (carrier, client):
                    seen.append(trouble(client, numbers.get(service, PARCEL), service).text)
                    seen += [asked.path for asked in carrier.asked]
    words = " ".join([*seen, caplog.text])
    assert len(seen) == 6 * len(SERVICES)
    assert [secret for secret in (*SECRETS, "b3Blbi1zZXNhbWU6") if secret in words] == []


def test_a_secret_that_a_service_says_back_is_masked_in_troubles_and_notes() -> None:
    echoed = f"bad key {SECRETS[0]} or {SECRETS[1]}"
    with both(in_turn(said({"title": "Bad", "status": 400, "detail": echoed}, 400))) as (_, client):
        assert trouble(client).text == "DHL Unified answered: Bad. bad key ••• or •••"
    with both(in_turn(said(seventeen(rejected=(rejected(PARCEL.invoice_no, -1, echoed),)))), "seventeen_track") as (_, client):
        answer = client.ask("seventeen_track", [PARCEL])[PARCEL]
        assert isinstance(answer, TrackingAnswer)
        assert answer.warnings == ("17TRACK answered: -1 bad key ••• or •••",)


def test_a_fault_of_our_own_is_a_trouble_and_logged_without_data(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        NAME, TITLE, BASE_URL, BATCH, RATE = "dhl", "DHL Unified", "https://example.test", 1, 1.0

        def ask(self, *_: Any) -> Any:
            raise KeyError(PARCEL.invoice_no)

    with a_client("http://127.0.0.1:1") as client:
        client._connections["dhl"].service = Broken()  # type: ignore[assignment]
        assert trouble(client) == Trouble(TroubleKind.MALFORMED, "The answer of DHL Unified cannot be read.")
    assert "dhl: KeyError at" in caplog.text
    assert PARCEL.invoice_no not in caplog.text
