"""People at work in browser windows of their own: what each does, how long every act takes, what was acknowledged."""

import asyncio
import io
import random
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from openpyxl import Workbook
from playwright.async_api import Error, Locator, Page, expect

from core.carriers.rules import load
from core.domain.invoice_number import complete

CJ = load().carriers["cj"]
LONGEST = 60_000
"""Milliseconds after which an act has failed."""
UPLOADED, IMPORTED = 20, 100


def fresh_numbers() -> Iterator[str]:
    """Invoice numbers that nobody has used."""
    for n in range(100_000, 999_999):
        yield complete(CJ, f"65{n:09}")


@dataclass
class Shop:
    """What all share: where the desk is, what waits, which numbers are free, what was acknowledged, and what went wrong."""

    address: str
    waiting: list[str]
    think: float
    numbers: Iterator[str] = field(default_factory=fresh_numbers)
    acknowledged: list[tuple[str, str, datetime]] = field(default_factory=list)
    imported: list[tuple[str, datetime]] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def heard(self, *registered: tuple[str, str]) -> None:
        """The desk said that these numbers are registered on these shipments."""
        at = datetime.now(UTC)
        self.acknowledged += [(shipment_no, number, at) for shipment_no, number in registered]


class Somebody:
    """One person with a window, who does one thing after another until the desk closes."""

    def __init__(self, shop: Shop, page: Page, name: str) -> None:
        self.shop, self.page, self.name = shop, page, name
        self.dice = random.Random(name)
        page.set_default_timeout(LONGEST)
        page.on("pageerror", lambda error: shop.errors.append(f"{name}, in its window: {error}"))

    async def work(self, until: float) -> None:
        """Goes on with the acts of this person until that moment of the monotonic clock."""
        await self.page.goto(self.shop.address)
        acts = self.acts()
        while time.monotonic() < until:
            await self._do(self.dice.choices(list(acts), list(acts.values()))[0])
            await asyncio.sleep(self.dice.expovariate(1 / self.shop.think))

    def acts(self) -> dict[Callable[[], Awaitable[None]], int]:
        """What this person does, and how often beside the rest."""
        raise NotImplementedError

    async def _do(self, act: Callable[[], Awaitable[None]]) -> None:
        name = act.__name__
        started = time.monotonic()
        try:
            await act()
        except (Error, AssertionError) as error:
            self.shop.errors.append(f"{self.name}, {name}: {str(error).splitlines()[0][:200]}")
            await self.page.goto(self.shop.address)
            return
        self.shop.seconds[name].append(time.monotonic() - started)
        shown = self.page.get_by_text("This could not be").or_(self.page.get_by_text("could not be loaded"))
        if await shown.count():
            self.shop.errors.append(f"{self.name}, {name}: {(await shown.first.inner_text())[:200]}")

    async def turn_to(self, title: str) -> None:
        """Goes to the page by the navigation, unless it is open."""
        if f"/{title.lower()}" not in self.page.url:
            await self.page.get_by_role("link", name=title, exact=True).first.click()
            await expect(self.page).to_have_url(re.compile(title.lower()), timeout=LONGEST)
        await self.settled()

    async def settled(self) -> None:
        """The page is drawn to its end."""
        await expect(self.page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", "notRunning", timeout=LONGEST
        )

    @property
    def rows(self) -> Locator:
        return self.page.locator("tbody tr")


