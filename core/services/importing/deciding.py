"""What an import means for the desk: which shipments are new, what changes in known ones, what has to be refused."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain import personal, shipment_actions
from core.domain.destination import destination_of
from core.domain.errors import NeedsConfirming, NotPermitted, Refused
from core.domain.history import HistoryAction
from core.domain.reasons import Names, Why, sentences
from core.domain.shipment import ADDRESS, Address, Checkpoint, InvoiceEvent, Item, Kind, Shipment, Stage
from core.domain.shipment_actions import Action
from core.domain.shop_numbers import number_key
from core.domain.status import IMPORTED
from core.services.importing.columns import ITEM, title
from core.services.importing.drafting import Drafted
from core.services.importing.drafts import Draft, differ
from core.services.importing.plain import Ints
from core.services.importing.reasons import Remark, RowFinding
from core.services.importing.rows import Finding
from core.services.shipments import invoices
from core.services.shipments.changes import Step
from core.services.shipments.import_undo import kept_by_import
from core.store import imports, parcels, shipments
from core.store.database import Connection

AT_ONCE = 5000
_ASKED = 200_000
_ASKED_FOR = ["group", "shipment_no", "digest"]

FIELDS = {
    "order_no": "order_no",
    "kind": "kind",
    "ordered_at": "ordered_at",
    "released_at": "released_at",
    "promised_on": "promised_on",
    "ship_by": "ship_by",
    "warehouse": "warehouse",
    "policy": "policy",
    "option": "option",
    "weight_kg": "weight_g",
    "freight": "freight",
    "currency": "currency",
    "request": "request",
}
_OF_ALL_GOODS = frozenset(("weight_kg", "freight"))
_OF_ALL_IN_IT = _OF_ALL_GOODS | {"request", "ship_by", "promised_on"}
EMPTY: dict[str, Any] = {
    "kind": Kind.STANDARD,
    **dict.fromkeys(("warehouse", "policy", "option", "currency", "request", *ADDRESS), ""),
}
ATTEMPTED, FIRST_ATTEMPT = "First attempt, result not told", "First attempt"
_STAGES = {"picked_up_at": Stage.PICKED_UP, "delivered_at": Stage.DELIVERED}


@dataclass(frozen=True)
class ImportDesk:
    """What deciding depends on besides the file: the shop's zone and country, who imports and when."""

    zone: ZoneInfo
    home: str
    at: datetime


@dataclass(frozen=True)
class Revision:
    """What the file changes in one known shipment."""

    step: Step
    digest: str
    items: tuple[Item, ...] | None = None


@dataclass(frozen=True)
class Decision:
    """What would be written, in numbers of shipments, and what was found about them."""

    new: int
    changed: int
    unchanged: int
    refused: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True)
class FileStanding:
    """How the shipments of a file stand to those in the database now.

    `new` are those that are not known; `revised` the known ones whose rows differ, by their number in the file with the hash that is
    stored. `held` are the invoice numbers of both that other live shipments have.
    """

    new: Ints
    unchanged: int
    revised: Mapping[int, str | None]
    held: invoices.InUse


def standing(connection: Connection, drafted: Drafted) -> FileStanding:
    """What the database knows of the file's shipments. Reads only."""
    index = drafted.index
    known = [
        imports.standing(connection, index.slice(start, _ASKED).select(_ASKED_FOR)) for start in range(0, len(index), _ASKED)
    ]
    stored = pa.concat_tables(known) if known else None
    if stored is None:
        return FileStanding(np.array([], np.int64), 0, {}, invoices.InUse({}))
    other = stored.filter(pc.invert(stored["same"]))
    groups = index["group"].to_numpy()
    new = groups[~np.isin(groups, stored["group"].to_numpy())]
    revised = dict(zip(other["group"].to_pylist(), other["source_hash"].to_pylist(), strict=True))
    return FileStanding(new, len(stored) - len(other), revised, _held(connection, index, new, other))


def _held(connection: Connection, index: pa.Table, new: Ints, revised: pa.Table) -> invoices.InUse:
    numbers = index.select(["group", "canonical_no"]).filter(pc.not_equal(index["canonical_no"], ""))
    fresh = numbers.filter(pc.is_in(numbers["group"], pa.array(new))).select(["canonical_no"])
    wanted = [fresh.append_column("shipment_no", pa.nulls(len(fresh), pa.string()))]
    wanted.append(
        numbers.join(revised.select(["group", "shipment_no"]), "group", join_type="inner").select(
            ["canonical_no", "shipment_no"]
        )
    )
    held: dict[str, dict[str, str]] = defaultdict(dict)
    for row in imports.holders(connection, pa.concat_tables(wanted)):
        held[row["canonical_no"]][row["shipment_no"]] = row["carrier"]
    return invoices.InUse(held)


