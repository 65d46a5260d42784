"""A PostgreSQL server with a standby that has everything before it is acknowledged; either may end, and the other goes on."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tests.postgres_server import NoServer, Server, free_port

SHOP = "shop"
SETTINGS = {"wal_retrieve_retry_interval": "200ms", "max_connections": "200", "hot_standby": "on"}
WAITS = 90.0


class Databases:
    """Two servers in a folder: `primary` is written to, `standby` follows it."""

    def __init__(self, folder: Path) -> None:
        self.primary = Server(folder / "one", SETTINGS, free_port())
        self.standby = Server(folder / "two", SETTINGS, free_port())
        self.primary.make()
        self.primary.start()
        self.primary.create_database(SHOP)
        self._ports = self.primary.port, self.standby.port
        self._password = self.primary.password
        self.follow()

    @property
    def address(self) -> str:
        """Where the shop is, whichever of them is written to."""
        one, two = self._ports
        return f"postgresql://shipdesk:{self._password}@127.0.0.1:{one},127.0.0.1:{two}/{SHOP}"

    def restart(self) -> None:
        """The primary is killed and started again."""
        self.primary.kill()
        self.primary.start()

    def fail_over(self) -> None:
        """The primary is killed for good, and the standby takes its place."""
        self.primary.kill()
        self.primary, self.standby = self.standby, self.primary
        self.primary.promote()
        self._synchronous("")

    def follow(self) -> None:
        """A new standby in the place of the one that there is not; from when it follows, a commit waits for it."""
        self.standby.stop("immediate")
        shutil.rmtree(self.standby.folder, ignore_errors=True)
        port = self.standby.port
        self.standby = self.primary.standby(self.standby.folder)
        self.standby.port = port
        self.standby.start()
        self._synchronous("*")
        _until(lambda: self.is_followed)

    @property
    def is_followed(self) -> bool:
        """Whether everything that is acknowledged is on the standby too."""
        try:
            return self.primary.asked(self.primary.url(), "SELECT sync_state FROM pg_stat_replication") == "sync"
        except NoServer:
            return False

    def stop(self) -> None:
        """Ends both."""
        for server in (self.standby, self.primary):
            server.stop("immediate")

    def _synchronous(self, names: str) -> None:
        for sql in (f"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "SELECT pg_reload_conf()"):
            self.primary.asked(self.primary.url(), sql)


def _until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAITS
    while not there():
        if time.monotonic() > deadline:
            raise NoServer("The standby does not follow.")
        time.sleep(0.2)
