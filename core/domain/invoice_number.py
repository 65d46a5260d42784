"""Invoice numbers: cleaned as typed or scanned, checked against a carrier's rules, carriers proposed for them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from string import ascii_letters, ascii_lowercase, digits
from unicodedata import category, normalize

from core.domain.carriers import OTHER as OTHER
from core.domain.carriers import Algorithm, Shape
from core.domain.carriers import Carrier as Carrier
from core.domain.carriers import Check as Check
from core.domain.carriers import Rules as Rules


class Level(StrEnum):
    """What may be done with a number: register it, register it once staff confirm, or not at all."""

    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Verdict:
    """The answer for one number: `cleaned` is what to store, `message` is "" when all is well.

    `fits` are the codes, in the order of the screen, of all carriers that take the number as it is, without "other".
    """

    level: Level
    cleaned: str
    message: str = ""
    fits: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the number may be registered; at level `warn` only after staff confirm it."""
        return self.level is not Level.REFUSE


_LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_ENUMERATION = ",;\u3001\u060c"
_BETWEEN_NUMBERS = _LINE_BREAKS + _ENUMERATION
_APOSTROPHES = "'`\u2018\u2019\u02bc"
_DASHES_OUTSIDE_PD = "\u2212\u30fc\u2500\u2501\u2043\u1173"  # minus, and what Japanese and Korean keyboards give for it
_BLANKS_OUTSIDE_CF = "\u034f\u115f\u1160\u2800\ufe0e\ufe0f"
_FILLING = frozenset("-" + _DASHES_OUTSIDE_PD + _BLANKS_OUTSIDE_CF)
_ALPHANUMERIC = frozenset(ascii_letters + digits)
_UPPER = {ord(c): c.upper() for c in ascii_lowercase}


def clean(text: str) -> str:
    """The number in its one form: narrow, upper case, no blanks, hyphens or invisible characters.

    A comma or line break inside stays, since without it two numbers would become one. Characters other than 0-9 and
    A-Z stay too, for `check` to refuse. Cleaning twice changes nothing: characters are normalised one by one, because
    a whole-text NFKC would join a mark to its new neighbour once the blank between them is gone.
    """
    narrow = text if text.isascii() else "".join(normalize("NFKC", character) for character in text)
    kept = "".join(character for character in narrow if not _is_filling(character))
    return kept.translate(_UPPER).lstrip(_BETWEEN_NUMBERS + _APOSTROPHES).rstrip(_BETWEEN_NUMBERS)


def _is_filling(character: str) -> bool:
    if character in _ALPHANUMERIC or character in _BETWEEN_NUMBERS:
        return False
    return character.isspace() or character in _FILLING or category(character) in ("Cf", "Pd")


S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_VALUES = bytes(
    code - 48 if 48 <= code <= 57 else (code - 3) % 10 if 65 <= code <= 90 else 0 for code in range(256)
)  # letters as UPS counts them: A=2 ... H=9, I=0


def check_digit(shape: Shape, body: str) -> str:
    """The digit a body must have, "" for a shape without one.

    Sources: UPU S10 for s10; for the others vendors' documents and public collections of valid and invalid numbers. The
    mod-7 rule of the Korean carriers rests on a few public samples each, Logen's on the fewest.
    """
    characters = shape.prefix + body
    match shape.algorithm:
        case Algorithm.MOD7:
            return str(int(characters) % 7)
        case Algorithm.MOD10:
            return str(-_weighted(characters[::-1], shape.weights) % 10)
        case Algorithm.MOD11:
            return str(_weighted(characters, shape.weights) % 11 % 10)
        case Algorithm.S10:
            return {10: "0", 11: "5"}.get(digit := 11 - _weighted(characters, S10_WEIGHTS) % 11, str(digit))
    return ""


def _weighted(characters: str, weights: Sequence[int]) -> int:
    values = characters.encode().translate(_VALUES)
    return sum(weight * sum(values[at :: len(weights)]) for at, weight in enumerate(weights))


