"""What a step of the schema leaves to the domain: columns computed for the rows that were there before it."""

from collections.abc import Callable

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import VARCHAR

from core.domain.shop_numbers import search_form
from core.domain.texts import letters_of

_FUNCTIONS = (letters_of, search_form)
# Most names and phones need no more than the engine can do, in a fraction of the time.
_NAME = "lower(regexp_replace(recipient, '[^0-9A-Za-z가-힣]', '', 'g'))"
_STATEMENTS = {
    6: (
        f"UPDATE shipment SET recipient_key = {_NAME} || ' ' || regexp_replace(phone, '[^0-9]', '', 'g')",
        "UPDATE shipment SET recipient_key = letters_of(recipient) || ' ' || regexp_replace(letters_of(phone), '[^0-9]', '', 'g') "
        "WHERE NOT regexp_full_match(recipient || phone, '[ -~가-힣]*')",
        "UPDATE search_key SET value = search_form(value) WHERE NOT regexp_full_match(value, '[0-9A-Z]*')",
    ),
}


def fill(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Fills what the step to this version added, in its transaction."""
    if version not in _STATEMENTS:
        return
    for function in _FUNCTIONS:
        connection.create_function(function.__name__, _by_column(function), [VARCHAR], VARCHAR, type=PythonUDFType.ARROW)
    try:
        for statement in _STATEMENTS[version]:
            connection.execute(statement)
    finally:
        for function in _FUNCTIONS:
            connection.remove_function(function.__name__)


def _by_column(function: Callable[[str], str]) -> Callable[[pa.ChunkedArray], pa.Array]:
    return lambda column: pa.array(map(function, column.to_pylist()), pa.string())
