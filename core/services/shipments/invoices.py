"""Registering, modifying and deleting invoices: one from a form, or many from a sheet, by the same decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from core.domain import permissions
from core.domain.errors import NeedsConfirming, NotPermitted, Refused
from core.domain.invoice_number import Level, Rules, check
from core.domain.permissions import Action
from core.domain.shipment import InvoiceEvent, Shipment
from core.services.shipments.changes import Actor, Step, change, write
from core.store import history, shipments
from core.store.database import Connection, Row, Store

Holders = Mapping[tuple[str, str], Sequence[Row]]


@dataclass(frozen=True)
class Entry:
    """What a clerk typed for one shipment. `confirmed` answers a warning that was shown."""

    carrier: str
    number: str
    confirmed: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one entry: ready, unchanged, confirm or refused, with the sentence and its field.

    The sentence of a ready entry says which invoice it replaces, if any.
    """

    verdict: str
    message: str = ""
    field: str = ""


def register(
    store: Store,
    rules: Rules,
    shipment_no: str,
    entry: Entry,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    request_key: str | None = None,
) -> bool:
    """Registers the first invoice. False when the same number is registered already, or the request was answered before.

    Raises NotFound, NotPermitted, Refused (number), NeedsConfirming (check digit, number in use) or Conflict.
    """
    return _set(Action.REGISTER, store, rules, shipment_no, entry, by, at, version, request_key)


def modify(
    store: Store,
    rules: Rules,
    shipment_no: str,
    entry: Entry,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    request_key: str | None = None,
) -> bool:
    """Replaces the invoice; the shipment is derived again from the new number. Returns and raises like `register`."""
    return _set(Action.MODIFY, store, rules, shipment_no, entry, by, at, version, request_key)


def delete(
    store: Store,
    shipment_no: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    request_key: str | None = None,
) -> bool:
    """Deletes the invoice; the shipment goes back to Preparing to Release. False when the request was answered before."""

    def decide(_: Connection, shipment: Shipment) -> Step | None:
        permissions.require(Action.DELETE, shipment)
        return Step(shipment, "invoice_deleted", invoices=(_deletion(shipment, at),), reason=reason.strip())

    return change(store, shipment_no, decide, by=by, at=at, version=version, request_key=request_key)


def foreseen(
    store: Store, rules: Rules, entries: Mapping[str, Entry], *, modify: bool, at: datetime, zone: tzinfo | None = None
) -> dict[str, Outcome]:
    """What registering each entry now would come to, by shipment number. Writes nothing; says days as in `judge`."""
    return store.snapshot(lambda connection: judge(connection, rules, entries, modify=modify, at=at, zone=zone)[0])


def judge(
    connection: Connection,
    rules: Rules,
    entries: Mapping[str, Entry],
    *,
    modify: bool,
    at: datetime,
    zone: tzinfo | None = None,
) -> tuple[dict[str, Outcome], list[Step]]:
    """What registering each entry would come to, by shipment number, and the steps of those that are ready.

    With `modify` a registered invoice is replaced, without it another number than the registered one is refused. Days are said
    in `zone`, or in that of `at`.
    """
    found = shipments.load(connection, list(entries))
    cleaned = {number: check(entry.carrier, entry.number, rules).cleaned for number, entry in entries.items()}
    holders = shipments.holders(connection, [(entries[number].carrier, text) for number, text in cleaned.items()])
    for number, entry in entries.items():
        if number in found:
            row = {"shipment_id": found[number].shipment_id, "shipment_no": number}
            holders[entry.carrier, cleaned[number]] = [*holders.get((entry.carrier, cleaned[number]), ()), row]
    first = shipments.next_invoice_id(connection)
    outcomes: dict[str, Outcome] = {}
    steps: list[Step] = []
    for number, entry in entries.items():
        outcomes[number], step = _judged(found.get(number), number, entry, rules, holders, first + len(steps), modify, at)
        if step:
            steps.append(step)
    same = [found[number] for number, outcome in outcomes.items() if outcome.verdict == "unchanged"]
    return outcomes | _unchanged(connection, same, at, zone), steps


def _unchanged(connection: Connection, same: Sequence[Shipment], at: datetime, zone: tzinfo | None) -> dict[str, Outcome]:
    """Of shipments that have the number already: since when, and by whom where it was not brought by an import."""
    by = history.registrars(connection, [shipment.shipment_id for shipment in same]) if same else {}
    this_year = at.astimezone(zone or at.tzinfo).year
    outcomes: dict[str, Outcome] = {}
    for shipment in same:
        assert shipment.invoice
        when = shipment.invoice.changed_at.astimezone(zone or at.tzinfo)
        day = f"{when.day} {when:%b}" + ("" if when.year == this_year else f" {when.year}")
        who = f" by {by[shipment.shipment_id]}" if shipment.shipment_id in by else ""
        outcomes[shipment.shipment_no] = Outcome("unchanged", f"Registered with the same number on {day}{who}.")
    return outcomes


