"""How every change of a shipment is written: facts, derived state and history in one transaction."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from core.domain import permissions
from core.domain.errors import Conflict, NotFound, NotPermitted, ShipdeskError
from core.domain.history import BESIDE, ChangeSource, HistoryAction
from core.domain.language import Speech, speaking, speech
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Reason
from core.domain.shipment import ADDRESS, Checkpoint, InvoiceEvent, Shipment
from core.domain.shop_numbers import search_form
from core.domain.status import folded
from core.store import history, shipments
from core.store.database import Connection, Store

SHOWN_IN_HISTORY = (
    *ADDRESS, "destination", "kind", "order_no", "ordered_at", "released_at", "promised_on", "ship_by", "warehouse",
    "policy", "option", "weight_g", "freight", "currency", "request", "product", "items", "carrier", "invoice_no", "status",
    "word", "doubt", "returning_at", "returned_at", "closed_at", "origin_no", "successor_no", "joined_no", *shipments.HANDLING,
)  # fmt: skip


Fact = TypeVar("Fact", InvoiceEvent, Checkpoint)
NEW_NUMBER = 0
"""The `invoice_id` of a registration that gets its own when it is written."""


class NotSaved(Reason):
    """Why a change was not written."""

    NO_SHIPMENT = "no_shipment", "Shipment No. {shipment_no} does not exist."
    CHANGED_SINCE = "changed_since", "The change to {shipment_no} was not saved, and nothing else was changed."


@dataclass(frozen=True)
class Actor:
    """Who changes something, and from where."""

    person: Person
    source: ChangeSource = ChangeSource.FORM

    @property
    def name(self) -> str:
        """What stands in the history."""
        return self.person.name


@dataclass(frozen=True)
class Request:
    """Who asks for a change, and when; `version` is the one the person looked at, `request_key` stays the same for every press on that."""

    by: Actor
    at: datetime
    version: int | None = None
    request_key: str | None = None

    def require(self, act: Act) -> None:
        """Raises Forbidden unless the person may do this."""
        permissions.require(self.by.person, act)


@dataclass(frozen=True)
class Step:
    """One decided change of one shipment: the facts it adds and, where the shop's own fields change, `own`.

    `after` is the shipment with these facts, for who had to derive it in order to decide. `kept` is what the history keeps of the
    state before beside the fields that changed, so that it can be put back; `noted` is what it says beside the fields afterwards.
    What is done beside a shipment (`core.domain.history.BESIDE`) leaves its version as it is.
    """

    before: Shipment
    action: HistoryAction
    invoices: tuple[InvoiceEvent, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    changes: Mapping[str, Any] | None = None
    own: bool = False
    reason: str = ""
    after: Shipment | None = None
    kept: Mapping[str, Any] | None = None
    noted: Mapping[str, Any] | None = None

    @property
    def beside(self) -> bool:
        """Whether it changes nothing that a person decides on."""
        return self.action in BESIDE


Decide = Callable[[Connection, Shipment], Step | None]
"""Decides on a shipment by what is in it. Writes nothing; raises when it refuses."""


class Foresight(ABC):
    """A decision that asks who has certain `numbers`: for several at once it asks only once."""

    numbers: frozenset[str]

    @abstractmethod
    def __call__(self, connection: Connection, shipment: Shipment) -> Step | None:
        """The decision by what is known at this moment."""

    @abstractmethod
    def ahead(self, connection: Connection, others: Sequence[Any]) -> Sequence[Decide]:
        """The decisions of `others`, of the same kind, by what is known at this moment, of which they ask no more."""


@dataclass(frozen=True, eq=False)
class Change:
    """What somebody wants to change in a shipment; `together` does what several want, as if one after another.

    What is decided is said in the `spoken` language: that of whoever asks.
    """

    shipment_no: str
    decide: Decide
    request: Request
    note: str = ""
    spoken: Speech = field(default_factory=speech)

    def together(self, connection: Connection, wanted: "Sequence[Change]") -> list[bool | ShipdeskError]:
        """Whether something was written for each, or why it was refused."""
        said: list[bool | ShipdeskError] = []
        while len(said) < len(wanted):
            said += _at_once(connection, _apart(wanted[len(said) :]))
        return said

    @property
    def opened(self) -> Mapping[str, Any]:
        """What its batch is opened with, but for the note."""
        by, at = self.request.by, self.request.at
        return {"made_by": by.name, "made_at": at, "source": by.source, "request_key": self.request.request_key}

    def step(self, connection: Connection, shipment: Shipment | None, decide: Decide) -> Step | None:
        """The step that was decided on the shipment."""
        shipment = _required(shipment, self.shipment_no)
        try:
            step = decide(connection, shipment)
        except NotPermitted:
            # Whoever looked at an older state is told who changed it, not what it no longer permits.
            require_version(connection, shipment, self.request.version)
            raise
        if step is not None:
            require_version(connection, shipment, self.request.version)
        return step


def change(store: Store, shipment_no: str, decide: Decide, *, request: Request, note: str = "") -> bool:
    """Whether something was written: False when the request was answered before or there is nothing to change.

    `version` is the one the person looked at. Raises Forbidden, NotFound, Conflict, and whatever `decide` refuses with.
    """
    request.require(Act.CHANGE)
    return bool(store.write_together(Change(shipment_no, decide, request, note)))


def _apart(wanted: Sequence[Change]) -> Sequence[Change]:
    """The first of them, up to one that is about the same shipment or from the same request as another."""
    seen: set[str | None] = set()
    for place, one in enumerate(wanted):
        own = {search_form(one.shipment_no), one.request.request_key} - {None}
        if own & seen:
            return wanted[:place]
        seen |= own
    return wanted


def _at_once(connection: Connection, wanted: Sequence[Change]) -> list[bool | ShipdeskError]:
    """What became of the first of them, up to one that asks about a number which an earlier one put on a shipment or took off it."""
    answered = history.batches_of(connection, [one.request.request_key for one in wanted])
    new = [one for one in wanted if one.request.request_key not in answered]
    found = shipments.load(connection, [one.shipment_no for one in new])
    decide = _ahead(connection, [one.decide for one in new])
    said: list[bool | ShipdeskError] = []
    decided: list[tuple[Change, Step]] = []
    moved: set[str | None] = set()
    for one in wanted:
        if isinstance(one.decide, Foresight) and one.decide.numbers & moved:
            break
        try:
            known = one.request.request_key in answered
            with speaking(one.spoken):
                step = None if known else one.step(connection, found.get(one.shipment_no), decide[id(one.decide)])
        except ShipdeskError as refusal:
            said.append(refusal)
            continue
        said.append(step is not None)
        if step is not None:
            decided.append((one, step))
            moved |= {invoice.canonical_no for invoice in (step.before.invoice, *step.invoices) if invoice}
    _write_decided(connection, decided)
    return said


def _ahead(connection: Connection, decisions: Sequence[Decide]) -> dict[int, Decide]:
    """By the id of each decision the same, which asks no more what several would ask."""
    foresighted = [one for one in decisions if isinstance(one, Foresight)]
    known = foresighted[0].ahead(connection, foresighted) if len(foresighted) > 1 else foresighted
    return {id(one): one for one in decisions} | {id(one): now for one, now in zip(foresighted, known, strict=True)}


def _write_decided(connection: Connection, decided: Sequence[tuple[Change, Step]]) -> None:
    if decided:
        opened = [history.Opened(**one.opened, note=one.note or step.action) for one, step in decided]
        batches = history.open_batches(connection, opened)
        write_each(connection, [(step, batch) for (_, step), batch in zip(decided, batches, strict=True)])


def existing(connection: Connection, shipment_no: str) -> Shipment:
    """The shipment; raises NotFound when the number does not exist."""
    return _required(shipments.load(connection, [shipment_no]).get(shipment_no), shipment_no)


def _required(shipment: Shipment | None, shipment_no: str) -> Shipment:
    if shipment is None:
        raise NotFound(NotSaved.NO_SHIPMENT(shipment_no=shipment_no))
    return shipment


def require_version(connection: Connection, shipment: Shipment, version: int | None) -> None:
    """Raises Conflict with the newest change when the shipment moved on since `version` was looked at."""
    if version is not None and version != shipment.version:
        told = NotSaved.CHANGED_SINCE(shipment_no=shipment.shipment_no)
        raise Conflict(told, history.latest(connection, shipment.shipment_id))


def write(
    connection: Connection,
    steps: Sequence[Step],
    *,
    request: Request,
    batch_id: int,
) -> list[Shipment]:
    """The shipments after the steps, derived again and saved with their history. At most one step per shipment."""
    batch = history.Batch(batch_id, request.by.name, request.at, request.by.source)
    return write_each(connection, [(step, batch) for step in steps])


def write_each(connection: Connection, steps: Sequence[tuple[Step, history.Batch]]) -> list[Shipment]:
    """The same for steps of several batches. At most one step per shipment."""
    numbered = _numbered(connection, [step for step, _ in steps])
    steps = [(step, batch) for step, (_, batch) in zip(numbered, steps, strict=True)]
    after = [_after(step, batch.at) for step, batch in steps]
    saved = [(step.before, shipment) for (step, _), shipment in zip(steps, after, strict=True)]
    beside = [one for one in saved if one[1].version == one[0].version]
    if beside:
        shipments.save_quietly(connection, beside)
    if changed := [one for one in saved if one[1].version != one[0].version]:
        shipments.save(connection, changed, own=any(step.own for step, _ in steps))
    for add, name in ((shipments.add_invoices, "invoices"), (shipments.add_checkpoints, "checkpoints")):
        facts = [(step.before.shipment_id, fact, batch.batch_id) for step, batch in steps for fact in getattr(step, name)]
        if facts:
            add(connection, [(number, fact) for number, fact, _ in facts], [batch_id for *_, batch_id in facts])
    rows = [(_change(step, shipment), batch) for (step, batch), shipment in zip(steps, after, strict=True)]
    history.append_each(connection, rows)
    return after


def _numbered(connection: Connection, steps: Sequence[Step]) -> Sequence[Step]:
    """The steps with ids for the registrations that are new."""
    count = sum(map(_is_new, steps))
    if not count:
        return steps
    ids = itertools.count(shipments.next_invoice_id(connection, count))
    return [_with_id(step, next(ids)) if _is_new(step) else step for step in steps]


def _is_new(step: Step) -> bool:
    return any(event.invoice_id == NEW_NUMBER for event in step.invoices)


def _with_id(step: Step, invoice_id: int) -> Step:
    def known(fact: Fact) -> Fact:
        return replace(fact, invoice_id=invoice_id) if fact.invoice_id == NEW_NUMBER else fact

    return replace(step, invoices=tuple(map(known, step.invoices)), checkpoints=tuple(map(known, step.checkpoints)), after=None)


def derived(step: Step) -> Shipment:
    """The shipment with the facts of the step, its state derived again from all of them."""
    before = step.before
    invoices, checkpoints = before.invoices + step.invoices, before.checkpoints + step.checkpoints
    return folded(replace(before, **dict(step.changes or {}), invoices=invoices, checkpoints=checkpoints))


def _after(step: Step, at: datetime) -> Shipment:
    if step.beside:
        return replace(step.before, **dict(step.changes or {}))
    return replace(step.after or derived(step), version=step.before.version + 1, updated_at=at)


def _change(step: Step, after: Shipment) -> history.Change:
    old, new = (shipments.values_of(shipment, SHOWN_IN_HISTORY) for shipment in (step.before, after))
    fields = [name for name in SHOWN_IN_HISTORY if old[name] != new[name]]
    return history.Change(
        step.before.shipment_id,
        step.action,
        {name: old[name] for name in fields} | dict(step.kept or {}),
        {name: new[name] for name in fields} | dict(step.noted or {}),
        step.reason,
    )
