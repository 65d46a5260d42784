"""People at work in real browser windows beside those in sessions: what only a browser says, such as an error of the page's script."""

import asyncio
import random
import re
import time

from playwright.async_api import Error, Locator, Page, expect

from tests.soak.people import TABS, Act
from tests.soak.shop import LONGEST as SECONDS
from tests.soak.shop import Shop

LONGEST = SECONDS * 1000


class WindowClerk:
    """One person with a window, who looks up and registers, one act after another, until the desk closes."""

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

    def acts(self) -> dict[Act, int]:
        """What this person does, and how often beside the rest."""
        return {self.tab: 8, self.link: 2, self.drawer: 4, self.scan: 5, self.overview: 1, self.delays: 1, self.carriers: 1}

    async def _do(self, act: Act) -> None:
        name = f"{act.__name__} in a window"
        try:
            with self.shop.timed(name):
                await act()
        except (Error, AssertionError) as error:
            self.shop.errors.append(f"{self.name}, {name}: {str(error).splitlines()[0][:200]}")
            await self.page.goto(self.shop.address)
            return
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

    async def tab(self) -> None:
        await self.turn_to("Shipments")
        name = self.dice.choice(TABS)
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
        await self._page("Delays", "Where the hours")

    async def carriers(self) -> None:
        await self._page("Carriers", "Practice carrier")

    async def _page(self, title: str, word: str) -> None:
        await self.turn_to(title)
        await expect(self.page.get_by_text(word).first).to_be_visible(timeout=LONGEST)