class Clerk(Somebody):
    """Registers, looks up, follows."""

    def acts(self) -> dict[Callable[[], Awaitable[None]], int]:
        return {self.tab: 8, self.link: 2, self.drawer: 4, self.scan: 5, self.overview: 1, self.delays: 1, self.carriers: 1}

    async def tab(self) -> None:
        await self.turn_to("Shipments")
        name = self.dice.choice(("Preparing to Release", "In delivery", "Shipping failed", "Delivered"))
        await self.page.get_by_role("radio", name=re.compile(f"^{name}")).click()
        await self.settled()
        await expect(self.rows.first).to_be_visible(timeout=LONGEST)

    async def link(self) -> None:
        """A colleague's link to a number that was registered a while ago."""
        if self.shop.acknowledged:
            shipment_no, number, _ = self.dice.choice(self.shop.acknowledged)
            await self.page.goto(f"{self.shop.address}/shipments?tab=delivery&key=invoice_no&q={number}")
            await expect(self.page.get_by_text(shipment_no).first).to_be_visible(timeout=LONGEST)
            await self.page.goto(f"{self.shop.address}/shipments")
            await self.settled()

    async def drawer(self) -> None:
        await self.tab()
        row = self.rows.nth(self.dice.randrange(min(10, await self.rows.count())))
        await row.locator('[data-control="open"]').click()
        drawer = self.page.get_by_role("dialog")
        await expect(drawer.get_by_text(re.compile("^Shipment ")).first).to_be_visible(timeout=LONGEST)
        await self.settled()
        await self.page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0, timeout=LONGEST)
        await self.settled()

    async def scan(self) -> None:
        await self.turn_to("Register")
        shipment_no, number = self.shop.waiting.pop(), next(self.shop.numbers)
        await self.page.get_by_label("1 · Shipment No.").focus()
        for text in (shipment_no, number):
            await self.page.keyboard.insert_text(text)
            await self.page.keyboard.press("Enter")
        saved = self.rows.filter(has_text=shipment_no).filter(has_text="Registered")
        await expect(saved).to_contain_text(number, timeout=LONGEST)
        self.shop.heard((shipment_no, number))

    async def overview(self) -> None:
        await self._page("Overview", "On-time delivery")

    async def delays(self) -> None:
        await self._page("Delays", "Where the hours went")

    async def carriers(self) -> None:
        await self._page("Carriers", "Sandbox carrier")

    async def _page(self, title: str, word: str) -> None:
        await self.turn_to(title)
        await expect(self.page.get_by_text(word).first).to_be_visible(timeout=LONGEST)


class Uploader(Somebody):
    """Brings workbooks of invoices."""

    def acts(self) -> dict[Callable[[], Awaitable[None]], int]:
        return {self.upload: 1}

    async def upload(self) -> None:
        filled = [(self.shop.waiting.pop(), next(self.shop.numbers)) for _ in range(UPLOADED)]
        await self.turn_to("Upload")
        again = self.page.get_by_role("button", name="Upload another")
        if await again.count():
            await again.click()
            await self.settled()
        await self.drop(_workbook(filled), f"{uuid4().hex}.xlsx")
        await self.page.get_by_role("button", name=f"Register {UPLOADED} shipments").click()
        await expect(self.page.get_by_text(f"{UPLOADED} shipments registered")).to_be_visible(timeout=LONGEST)
        self.shop.heard(*filled)

    async def drop(self, data: bytes, name: str) -> None:
        await self.page.locator("input[type=file]").first.set_input_files(
            files=[{"name": name, "mimeType": "", "buffer": data}]
        )


class Manager(Uploader):
    """Imports new shipments and writes backups."""

    def acts(self) -> dict[Callable[[], Awaitable[None]], int]:
        return {self.bring_in: 2, self.back_up: 1}

    async def bring_in(self) -> None:
        numbers = [f"IMP-{uuid4().hex[:10].upper()}-{n}" for n in range(IMPORTED)]
        lines = ["shipment_no,order_no,ordered_at,country,recipient,address"]
        lines += [f"{no},O-{no},2026-11-20T10:00:00+09:00,KR,Hana Seo,12 Byeolbit-ro" for no in numbers]
        await self.turn_to("Data")
        await self.drop("\n".join(lines).encode(), "orders.csv")
        await self.page.get_by_role("button", name=f"Import {IMPORTED} shipments").click()
        await expect(self.page.get_by_role("button", name="Import another file")).to_be_visible(timeout=LONGEST)
        at = datetime.now(UTC)
        self.shop.imported += [(no, at) for no in numbers]
        self.shop.waiting[:0] = numbers
        await self.page.get_by_role("button", name="Import another file").click()
        await self.settled()

    async def back_up(self) -> None:
        await self.turn_to("Data")
        await self.page.get_by_role("button", name="Write a backup").click()
        await expect(self.page.get_by_text("The backup is written and checked")).to_be_visible(timeout=LONGEST)


def _workbook(filled: list[tuple[str, str]]) -> bytes:
    book = Workbook()
    for line in (("Shipment No.", "Shipping company", "Invoice No."), *((no, "CJ Logistics", number) for no, number in filled)):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
