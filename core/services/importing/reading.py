"""The file of an import is read, and whoever waits for it is told how far it is."""

from pathlib import Path

from core.files import read as files
from core.files.confined import AT_ONCE
from core.files.read import Source
from core.services.importing.drafting import Progress
from core.services.importing.reasons import Phase


def read(
    file: Path | bytes,
    name: str = "",
    encoding: str = "",
    progress: Progress | None = None,
    password: str | None = None,
) -> Source:
    """The file's rows (`core.files.read.read`). Raises Refused when it cannot be read as one table, Locked without its password.

    `progress` is called again and again until it is read, also while other files are read first; an error that it raises ends the
    reading.
    """
    tell = progress or (lambda share, phase: None)

    def told(share: float, row: int) -> None:
        tell(share, str(Phase.READING_ROW(row=row) if row else Phase.OPENING()))

    name = name or (file.name if isinstance(file, Path) else "")
    if password is not None:
        file = files.unlocked(file, password)
    return files.read(file, name, encoding, told, lambda: tell(0, str(Phase.WAITING(count=AT_ONCE))))
