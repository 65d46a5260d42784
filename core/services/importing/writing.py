"""What the shipments of a file mean for the desk, looked at or written in one transaction, some at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.shipment import Item
from core.files.read import Source
from core.files.spool import Spool
from core.services.importing.adding import additions
from core.services.importing.deciding import AT_ONCE, Decision, ImportDesk, Review, Revision, standing
from core.services.importing.drafting import Drafted, Progress
from core.services.importing.plain import Ints
from core.services.importing.reasons import Phase
from core.services.importing.shaping import Shaped
from core.services.shipments import changes as changing
from core.services.shipments.changes import Request
from core.store import history, imports, shipments, sources
from core.store.database import Connection

_SORT_KEYS_FROM = 1000
_NEW_AT_ONCE = 130_000
"""New shipments that are laid out in memory together: more than the engine keeps in one piece, which it then writes to disk at once."""
_DECIDED, _WRITTEN = 0.3, 0.9
_FIRST_STATE = ["shipment_id", "order_no", "status", "carrier", "invoice_no"]


@dataclass(frozen=True)
class Writing:
    """Who asks for an import, of which file, and where the values of new shipments lie."""

    request: Request
    source: Source
    spool: Spool


class Import:
    """The import by one connection; `tell` hears how far it is, and an error that it raises ends it."""

    def __init__(self, connection: Connection, drafted: Drafted, desk: ImportDesk, tell: Progress) -> None:
        self._connection, self._drafted, self._desk, self._heard = connection, drafted, desk, tell
        self._standing = standing(connection, drafted)
        self._review = Review(connection, drafted.mapped, desk, self._standing)
        self._batch: history.Batch | None = None
        self._changed = self._repeats = 0

    def _tell(self, share: float) -> None:
        self._heard(share, str(Phase.WRITING()))

    def look(self) -> Decision:
        """What would be written."""
        new = self._free()
        for _ in self._revised():
            pass
        return self._decision(len(new))

    def write(self, writing: Writing) -> Decision:
        """What is written; nothing for a request that was answered before."""
        decision = self._write(writing)
        if writing.source.origin:
            sources.remember(self._connection, writing.source.origin)
        self._tell(1)
        return decision

    def _write(self, writing: Writing) -> Decision:
        if history.batch_of(self._connection, writing.request.request_key) is not None:
            return replace(self.look(), new=0, changed=0)
        new = self._free()
        for revisions in self._revised():
            self._write_revised(revisions, writing)
        written, first_id = 0, 0
        for shaped in self._shaped(new, writing.spool):
            first = self._write_new(shaped, writing)
            first_id = first_id or first
            written += len(shaped.shipments)
            self._tell(_DECIDED + (_WRITTEN - _DECIDED) * written / len(new))
        if len(new):
            shipments.refuse_twins_from(self._connection, first_id)
        if len(new) >= _SORT_KEYS_FROM:
            shipments.sort_keys(self._connection)
        return self._decision(len(new))

    def _decision(self, new: int) -> Decision:
        unchanged = self._standing.unchanged + self._repeats
        return Decision(new, self._changed, unchanged, tuple(self._review.refused), tuple(self._review.warnings))

    def _free(self) -> Ints:
        """The new shipments without those whose number another one has."""
        index, new = self._drafted.index, self._standing.new
        held = index.filter(pc.is_in(index["canonical_no"], pa.array(self._standing.held.holders, pa.string())))
        doubtful = np.intersect1d(held["group"].to_numpy(), new)
        taken: list[int] = []
        for start in range(0, len(doubtful), AT_ONCE):
            made = self._drafted.drafts(doubtful[start : start + AT_ONCE])
            taken += [group for group, draft in made if not self._review.number_free(draft)]
        return new[~np.isin(new, taken)]

    def _revised(self) -> Iterator[list[Revision]]:
        """What changes in the known shipments whose rows differ, some at a time."""
        groups = np.sort(np.array(list(self._standing.revised), np.int64))
        for start in range(0, len(groups), AT_ONCE):
            self._tell(_DECIDED * start / len(groups))
            self._review.revise(self._drafted.drafts(groups[start : start + AT_ONCE]))
            self._changed += len(self._review.changed)
            self._repeats += len(self._review.repeats)
            yield self._review.changed

    def _write_revised(self, revisions: Sequence[Revision], writing: Writing) -> None:
        if self._review.repeats:
            imports.remember(self._connection, self._review.repeats)
        if not revisions:
            return
        request, batch = writing.request, self._opened(writing)
        steps = [revision.step for revision in revisions]
        changing.write(self._connection, steps, batch_id=batch.batch_id, request=Request(request.by, request.at))
        ids = {revision.step.before.shipment_id: revision for revision in revisions}
        imports.remember(self._connection, {n: r.digest for n, r in ids.items() if not r.step.before.forgotten_at})
        items: dict[int, Sequence[Item]] = {n: revision.items for n, revision in ids.items() if revision.items is not None}
        if items:
            imports.replace_items(self._connection, items)
        orders = {n: r.step.changes["order_no"] for n, r in ids.items() if r.step.changes and "order_no" in r.step.changes}
        imports.add_order_keys(self._connection, orders)

    def _shaped(self, new: Ints, spool: Spool) -> Iterator[Shaped]:
        """The new shipments with their values, some at a time, in the order of their times."""
        missing = np.zeros(self._drafted.groups.all, np.bool_)
        missing[new] = True
        kept: list[Shaped] = []
        for tables in spool:
            found = Shaped(*(table.filter(pa.array(missing[table["group"].to_numpy()])) for table in tables))
            kept.append(found)
            missing[found.shipments["group"].to_numpy()] = False
            if sum(len(one.shipments) for one in kept) >= _NEW_AT_ONCE:
                yield _together(kept)
                kept = []
        # What was known when the file was read, and is not any more.
        rest = np.flatnonzero(missing)
        kept += [self._drafted.shaped(rest[at : at + AT_ONCE]) for at in range(0, len(rest), AT_ONCE)]
        if any(len(one.shipments) for one in kept):
            yield _together(kept)

    def _write_new(self, shaped: Shaped, writing: Writing) -> int:
        """Appends new shipments in the order of their times; the first of their ids."""
        batch, connection, count = self._opened(writing), self._connection, shaped.shipments.num_rows
        first_id = shipments.next_shipment_id(connection, count)
        invoiced = count - shaped.shipments["invoice_no"].null_count
        first_invoice_id = shipments.next_invoice_id(connection, invoiced)
        new = additions(shaped, self._desk, first_id=first_id, first_invoice_id=first_invoice_id)
        imports.add(connection, new, batch.batch_id)
        history.append_new(connection, new.shipments.select(_FIRST_STATE).append_column("reason", new.reasons), batch)
        return first_id

    def _opened(self, writing: Writing) -> history.Batch:
        """The batch of the import, which begins with the first thing that is written."""
        if self._batch is None:
            by, at, key = writing.request.by, self._desk.at, writing.request.request_key
            number = history.open_batch(
                self._connection, by=by.name, at=at, source=by.source, note=writing.source.name, request_key=key
            )
            self._batch = history.Batch(number, by.name, at, by.source)
        return self._batch


def _together(parts: Sequence[Shaped]) -> Shaped:
    return Shaped(pa.concat_tables([part.shipments for part in parts]), pa.concat_tables([part.items for part in parts]))
