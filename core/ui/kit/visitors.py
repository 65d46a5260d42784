"""Who opens a window, before any page runs: by the cookie in which the server keeps a sign-in."""

import json
import threading
from collections.abc import Callable, Hashable, Mapping
from contextvars import copy_context
from typing import Any, TypeVar

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core import runtime
from core.domain.language import speech

T = TypeVar("T")


def signed_in(headers: Headers) -> str:
    """The subject that the provider signed in, with the provider; "" for nobody, and for a cookie that this server did not sign.

    Only for counting windows: whether the sign-in still holds, and what the person may do, is decided by the page.
    """
    said = claims(headers)
    subject = said.get("sub") or said.get("email") or ""
    return f"{said.get('iss', '')} {subject}" if subject else ""


def claims(headers: Headers) -> Mapping[str, Any]:
    """What the provider said of whoever signed in; nothing of nobody, and of a cookie that this server did not sign."""
    cookies = cookie_parser(headers.get("cookie", ""))
    secret = get_cookie_secret()

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1", "replace")) if value else None

    try:
        said = json.loads(get_cookie_with_chunks(signed, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def asker() -> Hashable:
    """For whom something is done now: who signed in, in a page or a request; nobody's where a thread is the server's own."""
    running = get_script_run_ctx(suppress_warning=True)
    if running is None:
        return runtime.asking.get() or threading.get_ident()
    return runtime.subject(running.user_info)


def taken_along(act: Callable[[], T]) -> Callable[[], T]:
    """The same for another thread: for whom it is done, and in which language, is there as it is here."""
    speech()
    context = copy_context()
    context.run(runtime.asking.set, asker())
    return lambda: context.copy().run(act)
