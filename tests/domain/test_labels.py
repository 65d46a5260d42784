"""The vocabulary: every value has one label, and no two values of a kind share it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from core.domain import labels
from core.domain.figures import NO_FIGURES, RISK_STAGES, SEGMENTS, NoFigure, RiskStage, Segment
from core.domain.flags import RULES, Flag
from core.domain.history import ChangeSource, HistoryAction
from core.domain.invoice_number import Level
from core.domain.shipment import Destination, Kind, Stage, Status, StatusDetail
from core.domain.verdicts import Hitch, RowVerdict, Standing

TABLES: list[tuple[type[StrEnum], Mapping[Any, str]]] = [
    (StatusDetail, labels.DETAILS),
    (Kind, labels.KINDS),
    (Kind, labels.KINDS_IN_FULL),
    (Destination, labels.DESTINATIONS),
    (Stage, labels.STAGES),
    (RowVerdict, labels.VERDICTS),
    (Level, labels.LEVELS),
    (Hitch, labels.HITCHES),
    (Standing, labels.STANDINGS),
    (ChangeSource, labels.SOURCES),
    (HistoryAction, labels.ACTIONS),
    (Flag, {flag: rule.name for flag, rule in RULES.items()}),
    (Segment, {segment: words.name for segment, words in SEGMENTS.items()}),
    (NoFigure, NO_FIGURES),
    (RiskStage, RISK_STAGES),
]


@pytest.mark.parametrize(("values", "table"), TABLES)
def test_every_value_has_a_label_of_its_own(values: type[StrEnum], table: Mapping[Any, str]) -> None:
    assert list(table) == list(values)
    assert all(table.values())
    assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_label_alone_and_with_any_word(status: Status) -> None:
    assert labels.status(status) == labels.STATUSES[status, None]
    assert all(labels.status(status, word) for word in StatusDetail)
    assert labels.status(status, closed=True) == labels.CLOSED


def test_a_value_that_another_version_wrote_is_shown_as_it_is() -> None:
    assert labels.named(labels.ACTIONS, "closed") == "Closed"
    assert labels.named(labels.ACTIONS, "today.xlsx") == "today.xlsx"


def test_a_description_lists_the_values_with_their_labels() -> None:
    assert labels.listed(labels.DESTINATIONS) == "domestic (Domestic), international (International)"
