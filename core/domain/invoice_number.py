"""Invoice numbers: cleaned as typed or scanned, checked against a carrier's rules, carriers proposed for them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_letters, ascii_lowercase, digits
from typing import NamedTuple
from unicodedata import category, normalize

from core.domain.carriers import TAKES_ANY, Algorithm, Carrier, Check, Rules, Shape
from core.domain.no_number import is_phone, is_placeholder, misplaced, words
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, Why
from core.domain.texts import APOSTROPHES, BLANKS_OUTSIDE_CF, HYPHENS_OUTSIDE_PD, LINE_BREAKS
from core.domain.wrappings import holds_words, unwrapped


class Level(StrEnum):
    """What may be done with a number: register it, register it once staff confirm, or not at all."""

    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True)
class CheckedNumber:
    """A number as it was checked for a carrier: `cleaned` is what to store, `fault` what speaks against it, None for nothing.

    `carrier` is the code that was asked for, `company` its name, "" for a carrier that is not known. `canonical` is the number's
    one form, by which it is known whatever the spelling; "" for text that is no number. It is `proven` where its check digit agrees
    or its letters say whose it is: a company without a check digit takes the mistyped number of another.
    """

    carrier: str
    cleaned: str
    level: Level
    fault: Why | None = None
    company: str = ""
    canonical: str = ""
    proven: bool = False

    @property
    def ok(self) -> bool:
        """Whether the number may be registered; at level `warn` only after staff confirm it."""
        return self.level is not Level.REFUSE

    @property
    def key(self) -> tuple[str, str]:
        """Carrier and number, whatever its spelling."""
        return self.carrier, self.canonical

    @property
    def faults(self) -> tuple[Why, ...]:
        return (self.fault,) if self.fault else ()

    @property
    def message(self) -> str:
        """What is wrong and what to do, "" when all is well."""
        return str(self.fault or "")


_ENUMERATION = ",;\u3001\u060c"
_BETWEEN_NUMBERS = LINE_BREAKS + _ENUMERATION
READABLE = re.compile(r"[0-9A-Z]+")
"""What a cleaned number is made of; what Excel destroyed is none."""
_CODABAR_ENDS = frozenset("ABCD")
_FILLING = frozenset("-" + HYPHENS_OUTSIDE_PD + BLANKS_OUTSIDE_CF)
_ALPHANUMERIC = frozenset(ascii_letters + digits)
_UPPER = {ord(c): c.upper() for c in ascii_lowercase}


def clean(text: str) -> str:
    """The number as it is stored: out of its wrapping, narrow, upper case, no blanks, hyphens or invisible characters.

    A comma or line break inside stays, since without it two numbers would become one. Characters other than 0-9 and
    A-Z stay too, for `check` to refuse. Cleaning twice changes nothing: characters are normalised one by one, because
    a whole-text NFKC would join a mark to its new neighbour once the blank between them is gone.
    """
    inner, _ = unwrapped(text)
    narrow = inner if inner.isascii() else "".join(normalize("NFKC", character) for character in inner)
    # Words run together with a number would be read as the keys of one.
    kept = " ".join(narrow.split()) if holds_words(narrow) else "".join(c for c in narrow if not _is_filling(c))
    cleaned = kept.translate(_UPPER).lstrip(_BETWEEN_NUMBERS + APOSTROPHES).rstrip(_BETWEEN_NUMBERS)
    return cleaned if cleaned == text else clean(cleaned)


def _is_filling(character: str) -> bool:
    if character in _ALPHANUMERIC or character in _BETWEEN_NUMBERS:
        return False
    return character.isspace() or character in _FILLING or category(character) in ("Cf", "Cs", "Pd")


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


class _Reading(NamedTuple):
    """A number read as one of a carrier's forms."""

    carrier: Carrier
    rank: int
    level: Level
    digit: str = ""
    expected: str = ""
    missing_country: str = ""
    canonical: str = ""
    places: tuple[int, int] = (0, 0)
    telling: bool = False
    at_home: bool = False

    @property
    def confirmed(self) -> bool:
        return bool(self.digit) and self.digit == self.expected

    @property
    def proven(self) -> bool:
        lettered = self.telling and not self.canonical.isdigit()
        return self.level is Level.OK and (self.confirmed or lettered)

    @property
    def preference(self) -> tuple[int, bool, bool, int]:
        return (tuple(Level).index(self.level), not self.confirmed, not self.at_home, self.rank)


