"""What a tab may ask, and be told, after it has turned to another page or was cut off."""

import pytest

from core.domain.tabs import AskedRun, BrowserTab, OfRun


def a_tab(*asked: AskedRun) -> BrowserTab:
    """A tab that has asked so far."""
    tab = BrowserTab()
    assert all(tab.asks(one) for one in asked)
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
    assert tab.asks(AskedRun("upload", "banner"))


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
    assert BrowserTab().is_told(of)


def test_a_tab_that_was_cut_off_is_not_told_the_rest_of_a_run() -> None:
    tab = BrowserTab(again=True)
    assert not tab.is_told(OfRun.REST)
    assert tab.is_told(None)


def test_nor_a_run_that_began_before_it_asked_again() -> None:
    tab = BrowserTab(again=True)
    assert not tab.is_told(OfRun.BEGINNING)
    tab.asks(AskedRun("list"))
    assert not tab.is_told(OfRun.REST)
    assert tab.is_told(OfRun.BEGINNING)
    assert tab.is_told(OfRun.REST)
