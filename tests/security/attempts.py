"""The attempts by role, act and way; `admits` is who is let through. The table in SECURITY.md is made of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.exceptions import InvalidStatus

from core.domain.carriers import Check
from core.domain.clock import Clock
from core.domain.errors import Forbidden
from core.domain.people import Person, Role
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Stage
from core.domain.sign_in import SignIn
from core.domain.sorting import Order
from core.domain.views import ViewPage
from core.domain.visit import Visit
from core.services import analyst_sql, importing, uploading
from core.services.keeping import backups, own_shop
from core.services.people import managing, views
from core.services.shipments import actions, closing, exporting, finding, forgetting, invoices, queries, scan, undo
from core.services.shipments.changes import Actor, Request
from core.services.shipments.closing import Ending
from core.services.shipments.invoices import Entry
from core.services.tracking import carriers, polling
from core.store.database import Store
from tests.builders import ADA, CJ, NOW, RULES, SEOUL, a_checkpoint, a_shipment, add, nov
from tests.desk import Service, SetClock, a_tracker
from tests.files.given import sheet_of
from tests.workbook_builders import a_workbook

STRANGER, VIEWER, STAFF, ADMIN = "stranger", "viewer", "staff", "admin"
EVERYBODY = (STRANGER, VIEWER, STAFF, ADMIN)
WAITING, MOVING, GIVEN_UP = "S-1", "S-2", "S-3"
SECRET = "Ada Kim"
TOKEN = "2|00000000|00000000|1"
"""What the server of the pages takes for its own token, when cookie and header agree."""


@dataclass(frozen=True)
class Attempt:
    """Something that one tries by one way; `tried` makes it as this role and says whether it came through."""

    act: str
    way: str
    admits: tuple[str, ...]
    tried: Callable[[Any, str], bool]


@dataclass
class Shop:
    """A small shop of its own, with a batch of somebody else's in it."""

    store: Store
    folder: Path

    def __post_init__(self) -> None:
        moving = a_shipment(MOVING, scans=[a_checkpoint(Stage.PICKED_UP, nov(15))])
        back = a_shipment(GIVEN_UP, scans=[a_checkpoint(Stage.RETURNED, nov(15))])
        add(self.store, a_shipment(WAITING), moving, back)
        self.others_batch = self._registered("S-8", "A1008", "Jun Park")
        self.clock = SetClock(NOW)
        self.tracker = a_tracker(self.store, Service(), self.clock)

    def own_batch(self, role: str) -> int:
        return self._registered("S-9", "A1009", role)

    def _registered(self, shipment_no: str, number: str, by: str) -> int:
        add(self.store, a_shipment(shipment_no))
        request = Request(Actor(Person(by, Role.STAFF)), NOW)
        invoices.register(self.store, RULES, shipment_no, Entry("other", number), request=request)
        return int(self.store.rows("SELECT max(batch_id) AS n FROM batch")[0]["n"])


def somebody(role: str) -> Person:
    return Person(role, None if role == STRANGER else Role(role))


def asking(role: str) -> Request:
    return Request(Actor(somebody(role)), NOW)


def visiting(role: str) -> Visit:
    return Visit(somebody(role), Clock(NOW, SEOUL))


def by_service(act: str, admits: tuple[str, ...], do: Callable[[Shop, str], object]) -> Attempt:
    """An attempt at a service: it comes through unless it is forbidden, or gives nothing of what was wanted (False)."""

    def tried(shop: Shop, role: str) -> bool:
        try:
            return do(shop, role) is not False
        except Forbidden:
            return False

    return Attempt(act, "service", admits, tried)


def finds_anywhere(shop: Shop, role: str, text: str) -> bool:
    return bool(finding.find(shop.store, text, visit=visiting(role), spellings=lambda _: ()).shipments)


def keeps_a_view(shop: Shop, role: str, *, shared: bool) -> bool:
    link, name = {"tab": ["delivery"]}, f"Of {role}, shared: {shared}"
    return bool(views.save(shop.store, ViewPage.SHIPMENTS, link, name, shared=shared, request=asking(role)))


def sees_the_recipient(shop: Shop, role: str) -> bool:
    whole = queries.whole(shop.store, WAITING, visit=visiting(role))
    page = queries.page(shop.store, Selection(), Order(), visit=visiting(role), size=20, number=lambda _: 1)
    return SECRET in str(whole) or SECRET in str(page)


def finds_by_recipient(shop: Shop, role: str) -> bool:
    wanted = Selection(search=Search(SearchKey.RECIPIENT, (SECRET,)))
    return queries.page(shop.store, wanted, Order(), visit=visiting(role), size=20, number=lambda _: 1).total > 0


def exports_the_recipient(shop: Shop, role: str) -> bool:
    return SECRET in str(exporting.rows(shop.store, Selection(), Order(), visit=visiting(role)).to_pylist())


