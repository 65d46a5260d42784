"""Registering one by one with a scanner: what was scanned, which company it is for, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from core.domain import permissions, personal, shipment_actions
from core.domain.carriers import Rules
from core.domain.errors import Conflict, NeedsConfirming, NotFound, NotPermitted, Refused
from core.domain.history import ChangeSource
from core.domain.invoice_number import CheckedNumber, Level, check, clean, propose
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Reason, Why, sentences
from core.domain.search import SearchKey
from core.domain.shipment import Shipment
from core.domain.shipment_actions import Action
from core.domain.shop_numbers import search_form
from core.domain.texts import said
from core.domain.verdicts import Hitch
from core.domain.visit import Visit
from core.domain.wrappings import meant
from core.services.shipments import invoices, lanes, undo
from core.services.shipments.changes import Request, change
from core.services.shipments.invoices import CheckedEntry
from core.services.shipments.lanes import Offer
from core.services.shipments.undo import Undone
from core.store import history, lists, shipments
from core.store.database import Row, Store

REPEAT_WITHIN = timedelta(seconds=10)
BREAK = timedelta(minutes=5)
_MOST_ALIKE = 5
"""One is found by its own number, and by those of shipments that were put into it."""


class ScanVerdict(StrEnum):
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


class ScanReason(Reason):
    """What is said about a scan."""

    NO_SLIP = "no_slip", "Shipment No. is empty. Scan the slip."
    NO_SHIPMENT = "no_shipment", "Shipment No.: {text} does not exist. Check the slip and scan it again."
    JUST_REGISTERED = "just_registered", "{number} was registered a moment ago; the repeat is ignored."
    SAME_SCAN = "same_scan", "The same scan again within {seconds} s is ignored."
    SWAPPED = "swapped", "{number} is an Invoice No.; it was put into box 2. Now the Shipment No."
    SCANNED_TWICE = "scanned_twice", "{shipment_no} was scanned twice. Now its Invoice No."
    LEFT_WITHOUT = (
        "left_without",
        "{left} was left without an invoice: box 2 got {shipment_no}. Now the Invoice No. of that.",
    )
    OTHER_WAREHOUSE = (
        "other_warehouse",
        {
            "known": "{shipment_no} belongs to {warehouse}, and {chosen} is chosen here. Check the slip.",
            "none": "{shipment_no} belongs to no warehouse, and {chosen} is chosen here. Check the slip.",
        },
    )
    NO_NUMBER = "no_number", "Invoice No. is empty. Scan the label."
    SAME_NUMBER = "same_number", "{shipment_no} has this number already. Nothing was changed."
    REGISTERED = "registered", "{company} {number} is registered on {shipment_no}."
    NOTHING_TO_UNDO = "nothing_to_undo", "Nothing of the last ten can be undone."


@dataclass(frozen=True)
class Scan:
    """What stands in the two boxes. `carrier` "" takes the company that is proposed.

    `agreed` answers the question about the warehouse, `confirmed` the one about the number.
    """

    first: str
    second: str = ""
    carrier: str = ""
    agreed: bool = False
    confirmed: bool = False


@dataclass(frozen=True)
class ScanDesk:
    """Where it was scanned: the warehouse that was chosen ("" for any), and what was registered there lately."""

    warehouse: str = ""
    recent: tuple["Registered", ...] = ()

    def lately(self, at: datetime) -> list["Registered"]:
        """What a scan at this moment may repeat."""
        return [one for one in self.recent if at - one.at < REPEAT_WITHIN]


@dataclass(frozen=True)
class Registered:
    """A registration of the last seconds."""

    shipment_no: str
    number: str
    at: datetime


@dataclass(frozen=True)
class ScanResult:
    """What became of a scan and why; `hitch` says the same in two words, `field` is the box it is about.

    `carrier` is the company that was taken, `offered_for` why that is proposed where nobody chose it; where neither a person nor the number
    did, but how such parcels mostly go, `instead` are the others that take the number as well.
    """

    verdict: ScanVerdict
    shipment: Shipment | None = None
    number: str = ""
    carrier: str = ""
    proposals: tuple[str, ...] = ()
    offered_for: Why | None = None
    instead: tuple[str, ...] = ()
    whys: tuple[Why, ...] = ()
    hitch: Hitch | None = None
    field: str = ""

    @property
    def shipment_no(self) -> str:
        return self.shipment.shipment_no if self.shipment else ""

    @property
    def reason(self) -> Reason | None:
        return self.whys[0].reason if self.whys else None

    @property
    def message(self) -> str:
        """What to say."""
        return sentences(self.whys)


@dataclass(frozen=True)
class Today:
    """How a person's day goes. `seconds` is the average time from one parcel to the next, breaks left out."""

    registered: int
    last_hour: int
    seconds: int | None


