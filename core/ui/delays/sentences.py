"""The sentences of Delays, each once and whole."""

from core.domain.reasons import Reason
from core.ui.kit import shared


class DelaysText(Reason):
    """What stands in the header, and in place of everything when no shipment belongs to the view."""

    DUE = "due", "{late:,} late of {due:,} due"
    PERIOD = "period", {"ordered": "Ordered {days}", "picked_up": "Picked up {days}"}
    WEEKS = "weeks", "{weeks} weeks"
    ALL_OF = "all_of", {"carrier": shared.ALL_COMPANIES, "warehouse": shared.ALL_WAREHOUSES}
    SEVERAL = "several", {"carrier": "{chosen} shipping companies", "warehouse": "{chosen} warehouses"}
    BOX = "box", {"carrier": shared.COMPANIES, "warehouse": "Warehouses"}
    NOTHING = (
        "nothing",
        {"ordered": "No shipment was ordered on {days}", "picked_up": "No shipment was picked up on {days}"},
    )
    LONGER = "longer", "Look at {weeks} weeks"


class SpreadText(Reason):
    """What the chart of hours shows."""

    TITLE = "title", {"lane": "{figure}, {lane}", "all": "{figure}, all routes"}
    STILL_OPEN = "still_open", "{open:,} still open, pale, with their hours so far"
    LONGEST = "longest", "the last bar is all that took longer"
    BEFORE = "before", "dotted: as usual, half within {half} and 9 of 10 within {most} ({weeks} weeks before)"
    NO_BEFORE = "no_before", "too few before to say what is usual"
    NORM_LINE = "norm_line", "usual, {weeks} weeks before"
    HALF = "half", "half within {at}"
    MOST = "most", "9 of 10 within {at}"
    SPAN = "span", {"closed": "{low:g} – {high:g} {unit}", "open": "{low:g} {unit} and longer"}
    FOUND = (
        "found",
        {
            "one": "{figure} of {count} shipment: half took up to {half}, nine of ten up to {most}.",
            "other": "{figure} of {count:,} shipments: half took up to {half}, nine of ten up to {most}.",
        },
    )
    NORM = "norm", "Usual are {half} and {most}."
    FINISHED = (
        "finished",
        {"all": "{span}: {count:,} finished", "open": "{span}: {count:,} finished, {open:,} still open after that long"},
    )
    TOO_FEW_TITLE = "too_few_title", {"one": "Only {count} shipment", "other": "Only {count:,} shipments"}
    TOO_FEW = "too_few", "Under 20 are too few to say how long they take. Choose all routes or a longer period."
    NOTHING_TITLE = "nothing_title", "No shipment to measure"
    NOTHING = "nothing", "Nothing of this route and these dates came that far."


class StepsText(Reason):
    """What the chart of the steps of late parcels shows."""

    TITLE = (
        "title",
        {"lane": "Where the hours of late parcels went, {lane}", "all": "Where the hours of late parcels went, all routes"},
    )
    HELP = (
        "help",
        "Each step lasts from the one before: order to release, to invoice, to pick-up (the first scan), "
        "from there to the first attempt, and attempts to the delivery. Usual is what half of the shipments "
        "of the same route took for the step in the {days} days before (median); bars are what late parcels "
        "took beyond it, on average. Parcels still on their way count up to now.",
    )
    LATE = "late", {"one": "{count} late shipment", "other": "{count:,} late shipments"}
    MEAN = "mean", "Hours longer than usual on their routes, step by step, on average."
    PARCELS = "parcels", {"one": "{count} late parcel.", "other": "{count:,} late parcels."}
    UNKNOWN = (
        "unknown",
        {
            "one": "{count} more lacks a time, or what is usual for it.",
            "other": "{count:,} more lack a time, or what is usual for them.",
        },
    )
    SIDES = "sides", "Above the line our side: {ours} h; below it hand-over and shipping company: {theirs} h."
    FOUND = (
        "found",
        {
            "one": "{count} late parcel took {late:,.0f} hours where {norm:,.0f} are usual: {ours} on our side, "
            "{theirs} at hand-over and shipping company.",
            "other": "{count:,} late parcels took {late:,.0f} hours on average where {norm:,.0f} are usual: {ours} on our "
            "side, {theirs} at hand-over and shipping company.",
        },
    )
    MOST = "most", "The step that lost most is {step} ({hours})."
    NOTHING_LATE_TITLE = "nothing_late_title", "Nothing was late"
    NOTHING_LATE = "nothing_late", "Every shipment of this route and these dates kept its promise."
    NO_NORM_TITLE = "no_norm_title", "There is nothing usual to compare with"
    NO_NORM = "no_norm", "The {weeks} weeks before had fewer than 20 shipments on these routes."


