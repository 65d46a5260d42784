"""Routes beside the pages, over real HTTP: webhooks that are taken or turned away, health, metrics, the sandbox's switch."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.carriers.service import TrackingAnswer
from core.config import Keys
from core.domain.errors import Unavailable
from core.domain.shipment import InvoiceEvent, Stage, Status
from core.runtime import Runtime
from core.services.keeping import presence
from core.services.keeping.presence import Presence
from core.services.keeping.reasons import KeepingFault
from core.services.shipments.changes import Request
from core.services.tracking import carriers, polling
from core.services.tracking.refresher import Refresher
from core.services.tracking.webhooks import LARGEST
from core.store.database import Store
from core.store.reasons import StoreFault
from core.web import webhooks as webhook_route
from tests.builders import ADA, CJ, CJ_OTHER, NOW, REGISTERED, a_shipment, a_store, add, an_invoice, nov, the
from tests.carriers.payloads import ship24_event, ship24_tracking
from tests.desk import Service, SetClock, a_demo_desk, a_desk_on, an_answer
from tests.faults.clerks import until

KEYS = {
    "seventeen_track": Keys("key-17"),
    "aftership": Keys("key-a", "secret-a"),
    "ship24": Keys("key-s", "secret-s"),
    "sweettracker": Keys("key-w", "secret-w"),
    "tracker_delivery": Keys("key-t", "secret-t", "http://127.0.0.1:9", "in-the-address"),
}
DHL, USPS = "1234567890", "9261290283641500004181"


@pytest.fixture
def desk() -> Iterator[Runtime]:
    """A shop with keys and two parcels: S-1 of CJ, S-2 of DHL."""
    store = a_store(a_shipment(invoice=an_invoice()), a_shipment("S-2", invoice=an_invoice(DHL, carrier="dhl")))
    with a_desk_on(store, SetClock(NOW), services=KEYS) as opened:
        polling.watch(opened.tracker)
        yield opened


def delivered(number: str = DHL, day: int = 15) -> bytes:
    """A webhook of 17TRACK: the parcel arrived."""
    event = {
        "time_iso": f"2026-11-{day}T10:00:00Z",
        "description": "Delivered",
        "stage": "Delivered",
        "sub_status": "Delivered_Other",
    }
    info = {
        "latest_status": {"status": "Delivered", "sub_status": "Delivered_Other"},
        "latest_event": event,
        "tracking": {"providers": [{"events": [event]}]},
    }
    return json.dumps({"event": "TRACKING_UPDATED", "data": {"number": number, "track_info": info}}).encode()


def sent(desk: Runtime, body: bytes, service: str = "seventeen_track", query: str = "", **headers: str) -> int:
    """The status of sending a webhook, signed as 17TRACK signs unless said otherwise."""
    signed = {"sign": hashlib.sha256(body + b"/key-17").hexdigest()} if service == "seventeen_track" else {}
    return httpx.post(f"{desk.base_url}/webhooks/{service}{query}", content=body, headers=signed | headers).status_code


def counted(desk: Runtime) -> dict[str, int]:
    return {f"{service} {verdict}": count for (service, verdict), count in desk.hooks.counts.items()}


def settled(desk: Runtime) -> None:
    """Waits for the work behind the acknowledgments."""
    assert desk.hooks.worked_off(within=10)


def test_the_running_desk_writes_a_backup_for_who_knows_the_secret(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "shop.duckdb", threads=1)
    add(store, a_shipment("S-1"))
    with a_desk_on(store, SetClock(NOW)) as desk:
        desk.presence = presence.announce(tmp_path / "shop.duckdb", desk.base_url)
        known = presence.found(tmp_path / "shop.duckdb")
        assert known == desk.presence and known
        assert (tmp_path / "shop.duckdb.desk").stat().st_mode & 0o077 == 0
        presence.ask(known, tmp_path / "copy.duckdb")
        with pytest.raises(Unavailable, match="already exists"):
            presence.ask(known, tmp_path / "copy.duckdb")
        with pytest.raises(Unavailable) as refusal:
            presence.ask(Presence(known.url, "guessed"), tmp_path / "other.duckdb")
        assert refusal.value.reason is KeepingFault.NO_ANSWER
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.duckdb", "shop.duckdb", "shop.duckdb.note"]


@pytest.mark.parametrize(
    ("proof", "body", "status"),
    [
        ("", b"{}", 404),
        ("Bearer s", b"{}", 400),
        ("Bearer s", b'{"file": "copy.duckdb"}', 400),
        ("Bearer s", b" " * 20_000, 404),
    ],
)
def test_a_backup_is_not_written_for_anyone_else(desk: Runtime, proof: str, body: bytes, status: int) -> None:
    assert httpx.post(f"{desk.base_url}/backup", content=body, headers={"authorization": proof}).status_code == 404
    desk.presence = Presence(desk.base_url, "s")
    assert httpx.post(f"{desk.base_url}/backup", content=body, headers={"authorization": proof}).status_code == status


def test_a_genuine_webhook_moves_the_parcel(desk: Runtime) -> None:
    assert sent(desk, delivered()) == 202
    settled(desk)
    shipment = the(desk.store, "S-2")
    assert (shipment.state.status, shipment.state.delivered_at) == (Status.DELIVERED, nov(15, 10))
    assert counted(desk) == {"seventeen_track accepted": 1}


def test_a_webhook_about_a_number_in_another_spelling_moves_its_parcel() -> None:
    usps = a_shipment(invoice=InvoiceEvent(1, "usps", f"42077316{USPS}", REGISTERED, canonical_no=USPS))
    with a_desk_on(a_store(usps), SetClock(NOW), services=KEYS) as desk:
        polling.watch(desk.tracker)
        for day, number in ((14, USPS), (15, f"42090210{USPS}")):
            assert sent(desk, delivered(number, day)) == 202
            settled(desk)
            assert the(desk.store).journey[-1].happened_at == nov(day, 10)


def test_a_replayed_webhook_is_told_so_and_changes_nothing(desk: Runtime) -> None:
    sent(desk, delivered())
    settled(desk)
    before = the(desk.store, "S-2")
    assert sent(desk, delivered()) == 200
    settled(desk)
    assert the(desk.store, "S-2") == before
    assert counted(desk) == {"seventeen_track accepted": 1, "seventeen_track replayed": 1}


@pytest.mark.parametrize("signature", ["", "0" * 64, hashlib.sha256(delivered() + b"/other").hexdigest(), "é"])
def test_a_forged_webhook_changes_nothing_and_is_counted(desk: Runtime, signature: str) -> None:
    assert sent(desk, delivered(), sign=signature.encode("latin-1")) == 401  # type: ignore[arg-type]
    settled(desk)
    assert the(desk.store, "S-2").state.status is Status.PREPARING_TO_SHIP
    assert counted(desk) == {"seventeen_track forged": 1}


def test_one_changed_byte_makes_it_a_forgery(desk: Runtime) -> None:
    sign = hashlib.sha256(delivered() + b"/key-17").hexdigest()
    assert sent(desk, delivered().replace(b"Delivered", b"delivered", 1), sign=sign) == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a": 1}', b"\xff\xfe", b"[" * 20_000, b'"text"', b"null"])
def test_a_garbled_webhook_changes_nothing_and_is_counted(desk: Runtime, body: bytes) -> None:
    assert sent(desk, body) == 400
    settled(desk)
    assert counted(desk) == {"seventeen_track garbled": 1}
    assert desk.store.rows("SELECT count(*) AS n FROM webhook_seen")[0]["n"] == 0


@pytest.mark.parametrize("told", [True, False])
def test_an_oversized_webhook_is_not_read_to_its_end(desk: Runtime, told: bool) -> None:
    body = b" " * (LARGEST + 1)
    content: Any = body if told else iter([body[: LARGEST // 2]] * 4)
    answer = httpx.post(f"{desk.base_url}/webhooks/seventeen_track", content=content)
    assert answer.status_code == 413
    assert counted(desk) == {"seventeen_track oversized": 1}


@pytest.mark.parametrize("service", ["dhl", "nobody", "..%2Fetc"])
def test_a_webhook_of_a_service_without_a_key_is_not_found(desk: Runtime, service: str) -> None:
    assert sent(desk, delivered(), service) == 404
    assert all(name.endswith("unknown") for name in counted(desk))


def test_each_service_has_its_signature(desk: Runtime) -> None:
    body = json.dumps({"msg": {"tracking_number": DHL, "tag": "InTransit", "checkpoints": []}}).encode()
    sign = base64.b64encode(hmac.digest(b"secret-a", body, "sha256")).decode()
    assert sent(desk, body, "aftership", **{"aftership-hmac-sha256": sign}) == 202
    assert sent(desk, body + b" ", "aftership", **{"aftership-hmac-sha256": sign}) == 401


def test_a_webhook_that_brings_its_secret_is_folded_in_once_and_none_is_taken_of_a_service_that_sends_none(
    desk: Runtime,
) -> None:
    carriers.set_service(desk.store, desk.shipped, "dhl", "ship24", request=Request(ADA, NOW))
    gone = ship24_event("delivery_delivered", "delivered", "2026-11-15T10:00:00Z", "Delivered", courierCode="dhl")
    told = ship24_tracking("delivered", "delivery_delivered", gone)
    body = json.dumps({"trackings": [told | {"tracker": {"trackerId": "t", "trackingNumber": DHL}}]}).encode()
    assert sent(desk, body, "ship24", authorization="Bearer secret-w") == 401
    assert sent(desk, body, "ship24", query="?secret=secret-s") == 401
    for _ in range(2):
        assert sent(desk, body, "ship24", authorization="Bearer secret-s") in (200, 202)
        settled(desk)
    assert [point.stage for point in the(desk.store, "S-2").checkpoints] == [Stage.DELIVERED]
    assert counted(desk)["ship24 replayed"] == 1
    assert sent(desk, body, "sweettracker", authorization="Bearer secret-w", sign="secret-w") == 401


def test_a_callback_without_a_signature_needs_the_secret_and_only_asks_again(desk: Runtime) -> None:
    body = json.dumps({"carrierId": "kr.cjlogistics", "trackingNumber": CJ}).encode()
    desk.store.write(lambda c: c.execute("UPDATE tracking SET next_due = '2026-12-01'").fetchall())
    assert sent(desk, body, "tracker_delivery") == 401
    assert sent(desk, body, "tracker_delivery", "?secret=wrong") == 401
    assert sent(desk, body, "tracker_delivery", "?secret=in-the-address") == 202
    settled(desk)
    assert the(desk.store).checkpoints == ()
    assert polling.waiting(desk.tracker) == {"tracker_delivery": {"cj": 1}}


CALLED_BACK = json.dumps({"carrierId": "kr.cjlogistics", "trackingNumber": CJ}).encode()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def told_desk(clock: SetClock) -> Iterator[Runtime]:
    """S-1 of CJ, whose service can be asked: it says what it is told to; the clock is the test's."""
    with a_desk_on(a_store(a_shipment(invoice=an_invoice())), clock, services=KEYS) as opened:
        opened.tracker.client = Service()
        polling.watch(opened.tracker)
        polling.refresh_due(opened.tracker, everything=True)
        yield opened