def look(store: Store, rules: Rules, scan: Scan, desk: ScanDesk, *, visit: Visit) -> ScanResult:
    """What the text in box 1 is, with the companies proposed for it and the number typed so far. Writes nothing."""
    visit.require()
    shipment, at = find(store, scan.first, person=visit.person), visit.clock.now
    if shipment is None:
        return _not_a_shipment(store, rules, scan.first, desk, at)
    if any(one.shipment_no == shipment.shipment_no for one in desk.lately(at)):
        return ScanResult(ScanVerdict.REPEAT, shipment, whys=(ScanReason.JUST_REGISTERED(number=shipment.shipment_no),))
    offer = lanes.offer(lanes.lane_of(store, rules, shipment, at), rules, scan.second)
    found = replace(_offered(offer, rules, scan.second), verdict=ScanVerdict.FOUND, shipment=shipment)
    doubt = None if scan.agreed else _elsewhere(shipment, desk)
    if doubt:
        return replace(found, verdict=ScanVerdict.ASK, whys=(doubt,), field="warehouse")
    if Action.REGISTER not in shipment_actions.of(shipment):
        refusal = shipment_actions.refusal(Action.REGISTER, shipment)
        return replace(found, verdict=ScanVerdict.ASK, whys=(refusal,), field="shipment_no")
    return found


def register(store: Store, rules: Rules, scan: Scan, desk: ScanDesk, *, request: Request) -> ScanResult:
    """Registers what stands in the two boxes, whichever way round; a request that was answered before is not written again."""
    request.require(Act.CHANGE)
    first, second = (find(store, text, person=request.by.person) for text in (scan.first, scan.second))
    if first and second:
        return _two_shipments(first, second)
    shipment = first or second
    typed = scan.first if second else scan.second
    number = clean(typed)
    if shipment is None:
        return _missing(scan.first, number)
    if (shipment.shipment_no, number) in {(one.shipment_no, one.number) for one in desk.lately(request.at)}:
        same = ScanReason.SAME_SCAN(seconds=REPEAT_WITHIN.seconds)
        return ScanResult(ScanVerdict.REPEAT, shipment, number, whys=(same,))
    offer = lanes.offer(lanes.lane_of(store, rules, shipment, request.at), rules, typed)
    answer = replace(_offered(offer, rules, typed), shipment=shipment)
    if scan.carrier:
        answer = replace(answer, carrier=scan.carrier, offered_for=None, instead=())
    if not number:
        return replace(answer, whys=(ScanReason.NO_NUMBER(),), hitch=Hitch.NO_NUMBER, field="invoice_no")
    if not answer.carrier:
        why = lanes.unproposed(offer, rules, typed)
        return replace(answer, whys=(why,), hitch=Hitch.NO_COMPANY, field=lanes.field_of(why))
    checked = offer.checked.get(answer.carrier) or check(answer.carrier, typed, rules)
    entry = CheckedEntry(checked, doubts=tuple(lanes.doubts(offer, rules, checked)))
    return _saved(store, scan, desk, answer, entry, request=request)


