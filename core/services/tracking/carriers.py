"""The carriers as an admin sees them: how each is doing, which service is asked about it, how strict its numbers are checked."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.carriers.client import Health as ServiceHealth
from core.carriers.services import DEFAULT_SERVICE, SERVICES
from core.domain.errors import Refused
from core.domain.invoice_number import Check, Rules
from core.services.shipments.changes import Actor
from core.store import tracking as stored
from core.store.database import Row, Store

WINDOW = timedelta(hours=24)
WHOLE_WORLD = ("seventeen_track", "aftership", "easypost")
NO_SERVICE = ""


class Watcher(Protocol):
    """Who knows how services are doing: `core.carriers.client.Client`."""

    def health(self, service: str) -> ServiceHealth:
        """How the service has been since the process started."""
        ...

    def retry_now(self, service: str) -> None:
        """Lets a paused service be tried at once."""
        ...


@dataclass(frozen=True)
class CarrierHealth:
    """How one carrier is doing; times UTC, None where nothing happened yet.

    `service` is asked about it ("" for none; `title` its name), `ready` whether it can be: a key is set, or the sandbox answers.
    `chosen` is the admin's choice, None for the usual one. `queue` numbers are due, of `watched`; `oldest` is the longest unrefreshed
    one's last answer and `oldest_no` its shipment. `error_rate` is the share of failures of the last 24 hours, None when nothing
    was asked. `stopped` numbers were given up, `warned` ones were used before.
    """

    carrier: str
    name: str
    service: str
    title: str
    ready: bool
    chosen: str | None
    check: Check
    watched: int = 0
    queue: int = 0
    oldest: datetime | None = None
    oldest_no: str | None = None
    last_success: datetime | None = None
    asked: int = 0
    failed: int = 0
    error_rate: float | None = None
    breaker: str = "closed"
    breaker_since: datetime | None = None
    next_try: datetime | None = None
    last_error: str = ""
    stopped: int = 0
    warned: int = 0
    updated_at: datetime | None = None
    updated_by: str = ""


class Changes:
    """How often settings were changed by this process: who keeps them knows when to read them again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0

    def add(self) -> None:
        with self._lock:
            self.count += 1


changes = Changes()


def rules_in_force(store: Store, shipped: Rules) -> Rules:
    """The invoice-number rules as an admin set them, over those that are shipped (rules.toml under SHIPDESK_CHECKS)."""
    chosen = {carrier: row["check_digit"] for carrier, row in stored.settings(store).items()}
    return shipped.with_checks({c: Check(check) for c, check in chosen.items() if check and c in shipped.carriers})


def routes(store: Store, rules: Rules, usable: Collection[str]) -> dict[str, str]:
    """Which service is asked about each carrier, without carriers that none of the usable ones can be asked about."""
    settings = stored.settings(store)
    found = {code: service_of(code, settings.get(code), usable) for code in rules.carriers}
    return {carrier: service for carrier, service in found.items() if service in usable}


def service_of(carrier: str, setting: Row | None, usable: Collection[str]) -> str:
    """The admin's choice, "" for none; else the usual service; else, where only that has no key, one for the whole world."""
    chosen = setting["service"] if setting else None
    if chosen is not None:
        return str(chosen)
    usual = DEFAULT_SERVICE.get(carrier)
    if usual is None or usual in usable:
        return usual or NO_SERVICE
    return next((name for name in WHOLE_WORLD if name in usable), usual)


def health(store: Store, client: Watcher, rules: Rules, usable: Collection[str], now: datetime) -> list[CarrierHealth]:
    """How each carrier is doing, in the order of the screen. `rules` as shipped; `usable` are the services that can be asked."""
    numbers = stored.health(store, at=now, since=now - WINDOW)
    settings = stored.settings(store)
    services = {name: client.health(name) for name in usable}
    in_force = rules_in_force(store, rules)
    return [_health(in_force, code, settings.get(code), numbers.get(code), services, usable) for code in rules.carriers]


def set_check(store: Store, rules: Rules, carrier: str, check: Check | None, *, by: Actor, at: datetime) -> None:
    """How a wrong check digit of this carrier is treated from now on; None: as shipped. Raises Refused for an unknown carrier."""
    _set(store, rules, carrier, {"check_digit": check}, by, at)


def set_service(store: Store, rules: Rules, carrier: str, service: str | None, *, by: Actor, at: datetime) -> None:
    """Which service is asked about this carrier from now on: "" for none, None for the usual one. Raises Refused."""
    if service and service not in SERVICES:
        raise Refused(f"There is no tracking service {service}. Choose one from the list.", "service")
    _set(store, rules, carrier, {"service": service}, by, at)


def service_choices(carrier: str) -> dict[str, str]:
    """The services that know this carrier: code to title, the usual one first."""
    usual = DEFAULT_SERVICE.get(carrier)
    names = [name for name, service in SERVICES.items() if name in WHOLE_WORLD or carrier in service.CARRIERS]
    return {name: SERVICES[name].TITLE for name in sorted(names, key=lambda name: name != usual)}


def _set(store: Store, rules: Rules, carrier: str, values: Mapping[str, str | None], by: Actor, at: datetime) -> None:
    if carrier not in rules.carriers:
        raise Refused(f"There is no shipping company {carrier}. Choose one from the list.", "carrier")
    store.write(lambda connection: stored.set_setting(connection, carrier, values, by=by.name, at=at))
    changes.add()


def _health(
    in_force: Rules,
    code: str,
    setting: Row | None,
    numbers: Row | None,
    services: Mapping[str, ServiceHealth],
    usable: Collection[str],
) -> CarrierHealth:
    service = service_of(code, setting, usable)
    line = services.get(service)
    found = numbers or {}
    asked, failed = found.get("asked", 0), found.get("failed", 0)
    shown = {name: value for name, value in found.items() if name not in ("carrier", "due")}
    return CarrierHealth(
        carrier=code,
        name=in_force.carriers[code].name,
        service=service,
        title=SERVICES[service].TITLE if service in SERVICES else "",
        ready=service in usable,
        chosen=setting["service"] if setting else None,
        check=in_force.carriers[code].check,
        queue=found.get("due", 0),
        error_rate=failed / asked if asked else None,
        breaker=str(line.breaker) if line else "closed",
        breaker_since=line.since if line else None,
        next_try=line.next_try if line else None,
        updated_at=setting["updated_at"] if setting else None,
        updated_by=setting["updated_by"] if setting else "",
        **shown,
    )