def _readings(
    number: str, carrier: Carrier, shapes: Iterable[tuple[int, Shape]], countries: frozenset[str]
) -> Iterator[_Reading]:
    for rank, shape in shapes:
        if match := shape.pattern.fullmatch(number):
            yield _read(match, shape, rank, carrier, countries)


def _read(match: re.Match[str], shape: Shape, rank: int, carrier: Carrier, countries: frozenset[str]) -> _Reading:
    said = match.groupdict()
    canonical = shape.prefix + said["number"] if said.get("number") else match[0]
    country = said.get("country")
    if country and country not in countries:
        return _Reading(carrier, rank, Level.REFUSE, missing_country=country, canonical=canonical)
    strictness, at_home = carrier.strictness(shape), bool(country) and country == carrier.home
    if shape.algorithm is None or strictness is Check.OFF:
        return _Reading(carrier, rank, Level.OK, canonical=canonical, telling=shape.telling, at_home=at_home)
    digit, expected = said["digit"], check_digit(shape, said["body"])
    level, places = Level.OK if digit == expected else Level(strictness), (match.start("body") + 1, match.end("digit"))
    return _Reading(carrier, rank, level, digit, expected, canonical=canonical, places=places, telling=True, at_home=at_home)


def _best(number: str, carrier: Carrier, countries: frozenset[str]) -> _Reading | None:
    """The reading that speaks most for the number; None when it has none of the carrier's forms."""
    return _preferred(_readings(number, carrier, enumerate(carrier.shapes), countries))


def _preferred(readings: Iterable[_Reading]) -> _Reading | None:
    known = list(readings)
    return min(known, key=lambda reading: reading.preference) if len(known) > 1 else next(iter(known), None)


def _fitting(number: str, rules: Rules) -> list[_Reading]:
    """The readings of the carriers that a form of theirs brings up and that take the number as it is, in the order of the screen."""
    proposed = rules.proposed_for(number)
    best = (_preferred(_readings(number, carrier, shapes, rules.countries)) for carrier, shapes in proposed)
    return [reading for reading in best if reading and reading.level is Level.OK]


def check(carrier_code: str, text: str, rules: Rules) -> CheckedNumber:
    """A number typed for a carrier, checked: form first, then check digit, as strictly as the rules say.

    A number that has several of the carrier's forms is taken when any of them takes it; one of a form that nobody documents needs
    confirming where the rules say so.
    """
    cleaned = clean(text)
    if fault := _unreadable(text, cleaned):
        return CheckedNumber(carrier_code, cleaned, Level.REFUSE, fault)
    carrier = rules.carriers.get(carrier_code)
    if carrier is None:
        return CheckedNumber(carrier_code, cleaned, Level.REFUSE, _unknown_carrier(carrier_code, rules))
    reading = _best(cleaned, carrier, rules.countries)
    level, fault = (reading.level, _fault(reading, cleaned, rules)) if reading else _without_form(cleaned, carrier, rules)
    doubt = _doubt(text, cleaned)
    if doubt and (reading or level is Level.WARN or doubt.reason is NumberFault.PHONE or not _is_short(cleaned)):
        level, fault = Level.WARN if reading and level is not Level.REFUSE else Level.REFUSE, doubt
    one_form, proven = _canonical(cleaned, reading, rules), reading is not None and reading.proven
    return CheckedNumber(carrier_code, cleaned, level, fault, carrier.name, one_form, proven)


def settled(number: str, carrier: Carrier, countries: frozenset[str]) -> str:
    """The one form of a number as it has to be written, against which `check` says nothing; "" for every other one: check that."""
    if (
        not READABLE.fullmatch(number)
        or carrier.code in TAKES_ANY
        or (number[0] in _CODABAR_ENDS and number[-1] in _CODABAR_ENDS)
    ):
        return ""
    if is_placeholder(number, number) or is_phone(number):
        return ""
    reading = _best(number, carrier, countries)
    return reading.canonical if reading and reading.level is Level.OK else ""


