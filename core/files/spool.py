"""Tables that wait in a file without a name until they are wanted."""

from collections.abc import Iterator

import pyarrow as pa

from core.domain.errors import Refused
from core.files import refusals
from core.files.opening import unnamed
from core.files.refusals import ReadFault, Unreadable

_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


class Spool:
    """Groups of tables in the order they came; each is in memory only while it is used."""

    def __init__(self) -> None:
        self._starts: list[tuple[int, ...]] = []
        try:
            self._file = unnamed()
        except Unreadable as unreadable:
            raise Refused(refusals.of_import(unreadable)) from unreadable

    def add(self, *tables: pa.Table) -> None:
        """Raises Refused when there is no space for them."""
        starts = []
        try:
            for table in tables:
                starts.append(self._file.tell())
                with pa.ipc.new_stream(self._file, table.schema, options=_PACKED) as stream:
                    stream.write_table(table)
        except OSError as error:
            raise Refused(refusals.of_import(Unreadable(ReadFault.NO_SPACE))) from error
        self._starts.append(tuple(starts))

    def __iter__(self) -> Iterator[tuple[pa.Table, ...]]:
        self._file.flush()
        for starts in self._starts:
            yield tuple(map(self._table, starts))

    def close(self) -> None:
        self._file.close()

    def _table(self, start: int) -> pa.Table:
        self._file.seek(start)
        with pa.ipc.open_stream(self._file) as stream:
            return stream.read_all()