def complete(carrier: Carrier, body: str) -> str:
    """The body with its check digit put where it belongs, by the carrier's first form that has one and fits.

    The body is the whole number without the digit: "1Z..." for UPS, letters, 8 digits and country for S10. ValueError
    when no form with a check digit fits.
    """
    for shape in carrier.shapes:
        if shape.algorithm and (number := _filled_in(shape, body)):
            return number
    raise ValueError(f"{body} with a check digit is no {carrier.name} number")


def _filled_in(shape: Shape, body: str) -> str:
    for at in range(len(body), -1, -1):
        match = shape.pattern.fullmatch(f"{body[:at]}0{body[at:]}")
        if match and match.start("digit") == at:
            return body[:at] + check_digit(shape, match["body"]) + body[at:]
    return ""


@dataclass(frozen=True)
class _Reading:
    """A number read as one of a carrier's forms."""

    carrier: Carrier
    rank: int
    level: Level
    digit: str = ""
    expected: str = ""
    missing_country: str = ""

    @property
    def confirmed(self) -> bool:
        return bool(self.digit) and self.digit == self.expected

    @property
    def preference(self) -> tuple[int, bool, int]:
        return (tuple(Level).index(self.level), not self.confirmed, self.rank)


def _readings(number: str, carrier: Carrier, countries: frozenset[str]) -> Iterator[_Reading]:
    for rank, shape in enumerate(carrier.shapes):
        if match := shape.pattern.fullmatch(number):
            yield _read(match, shape, rank, carrier, countries)


def _read(match: re.Match[str], shape: Shape, rank: int, carrier: Carrier, countries: frozenset[str]) -> _Reading:
    country = match.groupdict().get("country")
    if country and country not in countries:
        return _Reading(carrier, rank, Level.REFUSE, missing_country=country)
    strictness = carrier.strictness(shape)
    if shape.algorithm is None or strictness is Check.OFF:
        return _Reading(carrier, rank, Level.OK)
    digit, expected = match["digit"], check_digit(shape, match["body"])
    return _Reading(carrier, rank, Level.OK if digit == expected else Level(strictness), digit, expected)


def _best_readings(number: str, rules: Rules) -> dict[str, _Reading]:
    found = chain.from_iterable(_readings(number, c, rules.countries) for c in rules.carriers.values())
    best: dict[str, _Reading] = {}
    for reading in found:
        code = reading.carrier.code
        if code not in best or reading.preference < best[code].preference:
            best[code] = reading
    return best


def _fitting(readings: Mapping[str, _Reading]) -> list[_Reading]:
    return [reading for code, reading in readings.items() if code != OTHER and reading.level is Level.OK]


def check(carrier_code: str, text: str, rules: Rules) -> Verdict:
    """The verdict on a number typed for a carrier: form first, then check digit, as strictly as the rules say.

    The message names what is wrong and what to do; the field's name is left to the screen, except where the field is
    empty. A number that has several of the carrier's forms is taken when any of them takes it.
    """
    cleaned = clean(text)
    if complaint := _unreadable(text, cleaned):
        return Verdict(Level.REFUSE, cleaned, complaint)
    readings = _best_readings(cleaned, rules)
    fits = tuple(reading.carrier.code for reading in _fitting(readings))
    carrier = rules.carriers.get(carrier_code)
    if carrier is None:
        return Verdict(Level.REFUSE, cleaned, _unknown_carrier(carrier_code, rules), fits)
    reading = readings.get(carrier_code)
    if reading is None:
        return Verdict(Level.REFUSE, cleaned, _wrong_form(cleaned, carrier, readings), fits)
    return Verdict(reading.level, cleaned, _complaint(reading, readings), fits)


