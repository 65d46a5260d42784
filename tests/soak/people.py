"""People at work in sessions of their own: what each does, one act after another, until the desk closes."""

import asyncio
import io
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
from openpyxl import Workbook

from tests.line import NotShown
from tests.sessions import Session
from tests.soak.shop import Shop

LIST, SCANNED, LAST_TEN = "shipments", "scan_boxes", "last_ten"
UPLOADED, IMPORTED = 20, 100
TABS = ("Preparing to Release", "In delivery", "Shipping failed", "Delivered")
_WRITTEN, _NOT_WRITTEN = "The backup is written and checked", "No backup was written"
Act = Callable[[], Awaitable[None]]


class Somebody:
    """One person with a session."""

    def __init__(self, shop: Shop, name: str) -> None:
        self.shop, self.name = shop, name
        self.dice = random.Random(name)
        self.session = Session(shop.address, longest=shop.longest)

    def acts(self) -> dict[Act, int]:
        """What this person does, and how often beside the rest."""
        raise NotImplementedError

    async def work(self, until: float) -> None:
        """Goes on with the acts of this person until that moment of the monotonic clock."""
        await asyncio.sleep(self.dice.uniform(0, self.shop.think))
        await self.session.open()
        acts = self.acts()
        while time.monotonic() < until:
            await self.do(self.dice.choices(list(acts), list(acts.values()))[0])
            await asyncio.sleep(self.dice.expovariate(1 / self.shop.think))
        await self.session.close()

    async def do(self, act: Act) -> None:
        """One act, with what it found wrong; after a failure the page is loaded anew."""
        try:
            with self.shop.timed(act.__name__):
                await act()
        except (NotShown, httpx.HTTPError) as error:
            self._note(act, f"{type(error).__name__}: {error}")
            with suppress(NotShown, httpx.HTTPError):
                await self.session.follow("/shipments")
        for said in (*self.session.errors, *self._shown()):
            self._note(act, said)
        self.session.errors.clear()

    def _note(self, act: Act, said: str) -> None:
        self.shop.errors.append(f"{self.name}, {act.__name__}: {said[:400]}")

    def _shown(self) -> list[str]:
        """Errors of the desk that stand on the page."""
        return [words for words in ("This could not be", "could not be loaded") if self.session.says(words)]

    async def turn_to(self, title: str) -> None:
        """Goes to the page by the navigation, unless it is open."""
        if self.session.path != f"/{title.lower()}":
            await self.session.turn_to(title)


