"""Attributes of values that are made when they are first read, and copies of values, where millions are made."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):
    """Like `functools.cached_property`, but nobody waits while another object makes its own: until Python 3.12 that has one lock for all of
    a class. Two threads that read it first at the same moment may each make it.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "once[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "once[T] | T":
        if instance is None:
            return self
        made = instance.__dict__[self._name] = self._make(instance)
        return made


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