def canonical(carrier_code: str, text: str, rules: Rules) -> str:
    """The one form of a carrier's number: without what a bar code puts round it, as the group `number` in rules.toml says.

    A number of "other", or of a carrier that is not known, is unwrapped where it surely is another's.
    """
    cleaned, carrier = clean(text), rules.carriers.get(carrier_code)
    return _canonical(cleaned, _best(cleaned, carrier, rules.countries) if carrier else None, rules)


def spellings(text: str, rules: Rules) -> tuple[str, ...]:
    """The text cleaned, and every one form that it has as some carrier's number."""
    cleaned = clean(text)
    best = (_best(cleaned, carrier, rules.countries) for carrier in rules.wrapping)
    return tuple(dict.fromkeys([cleaned, *(reading.canonical for reading in best if reading)]))


def _canonical(cleaned: str, reading: _Reading | None, rules: Rules) -> str:
    if reading and reading.carrier.code not in TAKES_ANY:
        return reading.canonical
    fitting_best_first = _best_guess_first(_fitting(cleaned, rules))
    return next((one.canonical for one in fitting_best_first if one.canonical != cleaned), cleaned)


def fitting(text: str, rules: Rules, asked: str = "") -> tuple[str, ...]:
    """Codes of the carriers that take the number as it is, in the order of the screen: those that its form brings up, for most digits
    fit a company that takes any of usual length, and the one that is `asked` about.
    """
    cleaned = clean(text)
    if _unreadable(text, cleaned):
        return ()
    fits = {reading.carrier.code for reading in _fitting(cleaned, rules)}
    return tuple(code for code in rules.carriers if code in fits or (code == asked and _takes(code, cleaned, rules)))


def propose(text: str, rules: Rules, preferred: Sequence[str] = ()) -> tuple[str, ...]:
    """Codes of the carriers the number fits that are offered, best guess first.

    Preferred carriers lead, in their order, whatever form of theirs it is; then those whose check digit agrees, those of the country
    that stands in it before the others; then those whose usual form it is.
    """
    cleaned = clean(text)
    if _unreadable(text, cleaned):
        return ()
    codes = [one.carrier.code for one in _best_guess_first(_fitting(cleaned, rules)) if not one.carrier.retired]
    offered = [code for code in dict.fromkeys(preferred) if code in rules.offered]
    first = [code for code in offered if code in codes or _takes(code, cleaned, rules)]
    return tuple(first + [code for code in codes if code not in first])


def _takes(code: str, number: str, rules: Rules) -> bool:
    carrier = rules.carriers.get(code) if code not in TAKES_ANY else None
    reading = _best(number, carrier, rules.countries) if carrier else None
    return reading is not None and reading.level is Level.OK


def with_leading_zero(number: str, carrier: Carrier) -> str:
    """The number with the zeros that Excel drops, "" unless exactly one such number fits and its check digit agrees."""
    if not (number.isascii() and number.isdigit()) or carrier.has_form(number):
        return ""
    if is_placeholder(number, number):
        return ""
    fit = [longer for zeros in range(1, _MOST_ZEROS + 1) if carrier.has_form(longer := "0" * zeros + number)]
    return fit[0] if len(fit) == 1 and _proved(fit[0], carrier) else ""


def _proved(number: str, carrier: Carrier) -> bool:
    matches = [(shape, match) for shape in carrier.shapes if (match := shape.pattern.fullmatch(number))]
    return all(shape.algorithm and check_digit(shape, match["body"]) == match["digit"] for shape, match in matches)


_MOST_ZEROS = 2


def _best_guess_first(readings: Iterable[_Reading]) -> list[_Reading]:
    return sorted(readings, key=lambda reading: reading.preference)


def _is_short(cleaned: str) -> bool:
    """Whether a few digits, which fit nobody, are worth more words than that they look like a placeholder."""
    return cleaned.isdigit() and len(cleaned) < _FEWEST_DIGITS_OF_A_PLACEHOLDER


