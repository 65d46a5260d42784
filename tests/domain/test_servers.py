"""Addresses of database servers."""

import pytest

from core.domain.servers import names_server, server_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ada:hidden@db.example:5433/shop", "postgresql://db.example:5433/shop"),
        ("postgres://db/shop?sslmode=require", "postgresql://db/shop"),
        (
            "postgresql://ada:hidden@one:5432,two:5432/shop?target_session_attrs=read-write",
            "postgresql://one:5432,two:5432/shop",
        ),
        ("postgresql:///shop", "postgresql://localhost/shop"),
        ("postgresql://ada:hid%40den@[::1]:5432/shop", "postgresql://[::1]:5432/shop"),
    ],
)
def test_a_server_is_shown_without_who_signs_in(text: str, shown: str) -> None:
    server = server_of(text)
    assert server is not None and server.url == text
    assert str(server) == shown
    assert "hid" not in repr(server)


@pytest.mark.parametrize(
    "text", ["postgresql://db", "postgresql://ada:hid@den@db/shop", "postgresql:/db/shop", "postgresql://db/a b"]
)
def test_what_is_meant_as_a_server_and_is_none_is_no_file(text: str) -> None:
    assert names_server(text) and server_of(text) is None


@pytest.mark.parametrize("text", ["data/shop.duckdb", "C:\\shop.duckdb", "/srv/postgresql/shop.duckdb", ""])
def test_a_file_is_no_server(text: str) -> None:
    assert not names_server(text)