def called_back(desk: Runtime, body: bytes = CALLED_BACK) -> int:
    """The status of a callback of tracker.delivery, worked off."""
    status = sent(desk, body, "tracker_delivery", "?secret=in-the-address")
    settled(desk)
    return status


def test_a_callback_that_only_names_a_number_is_asked_every_time(told_desk: Runtime, clock: SetClock) -> None:
    began = clock.at
    for hours in (3, 23, 71, 263):
        clock.at = began + timedelta(hours=hours)
        told_desk.store.write(lambda c: c.execute("UPDATE tracking SET next_due = '2027-01-01'").fetchall())
        assert called_back(told_desk) == 202
        assert polling.refresh_due(told_desk.tracker).asked == 1


@pytest.mark.parametrize("space", [b"", b" ", b"\n"])
def test_a_number_that_is_named_again_and_again_is_asked_once_a_minute(
    told_desk: Runtime, clock: SetClock, space: bytes
) -> None:
    asked = []
    for _ in range(12):
        clock.forward(seconds=15)
        assert called_back(told_desk, CALLED_BACK + space) == 202
        asked.append(polling.refresh_due(told_desk.tracker).asked)
    assert asked == [0, 0, 0, 1] * 3


def test_a_number_that_is_named_while_it_is_asked_is_asked_once_more(told_desk: Runtime, clock: SetClock) -> None:
    service = told_desk.tracker.client
    assert isinstance(service, Service)

    def old_news() -> TrackingAnswer:
        called_back(told_desk)
        return an_answer(CJ)

    clock.forward(hours=3)
    service.says[CJ] = old_news
    assert polling.refresh_due(told_desk.tracker, everything=True).asked == 1
    service.says.pop(CJ)
    asked = []
    for _ in range(6):
        clock.forward(seconds=20)
        asked.append(polling.refresh_due(told_desk.tracker).asked)
    assert asked == [0, 0, 1, 0, 0, 0]


