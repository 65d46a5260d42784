"""The sentences of Overview, each once and whole."""

from core.domain.reasons import Reason


class Quiet(Reason):
    """That no shipment belongs to the period, and what else could be looked at."""

    TITLE = (
        "title",
        {
            "ordered": "No shipment was ordered on {days} ({destination}, {kind})",
            "ordered_at": "No shipment was ordered on {days} ({destination}, {kind} at {warehouses})",
            "picked_up": "No shipment was picked up on {days} ({destination}, {kind})",
            "picked_up_at": "No shipment was picked up on {days} ({destination}, {kind} at {warehouses})",
        },
    )
    TEXT = (
        "text",
        {
            "all": "The figures below have nothing to count. Choose other dates. What is open now is shown all the same.",
            "some": "The figures below have nothing to count. Choose other dates or all warehouses. "
            "What is open now is shown all the same.",
        },
    )


class TileText(Reason):
    """What a tile shows beside its number."""

    SHAPE = (
        "shape",
        {"whole": "{label} over the period", "young": "{label} over the period; the dashed end is not final"},
    )


class TrendText(Reason):
    """What the chart of on-time delivery shows, as one would tell it."""

    TITLE = "title", "On-time delivery by {cohort}"
    SHARE = "share", "On-time delivery {days}: {share}, {made_of}."
    CHANGE = (
        "change",
        {
            "same": "No change to the period before.",
            "unclear": "No clear change to the period before.",
            "early": "It is too early to compare with the period before.",
            "better": "{change} better than before.",
            "worse": "{change} worse than before.",
            "other": "{change} off the period before.",
        },
    )
    TARGET = (
        "target",
        {
            "reached": "It is at or above the target of {target:g} %.",
            "missed": "It is below the target of {target:g} %.",
        },
    )
    LOWEST = "lowest", "The lowest is {share} on {day}."
    POINT = "point", {"day": "{first}: {share}, {made_of}", "days": "{first} – {last}: {share}, {made_of}"}
    TOO_FEW_TITLE = (
        "too_few_title",
        {"day": "Too few shipments for a line by day", "week": "Too few shipments for a line by week"},
    )
    TOO_FEW = (
        "too_few",
        {
            "day": "A share over fewer than 20 is not shown, and hardly any day had 20. "
            "Choose a longer period or all warehouses.",
            "week": "A share over fewer than 20 is not shown, and hardly any week had 20. "
            "Choose a longer period or all warehouses.",
        },
    )
    PROMISED = "promised", "promised: {share} of {count:,}"
    NOT_FINAL = (
        "not_final",
        {
            "hours": "Grey: not final, younger than the {hours} that 9 of 10 need",
            "today": "Grey: not final, today",
        },
    )


class BacklogText(Reason):
    """What the chart of open shipments shows."""

    FOUND = (
        "found",
        {
            "one": "{count} open shipment by hours since its last change: {parts}.",
            "other": "{count:,} open shipments by hours since their last change: {parts}.",
        },
    )
    PART = "part", "{count:,} of {age}"
    N = "n", {"alone": "n {count:,}", "half": "n {count:,} · half less than {hours} in their status"}
    OLDEST = "oldest", {"some": "{count:,} {age}", "none": "oldest first"}
