"""What is wrong with a file as it is read, and what a workbook to fill says of itself; each sentence once, and whole."""

from core.domain.reasons import Reason


class FileReason(Reason):
    """Why the text of a file cannot be read."""

    NOT_OPENED = "not_opened", "{file} cannot be read: {why}. Check the name of the file."
    NO_FILE = (
        "no_file",
        {
            "folder": "{file} is a folder, no file. Name the file inside it.",
            "device": "{file} is no file but a device or a pipe, which may never end. Save its content in a file first.",
        },
    )
    MIXED = (
        "mixed",
        "Row {row} has characters that are not written in UTF-8 as the others are. Export the file again as one, in UTF-8.",
    )
    QUOTATION = (
        "quotation",
        "Row {row}: a quotation mark is not closed, or stands inside a text. "
        "Write it twice inside a quoted text, and save again.",
    )
    CHARACTERS = "characters", "The characters of the file cannot be read. Save it as CSV UTF-8, or as .xlsx."
    PARQUET = "parquet", "The Parquet file is damaged. Write it again and try again."


class BrokenRow(Reason):
    """Why a row of a CSV file is not what was meant."""

    TOO_MANY_CELLS = (
        "too_many_cells",
        "The row has {cells} cells, the header {width}. Put a text with a separator inside into quotes.",
    )
    CUT_IN_TWO = (
        "cut_in_two",
        "Rows {first} and {second} look like one row that a line break cut in two. Put a text with a line break into quotes.",
    )


class CellTrouble(Reason):
    """Why a cell cannot be trusted, said after the title of its column."""

    TYPE = "type", "{kind} cannot be read. Write it as text."
    TOO_LONG = "too_long", "the cell holds {count:,} characters. Type the one value, as text."
    YES_OR_NO = "yes_or_no", "the cell holds {word}, no text. Type it from the label, as text."
    DATE = "date", "the cell holds the date {text}. Format the column as text and enter it again."
    NO_DATE = (
        "no_date",
        "{text} is no date, but the cell is formatted as one. Format the column as text and enter it again.",
    )
    FRACTION = "fraction", "the cell holds the fraction {text}. Type the number from the label, as text."
    NEGATIVE = "negative", "the cell holds a negative number. Type the number from the label, as text."
    EXCEL_ERROR = "excel_error", "the cell holds the Excel error {text}. Mend it in Excel and save again."
    MERGED = "merged", "the cell is merged with {first} and has no value of its own. Unmerge the cells and fill it."


class LeftOut(Reason):
    """Why a row of an order file is no parcel to send; `text` is what its column `head` says."""

    CANCELLED = "cancelled", 'The order is cancelled: "{text}" in {head}.'
    RETURNED = "returned", 'It goes back or is exchanged: "{text}" in {head}. Handle it where it was ordered.'
    REFUNDED = "refunded", 'It is refunded: "{text}" in {head}.'
    UNPAID = "unpaid", 'It is not paid yet: "{text}" in {head}. It comes in with a later file, once it is paid.'
    NO_PAYMENT = "no_payment", "It is not paid yet: {head} is empty. It comes in with a later file, once it is paid."
    DIGITAL = "digital", 'Nothing is sent for it: "{text}" in {head}.'
    NO_PARCEL = "no_parcel", 'It is handed over without a parcel: "{text}" in {head}.'
    NO_GOODS = "no_goods", 'The line is no goods but "{text}" in {head}.'
    NO_ORDER = "no_order", 'The row is no order: "{text}".'
    DISPATCHED = (
        "dispatched",
        'It is dispatched already: "{text}" in {head}, and the file has no number for it. With its number it would come in.',
    )


class SheetText(Reason):
    """What a workbook to fill says of itself."""

    SHIPMENT_COLUMN = "shipment_column", "One shipment a row, as on the packing slip."
    COMPANY_COLUMN = (
        "company_column",
        "Choose from the list, or write a usual name of the company. Empty, it is proposed where the number leaves one.",
    )
    NUMBER_COLUMN = "number_column", "The number on the label, all digits. The column is text, so leading zeros stay."
    FILL = (
        "fill",
        "Fill in the company and the number beside each shipment that you send, on the sheet {sheet}, and upload the file.",
    )
    SHIPMENT = (
        "shipment",
        "Shipments that wait are filled in already. Rows in which you fill in neither company nor number are left for later. "
        "Example: S261123-04091",
    )
    COMPANY = (
        "company",
        "Choose from the list, or write a usual name: {companies}. You may leave it empty where the number and the companies "
        "that such parcels go with leave only one: it is proposed, and you see it before anything is written.",
    )
    NUMBER = "number", "All digits of the label, as text. Leading zeros stay. Example: 039281746551"
    MOST = "most", "At most {most:,} rows a file. Split a longer list into several files."
    FILE_NAME = "file_name", "Any name will do."
    PASSWORD = "password", "Unlock the file before uploading it."
    OTHER_COLUMNS = (
        "other_columns",
        "They are not read. The three headers may stand in any order; a list of Shipment No. and Invoice No. alone will do, too.",
    )
    WHAT_HAPPENS = "what_happens", "Nothing is written before you have seen a verdict for every row."
    CHOOSE_COMPANY = "choose_company", "Choose a company from the list."
    LETTERS_AND_DIGITS = "letters_and_digits", "Invoice numbers have 4 to 40 letters and digits."