def _doubt(text: str, cleaned: str) -> Why | None:
    """What makes a number of the right form unlikely to be one."""
    inner = unwrapped(text)[0].strip()
    if is_placeholder(inner, cleaned):
        return NumberFault.PLACEHOLDER(text=inner)
    return NumberFault.PHONE(text=inner) if is_phone(inner) else None


_SHORTENED_BY_EXCEL = re.compile(r"\d[.,]\d+E\+?\d+|\dE\+\d+")
_FEWEST_DIGITS_OF_A_PLACEHOLDER = 10
_LONGEST_NUMBER_NAMED = 40
_PLAUSIBLE = re.compile(r"(?=(?:[A-Z]*\d){4})[0-9A-Z]{8,40}")
"""What may be a number of a form that nobody documents: those that are documented have eight characters and four digits at least."""


def _unreadable(text: str, cleaned: str) -> Why | None:
    if not cleaned:
        return NumberFault.EMPTY()
    if _SHORTENED_BY_EXCEL.fullmatch(cleaned):
        return NumberFault.SHORTENED(number=cleaned)
    if text.isascii() and text.isalnum():
        return None
    inner = unwrapped(text)[0]
    if fault := misplaced(inner):
        return fault
    if not READABLE.fullmatch(cleaned) and (doubt := _doubt(text, cleaned)):
        return doubt
    if fault := words(inner):
        return fault
    if not READABLE.fullmatch(cleaned):
        strange = next(character for character in cleaned if not READABLE.fullmatch(character))
        form = "visible" if strange.isprintable() else "invisible"
        return NumberFault.STRANGE_CHARACTER(form, character=strange, code=ord(strange))
    return None


def _unknown_carrier(code: str, rules: Rules) -> Why:
    if not code.strip():
        return NumberFault.NO_CARRIER()
    if near := rules.nearest(code):
        return NumberFault.UNKNOWN_CARRIER("near", text=code.strip(), near=near.name)
    return NumberFault.UNKNOWN_CARRIER("alone", text=code.strip(), companies=rules.companies)


def _without_form(number: str, carrier: Carrier, rules: Rules) -> tuple[Level, Why]:
    """What becomes of a number that has none of the carrier's forms."""
    form, said = _named_by(number), {"number": number, "count": len(number), "carrier": carrier.name}
    if carrier.undocumented is Check.WARN and _PLAUSIBLE.fullmatch(number) and not _is_lettered_by_another(number, rules):
        return Level.WARN, NumberFault.UNDOCUMENTED(form, **said)
    if others := _likely_carriers(number, rules):
        fault = NumberFault.FITS_ANOTHER if len(others) == 1 else NumberFault.FITS_OTHERS
        return Level.REFUSE, fault(form, **said, others=others)
    return Level.REFUSE, NumberFault.FITS_NONE(form, **said, forms=Names(dict.fromkeys(shape.name for shape in carrier.shapes)))


def _is_lettered_by_another(number: str, rules: Rules) -> bool:
    """Whether the number has letters, and a form of a company that is told by them, whatever its check digit."""
    if number.isdigit():
        return False
    proposed = rules.proposed_for(number)
    return any(shape.telling and shape.pattern.fullmatch(number) for _, shapes in proposed for _, shape in shapes)


def _named_by(number: str) -> str:
    if len(number) == 1 or (len(number) <= _LONGEST_NUMBER_NAMED and not number.isdigit()):
        return "number"
    return "digits" if number.isdigit() else "characters"


def _fault(reading: _Reading, number: str, rules: Rules) -> Why | None:
    if reading.level is Level.OK:
        return None
    if reading.missing_country:
        return NumberFault.NO_COUNTRY(country=reading.missing_country)
    others = _likely_carriers(number, rules)
    return NumberFault.CHECK_DIGIT(
        "others" if others else "alone",
        carrier=reading.carrier.name,
        expected=reading.expected,
        digit=reading.digit,
        others=others,
        first=reading.places[0],
        last=reading.places[1],
    )


def _likely_carriers(number: str, rules: Rules) -> Names:
    """Whose number it surely is: one that takes any digits is no advice, since it takes the mistyped numbers of the others."""
    return Names(reading.carrier.name for reading in _best_guess_first(_fitting(number, rules)) if reading.proven)
