"""Without sign-in the desk is for this machine alone: other addresses and names are refused at the start and at every request."""

import os
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from core.config import BadSetting, Settings, require_sign_in
from core.domain.errors import Unavailable
from core.domain.hosts import Host
from core.domain.sign_in import SignIn
from core.web.alone import Alone
from tests.browser.conftest import ROOT, free_port

SIGNING_IN = SignIn(("google",))


class OneRuntime:
    """As much of a runtime as the question needs."""

    def __init__(self, sign_in: SignIn | None) -> None:
        self.settings = Settings(sign_in=sign_in)


async def let_through(address: tuple[str, int | None] | None, kind: str, sign_in: SignIn | None) -> bool:
    passed, sent = [], []

    async def inside(*_: Any) -> None:
        passed.append(True)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    guard = Alone(inside, lambda: OneRuntime(sign_in))  # type: ignore[arg-type, return-value]
    await guard({"type": kind, "server": address, "path": "/", "headers": []}, receive, send)
    assert bool(passed) != bool(sent)
    return bool(passed)


def at_once(question: Coroutine[Any, Any, bool]) -> bool:
    """The answer of what waits for nothing, also where a loop is running."""
    with pytest.raises(StopIteration) as ended:
        question.send(None)
    return bool(ended.value.value)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("address", "alone"),
    [
        (("127.0.0.1", 8501), True),
        (("127.0.0.53", 8501), True),
        (("::1", 8501), True),
        (("192.168.1.4", 8501), False),
        (("0.0.0.0", 8501), False),
        (("2001:db8::1", 8501), False),
        (("/run/desk.sock", None), False),
        (None, False),
    ],
)
def test_only_what_comes_over_loopback_is_answered_where_nobody_signs_in(
    address: tuple[str, int | None] | None, kind: str, alone: bool
) -> None:
    assert at_once(let_through(address, kind, None)) is alone
    assert at_once(let_through(address, kind, SIGNING_IN))


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.4", "desk.example", "localhost.example"])
def test_a_server_for_others_needs_sign_in(address: str | None) -> None:
    with pytest.raises(Unavailable) as caught:
        require_sign_in(Settings(), address)
    assert caught.value.reason is BadSetting.OPEN_TO_ALL
    require_sign_in(Settings(sign_in=SIGNING_IN), address)


@pytest.mark.parametrize("settings", [Settings(hosts=(Host("desk.example"),)), Settings(url="https://desk.example")])
def test_so_does_one_that_is_opened_by_a_name_of_its_own(settings: Settings) -> None:
    with pytest.raises(Unavailable):
        require_sign_in(settings, "127.0.0.1")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "[::1]", "localhost"])
def test_this_machine_needs_none(address: str) -> None:
    require_sign_in(Settings(url="http://127.0.0.1:9000", hosts=(Host("localhost", 8501),)), address)


def test_the_server_ends_with_one_sentence_that_says_what_to_configure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=0.0.0.0", f"--server.port={free_port()}"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SHIPDESK_DB": str(tmp_path / "shop.duckdb")}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "[auth]" in ended.stderr and "Traceback" not in ended.stderr
    assert not (tmp_path / "shop.duckdb").exists()
