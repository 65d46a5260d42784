"""Signing in with real providers on loopback: who comes in as what, and that nothing reaches anybody else."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import kept_warm
from tests.signing_in import (
    ACCOUNTS,
    ADMIN,
    PICKER,
    STAFF,
    STRANGER,
    UNVERIFIED,
    VIEWER,
    Desk,
    a_cookie,
    a_signing_desk,
    a_stranger_hears,
)

RECIPIENTS = re.compile(r"[가-힣]{2,4}")
Enter = Callable[..., Page]
RULES = pytest.mark.long("one of each kind comes in or does not; who does by which rule is tests/domain/test_sign_in.py")

# The providers run in this process, and say of libraries of their own that they move on.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with a_signing_desk(tmp_path_factory.mktemp("sign-in")) as running:
        yield running


@pytest.fixture(scope="module")
def browsers(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Those that nobody uses now."""
    free: list[BrowserContext] = []
    yield free
    for context in free:
        context.close()


@pytest.fixture
def fresh(browser: Browser, browsers: list[BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of somebody, with these cookies and nothing else; it never asks the outside for the provider's looks."""
    used: list[BrowserContext] = []

    def make(*cookies: Any) -> BrowserContext:
        context = browsers.pop() if browsers else a_browser(browser)
        used.append(context)
        context.add_cookies(list(cookies))
        return context

    yield make
    for context in used:
        for page in context.pages[1:]:
            page.close()
        context.clear_cookies()
        browsers.append(context)


def a_browser(browser: Browser) -> BrowserContext:
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(20_000)
    context.route(re.compile("^https://"), lambda route: route.abort())
    return kept_warm(context)


@pytest.fixture
def enter(fresh: Callable[..., BrowserContext], desk: Desk) -> Enter:
    """A page for somebody who signs in with a provider now."""

    def entered(account: str, path: str = "/", provider: str = "Acme") -> Page:
        page = fresh().new_page()
        page.goto(desk.base + path)
        page.get_by_role("button", name=f"Sign in with {provider}").click()
        page.get_by_role("button", name=account, exact=True).click()
        expect(page.get_by_test_id("stHeading").or_(corner(page)).first).to_be_visible()
        return page

    return entered


def corner(page: Page) -> Locator:
    return page.locator(".st-key-who").get_by_role("button").first


def listed(page: Page) -> Locator:
    return page.locator("[data-control=open]").first


@pytest.mark.parametrize(
    ("account", "name", "provider"),
    [
        (ADMIN, ADMIN, "Acme"),
        (STAFF, STAFF, "Other house"),
        pytest.param(VIEWER, VIEWER, "Acme", marks=RULES),
        pytest.param(PICKER, PICKER, "Acme", marks=RULES),
    ],
)
def test_whoever_the_settings_name_comes_in(enter: Enter, account: str, name: str, provider: str) -> None:
    page = enter(account, "/shipments?tab=all", provider)
    expect(corner(page)).to_contain_text(name)
    expect(page).to_have_url(re.compile(r"/shipments\?tab=all$"))
    expect(listed(page)).to_be_visible()
    people = page.get_by_role("link", name="People")
    expect(people).to_have_count(1 if account == ADMIN else 0)


@pytest.mark.parametrize(("account", "word"), [(STRANGER, STRANGER), (UNVERIFIED, "verified")])
def test_others_see_one_sentence_and_nothing_else(enter: Enter, account: str, word: str) -> None:
    page = enter(account)
    expect(page.get_by_role("main")).to_contain_text(word)
    expect(page.get_by_role("main").get_by_role("button")).to_have_text([re.compile("Sign out")])
    expect(listed(page)).to_have_count(0)


def test_after_a_sign_out_the_cookie_is_worth_nothing_even_as_a_copy(
    enter: Enter, fresh: Callable[..., BrowserContext], desk: Desk
) -> None:
    page = enter(STAFF)
    expect(listed(page)).to_be_visible()
    copies = [cookie for cookie in page.context.cookies() if cookie["name"].startswith("_streamlit_user")]
    other_tab = page.context.new_page()
    other_tab.goto(f"{desk.base}/shipments")
    expect(listed(other_tab)).to_be_visible()
    corner(page).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("end_session"))
    expect(other_tab.get_by_role("button", name="Sign in with Acme")).to_be_visible()
    expect(listed(other_tab)).to_have_count(0)
    thief = fresh(*copies).new_page()
    thief.goto(f"{desk.base}/shipments")
    expect(thief.get_by_role("button", name="Sign in with Acme")).to_be_visible()
    expect(listed(thief)).to_have_count(0)


def test_a_sign_in_that_runs_out_takes_the_open_page_away(fresh: Callable[..., BrowserContext], desk: Desk) -> None:
    page = fresh(a_cookie(desk.base, STAFF, issued=-600, ends=-120 + 20)).new_page()
    page.goto(f"{desk.base}/register")
    expect(corner(page)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with Acme")).to_be_visible(timeout=60_000)
    expect(corner(page)).to_have_count(0)


@pytest.mark.parametrize(
    "claims",
    [
        {"issued": -600, "ends": -125},
        pytest.param({"issued": 125}, marks=RULES),
        pytest.param({"issued": -13 * 3600, "ends": 9_999}, marks=RULES),
        pytest.param({"email_verified": None}, marks=RULES),
        {"email": "аda@shop.example"},
    ],
)
def test_a_sign_in_that_does_not_count_shows_nothing(
    fresh: Callable[..., BrowserContext], desk: Desk, claims: dict[str, Any]
) -> None:
    said = {"email": ADMIN} | claims
    page = fresh(a_cookie(desk.base, **said)).new_page()
    page.goto(f"{desk.base}/shipments")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(listed(page)).to_have_count(0)


@pytest.mark.parametrize("spoil", [lambda text: text[:-4] + "AAAA", lambda text: "x" + text[1:], lambda _: "{}"])
def test_a_tampered_cookie_is_nobody(fresh: Callable[..., BrowserContext], desk: Desk, spoil: Callable[[str], str]) -> None:
    cookie = a_cookie(desk.base, ADMIN)
    page = fresh(cookie | {"value": spoil(cookie["value"])}).new_page()
    page.goto(f"{desk.base}/shipments")
    expect(page.get_by_role("button", name="Sign in with Acme")).to_be_visible()
    expect(listed(page)).to_have_count(0)


def test_a_cookie_signed_with_another_secret_is_nobody(fresh: Callable[..., BrowserContext], desk: Desk) -> None:
    page = fresh(a_cookie(desk.base, ADMIN, secret="another" * 10)).new_page()
    page.goto(f"{desk.base}/shipments")
    expect(page.get_by_role("button", name="Sign in with Acme")).to_be_visible()


def test_somebody_removed_loses_the_open_page_at_the_next_look_and_the_next_press(
    fresh: Callable[..., BrowserContext], desk: Desk
) -> None:
    admin = fresh(a_cookie(desk.base, ADMIN)).new_page()
    admin.goto(f"{desk.base}/people")
    admin.get_by_label("E-mail").fill("Kim@partner.example")
    admin.get_by_role("button", name="Invite").click()
    row = admin.locator("tr", has_text="kim@partner.example").first
    expect(row).to_contain_text("Staff")
    frames: list[bytes] = []
    kim = fresh(a_cookie(desk.base, "kim@partner.example"))
    looking, pressing = kim.new_page(), kim.new_page()
    pressing.on("websocket", lambda wire: wire.on("framereceived", lambda frame: frames.append(_bytes(frame))))
    for page in (looking, pressing):
        page.goto(f"{desk.base}/shipments?tab=all&dest=domestic")
        expect(listed(page)).to_be_visible()
    assert any(b'"recipient"' in frame for frame in frames)
    row.locator("[data-control=open]").click()
    admin.get_by_role("button", name="Remove").click()
    frames.clear()
    admin.locator(".st-key-danger-remove").get_by_role("button").click()
    pressing.get_by_label("Search", exact=True).fill("S26")
    pressing.keyboard.press("Enter")
    for page in (looking, pressing):
        expect(page.get_by_role("main")).to_contain_text("Ask an admin")
        expect(listed(page)).to_have_count(0)
    assert not any(b'"recipient"' in frame for frame in frames)
    expect(admin.locator("tr", has_text="Removed").first).to_contain_text("kim@partner.example")


def test_a_lowered_person_is_shown_what_they_may_not_do_any_more(fresh: Callable[..., BrowserContext], desk: Desk) -> None:
    admin = fresh(a_cookie(desk.base, ADMIN)).new_page()
    admin.goto(f"{desk.base}/people")
    admin.get_by_label("E-mail").fill("lee@partner.example")
    admin.get_by_role("button", name="Invite").click()
    row = admin.locator("tr", has_text="lee@partner.example").first
    expect(row).to_contain_text("Staff")
    lee = fresh(a_cookie(desk.base, "lee@partner.example")).new_page()
    lee.goto(f"{desk.base}/shipments")
    register = lee.locator("[data-control=register]").first
    expect(register).to_be_visible()
    row.locator("[data-control=open]").click()
    person = admin.locator(".st-key-person")
    person.get_by_label("Role").click()
    admin.get_by_role("option", name="Viewer").click()
    person.get_by_role("button", name="Change role").click()
    expect(register).to_have_attribute("aria-disabled", "true")
    expect(register).to_have_attribute("title", re.compile("staff"))
    register.click(force=True)
    lee.goto(f"{desk.base}/register")
    expect(lee.get_by_role("main")).to_contain_text("staff and admins")
    expect(lee.get_by_role("textbox")).to_have_count(0)
    lee.goto(f"{desk.base}/people")
    expect(lee.get_by_role("main")).to_contain_text("for admins")
    expect(lee.get_by_role("main")).not_to_contain_text(ADMIN)


def test_a_file_is_made_for_whoever_presses_and_for_nobody_whose_sign_in_has_ended(
    fresh: Callable[..., BrowserContext], desk: Desk
) -> None:
    page = fresh(a_cookie(desk.base, "nari@shop.example")).new_page()
    page.goto(f"{desk.base}/shipments?tab=all")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    assert taken.value.path().stat().st_size > 1_000
    taken_late: list[object] = []
    page.on("download", lambda file: taken_late.append(file))
    admin = fresh(a_cookie(desk.base, ADMIN)).new_page()
    admin.goto(f"{desk.base}/people")
    admin.locator("tr", has_text="nari@shop.example").first.locator("[data-control=open]").click()
    admin.get_by_role("button", name="End sessions").click()
    admin.get_by_role("button", name="End all sessions").click()
    expect(admin.locator("tr", has_text="Sessions ended").first).to_be_visible()
    late = page.get_by_role("button", name="CSV")
    if late.is_visible():
        late.click()
    expect(page.get_by_role("button", name="Sign in with Acme")).to_be_visible()
    assert not taken_late


def test_ended_sessions_end_in_the_open_page(fresh: Callable[..., BrowserContext], desk: Desk) -> None:
    hana = fresh(a_cookie(desk.base, "mina@shop.example")).new_page()
    hana.goto(f"{desk.base}/shipments")
    expect(listed(hana)).to_be_visible()
    admin = fresh(a_cookie(desk.base, ADMIN)).new_page()
    admin.goto(f"{desk.base}/people")
    admin.locator("tr", has_text="mina@shop.example").first.locator("[data-control=open]").click()
    admin.get_by_role("button", name="End sessions").click()
    admin.get_by_role("button", name="End all sessions").click()
    expect(hana.get_by_role("button", name="Sign in with Acme")).to_be_visible()
    expect(hana.get_by_role("main")).to_contain_text("mina@shop.example")
    expect(listed(hana)).to_have_count(0)


def test_a_stranger_on_a_bare_websocket_gets_no_data(desk: Desk) -> None:
    for page in ("shipments", "overview", "people", "data"):
        heard = a_stranger_hears(desk, page)
        assert b"Sign in with Acme" in heard
        assert not RECIPIENTS.search(heard.decode("utf-8", "replace"))
        assert b"shop.example" not in heard


def test_no_other_target_is_followed_on_the_way_in_and_out(desk: Desk) -> None:
    evil = "https://evil.example/"
    for path in (
        f"/auth/login?provider=acme&next={evil}&redirect_uri={evil}",
        f"/oauth2callback?code=x&state=y&redirect_uri={evil}&next={evil}",
        f"/oauth2callback?error=access_denied&redirect_uri={evil}",
        f"/auth/logout?next={evil}&post_logout_redirect_uri={evil}",
        f"/auth/login?provider={evil}",
    ):
        answer = httpx.get(desk.base + path)
        assert "evil" not in answer.headers.get("location", "")
        assert answer.status_code in (302, 303, 307, 400, 404)


def test_what_was_signed_in_is_in_no_log(desk: Desk) -> None:
    said = desk.log.read_text(errors="replace")
    assert not [account for account in ACCOUNTS if account in said]
    assert "@shop.example" not in said and "@partner.example" not in said


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
