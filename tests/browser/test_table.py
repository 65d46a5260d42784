"""The table and the timeline in a real browser: what a person sees, presses and types."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

FIRST, SECOND, REQUESTED = "S261115-03188", "S261115-03205", "S261115-03256"
WAITING, FAILED = "S261115-03324", "S261115-03341"
REQUEST = "Gift: no invoice in the parcel, please."
FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return [node?.closest("tr")?.dataset.id ?? "", node?.dataset?.control ?? ""].join(" ");
}"""


@pytest.fixture
def desk(page: Page, serve: Callable[[str], str]) -> Iterator[Page]:
    page.goto(serve("tests/browser/table_app.py"))
    expect(rows(page)).to_have_count(50)
    yield page


def rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def row(page: Page, shipment_no: str) -> Locator:
    return page.locator(f'tr[data-id="{shipment_no}"]')


def control(page: Page, shipment_no: str, name: str) -> Locator:
    return row(page, shipment_no).locator(f'[data-control="{name}"]')


def bubble(page: Page) -> Locator:
    return page.locator(".bubble:popover-open")


def heard(page: Page, event: str) -> None:
    expect(page.get_by_text(re.compile(rf"^{re.escape(event)} · press \d+$"))).to_be_visible()


def expect_focus(page: Page, shipment_no: str, name: str) -> None:
    page.wait_for_function(f"wanted => ({FOCUSED})() === wanted", arg=f"{shipment_no} {name}")


def overflow(page: Page) -> int:
    inside = page.locator(".scroller").evaluate("node => node.scrollWidth - node.clientWidth")
    around = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return int(max(inside, around))


def resized(page: Page, width: int, mode: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.locator(".frame")).to_have_attribute("data-mode", mode)


def test_a_click_on_the_shipment_number_opens_the_shipment(desk: Page) -> None:
    control(desk, FIRST, "open").click()

    heard(desk, f"open {FIRST}")
    expect(desk.get_by_role("dialog")).to_contain_text(FIRST)


def test_enter_opens_and_escape_gives_the_focus_back_to_the_row(desk: Page) -> None:
    control(desk, SECOND, "open").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog")).to_contain_text(SECOND)

    desk.keyboard.press("Escape")

    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect_focus(desk, SECOND, "open")


def test_a_double_click_is_one_event(desk: Page) -> None:
    control(desk, FIRST, "delete").dblclick()
    heard(desk, f"delete {FIRST}")

    control(desk, SECOND, "history").click()

    expect(desk.get_by_text(f"history {SECOND} · press 2")).to_be_visible()


def test_every_action_says_which_shipment_it_was_pressed_on(desk: Page) -> None:
    for name in ("view", "modify", "delete", "history"):
        control(desk, SECOND, name).click()

        heard(desk, f"{name} {SECOND}")


def test_register_is_offered_where_there_is_no_invoice(desk: Page) -> None:
    button = control(desk, WAITING, "register")
    expect(button).to_have_text("Register")

    button.click()

    heard(desk, f"register {WAITING}")


def test_an_action_that_is_not_allowed_is_absent_and_leaves_its_place(desk: Page) -> None:
    expect(control(desk, WAITING, "modify")).to_have_count(0)
    expect(control(desk, WAITING, "delete")).to_have_count(0)

    lone = control(desk, WAITING, "history").bounding_box()
    usual = control(desk, FIRST, "history").bounding_box()

    assert lone and usual and lone["x"] == usual["x"]


def test_the_shipping_request_shows_under_the_mouse_and_goes_with_it(desk: Page) -> None:
    control(desk, REQUESTED, "request").hover()
    expect(bubble(desk)).to_contain_text(REQUEST)

    desk.mouse.move(5, 5)

    expect(bubble(desk)).to_have_count(0)


def test_the_shipping_request_shows_on_focus_and_closes_with_escape(desk: Page) -> None:
    control(desk, REQUESTED, "open").focus()
    desk.keyboard.press("Tab")
    expect(bubble(desk)).to_contain_text(REQUEST)
    expect(control(desk, REQUESTED, "request")).to_have_accessible_name(f"Shipping request: {REQUEST}")

    desk.keyboard.press("Escape")

    expect(bubble(desk)).to_have_count(0)
    expect_focus(desk, REQUESTED, "request")


