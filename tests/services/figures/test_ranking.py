"""Who is worst: as far as the intervals allow to say, and no further."""

import pytest

from core.domain.figures import Figure
from core.domain.reasons import Names
from core.services.figures.ranking import Ranking, WhoIsWorst, contender, ranking
from core.services.figures.values import Value, share_of


def ranked(**companies: tuple[int, int]) -> Ranking:
    """Of companies by how many of how many were on time."""
    shares = {code: share_of(Value(Figure.ON_TIME, *made_of)) for code, made_of in companies.items()}
    return ranking({code: contender(code, share) for code, share in shares.items()}, shares.values())


def test_the_worst_is_named_where_its_interval_says_so() -> None:
    found = ranked(good=(950, 1000), bad=(600, 1000), middling=(880, 1000), small=(1, 5))
    assert found.order == ("bad", "middling", "good", "small")
    assert ([one.code for one in found.worst], found.finding) == (["bad"], WhoIsWorst.ONE)


def test_a_few_bad_days_of_a_small_company_are_not_the_worst() -> None:
    found = ranked(small=(17, 21), bad=(1600, 2000), good=(2850, 3000))
    assert found.order == ("bad", "small", "good")
    assert [one.code for one in found.worst] == ["bad"]


def test_two_that_cannot_be_told_apart_are_both_the_worst() -> None:
    found = ranked(one=(700, 1000), other=(705, 1000), good=(2900, 3000))
    assert ({one.code for one in found.worst}, found.finding) == ({"one", "other"}, WhoIsWorst.SEVERAL)


@pytest.mark.parametrize(
    ("companies", "finding"),
    [
        ({"a": (900, 1000), "b": (905, 1000), "c": (895, 1000)}, WhoIsWorst.NONE),
        ({"only": (500, 1000)}, WhoIsWorst.NONE),
        ({"a": (19, 19), "b": (3, 9)}, WhoIsWorst.TOO_FEW),
        ({}, WhoIsWorst.TOO_FEW),
    ],
)
def test_nobody_is_named_without_proof(companies: dict[str, tuple[int, int]], finding: WhoIsWorst) -> None:
    found = ranked(**companies)
    assert (found.worst, found.finding) == ((), finding)
    assert set(found.order) == set(companies)


def test_every_finding_has_its_sentence() -> None:
    said = {"companies": Names(("CJ", "UPS")), "share": "60.0 %", "norm": "90.0 %"}
    assert {found: str(found(**said)) for found in WhoIsWorst} == {
        WhoIsWorst.ONE: "CJ, UPS is the worst: 60.0 % on time, surely below the 90.0 % of all companies together.",
        WhoIsWorst.SEVERAL: "CJ and UPS are the worst, surely below the 90.0 % of all companies together; "
        "which of them is worse cannot be said.",
        WhoIsWorst.NONE: "No company stands out: none is surely below the 90.0 % of all companies together.",
        WhoIsWorst.TOO_FEW: "Too few shipments were due to say which company is the worst.",
    }
