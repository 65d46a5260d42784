"""The rows of a file by their shipments, cut into pieces of whole shipments, so that no file is ever held whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.shop_numbers import number_key
from core.files.source import Places
from core.services.importing.plain import NEVER, Ints
from core.services.importing.rows import read_column
from core.services.importing.words import Column, ColumnReader
from core.store.forms import PLAIN_NUMBER

AT_ONCE = 20_000
"""Rows that are held at a time, but for a shipment that has more lines."""


@dataclass(frozen=True)
class Groups:
    """Which shipment each row belongs to, numbered as they appear: `of_rows`. There are `count` with a Shipment No.; behind them
    every row without one is for itself.

    `pieces` are the rows that are looked at together, those ordered first in the first one.
    """

    of_rows: Ints
    count: int
    pieces: Sequence[Places]

    @property
    def all(self) -> int:
        """How many there are, with the rows that are for themselves."""
        return int(self.of_rows.max(initial=-1)) + 1

    def rows_of(self, groups: Ints) -> Places:
        """The rows of these shipments."""
        wanted = np.zeros(self.all, np.bool_)
        wanted[groups] = True
        return np.flatnonzero(wanted[self.of_rows])


def grouped(reader: ColumnReader, tell: Callable[[float], None]) -> Groups:
    """The rows of the file by shipment: any spelling of a Shipment No. is the same number."""
    keys, times, count = [], [], len(reader.source)
    for start in range(0, count, AT_ONCE):
        rows = np.arange(start, min(start + AT_ONCE, count))
        keys.append(_keys(reader, rows))
        times.append(_times(reader.read("ordered_at", rows)))
        reader.source.let_go()
        tell(rows[-1] / count)
    encoded = pa.concat_arrays(keys).dictionary_encode()
    of_rows = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
    alone = np.flatnonzero(of_rows < 0)
    of_rows[alone] = len(encoded.dictionary) + np.arange(len(alone))
    return Groups(of_rows, len(encoded.dictionary), _cut(of_rows, np.concatenate(times)))


def _keys(reader: ColumnReader, rows: Places) -> pa.Array:
    """The Shipment Nos. in the form in which they are compared, null where there is none."""
    column = reader.read("shipment_no", rows)
    keys = _compared(column.values).take(pa.array(column.places))
    odd = np.arange(len(rows)) if "shipment_no" in reader.mapping.assumed else np.flatnonzero(column.wrong)
    if not len(odd):
        return keys
    part = reader.part(rows[odd])
    values = read_column(part, reader.mapping, reader.cells, reader.decimals, "shipment_no").values
    mask = np.zeros(len(rows), np.bool_)
    mask[odd] = True
    return pc.replace_with_mask(keys, mask, pa.array([value and number_key(value) for value in values], pa.string()))


def _compared(numbers: pa.Array) -> pa.Array:
    plain = pc.match_substring_regex(numbers, PLAIN_NUMBER)
    if pc.all(plain).as_py() is not False:
        return pc.ascii_upper(pc.replace_substring(numbers, " ", ""))
    return pa.array([number and number_key(number) for number in numbers.to_pylist()], pa.string())


def _times(ordered_at: Column) -> Ints:
    found: Ints = ordered_at.values.fill_null(int(NEVER)).to_numpy()[ordered_at.places]
    return found


def _cut(of_rows: Ints, times: Ints) -> list[Places]:
    """The rows in pieces of whole shipments, by the times of their first rows."""
    _, firsts, counts = np.unique(of_rows, return_index=True, return_counts=True)
    in_turn = np.argsort(times[firsts], kind="stable")
    before = np.cumsum(counts[in_turn]) - counts[in_turn]
    piece_of = np.empty(len(firsts), np.int64)
    piece_of[in_turn] = before // AT_ONCE
    of_piece = piece_of[of_rows]
    rows = np.argsort(of_piece, kind="stable")
    return [piece for piece in np.split(rows, np.cumsum(np.bincount(of_piece))[:-1]) if len(piece)]