def test_the_bubble_flips_above_at_the_bottom_edge_and_closes_on_scroll(desk: Page) -> None:
    control(desk, FIRST, "request").focus()
    desk.keyboard.press("End")
    expect(bubble(desk)).to_contain_text("the doorman")
    shown, anchor = bubble(desk).bounding_box(), control(desk, "S261117-04004", "request").bounding_box()
    assert shown and anchor and shown["y"] + shown["height"] <= anchor["y"]

    row(desk, "S261117-04004").hover()
    desk.mouse.wheel(0, -400)

    expect(bubble(desk)).to_have_count(0)


def test_copy_puts_the_number_on_the_clipboard_and_says_so(desk: Page) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])

    control(desk, FIRST, "copy").click()

    expect(desk.locator('.frame [role="status"]')).to_have_text("Copied")
    assert desk.evaluate("navigator.clipboard.readText()") == "4829103755"


def test_copy_works_without_the_clipboard_of_secure_pages(desk: Page) -> None:
    desk.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    desk.evaluate("addEventListener('copy', event => (window.copied = event.composedPath()[0].value))")

    control(desk, SECOND, "copy").press("Enter")

    expect(desk.locator('.frame [role="status"]')).to_have_text("Copied")
    expect_focus(desk, SECOND, "copy")
    assert desk.evaluate("window.copied") == "1Z06116F1269539082"


def test_a_press_on_the_head_sorts_and_a_second_one_turns_round(desk: Page) -> None:
    head = desk.locator('[data-sort="order_no"]')
    column = desk.get_by_role("columnheader").filter(has=head)
    head.click()
    expect(column).to_have_attribute("aria-sort", "ascending")
    heard(desk, "sort order_no")
    desk.wait_for_function(f"() => ({FOCUSED})().endsWith(' sort')")

    head.focus()
    desk.keyboard.press("Enter")

    expect(column).to_have_attribute("aria-sort", "descending")
    expect(rows(desk).first).to_contain_text("O-89800")


def test_the_selection_is_kept_across_pages_and_cleared_by_the_page(desk: Page) -> None:
    control(desk, FIRST, "check").check()
    expect(row(desk, FIRST)).to_have_attribute("aria-selected", "true")
    desk.get_by_role("button", name="Page 2").click()
    expect(row(desk, FIRST)).to_have_count(0)
    control(desk, "S261117-04038", "check").check()
    expect(desk.get_by_text("2 selected")).to_be_visible()

    desk.get_by_role("button", name="Page 1").click()
    expect(control(desk, FIRST, "check")).to_be_checked()
    desk.get_by_role("button", name="Clear").click()

    expect(desk.get_by_text("0 selected")).to_be_visible()
    expect(control(desk, FIRST, "check")).not_to_be_checked()


def test_the_box_in_the_head_acts_on_the_shown_rows(desk: Page) -> None:
    everything = desk.get_by_label("Select all shown rows")
    control(desk, FIRST, "check").check()
    assert everything.evaluate("box => box.indeterminate")

    everything.click()
    expect(desk.get_by_text("50 selected")).to_be_visible()
    everything.click()

    expect(desk.get_by_text("0 selected")).to_be_visible()


def test_shift_selects_every_row_between(desk: Page) -> None:
    control(desk, FIRST, "check").click()

    control(desk, REQUESTED, "check").click(modifiers=["Shift"])

    expect(desk.get_by_text("5 selected")).to_be_visible()


def test_a_selection_made_again_after_clearing_counts(desk: Page) -> None:
    control(desk, FIRST, "check").check()
    expect(desk.get_by_text("1 selected")).to_be_visible()
    desk.get_by_role("button", name="Clear").click()
    expect(control(desk, FIRST, "check")).not_to_be_checked()
    expect(desk.get_by_text("0 selected")).to_be_visible()

    control(desk, FIRST, "check").check()

    expect(desk.get_by_text("1 selected")).to_be_visible()


def test_arrows_walk_the_same_control_and_skip_rows_without_it(desk: Page) -> None:
    control(desk, "S261115-03307", "delete").focus()
    desk.keyboard.press("ArrowDown")
    expect_focus(desk, "S261115-03409", "delete")
    desk.keyboard.press("ArrowUp")
    expect_focus(desk, "S261115-03307", "delete")

    control(desk, SECOND, "check").focus()
    desk.keyboard.press("Home")
    expect_focus(desk, FIRST, "check")
    desk.keyboard.press("End")

    expect_focus(desk, "S261117-04021", "check")