def test_of_several_numbers_that_are_named_each_known_one_is_asked(desk: Runtime) -> None:
    desk.store.write(lambda c: c.execute("UPDATE tracking SET next_due = '2027-01-01'").fetchall())
    body = json.dumps([{"carrierId": "kr.cjlogistics", "trackingNumber": CJ_OTHER}, {"odd": 1}, json.loads(CALLED_BACK)])
    for _ in range(2):
        assert called_back(desk, body.encode()) == 202
        assert polling.waiting(desk.tracker) == {"tracker_delivery": {"cj": 1}}


def test_a_number_that_was_registered_a_moment_ago_is_asked_when_it_is_named(desk: Runtime) -> None:
    add(desk.store, a_shipment("S-3", invoice=an_invoice(CJ_OTHER)))
    desk.store.write(lambda c: c.execute("UPDATE tracking SET next_due = '2027-01-01'").fetchall())
    assert called_back(desk, CALLED_BACK.replace(CJ.encode(), CJ_OTHER.encode())) == 202
    assert polling.waiting(desk.tracker) == {"tracker_delivery": {"cj": 1}}


def test_a_signed_body_without_an_event_is_asked_every_time(desk: Runtime) -> None:
    body = json.dumps({"event": "TRACKING_UPDATED", "data": {"number": DHL, "track_info": {}}}).encode()
    for _ in range(2):
        desk.store.write(lambda c: c.execute("UPDATE tracking SET next_due = '2027-01-01'").fetchall())
        assert sent(desk, body) == 202
        settled(desk)
        assert polling.waiting(desk.tracker) == {"seventeen_track": {"dhl": 1}}


