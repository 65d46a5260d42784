"""Tables as files, in one of the formats that are offered; whatever stands in them, a spreadsheet runs nothing."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from core.domain.language import tr
from core.files.defusing import DANGEROUS, defused


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True)
class FileType:
    """What a format is called where it is offered, and the ending and MIME type of its files."""

    label: str
    ending: str
    mime: str


TYPES: Final[Mapping[Format, FileType]] = {
    Format.XLSX: FileType("Excel (.xlsx)", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Format.CSV: FileType("CSV", "csv", "text/csv"),
    Format.PARQUET: FileType("Parquet", "parquet", "application/vnd.apache.parquet"),
}
EXPLAINED_TYPES: Final[Mapping[Format, FileType]] = {**TYPES, Format.CSV: FileType("CSV (.zip)", "zip", "application/zip")}
"""Where a second table explains the first: two sheets of a workbook, two CSV files in a zip, or the metadata of Parquet."""


def csv_file(table: pa.Table) -> bytes:
    """The table as CSV that Excel opens as UTF-8. A text or a head that a spreadsheet would run gets an apostrophe before it."""
    for place, field in enumerate(table.schema):
        table = table.set_column(place, defused(field.name), _harmless(table.column(place)))
    buffer = io.BytesIO("\ufeff".encode())
    buffer.seek(0, io.SEEK_END)
    pyarrow.csv.write_csv(table, buffer, pyarrow.csv.WriteOptions(quoting_style="all_valid"))
    return buffer.getvalue()


def parquet_file(table: pa.Table, metadata: Mapping[str, str] | None = None) -> bytes:
    """The table as Parquet, its texts as they are."""
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table.replace_schema_metadata(metadata), buffer, compression="zstd")
    return buffer.getvalue()


def zip_file(files: Mapping[str, bytes]) -> bytes:
    """Files by their names in one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def explanation(lines: Sequence[tuple[str, str]]) -> pa.Table:
    """Labels with their texts as a table."""
    return pa.table({tr("What"): [label for label, _ in lines], tr("Text"): [text for _, text in lines]})


def in_zone(table: pa.Table, zone: ZoneInfo) -> pa.Table:
    """The table with its moments in this zone; those without a zone are in UTC."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            moments = table.column(place).cast(pa.timestamp("us", tz=field.type.tz or "UTC"))
            table = table.set_column(place, field.name, moments.cast(pa.timestamp("us", tz=zone.key)))
    return table


def filled(table: pa.Table) -> pa.Table:
    """The table without the columns in which no row has anything; all of them where there is no row."""
    kept = [field.name for field in table.schema if not table.num_rows or _has_something(table[field.name])]
    return table.select(kept)


def in_words(table: pa.Table, name: str, words: Mapping[Any, str]) -> pa.Table:
    """The table with the values of this column in words, a value without any as it is."""
    encoded = table[name].combine_chunks().dictionary_encode()
    named = pa.array([words.get(value, value) for value in encoded.dictionary.to_pylist()], pa.string())
    column = pa.chunked_array([pa.DictionaryArray.from_arrays(encoded.indices, named).cast(pa.string())])
    return table.set_column(table.column_names.index(name), name, column)


def headed(table: pa.Table) -> pa.Table:
    """The table with the zone of its moments in their heads: `Delivered (Asia/Seoul)`."""
    zones = [getattr(field.type, "tz", None) for field in table.schema]
    return table.rename_columns(
        [f"{name} ({zone})" if zone else name for name, zone in zip(table.column_names, zones, strict=True)]
    )


def as_text(table: pa.Table, moments: str = "%Y-%m-%d %H:%M") -> pa.Table:
    """The table as CSV can hold it: moments as text in the zone they have."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(place, field.name, pc.strftime(_to_the_second(table.column(place)), moments))
    return table


def as_cells(table: pa.Table) -> pa.Table:
    """The table as a sheet can hold it: moments as its zone's clock showed them."""
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_timestamp(field.type):
            whole = _to_the_second(column)
            table = table.set_column(place, field.name, pc.local_timestamp(whole) if field.type.tz else whole)
    return table


def _has_something(column: pa.ChunkedArray) -> bool:
    if pa.types.is_string(column.type):
        return bool(pc.any(pc.greater(pc.binary_length(column), 0)).as_py())
    return bool(column.null_count < len(column))


def _to_the_second(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    return moments.cast(pa.timestamp("s", tz=moments.type.tz), safe=False)


def _harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return column
    texts = column.cast(pa.string())
    dangerous = pc.fill_null(pc.match_substring_regex(texts, DANGEROUS), False)
    return pc.if_else(dangerous, pc.binary_join_element_wise("'", texts, ""), texts)