class HeatText(Reason):
    """What the chart of lanes and weeks shows."""

    PER_CENT = "per_cent", "Late, in per cent of those due"
    FEW = "few", "a dot: too few to say (under 20)"
    YOUNG = "young", "in brackets: not final yet"
    SMALLER = "smaller", {"one": "{count} smaller route in the box above", "other": "{count:,} smaller routes in the box above"}
    SPAN = (
        "span",
        {
            "thin": "{weeks} weeks in a column: single ones have too few shipments",
            "many": "{weeks} weeks in a column",
        },
    )
    SHOW_LATE = "show_late", "Show {late:,} late"
    NO_SHIPMENTS = "no_shipments", "{lane}, {days}: no shipments"
    LATE = (
        "late",
        {
            "ripe": "{lane}, {days}: {late:,} late of {due:,} due",
            "young": "{lane}, {days}: {late:,} late of {due:,} due, not final yet",
        },
    )
    TOO_FEW = "too_few", "No route had 20 shipments due in a week of {days}."
    SHARES = "shares", "By route and week, from {least} to {most} were late (routes: {lanes:,})."
    HIGHEST = "highest", "The highest is {lane}, {days}."


class SameMixText(Reason):
    """What stands beside the table of companies at the same lane mix."""

    HELP = (
        "help",
        "Companies drive different routes, so what each did cannot be compared as it was. Like for like is "
        "each company as if it had carried the parcels of all of them: its share on each route, weighted by "
        "that route's part of the whole. Compared on: how much of the whole is on routes that the company "
        "drives; it is compared on these only. Likely between: in 19 of 20 cases the true share lies there "
        "(95 % interval after Wilson). Where two of them overlap, neither company is surely better.",
    )
    SCALE = (
        "scale",
        "How many were on time, like for like, and between which two shares it likely lies, drawn from "
        "{low:.0f} to {high:.0f} %; the line is the target of {target:g} %. Press what was as it was to open "
        "it.",
    )


class PivotText(Reason):
    """What stands beside the table of two dimensions."""

    MORE_ROWS = "more_rows", {"one": "{count} more row in the export", "other": "{count:,} more rows in the export"}
    MORE_COLUMNS = (
        "more_columns",
        {"one": "{count} more column in the export", "other": "{count:,} more columns in the export"},
    )
    OPENS = "opens", "press a number to open it"
    CAPTION = "caption", "{figure}, split by two"


class RiskText(Reason):
    """What stands beside the list of open shipments at risk."""

    HELP = (
        "help",
        "Of earlier shipments of the same route and company that were at the same stage as many days before "
        "their promised date, how many ended late. Where these are fewer than 20, the route of all companies "
        "is taken, then all routes. Orders of the last 120 days.",
    )
    LISTED = (
        "listed",
        {
            "likeliest": "The {count} likeliest to be late, promised for today or later and not yet attempted.",
            "one": "{count} open shipment, promised for today or later and not yet attempted.",
            "other": "{count:,} open shipments, promised for today or later and not yet attempted.",
        },
    )
    AS_OF_NOW = "as_of_now", "As of now, whatever the period."
    CHANCE = "chance", "{share:.0f} % of {cases:,}"
    LEFT = "left", {"today": "today", "one": "1 day", "other": "{count} days"}


class SqlText(Reason):
    """What stands around the SQL box and its answer."""

    RULES = (
        "rules",
        "One SELECT over the view `{view}`: every shipment, without personal data. It can only read. At most {seconds:g} s, 512 MB "
        "and {rows:,} rows. Days and moments are in {zone}. Domestic and International, General and Claim are together in it: filter "
        "by destination and kind.",
    )
    COLUMNS = "columns", {"one": "{count} column of `{view}`", "other": "{count:,} columns of `{view}`"}
    COLUMNS_OF = "columns_of", "Columns of {view}"
    ROWS = "rows", {"one": "{count} row", "other": "{count:,} rows"}
    EXPORT = "export", {"one": "Export {count} row", "other": "Export {count:,} rows"}
    TOOK = "took", "in {seconds:.1f} s"
    AS_OF = "as_of", "shipments as of {time}"
    CUT = "cut", "there are more: an answer holds {rows:,} rows or {megabytes} MB"
    FIRST = "first", "the first {shown:,} are shown, a file has all"


class DelaysFile(Reason):
    """What can be taken along, and how it was computed."""

    LATE = "late", {"all": "Late shipments", "lane": "Late shipments of {lane}"}
    DUE = "due", "All shipments that were due"
    LANES = "lanes", "How many were late, by route and week"
    HOURS = "hours", {"all": "{figure}", "lane": "{figure} of {lane}"}
    STEPS = "steps", {"all": "Where the hours went", "lane": "Where the hours of {lane} went"}
    STEPS_HOW = (
        "steps_how",
        "Hours that late parcels took by step, on average, beside what half of the shipments of the same "
        "routes took in the {days} days before (median)",
    )
    COMPANIES = "companies", "Shipping companies, like for like"
    COMPANIES_HOW = (
        "companies_how",
        "Each company as if it had carried the parcels of all of them, weighted by route (direct "
        "standardisation). Likely from and to: 95 % interval after Wilson, over the weighted number of "
        "shipments",
    )
    RISKS = "risks", "Open shipments at risk"
    RISKS_HOW = (
        "risks_how",
        "Of earlier shipments at the same stage as many days before their promise, how many ended late; as of now",
    )
    CROSSED = "crossed", "Any figure, split by two"
