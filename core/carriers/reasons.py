"""What is said of a service that does not answer, of an answer that is odd and of rules that cannot be used; each sentence once, and whole."""

from core.domain.reasons import Reason, Why


class TroubleReason(Reason):
    """Why there is no answer of a service now."""

    NO_KEY = "no_key", "{service} is not set up: there is no key for it."
    KEY_REFUSED = "key_refused", "{service} does not accept the key."
    UNKNOWN_COMPANY = "unknown_company", "{service} does not know this shipping company."
    CLOSING = "closing", "{service} is not asked any more: the desk is closing."
    LEFT_ALONE = "left_alone", "{service} asked to be left alone for a while."
    PAUSED = "paused", "{service} is not asked for a while: it failed several times in a row."
    FULL = "full", "{service} has more to answer than its limit allows now."
    FEWER_CALLS = "fewer_calls", "{service} asks for fewer calls."
    UNREACHABLE = "unreachable", "{service} cannot be reached."
    TOO_SLOW = "too_slow", "{service} did not answer in time."
    BAD_ADDRESS = "bad_address", "The address set for {service} cannot be used."
    BROKEN_OFF = "broken_off", "The connection to {service} broke."
    UNREADABLE = "unreadable", "The answer of {service} cannot be read."
    PACKED = "packed", "The answer of {service} cannot be unpacked."
    TOO_LARGE = "too_large", "The answer of {service} is larger than 5 MB."
    NO_ANSWER = "no_answer", "{service} did not answer for this number."
    NOT_STORED = (
        "not_stored",
        "What {service} said of this number could not be stored. It is our fault, and is in the log; the number is asked again later.",
    )
    ANSWERED = (
        "answered",
        {
            "alone": "{service} answered {status}.",
            "silent": "{service} answered {status} without words.",
            "elsewhere": "{service} answered {status} and sent us elsewhere.",
        },
    )
    TOLD = (
        "told",
        {
            "words": "{service} answered: {words}",
            "sentence": "{service} answered: {words}.",
            "nothing": "{service} answered with an error.",
        },
    )
    NOT_ITS_ANSWER = "not_its_answer", "This is not an answer of {service}."


class AnswerNote(Reason):
    """What could not be read or is not known in an answer."""

    UNREADABLE = (
        "unreadable",
        {"part": "{name} cannot be read.", "entry": "An entry of {name} cannot be read."},
    )
    UNKNOWN_CODE = (
        "unknown_code",
        {
            "instead": 'The code "{code}" is not known; {rest} is taken.',
            "alone": 'The code "{code}" is not known; it changes nothing.',
        },
    )
    NO_TIME = (
        "no_time",
        {
            "words": "An event without a time that can be read is left out: {words}.",
            "silent": "An event without a time that can be read is left out: no words.",
        },
    )
    NO_ZONE = (
        "no_zone",
        {
            "one": "1 time came without a time zone; the zone of the place or of the carrier is assumed.",
            "other": "{count} times came without a time zone; the zone of the place or of the carrier is assumed.",
        },
    )
    ONLY_CHANGED = "only_changed", "The callback only says that something changed; the number has to be asked."
    PARCELS = (
        "parcels",
        {
            "one": "1 of {parcels} parcels of this shipment is delivered; it is delivered with the last one.",
            "other": "{count} of {parcels} parcels of this shipment are delivered; it is delivered with the last one.",
        },
    )
    NOT_ACCEPTED = "not_accepted", "The carrier does not accept the number."


def told(service: str, words: str, form: str = "words") -> Why:
    """That the service answered with these words of its own; with an error where it has none."""
    return TroubleReason.TOLD(form if words else "nothing", service=service, words=words)


class RulesFault(Reason):
    """Why the rules of the shipping companies cannot be used; `where` names the carrier and which form of its numbers."""

    NOT_READ = "not_read", "{file} cannot be read: {why}"
    NO_TOML = "no_toml", "The rules are not valid TOML: {why}"
    NO_TABLE = "no_table", "{where} has to be a table with a {key}, not {value!r}."
    MISSING = "missing", "{where} has no {key}."
    WRONG_TYPE = "wrong_type", "{where}: {key} has to be of type {kind}, not {found}."
    UNKNOWN_KEYS = "unknown_keys", "{where}: {names} is not known here; known are {known}."
    NO_NAME = "no_name", '{where}: "{name}" has nothing that names a company.'
    SHARED_NAME = "shared_name", '"{name}" stands for both {first} and {second}.'
    NO_TEXTS = "no_texts", "{where}: {key} have to be texts."
    NO_COUNTRY = "no_country", '{where}: home is "{text}", which is no country code.'
    NO_ZONE = "no_zone", '{where}: zone is "{text}", which is no time zone such as Asia/Seoul.'
    WATCH_DAYS = "watch_days", "{where}: watch_days is {days}; it can be 1 to 365."
    NO_SERVICE = "no_service", "{where}: {names} is no tracking service; there are {known}."
    NO_CODES = "no_codes", '{where}: the codes in services have to be texts, "" where there is none.'
    BLOCK = "block", "{where}: the block {text} does not fit the pattern."
    NO_CHOICE = "no_choice", '{where}: {key} is "{text}"; it can be {known}.'
    PATTERN = "pattern", "{where}: the pattern cannot be read: {why}."
    NO_GROUPS = "no_groups", "{where}: the pattern needs the groups body and digit for {algorithm}."
    NO_NUMBERS = "no_numbers", "{where}: weights have to be whole numbers."
    WEIGHTS = "weights", "{where}: weights belong to {algorithms:and}, and only there."
    URL = "url", "{where}: url has to start with https:// and to hold {{number}} once."


class RulesPlace(Reason):
    """Where in the rules something stands."""

    FILE = "file", "The file of rules"
    A_CARRIER = "a_carrier", "A carrier"
    CARRIER = "carrier", 'Carrier "{code}"'
    SHAPE = "shape", 'Carrier "{code}", shape {number}'