def test_space_selects_and_the_focus_survives_the_rerun(desk: Page) -> None:
    control(desk, SECOND, "check").focus()

    desk.keyboard.press("Space")

    expect(desk.get_by_text("1 selected")).to_be_visible()
    expect_focus(desk, SECOND, "check")


def test_a_rerun_keeps_the_place_and_another_page_starts_at_the_top(desk: Page) -> None:
    scroller = desk.locator(".scroller")
    scroller.evaluate("node => { node.scrollTop = 600 }")
    control(desk, "S261116-03681", "check").check()
    expect(desk.get_by_text("1 selected")).to_be_visible()
    assert scroller.evaluate("node => node.scrollTop") == 600

    desk.get_by_role("button", name="Page 2").click()

    expect(row(desk, "S261117-04038")).to_be_visible()
    assert scroller.evaluate("node => node.scrollTop") == 0


def test_markup_in_the_data_is_shown_as_text(desk: Page) -> None:
    alarms: list[str] = []
    desk.on("dialog", lambda dialog: alarms.append(dialog.message))

    expect(row(desk, "S261115-03290")).to_contain_text("<script>alert(1)</script>")
    expect(row(desk, REQUESTED)).to_contain_text("<b>Bento</b> box")

    expect(desk.locator("tbody :is(script, b)")).to_have_count(0)
    assert alarms == []


def test_a_failed_release_shows_why_in_the_row(desk: Page) -> None:
    expect(row(desk, FAILED).locator(".reason")).to_be_visible()
    expect(row(desk, FAILED)).to_contain_text("Address not found; the carrier asks for a new one.")


def test_the_table_reads_as_a_table(desk: Page) -> None:
    expect(desk.get_by_role("table", name="Shipments in delivery")).to_be_visible()
    expect(desk.get_by_role("rowheader", name=FIRST)).to_be_visible()
    expect(desk.get_by_role("columnheader", name="Warehouse")).to_be_visible()


def test_no_window_scrolls_sideways(desk: Page) -> None:
    for width, mode in ((1440, "wide"), (1366, "wide"), (1024, "narrow"), (800, "narrow")):
        resized(desk, width, mode)

        desk.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth")
        assert overflow(desk) == 0, width


def test_a_narrow_table_drops_nothing(desk: Page) -> None:
    for width, mode in ((800, "narrow"), (480, "cards"), (360, "cards")):
        resized(desk, width, mode)
        nothing_is_dropped(desk)


def nothing_is_dropped(desk: Page) -> None:
    line = row(desk, REQUESTED)
    for text in ("O-87265", "20 Nov 12:04", "Emma Lindqvist", "Vancouver, CA", "TYO2", "Yamato", "086123318944"):
        expect(line).to_contain_text(text)
    for text in ("<b>Bento</b> box", "Processed", "5 d 19 h", "Dispatch overdue"):
        expect(line).to_contain_text(text)
    for name in ("check", "open", "request", "copy", "view", "modify", "delete", "history"):
        control(desk, REQUESTED, name).scroll_into_view_if_needed()
        expect(control(desk, REQUESTED, name)).to_be_in_viewport()
    assert overflow(desk) == 0


def test_the_pager_stays_in_sight_when_the_window_changes(desk: Page) -> None:
    for height in (900, 700):
        desk.set_viewport_size({"width": 1440, "height": height})
        expect(desk.get_by_role("button", name="Page 2")).to_be_in_viewport(ratio=1)


def test_dark_follows_the_system(desk: Page) -> None:
    desk.emulate_media(color_scheme="dark")

    expect(desk.locator(".frame")).to_have_css("background-color", "rgb(18, 24, 22)")
    expect(control(desk, FIRST, "open")).to_have_css("color", "rgb(92, 208, 138)")
    expect(row(desk, FIRST).locator(".chip")).to_have_css("background-color", "rgb(22, 40, 63)")


def test_the_timeline_lists_the_moments_as_text(desk: Page) -> None:
    control(desk, FIRST, "open").click()

    moments = desk.get_by_role("list", name="Tracking").get_by_role("listitem")
    expect(moments).to_have_count(6)
    expect(moments.nth(1)).to_contain_text("18 Nov 07:41")
    expect(moments.nth(1)).to_have_attribute("aria-current", "step")
    expect(moments.nth(2)).to_contain_text("<b>Leipzig</b>")
    expect(desk.locator("ol")).to_have_count(1)
