"""The rows of a Parquet file as text: what its footer says is judged first, then it is read in small pieces."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from core.domain.errors import Refused
from core.files.laying import Layout
from core.files.limits import IMPORT, LONGEST_CELL, MOST_CELLS
from core.files.progress import Honest, Tell
from core.files.reasons import CellTrouble, FileReason
from core.files.refusals import ReadFault, Unreadable

_PIECE = 1_024
_LONGEST_FOOTER = 16 << 20
_MOST_GROUPS = 20_000
_TOLD_EVERY = 20
MAGIC, _LOCKED = b"PAR1", b"PARE"
"""What a Parquet file begins and ends with; it ends otherwise when it is locked."""


def lay_out_parquet(file: BinaryIO, answer: BinaryIO, tell: Tell, honest: Honest) -> dict[str, Any]:
    """What is to be known of the rows after they are written; they count from 1. Rows without a readable value are left out.

    Raises Unreadable for more rows, columns, characters or parts than are read, Refused for a damaged file.
    """
    try:
        return _laid_out(file, answer, tell, honest)
    except pa.ArrowMemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise Refused(FileReason.PARQUET()) from error


def _laid_out(file: BinaryIO, answer: BinaryIO, tell: Tell, honest: Honest) -> dict[str, Any]:
    _judge_footer(file)
    parquet = pyarrow.parquet.ParquetFile(
        file,
        buffer_size=1 << 16,
        pre_buffer=False,
        thrift_string_size_limit=_LONGEST_FOOTER,
        thrift_container_size_limit=1_000_000,
    )
    _judge(parquet.metadata)
    honest()
    fields = list(parquet.schema_arrow)
    if not fields:
        raise Unreadable(ReadFault.EMPTY)
    unreadable = {at: str(CellTrouble.TYPE(kind=str(one.type)[:60])) for at, one in enumerate(fields) if _is_nested(one.type)}
    layout = Layout(answer, [one.name for one in fields], "Parquet", unreadable)
    before = 0
    for turn, batch in enumerate(_batches(parquet, fields)):
        _add(layout, batch, unreadable, before)
        before += batch.num_rows
        if before > IMPORT.rows:
            raise Unreadable(ReadFault.TOO_MANY_ROWS)
        if not turn % _TOLD_EVERY:
            tell(before / max(parquet.metadata.num_rows, 1), before)
    return layout.end()


def _judge_footer(file: BinaryIO) -> None:
    size = file.seek(0, 2)
    file.seek(max(size - 8, 0))
    end = file.read(8)
    if size < 12 or end[4:] not in (MAGIC, _LOCKED):
        raise Refused(FileReason.PARQUET())
    file.seek(0)
    if end[4:] == _LOCKED:
        raise Unreadable(ReadFault.LOCKED)
    if int.from_bytes(end[:4], "little") > _LONGEST_FOOTER:
        raise Unreadable(ReadFault.LONG_DIRECTORY)


def _judge(said: pyarrow.parquet.FileMetaData) -> None:
    if said.num_columns > IMPORT.columns:
        raise Unreadable(ReadFault.TOO_MANY_COLUMNS, row="1")
    if said.num_row_groups > _MOST_GROUPS:
        raise Unreadable(ReadFault.LONG_DIRECTORY)
    if said.num_rows > IMPORT.rows:
        raise Unreadable(ReadFault.TOO_MANY_ROWS)
    if said.num_rows * said.num_columns > MOST_CELLS:
        raise Unreadable(ReadFault.TOO_MANY_CELLS)


def _is_nested(kind: pa.DataType) -> bool:
    return kind.num_fields > 0 or isinstance(kind, pa.ExtensionType)


def _leaves(kind: pa.DataType) -> int:
    """How many columns of the file a column of this type is made of."""
    if isinstance(kind, pa.ExtensionType):
        return _leaves(kind.storage_type)
    return sum(_leaves(kind.field(at).type) for at in range(kind.num_fields)) or 1


def _batches(parquet: pyarrow.parquet.ParquetFile, fields: Sequence[pa.Field]) -> Iterator[pa.RecordBatch]:
    """The rows in small pieces, of the columns that can be read. They are chosen by their places: names may be doubled."""
    wanted, place = [], 0
    for one in fields:
        if not _is_nested(one.type):
            wanted.append(place)
        place += _leaves(one.type)
    for group in range(parquet.metadata.num_row_groups):
        yield from parquet.reader.iter_batches(_PIECE, row_groups=[group], column_indices=wanted, use_threads=False)


def _add(layout: Layout, batch: pa.RecordBatch, unreadable: Mapping[int, str], before: int) -> None:
    given = iter(batch.columns)
    blank = pa.nulls(batch.num_rows, pa.string()).fill_null("")
    texts, faults = [], dict[int, str]()
    for place in range(len(layout.headers)):
        column, fault = (blank, "") if place in unreadable else _texts(next(given))
        texts.append(column)
        if fault:
            faults[place] = fault
        _refuse_long(column, layout.headers[place], before)
    numbers = pa.array(range(before + 1, before + 1 + batch.num_rows), pa.int32())
    filled = reduce(pc.or_, (pc.not_equal(column, "") for column in texts))
    numbers, texts = numbers.filter(filled), [column.filter(filled) for column in texts]
    for place, fault in faults.items():
        for at, number in enumerate(numbers.to_pylist()):
            if texts[place][at].as_py():
                layout.fault(place, layout.count + at, fault, number)
    layout.add(numbers, texts)


def _refuse_long(texts: pa.Array, header: str, before: int) -> None:
    lengths = pc.utf8_length(texts)
    if (pc.max(lengths).as_py() or 0) > LONGEST_CELL:
        row = before + pc.index(pc.greater(lengths, LONGEST_CELL), True).as_py() + 1
        raise Unreadable(ReadFault.CELL_TOO_LONG, row=f"{row:,}", column=header[:60], most=LONGEST_CELL)


def _texts(column: pa.Array) -> tuple[pa.Array, str]:
    """The values of a typed column as text, and why none of them can be used."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _texts(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        column = _written_moments(column)
    elif pa.types.is_floating(kind):
        column = pa.array([_written_number(value) for value in column.to_pylist()], pa.string())
    elif pa.types.is_decimal(kind):
        column = pa.array([None if value is None else f"{value:f}" for value in column.to_pylist()], pa.string())
    try:
        return pc.fill_null(column.cast(pa.string()), ""), ""
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pc.if_else(pc.is_valid(column), "?", ""), str(CellTrouble.TYPE(kind=kind))


def _written_moments(column: pa.Array) -> pa.Array:
    """The moments as the clocks of the column's zone show them, so that the day stays; in UTC where the zone is not known."""
    zone = column.type.tz
    form = "%Y-%m-%d %H:%M:%S%z" if zone else "%Y-%m-%d %H:%M:%S"
    try:
        return pc.strftime(column.cast(pa.timestamp("us", zone), safe=False), format=form)
    except pa.ArrowInvalid:
        return pc.strftime(column.cast(pa.timestamp("us", "UTC"), safe=False), format=form)


def _written_number(value: float | None) -> str | None:
    if value is None or value != value:
        return None
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
