"""A desk where people sign in: real providers on loopback, a real server, and cookies as only the server can sign them."""

import json
import subprocess
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.browser.conftest import ROOT, free_port, start_server

COOKIE_SECRET = "0123456789abcdef" * 4
ADMIN, STAFF, VIEWER = "ada@shop.example", "hana@shop.example", "vera@audit.example"
STRANGER, UNVERIFIED = "mallory@elsewhere.example", "eve@shop.example"
PICKER = "jun@partner.example"
"""Staff by the group "warehouse"."""
ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    ADMIN: {"email": "Ada@Shop.example", "email_verified": True},
    STAFF: {"email": STAFF, "email_verified": True},
    VIEWER: {"email": VIEWER, "email_verified": True},
    PICKER: {"email": PICKER, "email_verified": True, "groups": ["office", "warehouse"]},
    STRANGER: {"email": STRANGER, "email_verified": True},
    UNVERIFIED: {"email": UNVERIFIED, "email_verified": False},
}
SETTINGS = {
    "SHIPDESK_ADMINS": ADMIN,
    "SHIPDESK_STAFF": "*@shop.example, group:warehouse",
    "SHIPDESK_VIEWERS": VIEWER,
}


ELSEWHERE = {"acme": "http://provider.example"}
"""A provider that nobody reaches, for tests in which nobody signs in just then."""


@dataclass
class Desk:
    """A running desk: its address, the addresses of its providers, and its process with its log."""

    base: str
    providers: Mapping[str, str]
    process: subprocess.Popen[bytes]
    log: Path
    database: Path


@contextmanager
def a_signing_desk(folder: Path, shipments: int = 1000, **settings: str) -> Iterator[Desk]:
    """A demo shop in the folder, where people sign in with one of two providers."""
    with ExitStack() as stack:
        providers = {name: f"http://localhost:{_provider(stack)}" for name in ("acme", "other-house")}
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        log, database = folder / "log", folder / "shop.duckdb"
        env = (
            SETTINGS
            | settings
            | {
                "SHIPDESK_DB": str(database),
                "SHIPDESK_DEMO_SHIPMENTS": str(shipments),
            }
            | sign_in_settings(folder, base, providers)
        )
        _, process = start_server(ROOT / "app.py", env, log, port)
        try:
            yield Desk(base, providers, process, log, database)
        finally:
            process.terminate()
            process.wait(timeout=20)


def sign_in_settings(folder: Path, base: str, providers: Mapping[str, str] = ELSEWHERE) -> dict[str, str]:
    """The environment of a desk at this address where people sign in; its secrets are written into the folder."""
    secrets = folder / "secrets.toml"
    secrets.write_text(_toml(base, providers))
    return {"STREAMLIT_SECRETS_FILES": str(secrets), "SHIPDESK_ADMINS": ADMIN}


def a_cookie(
    base: str, email: str, *, issued: float = -60, ends: float = 3600, secret: str = COOKIE_SECRET, **claims: Any
) -> dict[str, str]:
    """What the server gives a browser after a sign-in, `issued` and ending so many seconds from now; as Playwright takes it."""
    now = time.time()
    said = {
        "provider": "acme",
        "sub": email,
        "email": email,
        "email_verified": True,
        "iat": int(now + issued),
        "exp": int(now + ends),
        "origin": base,
        "is_logged_in": True,
    } | claims
    value = create_signed_value(secret, USER_COOKIE_NAME, json.dumps(said)).decode()
    return {"name": USER_COOKIE_NAME, "value": value, "url": base}


def _provider(stack: ExitStack) -> int:
    with warnings.catch_warnings():  # its own libraries move on
        warnings.simplefilter("ignore")
        from oidc_provider_mock import User, run_server_in_thread
    server = stack.enter_context(
        run_server_in_thread(user_claims=[User(sub=sub, claims=dict(said)) for sub, said in ACCOUNTS.items()])
    )
    return int(server.server_port)


def _toml(base: str, providers: Mapping[str, str]) -> str:
    lines = ["[auth]", f'redirect_uri = "{base}/oauth2callback"', f'cookie_secret = "{COOKIE_SECRET}"']
    for name, address in providers.items():
        lines += [f"[auth.{name}]", 'client_id = "shipdesk"', 'client_secret = "not-secret-here"']
        lines += [f'server_metadata_url = "{address}/.well-known/openid-configuration"']
    return "\n".join(lines) + "\n"


def a_stranger_hears(desk: Desk, page: str, **headers: str) -> bytes:
    """All that the server sends over a websocket without a cookie that asks for this page, until it is still for a moment."""
    asks = BackMsg()
    asks.rerun_script.page_name = page
    heard = b""
    address = f"{desk.base.replace('http', 'ws')}/_stcore/stream"
    with connect(address, origin=desk.base, subprotocols=["streamlit"], additional_headers=headers, max_size=None) as wire:  # type: ignore[list-item, arg-type]
        wire.send(asks.SerializeToString())
        try:
            while True:
                heard += _heard(wire.recv(timeout=1.5))
        except (TimeoutError, ConnectionClosed):
            return heard


def _heard(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
