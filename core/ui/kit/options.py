"""Streamlit's options, read without its lock: a page reads dozens of them, and all pages waited for each other at every one."""

from collections.abc import Mapping
from typing import Any

from streamlit import config


def read_at_once(settings: Mapping[str, Any]) -> None:
    """From now on, in all of this process, with these options set whatever the files say that they are read from, now and again."""
    held: dict[str, Any] = {}

    def value(key: str) -> Any:
        if key not in held:
            raise RuntimeError(key)
        return held[key].value

    def read() -> None:
        # Only what was read whole is held: meanwhile all have their defaults.
        for key, wanted in settings.items():
            config.set_option(key, wanted)
        held.update(config.get_config_options())

    read()
    config.on_config_parsed(read, force_connect=True)
    config.get_option = value
