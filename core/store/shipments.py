"""Whole shipments with their facts: loaded for a command, saved under the version that was loaded."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import repeat
from operator import attrgetter
from typing import Any

import pyarrow as pa

from core.domain import answer_doubts
from core.domain.clock import EPOCH
from core.domain.errors import Conflict
from core.domain.history import ChangeSource
from core.domain.recipients import recipient_key
from core.domain.search import SearchKey
from core.domain.shipment import (
    ADDRESS,
    Address,
    Checkpoint,
    Destination,
    Handling,
    Hint,
    InvoiceAction,
    InvoiceEvent,
    Item,
    Kind,
    ParcelLane,
    Shipment,
    Stage,
    State,
    Status,
    StatusDetail,
    ZoneFrom,
)
from core.domain.shop_numbers import matched, number_key, search_form
from core.domain.values import changed, made
from core.store.database import (
    Connection,
    Row,
    Store,
    in_utc,
    insert,
    next_id,
    register_table,
    rows_of_columns,
    schema_of,
    select,
    select_columns,
    table_of,
    table_of_columns,
)
from core.store.postgres.adapter import PgConnection
from core.store.reasons import StoreFault

OWN = (
    *ADDRESS, "order_no", "kind", "destination", "ordered_at", "released_at", "promised_on", "ship_by", "warehouse",
    "policy", "option", "weight_g", "freight", "currency", "request", "product", "items", "source_hash", "recipient_key",
    "forgotten_at",
)  # fmt: skip
DERIVED = (
    "status", "word", "reason", "exception", "stage", "status_since", "invoice_id", "carrier", "invoice_no", "canonical_no",
    "invoiced_at", "picked_up_at", "first_attempt_at", "last_scan_at", "delivered_at", "failed_attempts", "first_failed_at",
    "first_exception_at", "lost_at", "returning_at", "returned_at", "doubt", "closed_at", "origin_no", "successor_no", "split_no",
    "joined_no", "regrouped_at", "version", "updated_at",
)  # fmt: skip
HANDLING = ("assigned_to", "snoozed_until", "snoozed_version", "done_flag", "done_at", "done_on")

SHIPMENT = schema_of("shipment_id", "shipment_no", *OWN, *DERIVED, *HANDLING)
ITEM = schema_of("shipment_id", "line", "product_id", "name", "quantity")
INVOICE = schema_of(
    "event_id", "shipment_id", "invoice_id", "action", "carrier", "invoice_no", "canonical_no", "changed_at", "batch_id"
)  # fmt: skip
TELLING = ("happened_at", "zone_from", "local_at", "stage", "code", "place", "text", "hint", "inferred", "told_as")
CHECKPOINT = schema_of("shipment_id", "invoice_id", *TELLING, "source", "batch_id")
_CORRECTION = schema_of("shipment_id", "invoice_id", *TELLING, "gone", *(f"old_{name}" for name in TELLING))
SEARCH_KEY = schema_of("kind", "value", "shipment_id")


def load(connection: Connection, shipment_nos: Sequence[str]) -> dict[str, Shipment]:
    """The shipments under these numbers, by number as it was asked for; one that does not exist is missing. One query per table.

    A number is known in any spelling (`core.domain.shop_numbers.number_key`).
    """
    rows = _numbered(_under(connection, _BY_ID, SearchKey.SHIPMENT_NO, shipment_nos), shipment_nos)
    distinct = {row["shipment_id"]: row for row in rows.values()}
    shipments = {shipment.shipment_id: shipment for shipment in _with_facts(connection, list(distinct.values()))}
    return {asked: shipments[row["shipment_id"]] for asked, row in rows.items()}


def with_row(connection: Connection, shipment_no: str) -> tuple[Shipment, Row] | None:
    """One shipment beside its stored row; None when the number does not exist."""
    found = _under(connection, _BY_ID, SearchKey.SHIPMENT_NO, [shipment_no])
    row = _numbered(found, [shipment_no]).get(shipment_no)
    return (_with_facts(connection, [row])[0], row) if row else None


def _numbered(rows: Iterable[Row], shipment_nos: Sequence[str]) -> dict[str, Row]:
    by_number = {row["shipment_no"]: row for row in rows}
    return {asked: by_number[number] for asked, number in matched(shipment_nos, by_number).items()}


def stored_nos(connection: Connection, shipment_nos: Sequence[str]) -> dict[str, str]:
    """How these Shipment Nos. stand on the desk, by number as it was asked for; one that does not exist is missing."""
    rows = _under(connection, _NUMBERS, SearchKey.SHIPMENT_NO, shipment_nos)
    return matched(shipment_nos, [row["shipment_no"] for row in rows])


def lanes(connection: Connection, shipment_nos: Iterable[str]) -> dict[str, ParcelLane]:
    """The lane of each of these shipments, by its Shipment No. as it stands on the desk."""
    rows = _under(connection, _LANES, SearchKey.SHIPMENT_NO, shipment_nos)
    return {row["shipment_no"]: ParcelLane(row["policy"], Destination(row["destination"]), row["country"]) for row in rows}


def twins(store: Store) -> list[tuple[str, ...]]:
    """Shipment Nos. that are one number in several spellings, as only older versions let come to be."""
    return _twins(store.rows(_SHARED.format(among="")))


def load_journeys(
    connection: Connection, shipment_ids: Sequence[int], checkpoints: Mapping[int, Sequence[Checkpoint]]
) -> dict[int, Shipment]:
    """The same with what the fold needs and makes alone, for carriers' news: all else, which they never change, is as of a blank one."""
    ids = list(shipment_ids)
    rows = rows_of_columns(select_columns(connection, _JOURNEYS, {"ids": ids}, _JOURNEY_MOMENTS))
    numbers = rows_of_columns(select_columns(connection, _NUMBERS_OF, {"ids": ids}, ("changed_at",)))
    invoices: dict[int, list[Row]] = defaultdict(list)
    for row in numbers:
        invoices[row["shipment_id"]].append(row)
    return {row["shipment_id"]: _journey_of(row, invoices, checkpoints) for row in rows}


