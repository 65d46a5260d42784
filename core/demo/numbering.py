"""Invoice numbers of the demo shop: running blocks with the check digit that the carrier's rule asks for."""

from functools import cache

import numpy as np
import numpy.typing as npt

from core.demo import catalog
from core.demo.seeded_random import Ints, Texts
from core.domain.invoice_number import Algorithm, Carrier, Rules, Shape

_Digits = npt.NDArray[np.int64]

_SCATTER = 387_420_489  # no common factor with 10: it deals each running number exactly once, in no visible order
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def numbers(rules: Rules, carrier: Ints, abroad: Ints, struggling: Ints, running: Ints, start: int) -> Texts:
    """One number per row: `running` says which of the carrier's block, `start` where the block begins.

    Numbers of different `running` differ as long as the form has room: 100 million for the shortest.
    """
    made = np.zeros(len(carrier), dtype="S32")
    for code, form, rows in _forms(carrier, abroad, struggling):
        made[rows] = _fill(rules.carriers[code], form, running[rows], start)
    return made


def _forms(carrier: Ints, abroad: Ints, struggling: Ints) -> list[tuple[str, str, Ints]]:
    found = []
    for position, code in enumerate(catalog.CARRIERS):
        here = carrier == position
        for far in (0, 1):
            rows = here & (abroad == far) & (struggling == 0)
            found.append((code, catalog.NUMBERS[code][far], np.flatnonzero(rows)))
        found.append((code, catalog.STRUGGLING_NUMBERS, np.flatnonzero(here & (struggling == 1))))
    return [entry for entry in found if len(entry[2])]


def _fill(carrier: Carrier, form: str, running: Ints, start: int) -> Texts:
    places = [position for position, mark in enumerate(form) if mark == "#"]
    characters = np.tile(np.frombuffer(form.encode(), dtype=np.uint8), (len(running), 1))
    value = (running * _SCATTER + start) % 10 ** len(places)
    for position in reversed(places):
        value, digit = np.divmod(value, 10)
        characters[:, position] = digit + ord("0")
    if "?" in form:
        shape, body = _rule(carrier, form)
        characters[:, form.index("?")] = _check_digits(shape, _values(characters[:, body])) + ord("0")
    return np.ascontiguousarray(characters).view(f"S{len(form)}").ravel()


def _rule(carrier: Carrier, form: str) -> tuple[Shape, slice]:
    """The carrier's rule for a form, and where the characters stand that its sum is over."""
    return _found_rule(carrier.shapes, form)


@cache
def _found_rule(shapes: tuple[Shape, ...], form: str) -> tuple[Shape, slice]:
    example = form.replace("#", "0").replace("?", "0")
    for shape in shapes:
        match = shape.pattern.fullmatch(example)
        if shape.algorithm and match and match.start("digit") == form.index("?"):
            return shape, slice(*match.span("body"))
    raise ValueError(f"No rule with a check digit fits {form}.")


def _values(characters: npt.NDArray[np.uint8]) -> _Digits:
    codes = characters.astype(np.int64)
    return np.where(codes >= ord("A"), (codes - 3) % 10, codes - ord("0"))


def _check_digits(shape: Shape, body: _Digits) -> Ints:
    size = body.shape[1]
    match shape.algorithm:
        case Algorithm.MOD7:
            return _sum(body, [pow(10, power, 7) for power in range(size - 1, -1, -1)]) % 7
        case Algorithm.MOD10:
            return -_sum(body, _repeated(shape.weights, size)[::-1]) % 10
        case Algorithm.MOD11:
            return _sum(body, _repeated(shape.weights, size)) % 11 % 10
        case _:
            rest = 11 - _sum(body, _repeated(_S10_WEIGHTS, size)) % 11
            return np.select([rest == 10, rest == 11], [0, 5], rest)


def _sum(body: _Digits, weights: list[int]) -> Ints:
    return body @ np.array(weights, dtype=np.int64)


def _repeated(weights: tuple[int, ...], size: int) -> list[int]:
    return [weights[position % len(weights)] for position in range(size)]
