"""What our own components are made of."""

import pytest
import streamlit as st

from core.ui.kit.components import ASSETS, component


def made_of(monkeypatch: pytest.MonkeyPatch, *files: str, **said: str) -> dict[str, object]:
    """What Streamlit is given for a component of these files."""
    given: dict[str, object] = {}
    monkeypatch.setattr(st.components.v2, "component", lambda name, **parts: given.update(parts))
    component("named", "<div></div>", *files, **said)
    return given


def asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def test_styles_and_scripts_come_in_the_order_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given = made_of(monkeypatch, "icons.css", "icons.js", "table.css", "table.js")
    assert given["css"] == asset("icons.css") + asset("table.css")
    icons, table = (asset(name).partition("export default ")[0] for name in ("icons.js", "table.js"))
    assert str(given["js"]).startswith(icons + table) and str(given["js"]).count("export default ") == 1


def test_styles_can_be_kept_within_the_component(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made_of(monkeypatch, "icons.css", within=".grid")["css"] == f".grid {{ {asset('icons.css')} }}"


def test_every_asset_is_part_of_a_component() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in ASSETS.parents[1].rglob("*.py"))
    assert [file.name for file in ASSETS.iterdir() if file.name not in sources] == []