def _journey_of(row: Row, invoices: Mapping[int, Sequence[Row]], checkpoints: Mapping[int, Sequence[Checkpoint]]) -> Shipment:
    number = row["shipment_id"]
    return changed(
        _UNKNOWN,
        **{name: row[name] for name in _JOURNEY_SAME},
        state=_state_of(row),
        invoices=tuple(map(_invoice_of, invoices.get(number, ()))),
        checkpoints=tuple(checkpoints.get(number, ())),
    )


def load_by_id(connection: Connection, shipment_ids: Sequence[int]) -> dict[int, Shipment]:
    """The shipments with these ids, by id, the lowest first."""
    rows = sorted(select(connection, _BY_ID, {"ids": list(shipment_ids)}), key=lambda row: row["shipment_id"])
    return {shipment.shipment_id: shipment for shipment in _with_facts(connection, rows)}


def spelled(connection: Connection, forms: Iterable[str]) -> dict[str, str]:
    """The Shipment Nos. that have one of these search forms, by form; a form that several have is missing."""
    rows = _under(connection, _NUMBERS, SearchKey.SHIPMENT_NO, forms)
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        numbers[search_form(row["shipment_no"])].append(row["shipment_no"])
    return {form: of_form[0] for form, of_form in numbers.items() if len(of_form) == 1}


def find(store: Store, shipment_no: str) -> Shipment | None:
    """The shipment with all its facts, for one panel; None when the number does not exist."""
    return store.snapshot(lambda connection: load(connection, [shipment_no])).get(shipment_no)


def of_order(connection: Connection, order_no: str) -> list[Row]:
    """All shipments of an order in any spelling, oldest first: shipment_id, shipment_no, status, word, kind, ordered_at, product,
    items, closed_at, split_no, joined_no.
    """
    rows = _under(connection, _SIBLINGS, SearchKey.ORDER_NO, [order_no])
    return [row for row in rows if number_key(row.pop("order_no")) == number_key(order_no)]


