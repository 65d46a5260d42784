"""Streamlit's options, read without its lock: a page reads dozens of them, and all pages waited for each other at every one."""

from typing import Any

from streamlit import config


def read_at_once() -> None:
    """From now on, in all of this process. Options are set while the server starts, before the first page."""
    config.get_option = value_of


def value_of(key: str) -> Any:
    """The value of the option. Raises KeyError where there is none."""
    return config.get_config_options()[key].value