def test_a_replay_of_events_still_asks_about_the_numbers_that_it_only_names(desk: Runtime) -> None:
    add(desk.store, a_shipment("S-3", invoice=an_invoice("2345678901", carrier="dhl")))
    told = json.loads(delivered())["data"]
    body = json.dumps({"code": 0, "data": {"accepted": [told, {"number": "2345678901", "track_info": {}}]}}).encode()
    for _ in range(2):
        desk.store.write(lambda c: c.execute("UPDATE tracking SET next_due = '2027-01-01'").fetchall())
        assert sent(desk, body) == 202
        settled(desk)
        assert polling.waiting(desk.tracker) == {"seventeen_track": {"dhl": 1}}
    assert len(the(desk.store, "S-2").checkpoints) == 1


def test_events_that_came_before_their_number_are_taken_when_they_are_told_again(desk: Runtime) -> None:
    body = delivered("2345678901")
    assert sent(desk, body) == 202
    settled(desk)
    add(desk.store, a_shipment("S-3", invoice=an_invoice("2345678901", carrier="dhl")))
    assert sent(desk, body) == 202
    settled(desk)
    assert the(desk.store, "S-3").state.status is Status.DELIVERED
    assert sent(desk, body) == 200


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\u202e", "\xff", "\xed\xa0\x80"])
def test_a_text_that_nobody_can_store_is_cleaned_and_its_webhook_taken(desk: Runtime, odd: str) -> None:
    body = delivered().replace(b'"description": "Delivered"', b'"description": "Deli' + odd.encode("latin-1") + b'vered"')
    assert sent(desk, body) == 202
    settled(desk)
    shipment = the(desk.store, "S-2")
    assert shipment.state.status is Status.DELIVERED
    assert shipment.checkpoints[0].text.replace("\ufffd", "") == "Delivered"


