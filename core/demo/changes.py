"""Who changed what: the history of the demo shop and the batches it was written in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.demo import catalog, columns, folding, packing
from core.demo.folding import News
from core.demo.journeys import NEVER
from core.demo.packing import DELETED, REFUSED
from core.demo.seeded_random import Ints, SeededRandom, Texts
from core.demo.working import BY_HAND, NONE, SECOND, Shop, Work
from core.domain.batch_notes import DeskNote
from core.domain.history import ChangeSource, HistoryAction
from core.store.history import BATCH

# Batches of one day, apart by who makes them: the shop, the carriers, and per warehouse the ways to register.
BY_CARRIER = 1
BATCHES_A_DAY = 16

_CREATED, _BY_STAFF = 0, 2
_WAYS = 4
_SOURCES = (ChangeSource.FORM, ChangeSource.SCAN, ChangeSource.UPLOAD, ChangeSource.UPLOAD)
_NOTES = (DeskNote.FORM, DeskNote.SCANNED, DeskNote.MORNING, DeskNote.EVENING)
_MAKER, _CARRIERS = "Demo shop", "Carriers"


@dataclass(frozen=True)
class Codes:
    """What the history rows were made of: shipment, batch and moment of each."""

    row: Ints
    batch: Ints
    at: Ints


@dataclass(frozen=True)
class _Change:
    """History rows of one kind: for `row` at `at`, made in the batch of `way` on that day."""

    action: HistoryAction
    row: Ints
    at: Ints
    way: Ints
    before: pa.Array
    after: pa.Array
    reason: pa.Array


def history(
    shop: Shop, work: Work, closed_at: Ints, successor_no: pa.Array, origin_no: pa.Array | None
) -> tuple[pa.Table, Codes]:
    changes = [
        _created(work, origin_no),
        _first_registered(shop, work),
        _number_refused(work),
        _modified(work),
        _deleted(shop, work),
        _registered_again(shop, work),
        *_last_changes(work),
        *_closings(work, closed_at, successor_no),
    ]
    row, at, way = (np.concatenate([getattr(c, name) for c in changes]) for name in ("row", "at", "way"))
    action = np.repeat(np.arange(len(changes)), [len(c.row) for c in changes])
    order = np.argsort(at, kind="stable")
    row, at, way, action = row[order], at[order], way[order], action[order]
    codes = Codes(row, batch_codes(shop, at, way), at)
    makers, of_row = _makers(codes.batch)
    texts = {name: pa.concat_arrays([getattr(c, name) for c in changes]) for name in ("before", "after", "reason")}
    return pa.table(
        {
            "history_id": pa.array(np.arange(len(row))),
            "shipment_id": pa.array(row),
            "changed_at": columns.moments(at),
            "changed_by": columns.dictionary([by for by, _, _ in makers], of_row),
            "source": columns.dictionary([source for _, source, _ in makers], of_row),
            "action": columns.dictionary([change.action for change in changes], action),
            **{name: column.take(pa.array(order)) for name, column in texts.items()},
        }
    ), codes


def batches(shop: Shop, codes: Ints, at: Ints, others: Ints) -> tuple[pa.Table, Ints]:
    """The batches of all rows, and the position of each code among them."""
    kinds = np.union1d(codes, others)
    batch_of = np.zeros(len(shop.time.days) * BATCHES_A_DAY, dtype=np.int64)
    batch_of[kinds] = np.arange(len(kinds))
    made_at = np.minimum(shop.time.starts[kinds // BATCHES_A_DAY + 1] - 1, shop.time.now)
    np.minimum.at(made_at, batch_of[codes], at)
    makers = [_maker(int(kind)) for kind in kinds]
    return columns.table(
        BATCH,
        batch_id=pa.array(np.arange(len(kinds))),
        request_key=pa.nulls(len(kinds), pa.string()),
        made_at=columns.moments(made_at),
        made_by=pa.array([by for by, _, _ in makers]),
        source=pa.array([source for _, source, _ in makers]),
        note=pa.array([note for _, _, note in makers]),
        undoes=pa.nulls(len(kinds), pa.int64()),
    ), batch_of


def staff_way(warehouse: Ints, way: Ints | int) -> Ints:
    return _BY_STAFF + warehouse * _WAYS + way


def batch_codes(shop: Shop, at: Ints, way: Ints) -> Ints:
    return shop.time.day_of(at) * BATCHES_A_DAY + way


_BeforeAfter = tuple[pa.Array, pa.Array]


def _change(
    action: HistoryAction, row: Ints, at: Ints, way: Ints | int, fields: _BeforeAfter, reason: pa.Array | None = None
) -> _Change:
    ways = np.full(len(row), way) if isinstance(way, int) else way
    return _Change(action, row, at, ways, *fields, columns.same("", len(row)) if reason is None else reason)


def _created(work: Work, origin_no: pa.Array | None) -> _Change:
    rows = np.arange(len(work.rows))
    at = np.where(work.rows.reshipped_at == NONE, work.rows.ordered_at, work.rows.reshipped_at)
    nothing = columns.same("{}", len(rows))
    after = nothing if origin_no is None else columns.join('{"origin_no":"', origin_no, '"}')
    way: Ints | int = _CREATED if origin_no is None else staff_way(work.packed.warehouse, packing.FORM)
    return _change(HistoryAction.CREATED, rows, at, way, (nothing, after))


def _first_registered(shop: Shop, work: Work) -> _Change:
    packed = work.packed
    rows = np.flatnonzero(packed.registered_at <= shop.time.now)
    way = staff_way(packed.warehouse[rows], packed.registered_by[rows])
    fields = _registering(shop, work, rows, work.entries.first)
    return _change(HistoryAction.INVOICE_REGISTERED, rows, packed.registered_at[rows], way, fields)


def _registering(shop: Shop, work: Work, rows: Ints, numbers: Texts) -> _BeforeAfter:
    """What a registration changes, before and after; read the other way round, what a deletion does."""
    before = columns.same('{"carrier":null,"invoice_no":null,"status":"preparing_to_release"}', len(rows))
    carrier = columns.taken(shop.companies.codes, work.packed.carrier[rows])
    after = columns.join(
        '{"carrier":"', carrier, '","invoice_no":"', columns.texts(numbers[rows]), '","status":"preparing_to_ship"}'
    )  # fmt: skip
    return before, after


def _number_refused(work: Work) -> _Change:
    """Refusals of first numbers replaced since; those still in force are the last change of their shipment."""
    rows = np.flatnonzero((work.entries.mode == REFUSED) & (work.force == SECOND))
    before = columns.same('{"status":"preparing_to_ship","word":null}', len(rows))
    after = columns.same('{"status":"preparing_to_release","word":"release_failed"}', len(rows))
    return _change(HistoryAction.STATUS_CHANGED, rows, work.entries.refused_at[rows], BY_CARRIER, (before, after))


def _modified(work: Work) -> _Change:
    entries = work.entries
    rows = np.flatnonzero((work.force == SECOND) & (entries.mode != DELETED))
    refused = entries.mode[rows] == REFUSED
    old, new = columns.texts(entries.first[rows]), columns.texts(entries.second[rows])
    failed, mended = ',"status":"preparing_to_release","word":"release_failed"}', ',"status":"preparing_to_ship","word":null}'
    before = columns.join('{"invoice_no":"', old, '"', columns.taken(("}", failed), refused))
    after = columns.join('{"invoice_no":"', new, '"', columns.taken(("}", mended), refused))
    reasons = (*catalog.MODIFIED_BECAUSE, *catalog.REFUSED_BECAUSE)
    plain = SeededRandom(work.rows.key[rows]).pick("reason", [1] * len(catalog.MODIFIED_BECAUSE))
    reason = np.where(refused, len(catalog.MODIFIED_BECAUSE) + plain % len(catalog.REFUSED_BECAUSE), plain)
    way = staff_way(work.packed.warehouse[rows], packing.FORM)
    return _change(
        HistoryAction.INVOICE_MODIFIED, rows, entries.second_at[rows], way, (before, after), columns.taken(reasons, reason)
    )


def _deleted(shop: Shop, work: Work) -> _Change:
    rows = np.flatnonzero(work.entries.deleted_at <= shop.time.now)
    after, before = _registering(shop, work, rows, work.entries.first)
    reason = SeededRandom(work.rows.key[rows]).pick("reason", [1] * len(catalog.DELETED_BECAUSE))
    way = staff_way(work.packed.warehouse[rows], packing.FORM)
    texts = columns.taken(catalog.DELETED_BECAUSE, reason)
    return _change(HistoryAction.INVOICE_DELETED, rows, work.entries.deleted_at[rows], way, (before, after), texts)


def _registered_again(shop: Shop, work: Work) -> _Change:
    rows = np.flatnonzero((work.force == SECOND) & (work.entries.mode == DELETED))
    fields = _registering(shop, work, rows, work.entries.second)
    way = staff_way(work.packed.warehouse[rows], packing.FORM)
    return _change(HistoryAction.INVOICE_REGISTERED, rows, work.entries.second_at[rows], way, fields)


def _last_changes(work: Work) -> list[_Change]:
    """The last changes of status and word: news of the carrier, or a delivery marked by hand."""
    folded = work.folded
    rows = np.flatnonzero(folded.last.place > 0)
    by_hand = folded.order[rows, folded.last.place[rows] - 1] == BY_HAND
    turned = np.flatnonzero(folded.turn.place > 0)
    marked = rows[by_hand]
    reason = SeededRandom(work.rows.key[marked]).pick("reason by hand", [1] * len(catalog.BY_HAND_BECAUSE))
    way = staff_way(work.packed.warehouse[marked], packing.FORM)
    texts = columns.taken(catalog.BY_HAND_BECAUSE, reason)
    return [
        _news(HistoryAction.STATUS_CHANGED, work, folded.turn, turned, np.full(len(turned), BY_CARRIER)),
        _news(HistoryAction.STATUS_CHANGED, work, folded.last, rows[~by_hand], np.full((~by_hand).sum(), BY_CARRIER)),
        _news(HistoryAction.MARKED_DELIVERED, work, folded.last, marked, way, texts),
    ]


def _news(action: HistoryAction, work: Work, news: News, rows: Ints, way: Ints, reason: pa.Array | None = None) -> _Change:
    pairs = (news.status_before, news.word_before, news.status, news.word)
    size = 16
    code = np.sum([(column[rows] + 1) * size**power for power, column in enumerate(pairs)], axis=0)
    kinds, of_row = np.unique(code, return_inverse=True)
    texts = [_status_text([int(kind) // size**power % size - 1 for power in range(4)]) for kind in kinds]
    before, after = (columns.taken([text[n] for text in texts], of_row) for n in (0, 1))
    return _change(action, rows, work.sorted_times[rows, news.place[rows]], way, (before, after), reason)


def _status_text(kind: Sequence[int]) -> tuple[str, str]:
    status, word, new_status, new_word = kind
    old, new = [], []
    if status != new_status:
        old.append(f'"status":"{folding.STATUSES[status]}"')
        new.append(f'"status":"{folding.STATUSES[new_status]}"')
    if word != new_word:
        old.append(f'"word":{_quoted(word)}')
        new.append(f'"word":{_quoted(new_word)}')
    return "{" + ",".join(old) + "}", "{" + ",".join(new) + "}"


def _quoted(word: int) -> str:
    return "null" if word == NONE else f'"{folding.WORDS[word]}"'


def _closings(work: Work, closed_at: Ints, successor_no: pa.Array) -> list[_Change]:
    closed = np.flatnonzero(closed_at < NEVER)
    again = np.asarray(successor_no.is_valid())[closed]
    changes = []
    for action, rows in ((HistoryAction.CLOSED, closed[~again]), (HistoryAction.RESHIPPED, closed[again])):
        moments = _written_moments(closed_at[rows])
        linked = action is HistoryAction.RESHIPPED
        tail = (
            columns.join(',"successor_no":"', successor_no.take(pa.array(rows)), '"}')
            if linked
            else columns.same("}", len(rows))
        )
        before = '{"closed_at":null,"successor_no":null}' if linked else '{"closed_at":null}'
        reason = SeededRandom(work.rows.key[rows]).pick("reason", [1] * len(catalog.CLOSED_BECAUSE))
        why = columns.same("", len(rows)) if linked else columns.taken(catalog.CLOSED_BECAUSE, reason)
        after = columns.join('{"closed_at":"', moments, '"', tail)
        way = staff_way(work.packed.warehouse[rows], packing.FORM)
        changes.append(_change(action, rows, closed_at[rows], way, (columns.same(before, len(rows)), after), why))
    return changes


def _written_moments(seconds: Ints) -> pa.Array:
    return pc.strftime(pa.array(seconds).cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%d %H:%M:%S+00:00")


def _makers(codes: Ints) -> tuple[list[tuple[str, str, str]], Ints]:
    """Who made the batches of these codes, from where and why; and which maker each row has."""
    kinds, of_row = np.unique(codes, return_inverse=True)
    return [_maker(int(kind)) for kind in kinds], of_row


def _maker(code: int) -> tuple[str, str, str]:
    day, way = divmod(code, BATCHES_A_DAY)
    if way == _CREATED:
        return _MAKER, ChangeSource.DEMO, DeskNote.ORDERS
    if way == BY_CARRIER:
        return _CARRIERS, ChangeSource.CARRIER, DeskNote.TRACKING
    warehouse, kind = divmod(way - _BY_STAFF, _WAYS)
    staff = catalog.WAREHOUSES[warehouse].staff
    return staff[(day + kind) % len(staff)], _SOURCES[kind], _NOTES[kind]
