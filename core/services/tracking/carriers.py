"""The carriers as an admin sees them: how each is doing, which service is asked about it, how strict its numbers are checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from core.carriers.client import ServiceHealth
from core.carriers.services import SERVICES
from core.domain import permissions, personal
from core.domain.carriers import BreakerState, Carrier, Check, Rules
from core.domain.errors import Refused
from core.domain.people import Person
from core.domain.permissions import Act
from core.services.shipments.changes import Actor, Request
from core.services.tracking.reasons import SettingFault
from core.store import carrier_settings, tracking, tracking_runs
from core.store.carrier_settings import Decided
from core.store.database import Row, Store

WINDOW = timedelta(hours=24)


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
    was asked. `stopped` numbers were given up, `warned` ones were used before. One that is retired (`retired_at`, `retired_by`) is not
    asked: nothing of it waits.
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
    breaker: BreakerState = BreakerState.CLOSED
    breaker_since: datetime | None = None
    next_try: datetime | None = None
    last_error: str = ""
    stopped: int = 0
    warned: int = 0
    updated_at: datetime | None = None
    updated_by: str = ""
    retired_at: datetime | None = None
    retired_by: str = ""


def rules_in_force(store: Store, shipped: Rules) -> Rules:
    """The invoice-number rules as an admin set them, over those that are shipped (rules.toml under SHIPDESK_CHECKS).

    Companies that an admin retired are marked.
    """
    settings = {code: row for code, row in carrier_settings.newest(store).items() if code in shipped.carriers}
    checks = {code: Check(row["check_digit"]) for code, row in settings.items() if row["check_digit"]}
    retired = {code for code, row in settings.items() if row["retired_at"]}
    return shipped.with_checks(checks).with_retired(retired) if settings else shipped


def routes(store: Store, rules: Rules, usable: Collection[str]) -> dict[str, str]:
    """Which service is asked about each carrier, without carriers that none of the usable ones can be asked about."""
    settings = carrier_settings.newest(store)
    found = {code: service_of(carrier, settings.get(code), usable) for code, carrier in rules.carriers.items()}
    return {carrier: service for carrier, service in found.items() if service in usable}


def service_of(carrier: Carrier, setting: Row | None, usable: Collection[str]) -> str:
    """The admin's choice, "" for none and for a retired carrier; else the usual service; else, where only that has no key, another.

    That is one that has a code for the carrier, or one for the whole world.
    """
    if setting and setting["retired_at"]:
        return ""
    chosen = setting["service"] if setting else None
    if chosen is not None:
        return str(chosen)
    usual = carrier.service
    if not usual or usual in usable:
        return usual
    coded = (name for name, code in carrier.services.items() if code and name in usable)
    return next(coded, next((name for name, service in SERVICES.items() if service.WORLDWIDE and name in usable), usual))


def health(
    store: Store, client: Watcher, rules: Rules, usable: Collection[str], *, now: datetime, person: Person
) -> list[CarrierHealth]:
    """How each carrier is doing, in the order of the screen. `rules` as shipped; `usable` are the services that can be asked.

    A service's own words are hidden from whoever may not see personal data.
    """
    permissions.require(person, Act.SEE)
    quoted = permissions.may(person, Act.SEE_PERSONAL)
    numbers, runs = tracking.by_carrier(store, now), tracking_runs.by_carrier(store, now - WINDOW)
    settings = carrier_settings.newest(store)
    services = {name: client.health(name) for name in usable}
    found = [
        _health(carrier, settings.get(code), numbers.get(code, {}), runs.get(code, {}), services)
        for code, carrier in rules_in_force(store, rules).carriers.items()
    ]
    return found if quoted else [replace(one, last_error=personal.masked(one.last_error)) for one in found]


def set_check(store: Store, rules: Rules, carrier: str, check: Check | None, *, request: Request) -> None:
    """How a wrong check digit of this carrier is treated from now on; None: as shipped. Raises Refused for an unknown carrier."""
    request.require(Act.SET_CARRIERS)
    _set(store, rules, carrier, {"check_digit": check}, request.by, request.at)


def set_service(store: Store, rules: Rules, carrier: str, service: str | None, *, request: Request) -> None:
    """Which service is asked about this carrier from now on: "" for none, None for the usual one. Raises Refused."""
    request.require(Act.SET_CARRIERS)
    if service and service not in SERVICES:
        raise Refused(SettingFault.NO_SERVICE(service=service), "service")
    _set(store, rules, carrier, {"service": service}, request.by, request.at)


def retire(store: Store, rules: Rules, carrier: str, *, request: Request) -> None:
    """Takes a carrier out of use: its numbers are not asked about any more, and it is not offered for new shipments.

    What is open with it stays so until somebody closes it (`core.services.shipments.closing`). Raises Refused for an unknown carrier.
    """
    request.require(Act.SET_CARRIERS)
    setting = carrier_settings.newest(store).get(carrier)
    if not (setting and setting["retired_at"]):
        _set(store, rules, carrier, {"retired_at": request.at, "retired_by": request.by.name}, request.by, request.at)


def take_back(store: Store, rules: Rules, carrier: str, *, request: Request) -> None:
    """Takes a retired carrier into use again: what is open with it is asked about as before. Raises Refused for an unknown carrier."""
    request.require(Act.SET_CARRIERS)
    _set(store, rules, carrier, {"retired_at": None, "retired_by": None}, request.by, request.at)


def service_choices(carrier: Carrier) -> dict[str, str]:
    """The services that know this carrier: code to title, the usual one first."""
    names = [name for name, service in SERVICES.items() if service.WORLDWIDE or name in carrier.services]
    return {name: SERVICES[name].TITLE for name in sorted(names, key=lambda name: name != carrier.service)}


def _set(store: Store, rules: Rules, carrier: str, values: Decided, by: Actor, at: datetime) -> None:
    if carrier not in rules.carriers:
        raise Refused(SettingFault.NO_COMPANY(carrier=carrier), "carrier")
    store.write(lambda connection: carrier_settings.add(connection, carrier, values, by=by.name, at=at))


def _health(
    carrier: Carrier, setting: Row | None, numbers: Row, runs: Row, services: Mapping[str, ServiceHealth]
) -> CarrierHealth:
    service = service_of(carrier, setting, services.keys())
    numbers = {} if setting and setting["retired_at"] else numbers
    asked, failed = runs.get("asked", 0), runs.get("failed", 0)
    known = services.get(service, ServiceHealth(service))
    return CarrierHealth(
        carrier=carrier.code,
        name=carrier.name,
        service=service,
        title=SERVICES[service].TITLE if service in SERVICES else "",
        ready=service in services,
        chosen=setting["service"] if setting else None,
        check=carrier.check,
        queue=numbers.get("due", 0),
        asked=asked,
        failed=failed,
        error_rate=failed / asked if asked else None,
        last_error=runs.get("last_error", ""),
        breaker=known.breaker,
        breaker_since=known.since,
        next_try=known.next_try,
        updated_at=setting["updated_at"] if setting else None,
        updated_by=setting["updated_by"] if setting else "",
        retired_at=setting["retired_at"] if setting else None,
        retired_by=setting["retired_by"] or "" if setting else "",
        **{name: numbers[name] for name in _OF_NUMBERS if name in numbers},
    )


_OF_NUMBERS = ("watched", "oldest", "oldest_no", "last_success", "stopped", "warned")
