"""Answers that say why something is not done, as the caller reads them: a machine as JSON, a person as text."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from core.domain.reasons import Why
from core.web.reasons import WebReason

MACHINES: Final = ("/healthz", "/metrics", "/webhooks", "/sandbox")
_BARE: Final = {404: WebReason.NOTHING, 405: WebReason.NO_METHOD}


def told(path: str, why: Why | str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The sentence for who asked for this path inside the desk."""
    said = str(why)
    if path.startswith(MACHINES):
        return JSONResponse({"message": said}, status, headers)
    return PlainTextResponse(said, status, headers)


def in_words(request: Request, error: Exception) -> Response:
    """What the server says of itself, a bare name of a status in a sentence."""
    assert isinstance(error, HTTPException)
    bare = error.detail == HTTPStatus(error.status_code).phrase and error.status_code in _BARE
    why = _BARE[error.status_code]() if bare else error.detail
    return told(request.url.path, why, error.status_code, error.headers)
