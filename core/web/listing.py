"""POST /list: the rows that a press in the list leads to, for whoever is signed in, as the page itself would draw them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core import languages
from core.domain.language import speaking, speech
from core.domain.people import Person
from core.runtime import Runtime
from core.web import asked, bodies
from core.web.answers import told
from core.web.asked import Claims
from core.web.leisure import Leisure
from core.web.reasons import WebReason

LARGEST: Final = 256 * 1024
Rows = Callable[[Runtime, Person, Mapping[str, Sequence[str]], str], Mapping[str, Any]]
"""What the table draws of a link for a person, with times in a zone."""
_SERVER: Final = uuid4().hex


@dataclass(frozen=True)
class Question:
    """`known` is the state of which the browser has these rows; `early` ones nobody waits for yet."""

    link: Mapping[str, Sequence[str]]
    zone: str = ""
    language: str = ""
    known: str = ""
    early: bool = False


def route(get: Callable[[], Runtime], claims: Claims, rows: Rows) -> Callable[[Request], Awaitable[Response]]:
    """Answers `{"state", ...}` with what `rows` gives, without it where the browser knows this state.

    403 to who may not see the desk, 400 garbled, 413 oversized, 503 when the store cannot be read or too much is asked early.
    """
    leisure = Leisure()

    async def listing(request: Request) -> Response:
        path, body = request.url.path, await bodies.read(request, LARGEST)
        if body is None:
            return told(path, WebReason.TOO_LARGE(limit=LARGEST), 413)
        question = _question(body)
        if question is None:
            return told(path, WebReason.GARBLED(), 400)

        async def answered() -> Response:
            with speaking(languages.speech_of(languages.understood([question.language]))):
                return await run_in_threadpool(_answer, get(), lambda: claims(request.headers), question, rows, path)

        answer = await leisure.done(answered) if question.early else await answered()
        return answer or told(path, WebReason.BUSY(), 503)

    return listing


def _answer(desk: Runtime, claims: Callable[[], Mapping[str, object]], question: Question, rows: Rows, path: str) -> Response:
    def drawn(person: Person) -> Mapping[str, Any]:
        state = _state(desk, person)
        known = state == question.known
        return {"state": state, **({} if known else rows(desk, person, question.link, question.zone))}

    return asked.answered(desk, claims, path, drawn)


def _state(desk: Runtime, person: Person) -> str:
    """While it stays, so do the rows of every link: read before they are, it can only be too old. They tell time in minutes."""
    return f"{_SERVER} {desk.store.changes} {desk.now():%j %H:%M} {person.role} {speech().language}"


def _question(body: bytes) -> Question | None:
    try:
        match json.loads(body):
            case {"link": dict(link), **said} if all(_texts(one) for one in link.values()):
                zone, language, known = (str(said.get(name, "")) for name in ("zone", "language", "known"))
                return Question(link, zone, language, known, said.get("early") is True)
    except ValueError:
        pass
    return None


def _texts(said: object) -> bool:
    return isinstance(said, list) and all(isinstance(one, str) for one in said)