def siblings(connection: Connection, shipment: Shipment) -> list[Row]:
    """The other shipments of its order, as `of_order` gives them."""
    ids = _ids_under(connection, SearchKey.ORDER_NO, [shipment.order_no])
    others = of_order(connection, shipment.order_no) if ids != [shipment.shipment_id] else []
    return [row for row in others if row["shipment_id"] != shipment.shipment_id]


def numbered(store: Store, shipment_nos: Sequence[str]) -> dict[str, Row]:
    """What bears these Shipment Nos., by number as asked for: shipment_id, carrier (None without an invoice), imported."""
    rows = store.rows(_NAMED, {"forms": [search_form(no) for no in set(shipment_nos)]})
    by_number = {row["shipment_no"]: row for row in rows}
    return {asked: by_number[number] for asked, number in matched(shipment_nos, by_number).items()}


def parcels(store: Store, numbers: Sequence[str]) -> list[Row]:
    """Which shipments bear these canonical numbers, now or before, and were made here, not imported: shipment_id, carrier,
    invoice_no (canonical), registered_at, warehouse, country, city; of one shipment the company that it was given to last first.
    """
    return store.snapshot(lambda connection: _parcels(connection, numbers))


def _parcels(connection: Connection, numbers: Sequence[str]) -> list[Row]:
    # One question that joins the three would look at every row of each.
    ids = _ids_under(connection, SearchKey.INVOICE_NO, numbers)
    borne = select(connection, _BORNE, {"ids": ids, "numbers": list(numbers)}) if ids else []
    bearers = {row["shipment_id"]: row for row in select(connection, _BEARERS, {"ids": ids})} if borne else {}
    return [row | bearers[row["shipment_id"]] for row in borne if row["shipment_id"] in bearers]


def holders(connection: Connection, numbers: Iterable[str]) -> dict[str, list[Row]]:
    """Who holds each canonical number now, of whatever carrier: live shipments only, as shipment_id, shipment_no, carrier."""
    wanted = set(numbers)
    held: dict[str, list[Row]] = defaultdict(list)
    for row in _under(connection, _LIVE, SearchKey.INVOICE_NO, wanted):
        if row["canonical_no"] in wanted:
            held[row["canonical_no"]].append(row)
    return held


def to_fold(connection: Connection, limit: int) -> list[int]:
    """The next shipments whose state an earlier Shipdesk derived by other rules."""
    rows = select(connection, "SELECT shipment_id FROM to_fold ORDER BY shipment_id LIMIT $limit", {"limit": limit})
    return [row["shipment_id"] for row in rows]


def folded_again(connection: Connection, shipment_ids: Sequence[int]) -> None:
    """These need not be derived again any more."""
    connection.execute("DELETE FROM to_fold WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))", {"ids": list(shipment_ids)})


Saved = tuple[Shipment, Shipment]
"""A shipment as it was loaded, and as it is to be."""


def save(connection: Connection, saved: Sequence[Saved], own: bool = False) -> None:
    """Writes what is new in the derived columns (and the shop's own, when asked) of shipments, each with a version one above the stored.

    Raises Conflict when a stored version is another: then nothing may be committed.
    """
    _update(connection, (*DERIVED, *_OWN_SAVED) if own else DERIVED, saved, ahead=1)


def save_quietly(connection: Connection, saved: Sequence[Saved]) -> None:
    """Writes what is new in the derived columns, and how people deal with it, of shipments whose version stays.

    Nothing changed in them that a person decides on. Raises Conflict when a stored version is another: then nothing may be committed.
    """
    _update(connection, (*DERIVED, *HANDLING), saved, ahead=0)


def _update(connection: Connection, columns: Sequence[str], saved: Sequence[Saved], *, ahead: int) -> None:
    """Writes those of these columns in which any differs, of shipments whose `version` is so far ahead of the stored one."""
    untouched = _untouched(saved)
    columns = [name for name in columns if name not in untouched]
    after = {name: [_VALUE_OF[name](now) for _, now in saved] for name in ("shipment_id", *columns)}
    differ = [name for name in columns if name == "version" or after[name] != [_VALUE_OF[name](before) for before, _ in saved]]
    new = table_of_columns({name: after[name] for name in ("shipment_id", *differ)}, SHIPMENT)
    if _updated(connection, differ, new, ahead) != len(saved):
        raise Conflict(StoreFault.CHANGED_SINCE())


