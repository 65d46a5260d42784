"""The composition root: opens the store, reads the rules, reaches the carriers, and hands all of it to whoever serves."""

import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from core import config
from core.carriers import rules as carrier_rules
from core.carriers.client import Client
from core.carriers.service import Access
from core.carriers.services import SERVICES
from core.config import Keys, Settings
from core.demo import sandbox
from core.demo.sandbox import Sandbox
from core.domain.carriers import Rules
from core.domain.errors import ShipdeskError
from core.domain.language import tr
from core.domain.people import Person
from core.domain.sign_in import Admission, SignIn
from core.services.keeping import checking, presence
from core.services.keeping.checking import Report
from core.services.keeping.nightly import Keeper, Plan
from core.services.keeping.presence import Presence
from core.services.people.sign_ins import SignIns
from core.services.shipments import forgetting
from core.services.shipments.forgetting import AgeRule
from core.services.tracking import carriers, polling
from core.services.tracking.polling import Tracker
from core.services.tracking.refresher import Refresher
from core.services.tracking.webhooks import Hooks
from core.store.database import Store
from core.store.inspecting import FileState
from core.store.stores import open_store

log = logging.getLogger(__name__)
asking: ContextVar[Hashable] = ContextVar("asking", default="")
"""For whom a request is answered, as `subject` names them."""


@dataclass(eq=False)
class Runtime:
    """What pages and routes are given. `now` is the only clock they may ask.

    `shipped` are the rules without what admins changed, `rules` those in force. `base_url` is this server's own address, "" where
    there is no server: the sandbox cannot be reached then. `imports` are those on their way or just over, by the name of the person,
    `going_on` the request keys of work that the server does whoever looks.
    `found` is what was seen of the database file before it was opened,
    `presence` how the command line reaches this server.
    """

    settings: Settings
    store: Store
    shipped: Rules
    now: Callable[[], datetime]
    base_url: str = ""
    imports: dict[str, Any] = field(default_factory=dict, repr=False)
    going_on: set[str] = field(default_factory=set, repr=False)
    found: Report | None = None
    presence: Presence | None = None
    _read: tuple[int, Rules] | None = field(default=None, init=False, repr=False)
    _demo: tuple[int, bool] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.store.hears.append(self._heard)

    @property
    def rules(self) -> Rules:
        """The invoice-number rules in force: what admins set, over what is shipped. Read again after people wrote anything."""
        changes, read = self.store.changes_by_people, self._read
        if read is None or read[0] != changes:
            read = self._read = changes, carriers.rules_in_force(self.store, self.shipped)
        return read[1]

    @cached_property
    def sign_ins(self) -> SignIns:
        """Who is let in now, where people sign in; nobody is where they do not."""
        return SignIns(self.store, self.settings.sign_in or SignIn(()), self.now)

    def admission(self, claims: Callable[[], Mapping[str, object]]) -> Admission:
        """Whoever a sign-in provider said this of, and why they are not let in, where they are not; one person where nobody signs in."""
        return Admission(self.settings.local) if self.settings.sign_in is None else self.sign_ins.admission(claims())

    @cached_property
    def keys(self) -> Mapping[str, Keys]:
        """The shop's keys of the tracking services that there are."""
        return {name: self.settings.services[name] for name in SERVICES if name in self.settings.services}

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo shop still. Asked again after people wrote anything; a shop of one's own stays one."""
        asked, changes = self._demo, self.store.changes_by_people
        if asked is None or (asked[1] and asked[0] != changes):
            asked = self._demo = changes, sandbox.is_demo(self.store)
        return asked[1]

    @property
    def sandbox(self) -> Sandbox | None:
        """The sandbox carrier while it answers: by setting, or in a demo shop without any key."""
        wanted = self.settings.sandbox if self.settings.sandbox is not None else not self.keys
        return self._played if wanted and self.base_url and self.is_demo else None

    @cached_property
    def _played(self) -> Sandbox:
        fault, speed = self.settings.sandbox_fault, self.settings.sandbox_speed
        return Sandbox(
            self.store, self.now, self.settings.zone, self.shipped, key=secrets.token_hex(16), speed=speed, fault=fault
        )

    @property
    def _asked_alone(self) -> Sandbox | None:
        """The sandbox while nobody else is asked."""
        return None if self.keys else self.sandbox

    @property
    def access(self) -> Mapping[str, Access]:
        """How each service is reached: with the shop's keys, or in the sandbox while it answers."""
        found = {name: Access(keys.url, keys.key, keys.secret) for name, keys in self.keys.items()}
        if played := self.sandbox:
            inside = {name: Access(f"{self.base_url}/sandbox/{name}", played.key) for name in sandbox.SERVICES}
            return inside | found
        return found

    @cached_property
    def client(self) -> Client:
        """Who asks the services."""
        return Client(self.access, self.shipped, now=self.now, turns=self.store.turns)

    @cached_property
    def tracker(self) -> Tracker:
        """What tracking works with."""
        return Tracker(
            store=self.store,
            client=self.client,
            rules=self.shipped,
            now=self.now,
            zone=self.settings.zone,
            routes=lambda: carriers.routes(self.store, self.shipped, self.usable),
            pace=lambda: played.pace() if (played := self._asked_alone) else 1.0,
            made_here_only=lambda: self._asked_alone is not None,
        )

    @cached_property
    def refresher(self) -> Refresher:
        """Who asks what is due, in the background of a server."""
        return Refresher(self.tracker)

    @cached_property
    def keeper(self) -> Keeper:
        """Who writes the nightly backups, in the background of a server."""
        plan = Plan(self.settings.backup_folder, self.settings.backup_hour, self.settings.zone)
        return Keeper(self.store, plan, self.now)

    @cached_property
    def age_rule(self) -> AgeRule:
        """Who forgets by age, in the background of a server."""
        return AgeRule(self.store, self.settings.forget_after, self.now)

    @cached_property
    def hooks(self) -> Hooks:
        """Who takes webhooks."""
        hidden = {name: keys.hook for name, keys in self.keys.items()}
        return Hooks(self.tracker, lambda: self.access, hidden, self.nudge)

    @property
    def usable(self) -> Collection[str]:
        """The services that can be asked."""
        return self.access.keys()

    def carrier_health(self, *, person: Person) -> list[carriers.CarrierHealth]:
        """How each carrier is doing now, for the Carriers page. Raises Forbidden."""
        return carriers.health(self.store, self.client, self.shipped, self.usable, now=self.now(), person=person)

    def retry_now(self, carrier: str, *, person: Person) -> None:
        """Tries the carrier's paused service again at once. Raises Forbidden."""
        service = carriers.routes(self.store, self.shipped, self.usable).get(carrier)
        if service:
            self.retry_service(service, person=person)

    def retry_service(self, service: str, *, person: Person) -> None:
        """Tries a paused or resting service again at once. Raises Forbidden."""
        polling.retry(self.tracker, service, person=person)
        self.store.signal(service)

    def nudge(self) -> None:
        """Something became due: whichever server refreshes is not to wait for its next look."""
        self.store.signal("")

    def _heard(self, service: str) -> None:
        """Another server of the shop, or this one, says that something is due, or that a service is to be tried again."""
        opened = vars(self)
        if service and "client" in opened:
            self.tracker.rest(service, None)
            self.client.retry_now(service)
        if "refresher" in opened:
            self.refresher.nudge()

    def close(self) -> None:
        """Ends the refresher, the connections and the store."""
        opened = vars(self)
        if "hooks" in opened:
            self.hooks.worked_off(within=5)
        if "client" in opened:
            self.client.close()
        if "refresher" in opened:
            self.refresher.stop()
        if "keeper" in opened:
            self.keeper.stop()
        if self.presence and self.store.path:
            presence.withdraw(self.store.path)
        if "age_rule" in opened:
            self.age_rule.stop()
        self.store.close()


