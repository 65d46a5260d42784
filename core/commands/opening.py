"""The shop's database, as commands open it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from core.commands.sentences import CommandText
from core.config import Settings
from core.domain.errors import Refused, ShipdeskError
from core.services.keeping import checking, presence
from core.services.keeping.presence import Presence
from core.store.database import Store
from core.store.reasons import StoreFault
from core.store.stores import open_store


def opened(settings: Settings) -> Store:
    """The shop's database, looked at before. Raises Unavailable with all that is to be said of it when it is not whole."""
    if not settings.server:
        checking.require_sound(settings.database, settings.backup_folder, settings.zone)
    return open_store(settings.place, inspected=True)


def require_database(settings: Settings) -> None:
    """Raises Refused where there is no shop yet."""
    if not (settings.server or settings.database.exists()):
        raise Refused(CommandText.NO_DATABASE(path=settings.database))


def opened_or_desk(settings: Settings) -> Store | Presence:
    """The shop's database, or where a desk has it open, how that desk is reached. Raises what `opened` raises where it is neither."""
    try:
        return opened(settings)
    except ShipdeskError as error:
        desk = presence.found(settings.database)
        if error.reason is not StoreFault.OPEN_ELSEWHERE or desk is None:
            raise
        return desk


@contextlib.contextmanager
def opened_or_copied(settings: Settings, folder: Path) -> Iterator[Store]:
    """The shop's database, or where a desk has it open, a copy that the desk makes of it in this folder meanwhile."""
    store = opened_or_desk(settings)
    if not isinstance(store, Store):
        with presence.copied(store, settings.database, folder) as copy:
            yield copy
        return
    try:
        yield store
    finally:
        store.close()
