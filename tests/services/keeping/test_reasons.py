from core.services.keeping.reasons import Disagreement
from core.store.agreement import ODDITIES


def test_everything_that_may_disagree_has_its_sentence() -> None:
    assert set(Disagreement) == ODDITIES.keys()