def propose(text: str, rules: Rules, preferred: Sequence[str] = ()) -> tuple[str, ...]:
    """Codes of the carriers the number fits, best guess first.

    Preferred carriers lead, in their order; then those whose check digit agrees; then those whose usual form it is.
    """
    cleaned = clean(text)
    if _unreadable(text, cleaned):
        return ()
    codes = [reading.carrier.code for reading in _best_guess_first(_fitting(_best_readings(cleaned, rules)))]
    wanted = [code for code in dict.fromkeys(preferred) if code in codes]
    return tuple(wanted + [code for code in codes if code not in wanted])


def _best_guess_first(readings: Iterable[_Reading]) -> list[_Reading]:
    return sorted(readings, key=lambda reading: reading.preference)


_READABLE = re.compile(r"[0-9A-Z]+")
_SHORTENED_BY_EXCEL = re.compile(r"\d[.,]\d+E\+?\d+|\dE\+\d+")
_SHORTEST_NUMBER_IN_A_LIST = 10


def _unreadable(text: str, cleaned: str) -> str:
    if not cleaned:
        return "Invoice No. is empty. Enter the number on the label."
    if _SHORTENED_BY_EXCEL.fullmatch(cleaned):
        return f"{cleaned} was shortened by Excel, digits are lost. Format the column as text and enter the number again."
    if _is_several(text, cleaned):
        return "There seem to be two numbers. Enter one number, without comma or line break."
    if not _READABLE.fullmatch(cleaned):
        return _strange_character(next(c for c in cleaned if not _READABLE.fullmatch(c)))
    return ""


def _is_several(text: str, cleaned: str) -> bool:
    if any(character in _BETWEEN_NUMBERS + "/|&" for character in cleaned):
        return True
    groups = text.split()
    return len(groups) > 1 and all(len(clean(group)) >= _SHORTEST_NUMBER_IN_A_LIST for group in groups)


def _strange_character(character: str) -> str:
    shown = f'"{character}"' if character.isprintable() else f"An invisible character (U+{ord(character):04X})"
    return f"{shown} is neither a digit 0 to 9 nor a letter A to Z. Enter the number with these only."


def _unknown_carrier(code: str, rules: Rules) -> str:
    if not code.strip():
        return "Shipping company is empty. Choose one."
    suggestion = rules.nearest(code)
    advice = f"Choose {suggestion.name} or another from the list." if suggestion else "Choose one from the list."
    return f'Shipping company "{code.strip()}" is not known. {advice}'


def _wrong_form(number: str, carrier: Carrier, readings: Mapping[str, _Reading]) -> str:
    subject, verb, pronoun = _described(number)
    others = _likely_carriers(readings)
    if others:
        choice = others[0] if len(others) == 1 else "one of them"
        refusal = f"{subject} {verb} not fit {carrier.name}; {pronoun} {_either(others)}."
        return f"{refusal} Choose {choice} or check the label."
    forms = _either(dict.fromkeys(shape.name for shape in carrier.shapes))
    return f"{subject} {verb} not fit {carrier.name}. {carrier.name} takes {forms}. Check the label."


def _described(number: str) -> tuple[str, str, str]:
    if len(number) == 1 or (len(number) <= 40 and not number.isdigit()):
        return number, "does", "it fits"
    return f"{len(number)} {'digits' if number.isdigit() else 'characters'}", "do", "they fit"


def _complaint(reading: _Reading, readings: Mapping[str, _Reading]) -> str:
    if reading.level is Level.OK:
        return ""
    if reading.missing_country:
        return f"There is no country {reading.missing_country}. Check the last two letters on the label."
    wrong = f"The {reading.carrier.name} check digit should be {reading.expected}, not {reading.digit}. Check the label."
    others = _likely_carriers(readings, confirmed_only=True)
    return f"{wrong} The number fits {_either(others)}." if others else wrong


def _likely_carriers(readings: Mapping[str, _Reading], *, confirmed_only: bool = False) -> list[str]:
    fitting = _best_guess_first(_fitting(readings))
    confirmed = [reading.carrier.name for reading in fitting if reading.confirmed]
    return confirmed if confirmed or confirmed_only else [reading.carrier.name for reading in fitting]


def _either(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
