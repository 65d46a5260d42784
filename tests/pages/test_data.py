"""The Data page as it runs."""

from collections.abc import Iterator

import pytest

from tests.screens import a_shop, desk, opened, rows


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("data")):
        yield


def test_the_data_page_shows_imports_batches_and_backup() -> None:
    app = opened("data")
    assert [header.value for header in app.header] == ["Import shipments", "Hand numbers back", "Batches", "Backup"]


def test_shipments_of_one_number_in_two_spellings_are_named() -> None:
    assert not opened("data").warning
    first, second = desk().store.rows("SELECT shipment_no FROM shipment ORDER BY shipment_id LIMIT 2")
    twin = first["shipment_no"].lower()
    for sql in (
        "UPDATE shipment SET shipment_no = $twin WHERE shipment_no = $old",
        "UPDATE search_key SET value = upper(replace($twin, '-', '')) WHERE value = replace($old, '-', '') AND $twin <> ''",
    ):
        desk().store.write(
            lambda connection, sql=sql: connection.execute(sql, {"twin": twin, "old": second["shipment_no"]}) and None
        )  # type: ignore[misc]
    said = [warning.value.replace("\\", "") for warning in opened("data").warning]
    assert len(said) == 1 and first["shipment_no"] in said[0] and twin in said[0]


@pytest.mark.about_files("a server has backups of its own")
def test_a_backup_of_the_running_desk_is_written_and_listed() -> None:
    app = opened("data")
    app.button(key="backup").click().run()
    assert not app.error
    copies = desk().keeper.kept()
    assert [copy.nightly for copy in copies] == [False]
    assert [row["name"] for row in rows(app, "backups")] == [copy.path.name for copy in copies]
