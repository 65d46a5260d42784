"""People who press one thing after another at the desk, or at an empty page: each press timed to the end of the server's answer."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs

import httpx

from core.domain.labels import TABS
from core.domain.shipment import Tab
from tests.line import NotShown
from tests.sessions import Session
from tests.soak.people import UPLOADED, Uploader
from tests.soak.shop import Shop

Press = Callable[[], Awaitable[None]]
_LIST, _BOXES = "shipments", "scan_boxes"
_TABS = {tab: TABS[tab] for tab in (Tab.PREPARING, Tab.DELIVERY, Tab.DELIVERED)}
_SORTS = ("ordered_at", "recipient", "in_status")
_LONGEST = 60.0


@dataclass
class Clicks:
    """Milliseconds of every press by its name, while `counted`; what failed."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    counted: bool = False

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """One press until its answer is there."""
        started = time.perf_counter()
        yield
        if self.counted:
            self.milliseconds[name].append((time.perf_counter() - started) * 1000)


class Clicker:
    """One person, `think` seconds between two clicks on average."""

    def __init__(self, base: str, clicks: Clicks, think: float, name: str) -> None:
        self.base, self.clicks, self.think = base, clicks, think
        self.dice = random.Random(name)
        self.session = Session(base, longest=_LONGEST)

    async def work(self, over: asyncio.Event) -> None:
        """Clicks until it is over."""
        await self._think()
        await self.session.open()
        presses = self.presses()
        while not over.is_set():
            await self._think()
            try:
                await self.dice.choices(list(presses), list(presses.values()))[0]()
            except (NotShown, httpx.HTTPError) as error:
                self.clicks.errors.append(f"{type(error).__name__}: {error}"[:200])
                await self.session.follow(self.session.path)
            self.clicks.errors += self.session.errors
            self.session.errors.clear()
        await self.session.close()

    def presses(self) -> dict[Press, int]:
        """What is pressed, and how often beside the rest."""
        raise NotImplementedError

    async def _think(self) -> None:
        await asyncio.sleep(self.dice.uniform(0.5, 1.5) * self.think)


class AtTheDesk(Clicker):
    """A clerk: mostly the list, at times a shipment or another page."""

    def presses(self) -> dict[Press, int]:
        return {self.tab: 8, self.page: 4, self.sort: 2, self.search: 4, self.shipment: 4, self.scan: 3, self.elsewhere: 2}

    async def tab(self) -> None:
        await self._to("Shipments")
        shown = parse_qs(self.session.query).get("tab", [Tab.PREPARING])[0]
        name = self.dice.choice([name for tab, name in _TABS.items() if tab != shown])
        await self._asks("tab", lambda: self.session.press("tab", name))

    async def page(self) -> None:
        await self._to("Shipments")
        pager = self.session.find("pagination", "page")
        if pager is None or pager.widget.num_pages < 2:
            await self.tab()
            return
        shown = parse_qs(self.session.query).get("page", ["1"])[0]
        number = self.dice.choice([n for n in range(1, min(pager.widget.num_pages, 40) + 1) if str(n) != shown])
        await self._asks("page of the list", lambda: self.session.turn_page("page", number))

    async def sort(self) -> None:
        await self._to("Shipments")
        if self._rows():
            by = {"name": "sort", "id": self.dice.choice(_SORTS)}
            await self._asks("sort", lambda: self.session.happen(_LIST, "event", by))

    async def search(self) -> None:
        """A number of the list is looked up, and the list comes back."""
        await self._to("Shipments")
        if rows := self._rows():
            number = self.dice.choice(rows)["id"]
            await self._asks("search", lambda: self.session.type("q", number))
            await self._think()
            await self._asks("end of a search", lambda: self.session.type("q", ""))

    async def shipment(self) -> None:
        await self._to("Shipments")
        if rows := self._rows():
            number = self.dice.choice(rows)["id"]
            with self.clicks.timed("open a shipment"):
                await self.session.happen(_LIST, "event", {"name": "open", "id": number})
                await self.session.until(lambda: self.session.dialog(number))
            await self._think()
            with self.clicks.timed("close a shipment"):
                await self.session.dismiss()
                await self.session.until(lambda: not self.session.dialog(number))

    async def scan(self) -> None:
        """A shipment number is scanned and looked up, as before every registration."""
        known = [row["id"] for row in self._rows()] or ["S261126-00005"]
        await self._to("Register")
        session = self.session.data(_BOXES)["session"]
        job = {
            "id": self.dice.randbytes(16).hex(),
            "kind": "look",
            "first": self.dice.choice(known),
            "second": "",
            "carrier": "",
        }
        with self.clicks.timed("scan"):
            await self.session.tell(_BOXES, "queue", {"session": session, "jobs": [job]})
            await self.session.until(lambda: job["id"] in str(self.session.data(_BOXES).get("answers")))

    async def elsewhere(self) -> None:
        await self._to(self.dice.choice(("Overview", "Delays", "Carriers")))

    async def _to(self, title: str) -> None:
        if self.session.path != f"/{title.lower()}":
            with self.clicks.timed(f"to {title}"):
                await self.session.turn_to(title)
            await self._think()

    async def _asks(self, name: str, press: Press) -> None:
        """A press in the list: its answer is another link."""
        link = self.session.query
        with self.clicks.timed(name):
            await press()
            await self.session.until(lambda: self.session.query != link)

    def _rows(self) -> list[dict[str, str]]:
        return list(self.session.data(_LIST).get("rows", ()))


class AtAnEmptyPage(Clicker):
    """Presses the one button of a page that has nothing else."""

    def presses(self) -> dict[Press, int]:
        return {self.again: 1}

    async def again(self) -> None:
        with self.clicks.timed("empty rerun"):
            await self.session.press("Again")


async def crowd(kind: type[Clicker], base: str, people: int, seconds: float, think: float, shop: Shop | None = None) -> Clicks:
    """So many people for so long, after all of them have come; with a shop somebody uploads workbooks of what waits there beside them."""
    clicks, over = Clicks(), asyncio.Event()
    working = [asyncio.create_task(kind(base, clicks, think, f"{kind.__name__} {n}").work(over)) for n in range(people)]
    uploading = asyncio.create_task(_upload(shop, over)) if shop else None
    await asyncio.sleep(3 * think)
    clicks.counted = True
    await asyncio.sleep(seconds)
    clicks.counted = False
    over.set()
    await asyncio.gather(*working, *([uploading] if uploading else []))
    clicks.errors += shop.errors if shop else ()
    return clicks


async def _upload(shop: Shop, over: asyncio.Event) -> None:
    uploader = Uploader(shop, f"uploader {next(_uploaders)}")
    await uploader.session.open()
    while not over.is_set() and len(shop.waiting) >= UPLOADED:
        await uploader.do(uploader.upload)
    if not over.is_set():
        shop.errors.append("too few shipments of this shop wait: the uploads ended before the clicks did")
    await uploader.session.close()


_uploaders = count()
