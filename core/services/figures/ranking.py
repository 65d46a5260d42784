"""Which shipping companies are worse than all together, as far as the intervals of their shares allow to say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.domain.reasons import Reason
from core.services.figures.values import Value


class WhoIsWorst(Reason):
    """What the intervals say of who is worst."""

    ONE = "one", "{companies} is the worst: {share} on time, surely below the {norm} of all companies together."
    SEVERAL = (
        "several",
        "{companies:and} are the worst, surely below the {norm} of all companies together; which of them is worse cannot be said.",
    )
    NONE = "none", "No company stands out: none is surely below the {norm} of all companies together."
    TOO_FEW = "too_few", "Too few shipments were due to say which company is the worst."


@dataclass(frozen=True)
class Contender:
    """The on-time share of a company with its 95 % interval, from 0 to 1."""

    code: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ranking:
    """Companies from worst to best, those with too few shipments last; `norm` is the share of all together.

    `worst` are the companies that are surely below the norm, and of which it cannot be said that another is worse; none where no
    company stands out.
    """

    order: tuple[str, ...]
    worst: tuple[Contender, ...]
    norm: float | None

    @property
    def finding(self) -> WhoIsWorst:
        """Who is worst, or why nobody can be named."""
        if self.norm is None:
            return WhoIsWorst.TOO_FEW
        return (WhoIsWorst.NONE, WhoIsWorst.ONE, WhoIsWorst.SEVERAL)[min(len(self.worst), 2)]


def contender(code: str, value: Value) -> Contender | None:
    """The company by its plain share; None where it has too few shipments for one."""
    if value.value is None or value.low is None or value.high is None:
        return None
    return Contender(code, value.value, value.low, value.high)


def ranking(companies: Mapping[str, Contender | None], shares: Iterable[Value]) -> Ranking:
    """Those surely below the norm first, by the end of their interval that is nearer to it; then the others by their share.

    `shares` are those that all companies together have. Companies surely above the norm stand after those that may be at it.
    """
    norm = _together(shares) if any(companies.values()) else None
    known = [one for one in companies.values() if one is not None]
    if norm is None:
        return Ranking(tuple(companies), (), None)
    below = sorted((one for one in known if one.high < norm), key=lambda one: (one.high, one.code))
    others = sorted((one for one in known if one.high >= norm), key=lambda one: (one.low > norm, one.value, one.code))
    unknown = [code for code, one in companies.items() if one is None]
    worst = tuple(one for one in below if one.low <= below[0].high)
    return Ranking((*(one.code for one in (*below, *others)), *unknown), worst, norm)


def _together(shares: Iterable[Value]) -> float | None:
    found = list(shares)
    cases = sum(one.denominator for one in found)
    return sum(one.numerator for one in found) / cases if cases else None
