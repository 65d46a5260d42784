"""python -m tests.cluster.acting PORT: an app server without pages; clerks reach its services over HTTP, and what they say is JSON."""

import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.routing import Route

from core import config
from core.domain.errors import ShipdeskError, Unavailable
from core.domain.history import ChangeSource
from core.runtime import Runtime, open_runtime
from core.services import importing, uploading
from core.services.importing import FileOrder, ShopHome
from core.services.shipments import invoices, requests, scan, undo
from core.services.shipments.changes import Actor, Request
from core.services.shipments.invoices import Entry
from core.services.shipments.scan import Scan, ScanDesk, ScanVerdict
from core.services.tracking import polling
from core.web.edge import Edge
from core.web.routes import routes
from tests.builders import staff

SAVED = (ScanVerdict.REGISTERED, ScanVerdict.CONFIRMED, ScanVerdict.UNCHANGED)
Said = dict[str, Any]
PERSON: ContextVar[str] = ContextVar("person", default="")


def register(desk: Runtime, asked: Said, request: Request) -> Said:
    """One number, from the form."""
    invoices.register(desk.store, desk.rules, asked["shipment_no"], Entry("cj", asked["number"]), request=request)
    return {"done": True}


def scanned(desk: Runtime, asked: Said, request: Request) -> Said:
    """The same, from the scanner."""
    result = scan.register(
        desk.store, desk.rules, Scan(asked["shipment_no"], asked["number"], "cj"), ScanDesk(), request=request
    )
    return {"done": result.verdict in SAVED, "message": result.message}


def upload(desk: Runtime, asked: Said, request: Request) -> Said:
    """A workbook of numbers; a repeated one is known by its key."""
    if not requests.written(desk.store, str(request.request_key)):
        rows = [(place, shipment_no, "CJ", number) for place, (shipment_no, number) in enumerate(asked["rows"], 2)]
        sheet = uploading.typed_sheet(f"{asked['key']}.xlsx", rows)
        preview = uploading.judge_sheet(sheet, desk.rules, desk.store, modify=False, request=request)
        result = uploading.register(desk.store, desk.rules, preview, modify=False, request=request)
        return {"done": result.registered == len(rows), "message": result.message}
    return {"done": True}


def bring_in(desk: Runtime, asked: Said, request: Request) -> Said:
    """A file of new shipments."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{asked['key']}.csv"
        file.write_text(asked["text"], encoding="utf-8")
        home = ShopHome(desk.settings.zone, desk.settings.home)
        report = importing.import_file(desk.store, desk.rules, FileOrder(file), dry_run=False, request=request, shop=home)
    return {"done": report.verdict == "imported", "message": report.message}


def take_back(desk: Runtime, asked: Said, request: Request) -> Said:
    """Undoes what was written under an earlier key."""
    if requests.written(desk.store, str(request.request_key)):
        return {"done": True}
    written = requests.written(desk.store, asked["undoes"])
    answers = undo.undo(desk.store, written.batch_id, request=request, home="KR") if written else []
    return {"done": bool(answers) and not any(one.stayed for one in answers), "message": str([str(a.stayed) for a in answers])}


def refresh(desk: Runtime, asked: Said, request: Request) -> Said:
    """Asks the services about what is due."""
    return {"done": True, "message": polling.refresh_due(desk.tracker, limit=20).message}


def look(desk: Runtime, asked: Said, request: Request) -> Said:
    """Whether the list, from the copy of this server, has what its person just wrote."""
    found = desk.store.figures.rows("SELECT invoice_no FROM shipment WHERE shipment_no = $no", {"no": asked["shipment_no"]})
    return {"done": found == [{"invoice_no": asked["number"]}]}


ACTS: dict[str, Callable[[Runtime, Said, Request], Said]] = {
    "register": register,
    "scan": scanned,
    "upload": upload,
    "import": bring_in,
    "undo": take_back,
    "refresh": refresh,
    "look": look,
}
SOURCES = {"scan": ChangeSource.SCAN, "upload": ChangeSource.UPLOAD, "import": ChangeSource.IMPORT}


def answering(desk: Runtime, port: int) -> Callable[[HttpRequest], Awaitable[JSONResponse]]:
    """Answers 200 with what was done, 409 with why it was refused, 503 where it cannot be done now; anything else is a fault."""

    def done(name: str, asked: Said) -> tuple[int, Said]:
        PERSON.set(asked["person"])
        by = Actor(staff(asked["person"]), SOURCES.get(name, ChangeSource.FORM))
        request = Request(by, datetime.fromisoformat(asked["at"]), request_key=asked["key"])
        try:
            return 200, ACTS[name](desk, asked, request)
        except Unavailable as error:
            return 503, {"message": str(error)}
        except ShipdeskError as error:
            return 409, {"message": str(error)}

    async def answer(request: HttpRequest) -> JSONResponse:
        code, said = await run_in_threadpool(done, request.path_params["name"], await request.json())
        return JSONResponse({**said, "server": port}, status_code=code)

    return answer


def main(port: int) -> None:
    """Serves until it is killed."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        desk = open_runtime(config.load(), f"http://127.0.0.1:{port}")
        desk.store.asker = PERSON.get
        desk.refresher.start()
        app = Starlette(
            routes=[Route("/act/{name}", answering(desk, port), methods=["POST"]), *routes(lambda: desk)],
            middleware=[Middleware(Edge, get=lambda: desk)],
        )
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        server.run(sockets=[listening])
        desk.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