_lock = threading.Lock()
_runtime: Runtime | None = None


def open_runtime(settings: Settings | None = None, base_url: str = "") -> Runtime:
    """A runtime of its own: the caller closes it. Makes the demo shop when the database file is missing.

    Raises Unavailable when the database is in use, cannot be read, or is not whole.
    """
    settings = settings or config.load()
    found = None if settings.server else checking.require_sound(settings.database, settings.backup_folder, settings.zone)
    rules = carrier_rules.load().with_checks(settings.checks)
    store = open_store(settings.place, inspected=True)
    if settings.demo_shipments and (store.made or (found and found.found.state is FileState.NONE)):
        from core.demo import make_demo  # only a first start needs it

        log.info("Making a demo shop of %s shipments in %s", f"{settings.demo_shipments:,}", settings.place)
        make_demo(store, rules, shipments=settings.demo_shipments, now=_now(), zone=settings.zone, home=settings.home)
    forgetting.again(store, _now())
    return Runtime(settings, store, rules, _now, settings.url or base_url, found=found)


def get() -> Runtime:
    """The runtime of this process, opened on first use."""
    return _opened("")


def start(base_url: str = "", *, listens: str | None = "127.0.0.1", secrets_files: Sequence[str] = ()) -> None:
    """Opens the runtime for a server at this address and starts refreshing. `listens` is what it is bound to, None for everything.

    Ends the process with one sentence when the database cannot be used, a setting is wrong, or everybody would be an admin.
    """
    try:
        settings = config.load(secrets=[Path(file) for file in secrets_files] or config.SECRETS)
        config.require_sign_in(settings, listens)
        opened = _opened(base_url, settings)
        _ = opened.hooks
        opened.refresher.start()
        opened.keeper.start()
        opened.presence = None if opened.settings.server else presence.announce(opened.settings.database, base_url)
        opened.age_rule.start()
    except ShipdeskError as error:
        # Raised further, the sentence would drown in the server's own traceback. Nothing is open yet.
        sys.stderr.write(tr("Shipdesk was not started. {why}").format(why=error) + "\n")
        sys.stderr.flush()
        os._exit(1)


def close() -> None:
    """Closes the runtime of this process, if it was opened."""
    global _runtime
    with _lock:
        if _runtime is not None:
            _runtime.close()
            _runtime = None


def _opened(base_url: str, settings: Settings | None = None) -> Runtime:
    global _runtime
    with _lock:
        if _runtime is None:
            _runtime = open_runtime(settings, base_url)
        return _runtime


def subject(claims: Mapping[str, Any]) -> str:
    """One name for a person in all windows and requests, by what the provider says; the same for all where nobody signs in."""
    return f"person {claims.get('iss') or ''} {claims.get('sub') or claims.get('email') or ''}"


def _now() -> datetime:
    return datetime.now(UTC)
