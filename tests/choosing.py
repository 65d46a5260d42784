"""Chooses from a list in the browser as a person does: one that closed, because the form came again, is opened again."""

import contextlib

from playwright.sync_api import Locator, TimeoutError, expect


def choose(form: Locator, label: str, choice: str) -> None:
    """Types the choice into the box of that label and takes it from the list."""
    box, option = form.get_by_role("combobox", name=label), form.page.get_by_role("option", name=choice, exact=True)
    for _ in range(6):
        box.fill("")
        box.fill(choice)
        with contextlib.suppress(TimeoutError):
            option.click(timeout=3_000)
            break
    expect(box).to_have_value(choice)