class Review:
    """Compares drafts with the shipments they name, collecting what is found.

    `changed` are those of the last drafts, `repeats` the known shipments in which nothing changes although their rows differ: id to
    digest.
    """

    def __init__(self, connection: Connection, mapped: frozenset[str], desk: ImportDesk, standing: FileStanding) -> None:
        self.connection, self.mapped, self.desk = connection, mapped, desk
        self.held, self.digests = standing.held, standing.revised
        self.taken_back: frozenset[tuple[int, str, str]] = frozenset()
        self.holders: Mapping[str, Shipment] = {}
        self.holding: set[str] = set()
        self.split: set[str] = set()
        self.changed: list[Revision] = []
        self.repeats: dict[int, str] = {}
        self.refused: list[Finding] = []
        self.warnings: list[Finding] = []

    def number_free(self, draft: Draft) -> bool:
        """Whether no other live shipment has the draft's number; the draft is refused otherwise."""
        others = self.held.others(draft.canonical_no, draft.shipment_no) if draft.invoice else {}
        if not draft.invoice or not others:
            return True
        self._refuse(draft, "invoice_no", RowFinding.NUMBER_IN_USE(number=draft.invoice[1], other=next(iter(others))))
        return False

    def revise(self, drafts: Sequence[tuple[int, Draft]]) -> None:
        """What these change, each given with its number in the file."""
        self.changed, self.repeats = [], {}
        stored = shipments.load(self.connection, [draft.shipment_no for _, draft in drafts])
        self.taken_back = imports.taken_back(self.connection, [shipment.shipment_id for shipment in stored.values()])
        self._look_at_parcels(list(stored.values()))
        for group, draft in drafts:
            shipment = stored[draft.shipment_no]
            if shipment.shipment_no != draft.shipment_no:
                self._warn(draft, "shipment_no", RowFinding.SPELLED_SO(text=draft.shipment_no, stored=shipment.shipment_no))
            try:
                revision = self._revision(shipment, draft, self.digests[group])
            except Refused as refusal:
                self._refuse(draft, refusal.field, *refusal.whys)
                continue
            if revision:
                self.changed.append(revision)
            elif not shipment.forgotten_at:
                self.repeats[shipment.shipment_id] = draft.digest

    def _look_at_parcels(self, stored: Sequence[Shipment]) -> None:
        """What these were put into, and which of those with other goods than came in hold others or were split."""
        put_into = {shipment.joined_no for shipment in stored if shipment.joined_no}
        self.holders = shipments.load(self.connection, sorted(put_into)) if put_into else {}
        regrouped = [shipment.shipment_no for shipment in stored if shipment.regrouped_at]
        self.holding = {row["joined_no"] for row in parcels.put_into(self.connection, regrouped)} if regrouped else set()
        self.split = parcels.split_ones(self.connection, regrouped) if regrouped else set()

    def _refuse(self, draft: Draft, field: str, *whys: Why) -> None:
        self.refused.extend(Finding(row, field, whys) for row in draft.rows)

    def _warn(self, draft: Draft, field: str, *whys: Why) -> None:
        self.warnings.append(Finding(draft.rows[0], field, whys))

    def _revision(self, shipment: Shipment, draft: Draft, stored: str | None) -> Revision | None:
        self._require_own_order(shipment, draft)
        changes = self._changes(shipment, draft)
        items = self._items(shipment, draft)
        invoice = self._invoice(shipment, draft)
        points = self._points(shipment, draft, changes.get("ordered_at", shipment.ordered_at), invoice)
        if not (changes or invoice or points or items is not None):
            return None
        if items is not None:
            changes["items"] = items
        remarks = [*taken(draft.doubt), *([_items_changed(shipment.items, items)] if items is not None else ())]
        step = Step(
            shipment,
            HistoryAction.IMPORTED,
            invoices=(invoice,) if invoice else (),
            checkpoints=points,
            changes=changes,
            own=True,
            reason=sentences(remarks),
            kept=kept_by_import(stored, None if items is None else shipment.items),
        )
        return Revision(step, draft.digest, items)

    def _changes(self, shipment: Shipment, draft: Draft) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for name, attribute in FIELDS.items():
            if name not in self.mapped or name in draft.kept or _stays_forgotten(name, shipment) or self._stays(name, shipment):
                continue
            value = draft.values[name]
            value = EMPTY.get(name) if value is None else value
            if value is None and name == "released_at":
                continue
            known = getattr(shipment, attribute)
            if differ(name, value, known) and not _less_closely(value, known):
                changes[attribute] = value
        address = self._address(shipment, draft)
        if address != shipment.address:
            changes["address"] = address
            changes["destination"] = destination_of(address.country, self.desk.home)
            if shipment.shipment_no in self.split:
                self._warn(draft, "address", RowFinding.PARCELS_STAY(shipment_no=shipment.shipment_no))
        return changes

    def _stays(self, name: str, shipment: Shipment) -> bool:
        """Whether the desk decided this when it put goods into other parcels."""
        if shipment.shipment_no in self.holding:
            return name in _OF_ALL_IN_IT
        return name in _OF_ALL_GOODS and shipment.regrouped_at is not None

    def _address(self, shipment: Shipment, draft: Draft) -> Address:
        names = [name for name in ADDRESS if name in self.mapped and name not in draft.kept]
        given = {name: draft.values[name] or "" for name in names if not _stays_forgotten(name, shipment)}
        address = replace(shipment.address, **given)
        if address != shipment.address and Action.EDIT_ADDRESS not in shipment_actions.of(shipment):
            field = next(name for name in ADDRESS if getattr(address, name) != getattr(shipment.address, name))
            if shipment.joined_no:
                raise NotPermitted(RowFinding.PUT_INTO(title=title(field), into=shipment.joined_no), field)
            form = "registered" if shipment.invoice else "under_way"
            raise NotPermitted(RowFinding.ADDRESS_STAYS(form, title=title(field)), field)
        return address

    def _items(self, shipment: Shipment, draft: Draft) -> tuple[Item, ...] | None:
        if not self.mapped & {"product_id", "product_name"} or draft.kept & set(ITEM):
            return None
        if not self.mapped & {"product_id", "quantity"} and _names(draft.items) <= _names(shipment.items):
            return None
        if Counter(draft.items) == Counter(shipment.items):
            return None
        if shipment.regrouped_at:
            self._warn(draft, "product_name", RowFinding.GOODS_STAY(shipment_no=shipment.shipment_no))
        elif shipment.joined_no:
            raise NotPermitted(RowFinding.PUT_INTO(title=title("product_name"), into=shipment.joined_no), "product_name")
        return None if shipment.regrouped_at else draft.items

    def _require_own_order(self, shipment: Shipment, draft: Draft) -> None:
        """Raises NotPermitted where the file means another shipment by the number that a parcel was given here."""
        order_no = draft.values.get("order_no")
        if shipment.split_no and order_no and number_key(order_no) != number_key(shipment.order_no):
            named = {"shipment_no": shipment.shipment_no, "order_no": shipment.order_no}
            raise NotPermitted(RowFinding.NUMBER_OF_PARCEL(**named), "shipment_no")

    def _invoice(self, shipment: Shipment, draft: Draft) -> InvoiceEvent | None:
        if not draft.invoice:
            return None
        held = shipment.invoice
        key = draft.invoice[0], draft.canonical_no
        if held and held.key == key:
            return None
        if shipment.joined_no:
            self._require_of_holder(shipment.joined_no, key)
            return None
        if held:
            raise NotPermitted(RowFinding.REGISTERED(number=held.invoice_no), "invoice_no")
        if any(event.key == key for event in shipment.invoices) and (shipment.shipment_id, *key) not in self.taken_back:
            self._warn(draft, "invoice_no", RowFinding.DELETED_ON_DESK())
            return None
        return self._registration(shipment, draft)

    def _require_of_holder(self, shipment_no: str, key: tuple[str, str]) -> None:
        """Raises NotPermitted unless the number is that of the parcel with the goods."""
        holder = self.holders.get(shipment_no)
        if holder is None or holder.invoice is None or holder.invoice.key != key:
            raise NotPermitted(RowFinding.PUT_INTO(title=title("invoice_no"), into=shipment_no), "invoice_no")

    def _registration(self, shipment: Shipment, draft: Draft) -> InvoiceEvent:
        assert draft.invoice is not None and draft.number is not None
        if others := self.held.others(draft.canonical_no, shipment.shipment_no):
            raise NeedsConfirming(RowFinding.NUMBER_IN_USE(number=draft.invoice[1], other=next(iter(others))), "invoice_no")
        entry = invoices.CheckedEntry(draft.number, confirmed=bool(draft.doubt))
        try:
            step = invoices.decide_entry(Action.REGISTER, shipment, entry, invoices.InUse({}), invoiced_at(draft, self.desk.at))
        except NotPermitted as refusal:
            raise NotPermitted(RowFinding.NUMBER(fault=refusal), "invoice_no") from refusal
        assert step is not None
        return step.invoices[0]

    def _points(
        self, shipment: Shipment, draft: Draft, ordered_at: datetime, invoice: InvoiceEvent | None
    ) -> tuple[Checkpoint, ...]:
        """The facts the file has and the desk has not. A recorded fact stays; another time for it is told."""
        journey = () if invoice else shipment.journey
        number = invoice or shipment.invoice
        wanted = checkpoints_of(draft, number.invoice_id if number else None, self.desk.zone)
        fresh = []
        for point in wanted:
            recorded = _recorded(point, journey)
            if recorded is None:
                fresh.append(point)
            elif not self._same_day(recorded, point.happened_at):
                name, at = _column_of(point), recorded.astimezone(self.desk.zone)
                self._warn(draft, name, RowFinding.RECORDED(title=title(name), recorded=at))
        self._require_order(fresh, journey)
        return tuple(fresh)

    def _same_day(self, one: datetime, other: datetime) -> bool:
        return one.astimezone(self.desk.zone).date() == other.astimezone(self.desk.zone).date()

    def _require_order(self, fresh: Sequence[Checkpoint], journey: Sequence[Checkpoint]) -> None:
        delivered = min((c.happened_at for c in journey if c.stage is Stage.DELIVERED), default=None)
        for point in fresh:
            if delivered and point.happened_at > delivered:
                name, at = _column_of(point), delivered.astimezone(self.desk.zone)
                raise Refused(RowFinding.AFTER_DELIVERY(title=title(name), delivered=at), name)