def test_a_webhook_about_a_number_no_longer_in_force_changes_nothing(desk: Runtime) -> None:
    assert sent(desk, delivered("9999999999")) == 202
    settled(desk)
    assert [the(desk.store, no).checkpoints for no in ("S-1", "S-2")] == [(), ()]


def test_another_services_carrier_is_none_of_its_business(desk: Runtime) -> None:
    assert sent(desk, delivered(CJ)) == 202
    settled(desk)
    assert the(desk.store).state.status is Status.PREPARING_TO_SHIP


def test_late_webhooks_end_in_the_same_status(desk: Runtime) -> None:
    transit = (
        delivered()
        .replace(b"Delivered_Other", b"InTransit_Other")
        .replace(b'"Delivered"', b'"InTransit"')
        .replace(b"-15T", b"-14T")
    )
    for body in (delivered(), transit):
        assert sent(desk, body) == 202
        settled(desk)
    shipment = the(desk.store, "S-2")
    assert shipment.state.status is Status.DELIVERED
    assert {point.stage for point in shipment.journey} == {Stage.DELIVERED, Stage.IN_TRANSIT}


def test_health_says_what_is_wrong(desk: Runtime) -> None:
    answer = httpx.get(f"{desk.base_url}/healthz")
    assert answer.status_code == 503
    assert answer.json() | {"version": "", "schema": 0} == {
        "ok": False, "database": True, "writable": True, "paused": None, "refresher": False, "version": "", "schema": 0,
    }  # fmt: skip
    desk.refresher.start()
    assert httpx.get(f"{desk.base_url}/healthz").json()["ok"] is True


def test_metrics_tell_machines_how_things_stand_and_nothing_about_anybody(desk: Runtime) -> None:
    sent(desk, delivered())
    text = httpx.get(f"{desk.base_url}/metrics").text
    for line in (
        'shipdesk_webhooks_total{result="accepted",service="seventeen_track"} 1.0',
        'shipdesk_numbers_due{carrier="cj"} 1.0',
        'shipdesk_service_requests_total{service="aftership"} 0.0',
        'shipdesk_service_breaker_open{service="seventeen_track"} 0.0',
        "shipdesk_refresher_up 0.0",
        "shipdesk_database_up 1.0",
    ):
        assert line in text
    assert CJ not in text and "key-17" not in text


def test_a_shop_with_keys_has_no_sandbox(desk: Runtime) -> None:
    assert desk.sandbox is None
    assert httpx.post(f"{desk.base_url}/sandbox/seventeen_track/track/v2.4/gettrackinfo", content=b"[]").status_code == 404
    assert httpx.get(f"{desk.base_url}/sandbox/faults").status_code == 404


def test_the_sandbox_can_be_told_to_fail() -> None:
    with a_demo_desk(SetClock(), shipments=50, sandbox_secret="let-me") as desk:
        switch, shown = f"{desk.base_url}/sandbox/faults", {"Authorization": "Bearer let-me"}
        said = httpx.post(switch, json={"service": "seventeen_track", "fault": "limited"}, headers=shown)
        assert said.json()["faults"] == {"tracker_delivery": "none", "seventeen_track": "limited"}
        answer = httpx.post(f"{desk.base_url}/sandbox/seventeen_track/track/v2.4/gettrackinfo", content=b"[]")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
        for wrong in (b"", b"[]", b'{"fault": "sleepy"}', b'{"service": "dhl", "fault": "slow"}'):
            assert httpx.post(switch, content=wrong, headers=shown).status_code == 400


