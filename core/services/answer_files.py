"""The answer to a query as a file, with the query beside it."""

import io
import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from core.files.export import Format, csv_file
from core.files.xlsx.writing import workbook
from core.services.analyst_sql import MOST_ROWS, QueryAnswer

QUERY = "shipdesk.query"


def answer_file(answer: QueryAnswer, sql: str, form: Format) -> bytes:
    """All rows of the answer: a workbook with the query on a second sheet, a CSV, or Parquet with the query as metadata.

    Moments are written in the zone they were asked in; texts that a spreadsheet would run are made harmless.
    """
    match form:
        case Format.PARQUET:
            return _parquet(
                answer.rows.replace_schema_metadata({QUERY: json.dumps(dict(_about(answer, sql)), ensure_ascii=False)})
            )
        case Format.CSV:
            return csv_file(_written(answer.rows))
        case Format.XLSX:
            labels, texts = zip(*_about(answer, sql), strict=True)
            about = pa.table({"What": list(labels), "Text": list(texts)})
            return workbook("Answer", _written(answer.rows), (), {"Query": about})


def _about(answer: QueryAnswer, sql: str) -> list[tuple[str, str]]:
    rows = f"{answer.rows.num_rows:,}" + (f", cut: an answer holds {MOST_ROWS:,} at most" if answer.cut else "")
    return [("Query", sql.strip()), ("Rows", rows), ("As of", answer.as_of.isoformat(timespec="seconds"))]


def _written(table: pa.Table) -> pa.Table:
    """Moments as text, and numbers that a sheet cannot hold, such as infinity."""
    for place, field in enumerate(table.schema):
        column = table[field.name]
        if pa.types.is_timestamp(field.type):
            whole = column.cast(pa.timestamp("s", tz=field.type.tz), safe=False)
            table = table.set_column(place, field.name, pc.strftime(whole, "%Y-%m-%d %H:%M:%S"))
        elif pa.types.is_floating(field.type) and pc.any(pc.invert(pc.is_finite(column))).as_py():
            table = table.set_column(place, field.name, column.cast(pa.string()))
    return table


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
