"""Registering one by one with a scanner: what was scanned, which company it is for, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.domain import permissions
from core.domain.errors import Conflict, NeedsConfirming, NotFound, NotPermitted, Refused
from core.domain.filters import SearchKey, search_form
from core.domain.invoice_number import OTHER, Level, Rules, check, clean, propose
from core.domain.permissions import Action
from core.domain.shipment import Shipment
from core.services.shipments import invoices, undo
from core.services.shipments.changes import Actor
from core.services.shipments.invoices import Entry
from core.services.shipments.undo import Undone
from core.store import history, lists, shipments
from core.store import proposals as lately
from core.store.database import Row, Store

SOURCE = "scan"
REPEAT_WITHIN = timedelta(seconds=10)
LATELY = timedelta(days=60)
BREAK = timedelta(minutes=5)


class Verdict(StrEnum):
    """What became of a scan. The first five are answers to box 1 too."""

    FOUND = "found"
    SWAPPED = "swapped"
    REPEAT = "repeat"
    ASK = "ask"
    REFUSED = "refused"
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    RESTARTED = "restarted"


@dataclass(frozen=True)
class Scan:
    """What stands in the two boxes. `carrier` "" takes the best proposal.

    `agreed` answers the question about the warehouse, `confirmed` the one about the number.
    """

    first: str
    second: str = ""
    carrier: str = ""
    agreed: bool = False
    confirmed: bool = False


@dataclass(frozen=True)
class Desk:
    """Where it was scanned: the warehouse that was chosen ("" for any), and what was registered there lately."""

    warehouse: str = ""
    recent: tuple["Done", ...] = ()


@dataclass(frozen=True)
class Done:
    """A registration of the last seconds."""

    shipment_no: str
    number: str
    at: datetime


@dataclass(frozen=True)
class Result:
    """`message` is what to say, `short` the same in two words, `field` the box it is about."""

    verdict: Verdict
    shipment: Shipment | None = None
    number: str = ""
    carrier: str = ""
    proposals: tuple[str, ...] = ()
    message: str = ""
    short: str = ""
    field: str = ""

    @property
    def shipment_no(self) -> str:
        return self.shipment.shipment_no if self.shipment else ""


@dataclass(frozen=True)
class Today:
    """How a person's day goes. `seconds` is the average time from one parcel to the next, breaks left out."""

    registered: int
    last_hour: int
    seconds: int | None


def look(store: Store, rules: Rules, scan: Scan, desk: Desk, *, at: datetime) -> Result:
    """What the text in box 1 is, with the companies proposed for it and the number typed so far. Writes nothing."""
    shipment = find(store, scan.first)
    if shipment is None:
        return _not_a_shipment(store, rules, scan.first, desk, at)
    if any(done.shipment_no == shipment.shipment_no for done in _lately(desk, at)):
        said = f"{shipment.shipment_no} was registered a moment ago; the repeat is ignored."
        return Result(Verdict.REPEAT, shipment, message=said)
    offer = _offer(store, rules, shipment, scan.second, at)
    found = Result(Verdict.FOUND, shipment, clean(scan.second), offer.best, offer.codes)
    doubt = "" if scan.agreed else _elsewhere(shipment, desk)
    if doubt:
        return replace(found, verdict=Verdict.ASK, message=doubt, field="warehouse")
    if Action.REGISTER not in permissions.of(shipment):
        return replace(found, verdict=Verdict.ASK, message=_why_not(shipment), field="shipment_no")
    return found


def register(
    store: Store, rules: Rules, scan: Scan, desk: Desk, *, by: str, at: datetime, request_key: str | None = None
) -> Result:
    """Registers what stands in the two boxes, whichever way round; a request that was answered before is not written again."""
    first, second = find(store, scan.first), find(store, scan.second)
    if first and second:
        return _two_shipments(first, second)
    shipment = first or second
    typed = scan.first if second else scan.second
    number = clean(typed)
    if shipment is None:
        return _missing(scan.first, number)
    if _is_repeat(desk, shipment.shipment_no, number, at):
        return Result(Verdict.REPEAT, shipment, number, message="The same scan again within 10 s is ignored.")
    offer = _offer(store, rules, shipment, typed, at)
    answer = Result(Verdict.REFUSED, shipment, number, scan.carrier or offer.best, offer.codes)
    if not number:
        return replace(answer, message="Invoice No. is empty. Scan the label.", short="No number", field="invoice_no")
    if not answer.carrier:
        return replace(answer, message=_no_company(answer, offer.usual, rules), short="No company", field="carrier")
    return _saved(store, rules, scan, desk, answer, Actor(by, SOURCE), at, request_key)


