"""The sentences of Overview, each once and whole."""

from core.domain.reasons import Reason
from core.ui.kit import shared


class HeaderText(Reason):
    """What is compared with what, and the days that are offered."""

    COMPARED = "compared", "{days}, against {before} as it stood {back} days ago"
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
    """What a tile shows beside its number, and how many more of them there are."""

    MORE = "more", {"one": "{count} more figure", "other": "{count} more figures"}

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
            "day": "Under 20 shipments a day are too few to say how many were on time. Choose a longer period or all "
            "warehouses.",
            "week": "Under 20 shipments a week are too few to say how many were on time. Choose a longer period or all "
            "warehouses.",
        },
    )
    PROMISED = "promised", "with a promised date: {share} of {count:,}"
    NOT_FINAL = (
        "not_final",
        {
            "hours": "Grey: not final yet; 9 of 10 arrive within {hours}",
            "today": "Grey: not final yet; today is not over",
        },
    )


class BacklogText(Reason):
    """What the chart of open shipments shows."""

    FOUND = (
        "found",
        {
            "one": "{count} open shipment by the hours since its last change: {parts}.",
            "other": "{count:,} open shipments by the hours since their last change: {parts}.",
        },
    )
    PART = "part", "{count:,} of {age}"
    OPEN = "open", "{count:,} open"
    PILES = "piles", "What piles up: {count:,} open, {oldest:,} {age}"
    HALF = "half", "half of them for less than {hours}"
    OLDEST = "oldest", {"some": "{count:,} {age}", "none": "oldest first"}


class WorklistText(Reason):
    """What there is to do today."""

    ABOUT = (
        "about",
        "Flagged in the last {days} days: {flagged:,} of {open:,} open shipments, {new:,} of them today. "
        "Each is in one line, by its worst flag.",
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
    SHOW = "show", shared.SHOW_COUNT
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
        "Worst first. The line is the target of {target:g} %. Likely between: in 19 of 20 cases the true "
        "share lies in this range. Change: on-time delivery against the days before, as they stood then. "
        "Companies drive different routes; Delays compares them like for like.",
    )
    FEW = (
        "few",
        {
            "one": "{count} company with too few shipments to say (under {fewest})",
            "other": "{count:,} companies with too few shipments to say (under {fewest})",
        },
    )
    NO_INVOICE = "no_invoice", {"one": "No invoice yet: {count} shipment", "other": "No invoice yet: {count:,} shipments"}
