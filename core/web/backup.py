"""POST /backup: a backup of the running desk for the command line, which knows the secret beside the database."""

import json
import secrets
import ssl
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request as Asked
from urllib.request import urlopen

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.domain.errors import ShipdeskError, Unavailable
from core.runtime import Runtime
from core.services.keeping import backups
from core.services.keeping.presence import Presence
from core.services.keeping.reasons import KeepingFault

PATH = "/backup"
LARGEST = 16 * 1024
ANSWERS_WITHIN = 3600.0


def route(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """Answers 200 once the backup that {"file": ...} names is written and checked, 409 why it was not, 404 without the secret."""

    async def backup(request: Request) -> Response:
        at, said = get(), request.headers.get("authorization", "")
        presence = at.presence
        if presence is None or not secrets.compare_digest(said.encode(), _proof(presence).encode()):
            return JSONResponse({"message": "There is nothing here."}, status_code=HTTPStatus.NOT_FOUND)
        file = await _file(request)
        if file is None:
            return JSONResponse(
                {"message": 'Send JSON such as {"file": "/a/copy.duckdb"}.'}, status_code=HTTPStatus.BAD_REQUEST
            )
        try:
            # Whoever knows the secret may read the database itself.
            await run_in_threadpool(backups.write_to, at.store, file, person=at.settings.local)
        except ShipdeskError as error:
            return JSONResponse({"message": str(error)}, status_code=HTTPStatus.CONFLICT)
        return JSONResponse({"file": str(file)})

    return backup


def ask(presence: Presence, file: Path) -> None:
    """Has the running desk write its backup to the file. Raises Unavailable with its reason, or when it does not answer."""
    body = json.dumps({"file": str(file.absolute())}).encode()
    headers = {"authorization": _proof(presence), "content-type": "application/json"}
    own = ssl.create_default_context()
    # It is this machine's own desk, whose certificate names another host.
    own.check_hostname, own.verify_mode = False, ssl.CERT_NONE
    try:
        with urlopen(Asked(presence.url + PATH, body, headers), timeout=ANSWERS_WITHIN, context=own) as answer:
            answer.read(LARGEST)
    except HTTPError as error:
        raise Unavailable(_told(error) or KeepingFault.NO_ANSWER(url=presence.url)) from error
    except (URLError, OSError) as error:
        raise Unavailable(KeepingFault.NO_ANSWER(url=presence.url)) from error


def _told(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read(LARGEST))["message"]) if error.code == HTTPStatus.CONFLICT else ""
    except (ValueError, KeyError, TypeError):
        return ""


def _proof(presence: Presence) -> str:
    return f"Bearer {presence.secret}"


async def _file(request: Request) -> Path | None:
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST:
        return None
    try:
        file = Path((await request.json())["file"])
    except (ValueError, KeyError, TypeError):
        return None
    return file if file.is_absolute() else None