class Clerk(Somebody):
    """Registers, looks up, follows."""

    def acts(self) -> dict[Act, int]:
        pages = {self.overview: 1, self.delays: 1, self.carriers: 1}
        return {self.tab: 8, self.turn: 2, self.search: 3, self.link: 2, self.drawer: 4, self.scan: 5, **pages}

    async def tab(self) -> None:
        await self.turn_to("Shipments")
        await self.session.press("tab", self.dice.choice(TABS))
        await self.session.until(self._rows)

    async def turn(self) -> None:
        await self.tab()
        pages = self.session.shown("pagination", "page").widget.num_pages
        number = self.dice.randint(1, min(pages, 20))
        await self.session.turn_page("page", number)
        await self.session.until(self._rows)

    async def search(self) -> None:
        """A number that was registered a while ago, typed into the box."""
        if self.shop.acknowledged:
            shipment_no, _, _ = self.dice.choice(self.shop.acknowledged)
            await self.turn_to("Shipments")
            await self.session.type("q", shipment_no)
            await self.session.until(lambda: all(row["id"] == shipment_no for row in self._rows()))
            await self.session.type("q", "")
            await self.session.until(self._rows)

    async def link(self) -> None:
        """A colleague's link to a number that was registered a while ago."""
        if self.shop.acknowledged:
            shipment_no, number, _ = self.dice.choice(self.shop.acknowledged)
            await self.session.follow("/shipments", tab="all", key="invoice_no", q=number)
            await self.session.until(shipment_no)
            await self.session.follow("/shipments")

    async def drawer(self) -> None:
        await self.tab()
        row = self.dice.choice(self._rows()[:10])
        await self.session.happen(LIST, "event", {"name": "open", "id": row["id"]})
        await self.session.until(lambda: self.session.dialog(row["id"]))
        await asyncio.sleep(self.dice.uniform(0, self.shop.think))
        await self.session.dismiss()
        await self.session.until(lambda: not self.session.dialog(row["id"]))

    async def scan(self) -> None:
        await self.turn_to("Register")
        shipment_no, number = self.shop.waiting.pop(), next(self.shop.numbers)
        await self._scanned({"kind": "look", "first": shipment_no, "second": ""})
        answer = await self._scanned({"kind": "save", "first": shipment_no, "second": number})
        if answer["verdict"] != "registered":
            raise NotShown(f"{number} on {shipment_no} is {answer['verdict']}: {answer['message']}")
        await self.session.until(lambda: shipment_no in str(self.session.data(LAST_TEN)))
        self.shop.heard((shipment_no, number))

    async def overview(self) -> None:
        await self._page("Overview", "On-time delivery")

    async def delays(self) -> None:
        await self._page("Delays", "Where the hours")

    async def carriers(self) -> None:
        await self._page("Carriers", "Practice carrier")

    async def _page(self, title: str, word: str) -> None:
        await self.turn_to(title)
        await self.session.until(word)

    async def _scanned(self, job: dict[str, Any]) -> dict[str, Any]:
        """The desk's answer to one scan; what is not answered goes along each time."""
        told = {"id": uuid4().hex, "carrier": "", "agreed": False, "confirmed": False, **job}
        session = self.session.data(SCANNED)["session"]
        await self.session.tell(SCANNED, "queue", {"session": session, "jobs": [told]})

        def answers() -> list[dict[str, Any]]:
            return [one for one in self.session.data(SCANNED).get("answers", ()) if one["id"] == told["id"]]

        await self.session.until(answers)
        return answers()[0]

    def _rows(self) -> list[dict[str, Any]]:
        return list(self.session.data(LIST).get("rows", ()))


class Uploader(Somebody):
    """Brings workbooks of invoices."""

    def acts(self) -> dict[Act, int]:
        return {self.upload: 1}

    async def upload(self) -> None:
        filled = [(self.shop.waiting.pop(), next(self.shop.numbers)) for _ in range(UPLOADED)]
        await self.turn_to("Upload")
        if self.session.find("button", "upload:another"):
            await self.session.press("upload:another")
        await self.session.upload("Drop the file here", _workbook(filled), f"{uuid4().hex}.xlsx")
        await self.session.press(f"Register {UPLOADED} shipments")
        await self.session.until(f"{UPLOADED} shipments registered")
        self.shop.heard(*filled)


class Manager(Somebody):
    """Imports new shipments and writes backups."""

    def acts(self) -> dict[Act, int]:
        return {self.bring_in: 2, self.back_up: 1}

    async def bring_in(self) -> None:
        numbers = [f"IMP-{uuid4().hex[:10].upper()}-{n}" for n in range(IMPORTED)]
        lines = ["shipment_no,order_no,ordered_at,country,recipient,address"]
        lines += [f"{no},O-{no},2026-11-20T10:00:00+09:00,KR,Hana Seo,12 Byeolbit-ro" for no in numbers]
        await self.turn_to("Data")
        await self.session.upload("Drop any file", "\n".join(lines).encode(), "orders.csv")
        await self.session.press(f"Import {IMPORTED} shipments")
        await self.session.until(lambda: self.session.find("button", "Import another file"))
        at = datetime.now(UTC)
        self.shop.imported += [(no, at) for no in numbers]
        self.shop.waiting[:0] = numbers
        await self.session.press("Import another file")

    async def back_up(self) -> None:
        await self.turn_to("Data")
        await self.session.press("Write a backup")
        await self.session.until(lambda: any(map(self.session.says, (_WRITTEN, _NOT_WRITTEN))))
        if self.session.says(_NOT_WRITTEN):
            raise NotShown(_NOT_WRITTEN)


def _workbook(filled: list[tuple[str, str]]) -> bytes:
    book = Workbook()
    for line in (("Shipment No.", "Shipping company", "Invoice No."), *((no, "CJ Logistics", number) for no, number in filled)):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
