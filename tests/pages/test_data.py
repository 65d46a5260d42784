"""The Data page as it runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens import a_shop, desk, opened


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("data")):
        yield


def test_the_data_page_shows_imports_batches_and_backup() -> None:
    app = opened("data")
    assert [header.value for header in app.header] == ["Import shipments", "Batches", "Backup"]


def test_a_backup_is_written_beside_the_running_database() -> None:
    app = opened("data")
    app.button(key="backup").click().run()
    assert not app.error
    database = desk().settings.database
    copies = [path for path in Path(database.parent).glob("*.duckdb") if path != database]
    assert len(copies) == 1
    assert copies[0].stat().st_size > 0
