"""What a tab may ask, and be told, after it has turned to another page or was cut off."""

import pytest

from core.domain.tabs import AskedRun, BrowserTab, OfRun, ServerMessage


def a_tab(*asked: AskedRun) -> BrowserTab:
    """A tab that has asked so far, and has been answered."""
    tab = BrowserTab()
    for one in asked:
        assert tab.asks(one)
        after(tab, ServerMessage(OfRun.BEGINNING), ServerMessage(OfRun.END))
    return tab


def after(tab: BrowserTab, *told: ServerMessage) -> BrowserTab:
    """The tab after it was told all of this."""
    assert all(tab.is_told(one) for one in told)
    return tab


def test_a_part_of_a_page_that_was_left_is_not_answered() -> None:
    tab = a_tab(AskedRun("list"), AskedRun("list", "banner"), AskedRun("overview"))
    assert not tab.asks(AskedRun("list", "banner"))


def test_nor_one_of_the_first_page_which_the_tab_had_not_named() -> None:
    tab = a_tab(AskedRun(""), AskedRun("overview"))
    assert not tab.asks(AskedRun("list", "banner"))


def test_but_a_press_always_is_whatever_the_tab_called_its_page_then() -> None:
    tab = a_tab(AskedRun(""), AskedRun("upload"))
    assert tab.asks(AskedRun("", "box", by_itself=False))
    assert after(tab, ServerMessage(OfRun.BEGINNING), ServerMessage(OfRun.END)).asks(AskedRun("upload", "banner"))


def test_nor_one_of_any_page_that_was_passed_by_in_haste() -> None:
    tab = a_tab(AskedRun("list"), AskedRun("overview"), AskedRun("data"))
    assert not tab.asks(AskedRun("list", "banner"))
    assert not tab.asks(AskedRun("overview", "banner"))


def test_a_part_of_the_page_that_is_shown_is_answered_after_it_too() -> None:
    tab = a_tab(AskedRun("list"), AskedRun("overview"))
    assert not tab.asks(AskedRun("list", "banner"))
    assert tab.asks(AskedRun("overview", "banner"))


def test_the_page_that_was_left_is_answered_again_once_the_tab_is_back() -> None:
    tab = a_tab(AskedRun("list"), AskedRun("overview"), AskedRun("list"))
    assert tab.asks(AskedRun("list", "banner"))


def test_a_page_to_which_the_server_has_led_is_answered() -> None:
    tab = a_tab(AskedRun("list"), AskedRun("overview"), AskedRun("overview", "banner"))
    assert tab.asks(AskedRun("shipment", "banner"))
    assert tab.asks(AskedRun("list", "banner"))


@pytest.mark.parametrize("of", [OfRun.REST, OfRun.BEGINNING, None])
def test_a_tab_that_was_never_cut_off_is_told_everything(of: OfRun | None) -> None:
    assert BrowserTab().is_told(ServerMessage(of))


def test_a_tab_that_was_cut_off_is_not_told_the_rest_of_a_run() -> None:
    tab = BrowserTab(again=True)
    assert not tab.is_told(ServerMessage(OfRun.REST))
    assert tab.is_told(ServerMessage())


def test_nor_a_run_that_began_before_it_asked_again() -> None:
    tab = BrowserTab(again=True)
    assert not tab.is_told(ServerMessage(OfRun.BEGINNING))
    tab.asks(AskedRun("list"))
    assert not tab.is_told(ServerMessage(OfRun.REST))
    assert tab.is_told(ServerMessage(OfRun.BEGINNING))
    assert tab.is_told(ServerMessage(OfRun.REST))


TABS = AskedRun("list", "tabs", link=(("page", "3"),))
SEARCH = AskedRun("list", by_itself=False, link=(("page", "3"),))
FOUND = (("q", "S-1"),)


def a_pressed_tab() -> BrowserTab:
    tab = BrowserTab()
    assert tab.asks(SEARCH)
    return tab


def test_a_part_looks_again_once_a_press_is_answered() -> None:
    tab = a_pressed_tab()
    assert not tab.asks(TABS)
    assert not after(tab, ServerMessage(OfRun.BEGINNING), ServerMessage(OfRun.REST)).asks(TABS)
    assert after(tab, ServerMessage(OfRun.END)).asks(TABS)


def test_the_end_of_a_run_that_began_before_the_press_answers_nothing() -> None:
    tab = after(a_pressed_tab(), ServerMessage(OfRun.END))
    assert not tab.asks(TABS)


def test_a_part_that_does_not_know_yet_what_the_press_made_of_the_link_would_undo_it() -> None:
    tab = after(a_pressed_tab(), ServerMessage(OfRun.BEGINNING), ServerMessage(link=FOUND), ServerMessage(OfRun.END))
    assert not tab.asks(TABS)
    assert tab.asks(TABS._replace(link=FOUND))


def test_a_press_is_answered_under_whatever_link() -> None:
    tab = after(a_pressed_tab(), ServerMessage(OfRun.BEGINNING), ServerMessage(link=FOUND), ServerMessage(OfRun.END))
    assert tab.asks(SEARCH)


PART = AskedRun("list", "drawer", by_itself=False)
BEGUN = ServerMessage(OfRun.BEGINNING, parts=("drawer",))


def test_another_press_waits_until_what_the_first_one_does_is_done() -> None:
    tab = BrowserTab()
    assert tab.may_press
    assert tab.asks(PART)
    assert not tab.may_press
    assert not after(tab, BEGUN).may_press
    assert after(tab, ServerMessage(OfRun.REST)).may_press


def test_a_run_of_another_part_does_nothing_of_the_press() -> None:
    tab = BrowserTab()
    assert tab.asks(PART)
    assert not after(tab, ServerMessage(OfRun.BEGINNING, parts=("banner",)), ServerMessage(OfRun.REST)).may_press
    assert after(tab, ServerMessage(OfRun.BEGINNING), ServerMessage(OfRun.END)).may_press


def test_whoever_goes_back_twice_waits_for_nothing() -> None:
    tab = BrowserTab()
    assert tab.asks(SEARCH._replace(back=True))
    assert tab.may_press
    assert tab.asks(PART)
    assert not tab.may_press
