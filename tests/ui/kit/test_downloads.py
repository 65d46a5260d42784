"""The menu of formats: one button each, and nothing made before it is asked for."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.errors import Unavailable
from core.ui.kit import downloads


def _menu() -> None:
    from datetime import datetime

    import streamlit as st

    from core.files.write import EXPLAINED_TYPES, Format
    from core.ui.kit import downloads

    def made(form: Format) -> bytes:
        st.session_state["made"] = form
        return form.encode()

    at = datetime(2026, 11, 16, 9, 12)  # noqa: DTZ001
    with downloads.menu("Export"):
        downloads.buttons(made, name="rows", at=at, key="rows")
        downloads.buttons(made, name="figure", at=at, key="figure", types=EXPLAINED_TYPES)
    downloads.button("The one file", lambda: made(Format.XLSX), file_name="one.xlsx", key="one")


def test_a_menu_has_a_button_for_each_format_and_makes_no_file_yet() -> None:
    app = AppTest.from_function(_menu).run()
    assert not app.exception
    assert [button.proto.label for button in app.get("download_button")] == [
        "Excel (.xlsx)", "CSV", "Parquet", "Excel (.xlsx)", "CSV (.zip)", "Parquet", "The one file",
    ]  # fmt: skip
    assert "made" not in app.session_state


def test_a_file_that_cannot_be_made_is_told_and_logged_under_an_id_without_data(caplog: pytest.LogCaptureFixture) -> None:
    def make() -> bytes:
        raise ValueError("Ada Kim")

    with pytest.raises(Unavailable, match=r"E-\w{4}-\d\d") as told:
        downloads.told(make)
    logging.getLogger("server").error("The server logs it", exc_info=told.value)
    assert "ValueError" in caplog.text and "Ada Kim" not in caplog.text