def queries_by_sql(shop: Shop, role: str) -> bool:
    box = analyst_sql.Box(shop.store, SEOUL)
    return box.ask("SELECT count(*) FROM shipment_facts", now=NOW, person=somebody(role)).answer().rows.num_rows == 1


def uploads(shop: Shop, role: str) -> None:
    sheet = sheet_of(a_workbook((WAITING, "Other", "A1001")))
    judged = uploading.judge_sheet(sheet, RULES, shop.store, modify=False, request=asking(role))
    uploading.register(shop.store, RULES, judged, modify=False, request=asking(role))


def imports(shop: Shop, role: str) -> None:
    file = b"shipment_no,order_no,ordered_at,country\nN-1,O-1,2026-11-10T18:00:00+09:00,KR\n"
    source = importing.read(file, "orders.csv")
    mapping = importing.own_columns(source.headers)
    importing.run(shop.store, RULES, source, mapping, request=asking(role), zone=SEOUL, home="KR")


def scans(shop: Shop, role: str) -> None:
    scan.register(shop.store, RULES, scan.Scan(WAITING, CJ, "cj"), scan.ScanDesk(), request=asking(role))


def registers(shop: Shop, role: str) -> None:
    invoices.register(shop.store, RULES, WAITING, Entry("other", "A1002"), request=asking(role))


def modifies(shop: Shop, role: str) -> None:
    invoices.modify(shop.store, RULES, MOVING, Entry("other", "A1003", confirmed=True), request=asking(role))


def edits_the_address(shop: Shop, role: str) -> None:
    address = a_shipment("S-0").address
    actions.edit_address(shop.store, WAITING, address, request=asking(role), home="KR")


def undoes(batch: Callable[[Shop, str], int]) -> Callable[[Shop, str], None]:
    def do(shop: Shop, role: str) -> None:
        undo.undo(shop.store, batch(shop, role), home="KR", request=asking(role))

    return do


def ends_left_open(shop: Shop, role: str) -> None:
    carriers.retire(shop.store, RULES, "cj", request=Request(ADA, NOW))
    seen = closing.left_open(shop.store, "cj", visit=visiting(ADMIN)).seen
    closing.close_left_open(shop.store, "cj", seen, Ending.CLOSED, request=asking(role), reason="Nobody tells of them")


WORKERS, ADMINS, INSIDE = (STAFF, ADMIN), (ADMIN,), (VIEWER, STAFF, ADMIN)

SERVICES = [
    by_service("look at lists and shipments", INSIDE, lambda d, r: queries.whole(d.store, WAITING, visit=visiting(r))),
    by_service("see who receives a parcel", WORKERS, sees_the_recipient),
    by_service("find a shipment by its recipient", WORKERS, finds_by_recipient),
    by_service("find a shipment from anywhere", INSIDE, lambda d, r: finds_anywhere(d, r, WAITING)),
    by_service("find a shipment from anywhere by its recipient", WORKERS, lambda d, r: finds_anywhere(d, r, SECRET)),
    by_service("keep a view of a list", INSIDE, lambda d, r: keeps_a_view(d, r, shared=False)),
    by_service("share a view with the team", WORKERS, lambda d, r: keeps_a_view(d, r, shared=True)),
    by_service("export a list", INSIDE, lambda d, r: exporting.rows(d.store, Selection(), Order(), visit=visiting(r))),
    by_service("export who receives", WORKERS, exports_the_recipient),
    by_service("ask by SQL", INSIDE, queries_by_sql),
    by_service("register an invoice", WORKERS, registers),
    by_service("register by scanner", WORKERS, scans),
    by_service("register a workbook", WORKERS, uploads),
    by_service("modify an invoice", WORKERS, modifies),
    by_service("delete an invoice", WORKERS, lambda d, r: invoices.delete(d.store, MOVING, request=asking(r))),
    by_service("edit an address", WORKERS, edits_the_address),
    by_service(
        "mark as delivered",
        WORKERS,
        lambda d, r: actions.mark_delivered(d.store, MOVING, request=asking(r), reason="The buyer called"),
    ),
    by_service("re-ship", WORKERS, lambda d, r: actions.reship(d.store, GIVEN_UP, request=asking(r))),
    by_service("close", WORKERS, lambda d, r: actions.close(d.store, GIVEN_UP, request=asking(r))),
    by_service(
        "close many",
        WORKERS,
        lambda d, r: closing.close_many(d.store, {GIVEN_UP: 1}, request=asking(r), reason="Given up"),
    ),
    by_service("end what a retired company leaves open", ADMINS, ends_left_open),
    by_service("import shipments", WORKERS, imports),
    by_service("refresh tracking", WORKERS, lambda d, r: polling.refresh_now(d.tracker, [MOVING], person=somebody(r))),
    by_service("ask again about a number", WORKERS, lambda d, r: polling.resume(d.tracker, [MOVING], person=somebody(r))),
    by_service("retry a paused service", WORKERS, lambda d, r: polling.retry(d.tracker, "dhl", person=somebody(r))),
    by_service("undo one's own batch", WORKERS, undoes(lambda d, r: d.own_batch(r))),
    by_service("undo another's batch", ADMINS, undoes(lambda d, _: d.others_batch)),
    by_service(
        "set a carrier's check",
        ADMINS,
        lambda d, r: carriers.set_check(d.store, RULES, "cj", Check.WARN, request=asking(r)),
    ),
    by_service(
        "choose a carrier's service",
        ADMINS,
        lambda d, r: carriers.set_service(d.store, RULES, "cj", None, request=asking(r)),
    ),
    by_service("retire a carrier", ADMINS, lambda d, r: carriers.retire(d.store, RULES, "sf", request=asking(r))),
    by_service("take a retired carrier back", ADMINS, lambda d, r: carriers.take_back(d.store, RULES, "sf", request=asking(r))),
    by_service(
        "write a backup",
        ADMINS,
        lambda d, r: backups.write_to(d.store, d.folder / f"{r}.duckdb", person=somebody(r)),
    ),
    by_service("forget an order", ADMINS, lambda d, r: forgetting.of_orders(d.store, [f"O-{WAITING}"], request=asking(r))),
    by_service("take the demo shop out", ADMINS, lambda d, r: own_shop.begin_own_shop(d.store, request=asking(r))),
    by_service(
        "invite somebody",
        ADMINS,
        lambda d, r: managing.invite(d.store, SignIn(()), "new@shop.example", Role.VIEWER, request=asking(r)),
    ),
    by_service(
        "end somebody's sessions",
        ADMINS,
        lambda d, r: managing.end_sessions(d.store, "hana@shop.example", request=asking(r)),
    ),
]


