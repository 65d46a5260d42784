"""The confined process: one question as JSON on its standard input; on its output a line of JSON and the rows as an Arrow stream.

Nothing of the desk is imported here. Limits come first, then the engine is locked, then the question is read.
"""

import contextlib
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

VIEW = "shipment_facts"
MOST_MEMORY = "512MB"
MOST_ADDRESSES = 1536 << 20
SPARE_SECONDS = 3

QUERIES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
SOURCES = {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT", "SHOW_REF"}
MODIFIERS = {"ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER"}
ORDERS = {"ORDER_DEFAULT", "ASCENDING", "DESCENDING"}
TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
SECRETIVE = {
    "current_setting",
    "getenv",
    "getvariable",
    "write_log",
    "sleep_ms",
    "nextval",
    "currval",
    "setval",
    "current_query",
    "current_query_id",
    "current_connection_id",
    "current_transaction_id",
    "txid_current",
    "current_schemas",
    "in_search_path",
    "json_serialize_sql",
    "json_deserialize_sql",
    "json_serialize_plan",
    "parse_duckdb_log_message",
    "pg_get_viewdef",
    "pg_get_constraintdef",
    "pg_get_expr",
    "format_type",
    "get_block_size",
}
"""Functions that tell of the engine instead of the rows; some read its catalogue."""
PLAIN = {
    "boolean", "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint", "float", "double",
    "decimal", "varchar", "date", "time", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone",
}  # fmt: skip
WIDE = {"hugeint", "uhugeint"}

_CATALOGUE = "SELECT lower(view_name) FROM duckdb_views() UNION SELECT lower(table_name) FROM duckdb_tables()"
_ENGINES = ("duckdb_", "pg_", "pragma_", "sqlite_", "information_schema")
_FIRST_DAY, _LAST_DAY = date(1, 1, 3), date(9999, 12, 29)
"""Between these every zone has a day that files and programs can hold."""

ONE_SELECT = "Only one SELECT is answered here. Nothing can be written, set, attached or loaded."
NO_PIVOT = "PIVOT needs its values in the query: PIVOT … ON carrier IN ('cj', 'dhl') USING count(*)."
TOO_MUCH_MEMORY = "The query needs more memory than one query may use ({most}). Choose fewer columns or rows, or group them."
NO_FUNCTION = "{name} cannot be used here: only the view {view} can be read, and range, generate_series and unnest."
NO_SECRETS = "{name} cannot be used here."
NO_NAME = "{name} is a name of the engine's own. Give the query after WITH another name."
NO_TABLE = "{name} cannot be read here. The one table is {view}."
NOT_DESCRIBED = "Only {view} can be described: DESCRIBE {view}."
NO_PARAMETERS = "Parameters such as ? and $1 are not filled here. Write the value itself."
TOO_LARGE = "One row of the answer is too large. Choose fewer or shorter columns."
UNKNOWN_ANSWER = "The query could not be answered. Write it more simply."


class SqlRefusal(Exception):
    """The question is not answered; the text says why."""


def main() -> None:
    question = json.load(sys.stdin.buffer)
    _limit(question["seconds"])
    try:
        said, rows = _answer(question)
    except SqlRefusal as refusal:
        said, rows = {"refused": str(refusal)}, None
    except (duckdb.OutOfMemoryException, MemoryError, pa.ArrowMemoryError):
        said, rows = {"refused": TOO_MUCH_MEMORY.format(most=MOST_MEMORY)}, None
    except duckdb.Error as error:
        said, rows = {"refused": _readable(str(error).replace(question["copy"], VIEW))}, None
    except Exception:
        said, rows = {"refused": UNKNOWN_ANSWER}, None
    _write(said, rows)
    # The engine may still be at work; there is nothing to put in order.
    os._exit(0)


def _limit(seconds: float) -> None:
    """Of memory, processor time and the clock; no file can be written, and the desk always goes first."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    last = int(seconds) + SPARE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (last, last))
    signal.alarm(last)
    os.nice(5)


def _answer(question: dict[str, Any]) -> tuple[dict[str, Any], pa.Table]:
    connection = locked(question["copy"], question["zone"])
    check(connection, question["sql"])
    rows = connection.sql(question["sql"]).limit(question["most_rows"] + 1)
    table = _named(rows).to_arrow_table()
    kept = _fitting(table.slice(0, question["most_rows"]), question["most_bytes"])
    return {"cut": kept.num_rows < table.num_rows}, _holdable(connection, kept)


def locked(copy: str, zone: str) -> duckdb.DuckDBPyConnection:
    """An engine in memory that can read one file and nothing else, and whose settings cannot be changed any more."""
    connection = duckdb.connect(config={"threads": 1, "memory_limit": MOST_MEMORY})
    quoted = copy.replace("'", "''")
    for statement in (
        f"CREATE VIEW {VIEW} AS FROM read_parquet('{quoted}')",
        f"SET TimeZone = '{zone}'",
        "SET temp_directory = ''",
        "SET python_enable_replacements = false",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        "SET allow_persistent_secrets = false",
        f"SET allowed_paths = ['{quoted}']",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.execute(statement)
    return connection


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raises SqlRefusal unless the text is one SELECT that reads nothing but the view."""
    found = json.loads(connection.execute("SELECT json_serialize_sql($sql)", {"sql": sql}).fetchall()[0][0])
    if found["error"]:
        if found.get("error_type") == "not implemented":
            raise SqlRefusal(NO_PIVOT if "pivot" in sql.lower() else ONE_SELECT)
        raise SqlRefusal(_readable(found.get("error_message") or ONE_SELECT))
    if len(found["statements"]) != 1:
        raise SqlRefusal(ONE_SELECT)
    if found["statements"][0].get("named_param_map"):
        raise SqlRefusal(NO_PARAMETERS)
    taken = frozenset(name for (name,) in connection.execute(_CATALOGUE).fetchall())
    _walk(found["statements"][0]["node"], _Scope(frozenset(), taken))


class _Scope(NamedTuple):
    """The names that WITH gives to queries where a part stands, and those that it may not give."""

    known: frozenset[str]
    taken: frozenset[str]

    def with_name(self, name: str) -> "_Scope":
        """The scope of what comes after this name was given."""
        lower = name.lower()
        if lower != VIEW and (lower in self.taken or lower.startswith(_ENGINES)):
            raise SqlRefusal(NO_NAME.format(name=name))
        return self._replace(known=self.known | {lower})


def _walk(node: Any, scope: _Scope) -> None:
    if isinstance(node, list):
        for part in node:
            _walk(part, scope)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("cte_map"), dict):
        for entry in node["cte_map"]["map"]:
            _walk(entry["value"]["query_node"], scope)
            scope = scope.with_name(entry["key"])
    if "class" in node:
        _judge_expression(node)
    elif isinstance(node.get("type"), str):
        _judge_part(node, scope)
    for name, part in node.items():
        if name == "right" and node.get("type") == "RECURSIVE_CTE_NODE":
            # What a recursion begins with does not know its name: the engine would find its own table there.
            _walk(part, scope.with_name(node["cte_name"]))
        elif name != "cte_map":
            _walk(part, scope)