def find(store: Store, text: str) -> Shipment | None:
    """The shipment with this number, however a scanner spells it; None for none and for two that differ in spelling only."""
    form = search_form(text)
    if not form:
        return None
    exact = shipments.find(store, text.strip())
    if exact:
        return exact
    ids = lists.search(store, SearchKey.SHIPMENT_NO, [text])[text]
    found = store.snapshot(lambda connection: shipments.load_by_id(connection, ids)) if len(ids) == 1 else {}
    return next((one for one in found.values() if search_form(one.shipment_no) == form), None)


def proposals(store: Store, rules: Rules, shipment: Shipment, number: str = "", *, at: datetime) -> tuple[str, ...]:
    """Codes of the companies to offer, best first: those used lately for such parcels that the number fits, then others.

    Without a number, or with one that fits none at all, those used lately.
    """
    return _offer(store, rules, shipment, number, at).codes


def today(store: Store, *, by: str, zone: ZoneInfo, at: datetime) -> Today:
    """What this person registered by scan since midnight in the zone, and how fast."""
    since = datetime.combine(at.astimezone(zone).date(), time(), zone)
    moments = history.registered(store, by=by, source=SOURCE, since=since)
    gaps = [later - earlier for earlier, later in pairwise(moments) if later - earlier <= BREAK]
    average = round(sum(gaps, timedelta()).total_seconds() / len(gaps)) if gaps else None
    return Today(len(moments), sum(moment > at - timedelta(hours=1) for moment in moments), average)


def last(store: Store, station: str, limit: int = 10) -> list[Row]:
    """The newest registrations of the station, as `core.store.history.of_requests` gives them."""
    return history.of_requests(store, station, limit) if station else []


def undo_last(store: Store, station: str, *, home: str, by: str, at: datetime, request_key: str) -> list[Undone]:
    """Undoes the newest registration of the station that can go back. Raises Refused when there is none."""
    for row in last(store, station):
        if row["newest"] and not row["undone"]:
            actor = Actor(by, "undo")
            return undo.undo(store, row["batch_id"], home=home, by=actor, at=at, request_key=request_key)
    raise Refused("Nothing of the last ten can be undone.")


def _saved(
    store: Store,
    rules: Rules,
    scan: Scan,
    desk: Desk,
    answer: Result,
    by: Actor,
    at: datetime,
    request_key: str | None,
) -> Result:
    if _answered(store, request_key):
        return replace(answer, verdict=Verdict.REGISTERED, message=_registered(rules, answer))
    doubt = "" if scan.agreed else _elsewhere(answer.shipment, desk)
    try:
        if doubt:
            _require_readable(rules, answer)
            raise NeedsConfirming(doubt, "warehouse")
        verdict = _written(store, rules, scan, answer, by, at, request_key)
    except NeedsConfirming as question:
        return replace(answer, verdict=Verdict.ASK, message=str(question), short="Not saved", field=question.field)
    except (Refused, NotFound, Conflict) as error:
        return replace(answer, message=str(error), short=_short(error), field=_field(error))
    if verdict is Verdict.UNCHANGED:
        said = f"{answer.shipment_no} has this number already. Nothing was changed."
        return replace(answer, verdict=verdict, message=said, short="Same number")
    return replace(answer, verdict=verdict, message=_registered(rules, answer))


def _written(
    store: Store, rules: Rules, scan: Scan, answer: Result, by: Actor, at: datetime, request_key: str | None
) -> Verdict:
    def wrote(confirmed: bool) -> bool:
        entry = Entry(answer.carrier, answer.number, confirmed)
        return invoices.register(store, rules, answer.shipment_no, entry, by=by, at=at, request_key=request_key)

    try:
        # Two runs of a page may bring the same request at the same moment.
        return Verdict.REGISTERED if wrote(False) or _answered(store, request_key) else Verdict.UNCHANGED
    except NeedsConfirming:
        if not scan.confirmed:
            raise
    return Verdict.CONFIRMED if wrote(True) else Verdict.UNCHANGED


def _answered(store: Store, request_key: str | None) -> bool:
    return store.snapshot(lambda connection: history.batch_of(connection, request_key)) is not None


def _require_readable(rules: Rules, answer: Result) -> None:
    """A number that will be refused anyway is refused before the question about the warehouse."""
    verdict = check(answer.carrier, answer.number, rules)
    if verdict.level is Level.REFUSE:
        raise Refused(verdict.message, "invoice_no")


def _registered(rules: Rules, answer: Result) -> str:
    return f"{rules.carriers[answer.carrier].name} {answer.number} is registered on {answer.shipment_no}."


@dataclass(frozen=True)
class _Offer:
    """`best` is taken unless the clerk chooses: never a company that such parcels do not go with, "" asks for one."""

    codes: tuple[str, ...]
    best: str
    usual: Sequence[str]


