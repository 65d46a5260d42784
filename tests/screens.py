"""Screens as Streamlit runs them, without a browser: a shop of their own, a page by its link, and what is drawn on it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.testing.v1 import AppTest

from core import runtime
from core.config import ROOT
from core.runtime import Runtime
from core.services.shipments.changes import Actor
from core.ui.kit import who
from tests import engines

FRAME = str(ROOT / "core" / "ui" / "frame.py")


@contextmanager
def a_shop(folder: Path, shipments: int = 50, **settings: str) -> Iterator[None]:
    """A demo shop in the folder, or an empty one, where Hana Seo works; settings are those of the environment."""
    ordinary = {"SHIPDESK_DB": engines.place(folder, empty=not shipments), "SHIPDESK_DEMO_SHIPMENTS": str(shipments)}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in (ordinary | {"SHIPDESK_USER": "Hana Seo"} | settings).items():
            environment.setenv(name, value)
        yield
        runtime.close()


def desk() -> Runtime:
    """The runtime that the pages use."""
    return runtime.get()


def opened(screen: str = "", **link: str | list[str]) -> AppTest:
    """The page of that name by its link; Shipments without a name."""
    app = AppTest.from_file(FRAME, default_timeout=60)
    app._bidi_component_manager = _components()
    for name, value in link.items():
        app.query_params[name] = value
    if screen:
        app.switch_page(f"../../pages/{screen}.py")
    return again(app)


@cache
def _components() -> BidiComponentManager:
    """The components of what is installed, looked for once: each `AppTest` would, which takes longer than most pages."""
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


def again(app: AppTest) -> AppTest:
    """The page after another run, which must not fail."""
    app.run()
    assert not app.exception
    return app


def pressed(app: AppTest, button: str) -> AppTest:
    """After a press on the button with this key or, in a form, this label."""
    next(one for one in app.button if button in (one.key, one.label)).click()
    return again(app)


def pressed_meanwhile(app: AppTest, monkeypatch: pytest.MonkeyPatch, work: tuple[object, str], button: str, other: str) -> int:
    """How often this work of a service was done after a press on the button, the other one being pressed once it is done and before
    that is drawn."""
    runs, done = list[Any](), list[str]()
    real, actor = getattr(*work), who.actor

    def noted(*said: Any) -> Actor:
        runs.append(get_script_run_ctx())
        return actor(*said)

    def slow(*said: Any, **named: Any) -> Any:
        result = real(*said, **named)
        done.append(work[1])
        if len(done) == 1:
            states = app._tree.get_widget_states()
            states.widgets.append(WidgetState(id=app.button(key=other).proto.id, trigger_value=True))
            again = RerunData(widget_states=states, page_script_hash=runs[-1].page_script_hash)
            runs[-1].script_requests.request_rerun(again)
        return result

    with monkeypatch.context() as patched:
        patched.setattr(who, "actor", noted)
        patched.setattr(*work, slow)
        pressed(app, button)
    return len(done)


def buttons(app: AppTest) -> set[str]:
    """The labels of the buttons that can be pressed."""
    return {button.label for button in app.button if not button.disabled}


def words(app: AppTest) -> str:
    """The running text of the page, as it is before it is drawn, without the marks that keep data from being markup."""
    parts = (*app.header, *app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error)
    return " ".join(part.value for part in parts).replace("\\", "")


def given(app: AppTest, uploader: str, data: bytes, name: str) -> AppTest:
    """After a file was given to the uploader with this key."""
    app.file_uploader(key=uploader).upload(name, data, "")
    return again(app)


def downloads(app: AppTest) -> list[str]:
    """The labels of the files that are offered."""
    return [button.proto.label for button in app.get("download_button")]


def drawn(app: AppTest, key: str) -> Any:
    """What one of our own components was given to draw."""
    found = [part.proto for part in app.get("bidi_component") if part.proto.id.endswith(f"-{key}")]
    return json.loads(found[-1].json)


def told(app: AppTest, key: str, name: str, value: object) -> AppTest:
    """After one of our own components said something of itself, which must not fail."""
    component = next(part.proto for part in app.get("bidi_component") if part.proto.id.endswith(f"-{key}"))
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=component.id, json_value=json.dumps({name: value})))
    app._run(states)
    assert not app.exception
    return app


def rows(app: AppTest, key: str) -> list[dict[str, Any]]:
    """The rows of a table; a chip is its word."""
    return [{name: _plain(cell) for name, cell in row.items()} for row in drawn(app, key)["rows"]]


def _plain(cell: Any) -> Any:
    return cell["word"] if isinstance(cell, dict) and "word" in cell else cell
