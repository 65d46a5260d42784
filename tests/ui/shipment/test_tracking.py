"""What the shipment says about its tracking: how old it is, what went wrong, what came of asking by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.domain.shipment import Stage
from core.services.tracking.recording import Failure, RefreshReport
from core.ui.kit.refresh_run import Run
from core.ui.shipment import tracking
from core.ui.shipments import refreshing
from tests.builders import NOW, SEOUL, a_checkpoint, a_shipment, an_invoice, nov

UNDER_WAY = a_shipment(scans=[a_checkpoint()])
DELIVERED = a_shipment(scans=[a_checkpoint(Stage.DELIVERED)])


def cached(**said: Any) -> dict[str, Any]:
    """Asked three minutes ago, and again at three in the afternoon UTC."""
    ordinary = {"fetched_at": NOW - timedelta(minutes=3), "asked_at": NOW - timedelta(minutes=3), "next_due": nov(16, 12)}
    nothing = {"last_error": "", "attempts": 0, "warning": "", "stopped_at": None}
    return nothing | ordinary | said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (cached(), "Asked 3 min ago · next 21:00"),
        (cached(next_due=nov(17, 1)), "Asked 3 min ago · next 17 Nov 10:00"),
        (cached(next_due=nov(16, 8)), "Asked 3 min ago · due now"),
        (cached(fetched_at=None), "Not answered yet · next 21:00"),
        (cached(next_due=None, stopped_at=nov(12)), "Asked 3 min ago · asking stopped on 12 Nov 18:00"),
    ],
)
def test_the_age_of_the_last_answer_and_the_next_question_are_said(row: dict[str, Any], said: str) -> None:
    assert tracking.as_of(row, UNDER_WAY, SEOUL, NOW) == said


def test_what_is_delivered_is_not_asked_again() -> None:
    assert tracking.as_of(cached(next_due=None), DELIVERED, SEOUL, NOW) == "Asked 3 min ago · not asked again: delivered"
    assert tracking.as_of(None, DELIVERED, SEOUL, NOW) == "Not asked any more"


def test_a_number_that_no_service_knows_is_not_said_to_be_waiting() -> None:
    fresh = a_shipment(invoice=an_invoice())
    assert tracking.as_of(None, fresh, SEOUL, NOW) == "Not asked yet"
    assert tracking.as_of(None, fresh, SEOUL, NOW, tracked=False) == "No service is asked"


def test_a_failed_try_is_told_with_what_stays_true() -> None:
    row = cached(last_error="17TRACK answered 500.", attempts=2, asked_at=NOW - timedelta(minutes=2))
    assert tracking.trouble(row, NOW) == "The last try failed 2 min ago: 17TRACK answered 500. The last known status stays."
    never = row | {"fetched_at": None, "attempts": 0}
    assert tracking.trouble(never, NOW) == "The last try failed: 17TRACK answered 500. Nothing was answered so far."
    assert tracking.trouble(cached(), NOW) == tracking.trouble(None, NOW) == ""


class Over(Run):
    """A go that has ended, without having asked."""

    def __init__(self, report: RefreshReport | None, trouble: str = "", ended: datetime = NOW) -> None:
        self.report, self.trouble, self.ended = report, trouble, ended


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (RefreshReport(asked=1, answered=1, events=2, changed=1), "Asked just now: there is news."),
        (RefreshReport(asked=1, answered=1), "Asked just now: nothing new."),
        (RefreshReport(too_soon=1), "Asked less than a minute ago, or being asked. Try again in a minute."),
        (RefreshReport(untracked=1), "No service can be asked about this number now."),
        (RefreshReport(asked=1, failed=1, failures=(Failure("S-1", "17TRACK answered 500."),)), "17TRACK answered 500."),
    ],
)
def test_what_came_of_asking_about_one_shipment_is_a_sentence(report: RefreshReport, said: str) -> None:
    assert tracking.told(Over(report), NOW) == said


def test_a_fault_is_told_and_an_old_answer_is_not_told_for_ever() -> None:
    assert tracking.told(Over(None, "It is our fault."), NOW) == "It is our fault."
    assert tracking.told(Over(RefreshReport(asked=1)), NOW + timedelta(minutes=5)) == ""


def test_reasons_are_counted_the_most_frequent_first() -> None:
    failures = [Failure(f"S-{n}", "slow" if n else "refused") for n in range(3)]
    assert refreshing.reasons(RefreshReport(failures=tuple(failures))) == ["2 × slow", "1 × refused"]
