"""The columns of files of figures: what each is called for people, and what it says."""

from core.domain.figures import FACTS, SEGMENT_NAMES, fact_in_words
from core.domain.language import Vocabulary, filled
from core.files.export import LATE
from core.files.headers import HEADERS

_BESIDE_FACTS = Vocabulary(
    {
        "invoice_no": "The carrier's tracking number; empty without an invoice",
        "costliest_step": "The step that took longest beyond the norm, the median of its lane in the 56 days before: {steps}; "
        "empty where no step did, or where a time in between or the norm is not known",
        "hours_beyond_norm": "How many hours longer that step took than the norm",
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
        "p90_hours": "Nine of ten took no longer, in hours",
        "young": "Whether part of its outcome is still open",
        "from_hours": "From so many hours",
        "to_hours": "To under so many hours; empty: and longer",
        "finished": "How many shipments took so long",
        "open": "How many shipments are open at that age",
        "norm": "How many shipments of the 56 days before were in the same hours",
        "step": "The step of the way",
        "late_hours": "Mean hours of late parcels in the step",
        "norm_hours": "The median of the same lanes in the 56 days before",
        "extra_hours": "Hours beyond that norm",
        "shipments": "How many late parcels are in it",
        "same_mix": "The share as if the company carried the lanes of all shipments together",
        "low": "Lower end of the 95 % interval of that share",
        "high": "Upper end of the 95 % interval of that share",
        "effective_cases": "The number of cases that the interval is taken over",
        "of_the_mix": "How much of all shipments is on lanes that the company serves, from 0 to 1",
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
        "on_time": "On time",
        "shipped_late": "Shipped late",
        "first_attempt_success": "First-attempt success",
        "failed": "Failed",
        "met_exception": "Met an exception",
        "returned": "Returned",
        "valid_tracking": "Valid tracking",
        "order_to_ship_hours": "Order to ship, hours",
        "order_to_invoice_hours": "Order to invoice, hours",
        "invoice_to_pick_up_hours": "Invoice to pick-up, hours",
        "transit_hours": "Transit, hours",
        "backlog_ageing_hours": "In status, hours",
        "weight_g": "Weight, g",
        "why": "Why it is left out",
        "numerator": "Counted",
        "denominator": "Out of",
        "value": "Figure",
        "p90_hours": "P90, hours",
        "young": "Still open in part",
        "from_hours": "From, hours",
        "to_hours": "To, hours",
        "finished": "Finished",
        "norm": "Norm, shipments",
        "late_hours": "Late parcels, hours",
        "norm_hours": "Norm, hours",
        "extra_hours": "Beyond the norm, hours",
        "same_mix": "Share at the same mix",
        "low": "95 % from",
        "high": "95 % to",
        "effective_cases": "Effective cases",
        "of_the_mix": "Of the mix",
        "days_left": "Days left",
        "late": "Ended late",
        "cases": "Cases like it",
        "share": "Share that ended late",
    }
)


def label(name: str) -> str:
    """What the column is called at the head of a sheet."""
    header = HEADERS.get(name)
    return _LABELS.get(name) or (header.exported or header.title if header else name.replace("_", " ").capitalize())


def about(name: str, *, of_shipments: bool) -> str:
    """What the column says in a file of shipments, or of another table."""
    first, second = (_of_shipment, _OF_TABLES.get) if of_shipments else (_OF_TABLES.get, _of_shipment)
    return first(name) or second(name) or ""


def _of_shipment(name: str) -> str | None:
    if name in FACTS:
        return fact_in_words(name)
    steps = ", ".join(SEGMENT_NAMES.values())
    return filled(_BESIDE_FACTS.in_english[name], {"steps": steps}) if name in _BESIDE_FACTS else None
