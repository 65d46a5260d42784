"""Tracking as people see it: an outage and its end, a parcel that travels while one watches, a rule that changes at once."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from core.carriers.rules import load
from core.domain.invoice_number import complete
from tests.choosing import choose

NUMBER = complete(load().carriers["cj"], "63881234567")
WRONG = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 7)
IN_TIME = 45_000


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own whose demo parcels travel ten thousand times as fast as real ones, and one service that fails at first."""
    database: Path = tmp_path_factory.mktemp("carriers") / "shipping.duckdb"
    settings = {"SHIPDESK_DB": str(database), "SHIPDESK_DEMO_SHIPMENTS": "1200", "SHIPDESK_USER": "Hana Seo"}
    sandbox = {
        "SHIPDESK_SANDBOX": "on",
        "SHIPDESK_SANDBOX_SPEED": "10000",
        "SHIPDESK_SANDBOX_FAULT": "tracker_delivery=failing",
        "SHIPDESK_SANDBOX_SECRET": "let-me",
    }
    return serve("app.py", settings | sandbox)


def let(base: str, fault: str) -> None:
    """Tells the sandbox how to answer as tracker.delivery."""
    body = json.dumps({"service": "tracker_delivery", "fault": fault}).encode()
    shown = {"Authorization": "Bearer let-me"}
    with urlopen(Request(f"{base}/sandbox/faults", body, shown, method="POST")) as answer:
        assert answer.status == 200


def line(page: Page, company: str) -> Locator:
    return page.locator(".st-key-carriers tbody tr").filter(has_text=company)


def waiting(page: Page, base: str) -> Locator:
    """The drawer of a shipment that waits for its invoice."""
    page.goto(f"{base}/?tab=preparing&sort=in_status&dir=asc")
    page.locator("tbody tr").filter(has=page.locator('[data-control="register"]')).first.locator(
        '[data-control="open"]'
    ).click()
    return page.get_by_role("dialog")


def fill(dialog: Locator, number: str) -> None:
    choose(dialog, "Shipping company", "CJ Logistics")
    dialog.get_by_label("Invoice No.").fill(number)
    dialog.get_by_role("button", name="Register invoice").click()


def delivered(page: Page) -> int:
    option = page.get_by_role("radio", name=re.compile("^Delivered"))
    return int(re.sub(r"\D", "", option.inner_text()))


def test_a_paused_carrier_is_shown_and_tried_again_on_demand(page: Page, base: str) -> None:
    page.goto(f"{base}/carriers")
    expect(page.get_by_text(re.compile("[0-9]+ carriers paused"))).to_be_visible(timeout=IN_TIME)
    expect(page.get_by_text("keep their last known status")).to_be_visible()
    expect(line(page, "CJ Logistics")).to_contain_text("Paused")
    expect(line(page, "UPS")).to_contain_text("Working")

    line(page, "CJ Logistics").locator('[data-control="open"]').click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("The last try failed")).to_be_visible(timeout=IN_TIME)
    drawer.get_by_role("button", name="View Shipment Details").click()
    expect(drawer.get_by_text("Processed: invoice registered")).to_be_visible()
    page.keyboard.press("Escape")

    let(base, "none")
    line(page, "CJ Logistics").get_by_role("button", name="Retry now").click()
    expect(page.get_by_text("tracker.delivery is asked again now")).to_be_visible()
    expect(line(page, "CJ Logistics")).to_contain_text("Working", timeout=IN_TIME)
    expect(page.get_by_text("carriers paused")).to_have_count(0, timeout=IN_TIME)


def test_a_parcel_travels_while_one_watches_and_the_counts_follow(page: Page, base: str) -> None:
    let(base, "none")
    drawer = waiting(page, base)
    fill(drawer, NUMBER)
    timeline = drawer.get_by_label("Tracking").last
    expect(drawer.locator(".number")).to_have_text(NUMBER)
    before = delivered(page)
    drawer.get_by_role("button", name="View Shipment Details").click()
    drawer.get_by_role("button", name="Refresh tracking").click()
    expect(drawer.get_by_text(re.compile("^Asked (just now|less than)"))).to_be_visible()
    expect(timeline.get_by_label("Status: Shipping")).to_be_visible(timeout=IN_TIME)
    expect(drawer.get_by_text(re.compile("^Asked [0-9]+ s ago · "))).to_be_visible()
    drawer.get_by_role("button", name="History").click()
    expect(drawer.get_by_text(re.compile("^Status .* → Shipping$"))).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("^Delivered"))).not_to_have_text(f"Delivered {before:,}", timeout=IN_TIME)
    assert delivered(page) > before


def test_a_rule_set_to_warn_is_in_force_without_a_restart(page: Page, base: str) -> None:
    drawer = waiting(page, base)
    fill(drawer, WRONG)
    expect(drawer.get_by_text("check digit should be")).to_be_visible()
    expect(drawer.get_by_text("Look once more")).to_have_count(0)

    page.goto(f"{base}/carriers")
    group = page.get_by_role("radiogroup", name="A wrong check digit of CJ Logistics")
    group.get_by_text("Warn").click()
    expect(page.get_by_text("CJ Logistics: a wrong check digit can be confirmed from now on")).to_be_visible()
    expect(page.get_by_text(re.compile("^Hana Seo, "))).to_be_visible()

    drawer = waiting(page, base)
    fill(drawer, WRONG)
    expect(drawer.get_by_text("Look once more")).to_be_visible()
    drawer.get_by_role("button", name="Register invoice").click()
    expect(drawer.locator(".number")).to_have_text(WRONG)