def invoiced_at(draft: Draft, at: datetime) -> datetime:
    """When the number counts as registered: as told, else at the pick-up, else with the order if it moved, else now."""
    values = draft.values
    told: datetime | None = values.get("invoiced_at") or values.get("picked_up_at")
    return told or (values["ordered_at"] if draft.moved else at)


def checkpoints_of(draft: Draft, invoice_id: int | None, zone: ZoneInfo) -> tuple[Checkpoint, ...]:
    """The times of the draft as checkpoints.

    A first attempt before the delivery failed; on the day of the delivery, it is the delivery where one of both is only known
    by its day. Without a delivery its result is not known: it only says that the shipment was out for delivery.
    """
    points = [
        Checkpoint(moment, stage, invoice_id, source=IMPORTED)
        for name, stage in _STAGES.items()
        if (moment := draft.values.get(name))
    ]
    attempt, delivered = draft.values.get("first_attempt_at"), draft.values.get("delivered_at")
    if attempt and delivered is None:
        points.append(Checkpoint(attempt, Stage.OUT_FOR_DELIVERY, invoice_id, text=ATTEMPTED, source=IMPORTED))
    elif attempt and delivered and attempt < delivered and not _one_day(attempt, delivered, zone):
        points.append(Checkpoint(attempt, Stage.ATTEMPT_FAILED, invoice_id, text=FIRST_ATTEMPT, source=IMPORTED))
    return tuple(sorted(points, key=lambda point: point.happened_at))


