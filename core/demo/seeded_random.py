"""Chance that can be repeated: every draw is a hash of a key and the name of what is drawn."""

from functools import cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]
Texts = npt.NDArray[np.bytes_]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53


class SeededRandom:
    """One draw per key: the same key and name always give the same one, whatever else is drawn."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def uniform(self, name: str) -> Floats:
        """Evenly from 0 up to, not including, 1."""
        bits = _mixed(self._keys + _salt(name)) >> np.uint64(11)
        return bits.astype(np.float64) * _TO_UNIT

    def between(self, name: str, low: float, high: float) -> Floats:
        return low + self.uniform(name) * (high - low)

    def whole(self, name: str, low: int, high: int) -> Ints:
        """A whole number from `low` to `high`, both included."""
        return low + (self.uniform(name) * (high - low + 1)).astype(np.int64)

    def happens(self, name: str, chance: float | Floats) -> Flags:
        return self.uniform(name) < chance

    def pick(self, name: str, weights: npt.ArrayLike) -> Ints:
        """Positions in `weights`, as often as they weigh."""
        shares = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.searchsorted(shares / shares[-1], self.uniform(name), side="right").clip(max=len(shares) - 1)


def keys_of_indices(seed: int, indices: Ints) -> Keys:
    """A key for each row of a seed's shop."""
    start = _mixed(np.array([seed % 2**63], dtype=np.uint64) + _GOLDEN)
    return _mixed(indices.astype(np.uint64) * _GOLDEN + start)


def keys_of_texts(texts: Texts) -> Keys:
    """A key for each text of up to 32 bytes, the same for a text wherever it stands."""
    words = np.ascontiguousarray(texts.astype("S32")).view("<u8").reshape(len(texts), 4)
    keys = np.zeros(len(texts), dtype=np.uint64)
    for word in words.T:
        keys = _mixed((keys ^ word.astype(np.uint64)) + _GOLDEN)
    return keys


def _mixed(keys: Keys) -> Keys:
    keys = (keys ^ (keys >> np.uint64(30))) * _FIRST
    keys = (keys ^ (keys >> np.uint64(27))) * _SECOND
    return keys ^ (keys >> np.uint64(31))


@cache
def _salt(name: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little"))
