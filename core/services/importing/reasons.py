"""What is said about a file of shipments, its mapping, its rows and all of them together; each sentence once, and whole."""

from core.domain import phrases
from core.domain.reasons import Reason


class CellFault(Reason):
    """Why a cell has no value, or a doubtful one, and what to do; it is said after the title of its column."""

    TOO_LONG = "too_long", "the text has {count:,} characters; {longest} fit. Shorten it."
    SHORTENED = (
        "shortened",
        "{text} was shortened by Excel, digits are lost. Format the column as text and enter it again.",
    )
    DECIMALS = (
        "decimals",
        "{text} may be {whole}, written as an amount: other cells of the column are not written so. Write the number as it is.",
    )
    NOTHING_TO_READ = "nothing_to_read", '"{text}" has no letter and no digit. Enter the number.'
    SKIPPED_TIME = "skipped_time", "the clocks of {zone} skipped {text}. Check the time."
    TWO_DAYS = (
        "two_days",
        "{text} is {written:%Y-%m-%d} as written and {other} in {zone}. The written day is taken, in all rows. "
        "Where the other is meant, write the day without a time.",
    )
    STRANGE_YEAR = "strange_year", "{text} is in the year {year}. Check the year."
    NO_DATE_THAT_EXISTS = "no_date_that_exists", "{text} is no date that exists. Check day, month and time."
    SEVERAL_DATES = (
        "several_dates",
        "{text} can be read as {readings:and}. Keep only the date format the file really has.",
    )
    DAY_OR_MONTH = (
        "day_or_month",
        "{text} does not say which is day and which is month. Write 2026-11-23, or name how dates are "
        "written under Date formats, or in the mapping.",
    )
    EXCEL_DAY = "excel_day", "{text} is a date as Excel counts days. Format the column as a date and save again."
    NO_DATE = "no_date", '"{text}" is no date as expected. Write it such as {accepted:or}.'
    NO_KIND = "no_kind", '"{text}" is neither standard nor exchange. Write one of them, or translate it.'
    TOO_HEAVY = "too_heavy", "{text} {unit} is more than a shipment can weigh."
    TOO_MUCH = "too_much", "{text} is more than fits. Check the amount."
    NO_CURRENCY = "no_currency", '"{text}" is no currency code. Write three letters: KRW.'
    LIKELY_COUNTRY = (
        "likely_country",
        {
            "one": '"{text}" is not clear: if it is {name}, write {code}.',
            "other": '"{text}" is not clear: write the code of the one that is meant, {choices:or}.',
        },
    )
    NO_COUNTRY = "no_country", '"{text}" is no country we know. Write its code of two letters, such as KR.'
    NO_QUANTITY = "no_quantity", '"{text}" is no quantity. Write a whole number from 1, without thousands separator.'
    UNKNOWN_COMPANY = (
        "unknown_company",
        {
            "alone": '"{text}" is not known. Write {companies:or}.',
            "near": '"{text}" is not known. If it is {near}, write that.',
        },
    )
    TOO_NARROW = "too_narrow", "Excel saved the cell as ####, its column was too narrow. Widen it and save again."
    DAMAGED = "damaged", '"{text}" has a damaged character. Export the file again as UTF-8.'
    BELOW_ZERO = (
        "below_zero",
        {
            "weight": "{text} is below zero. Check the weight.",
            "amount": "{text} is below zero. Check the amount.",
        },
    )
    COMMA = "comma", "{text}: the comma may mark decimals or thousands. Write 1234.5 with a point."
    NO_NUMBER = (
        "no_number",
        {
            "weight": '"{text}" is not a weight. Write a number such as 1234.5.',
            "amount": '"{text}" is not an amount. Write a number such as 1234.5.',
        },
    )