def _stays_forgotten(name: str, shipment: Shipment) -> bool:
    """Whether the column is personal and the shipment was forgotten: no file brings it back."""
    return shipment.forgotten_at is not None and name in personal.PERSONAL_FIELDS


def _one_day(attempt: datetime, delivered: datetime, zone: ZoneInfo) -> bool:
    """Whether the attempt is only known by its day, and that is the day of the delivery."""
    local = attempt.astimezone(zone)
    return not (local.hour or local.minute or local.second) and local.date() == delivered.astimezone(zone).date()


def _recorded(point: Checkpoint, journey: Iterable[Checkpoint]) -> datetime | None:
    same = {Stage.ATTEMPT_FAILED, Stage.AVAILABLE_FOR_PICKUP} if point.stage is Stage.ATTEMPT_FAILED else {point.stage}
    return next((c.happened_at for c in journey if c.stage in same), None)


def _column_of(point: Checkpoint) -> str:
    return next((name for name, stage in _STAGES.items() if stage is point.stage), "first_attempt_at")


def taken(doubt: str) -> tuple[Why, ...]:
    """What the history keeps of the doubt with which a number was taken; nothing without one."""
    return (Remark.TAKEN_WITH_DOUBT(doubt=doubt),) if doubt else ()


def _less_closely(said: object, known: object) -> bool:
    """Whether a moment is the known one without its seconds, as lists write it."""
    return isinstance(said, datetime) and isinstance(known, datetime) and said == known.replace(second=0, microsecond=0)


def _names(items: Sequence[Item]) -> set[str]:
    """What products are called: a list of the desk names the first one only, and neither takes the others nor their quantities away."""
    return {item.name for item in items}


def _items_changed(before: Sequence[Item], after: Sequence[Item]) -> Why:
    form = "added" if not before else "changed" if after else "removed"
    return Remark.ITEMS(form, before=_listed(before), after=_listed(after))


def _listed(items: Sequence[Item]) -> Names:
    return Names(f"{item.quantity} x {item.product_id or item.name}" for item in items)
