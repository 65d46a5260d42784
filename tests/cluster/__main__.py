"""python -m tests.cluster [--short]: desks behind nginx on one shop, over a database with a standby, of which one after another is killed.

Clerks register, scan, upload, import, undo and refresh meanwhile, over HTTP. Ends with "N kills, 0 lost, 0 doubled".
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from core.domain.servers import server_of
from tests.cluster.auditing import Told, acts, audit, seconds
from tests.cluster.databases import Databases
from tests.postgres_server import NoServer, free_port
from tests.proxy import NAME, Proxy, chosen, nginx, proxying

ROOT = Path(__file__).parents[2]
CLERKS = 4
ON_WITHIN, WAITED = 10.0, 120.0
STARTS_WITHIN = 180.0
SHORT = 6


@dataclass
class Desks:
    """The app servers by port."""

    settings: dict[str, str]
    log: Path
    running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, port: int) -> None:
        """Starts the one on this port."""
        command = [sys.executable, "-m", "tests.cluster.acting", str(port)]
        with self.log.open("ab") as log:
            self.running[port] = subprocess.Popen(command, cwd=ROOT, env=os.environ | self.settings, stdout=log, stderr=log)

    def wait(self, port: int) -> None:
        """Until it answers."""
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and self.running[port].poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200:
                    return
            time.sleep(0.2)
        raise SystemExit(f"A desk did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self, port: int) -> None:
        """As the system's lack of memory would."""
        self.running[port].kill()
        self.running[port].wait()

    def stop(self) -> None:
        """Ends all."""
        for desk in self.running.values():
            desk.kill()
            desk.wait()


@dataclass
class Crowd:
    """The clerks, and all that they told."""

    told: list[Told] = field(default_factory=list)
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)

    def start(self, addresses: list[str]) -> None:
        """Everybody begins."""
        for number in range(CLERKS):
            command = [sys.executable, "-m", "tests.cluster.clerks", str(number), *addresses]
            clerk = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            self.processes.append(clerk)
            threading.Thread(target=self._hear, args=(clerk,), daemon=True).start()

    def _hear(self, clerk: "subprocess.Popen[str]") -> None:
        assert clerk.stdout
        for line in clerk.stdout:
            self.told.append(json.loads(line))

    def all_at_work_after(self, moment: float) -> float:
        """Seconds from the moment until everybody had something acknowledged that they began after it, or was at it then."""
        deadline = time.time() + WAITED
        while time.time() < deadline:
            first = {
                one["clerk"]: one["ended"] for one in reversed(self.told) if one["kind"] != "wrong" and one["ended"] > moment
            }
            if len(first) == CLERKS:
                return float(max(first.values()) - moment)
            time.sleep(0.1)
        return WAITED

    def stop(self) -> None:
        """Everybody stops at once."""
        for clerk in self.processes:
            clerk.send_signal(signal.SIGINT)
        for clerk in self.processes:
            clerk.wait(timeout=30)


