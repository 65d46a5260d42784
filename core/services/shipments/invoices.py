"""Registering, modifying and deleting invoices: one from a form, or many from a sheet, by the same decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain import shipment_actions
from core.domain.carriers import Rules
from core.domain.errors import NeedsConfirming, NotPermitted, Refused
from core.domain.history import HistoryAction
from core.domain.invoice_number import CheckedNumber, Level, check, spellings
from core.domain.periods import day_in_words
from core.domain.permissions import Act
from core.domain.reasons import Names, Reason, Why, sentences
from core.domain.search import Search, SearchKey
from core.domain.shipment import InvoiceEvent, Shipment
from core.domain.shipment_actions import Action
from core.domain.shop_numbers import search_form
from core.domain.texts import said
from core.domain.verdicts import RowVerdict
from core.services.shipments import lanes
from core.services.shipments.changes import NEW_NUMBER, Decide, Foresight, Request, Step, change, write
from core.services.shipments.lanes import LaneDoubt
from core.store import history, lists, shipments
from core.store.database import Connection, Store


class InvoiceReason(Reason):
    """What there is to say about a number on its way to a shipment."""

    NO_SHIPMENT = "no_shipment", "Shipment No.: {shipment_no} does not exist. Check the number on the slip."
    IN_USE = (
        "in_use",
        {
            "same": "{carrier} {invoice_no} is on {others} already. "
            "Check the label; confirm only if several shipments travel in one parcel.",
            "elsewhere": "{invoice_no} is on {others} already, there under another shipping company. "
            "Check the label and the company; confirm only if several shipments travel in one parcel.",
        },
    )
    OWN_NUMBER = (
        "own_number",
        {
            "shipment": "{number} is the Shipment No. itself. Enter the number on the label of the shipping company.",
            "order": "{number} is the Order No. Enter the number on the label of the shipping company.",
        },
    )
    CONFIRMED = "confirmed", "Confirmed: {doubts}"
    REPLACES = (
        "replaces",
        {
            "unheard": "Replaces {carrier} {invoice_no}.",
            "one": "Replaces {carrier} {invoice_no}: tracking starts anew, and its 1 event stays in the history only.",
            "other": "Replaces {carrier} {invoice_no}: tracking starts anew, and its {count} events stay in the history only.",
        },
    )
    SAME_NUMBER = (
        "same_number",
        {
            "by": "Registered with the same number on {day} by {by}.",
            "alone": "Registered with the same number on {day}.",
        },
    )


@dataclass(frozen=True)
class Entry:
    """What a clerk typed for one shipment. `confirmed` answers a warning that was shown; `proposed`: the clerk named no company."""

    carrier: str
    number: str
    confirmed: bool = False
    proposed: bool = False

    def checked(self, rules: Rules) -> "CheckedEntry":
        """The entry with its number checked."""
        return CheckedEntry(check(self.carrier, self.number, rules), self.confirmed)


@dataclass(frozen=True)
class CheckedEntry:
    """A checked number for one shipment; from here on nobody checks it again.

    `doubts` are those of whoever knows the lane, `proposed` is why the company was proposed to a clerk who named none.
    """

    number: CheckedNumber
    confirmed: bool = False
    doubts: tuple[Why, ...] = ()
    proposed: Why | None = None


@dataclass(frozen=True)
class Foreseen:
    """What became, or would become, of one entry, and why; of a ready one, which invoice it replaces. `field` it is about."""

    verdict: RowVerdict
    whys: tuple[Why, ...] = ()
    field: str = ""


@dataclass(frozen=True)
class InUse:
    """The shipments that have a number, under whatever company, by its canonical form: Shipment No. to carrier."""

    holders: Mapping[str, Mapping[str, str]]

    def others(self, canonical_no: str, shipment_no: str) -> Mapping[str, str]:
        """The shipments besides this one that have the number, with their carriers; none when it is free for it."""
        return {no: carrier for no, carrier in self.holders.get(canonical_no, {}).items() if no != shipment_no}


def in_use(connection: Connection, canonical_nos: Iterable[str]) -> InUse:
    """Which live shipments have these numbers now: neither delivered nor closed, as in `Shipment.live`."""
    rows = shipments.holders(connection, canonical_nos)
    return InUse({number: {row["shipment_no"]: row["carrier"] for row in held} for number, held in rows.items()})


def is_known(store: Store, rules: Rules, number: str) -> bool:
    """Whether any shipment has or had the number, of whatever carrier and in whatever spelling."""
    wanted = Search(SearchKey.INVOICE_NO, (number,), lambda value: spellings(value, rules))
    return bool(number) and bool(lists.found(store, wanted)[number])


def register(store: Store, rules: Rules, shipment_no: str, entry: Entry, *, request: Request) -> bool:
    """Registers the first invoice. False when the same number is registered already, or the request was answered before.

    Raises NotFound, NotPermitted, Refused (number), NeedsConfirming (check digit, number in use, another company's mistyped number)
    or Conflict.
    """
    request.require(Act.CHANGE)
    decide = Putting(Action.REGISTER, _on_its_lane(store, rules, shipment_no, entry, request.at), request.at)
    return change(store, shipment_no, decide, request=request)


def modify(store: Store, rules: Rules, shipment_no: str, entry: Entry, *, request: Request) -> bool:
    """Replaces the invoice; the shipment is derived again from the new number. Returns and raises like `register`."""
    request.require(Act.CHANGE)
    decide = Putting(Action.MODIFY, _on_its_lane(store, rules, shipment_no, entry, request.at), request.at)
    return change(store, shipment_no, decide, request=request)


def delete(
    store: Store,
    shipment_no: str,
    *,
    request: Request,
    reason: str = "",
) -> bool:
    """Deletes the invoice; the shipment goes back to Preparing to Release. False when the request was answered before."""
    request.require(Act.CHANGE)

    def decide(_: Connection, shipment: Shipment) -> Step | None:
        shipment_actions.require(Action.DELETE, shipment)
        return Step(shipment, HistoryAction.INVOICE_DELETED, invoices=(_deletion(shipment, request.at),), reason=said(reason))

    return change(store, shipment_no, decide, request=request)


def register_many(
    store: Store,
    rules: Rules,
    entries: Mapping[str, CheckedEntry],
    *,
    request: Request,
    modify: bool,
    note: str,
) -> tuple[int | None, dict[str, Foreseen]]:
    """Registers all entries that are ready in one transaction and one batch; the batch's id and what became of every entry.

    Everything is judged again at this moment. A repeated request answers with the batch it made and writes nothing.
    """
    request.require(Act.CHANGE)

    def job(connection: Connection) -> tuple[int | None, dict[str, Foreseen]]:
        done = history.batch_of(connection, request.request_key)
        foreseen, steps = judge(connection, rules, entries, modify=modify, at=request.at)
        if done is not None or not steps:
            return done, foreseen
        batch = history.open_batch(
            connection, by=request.by.name, at=request.at, source=request.by.source, note=note, request_key=request.request_key
        )
        write(connection, steps, batch_id=batch, request=request)
        return batch, foreseen

    return store.write(job)


def judge(
    connection: Connection,
    rules: Rules,
    entries: Mapping[str, CheckedEntry],
    *,
    modify: bool,
    at: datetime,
) -> tuple[dict[str, Foreseen], list[Step]]:
    """What registering each entry would come to, by shipment number, and the steps of those that are ready.

    With `modify` a registered invoice is replaced, without it another number than the registered one is refused. Days are said
    in the zone of `at`.
    """
    found = shipments.load(connection, list(entries))
    entries = _on_their_lanes(connection, rules, entries, found, at)
    held = _with_each_other(in_use(connection, {entry.number.canonical for entry in entries.values()}), entries, found)
    foreseen = {shipment_no: _unknown(shipment_no) for shipment_no in entries}
    steps: list[Step] = []
    for shipment_no, entry in entries.items():
        shipment = found.get(shipment_no)
        if shipment is None:
            continue
        action = Action.MODIFY if modify and shipment.invoice else Action.REGISTER
        judged = _judged(action, shipment, entry, held, at)
        if isinstance(judged, Step):
            steps.append(judged)
            judged = Foreseen(RowVerdict.READY, _replaced(shipment, rules))
        foreseen[shipment_no] = judged
    same = [found[shipment_no] for shipment_no, one in foreseen.items() if one.verdict is RowVerdict.UNCHANGED]
    return foreseen | _same(connection, same, at), steps


@dataclass(frozen=True)
class Putting(Foresight):
    """Decides on the entry inside a transaction, as `core.services.shipments.changes.change` asks."""

    action: Action
    entry: CheckedEntry
    at: datetime

    @property
    def numbers(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset((self.entry.number.canonical,))

    def __call__(self, connection: Connection, shipment: Shipment) -> Step | None:
        return self._decided(shipment, in_use(connection, self.numbers))

    def ahead(self, connection: Connection, others: "Sequence[Putting]") -> list[Decide]:
        held = in_use(connection, {number for one in others for number in one.numbers})
        return [one._knowing(held) for one in others]

    def _knowing(self, held: InUse) -> Decide:
        return lambda _, shipment: self._decided(shipment, held)

    def _decided(self, shipment: Shipment, held: InUse) -> Step | None:
        return decide_entry(self.action, shipment, self.entry, held, self.at)


def decide_entry(action: Action, shipment: Shipment, entry: CheckedEntry, held: InUse, at: datetime) -> Step | None:
    """The step that puts the entry on the shipment; None when it is there already. Raises like `register`."""
    number, invoice = entry.number, shipment.invoice
    if number.level is Level.REFUSE:
        raise Refused(number.faults, "invoice_no")
    if invoice and invoice.key == number.key:
        return None
    shipment_actions.require(action, shipment)
    doubts = [
        *number.faults,
        *entry.doubts,
        *_own(shipment, number),
        *_doubts(number, held.others(number.canonical, shipment.shipment_no)),
    ]
    if doubts and not entry.confirmed:
        raise NeedsConfirming(doubts, "invoice_no")
    invoice_id = _known_id(shipment, number.key) or NEW_NUMBER
    event = InvoiceEvent(invoice_id, number.carrier, number.cleaned, at, canonical_no=number.canonical)
    act = HistoryAction.INVOICE_MODIFIED if invoice else HistoryAction.INVOICE_REGISTERED
    confirmed = [InvoiceReason.CONFIRMED(doubts=sentences(doubts))] if doubts else []
    proposed = [entry.proposed] if entry.proposed else []
    return Step(shipment, act, invoices=(event,), reason=sentences([*confirmed, *proposed]))


def _on_its_lane(store: Store, rules: Rules, shipment_no: str, entry: Entry, at: datetime) -> CheckedEntry:
    """The entry checked, with the doubt of a number that is another company's but for a wrong digit; all of a proposed company."""
    checked = entry.checked(rules)
    number = checked.number
    if not number.ok or number.proven or not (entry.proposed or lanes.may_be_anothers(rules, number)):
        return checked
    shipment = shipments.find(store, shipment_no)
    if shipment is None:
        return checked
    return _doubted(checked, lanes.lane_of(store, rules, shipment, at), rules, any_doubt=entry.proposed)


def _doubted(checked: CheckedEntry, lane: lanes.UsualCompanies, rules: Rules, *, any_doubt: bool = False) -> CheckedEntry:
    offered = lanes.offer(lane, rules, checked.number.cleaned)
    said = lanes.doubts(offered, rules, checked.number)
    return replace(checked, doubts=tuple(why for why in said if any_doubt or why.reason is LaneDoubt.WRONG_ELSEWHERE))


def _on_their_lanes(
    connection: Connection, rules: Rules, entries: Mapping[str, CheckedEntry], found: Mapping[str, Shipment], at: datetime
) -> dict[str, CheckedEntry]:
    """The entries with the doubts of their lanes; a number that is proven, or whose company comes from its lane, needs none."""
    lane_by_number = {
        shipment_no: found[shipment_no].lane
        for shipment_no, entry in entries.items()
        if shipment_no in found and not entry.proposed and entry.number.ok and not entry.number.proven
    }
    known = lanes.lanes_within(connection, rules, lane_by_number.values(), at)
    doubted = {
        shipment_no: _doubted(entries[shipment_no], known[lane], rules)
        for shipment_no, lane in lane_by_number.items()
        if known[lane].usual
    }
    return {**entries, **doubted}


def _with_each_other(held: InUse, entries: Mapping[str, CheckedEntry], found: Iterable[str]) -> InUse:
    """The numbers in use, and those that the entries would take from each other."""
    holders = {number: dict(shipment_nos) for number, shipment_nos in held.holders.items()}
    for shipment_no in found:
        number = entries[shipment_no].number
        holders.setdefault(number.canonical, {})[shipment_no] = number.carrier
    return InUse(holders)


def _judged(action: Action, shipment: Shipment, entry: CheckedEntry, held: InUse, at: datetime) -> Step | Foreseen:
    """The step of an entry that is ready, else what it comes to."""
    try:
        step = decide_entry(action, shipment, entry, held, at)
    except NeedsConfirming as doubt:
        return Foreseen(RowVerdict.CONFIRM, doubt.whys, doubt.field)
    except Refused as refusal:
        return Foreseen(RowVerdict.REFUSED, refusal.whys, refusal.field)
    return step or Foreseen(RowVerdict.UNCHANGED)


def _unknown(shipment_no: str) -> Foreseen:
    return Foreseen(RowVerdict.REFUSED, (InvoiceReason.NO_SHIPMENT(shipment_no=shipment_no),), "shipment_no")


def _replaced(shipment: Shipment, rules: Rules) -> tuple[Why, ...]:
    invoice = shipment.invoice
    if invoice is None:
        return ()
    heard = len(shipment.journey)
    values = {"carrier": rules.carriers[invoice.carrier].name, "invoice_no": invoice.invoice_no, "count": heard}
    return (InvoiceReason.REPLACES("" if heard else "unheard", **values),)


def _same(connection: Connection, same: Sequence[Shipment], now: datetime) -> dict[str, Foreseen]:
    """Of shipments that have the number already: since when, and by whom where it was not brought by an import."""
    by = history.registrars(connection, [shipment.shipment_id for shipment in same]) if same else {}
    return {
        shipment.shipment_no: Foreseen(RowVerdict.UNCHANGED, (_since(shipment, by.get(shipment.shipment_id, ""), now),))
        for shipment in same
    }


def _since(shipment: Shipment, by: str, now: datetime) -> Why:
    assert shipment.invoice
    when = shipment.invoice.changed_at.astimezone(now.tzinfo)
    day = day_in_words(when.date(), now.date())
    return InvoiceReason.SAME_NUMBER("by" if by else "alone", day=day, by=by)


def _own(shipment: Shipment, number: CheckedNumber) -> list[Why]:
    """The doubt of a number that is the shipment's own Shipment No. or Order No."""
    own = {"shipment": shipment.shipment_no, "order": shipment.order_no}
    return [InvoiceReason.OWN_NUMBER(form, number=no) for form, no in own.items() if search_form(no) == number.cleaned][:1]


def _doubts(number: CheckedNumber, others: Mapping[str, str]) -> list[Why]:
    """The doubt of a number that other shipments have."""
    if not others:
        return []
    form = "same" if number.carrier in others.values() else "elsewhere"
    return [InvoiceReason.IN_USE(form, carrier=number.company, invoice_no=number.cleaned, others=Names(others))]


def _deletion(shipment: Shipment, at: datetime) -> InvoiceEvent:
    invoice = shipment.invoice
    if invoice is None:
        raise NotPermitted(shipment_actions.refusal(Action.DELETE, shipment))
    return replace(invoice, changed_at=at, deleted=True)


def _known_id(shipment: Shipment, number: tuple[str, str]) -> int | None:
    """The id under which the shipment had the number before, with its journey."""
    return next((event.invoice_id for event in shipment.invoices if event.key == number), None)
