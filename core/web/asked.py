"""What pages ask beside themselves: small questions as JSON, answered for whoever is signed in, in the language of the page."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import languages, runtime
from core.domain.errors import Forbidden, ShipdeskError
from core.domain.language import speaking
from core.domain.people import Person
from core.runtime import Runtime
from core.web import bodies
from core.web.answers import told
from core.web.reasons import WebReason

LARGEST: Final = 4 * 1024
NEVER_KEPT: Final = {"Cache-Control": "no-store"}
Claims = Callable[[Headers], Mapping[str, object]]
Answer = Callable[[Runtime, Person, Mapping[str, Any]], Mapping[str, Any]]
"""What a question comes to for a person. Raises ShipdeskError."""


def route(get: Callable[[], Runtime], claims: Claims, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """Answers with what `answer` gives. 403 to who may not see the desk, 400 garbled, 413 oversized, 503 when the store cannot be read."""

    async def asked(request: Request) -> Response:
        path, body = request.url.path, await bodies.read(request, LARGEST)
        if body is None:
            return told(path, WebReason.TOO_LARGE(limit=LARGEST), 413)
        question = _question(body)
        if question is None:
            return told(path, WebReason.GARBLED(), 400)
        desk = get()
        with speaking(languages.speech_of(languages.understood([str(question.get("language", ""))]))):
            make = lambda person: answer(desk, person, question)  # noqa: E731
            return await run_in_threadpool(answered, desk, lambda: claims(request.headers), path, make)

    return asked


def answered(
    desk: Runtime,
    claims: Callable[[], Mapping[str, object]],
    path: str,
    make: Callable[[Person], Mapping[str, Any]],
) -> Response:
    """What is made for whoever is signed in, or why there is nothing for them."""
    try:
        runtime.asking.set(runtime.subject(claims()))
        admitted = desk.admission(claims)
        if admitted.person.role is None:
            return told(path, admitted.why or WebReason.SIGNED_OUT(), 403)
        return JSONResponse(make(admitted.person), headers=NEVER_KEPT)
    except ShipdeskError as error:
        return told(path, str(error), 403 if isinstance(error, Forbidden) else 503)


def _question(body: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