def _offered(offer: Offer, rules: Rules, number: str) -> ScanResult:
    """What is proposed for the number, before anything came of it."""
    found = lanes.proposal(offer, rules, number)
    why = found.why if found else None
    instead = () if found else tuple(code for code in offer.fits if code != offer.best)
    return ScanResult(ScanVerdict.REFUSED, None, clean(number), offer.best, offer.codes, why, instead)


def find(store: Store, text: str, *, person: Person) -> Shipment | None:
    """The shipment with this number in any spelling, or the only one that it can be without its hyphens; None for none.

    What is personal in it is hidden from whoever may not see it.
    """
    permissions.require(person, Act.SEE)
    found = _found(store, text) if search_form(text) else None
    return found if found is None or permissions.may(person, Act.SEE_PERSONAL) else personal.hidden(found)


def _found(store: Store, text: str) -> Shipment | None:
    form = search_form(text)
    if same := shipments.find(store, text):
        return same
    ids = lists.search(store, SearchKey.SHIPMENT_NO, [text])[text]
    found = store.snapshot(lambda connection: shipments.load_by_id(connection, ids)) if len(ids) <= _MOST_ALIKE else {}
    forms = (form, search_form(meant(text)))
    alike = [shipment for shipment in found.values() if search_form(shipment.shipment_no) in forms]
    return alike[0] if len(alike) == 1 else None


def proposals(store: Store, rules: Rules, shipment: Shipment, number: str = "", *, at: datetime) -> tuple[str, ...]:
    """Codes of the companies to offer, best first: those used lately for such parcels that the number fits, then others.

    Without a number, or with one that fits none at all, those used lately.
    """
    return lanes.offer(lanes.lane_of(store, rules, shipment, at), rules, number).codes


def today(store: Store, *, visit: Visit) -> Today:
    """What this person registered by scan since midnight in the shop, and how fast."""
    visit.require()
    at, since = visit.clock.now, datetime.combine(visit.clock.today, time(), visit.clock.zone)
    moments = history.registered(store, by=visit.person.name, source=ChangeSource.SCAN, since=since)
    gaps = [later - earlier for earlier, later in pairwise(moments) if later - earlier <= BREAK]
    average = round(sum(gaps, timedelta()).total_seconds() / len(gaps)) if gaps else None
    return Today(len(moments), sum(moment > at - timedelta(hours=1) for moment in moments), average)


def last(store: Store, *, person: Person, limit: int = 10) -> list[Row]:
    """What this person registered last, wherever they did, as `core.store.history.one_by_one` gives it."""
    permissions.require(person, Act.SEE)
    return history.one_by_one(store, by=person.name, limit=limit)


def undo_last(store: Store, *, home: str, request: Request) -> list[Undone]:
    """Undoes this person's newest registration that can go back; nothing when the request was answered before.

    Raises Refused when there is none.
    """
    request.require(Act.UNDO_OWN)
    if _answered(store, request.request_key):
        return []
    for row in last(store, person=request.by.person):
        if row["newest"] and not row["undone"]:
            return undo.undo(store, row["batch_id"], home=home, request=request)
    raise Refused(ScanReason.NOTHING_TO_UNDO())


def _saved(
    store: Store, scan: Scan, desk: ScanDesk, answer: ScanResult, entry: CheckedEntry, *, request: Request
) -> ScanResult:
    """What came of registering; a number that will be refused anyway is refused before the question about the warehouse."""
    number = entry.number
    if _answered(store, request.request_key):
        return _registered(answer, number, ScanVerdict.REGISTERED)
    doubt = None if scan.agreed else _elsewhere(answer.shipment, desk)
    try:
        if doubt and number.level is Level.REFUSE:
            raise Refused(number.faults, "invoice_no")
        if doubt:
            raise NeedsConfirming(doubt, "warehouse")
        verdict = _written(store, scan, answer.shipment_no, entry, request=request)
    except NeedsConfirming as question:
        return replace(answer, verdict=ScanVerdict.ASK, whys=question.whys, hitch=Hitch.NOT_SAVED, field=question.field)
    except (Refused, NotFound, Conflict) as error:
        return replace(answer, whys=error.whys, hitch=_hitch(error), field=_field(error))
    if verdict is ScanVerdict.UNCHANGED:
        same = ScanReason.SAME_NUMBER(shipment_no=answer.shipment_no)
        return replace(answer, verdict=verdict, whys=(same,), hitch=Hitch.SAME_NUMBER)
    return _registered(answer, number, verdict)