def _untouched(saved: Sequence[Saved]) -> Collection[str]:
    """Columns in which none of them can differ, since none was made anew."""
    numbers = _INVOICED if all(before.invoices is after.invoices for before, after in saved) else ()
    return numbers + (HANDLING if all(before.handling is after.handling for before, after in saved) else ())


def _updated(connection: Connection, columns: Sequence[str], new: pa.Table, ahead: int) -> int:
    """How many shipments took the new values, because their version was the one expected."""
    if new.num_rows == 1:
        values = ", ".join(f"{column} = ${column}" for column in columns)
        sql = f"UPDATE shipment SET {values} WHERE shipment_id = $shipment_id AND version = $version - {ahead}"
        return int(connection.execute(sql, new.to_pylist()[0]).fetchall()[0][0])
    values = ", ".join(f"{column} = new_state.{column}" for column in columns)
    sql = (
        f"UPDATE shipment SET {values} FROM new_state "
        f"WHERE shipment.shipment_id = new_state.shipment_id AND shipment.version = new_state.version - {ahead}"
    )
    with register_table(connection, "new_state", new):
        return int(connection.execute(sql).fetchall()[0][0])


def add(connection: Connection, shipments: Sequence[Shipment]) -> None:
    """Appends new shipments with their items and search keys; their invoices and checkpoints are added apart.

    Raises Conflict when a Shipment No. exists in any spelling: then nothing may be committed.
    """
    insert(connection, "shipment", table_of((row_of(s) for s in shipments), SHIPMENT))
    add_items(connection, [(shipment.shipment_id, shipment.items) for shipment in shipments])
    keys = [(SearchKey.SHIPMENT_NO, s.shipment_no, s.shipment_id) for s in shipments]
    keys += [(SearchKey.ORDER_NO, s.order_no, s.shipment_id) for s in shipments]
    keys += [(SearchKey.PRODUCT_ID, item.product_id, s.shipment_id) for s in shipments for item in s.items]
    add_keys(connection, keys)
    refuse_twins(connection, [shipment.shipment_no for shipment in shipments])


def refuse_twins_from(connection: Connection, first_id: int) -> None:
    """The same for all shipments from this id on."""
    new = f"AND value IN (SELECT value FROM search_key WHERE kind = 'shipment_no' AND shipment_id >= {first_id})"
    rows = select(connection, _SHARED.format(among=new))
    _refuse(rows, {number_key(row["shipment_no"]) for row in rows if row["shipment_id"] >= first_id})


def refuse_twins(connection: Connection, shipment_nos: Sequence[str]) -> None:
    """Raises Conflict when one of these new numbers, whose keys are written, is that of another shipment too, in any spelling."""
    new = pa.table({"form": pa.array(map(search_form, shipment_nos), pa.string())})
    with register_table(connection, "new_number", new):
        rows = select(connection, _SHARED.format(among="AND value IN (SELECT form FROM new_number)"))
    _refuse(rows, set(map(number_key, shipment_nos)) if rows else set())


def _refuse(rows: Iterable[Row], keys: Collection[str]) -> None:
    for first, *others in _twins(rows):
        if number_key(first) in keys:
            raise Conflict(StoreFault.TWINS(first=first, other=others[0]))


