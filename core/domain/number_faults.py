"""What can be wrong with an invoice number, each with its sentence: what is wrong and what to do.

The field's name is left to the screen, except where the field is empty.
"""

from core.domain.reasons import Reason


class NumberFault(Reason):
    """Why a number is refused or doubted. That of a form names the number itself, or how many digits or characters it has."""

    EMPTY = "empty", "Invoice No. is empty. Enter the number on the label."
    SHORTENED = (
        "shortened",
        "{number} was shortened by Excel, digits are lost. Format the column as text and enter the number again.",
    )
    PLACEHOLDER = "placeholder", "{text} looks like a placeholder, not like the number on a label. Check the label."
    SEVERAL = "several", "There seem to be two numbers. Enter one number, without comma or line break."
    FORMULA_ERROR = (
        "formula_error",
        "{text} is an error or a formula of the spreadsheet, not a number. Mend it there, or enter the number on the label.",
    )
    LINK = "link", "{text} is a web address, not a number. Enter the number on the label."
    EMAIL = "email", "{text} is an e-mail address, not a number. Enter the number on the label."
    PHONE = "phone", "{text} looks like a phone number. Enter the number on the label."
    DATE = "date", "{text} is a date, not a number. Enter the number on the label."
    PRICE = "price", "{text} is an amount of money, not a number. Enter the number on the label."
    THOUSANDS = (
        "thousands",
        "{text} is written as an amount, with a mark at every thousand. Format the column as text and enter the number again.",
    )
    DECIMALS = "decimals", "{text} has decimals, as an amount. Format the column as text and enter the number again."
    PIECES = (
        "pieces",
        "{text} counts parcels, such as (1/2) for the first of two. Enter only the number on the label.",
    )
    ADDRESS = "address", "This is an address, not a number. Enter the number on the label."
    TEXT = "text", "“{text}” is text, not a number. Enter the number on the label."
    BESIDE = "beside", "“{text}” holds text beside the number. Enter only the number."
    STRANGE_CHARACTER = (
        "strange_character",
        {
            "visible": '"{character}" is neither a digit 0 to 9 nor a letter A to Z. Enter the number with these only.',
            "invisible": "An invisible character (U+{code:04X}) is neither a digit 0 to 9 nor a letter A to Z. "
            "Enter the number with these only.",
        },
    )
    NO_CARRIER = "no_carrier", "Shipping company is empty. Choose one."
    UNKNOWN_CARRIER = (
        "unknown_carrier",
        {
            "alone": 'Shipping company "{text}" is not known. Choose {companies:or}.',
            "near": 'Shipping company "{text}" is not known. Choose {near} or another from the list.',
        },
    )
    FITS_ANOTHER = (
        "fits_another",
        {
            "number": "{number} does not fit {carrier}; it fits {others:or}. Choose {others} or check the label.",
            "digits": "{count} digits do not fit {carrier}; they fit {others:or}. Choose {others} or check the label.",
            "characters": "{count} characters do not fit {carrier}; they fit {others:or}. Choose {others} or check the label.",
        },
    )
    FITS_OTHERS = (
        "fits_others",
        {
            "number": "{number} does not fit {carrier}; it fits {others:or}. Choose one of them or check the label.",
            "digits": "{count} digits do not fit {carrier}; they fit {others:or}. Choose one of them or check the label.",
            "characters": "{count} characters do not fit {carrier}; they fit {others:or}. "
            "Choose one of them or check the label.",
        },
    )
    FITS_NONE = (
        "fits_none",
        {
            "number": "{number} does not fit {carrier}. {carrier} takes {forms:or}. Check the label.",
            "digits": "{count} digits do not fit {carrier}. {carrier} takes {forms:or}. Check the label.",
            "characters": "{count} characters do not fit {carrier}. {carrier} takes {forms:or}. Check the label.",
        },
    )
    UNDOCUMENTED = (
        "undocumented",
        {
            "number": "No document on {carrier} shows a number like {number}. "
            "Compare it with the label; confirm only if {carrier} stands on it.",
            "digits": "No document on {carrier} shows a number of {count} digits. "
            "Compare it with the label; confirm only if {carrier} stands on it.",
            "characters": "No document on {carrier} shows a number of {count} characters. "
            "Compare it with the label; confirm only if {carrier} stands on it.",
        },
    )
    NO_COUNTRY = "no_country", "There is no country {country}. Check the last two letters on the label."
    CHECK_DIGIT = (
        "check_digit",
        {
            "alone": "The {carrier} check digit should be {expected}, not {digit}: one digit is wrong, or two are swapped. "
            "Compare characters {first} to {last} with the label.",
            "others": "The {carrier} check digit should be {expected}, not {digit}: one digit is wrong, or two are swapped. "
            "Compare characters {first} to {last} with the label, and the company: the number fits {others:or}.",
        },
    )
