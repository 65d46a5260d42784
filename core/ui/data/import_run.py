"""An import on its way: a thread of the server does it, whoever looks, and the person who began it finds it again in any tab."""

import threading

from core.domain.history import ChangeSource
from core.runtime import Runtime
from core.services import importing
from core.services.importing import ColumnMapping, FileKind, ImportReport, RecognisedFile
from core.services.shipments.changes import Request
from core.ui.kit import messages, unfinished, visitors, who


class ImportRun:
    """One import: how far it is, and in the end its report, or why there is none, or that it was `cancelled`."""

    def __init__(self, runtime: Runtime, taken: RecognisedFile, mapping: ColumnMapping, request: Request) -> None:
        self.name, self.request_key, self.share, self.phase = taken.file.source.name, request.request_key or "", 0.0, ""
        self.report: ImportReport | None = None
        self.trouble = ""
        self.over, self._stop = threading.Event(), importing.Stop()
        self.cancelled = False
        work = visitors.taken_along(lambda: self._work(runtime, taken, mapping, request))
        threading.Thread(target=work, name="import", daemon=True).start()

    def _work(self, runtime: Runtime, taken: RecognisedFile, mapping: ColumnMapping, request: Request) -> None:
        try:
            report = importing.run(
                runtime.store,
                runtime.rules,
                taken.file.source,
                mapping,
                request=request,
                zone=runtime.settings.zone,
                home=runtime.settings.home,
                progress=self._heard,
                stop=self._stop,
            )
            self.report = importing.told(report, taken)
            if taken.kind is not FileKind.ORDERS and taken.kind is not FileKind.OWN:
                importing.keep_mapping(runtime.store, taken.file.source, mapping, request=request)
        except importing.Stopped:
            self.cancelled = True
        except Exception as error:
            self.trouble = messages.why(error)
        self.over.set()

    def cancel(self) -> None:
        """Ends it where it is, in the middle of a statement, too: nothing is written then. What is saved already stays."""
        self._stop.press()

    def _heard(self, share: float, phase: str) -> None:
        self.share, self.phase = min(1.0, share), phase


def start(runtime: Runtime, taken: RecognisedFile, mapping: ColumnMapping, request_key: str) -> None:
    """Begins an import of this person, unless one is on its way."""
    run = of(runtime)
    if run is None or run.over.is_set():
        unfinished.goes_on(runtime, request_key)
        request = Request(who.actor(runtime, ChangeSource.IMPORT), runtime.now(), request_key=request_key)
        runtime.imports[request.by.name] = ImportRun(runtime, taken, mapping, request)


def of(runtime: Runtime) -> ImportRun | None:
    """The last import of this person, on its way or over, until it is forgotten."""
    run: ImportRun | None = runtime.imports.get(who.person(runtime).name)
    return run


def forget(runtime: Runtime) -> None:
    """What came of the last import has been seen; one that is on its way is not forgotten."""
    run = of(runtime)
    if run and run.over.is_set():
        del runtime.imports[who.person(runtime).name]