def _judge_part(node: dict[str, Any], scope: _Scope) -> None:
    kind = node["type"]
    if kind == "BASE_TABLE":
        _judge_table(node["qualified_name"]["path"], scope.known)
    elif kind == "TABLE_FUNCTION":
        name = node["function"].get("function_name", "").lower()
        if name not in TABLE_FUNCTIONS:
            raise SqlRefusal(NO_FUNCTION.format(name=name, view=VIEW))
    elif kind == "SHOW_REF" and not (node.get("query") and node["show_type"] in ("DESCRIBE", "SUMMARY")):
        raise SqlRefusal(NOT_DESCRIBED.format(view=VIEW))
    elif kind not in QUERIES | SOURCES | MODIFIERS | ORDERS:
        raise SqlRefusal(ONE_SELECT)


def _judge_table(path: list[str], known: frozenset[str]) -> None:
    names = [name.lower() for name in path]
    if names in ([VIEW], ["main", VIEW]) or (len(names) == 1 and names[0] in known):
        return
    raise SqlRefusal(NO_TABLE.format(name=".".join(path), view=VIEW))


def _judge_expression(node: dict[str, Any]) -> None:
    name = str(node.get("function_name", "")).lower()
    if name in SECRETIVE:
        raise SqlRefusal(NO_SECRETS.format(name=name))