@dataclass
class Cluster:
    """All of it at work. Each kill says what it hit and makes it whole again after work went on."""

    databases: Databases
    desks: Desks
    crowd: Crowd
    dice: random.Random
    late: int = 0

    def a_desk(self) -> str:
        port = self.dice.choice(list(self.desks.running))
        self._timed(f"the desk on {port}", lambda: self.desks.kill(port))
        self.desks.start(port)
        self.desks.wait(port)
        return "a desk"

    def the_database(self) -> str:
        self._timed("the database, started again", self.databases.restart)
        return "the database"

    def the_primary(self) -> str:
        self._timed("the primary, its standby promoted", self.databases.fail_over)
        self.databases.follow()
        return "the primary"

    def _timed(self, what: str, kill: Callable[[], None]) -> None:
        time.sleep(self.dice.uniform(0.5, 2.0))
        moment = time.time()
        kill()
        again = time.time() - moment
        took = self.crowd.all_at_work_after(moment)
        self.late += took > ON_WITHIN
        print(f"killed: {what} within {again:.1f} s; all at work again after {took:.1f} s", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--servers", type=int, default=3, choices=(2, 3))
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--short", action="store_true", help=f"{SHORT} kills, two servers")
    wanted = parser.parse_args()
    if wanted.short:
        wanted.kills, wanted.servers = SHORT, 2
    with tempfile.TemporaryDirectory(prefix="shipdesk-cluster-") as folder:
        Path(folder).chmod(0o755)
        try:
            return run(Path(folder), wanted.kills, wanted.servers, random.Random(wanted.seed))
        except NoServer as error:
            print(error, file=sys.stderr)
            return 1


def run(folder: Path, kills: int, servers: int, dice: random.Random) -> int:
    """So many kills in the folder; 0 when nothing was lost, doubled or wrong."""
    proxy = chosen() if nginx() else None
    databases = Databases(folder)
    desks = Desks(_settings(databases.address), folder / "desks.log")
    try:
        ports = [free_port() for _ in range(servers)]
        for port in ports:  # the first one makes the shop
            desks.start(port)
            desks.wait(port)
        with _before(proxy, ports, folder) as addresses:
            cluster = Cluster(databases, desks, Crowd(), dice)
            _killed(cluster, kills, addresses)
        desks.stop()
        return _told(cluster, kills, folder)
    finally:
        desks.stop()
        databases.stop()


def _killed(cluster: Cluster, kills: int, addresses: list[str]) -> None:
    began = time.time()
    cluster.crowd.start(addresses)
    try:
        cluster.crowd.all_at_work_after(began)
        for number in range(kills):
            turn = (cluster.a_desk, cluster.the_database, cluster.a_desk, cluster.the_primary)[number % 4]
            turn()
    finally:
        cluster.crowd.stop()


def _told(cluster: Cluster, kills: int, folder: Path) -> int:
    told, server = cluster.crowd.told, server_of(cluster.databases.address)
    assert server
    found = audit(server, told, folder)
    wrong = [one for one in told if one["kind"] == "wrong"] + _faults(folder / "desks.log")
    for line in (*wrong[:20], *found.lost[:20], *found.doubled[:20], *found.odd[:20]):
        print(line)
    refused = sum(one["kind"] == "refused" for one in told)
    print(
        f"Acknowledged: {acts(told)}; refused in a sentence: {refused:,}; seen as a fault: {len(wrong)}; odd: {len(found.odd)}"
    )
    print(
        f"Another server without a kill: {_strayed(told)} times; later than {ON_WITHIN:.0f} s: {cluster.late} kills; {seconds(told)}"
    )
    print(f"{kills} kills, {len(found.lost)} lost, {len(found.doubled)} doubled")
    return 1 if found.lost or found.doubled or found.odd or wrong else 0


def _strayed(told: list[Told]) -> int:
    """How often a clerk was answered by another server than before, within less than a second after an answer."""
    last: dict[int, Any] = {}
    count = 0
    for one in sorted(told, key=lambda one: one["ended"]):
        before = last.get(one["clerk"])
        count += bool(before and before["server"] != one["server"] and one["ended"] - before["ended"] < 0.05)
        last[one["clerk"]] = one
    return count


def _faults(log: Path) -> list[Any]:
    """What the desks logged as a fault."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return [line[:300] for line in lines if "Traceback" in line or " at core" in line]


def _settings(address: str) -> dict[str, str]:
    return {
        "SHIPDESK_DB": address,
        "SHIPDESK_DEMO_SHIPMENTS": "200",
        "SHIPDESK_SANDBOX": "on",
        "SHIPDESK_SANDBOX_SPEED": "30",
        "SHIPDESK_HOSTS": NAME,
    }


@contextlib.contextmanager
def _before(proxy: Proxy | None, ports: list[int], folder: Path) -> Iterator[list[str]]:
    """Where clerks go: to nginx, or without it to the desks themselves."""
    if proxy is None:
        print(
            "nginx is not installed: the balancer's part is left out, and clerks go to another desk by themselves.", flush=True
        )
        yield [f"http://127.0.0.1:{port}" for port in ports]
        return
    with proxying(proxy, ports, folder):
        yield [proxy.base]


if __name__ == "__main__":
    sys.exit(main())