class RowFinding(Reason):
    """What is found in a row, alone, beside the other rows or against the desk, and what to do."""

    IN_COLUMN = "in_column", phrases.IN_COLUMN
    EMPTY = "empty", "{title} is empty. Fill it in."
    STANDS_IN = "stands_in", '{title}: the cell is empty; "{header}" stands in.'
    ROW_REFUSED = "row_refused", "Row {row} of the same shipment is refused. Mend that row."
    DISAGREES = (
        "disagrees",
        "{title} is {value} here, but {first} in row {row} of the same shipment. Make them agree.",
    )
    SAME_NUMBER = (
        "same_number",
        'Shipment No.: "{text}" is the same number as "{first}" in row {row}; they are one shipment.',
    )
    SPELLED_SO = "spelled_so", 'Shipment No.: "{text}" is "{stored}" on the desk; it stays written so.'
    FIRST_COUNTS = (
        "first_counts",
        '{title}: "{value}" here, "{first}" in row {row} of the same shipment. The first counts.',
    )
    CANNOT_GO_BACK = (
        "cannot_go_back",
        "{title} takes its own workbook (.xlsx) back, and this is none: numbers cannot be put into it. Import the workbook as it came.",
    )
    NO_PRODUCT = "no_product", "The line has a quantity but no product. Fill in its ID or name."
    COMPANY_ALONE = "company_alone", "Shipping company: left out, as there is no Invoice No."
    OTHER_COMPANY = "other_company", 'Shipping company: "{text}" is not one of ours, so Other stands for it.'
    PLACEHOLDER = (
        "placeholder",
        "Invoice No.: {text} looks like a placeholder and was left out. Register the number on the label once it is there.",
    )
    NUMBER = "number", phrases.OF_NUMBER
    CONFIRM_ELSEWHERE = (
        "confirm_elsewhere",
        "If it is printed like that, import the shipment without it and confirm it on the Register page.",
    )
    USED_ALREADY = "used_already", "Invoice No.: taken, as it was used already."
    IN_THE_FUTURE = "in_the_future", "{title}: {value} lies in the future. Check the date."
    BEFORE = "before", "{title}: {value} is before {other_title}, {other}. Check both."
    LEFT_EMPTY = "left_empty", "{title} was left empty."
    REPLACED = "replaced", '{title} was replaced by "{header}".'
    SHARED_NUMBER = (
        "shared_number",
        {
            "under_way": "Invoice No.: {number} is also on shipment {other} in row {row}. Check both labels.",
            "delivered": "Invoice No.: {number} is also on shipment {other} in row {row}. Both are delivered, so it was taken.",
        },
    )
    NUMBER_IN_USE = "number_in_use", "Invoice No.: {number} is on shipment {other} already. Check the label."
    ADDRESS_STAYS = (
        "address_stays",
        {
            "registered": "{title}: the address is frozen, because an invoice is registered. "
            "Leave it as it is on the desk, or mend it there.",
            "under_way": "{title}: the shipment is under way. Leave it as it is on the desk, or mend it there.",
        },
    )
    PUT_INTO = (
        "put_into",
        "{title}: the shipment was put into {into} and goes out with it. Leave it as it is on the desk, or mend it at {into}.",
    )
    GOODS_STAY = (
        "goods_stay",
        "The goods of {shipment_no} stay as they are on the desk, where it was split or put together.",
    )
    PARCELS_STAY = (
        "parcels_stay",
        "{shipment_no} was split on the desk. The address of its other parcels stays; edit it there where they go to the new one, too.",
    )
    NUMBER_OF_PARCEL = (
        "number_of_parcel",
        "Shipment No.: {shipment_no} is a parcel of order {order_no} that was split off on the desk. Give this one another number.",
    )
    REGISTERED = (
        "registered",
        "Invoice No.: {number} is registered. An import never replaces it; modify it on the shipment.",
    )
    DELETED_ON_DESK = "deleted_on_desk", "Invoice No.: it was deleted on the desk, so it was not registered again."
    RECORDED = "recorded", "{title}: {recorded:%Y-%m-%d %H:%M} is recorded already and stays."
    AFTER_DELIVERY = (
        "after_delivery",
        "{title}: it is after the delivery on {delivered:%Y-%m-%d} that is recorded already. Check both.",
    )


class TableFault(Reason):
    """Why the rows of a file cannot be trusted as a whole."""

    NO_COLUMN_FOR = (
        "no_column_for",
        "There is no column for {names}. Name the column like ours (data/README.md), or say in the mapping which one it is.",
    )
    ABSENT = (
        "absent",
        {
            "all": "The file has no column {absent}. Its columns are {headers}.",
            "some": "The file has no column {absent}. Its columns are {headers} and more.",
        },
    )
    DOUBLE = "double", "The file has the column {names} twice. Delete or rename one of them."
    TOO_MANY_WRONG = (
        "too_many_wrong",
        "More than {most:,} cells cannot be used, so nothing of the file is taken. The first in {title} is in row {row}: {fault} "
        "Check which column is taken for what, and how its values are written.",
    )
    TOO_MANY_REFUSED = (
        "too_many_refused",
        "More than {most:,} reasons to refuse a row were found, so nothing of the file is taken. One is in row {row}: {fault} "
        "Check which column is taken for what, or split the file.",
    )
    NOT_OF = (
        "not_of",
        {
            "alone": "The file has no order number where {title} writes it. Check whose orders these are.",
            "like": "The file has no order number where {title} writes it; it looks like orders of {other}. Check whose orders these are.",
        },
    )
    NO_COUNTRY = "no_country", '"{text}" is no country. Give its code of two letters, such as KR.'
    FOR_UPLOAD = (
        "for_upload",
        "{what}, no shipments: the numbers in it belong to shipments that are here. Register it on the Upload page, or with "
        "python -m core register.",
    )
    NO_ROWS = "no_rows", "The file has no rows below its header. Choose another file."


