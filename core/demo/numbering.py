"""Invoice numbers of the demo shop: running blocks with the check digit that the carrier's rule asks for."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from core.demo import catalog
from core.demo.companies import Block, Companies, block_of
from core.demo.seeded_random import Flags, Ints, Texts
from core.domain.carriers import Algorithm, Shape
from core.domain.invoice_number import S10_WEIGHTS

_Digits = npt.NDArray[np.int64]

_SCATTER = 387_420_489  # no common factor with 10: it deals each running number exactly once, in no visible order


def numbers(companies: Companies, carrier: Ints, abroad: Flags, struggling: Flags, running: Ints, start: int) -> Texts:
    """One number per row: `running` says which of the carrier's block, `start` where the block begins.

    Numbers of different `running` differ as long as the form has room: 100 million for the shortest.
    """
    made = np.zeros(len(carrier), dtype="S32")
    for block, rows in _blocks(companies, carrier, abroad, struggling):
        made[rows] = _fill(block, running[rows], start)
    return made


def _blocks(companies: Companies, carrier: Ints, abroad: Flags, struggling: Flags) -> Iterator[tuple[Block, Ints]]:
    for position in np.unique(carrier):
        company, here = companies.carriers[position], carrier == position
        for far in (False, True):
            rows = np.flatnonzero(here & (abroad == far) & ~struggling)
            if len(rows):
                yield block_of(company, abroad=far), rows
        if (here & struggling).any():
            yield Block(catalog.STRUGGLING_NUMBERS, company.shapes[0]), np.flatnonzero(here & struggling)


def _fill(block: Block, running: Ints, start: int) -> Texts:
    form = block.form
    places = [position for position, mark in enumerate(form) if mark == "#"]
    characters = np.tile(np.frombuffer(form.encode(), dtype=np.uint8), (len(running), 1))
    value = (running * _SCATTER + start) % 10 ** min(len(places), 18)
    for position in reversed(places):
        value, digit = np.divmod(value, 10)
        characters[:, position] = digit + ord("0")
    if "?" in form:
        body = _values(characters[:, _body(block)], block.shape.prefix)
        characters[:, form.index("?")] = _check_digits(block.shape, body) + ord("0")
    return np.ascontiguousarray(characters).view(f"S{len(form)}").ravel()


def _body(block: Block) -> slice:
    """Where the characters stand that the sum is over."""
    match = block.shape.pattern.fullmatch(block.form.replace("#", "0").replace("?", "0"))
    if match is None or match.start("digit") != block.form.index("?"):
        raise ValueError(f"The check digit of {block.form} is not where its pattern has it.")
    return slice(*match.span("body"))


def _values(characters: npt.NDArray[np.uint8], prefix: str) -> _Digits:
    before = np.tile(np.frombuffer(prefix.encode(), dtype=np.uint8), (len(characters), 1))
    codes = np.hstack([before, characters]).astype(np.int64)
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
            rest = 11 - _sum(body, _repeated(S10_WEIGHTS, size)) % 11
            return np.select([rest == 10, rest == 11], [0, 5], rest)


def _sum(body: _Digits, weights: list[int]) -> Ints:
    return body @ np.array(weights, dtype=np.int64)


def _repeated(weights: tuple[int, ...], size: int) -> list[int]:
    return [weights[position % len(weights)] for position in range(size)]
