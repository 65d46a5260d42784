"""An import on its way: a thread of the server does it, whoever looks, and the person who began it finds it again in any tab."""

import threading
from weakref import WeakKeyDictionary

from core.domain.history import ChangeSource
from core.runtime import Runtime
from core.services import importing
from core.services.importing import ImportReport, Mapping, Source
from core.services.shipments.changes import Actor, Request
from core.ui.kit import messages, unfinished

_runs: WeakKeyDictionary[Runtime, dict[str, "ImportRun"]] = WeakKeyDictionary()


class ImportRun:
    """One import: how far it is, and in the end its report or why there is none."""

    def __init__(self, runtime: Runtime, source: Source, mapping: Mapping, request_key: str) -> None:
        self.name, self.request_key, self.share, self.phase = source.name, request_key, 0.0, ""
        self.report: ImportReport | None = None
        self.trouble = ""
        self.over = threading.Event()
        threading.Thread(target=self._work, args=(runtime, source, mapping), name="import", daemon=True).start()

    def _work(self, runtime: Runtime, source: Source, mapping: Mapping) -> None:
        by = Actor(runtime.settings.user, ChangeSource.IMPORT)
        try:
            self.report = importing.run(
                runtime.store,
                runtime.rules,
                source,
                mapping,
                request=Request(by, runtime.now(), request_key=self.request_key),
                zone=runtime.settings.zone,
                home=runtime.settings.home,
                progress=self._heard,
            )
        except Exception as error:
            self.trouble = messages.why(error)
        self.over.set()

    def _heard(self, share: float, phase: str) -> None:
        self.share, self.phase = min(1.0, share), phase


def start(runtime: Runtime, source: Source, mapping: Mapping, request_key: str) -> None:
    """Begins an import of this person, unless one is on its way."""
    run = of(runtime)
    if run is None or run.over.is_set():
        unfinished.goes_on(request_key)
        _runs.setdefault(runtime, {})[runtime.settings.user] = ImportRun(runtime, source, mapping, request_key)


def of(runtime: Runtime) -> ImportRun | None:
    """The last import of this person, on its way or over, until it is forgotten."""
    return _runs.get(runtime, {}).get(runtime.settings.user)


def forget(runtime: Runtime) -> None:
    """What came of the last import has been seen; one that is on its way is not forgotten."""
    run = of(runtime)
    if run and run.over.is_set():
        del _runs[runtime][runtime.settings.user]
