"""Who opens a window, as far as the server can tell before a page runs."""

import json
from typing import Any

import pytest
from starlette.datastructures import Headers
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core.ui.kit.visitors import signed_in


def cookie(said: Any, secret: str = "") -> Headers:
    signed = create_signed_value(secret or get_cookie_secret(), USER_COOKIE_NAME, json.dumps(said)).decode()
    return Headers({"cookie": f"_streamlit_xsrf=2|a; {USER_COOKIE_NAME}={signed}"})


def test_a_person_is_the_provider_with_its_subject() -> None:
    someone = signed_in(cookie({"iss": "https://id.example", "sub": "7", "email": "hana@shop.example"}))
    assert someone == signed_in(cookie({"iss": "https://id.example", "sub": "7", "email": "new@shop.example"})) != ""
    assert someone != signed_in(cookie({"iss": "https://id.example", "sub": "8"}))
    assert someone != signed_in(cookie({"iss": "https://other.example", "sub": "7"}))
    assert signed_in(cookie({"email": "hana@shop.example"}))


@pytest.mark.parametrize("said", [{}, [], "text", None, {"sub": ""}, 7])
def test_a_sign_in_that_names_nobody_is_nobodys(said: Any) -> None:
    assert signed_in(cookie(said)) == ""


def test_a_cookie_that_another_signed_is_nobodys() -> None:
    assert signed_in(cookie({"sub": "7"}, "another secret")) == ""


@pytest.mark.parametrize("value", ["", "x", "{}", "é", "한", "a" * 9_000, "chunks-9"])
def test_what_is_no_signed_cookie_is_nobodys(value: str) -> None:
    assert signed_in(Headers({"cookie": f"{USER_COOKIE_NAME}={value}"} if value.isascii() else {})) == ""
    assert signed_in(Headers(raw=[(b"cookie", f"{USER_COOKIE_NAME}={value}".encode())])) == ""
