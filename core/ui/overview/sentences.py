"""The sentences of Overview, each once and whole."""

from core.domain.reasons import Reason


class HeaderText(Reason):
    """What is compared with what, and the days that are offered."""

    COMPARED = "compared", "{days} against {before} at the same age"
    ORDERS = "orders", {"standard": "standard orders", "exchange": "exchange shipments"}
    DAYS = "days", "{days} days"


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

    TITLE = (
        "title",
        {"ordered": "On-time delivery by order date", "picked_up": "On-time delivery by pick-up date"},
    )
    TARGET_LINE = "target_line", "target {target:g} %"
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
    OPEN = "open", "{count:,} open"
    HALF = "half", "half less than {hours} in their status"
    OLDEST = "oldest", {"some": "{count:,} {age}", "none": "oldest first"}


class WorklistText(Reason):
    """What there is to do today."""

    ABOUT = (
        "about",
        "One flag per open shipment: its worst. Flagged in the last {days} days: {flagged:,} of {open:,} "
        "open shipments, {new:,} of them today.",
    )
    NOTHING = (
        "nothing",
        {
            "all": "No open shipment that was flagged in the last {days} days is left to do.",
            "whose": "Nothing that was flagged in the last {days} days is left to do in these hands.",
        },
    )
    ASIDE = "aside", {"snoozed": "{count:,} snoozed", "done": "{count:,} done"}
    NEW = "new", "{count:,} new"
    TODAY = "today", "{count:,} today"
    MOST_AT = "most_at", "{company} ({count:,})"


class OldWorkText(Reason):
    """What nobody did for a month, and what can be done about it."""

    TITLE = "title", "Flagged for {days} days or more"
    COUNT = "count", "Flagged for {days} days or more: {count:,}"
    FLAG = "flag", "{flag} {count:,}"
    OLDEST = "oldest", "{flags}; the oldest for {age}"
    SHOW = "show", "Show {count:,}"
    COPY = (
        "copy",
        {
            "all": "Copy the numbers into a message to the company; the longest in their status are first.",
            "some": "Copy the numbers into a message to the company; the {most:,} longest in their status are here, a file has all.",
        },
    )
    NOBODY = "nobody", "No shipment here has a number that a company could be asked about."
    STAY = (
        "stay",
        "Only what the carrier gave up ({detail}) can be closed. The others stay open until something is done about them:",
    )
    NOTHING = "nothing", "Nothing here can be closed."
    WHY = "why", "Why nothing more will come of them (goes into the history of each)"
    CLOSE = "close", {"one": "Close {count} shipment", "other": "Close {count:,} shipments"}
    UNDOABLE = "undoable", "All of them are one batch, which can be undone."


class CompanyTableText(Reason):
    """What stands around the table of shipping companies."""

    ABOUT = (
        "about",
        "Worst first. Line: target {target:g} %. Change: on-time delivery against the period before at the same age. "
        "Companies serve different lanes.",
    )
    NO_INVOICE = "no_invoice", {"one": "No invoice yet: {count} shipment", "other": "No invoice yet: {count:,} shipments"}
