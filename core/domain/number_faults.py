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
    NO_COUNTRY = "no_country", "There is no country {country}. Check the last two letters on the label."
    CHECK_DIGIT = (
        "check_digit",
        {
            "alone": "The {carrier} check digit should be {expected}, not {digit}. Check the label.",
            "others": "The {carrier} check digit should be {expected}, not {digit}. Check the label. "
            "The number fits {others:or}.",
        },
    )