def register_many(
    store: Store,
    rules: Rules,
    entries: Mapping[str, Entry],
    *,
    modify: bool,
    by: Actor,
    at: datetime,
    note: str,
    request_key: str | None = None,
) -> tuple[int | None, dict[str, Outcome]]:
    """Registers all entries that are ready in one transaction and one batch; the batch's id and every entry's outcome.

    Everything is judged again at this moment. A repeated request answers with the batch it made and writes nothing.
    """

    def job(connection: Connection) -> tuple[int | None, dict[str, Outcome]]:
        done = history.batch_of(connection, request_key)
        outcomes, steps = judge(connection, rules, entries, modify=modify, at=at)
        if done is not None or not steps:
            return done, outcomes
        batch = history.open_batch(connection, by=by.name, at=at, source=by.source, note=note, request_key=request_key)
        write(connection, steps, batch_id=batch, by=by, at=at)
        return batch, outcomes

    return store.write(job)


def _judged(
    shipment: Shipment | None,
    number: str,
    entry: Entry,
    rules: Rules,
    holders: Holders,
    new_invoice_id: int,
    modify: bool,
    at: datetime,
) -> tuple[Outcome, Step | None]:
    if shipment is None:
        return Outcome("refused", f"Shipment No.: {number} does not exist. Check the number on the slip.", "shipment_no"), None
    action = Action.MODIFY if modify and shipment.invoice else Action.REGISTER
    try:
        step = decide_entry(action, shipment, entry, rules, holders, new_invoice_id, at)
    except NeedsConfirming as doubt:
        return Outcome("confirm", str(doubt), doubt.field), None
    except Refused as refusal:
        return Outcome("refused", str(refusal), refusal.field), None
    return (Outcome("ready", _replaced(shipment, rules)), step) if step else (Outcome("unchanged"), None)


def _replaced(shipment: Shipment, rules: Rules) -> str:
    invoice = shipment.invoice
    return f"Replaces {rules.carriers[invoice.carrier].name} {invoice.invoice_no}." if invoice else ""


def decide_entry(
    action: Action, shipment: Shipment, entry: Entry, rules: Rules, holders: Holders, new_invoice_id: int, at: datetime
) -> Step | None:
    """The step that puts the entry on the shipment; None when it is there already. Raises like `register`."""
    verdict = check(entry.carrier, entry.number, rules)
    if verdict.level is Level.REFUSE:
        raise Refused(verdict.message, "invoice_no")
    invoice = shipment.invoice
    if invoice and (invoice.carrier, invoice.invoice_no) == (entry.carrier, verdict.cleaned):
        return None
    permissions.require(action, shipment)
    doubts = [verdict.message] if verdict.level is Level.WARN else []
    doubts += _in_use(shipment, rules, entry.carrier, verdict.cleaned, holders)
    if doubts and not entry.confirmed:
        raise NeedsConfirming(" ".join(doubts), "invoice_no")
    event = InvoiceEvent(
        _known_id(shipment, entry.carrier, verdict.cleaned) or new_invoice_id, entry.carrier, verdict.cleaned, at
    )
    name = "invoice_modified" if invoice else "invoice_registered"
    return Step(shipment, name, invoices=(event,), reason="Confirmed: " + " ".join(doubts) if doubts else "")


def _set(
    action: Action,
    store: Store,
    rules: Rules,
    shipment_no: str,
    entry: Entry,
    by: Actor,
    at: datetime,
    version: int | None,
    request_key: str | None,
) -> bool:
    cleaned = check(entry.carrier, entry.number, rules).cleaned

    def decide(connection: Connection, shipment: Shipment) -> Step | None:
        holders = shipments.holders(connection, [(entry.carrier, cleaned)])
        number = shipments.next_invoice_id(connection)
        return decide_entry(action, shipment, entry, rules, holders, number, at)

    return change(store, shipment_no, decide, by=by, at=at, version=version, request_key=request_key)


def _deletion(shipment: Shipment, at: datetime) -> InvoiceEvent:
    invoice = shipment.invoice
    if invoice is None:
        raise NotPermitted(f"{shipment.shipment_no}: no invoice is registered.")
    return InvoiceEvent(invoice.invoice_id, invoice.carrier, invoice.invoice_no, at, deleted=True)


def _in_use(shipment: Shipment, rules: Rules, carrier: str, number: str, holders: Holders) -> list[str]:
    others = [row["shipment_no"] for row in holders.get((carrier, number), ()) if row["shipment_id"] != shipment.shipment_id]
    if not others:
        return []
    name = rules.carriers[carrier].name
    return [
        f"{name} {number} is on {', '.join(others)} already. "
        "Check the label; confirm only if several shipments travel in one parcel."
    ]


def _known_id(shipment: Shipment, carrier: str, number: str) -> int | None:
    return next(
        (e.invoice_id for e in shipment.invoices if (e.carrier, e.invoice_no) == (carrier, number)),
        None,
    )