def _twins(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    same: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        same[number_key(row["shipment_no"])].append(row["shipment_no"])
    return [tuple(numbers) for numbers in same.values() if len(numbers) > 1]


def add_items(connection: Connection, items: Iterable[tuple[int, Sequence[Item]]]) -> None:
    """Appends the item lines of each (shipment_id, items)."""
    rows = (
        {"shipment_id": shipment_id, "line": n, "product_id": i.product_id, "name": i.name, "quantity": i.quantity}
        for shipment_id, lines in items
        for n, i in enumerate(lines, 1)
    )
    insert(connection, "item", table_of(rows, ITEM))


def add_invoices(connection: Connection, events: Sequence[tuple[int, InvoiceEvent]], batch_id: int | Sequence[int]) -> None:
    """Appends one registration or deletion per (shipment_id, event), of one batch, or each of its own."""
    first = next_id(connection, "invoice", "event_id", len(events))
    rows = (
        {
            "event_id": first + n,
            "shipment_id": shipment_id,
            "invoice_id": event.invoice_id,
            "action": InvoiceAction.DELETED if event.deleted else InvoiceAction.REGISTERED,
            "carrier": event.carrier,
            "invoice_no": event.invoice_no,
            "canonical_no": event.canonical_no,
            "changed_at": event.changed_at,
            "batch_id": batch,
        }
        for n, ((shipment_id, event), batch) in enumerate(zip(events, _of_each(batch_id), strict=False))
    )
    insert(connection, "invoice", table_of(rows, INVOICE))
    spelled = ((no, e) for no, e in events if not e.deleted)
    keys = dict.fromkeys((SearchKey.INVOICE_NO, text, no) for no, e in spelled for text in (e.invoice_no, e.canonical_no))
    add_keys(connection, list(keys))


def next_invoice_id(connection: Connection, count: int = 1) -> int:
    """The first of so many ids for new registrations."""
    return next_id(connection, "invoice", "invoice_id", count)


def next_shipment_id(connection: Connection, count: int = 1) -> int:
    """The first of so many, above every id that was ever given, those of removed shipments included: their history keeps them."""
    return next_id(connection, "shipment", "shipment_id", count, kept_in="history")


def add_checkpoints(
    connection: Connection, checkpoints: Sequence[tuple[int, Checkpoint]], batch_id: int | Sequence[int]
) -> None:
    """Appends one checkpoint per (shipment_id, checkpoint), of one batch, or each of its own."""
    each = zip(checkpoints, _of_each(batch_id), strict=False)
    rows = ({**vars(c), "shipment_id": shipment_id, "batch_id": batch} for (shipment_id, c), batch in each)
    insert(connection, "checkpoint", table_of(rows, CHECKPOINT))


def _of_each(batch_id: int | Sequence[int]) -> Iterable[int]:
    return repeat(batch_id) if isinstance(batch_id, int) else batch_id


def open_with(store: Store, carrier: str) -> list[Row]:
    """What left with this carrier and is neither delivered nor closed, the longest in its status first: number, version, status."""
    return store.rows(_OPEN_WITH, {"carrier": carrier})


def assigned(store: Store) -> list[str]:
    """Who has shipments in hand."""
    return [row["assigned_to"] for row in store.figures.rows(_ASSIGNED)]


def checkpoints_of(connection: Connection, shipment_ids: Sequence[int]) -> dict[int, list[Checkpoint]]:
    """All checkpoints of these shipments, by shipment_id, in the order of their moments."""
    ids = list(shipment_ids)
    # Of one shipment there are so few that what makes many faster costs more than it spares.
    sql, moments = (_CHECKPOINTS_IN_UTC, ("happened_at",)) if len(ids) > 1 else (_CHECKPOINTS, ())
    columns = select_columns(connection, sql, {"ids": ids}, moments)
    numbers = columns.pop("shipment_id")
    columns |= {name: [known and members[known] for known in columns[name]] for name, members in _MEMBERS.items()}
    found: dict[int, list[Checkpoint]] = defaultdict(list)
    names = tuple(columns)
    for number, *said in zip(numbers, *columns.values(), strict=True):
        found[number].append(made(Checkpoint, zip(names, said, strict=True)))
    return found


def correct_checkpoints(connection: Connection, corrections: Sequence[tuple[int, Checkpoint, Checkpoint | None]]) -> None:
    """Puts what is known of an event now in the place of what is stored of it: (shipment_id, stored, known). None: it is another one.

    A checkpoint is known by all that it says; its batch stays.
    """
    rows = [
        {**vars(now or old), "shipment_id": number, "invoice_id": old.invoice_id, "gone": now is None}
        | {f"old_{name}": getattr(old, name) for name in TELLING}
        for number, old, now in corrections
    ]
    if not rows:
        return
    values = ", ".join(f"{name} = correction.{name}" for name in TELLING)
    with register_table(connection, "correction", table_of(rows, _CORRECTION)):
        connection.execute(f"UPDATE checkpoint SET {values} FROM correction WHERE {_CORRECTED} AND NOT correction.gone")
        if any(row["gone"] for row in rows):
            connection.execute(f"DELETE FROM checkpoint USING correction WHERE {_CORRECTED} AND correction.gone")


def add_keys(connection: Connection, keys: Sequence[tuple[SearchKey, str, int]]) -> None:
    """Makes the values findable: (key, value, shipment_id)."""
    rows = ({"kind": kind, "value": search_form(value), "shipment_id": number} for kind, value, number in keys if value)
    insert(connection, "search_key", table_of(rows, SEARCH_KEY))


def sort_keys(connection: Connection) -> None:
    """Puts the search keys in order again, so that zone maps find them; wanted after many were appended. A server has an index."""
    if isinstance(connection, PgConnection):
        return
    connection.execute("CREATE OR REPLACE TABLE search_key AS SELECT DISTINCT * FROM search_key ORDER BY kind, value")


def _under(connection: Connection, sql: str, key: SearchKey, values: Iterable[str]) -> list[Row]:
    """The rows that `sql` gives for the ids under these values; they may hold another spelling of a value."""
    ids = _ids_under(connection, key, values)
    return select(connection, sql, {"ids": ids}) if ids else []


def _ids_under(connection: Connection, key: SearchKey, values: Iterable[str]) -> list[int]:
    forms = [search_form(value) for value in values]
    found = select(connection, _IDS, {"kind": key, "values": forms}) if forms else []
    return list(dict.fromkeys(row["shipment_id"] for row in found))


def _with_facts(connection: Connection, rows: Sequence[Row]) -> list[Shipment]:
    ids = [row["shipment_id"] for row in rows]
    items, invoices = _grouped(connection, _ITEMS, ids), _grouped(connection, _INVOICES, ids)
    points = checkpoints_of(connection, ids)
    numbered = [(row["shipment_id"], row) for row in rows]
    return [shipment_of(row, items.get(n, ()), invoices.get(n, ()), points.get(n, ())) for n, row in numbered]


def _grouped(connection: Connection, sql: str, ids: Sequence[int]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in select(connection, sql, {"ids": ids}) if ids else []:
        groups[row["shipment_id"]].append(row)
    return groups


def row_of(shipment: Shipment) -> dict[str, Any]:
    """The shipment's own row, without `source_hash`."""
    return values_of(shipment, _VALUE_OF)


def values_of(shipment: Shipment, columns: Iterable[str]) -> dict[str, Any]:
    """The same of these columns alone."""
    return {name: _VALUE_OF[name](shipment) for name in columns}


def handling_before(shipment: Shipment, before: Mapping[str, Any]) -> Handling:
    """How people dealt with the shipment before a change, by its row of the history."""
    return replace(shipment.handling, **{name: _of_history(name, before[name]) for name in HANDLING if name in before})


def own_before(shipment: Shipment, before: Mapping[str, Any]) -> dict[str, Any]:
    """The shop's own fields as a row of the history has them from before a change, by attribute of the shipment."""
    named = {name: _of_history(name, value) for name, value in before.items() if name in _OWN_FIELDS}
    was = shipment_of(row_of(shipment) | named)
    return {"address": was.address, **{name: getattr(was, name) for name in named if name not in ADDRESS}}


def _of_history(name: str, value: Any) -> Any:
    """A value that the history keeps as JSON, in the type of its column."""
    kind = SHIPMENT.field(name).type
    if value is None or not isinstance(value, str):
        return value
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat(value)
    if pa.types.is_date(kind):
        return date.fromisoformat(value)
    return Decimal(value) if pa.types.is_decimal(kind) else value


def shipment_of(
    row: Mapping[str, Any],
    items: Iterable[Mapping[str, Any]] = (),
    invoices: Iterable[Mapping[str, Any]] = (),
    checkpoints: Iterable[Checkpoint] = (),
) -> Shipment:
    """The shipment of a stored row and its facts."""
    same = {name: row[name] for name in _SAME if name not in ("kind", "destination")}
    return Shipment(
        shipment_id=row["shipment_id"],
        shipment_no=row["shipment_no"],
        address=Address(**{name: row[name] for name in ADDRESS}),
        kind=Kind(row["kind"]),
        destination=Destination(row["destination"]),
        state=_state_of(row),
        handling=Handling(row["assigned_to"] or "", *(row[name] for name in HANDLING[1:])),
        items=tuple(Item(i["product_id"], i["name"], i["quantity"]) for i in items),
        invoices=tuple(_invoice_of(i) for i in invoices),
        checkpoints=tuple(checkpoints),
        **same,
    )


def _state_of(row: Mapping[str, Any]) -> State:
    return changed(
        _UNKNOWN.state,
        **{name: row[name] for name in _OF_STATE},
        status=Status(row["status"]),
        since=row["status_since"],
        word=StatusDetail(row["word"]) if row["word"] else None,
        stage=Stage(row["stage"]) if row["stage"] else None,
        doubt=answer_doubts.stored(row["doubt"]) if row["doubt"] else None,
    )


def _invoice_of(row: Mapping[str, Any]) -> InvoiceEvent:
    deleted = row["action"] == InvoiceAction.DELETED
    return InvoiceEvent(row["invoice_id"], row["carrier"], row["invoice_no"], row["changed_at"], deleted, row["canonical_no"])


def checkpoint_of(row: Mapping[str, Any]) -> Checkpoint:
    """The checkpoint of a stored row."""
    said = {name: row[name] for name in ("invoice_id", *TELLING, "source")}
    return changed(_UNTOLD, **said | {name: said[name] and members[said[name]] for name, members in _MEMBERS.items()})


_SAME = (
    "order_no", "kind", "destination", "ordered_at", "released_at", "promised_on", "ship_by", "warehouse", "policy",
    "option", "weight_g", "freight", "currency", "request", "closed_at", "forgotten_at", "origin_no", "successor_no", "split_no",
    "joined_no", "regrouped_at", "version", "updated_at",
)  # fmt: skip
_INVOICED = ("invoice_id", "carrier", "invoice_no", "canonical_no", "invoiced_at")
_OWN_FIELDS = frozenset({*ADDRESS, *(name for name in _SAME if name in OWN)})
_OF_STATE = (
    "reason", "exception", "picked_up_at", "first_attempt_at", "last_scan_at", "delivered_at", "failed_attempts", "first_failed_at",
    "first_exception_at", "lost_at", "returning_at", "returned_at",
)  # fmt: skip
_UNTOLD = Checkpoint(EPOCH, None)
_UNKNOWN = Shipment(0, "", "", _UNTOLD.happened_at, Address(), State(Status.PREPARING_TO_RELEASE, _UNTOLD.happened_at))
_MEMBERS: dict[str, dict[str, StrEnum]] = {
    name: {one.value: one for one in of}
    for name, of in {"stage": Stage, "source": ChangeSource, "zone_from": ZoneFrom, "hint": Hint}.items()
}


def _of_invoice(name: str) -> Callable[[Shipment], Any]:
    return lambda shipment: getattr(shipment.invoice, name, None)


_VALUE_OF: dict[str, Callable[[Shipment], Any]] = {
    **{name: attrgetter(name) for name in ("shipment_id", "shipment_no", *_SAME)},
    **{name: attrgetter(f"address.{name}") for name in ADDRESS},
    "recipient_key": lambda shipment: recipient_key(shipment.address.recipient, shipment.address.phone),
    "product": lambda shipment: shipment.items[0].name if shipment.items else "",
    "items": lambda shipment: len(shipment.items),
    **{name: attrgetter(f"state.{name}") for name in ("status", "word", "stage", *_OF_STATE, "doubt")},
    "status_since": attrgetter("state.since"),
    **{name: _of_invoice(name) for name in ("invoice_id", "carrier", "invoice_no", "canonical_no")},
    "invoiced_at": _of_invoice("changed_at"),
    **{name: attrgetter(f"handling.{name}") for name in HANDLING},
}
"""What stands of a shipment in each column of its row."""
_JOURNEY_SAME = ("shipment_id", "ordered_at", "released_at", "version")
_JOURNEY = (*_JOURNEY_SAME, "status", "word", "stage", "status_since", "doubt", *_OF_STATE)
_JOURNEY_MOMENTS = tuple(name for name in _JOURNEY if pa.types.is_timestamp(SHIPMENT.field(name).type))
_OWN_SAVED = tuple(column for column in OWN if column != "source_hash")

_CORRECTED = " AND ".join(
    (
        "checkpoint.shipment_id = correction.shipment_id",
        "checkpoint.invoice_id IS NOT DISTINCT FROM correction.invoice_id",
        *(f"checkpoint.{name} IS NOT DISTINCT FROM correction.old_{name}" for name in TELLING),
    )
)

# Ids first: asked for a text in one query with the rows, the whole table would be searched for it.
_IDS = """
SELECT shipment_id FROM search_key WHERE kind = $kind AND value IN (SELECT unnest($values::VARCHAR[]))
"""
_BY_ID = "SELECT * FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))"
_NUMBERS = "SELECT shipment_no FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))"
_LANES = "SELECT shipment_no, policy, destination, country FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))"
_SIBLINGS = """
SELECT shipment_id, shipment_no, order_no, status, word, kind, ordered_at, product, items, closed_at, split_no, joined_no FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY ordered_at, shipment_id
"""
_OPEN_WITH = """
SELECT shipment_no, version, status FROM shipment
WHERE carrier = $carrier AND status IN ('preparing_to_ship', 'released', 'in_delivery', 'shipping_failed') AND closed_at IS NULL
ORDER BY status_since, shipment_id
"""
_ASSIGNED = "SELECT DISTINCT assigned_to FROM shipment WHERE assigned_to <> ''"
_LIVE = """
SELECT shipment_id, shipment_no, carrier, canonical_no FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND status <> 'delivered' AND closed_at IS NULL
ORDER BY shipment_id
"""
_ITEMS = "SELECT * FROM item WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, line"
_INVOICES = "SELECT * FROM invoice WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, event_id"
_NUMBERS_OF = f"""
SELECT shipment_id, invoice_id, action, carrier, invoice_no, canonical_no, {in_utc(["changed_at"])} FROM invoice
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, event_id
"""
_CHECKPOINTS = f"""
SELECT shipment_id, invoice_id, {", ".join(TELLING)}, source FROM checkpoint
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, checkpoint.happened_at
"""
_CHECKPOINTS_IN_UTC = _CHECKPOINTS.replace("happened_at", in_utc(["happened_at"]), 1)
_JOURNEYS = f"""
SELECT {", ".join(name for name in _JOURNEY if name not in _JOURNEY_MOMENTS)}, {in_utc(_JOURNEY_MOMENTS)} FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id
"""
_SHARED = """
SELECT DISTINCT s.shipment_id, s.shipment_no FROM search_key k JOIN shipment s USING (shipment_id)
WHERE k.kind = 'shipment_no' AND k.value IN (
    SELECT value FROM search_key WHERE kind = 'shipment_no' {among} GROUP BY value HAVING count(DISTINCT shipment_id) > 1)
ORDER BY s.shipment_id
"""
_NAMED = """
SELECT shipment_id, shipment_no, carrier, source_hash IS NOT NULL AS imported FROM shipment WHERE shipment_id IN (
    SELECT shipment_id FROM search_key WHERE kind = 'shipment_no' AND value IN (SELECT unnest($forms::VARCHAR[])))
"""
_BORNE = f"""
SELECT shipment_id, carrier, canonical_no AS invoice_no, max(changed_at) AS registered_at FROM invoice
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND action = '{InvoiceAction.REGISTERED}'
  AND canonical_no IN (SELECT unnest($numbers::VARCHAR[]))
GROUP BY shipment_id, carrier, canonical_no ORDER BY canonical_no, shipment_id, registered_at DESC, carrier
"""
_BEARERS = """
SELECT shipment_id, warehouse, country, city FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND source_hash IS NULL
"""
