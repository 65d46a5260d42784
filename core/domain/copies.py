"""Copies of values with other fields, where millions are made."""

from collections.abc import Iterable
from typing import Any, TypeVar

T = TypeVar("T")


def made(kind: type[T], fields: Iterable[tuple[str, Any]]) -> T:
    """A value of such a kind of all its fields."""
    one: T = object.__new__(kind)
    one.__dict__.update(fields)
    return one


def changed(one: T, **fields: Any) -> T:
    """The same as `dataclasses.replace` of a value without slots and without a `__post_init__`, in a fifth of the time."""
    copy: T = object.__new__(type(one))
    held = copy.__dict__
    held |= one.__dict__
    held |= fields
    return copy