def _offer(store: Store, rules: Rules, shipment: Shipment, number: str, at: datetime) -> _Offer:
    used = _used(store, rules, shipment, at)
    fits = propose(number, rules, used)
    likely = [code for level in (Level.OK, Level.WARN) for code in _usual(used) if check(code, number, rules).level is level]
    codes = tuple(dict.fromkeys([*likely, *fits])) or tuple(sorted(used, key=lambda code: not _has_form(code, number, rules)))
    sure = codes[:1] if likely or not fits or (not used and len(fits) == 1) else ()
    return _Offer(codes, next(iter(sure), ""), _usual(used))


def _usual(used: Sequence[str]) -> Sequence[str]:
    """Without "other", which takes any number, unless such parcels mostly go with it."""
    return used if used[:1] == [OTHER] else [code for code in used if code != OTHER]


def _has_form(code: str, number: str, rules: Rules) -> bool:
    """Whether it is one of the company's numbers but for the check digit."""
    return any(shape.pattern.fullmatch(clean(number)) for shape in rules.carriers[code].shapes)


def _used(store: Store, rules: Rules, shipment: Shipment, at: datetime) -> list[str]:
    used = lately.carriers(
        store,
        policy=shipment.policy,
        destination=shipment.destination,
        country=shipment.address.country,
        since=at - LATELY,
    )
    return [code for code in used if code in rules.carriers]


def _not_a_shipment(store: Store, rules: Rules, text: str, desk: Desk, at: datetime) -> Result:
    number = clean(text)
    if any(done.number == number for done in _lately(desk, at)):
        return Result(Verdict.REPEAT, number=number, message=f"{number} was registered a moment ago; the repeat is ignored.")
    if propose(text, rules) or _is_held(store, number):
        said = f"{number} is an Invoice No.; it was put into box 2. Now the Shipment No."
        return Result(Verdict.SWAPPED, number=number, message=said, field="shipment_no")
    return _missing(text, "")


def _is_held(store: Store, number: str) -> bool:
    return bool(number) and bool(lists.search(store, SearchKey.INVOICE_NO, [number])[number])


def _missing(text: str, number: str) -> Result:
    said = f"Shipment No.: {text.strip()} does not exist. Check the slip and scan it again."
    if not text.strip():
        said = "Shipment No. is empty. Scan the slip."
    return Result(Verdict.REFUSED, number=number, message=said, short="Not found", field="shipment_no")


def _two_shipments(first: Shipment, second: Shipment) -> Result:
    if first.shipment_no == second.shipment_no:
        return Result(
            Verdict.RESTARTED, first, message=f"{first.shipment_no} was scanned twice. Now its Invoice No.", field="invoice_no"
        )
    said = f"{first.shipment_no} was left without an invoice: box 2 got {second.shipment_no}. Now the Invoice No. of that."
    return Result(Verdict.RESTARTED, second, message=said, field="invoice_no")


def _no_company(answer: Result, usual: Sequence[str], rules: Rules) -> str:
    """What speaks against the usual company, or between which to choose where there is no usual one."""
    if not usual:
        fits = ", ".join(rules.carriers[code].name for code in answer.proposals) or "none by its form"
        return f"Shipping company: {answer.number} fits {fits}. Choose one, then press Enter."
    nearest = next((code for code in usual if _has_form(code, answer.number, rules)), usual[0])
    complaint = check(nearest, answer.number, rules).message
    return f"{complaint} If the label is right, choose its company, then press Enter."


def _elsewhere(shipment: Shipment | None, desk: Desk) -> str:
    if shipment is None or not desk.warehouse or shipment.warehouse == desk.warehouse:
        return ""
    there = shipment.warehouse or "no warehouse"
    return f"{shipment.shipment_no} belongs to {there}, and {desk.warehouse} is chosen here. Check the slip."


def _why_not(shipment: Shipment) -> str:
    try:
        permissions.require(Action.REGISTER, shipment)
    except NotPermitted as reason:
        return str(reason)
    return ""


def _lately(desk: Desk, at: datetime) -> list[Done]:
    return [done for done in desk.recent if at - done.at < REPEAT_WITHIN]


def _is_repeat(desk: Desk, shipment_no: str, number: str, at: datetime) -> bool:
    return any((done.shipment_no, done.number) == (shipment_no, number) for done in _lately(desk, at))


def _short(error: Exception) -> str:
    match error:
        case NotFound():
            return "Not found"
        case NotPermitted():
            return "Not waiting"
        case Conflict():
            return "Changed since"
    return "Wrong number"


def _field(error: Exception) -> str:
    return "invoice_no" if isinstance(error, Refused) and not isinstance(error, NotPermitted) else "shipment_no"
