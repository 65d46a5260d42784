"""The sentences of the charts of Delays, each once and whole."""

from core.domain.reasons import Reason


class SpreadText(Reason):
    """What the chart of hours shows."""

    FOUND = (
        "found",
        {
            "one": "{figure} of {count} shipment: half took up to {half}, nine of ten up to {most}.",
            "other": "{figure} of {count:,} shipments: half took up to {half}, nine of ten up to {most}.",
        },
    )
    NORM = "norm", "The norm is {half} and {most}."
    FINISHED = (
        "finished",
        {"all": "{span}: {count:,} finished", "open": "{span}: {count:,} finished, {open:,} open at that age"},
    )


class HeatText(Reason):
    """What the chart of lanes and weeks shows."""

    NO_SHIPMENTS = "no_shipments", "{lane}, week of {week}: no shipments"
    LATE = (
        "late",
        {
            "ripe": "{lane}, week of {week}: {late:,} late of {due:,} due",
            "young": "{lane}, week of {week}: {late:,} late of {due:,} due, young: still open",
        },
    )
    TOO_FEW = "too_few", "No lane had 20 shipments due in a week of {days}."
    SHARES = "shares", "Late shares by lane and week go from {least} to {most} (lanes: {lanes:,}, weeks: {weeks:,})."
    HIGHEST = "highest", "The highest is {lane} in the week of {week}."
