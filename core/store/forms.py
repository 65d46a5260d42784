"""Whole columns in the forms in which they are searched: the same as `core.domain` gives for each text, most of them at once."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.recipients import phone_digits
from core.domain.shop_numbers import search_form
from core.domain.texts import letters_of

PLAIN_NUMBER, _NAME, _PHONE = "^[0-9A-Za-z][ -~]*$", "^[ -~가-힣]*$", "^[ -~]*$"


def search_forms(numbers: pa.Array) -> pa.Array:
    """Each number as `core.domain.shop_numbers.search_form` writes it."""
    plain = pc.ascii_upper(pc.replace_substring_regex(numbers, "[ -]", ""))
    return _else_each(search_form, numbers, PLAIN_NUMBER, plain)


def recipient_keys(recipients: pa.Array, phones: pa.Array) -> pa.Array:
    """Each recipient with the phone as `core.domain.recipients.recipient_key` writes them."""
    names = pc.ascii_lower(pc.replace_substring_regex(recipients, "[^0-9A-Za-z가-힣]", ""))
    digits = pc.replace_substring_regex(phones, "[^0-9]", "")
    return pc.binary_join_element_wise(
        _else_each(letters_of, recipients, _NAME, names), _else_each(phone_digits, phones, _PHONE, digits), " "
    )


def each_distinct(function: Callable[[str], Any], texts: pa.Array) -> pa.Array:
    """What the function gives for each text, asked once for each distinct one."""
    encoded = texts.dictionary_encode()
    return pa.array(map(function, encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)


def _else_each(function: Callable[[str], str], texts: pa.Array, plain: str, values: pa.Array) -> pa.Array:
    """The values, and what the function gives for texts that are not plain."""
    odd = pc.invert(pc.match_substring_regex(texts, plain))
    return pc.replace_with_mask(values, odd, each_distinct(function, texts.filter(odd))) if pc.any(odd).as_py() else values