def _named(rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Every column under a name of its own; what a sheet or a table cannot hold becomes text or a plain number."""
    parts, taken = [], set[str]()
    for place, (name, kind) in enumerate(zip(rows.columns, rows.types, strict=True), 1):
        own = next(one for one in _names(name) if one.lower() not in taken)
        taken.add(own.lower())
        quoted = own.replace('"', '""')
        parts.append(f'{_plain(f"#{place}", kind.id)} AS "{quoted}"')
    return rows.project(", ".join(parts))


def _holdable(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> pa.Table:
    """The table with its infinite, very early and very late days and moments in words, in the columns that have some."""
    far = [place for place, column in enumerate(table.columns) if _is_far(column)]
    if not far:
        return table
    parts = [f"CAST(#{place + 1} AS VARCHAR)" for place in far]
    words = connection.from_arrow(table).project(", ".join(parts)).to_arrow_table()
    for place, texts in zip(far, words.columns, strict=True):
        table = table.set_column(place, table.field(place).name, texts)
    return table


def _is_far(column: pa.ChunkedArray) -> bool:
    if not (pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)):
        return False
    whole = pa.int32() if pa.types.is_date32(column.type) else pa.int64()
    least, most = pc.min_max(column.cast(whole)).as_py().values()
    first, last = (pa.scalar(day).cast(column.type).cast(whole).as_py() for day in _bounds(column.type))
    return least is not None and (least < first or most > last)


def _bounds(kind: pa.DataType) -> tuple[Any, Any]:
    """The first and the last day that a column of this type can have and a file can hold."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return datetime(1677, 9, 23), datetime(2262, 4, 10)  # noqa: DTZ001
    if pa.types.is_timestamp(kind):
        return datetime.combine(_FIRST_DAY, time()), datetime.combine(_LAST_DAY, time())
    return _FIRST_DAY, _LAST_DAY


def _names(name: str) -> Iterator[str]:
    name = "".join(filter(str.isprintable, name)).strip() or "column"
    yield name
    number = 1
    while True:
        number += 1
        yield f"{name}_{number}"


def _plain(value: str, kind: str) -> str:
    if kind in PLAIN:
        return value
    return f"CAST({value} AS {'DECIMAL(38, 0)' if kind in WIDE else 'VARCHAR'})"


def _fitting(table: pa.Table, most_bytes: int) -> pa.Table:
    rows = table.num_rows
    while rows and table.slice(0, rows).nbytes > most_bytes:
        rows //= 2
    if table.num_rows and not rows:
        raise SqlRefusal(TOO_LARGE)
    return table.slice(0, rows)


def _readable(message: str) -> str:
    """The engine's own words without its copy of the query, which stands above them on screen."""
    lines = message.splitlines()
    kept = [line for line in lines if line.strip() and not line.startswith("LINE ") and set(line) - set(" ^")]
    text = " ".join(kept)[:600]
    if "expression depth" in text:
        return UNKNOWN_ANSWER
    return re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", text) or UNKNOWN_ANSWER


def _write(said: dict[str, Any], rows: pa.Table | None) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
        if rows is not None:
            with pa.ipc.new_stream(sys.stdout.buffer, rows.schema) as stream:
                stream.write_table(rows)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
