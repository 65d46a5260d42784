"""The columns of files of figures: what each is called for people, and what it says."""

from core.domain.fields import FIELDS
from core.domain.figures import DEFINITIONS, FACTS, SEGMENT_NAMES, Figure, fact_in_words
from core.domain.language import Vocabulary, filled, in_english
from core.domain.selection import SPLITS
from core.files.export import LATE
from core.files.headers import HEADERS

_BESIDE_FACTS = Vocabulary(
    {
        "invoice_no": "The carrier's tracking number; empty without an invoice",
        "costliest_step": "The step that took the most hours beyond what is usual, which is what half of the shipments of its "
        "route took in the 56 days before (median): {steps}; empty where no step did, or where a time in "
        "between or what is usual is not known",
        "hours_beyond_norm": "How many hours longer that step took than is usual",
        "why": "Why it is left out of the figure",
    }
)
_AFTER = {"carrier": ("invoice_no",), "days_late": ("costliest_step", "hours_beyond_norm")}

OF_SHIPMENTS: tuple[str, ...] = (*(name for fact in FACTS for name in (fact, *_AFTER.get(fact, ()))), "why")
"""The columns of a file of shipments, in their order."""

_OF_TABLES = Vocabulary(
    {
        "week": "The Monday that the week begins with",
        "month": "The month",
        "day": "The day",
        "weekday": "The day of the week",
        "lane": "From which warehouse to which country",
        "detail": "The finer word inside the status",
        "numerator": "How many shipments are counted; the sheet Definition says which",
        "denominator": "Out of how many shipments; the sheet Definition says which",
        "value": "The figure: a share from 0 to 1, hours, or a count; empty over fewer than 20 shipments",
        "p90_hours": "9 of 10 took no longer, in hours (90th percentile)",
        "young": "Whether part of its outcome is still open",
        "from_hours": "From so many hours",
        "to_hours": "To under so many hours; empty: and longer",
        "finished": "How many shipments took so long",
        "open": "How many shipments have been open for so long",
        "norm": "How many shipments of the 56 days before were in the same hours",
        "step": "The step of the way",
        "late_hours": "Hours that late parcels took in the step, on average",
        "norm_hours": "What half of the shipments of the same routes took in the 56 days before (median)",
        "extra_hours": "Hours beyond that",
        "shipments": "How many late parcels are in it",
        "same_mix": "The share as if the company had carried the parcels of all companies (weighted by route)",
        "low": "With so few shipments chance plays a part: in 19 of 20 cases the share is not below this (95 % interval)",
        "high": "With so few shipments chance plays a part: in 19 of 20 cases the share is not above this (95 % interval)",
        "effective_cases": "How many shipments that range is worked out from, after weighting (effective cases)",
        "of_the_mix": "How much of all shipments is on routes that the company drives, from 0 to 1",
        "days_left": "Days to the promised date",
        "stage": "Waiting for pick-up, or on the way",
        "late": "Of the shipments like it, how many ended late",
        "cases": "How many earlier shipments were like it",
        "share": "The share of them that ended late; empty over fewer than 20",
    }
)
_LABELS = Vocabulary(
    {
        **LATE.in_english,
        "destination": "Domestic / International",
        "open": "Open",
        "cancelled": "Cancelled",
        "last_scan_at": "Last scan",
        "closed_at": "Closed",
        "ordered_on": "Order day",
        "picked_up_on": "Pick-up day",
        "first_attempt_on": "First attempt day",
        "delivered_on": "Delivery day",
        "first_attempt_success": in_english(DEFINITIONS[Figure.FIRST_ATTEMPT], "name"),
        "failed": "Failed",
        "met_exception": "Met an exception",
        "returned": "Returned",
        "valid_tracking": "Valid tracking",
        "order_to_ship_hours": "Order to ship, hours",
        "order_to_invoice_hours": "Order to invoice, hours",
        "invoice_to_pick_up_hours": "Invoice to pick-up, hours",
        "transit_hours": "Pick-up to delivery, hours",
        "backlog_ageing_hours": "In status, hours",
        "weight_g": "Weight, g",
        "numerator": "Counted",
        "denominator": "Out of",
        "shipments": "Shipments",
        "stage": "Stage",
        "step": "Step",
        "value": "Figure",
        "p90_hours": "9 of 10 within, hours",
        "young": "Still open in part",
        "from_hours": "From, hours",
        "to_hours": "To, hours",
        "finished": "Finished",
        "norm": "Usual, shipments",
        "late_hours": "Late parcels, hours",
        "norm_hours": "Usual, hours",
        "extra_hours": "Longer than usual, hours",
        "same_mix": "Share, like for like",
        "low": "Likely from",
        "high": "Likely to",
        "effective_cases": "Weighted number of shipments",
        "late": "Ended late",
        "cases": "Shipments like it",
        "share": "Share that ended late",
    }
)


def label(name: str) -> str:
    """What the column is called at the head of a sheet."""
    header = HEADERS.get(name)
    return (
        _LABELS.get(name)
        or (header and header.exported)
        or FIELDS.get(name)
        or SPLITS.get(name)
        or name.replace("_", " ").capitalize()
    )


def about(name: str, *, of_shipments: bool) -> str:
    """What the column says in a file of shipments, or of another table."""
    first, second = (_of_shipment, _OF_TABLES.get) if of_shipments else (_OF_TABLES.get, _of_shipment)
    return first(name) or second(name) or ""


def _of_shipment(name: str) -> str | None:
    if name in FACTS:
        return fact_in_words(name)
    steps = ", ".join(SEGMENT_NAMES.values())
    return filled(_BESIDE_FACTS.in_english[name], {"steps": steps}) if name in _BESIDE_FACTS else None