def _written(store: Store, scan: Scan, shipment_no: str, entry: CheckedEntry, *, request: Request) -> ScanVerdict:
    def wrote(confirmed: bool) -> bool:
        decide = invoices.Putting(Action.REGISTER, replace(entry, confirmed=confirmed), request.at)
        return change(store, shipment_no, decide, request=request)

    try:
        # Two runs of a page may bring the same request at the same moment.
        return ScanVerdict.REGISTERED if wrote(False) or _answered(store, request.request_key) else ScanVerdict.UNCHANGED
    except NeedsConfirming:
        if not scan.confirmed:
            raise
    return ScanVerdict.CONFIRMED if wrote(True) else ScanVerdict.UNCHANGED


def _answered(store: Store, request_key: str | None) -> bool:
    return store.snapshot(lambda connection: history.batch_of(connection, request_key)) is not None


def _registered(answer: ScanResult, number: CheckedNumber, verdict: ScanVerdict) -> ScanResult:
    said = ScanReason.REGISTERED(company=number.company, number=answer.number, shipment_no=answer.shipment_no)
    return replace(answer, verdict=verdict, whys=(said,))


def _not_a_shipment(store: Store, rules: Rules, text: str, desk: ScanDesk, at: datetime) -> ScanResult:
    number = clean(text)
    if any(one.number == number for one in desk.lately(at)):
        return ScanResult(ScanVerdict.REPEAT, number=number, whys=(ScanReason.JUST_REGISTERED(number=number),))
    if propose(text, rules) or invoices.is_known(store, rules, number):
        swapped = ScanReason.SWAPPED(number=number)
        return ScanResult(ScanVerdict.SWAPPED, number=number, whys=(swapped,), field="shipment_no")
    return _missing(text, "")


def _missing(text: str, number: str) -> ScanResult:
    why = ScanReason.NO_SHIPMENT(text=said(text)) if said(text) else ScanReason.NO_SLIP()
    return ScanResult(ScanVerdict.REFUSED, number=number, whys=(why,), hitch=Hitch.NOT_FOUND, field="shipment_no")


def _two_shipments(first: Shipment, second: Shipment) -> ScanResult:
    why = ScanReason.LEFT_WITHOUT(left=first.shipment_no, shipment_no=second.shipment_no)
    if first.shipment_no == second.shipment_no:
        why = ScanReason.SCANNED_TWICE(shipment_no=first.shipment_no)
    return ScanResult(ScanVerdict.RESTARTED, second, whys=(why,), field="invoice_no")


def _elsewhere(shipment: Shipment | None, desk: ScanDesk) -> Why | None:
    if shipment is None or not desk.warehouse or shipment.warehouse == desk.warehouse:
        return None
    form = "known" if shipment.warehouse else "none"
    return ScanReason.OTHER_WAREHOUSE(
        form, shipment_no=shipment.shipment_no, warehouse=shipment.warehouse, chosen=desk.warehouse
    )


def _hitch(error: Exception) -> Hitch:
    match error:
        case NotFound():
            return Hitch.NOT_FOUND
        case NotPermitted():
            return Hitch.NOT_WAITING
        case Conflict():
            return Hitch.CHANGED_SINCE
    return Hitch.WRONG_NUMBER


def _field(error: Exception) -> str:
    return "invoice_no" if isinstance(error, Refused) and not isinstance(error, NotPermitted) else "shipment_no"