def by_route(act: str, method: str, path: str, refused: int = 403, **headers: str) -> Attempt:
    """An attempt over HTTP at a running desk, by somebody who is not signed in; it comes through unless it gets just this refusal.

    What is asked would end in another status if it were not refused, also where there is nothing to be had.
    """
    named = {name.replace("_", "-"): said for name, said in headers.items()}

    def tried(server: str, _: str) -> bool:
        answer = httpx.request(
            method, f"{server}{path}", headers=named | {"Host": named.get("Host", server[7:])}, content=b"{}"
        )
        return answer.status_code != refused

    return Attempt(act, "route", (), tried)


def is_well() -> Attempt:
    """What everybody may ask, signed in or not."""
    return Attempt("ask whether the desk is well", "route", OPEN, lambda server, _: httpx.get(f"{server}/healthz").is_success)


def by_websocket(act: str, admits: tuple[str, ...] = (), host: str = "", origin: str = "") -> Attempt:
    """An attempt to open the websocket of the pages, from this origin at this host."""

    def tried(server: str, _: str) -> bool:
        from tests.web.test_edge import window

        try:
            with window(server, host, Origin=origin or server):
                return True
        except InvalidStatus:
            return False

    return Attempt(act, "websocket", admits, tried)


OPEN = (STRANGER,)
ROUTES = [
    is_well(),
    by_route("open a page under a foreign name", "GET", "/shipments", Host="evil.example"),
    by_route("open a page from another site", "GET", "/shipments", Origin="http://evil.example"),
    by_route("send a webhook without its signature", "POST", "/webhooks/dhl", 401),
    by_route("have a backup written without its secret", "POST", "/backup", 404),
    by_route("switch the sandbox without its secret", "POST", "/sandbox/faults", 401),
    by_route("find a shipment without being signed in, from another site", "POST", "/find", Origin="http://evil.example"),
    by_route("fetch a made file from another site", "GET", "/media/0123456789abcdef.csv", Origin="http://evil.example"),
    by_route(
        "upload a file from another port",
        "PUT",
        "/_stcore/upload_file/a/b",
        Origin="http://localhost:9999",
        X_Xsrftoken=TOKEN,
        Cookie=f"_streamlit_xsrf={TOKEN}",
    ),
    by_route("sign somebody out from another site", "GET", "/auth/logout", Sec_Fetch_Site="cross-site"),
    by_route("find a page under a route of machines", "GET", "/healthz/shipments", 404),
    by_route("change something on a page's address", "POST", "/shipments", 405),
    by_websocket("open a window by the desk's own page", OPEN),
    by_websocket("open a window under a foreign name", host="evil.example", origin="http://evil.example"),
    by_websocket("open a window from another site", origin="http://evil.example"),
    by_websocket("open a window from another port", origin="http://localhost:9999"),
]
