"""How those who wait for a file are told how far it is."""

from collections.abc import Callable
from typing import Protocol

Tell = Callable[[float, int], None]
"""Told how much of a file is read, from 0 to 1, and down to which row."""


class Honest(Protocol):
    """Called when a file is known to be built as an honest table of its size is: it may take its time then."""

    def __call__(self, *, memory: bool = False) -> None:
        """`memory`: it may also use the memory that many different texts need."""
        ...
