"""How each figure counts, as SQL over the columns of `core.store.facts`: one rule a figure."""

from dataclasses import dataclass

from core.domain import figures as words
from core.domain.figures import Figure, Part, Segment

HOUR_US = 3_600_000_000


@dataclass(frozen=True)
class Rule:
    """How a figure counts, in the columns of `facts`: who is left out, by the first reason that fits, and who is the numerator.

    `span` is the duration of those taken, in microseconds; of those outside the numerator it is their present age.
    """

    counts: str
    without: tuple[tuple[str, str], ...]
    span: str | None = None

    @property
    def taken(self) -> str:
        """SQL for the denominator."""
        return f"NOT ({' OR '.join(condition for condition, _ in self.without)})"

    @property
    def why(self) -> str:
        """SQL for the reason of being left out, null in the denominator."""
        cases = " ".join(f"WHEN {condition} THEN '{reason}'" for condition, reason in self.without)
        return f"CASE {cases} END"

    def of(self, part: Part) -> str:
        """SQL for a part of the shipments."""
        match part:
            case Part.NUMERATOR:
                return f"{self.taken} AND ({self.counts})"
            case Part.DENOMINATOR:
                return self.taken
            case Part.REST:
                return f"{self.taken} AND NOT ({self.counts})"
            case Part.EXCLUDED:
                return f"NOT ({self.taken})"


_CANCELLED = ("cancelled", words.CANCELLED)
_NO_INVOICE = ("NOT invoiced", words.NOT_REGISTERED)
_NOT_SHIPPED = ("NOT picked_up", words.NOT_SHIPPED)
_SHIPPED_UNSEEN = ("NOT picked_up AND attempted", words.NO_FIRST_SCAN)
_NEVER_SHIPPED = ("NOT picked_up AND NOT moving", words.CLOSED)

RULES: dict[Figure, Rule] = {
    Figure.ON_TIME: Rule(
        "in_time", (_CANCELLED, ("NOT promised", words.NO_PROMISE), ("NOT attempted AND NOT past_promise", words.NOT_DUE))
    ),
    Figure.PROMISED: Rule("promised", (_CANCELLED,)),
    Figure.ORDER_TO_SHIP: Rule(
        "picked_up", (_CANCELLED, _SHIPPED_UNSEEN, _NEVER_SHIPPED), "coalesce(picked_us, present_us) - ordered_us"
    ),
    Figure.ORDER_TO_INVOICE: Rule(
        "invoiced",
        (
            _CANCELLED,
            ("NOT invoiced AND (picked_up OR attempted)", words.WITHOUT_INVOICE),
            ("NOT invoiced AND NOT moving", words.CLOSED),
        ),
        "coalesce(invoiced_us, present_us) - ordered_us",
    ),
    Figure.INVOICE_TO_PICK_UP: Rule(
        "picked_up", (_CANCELLED, _NO_INVOICE, _SHIPPED_UNSEEN, _NEVER_SHIPPED), "coalesce(picked_us, present_us) - invoiced_us"
    ),
    Figure.LATE_SHIPMENT: Rule(
        "shipped_late",
        (
            _CANCELLED,
            ("NOT to_ship_by", words.NO_SHIP_BY),
            _SHIPPED_UNSEEN,
            ("NOT picked_up AND NOT past_ship_by", words.NOT_DUE_TO_SHIP),
        ),
    ),
    Figure.TRANSIT: Rule(
        "delivered",
        (_CANCELLED, _NOT_SHIPPED, ("NOT delivered AND NOT moving", words.GIVEN_UP)),
        "coalesce(delivered_us, present_us) - picked_us",
    ),
    Figure.FIRST_ATTEMPT: Rule("delivered AND NOT befell_failure", (_CANCELLED, ("NOT attempted", words.NOT_ATTEMPTED))),
    Figure.FAILURE: Rule("befell_failure OR befell_refusal OR befell_loss", (_CANCELLED, _NOT_SHIPPED)),
    Figure.EXCEPTION: Rule("befell_exception", (_CANCELLED, _NOT_SHIPPED)),
    Figure.RETURN: Rule("befell_return", (_CANCELLED, _NOT_SHIPPED)),
    Figure.VALID_TRACKING: Rule("scanned", (_CANCELLED, _NO_INVOICE)),
    Figure.BACKLOG: Rule("open", (("NOT open", words.NOT_OPEN),), "present_us - since_us"),
    Figure.ORDERED: Rule("true", (_CANCELLED,)),
    Figure.SHIPPED: Rule("picked_up", (_CANCELLED,)),
    Figure.DELIVERED: Rule("delivered", (_CANCELLED,)),
    Figure.OPEN: Rule("open", (_CANCELLED,)),
}

# How long after its cohort's moment a shipment is attempted: what makes a cohort young or old.
RIPENING = "ripening"
SPANS: dict[str, Rule] = {
    **{figure: rule for figure, rule in RULES.items() if rule.span},
    RIPENING: Rule(
        "attempted",
        (_CANCELLED, ("NOT attempted AND NOT moving", words.NOT_ATTEMPTED)),
        "coalesce(attempted_us, present_us) - cohort_us",
    ),
}

# The hours of a shipment, cut where each step was done; a step that was not done yet lasts up to the end, the later ones nothing.
SEGMENTS: dict[Segment, tuple[str, str]] = {
    Segment.ORDER: ("ordered_us", "done_released"),
    Segment.RELEASE: ("done_released", "done_invoiced"),
    Segment.INVOICE: ("done_invoiced", "done_picked_up"),
    Segment.TRANSIT: ("done_picked_up", "done_attempted"),
    Segment.ATTEMPTS: ("done_attempted", "end_us"),
}