def test_without_a_secret_no_program_switches_the_sandbox() -> None:
    with a_demo_desk(SetClock(), shipments=50) as desk:
        for shown in ({}, {"Authorization": "Bearer"}):
            answer = httpx.post(f"{desk.base_url}/sandbox/faults", json={"service": "", "fault": "slow"}, headers=shown)
            assert answer.status_code == 401


def test_the_sandbox_refuses_a_caller_without_its_key() -> None:
    with a_demo_desk(SetClock(), shipments=50) as desk:
        answer = httpx.post(
            f"{desk.base_url}/sandbox/seventeen_track/track/v2.4/gettrackinfo",
            json=[{"number": "1"}],
            headers={"17token": "guess"},
        )
        assert answer.status_code == 401


@pytest.fixture
def stopped_desk(tmp_path: Path) -> Iterator[tuple[Runtime, Path]]:
    """A desk whose database file was moved away, and where it is now."""
    store = Store.open(tmp_path / "shop.duckdb", threads=1)
    add(store, a_shipment("S-2", invoice=an_invoice(DHL, carrier="dhl")))
    with a_desk_on(store, SetClock(NOW), services=KEYS) as opened:
        polling.watch(opened.tracker)
        moved = tmp_path / "elsewhere.duckdb"
        (tmp_path / "shop.duckdb").rename(moved)
        until(lambda: store.paused)
        yield opened, moved


def test_a_webhook_that_cannot_be_stored_is_not_acknowledged_and_is_taken_when_it_comes_again(
    stopped_desk: tuple[Runtime, Path],
) -> None:
    desk, moved = stopped_desk
    assert sent(desk, delivered()) == 503
    assert sent(desk, delivered(), sign="0" * 64) == 401
    moved.rename(moved.with_name("shop.duckdb"))
    until(lambda: desk.store.paused is None)
    assert sent(desk, delivered()) == 202
    assert the(desk.store, "S-2").state.status is Status.DELIVERED


def test_a_webhook_whose_storing_fails_is_not_acknowledged(desk: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(job: object) -> None:
        raise Unavailable(StoreFault.DISK_FULL("space", path="shop.duckdb"))

    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "write", full)
        assert sent(desk, delivered()) == 503
    assert sent(desk, delivered()) == 202
    assert counted(desk) == {"seventeen_track unstored": 1, "seventeen_track accepted": 1}


def test_health_and_metrics_say_that_nothing_can_be_written(stopped_desk: tuple[Runtime, Path]) -> None:
    desk, _ = stopped_desk
    answer = httpx.get(f"{desk.base_url}/healthz")
    assert (answer.status_code, answer.json()["writable"], answer.json()["paused"]) == (503, False, StoreFault.MOVED)
    assert "shipdesk_database_writable 0.0" in httpx.get(f"{desk.base_url}/metrics").text


def test_the_refresher_asks_nobody_while_nothing_can_be_stored(stopped_desk: tuple[Runtime, Path]) -> None:
    desk, moved = stopped_desk
    desk.tracker.client = asked = Service()
    refresher = Refresher(desk.tracker, tick=0.01, first_after=0)
    refresher.start()
    assert until(lambda: refresher.pulse.last_cycle, patience=0.3) == float("inf")
    assert (refresher.pulse.faults, asked.asked) == (0, [])
    moved.rename(moved.with_name("shop.duckdb"))
    assert until(lambda: refresher.pulse.cycles and asked.asked) < 30
    refresher.stop()


def test_what_is_still_being_stored_is_not_acknowledged_until_it_is(desk: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_route, "PATIENCE", 0.05)
    held = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(desk.store.write, lambda _: held.wait(20))
        assert [sent(desk, delivered()), sent(desk, delivered())] == [503, 503]
        held.set()
    settled(desk)
    assert sent(desk, delivered()) == 200
    assert the(desk.store, "S-2").state.status is Status.DELIVERED
