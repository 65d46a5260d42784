"""Why nothing is handed back to a source, and what is said of a file that is."""

from core.domain.reasons import Reason


class HandbackReason(Reason):
    """Why nothing is handed back, and what is said of a file that is."""

    NO_SOURCE = "no_source", "{layout} takes no numbers here. Sources that take them are {names}."
    NOTHING_WAITS = "nothing_waits", "{title} has every number that is registered for its orders."
    NEVER = "never", "Nothing was handed to {title} yet."
    GONE = (
        "gone",
        "The workbook that came from {title} is not kept any more. Import a fresh one from there, and hand it back.",
    )
    ODD_WORKBOOK = (
        "odd_workbook",
        "The workbook from {title} cannot be filled as it is. Import a fresh one from there, and hand it back.",
    )
    FORMULA = (
        "formula",
        "Cell {cell} of the workbook from {title} holds a formula, and the number would break it. Empty the cell or put its value there, "
        "import the workbook again, and hand it back.",
    )
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        "Numbers were changed while the file was made, so nothing counts as handed over. Make it again.",
    )
    STANDS_IN = (
        "stands_in",
        "The file that came has no {head}, so the rows go by the Order No. A file that has it gives it back, too.",
    )
    LETTERS = (
        "letters",
        "A file for {title} cannot hold some letters of {names}, so their numbers are not in it and still wait. Type them there by hand.",
    )
    FURTHER_BOXES = (
        "further_boxes",
        {
            "one": "{title} takes one number for each line, that of the parcel with its goods. The number of a further box without a line of "
            "its own is not in the file: {names}. Tell it there by hand where {title} takes it.",
            "other": "{title} takes one number for each line, that of the parcel with its goods. The numbers of further boxes without a line of "
            "their own are not in the file: {names}. Tell them there by hand where {title} takes them.",
        },
    )
    HANDED = "handed", {"one": "Handed to {title}: {count} number.", "other": "Handed to {title}: {count:,} numbers."}
    GUESSED = (
        "guessed",
        "No document shows what {title} calls {names}, so the file has their usual names. Compare them with the list there first.",
    )
