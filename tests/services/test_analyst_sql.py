"""The SQL box: what it answers, and everything that was tried to make it do more."""

import hashlib
import io
import re
import resource
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest
from openpyxl import load_workbook

from core.domain.errors import Refused
from core.domain.figures import FACTS
from core.files.write import Format
from core.services import analyst_sql as asking
from core.services.analyst_sql import QUERY, Box, QueryAnswer, answer_file
from core.store import analyst_sql as sql_box
from core.store import analyst_sql_child
from core.store.database import Store
from tests.builders import HANA, NOW, SEOUL, a_checkpoint, a_shipment, a_store, add, nov

PERSONAL = ("recipient", "phone", "address", "postal_code", "request", "region")

NOT_ONE_SELECT = [
    "INSERT INTO shipment_facts VALUES (1)",
    "UPDATE shipment SET recipient = 'x'",
    "DELETE FROM shipment",
    "MERGE INTO shipment USING shipment_facts ON true WHEN MATCHED THEN DELETE",
    "TRUNCATE shipment",
    "DROP VIEW shipment_facts",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE MACRO leak() AS TABLE SELECT * FROM read_text('/etc/passwd')",
    "CREATE SECRET (TYPE s3)",
    "ALTER TABLE shipment DROP COLUMN version",
    "ATTACH '/tmp/other.duckdb'",
    "DETACH memory",
    "USE main",
    "COPY (SELECT 1) TO '/tmp/out.csv'",
    "COPY shipment FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/out'",
    "IMPORT DATABASE '/tmp/out'",
    "INSTALL httpfs",
    "FORCE INSTALL httpfs FROM 'http://127.0.0.1:1/'",
    "LOAD httpfs",
    "PRAGMA database_list",
    "SET memory_limit = '100GB'",
    "RESET memory_limit",
    "SET VARIABLE x = 1",
    "CALL duckdb_settings()",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    "BEGIN",
    "COMMIT",
    "CHECKPOINT",
    "VACUUM",
    "CONNECT 'elsewhere'",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW shipment_facts",
    "SELECT 1 /* ; */; -- ;\nDROP VIEW shipment_facts",
    "-- nothing",
    "WITH gone AS (DELETE FROM shipment_facts RETURNING *) SELECT * FROM gone",
    "WITH new AS (INSERT INTO shipment_facts VALUES (1) RETURNING *) SELECT * FROM new",
    "WITH new AS (UPDATE shipment_facts SET carrier = 'x' RETURNING *) SELECT * FROM new",
]
NOT_OURS = [
    "SELECT recipient FROM shipment",
    'SELECT * FROM "Shipment"',
    "SELECT * FROM main.shipment",
    "SELECT (SELECT max(recipient) FROM shipment)",
    "SELECT * FROM shipment_facts ORDER BY (SELECT count(*) FROM history)",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM duckdb_settings",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM shipment_facts WHERE EXISTS (FROM duckdb_tables())",
    "SELECT * FROM pragma_database_size()",
    "SELECT * FROM read_text('/etc/passwd')",
    "SeLeCt * FrOm ReAd_TeXt /* */ ('/etc/passwd')",
    "SELECT * FROM \"read_text\"('/etc/passwd')",
    "SELECT * FROM system.main.read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/shadow')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_duckdb('other.duckdb')",
    "SELECT * FROM parquet_scan('other.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM 'http://127.0.0.1:1/x.csv'",
    "SELECT * FROM query('DROP VIEW shipment_facts')",
    "SELECT * FROM query_table('shipment')",
    "SELECT * FROM json_execute_serialized_sql('{}')",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM enable_logging()",
    "SUMMARIZE shipment",
    "DESCRIBE shipment",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "WITH duckdb_tables AS (SELECT * FROM duckdb_tables) SELECT * FROM duckdb_tables",
    "SELECT * FROM (WITH shipment AS (SELECT 1) SELECT 1) AS a, shipment",
    "WITH RECURSIVE duckdb_views AS (SELECT sql FROM duckdb_views UNION ALL SELECT sql FROM duckdb_views WHERE false) "
    "SELECT * FROM duckdb_views",
    'WITH RECURSIVE "DuckDB_Views"(a) AS (SELECT sql FROM "duckdb_views" UNION SELECT a FROM "duckdb_views") FROM DUCKDB_VIEWS',
    "WITH RECURSIVE sqlite_master AS (FROM sqlite_master UNION ALL FROM sqlite_master WHERE false) FROM sqlite_master",
    "WITH RECURSIVE pg_class AS MATERIALIZED (FROM pg_class UNION ALL FROM pg_class WHERE false) FROM pg_class",
    "WITH RECURSIVE tables AS (FROM tables UNION ALL FROM tables WHERE false) FROM tables",
    "WITH RECURSIVE t AS (SELECT * FROM t UNION ALL SELECT 1) FROM t",
    "WITH RECURSIVE t AS (SELECT 1 UNION ALL SELECT (SELECT count(*) FROM duckdb_views)) FROM t",
    "WITH RECURSIVE t(a) USING KEY (a) AS (SELECT 1 UNION SELECT a FROM recurring.t) FROM t",
    "WITH b AS (FROM a), a AS (SELECT 1) FROM b",
    "SELECT (WITH c AS (SELECT 1) SELECT 1), (SELECT 1 FROM c)",
    "SELECT * FROM (SELECT 1) AS duckdb_views, duckdb_views",
    "FROM duckdb_views",
    "FROM system.main.duckdb_views",
    "FROM pg_catalog.pg_class",
    "FROM INFORMATION_SCHEMA.TABLES",
    "FROM memory.main.shipment_facts",
    "SELECT * FROM shipment_facts POSITIONAL JOIN duckdb_views",
    "SELECT * FROM shipment_facts JOIN LATERAL (FROM duckdb_views) ON true",
    "SELECT sum(1) FILTER (WHERE (SELECT true FROM duckdb_views LIMIT 1))",
    "SELECT sum(1) OVER (ORDER BY (SELECT sql FROM duckdb_views LIMIT 1))",
    "SELECT 1 LIMIT (SELECT count(*) FROM duckdb_views)",
    "SELECT [x FOR x IN (SELECT list(sql) FROM duckdb_views)]",
    "FROM unnest((SELECT list(sql) FROM duckdb_views))",
    "FROM (DESCRIBE duckdb_views)",
    "SELECT pg_get_viewdef(1)",
    "SELECT pg_catalog.PG_GET_VIEWDEF(1)",
    "SELECT json_serialize_plan('FROM duckdb_views')",
    "SELECT current_schemas(true)",
    "SELECT list_transform([1], lambda x: getenv('HOME'))",
    "SELECT COLUMNS(lambda c: getenv('HOME') IS NOT NULL) FROM shipment_facts",
    "SELECT 'HOME'.getenv()",
    "SELECT system.main.getenv('HOME')",
    "SELECT getenv('HOME')",
    "SELECT current_setting('secret_directory')",
    "SELECT write_log('x')",
    "SELECT nextval('s')",
]
NAMES_OF_THE_ENGINE = ["duckdb_views", "DUCKDB_TABLES", '"sqlite_master"', "pg_class", "tables", "columns", "duckdb_anything"]
ALLOWED = [
    "SELECT count(*) FROM shipment_facts",
    "FROM shipment_facts SELECT carrier, count(*) GROUP BY ALL",
    "TABLE main.shipment_facts",
    'SELECT "carrier" FROM "SHIPMENT_FACTS" AS f ORDER BY 1 DESC LIMIT 3 OFFSET 1',
    "WITH late AS (SELECT * FROM shipment_facts WHERE NOT on_time) SELECT count(*) FROM late, LATE AS again",
    "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT * FROM n",
    "SELECT * FROM range(3) AS r(i), unnest([1, 2]) UNION SELECT 1, 2",
    "SELECT carrier, quantile_cont(transit_hours, 0.9) OVER (PARTITION BY carrier) FROM shipment_facts",
    "FROM (PIVOT shipment_facts ON carrier IN ('cj', 'dhl') USING count(*))",
    "SELECT list_transform([1], lambda x: x + 1), 'DROP; --' /* ; */ -- DELETE",
    "SUMMARIZE shipment_facts",
    "DESCRIBE shipment_facts",
    "VALUES (1)",
    "WITH shipment_facts AS (SELECT 1 AS x) SELECT * FROM shipment_facts",
    "WITH summary AS (SELECT 1 AS histogram) SELECT * FROM summary",
    "WITH a AS (SELECT 1 AS x), b AS (FROM a) SELECT * FROM b WHERE EXISTS (WITH c AS (FROM b) FROM c)",
    "SELECT COLUMNS('carrier') FROM shipment_facts AS duckdb_views",
]
WITHOUT_THE_LIST = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    "COPY (SELECT 1) TO 'out.csv'",
    "ATTACH 'other.duckdb'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '100GB'",
    "SET enable_external_access = true",
    "SET allowed_paths = ['/etc/passwd']",
    "SET temp_directory = '/tmp'",
    "SELECT * FROM FACTS",
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("asking") / "shop.duckdb", threads=1)
    add(store, a_shipment("S-1", scans=[a_checkpoint()], promised_on=nov(20).date()), a_shipment("S-2"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def box(shop: Store) -> Iterator[Box]:
    box = Box(shop, SEOUL, seconds=30)
    yield box
    box.close()


@pytest.fixture(scope="module")
def engine(shop: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    copy = sql_box.copy(shop, zone=SEOUL, now=NOW)
    with analyst_sql_child.locked(copy.path, "Asia/Seoul") as connection:
        yield connection


def asked(box: Box, sql: str) -> QueryAnswer:
    return box.ask(sql, now=NOW, person=HANA.person).answer()


def why_not(box: Box, sql: str) -> str:
    with pytest.raises(Refused) as refusal:
        asked(box, sql)
    return str(refusal.value)


@pytest.mark.parametrize("sql", NOT_ONE_SELECT)
def test_what_is_not_one_select_is_refused(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(analyst_sql_child.SqlRefusal, match="Only one SELECT"):
        analyst_sql_child.check(engine, sql)


@pytest.mark.parametrize("sql", NOT_OURS)
def test_nothing_but_the_view_can_be_named(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(analyst_sql_child.SqlRefusal, match=r"cannot be read here|cannot be used here|can be described"):
        analyst_sql_child.check(engine, sql)


@pytest.mark.parametrize("name", NAMES_OF_THE_ENGINE)
def test_a_query_has_no_name_of_the_engines_own(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    for sql in (f"WITH {name} AS (SELECT 1) SELECT * FROM {name}", f"SELECT (WITH {name} AS (SELECT 1) SELECT 1)"):
        with pytest.raises(analyst_sql_child.SqlRefusal, match="a name of the engine's own"):
            analyst_sql_child.check(engine, sql)


def test_no_function_that_may_be_called_reads_the_catalogue(engine: duckdb.DuckDBPyConnection) -> None:
    macros = engine.execute("SELECT function_name, macro_definition FROM duckdb_functions() WHERE function_type = 'macro'")
    reading = {name for name, text in macros.fetchall() if re.search(r"\bFROM (duckdb_|pragma_|pg_)\w+\(", text or "")}
    assert reading
    assert reading <= analyst_sql_child.SECRETIVE


@pytest.mark.parametrize("sql", ALLOWED)
def test_ordinary_questions_pass_and_are_answered(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    analyst_sql_child.check(engine, sql)
    assert engine.sql(sql).limit(1).fetchall() is not None


@pytest.mark.parametrize("sql", WITHOUT_THE_LIST)
def test_the_engine_itself_is_locked_whatever_the_list_lets_pass(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    FACTS_IN_PYTHON = duckdb.connect().sql("SELECT 1")  # noqa: F841
    with pytest.raises(duckdb.Error, match=r"disabled|locked|cannot be changed|not exist|not found|could not be loaded"):
        engine.execute(sql)


def test_the_rows_of_the_view_come_back_with_days_in_the_shops_zone(box: Box) -> None:
    answer = asked(box, "SELECT shipment_no, on_time, ordered_at, ordered_on FROM shipment_facts ORDER BY 1")
    assert answer.rows.column("shipment_no").to_pylist() == ["S-1", "S-2"]
    assert answer.rows.column("ordered_at").to_pylist() == [nov(10), nov(10)]
    assert answer.rows.column("ordered_on").to_pylist() == [nov(10).date()] * 2
    assert (answer.cut, answer.as_of) == (False, NOW)


def test_the_view_holds_no_personal_data(box: Box) -> None:
    names = [column.name for column in box.columns()]
    assert names == list(FACTS)
    assert not set(names) & set(PERSONAL)
    assert all(column.about and column.type for column in box.columns())
    assert why_not(box, "SELECT recipient FROM shipment_facts").startswith('Referenced column "recipient" not found')


def test_every_column_has_a_name_of_its_own_and_a_type_that_files_can_hold(box: Box) -> None:
    sql = "SELECT 1 AS a, 2 AS A, 3::HUGEINT AS wide, [1, 2] AS list, INTERVAL 1 DAY AS span, 'x'::BLOB AS bytes, NULL AS none"
    (row,) = asked(box, sql).rows.to_pylist()
    assert row == {"a": 1, "A_1": 2, "wide": 3, "list": "[1, 2]", "span": "1 day", "bytes": "x", "none": None}


def test_more_rows_than_an_answer_holds_are_cut_and_said_to_be(box: Box) -> None:
    answer = asked(box, "SELECT * FROM range(1000000000000)")
    assert (answer.rows.num_rows, answer.cut) == (asking.MOST_ROWS, True)


def test_an_answer_is_bounded_in_bytes_too(box: Box) -> None:
    answer = asked(box, "SELECT repeat('x', 1000000) FROM range(100)")
    assert answer.cut
    assert 0 < answer.rows.nbytes <= asking.MOST_BYTES
    assert "too large" in why_not(box, "SELECT repeat('x', 60000000)")


@pytest.mark.parametrize(
    "bomb",
    [
        "SELECT count(*) FROM range(1000000000000)",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    ],
)
def test_a_query_without_end_is_stopped_in_time(shop: Store, bomb: str) -> None:
    assert why_not(Box(shop, SEOUL, seconds=1.5), bomb).startswith("The query took longer than 1.5 s and was stopped.")


@pytest.mark.parametrize(
    "bomb",
    [
        "SELECT repeat('x', 2000000000)",
        "SELECT list(range) FROM range(1000000000)",
        "SELECT string_agg(repeat('x', 1000000), '') FROM range(100000)",
    ],
)
def test_a_query_that_eats_memory_is_refused_and_takes_none_of_the_desks(box: Box, bomb: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "memory" in why_not(box, bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.parametrize(
    "sql", ["SELECT " + "(" * 9000 + "1" + ")" * 9000, "SELECT * FROM " + "(FROM " * 900 + "x" + ")" * 900]
)
def test_a_query_that_is_nested_without_end_is_refused(box: Box, sql: str) -> None:
    assert "more simply" in why_not(box, sql)


def test_a_query_is_cancelled_at_once(shop: Store) -> None:
    box = Box(shop, SEOUL, seconds=60)
    question = box.ask("SELECT count(*) FROM range(1000000000000)", now=NOW, person=HANA.person)
    assert not question.done
    question.cancel()
    with pytest.raises(Refused, match="cancelled"):
        question.answer()
    box.close()


def test_a_third_query_is_told_to_wait(shop: Store) -> None:
    box = Box(shop, SEOUL, seconds=60)
    running = [box.ask("SELECT count(*) FROM range(1000000000000)", now=NOW, person=HANA.person) for _ in range(asking.AT_ONCE)]
    with pytest.raises(Refused, match="already"):
        box.ask("SELECT 1", now=NOW, person=HANA.person)
    for question in running:
        question.cancel()
    for question in running:
        with pytest.raises(Refused, match="cancelled"):
            question.answer()
    assert asked(box, "SELECT 1").rows.num_rows == 1
    box.close()


def test_an_empty_and_a_very_long_query_are_refused(box: Box) -> None:
    with pytest.raises(Refused, match="Write a query first"):
        box.ask(" ;\n", now=NOW, person=HANA.person)
    with pytest.raises(Refused, match="Shorten"):
        box.ask("SELECT 1" + " " * asking.LONGEST, now=NOW, person=HANA.person)


def test_the_database_file_is_the_same_after_all_of_it(shop: Store, box: Box) -> None:
    assert shop.path
    before = hashlib.sha256(shop.path.read_bytes()).hexdigest(), sorted(shop.path.parent.iterdir())
    for sql in ("DELETE FROM shipment", "COPY (SELECT 1) TO 'out.csv'", "SELECT repeat('x', 2000000000)"):
        why_not(box, sql)
    assert asked(box, "SELECT count(*) FROM shipment_facts").rows.num_rows == 1
    assert (hashlib.sha256(shop.path.read_bytes()).hexdigest(), sorted(shop.path.parent.iterdir())) == before


def test_the_rows_are_copied_anew_after_a_minute() -> None:
    store = a_store(a_shipment("S-1"))
    box = Box(store, SEOUL)
    assert asked(box, "SELECT count(*) AS n FROM shipment_facts").rows.to_pylist() == [{"n": 1}]
    add(store, a_shipment("S-2"))
    assert asked(box, "SELECT count(*) AS n FROM shipment_facts").rows.to_pylist() == [{"n": 1}]
    for minutes in (2, 4, 6):
        later = box.ask(
            "SELECT count(*) AS n FROM shipment_facts", now=NOW + timedelta(minutes=minutes), person=HANA.person
        ).answer()
        assert (later.rows.to_pylist(), later.as_of) == ([{"n": 2}], NOW + timedelta(minutes=minutes))
    box.close()


def test_a_copy_leaves_nothing_in_the_folder_for_temporary_files(shop: Store, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setattr(tempfile, "tempdir", str(tmp_path))
        box = Box(shop, SEOUL)
        assert asked(box, "SELECT count(*) AS n FROM shipment_facts").rows.to_pylist() == [{"n": 2}]
    assert list(tmp_path.iterdir()) == []


def test_an_answer_becomes_a_file_with_its_query_beside_it(box: Box) -> None:
    sql = "SELECT '=1+1' AS text, TIMESTAMP '2026-11-16 09:12:03' AS at_local, 1e308 * 10 AS endless, 12345678901234567890 AS long"
    answer = asked(box, sql)
    csv = answer_file(answer, sql, Format.CSV).decode("utf-8-sig").splitlines()
    assert csv == ['"text","at_local","endless","long"', '"\'=1+1","2026-11-16 09:12:03","inf","12345678901234567890"']
    book = load_workbook(io.BytesIO(answer_file(answer, sql, Format.XLSX)))
    assert [cell.value for cell in book["Answer"][2]][:3] == ["=1+1", nov(16, 9, 12, 3).replace(tzinfo=None), "inf"]
    assert book["Answer"]["A2"].data_type == "s"
    assert book["Query"]["B2"].value == sql
    parquet = pyarrow.parquet.read_table(io.BytesIO(answer_file(answer, sql, Format.PARQUET)))
    assert parquet.schema.metadata.keys() == {QUERY.encode()}
    assert parquet.to_pylist() == answer.rows.to_pylist()


FAR = """SELECT * FROM (VALUES
    ('infinity'::TIMESTAMP, '-infinity'::DATE, 'infinity'::TIMESTAMPTZ, 'nan'::DOUBLE, DATE '1850-01-01', TIMESTAMP_NS 'infinity'),
    ('12000-01-01'::TIMESTAMP, '0044-03-15 (BC)'::DATE, '0001-01-01'::TIMESTAMPTZ, 'infinity'::DOUBLE, DATE '9999-12-28', NULL),
    ('2026-11-01'::TIMESTAMP, '2026-11-02'::DATE, '9999-12-31 23:00:00Z'::TIMESTAMPTZ, 1.5, DATE '2026-11-03', NULL)
) AS t("=at", "on", zoned, number, early, fine) """


def test_infinite_and_far_days_are_words_and_all_others_days(box: Box) -> None:
    rows = asked(box, FAR).rows
    assert rows["=at"].to_pylist() == ["infinity", "12000-01-01 00:00:00", "2026-11-01 00:00:00"]
    assert rows["on"].to_pylist() == ["-infinity", "0044-03-15 (BC)", "2026-11-02"]
    assert rows["zoned"].to_pylist()[0] == "infinity"
    assert rows["early"].to_pylist() == [date(1850, 1, 1), date(9999, 12, 28), date(2026, 11, 3)]
    assert rows["fine"].to_pylist() == ["infinity", None, None]


def test_far_days_infinities_and_heads_that_would_run_are_right_in_every_file(box: Box) -> None:
    answer = asked(box, FAR)
    sheet = load_workbook(io.BytesIO(answer_file(answer, FAR, Format.XLSX))).active
    head, first, second, third = sheet.iter_rows()
    assert (head[0].value, head[0].data_type) == ("=at", "s")
    assert [cell.value for cell in first[:4]] == ["infinity", "-infinity", "infinity", "nan"]
    assert (first[4].value, second[3].value, third[3].value) == ("1850-01-01", "inf", 1.5)
    assert third[4].value.date() == date(2026, 11, 3)
    text = answer_file(answer, FAR, Format.CSV).decode("utf-8-sig").splitlines()
    assert text[0].startswith('"\'=at",')
    assert text[1].split(",")[:5] == ['"infinity"', '"\'-infinity"', '"infinity"', '"nan"', '"1850-01-01"']
    rows = pyarrow.parquet.read_table(io.BytesIO(answer_file(answer, FAR, Format.PARQUET))).to_pylist()
    assert (rows[0]["=at"], rows[1]["on"], rows[2]["early"]) == ("infinity", "0044-03-15 (BC)", date(2026, 11, 3))
