"""Arrow columns from positions, moments and texts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.demo.journeys import NEVER
from core.demo.seeded_random import Flags, Ints, Texts
from core.store.database import MOMENT

NONE = -1


def table(schema: pa.Schema, **columns: pa.Array) -> pa.Table:
    return pa.table({name: columns[name] for name in schema.names})


def dictionary(texts: Sequence[str] | pa.Array, positions: npt.NDArray[Any]) -> pa.Array:
    """The texts at these positions, null at NONE, each text stored once."""
    places = positions.astype(np.int32)
    known = texts if isinstance(texts, pa.Array) else pa.array([str(text) for text in texts])
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=places == NONE), known)


def taken(texts: Sequence[str], positions: npt.NDArray[Any]) -> pa.Array:
    return pa.array([str(text) for text in texts], pa.string()).take(pa.array(positions.astype(np.int64)))


def same(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(str(text)), size)


def join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def padded(values: Ints, width: int) -> pa.Array:
    return pc.ascii_lpad(pa.array(values).cast(pa.string()), width, "0")


def texts(texts: Texts, valid: Flags | None = None) -> pa.Array:
    found = pa.array(texts.astype(object), pa.binary()).cast(pa.string())
    return found if valid is None else pc.if_else(pa.array(valid), found, pa.scalar(None, pa.string()))


def moments(seconds: Ints, valid: Flags | None = None) -> pa.Array:
    known = seconds < NEVER if valid is None else valid & (seconds < NEVER)
    return pa.array(np.where(known, seconds, 0) * 1_000_000, mask=~known).cast(MOMENT)


def dates(days: Ints) -> pa.Array:
    return pa.array(days.astype(np.int32), mask=days == NONE).cast(pa.date32())


def placed(size: int, rows: Ints, values: pa.Array) -> pa.Array:
    """The values at their rows, null elsewhere."""
    places = np.full(size, NONE)
    places[rows] = np.arange(len(rows))
    return values.take(pa.array(places, mask=places == NONE))