class MappingFault(Reason):
    """Why a mapping cannot be used."""

    TOO_LARGE = "too_large", "{path} has more than {most} MB, which no mapping has. Check the name of the mapping."
    NOT_UTF8 = (
        "not_utf8",
        {
            "file": "{path} is not written in UTF-8. Save the mapping as UTF-8.",
            "upload": "It is not written in UTF-8. Save the mapping as UTF-8.",
        },
    )
    NO_TOML = "no_toml", "The mapping is not valid TOML: {why}."
    NO_SECTION = "no_section", "[{section}] in the mapping has to be a section with its own lines."
    UNKNOWN = (
        "unknown",
        {
            "section": "The mapping: {names} is not known here. Known are {known}.",
            "key": "[{section}]: {names} is not known here. Known are {known}.",
            "column": "[{section}] {key}: {names} is not known here. Known are {known}.",
        },
    )
    NO_TEXTS = (
        "no_texts",
        '[{section}] {key} in the mapping has to be a text or a list of texts, such as ["Order date"].',
    )
    NO_TEXT = "no_text", "[{section}] {key} in the mapping has to be a text. Put it in quotes."
    NO_FORMAT = (
        "no_format",
        '[formats]: "{text}" does not give year, month and day. Write it such as "%d/%m/%Y" or "%d-%b-%y %H:%M".',
    )
    NO_ZONE = "no_zone", "[formats] zone: {text} is no time zone. Use a name such as Asia/Seoul."
    NO_UNIT = "no_unit", "[units] weight: {text} is not known. Use one of {known}."


class MappingDoubt(Reason):
    """What a proposed mapping leaves to a person."""

    WORD = "word", '{title}: "{text}" is no date. If it means empty, add it to the words that mean empty.'
    SEVERAL_WAYS = (
        "several_ways",
        "{title}: {text} can be read in several ways. Choose how 23 November is written: {choices:or}.",
    )
    UNKNOWN_FORMAT = (
        "unknown_format",
        "{title}: {text} is written in a way that we do not know. Name it under Date formats, or in the mapping.",
    )


class Remark(Reason):
    """What the history keeps of an import."""

    TAKEN_WITH_DOUBT = "taken_with_doubt", "Taken with a doubt: {doubt}"
    ITEMS = (
        "items",
        {
            "changed": "Items were: {before}. Now: {after}.",
            "added": "Items were: none. Now: {after}.",
            "removed": "Items were: {before}. Now: none.",
        },
    )


class ImportCount(Reason):
    """How much of a file of shipments is what."""

    NOTHING_YET = "nothing_yet", phrases.NOT_WRITTEN_YET
    FOUND = (
        "found",
        {
            "one_one": "1 row with 1 shipment: {new:,} new, {changed:,} changed, {unchanged:,} unchanged.",
            "one_other": "1 row with {shipments:,} shipments: {new:,} new, {changed:,} changed, {unchanged:,} unchanged.",
            "other_one": "{rows:,} rows with 1 shipment: {new:,} new, {changed:,} changed, {unchanged:,} unchanged.",
            "other_other": "{rows:,} rows with {shipments:,} shipments: "
            "{new:,} new, {changed:,} changed, {unchanged:,} unchanged.",
        },
    )
    REFUSED = "refused", {"one": "{count} row refused.", "other": "{count:,} rows refused."}
    LEFT_EMPTY = "left_empty", {"one": "{count} cell left empty.", "other": "{count:,} cells left empty."}
    WARNINGS = "warnings", {"one": "{count} warning.", "other": "{count:,} warnings."}
    MORE_PRODUCTS = "more_products", phrases.NAME_AND_MORE


class HomeDoubt(Reason):
    """That the shop may be in another country than the desk takes for its own, and what to do."""

    MOST_ABROAD = (
        "most_abroad",
        {
            "one": "The shipment goes to {country}. The desk takes {home} for the shop's own country, so it counts it as {international}.",
            "other": "{count:,} of {of:,} shipments go to {country}. The desk takes {home} for the shop's own country, so it counts "
            "them as {international}.",
        },
    )
    SET = (
        "set",
        {
            "country": "If the shop is in {country}, start the desk with SHIPDESK_COUNTRY={code}, then import.",
            "zone": "If the shop is in {country}, start the desk with SHIPDESK_COUNTRY={code} and SHIPDESK_ZONE={zone}, then import.",
        },
    )


class Phase(Reason):
    """What an import is busy with."""

    OPENING = "opening", "Opening"
    WAITING = "waiting", "Waiting until the files of others are read: {count} are read at a time"
    READING_ROW = "reading_row", "Reading row {row:,}"
    READING = "reading", "Reading {title}"
    CHECKING = "checking", "Checking"
    CHECKED = "checked", "Checked"
    WRITING = "writing", "Writing"
    IMPORTED = "imported", "Imported"


class TakenForText(Reason):
    """What a file is taken for."""

    ORDERS = "orders", "Orders of {title}"
    OWN = "own", "Shipments in the columns of Shipdesk"
    KEPT = "kept", "Shipments in columns that this shop matched before"
    NUMBERS = "numbers", "A list of tracking numbers"
    INVOICES = "invoices", "A workbook of invoices"
    UNKNOWN = "unknown", "A file whose columns are not known yet"
