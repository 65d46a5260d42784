"""python -m tests.cluster.clerks NUMBER ADDRESS...: somebody at work over HTTP, who says again under the same key what was not answered.

Prints a line of JSON for each act that was acknowledged, refused or wrong.
"""

import contextlib
import json
import random
import sys
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from core.carriers.rules import load
from core.domain.invoice_number import complete
from tests.proxy import NAME

CJ = load().carriers["cj"]
BROUGHT, UPLOADED, CONTESTED = 12, 3, 3.0
GIVES_UP = 90.0
TIMEOUT = 8.0


class Clerk:
    """One person with a browser of their own: a cookie jar, and an address to go to."""

    def __init__(self, number: int, addresses: list[str]) -> None:
        self.number = number
        self.addresses = deque(addresses)
        self.addresses.rotate(-number)
        self.client = httpx.Client(verify=False, timeout=TIMEOUT, headers={"Host": addresses[0].split("//")[1]})
        self.dice = random.Random(number)
        self.waiting: list[str] = []
        self.undoable: list[tuple[str, str, str]] = []
        self.numbers = self._own_numbers()
        self.turn = 0

    def work(self) -> None:
        """Goes on until its process ends."""
        acts = {self.register: 5, self.scan: 4, self.upload: 2, self.undo: 2, self.contest: 2, self.refresh: 1}
        while True:
            if len(self.waiting) < UPLOADED + 1:
                self.bring_in()
            else:
                self.dice.choices(list(acts), list(acts.values()))[0]()
            time.sleep(self.dice.uniform(0.0, 0.1))

    def bring_in(self) -> None:
        new = [f"K{self.number}-{self.turn:04}-{place:02}" for place in range(BROUGHT)]
        self.turn += 1
        rows = "".join(f"{no},O-{no},2026-11-20,KR\n" for no in new)
        if self.ask("import", text=f"shipment_no,order_no,ordered_at,country\n{rows}", shipments=new):
            self.waiting += new

    def register(self) -> None:
        self._one("register", next(self.numbers))

    def scan(self) -> None:
        self._one("scan", next(self.numbers))

    def contest(self) -> None:
        """A number that others enter at the same moment, each on a shipment of their own: one of them may have it."""
        number = complete(CJ, f"64{int(time.time() / CONTESTED) % 1_000_000_000:09}")
        self._one("register", number)

    def upload(self) -> None:
        rows = [[self.waiting.pop(), next(self.numbers)] for _ in range(UPLOADED)]
        self.ask("upload", rows=rows)

    def undo(self) -> None:
        if self.undoable:
            key, shipment_no, _ = self.undoable.pop(self.dice.randrange(len(self.undoable)))
            if self.ask("undo", undoes=key):
                self.waiting.append(shipment_no)

    def refresh(self) -> None:
        self.ask("refresh")

    def _one(self, act: str, number: str) -> None:
        shipment_no = self.waiting.pop()
        key = self.ask(act, shipment_no=shipment_no, number=number, rows=[[shipment_no, number]])
        if not key:
            self.waiting.insert(0, shipment_no)
            return
        self.undoable.append((key, shipment_no, number))
        self.ask("look", shipment_no=shipment_no, number=number)

    def ask(self, act: str, **asked: Any) -> str:
        """The key of what was done; "" when it was refused. Asks until there is an answer."""
        key, began = uuid4().hex, time.time()
        said = {"key": key, "person": f"Clerk {self.number}", "at": datetime.now(UTC).isoformat(), **asked}
        while time.time() - began < GIVES_UP:
            answer = self._answer(act, said)
            if answer is None or answer.status_code in (502, 503, 504):
                time.sleep(0.1)
                continue
            heard = _heard(answer)
            kind = "done" if heard.get("done") else "refused" if answer.status_code in (200, 409) else "wrong"
            self.tell(kind, act, began, said, heard)
            return key if kind == "done" else ""
        self.tell("wrong", act, began, said, {"message": f"no answer in {GIVES_UP:.0f} s"})
        return ""

    def _answer(self, act: str, said: dict[str, Any]) -> httpx.Response | None:
        where = self.addresses[0].replace(NAME, "127.0.0.1")
        try:
            return self.client.post(f"{where}/act/{act}", json=said, extensions={"sni_hostname": NAME})
        except httpx.TransportError:
            self.addresses.rotate(-1)
            return None

    def tell(self, kind: str, act: str, began: float, said: dict[str, Any], heard: dict[str, Any]) -> None:
        told = {"kind": kind, "act": act, "began": began, "ended": time.time(), "clerk": self.number}
        kept = {name: said[name] for name in ("key", "rows", "shipments", "undoes") if name in said}
        print(json.dumps(told | kept | {"server": heard.get("server"), "message": heard.get("message", "")}), flush=True)

    def _own_numbers(self) -> Iterator[str]:
        for n in range(1_000_000):
            yield complete(CJ, f"65{self.number:02}{n:07}")


def _heard(answer: httpx.Response) -> dict[str, Any]:
    try:
        heard: dict[str, Any] = answer.json()
        return heard
    except ValueError:
        return {"message": f"{answer.status_code} {answer.text[:200]}"}


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        Clerk(int(sys.argv[1]), sys.argv[2:]).work()
