"""How recipients are searched: by name, whole or in part, and by the last digits of the phone."""

from string import digits

from core.domain.texts import letters_of

SHORTEST_TAIL = 4
"""So many of the phone's last digits tell people apart."""
_WHOLE_PHONE = 9


def recipient_key(recipient: str, phone: str) -> str:
    """What a recipient is found by: the letters of the name, a blank, the digits of the phone."""
    return f"{letters_of(recipient)} {phone_digits(phone)}"


def phone_tail(text: str) -> str:
    """The digits a phone must end with when this is searched, "" when it is none; a whole number may lack its country code."""
    letters = letters_of(text)
    if phone_digits(text) != letters or len(letters) < SHORTEST_TAIL:
        return ""
    return letters.lstrip("0") if len(letters) >= _WHOLE_PHONE else letters


def phone_digits(phone: str) -> str:
    """The digits of a phone number alone."""
    return "".join(filter(digits.__contains__, letters_of(phone)))
