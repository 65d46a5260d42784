"""Settings: read once from the environment, frozen afterwards."""

import getpass
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.carriers import Check
from core.domain.errors import Unavailable
from core.domain.hosts import Host, host_of, origin_of
from core.domain.people import Person, Role
from core.domain.reasons import Names, Reason, Why
from core.domain.servers import Server, names_server, server_of
from core.domain.sign_in import SETTINGS, UNNAMED, Named, SignIn, named
from core.domain.texts import said

ROOT = Path(__file__).resolve().parent.parent
SECRETS = (Path.home() / ".streamlit" / "secrets.toml", ROOT / ".streamlit" / "secrets.toml")
MOST_DAYS = 36_500
MOST = 999_999_999
"""No setting is a larger number."""
SHORTEST_COOKIE_SECRET = 32
LONGEST_SESSION_HOURS = 24 * 30
_KEY = re.compile("SHIPDESK_([A-Z0-9_]+)_KEY")
_OF_A_PROVIDER = ("client_id", "client_secret", "server_metadata_url")


class BadSetting(Reason):
    """Why a setting cannot be read, and what to write instead."""

    SECRETS = "secrets", "{file} cannot be read. Mend it or remove it."
    SANDBOX = "sandbox", "SHIPDESK_SANDBOX: {text} is neither on nor off."
    SPEED = (
        "speed",
        "SHIPDESK_SANDBOX_SPEED: {text} is no speed. Use a number from 0.01 to 10000, such as 30.",
    )
    ZONE = "zone", "SHIPDESK_ZONE: {text} is no time zone. Use a name such as Asia/Seoul."
    COUNTRY = "country", "SHIPDESK_COUNTRY: {text} is no country code. Use two letters such as KR."
    SHIPMENTS = "shipments", "SHIPDESK_DEMO_SHIPMENTS: {text} is no number."
    TARGET = "target", "SHIPDESK_TARGET: {text} is no percentage. Use a number such as 93."
    HOUR = "hour", "SHIPDESK_BACKUP_HOUR: {text} is no hour. Use a number from 0 to 23, or off for no nightly backups."
    FORGET_AFTER = (
        "forget_after",
        "SHIPDESK_FORGET_AFTER: {text} is no number of days. Use one such as 365, or leave it out.",
    )
    PEOPLE = (
        "people",
        "{setting}: {text} names nobody. Write e-mail addresses, *@shop.example for a domain or group:name for a group, "
        "with commas between them.",
    )
    SESSION_HOURS = "session_hours", "SHIPDESK_SESSION_HOURS: {text} is no number of hours from 1 to {most}, such as 12."
    TOKEN_EXPIRY = "token_expiry", "SHIPDESK_TOKEN_EXPIRY: {text} is neither on nor off."
    VOUCHED = "vouched", "SHIPDESK_VOUCHED_PROVIDERS: there is no provider {text} in [auth]. Name one of {providers:or}."
    AUTH_MISSING = "auth_missing", "[auth] in secrets.toml: {name} is missing in {section}. Sign-in needs it."
    COOKIE_SECRET = (
        "cookie_secret",
        "[auth] in secrets.toml: cookie_secret is shorter than {least} characters, so sign-ins could be forged. "
        'Write what this prints: python -c "import secrets; print(secrets.token_hex(32))"',
    )
    PROVIDER_NAME = (
        "provider_name",
        "[auth] in secrets.toml: {name} cannot name a provider. Use small letters, digits and hyphens, such as [auth.google].",
    )
    NO_PROVIDER = "no_provider", "[auth] in secrets.toml names no provider. Add one, such as [auth.google]; README shows how."
    NO_ADMIN = (
        "no_admin",
        "People sign in by [auth], but nobody is an admin. Name the first one in SHIPDESK_ADMINS, such as ada@shop.example.",
    )
    OPEN_TO_ALL = (
        "open_to_all",
        {
            "listens": "It would listen on {name} with nobody signed in, and everybody who reaches it would be an admin. "
            "Configure [auth] in .streamlit/secrets.toml as README shows under Sign-in, or listen on 127.0.0.1.",
            "named": "It would be opened as {name} with nobody signed in, and everybody who reaches it would be an admin. Configure "
            "[auth] in .streamlit/secrets.toml as README shows under Sign-in, or take the name out of SHIPDESK_HOSTS and SHIPDESK_URL.",
        },
    )
    CHECKS = "checks", "SHIPDESK_CHECKS: write carrier=refuse, =warn or =off, such as logen=off,cj=warn."
    SERVER = (
        "server",
        "SHIPDESK_DB begins like the address of a database server, and is none. Write postgresql://user:password@host:5432/shop, "
        "with %40 for an @ in the password and commas between hosts.",
    )
    URL = "url", "SHIPDESK_URL: {text} is no address of this server. Use one such as https://desk.example."
    HOSTS = (
        "hosts",
        "SHIPDESK_HOSTS: {text} is no name of a host. Write names such as desk.example or desk.example:8443, with commas between.",
    )
    SESSIONS = "sessions", "SHIPDESK_SESSIONS: {text} is no number of open windows. Use a whole number from 1, such as 20."


@dataclass(frozen=True)
class Keys:
    """How the shop reaches a tracking service: `hook` is the secret in the address of callbacks that carry no signature."""

    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    url: str = ""
    hook: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """What a shop can set. `zone` is the shop's time zone (dates), `home` its country: the border of Domestic.

    `zone_given` and `home_given` are whether the shop has said so itself.
    `server` is the database server on which the shop is, in place of the file `database`.
    `demo_shipments` is the size of the demo shop that a new shop begins as, 0 for an empty one.
    `target` is the share of shipments that should arrive on time. `services` are the tracking services that there are keys for.
    `sandbox` is whether the sandbox carrier answers for those without one; None: only for a demo shop without any key.
    `sandbox_speed` is how fast its parcels go, None for a busy start; `sandbox_secret` is what a program shows to make it fail.
    `url` is the desk's own address, where it cannot be found. `hosts` are the names under which it is opened, beside that address
    and those of this machine; `sessions` is how many windows of it a person may have open.
    `backups` is the folder for backups, `backup_hour` when the nightly one is written in the shop's zone, None for never.
    `forget_after` is for how many days it is known who received what is over, None for always.
    `sign_in` is how people sign in; None where nobody does, and the desk serves this machine only.
    """

    database: Path = ROOT / "data" / "shipping.duckdb"
    server: Server | None = None
    user: str = "Staff"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Seoul"))
    home: str = "KR"
    zone_given: bool = False
    home_given: bool = False
    checks: Mapping[str, Check] = field(default_factory=dict)
    demo_shipments: int = 20_000
    target: float = 0.93
    services: Mapping[str, Keys] = field(default_factory=dict)
    sandbox: bool | None = None
    sandbox_speed: float | None = None
    sandbox_fault: str = ""
    sandbox_secret: str = field(default="", repr=False)
    url: str = ""
    hosts: tuple[Host, ...] = ()
    sessions: int = 20
    backups: Path | None = None
    backup_hour: int | None = 3
    forget_after: int | None = None
    sign_in: SignIn | None = None

    @property
    def place(self) -> Path | Server:
        """Where the shop is."""
        return self.server or self.database

    @property
    def backup_folder(self) -> Path:
        """Where backups go: as set, else beside the database."""
        return self.backups or self.database.parent / "backups"

    @property
    def local(self) -> Person:
        """Whoever works on this machine itself: on the command line, and in the browser where nobody signs in."""
        return Person(self.user, Role.ADMIN)


def languages() -> list[str]:
    """What the command line is to speak, the first that it can: SHIPDESK_LANG, then what the terminal speaks."""
    return [os.environ.get(name, "") for name in ("SHIPDESK_LANG", "LC_ALL", "LC_MESSAGES", "LANG")]


def load(environment: Mapping[str, str] | None = None, secrets: Sequence[Path] = SECRETS) -> Settings:
    """The settings of this process: of the environment, else of Streamlit's secrets files under the same names.

    Raises Unavailable with the name of a setting that cannot be read.
    """
    files = _secrets(secrets) if environment is None else {}
    given = {**_plain(files), **os.environ} if environment is None else environment
    default = Settings()
    demo = _number(given, "SHIPDESK_DEMO_SHIPMENTS", 0, BadSetting.SHIPMENTS)
    zone, home = _zone(given.get("SHIPDESK_ZONE")), _country(given.get("SHIPDESK_COUNTRY"))
    return Settings(
        database=_file(given.get("SHIPDESK_DB", "")) or default.database,
        server=_server(given.get("SHIPDESK_DB", "")),
        user=said(given.get("SHIPDESK_USER", "")) or _login(default.user),
        zone=zone or default.zone,
        home=home or default.home,
        zone_given=zone is not None,
        home_given=home is not None,
        checks=_checks(given.get("SHIPDESK_CHECKS", "")),
        demo_shipments=default.demo_shipments if demo is None else demo,
        target=_percent(given.get("SHIPDESK_TARGET")) or default.target,
        services=_services(given),
        sandbox=_switch(given.get("SHIPDESK_SANDBOX")),
        sandbox_speed=_speed(given.get("SHIPDESK_SANDBOX_SPEED")),
        sandbox_fault=given.get("SHIPDESK_SANDBOX_FAULT", ""),
        sandbox_secret=given.get("SHIPDESK_SANDBOX_SECRET", "").strip(),
        url=_url(given.get("SHIPDESK_URL", "")),
        hosts=_hosts(given.get("SHIPDESK_HOSTS", "")),
        sessions=_number(given, "SHIPDESK_SESSIONS", 1, BadSetting.SESSIONS) or default.sessions,
        backups=Path(given["SHIPDESK_BACKUPS"]) if given.get("SHIPDESK_BACKUPS") else None,
        backup_hour=_hour(given.get("SHIPDESK_BACKUP_HOUR"), default.backup_hour),
        forget_after=_number(given, "SHIPDESK_FORGET_AFTER", 1, BadSetting.FORGET_AFTER, MOST_DAYS),
        sign_in=_sign_in(
            files.get("auth"),
            {role: _named(setting, given.get(setting, "")) for role, setting in SETTINGS.items()},
            group_claims=_parts(given.get("SHIPDESK_GROUP_CLAIMS", "")),
            vouched=_parts(given.get("SHIPDESK_VOUCHED_PROVIDERS", "")),
            hours=given.get("SHIPDESK_SESSION_HOURS", ""),
            token_expiry=given.get("SHIPDESK_TOKEN_EXPIRY", ""),
        ),
    )


def require_sign_in(settings: Settings, address: str | None) -> None:
    """Raises Unavailable when others would reach a server there, or under its names, and nobody would sign in.

    None: on every interface.
    """
    if settings.sign_in:
        return
    if not is_loopback(address):
        raise Unavailable(BadSetting.OPEN_TO_ALL("listens", name=address or "every address of this machine"))
    own = origin_of(settings.url)
    if others := [host for host in (*settings.hosts, *([own[1]] if own else [])) if not host.is_loopback]:
        raise Unavailable(BadSetting.OPEN_TO_ALL("named", name=others[0]))


def is_loopback(address: str | None) -> bool:
    """Whether only this machine reaches what listens there."""
    return Host((address or "").strip("[]")).is_loopback


def _secrets(files: Sequence[Path]) -> dict[str, Any]:
    """What Streamlit's secrets files say, the project's over the user's."""
    found: dict[str, Any] = {}
    for file in files:
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        except (OSError, ValueError) as error:
            raise Unavailable(BadSetting.SECRETS(file=file)) from error
        found |= values
    return found


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if isinstance(value, str | int | float)}


def _sign_in(
    auth: object,
    people: Mapping[Role, Named],
    *,
    group_claims: tuple[str, ...],
    vouched: tuple[str, ...],
    hours: str,
    token_expiry: str,
) -> SignIn | None:
    """How people sign in; None without [auth]. What is written for sign-in is read, and refused when it is wrong, without it too."""
    longest, ends = _session(hours), _switch(token_expiry, BadSetting.TOKEN_EXPIRY)
    if auth is None:
        return None
    providers = _providers(auth)
    if people[Role.ADMIN] == Named():
        raise Unavailable(BadSetting.NO_ADMIN())
    if unknown := [name for name in vouched if name not in providers]:
        raise Unavailable(BadSetting.VOUCHED(text=unknown[0], providers=Names(providers)))
    default = SignIn(providers)
    return SignIn(
        providers,
        named=people,
        group_claims=group_claims or default.group_claims,
        vouched=frozenset(vouched),
        longest=longest or default.longest,
        token_ends=ends is not False,
    )


def _providers(auth: object) -> tuple[str, ...]:
    """The names of the providers in [auth], whose settings Streamlit reads itself."""
    whole = auth if isinstance(auth, dict) else {}
    for name in ("redirect_uri", "cookie_secret"):
        if not whole.get(name):
            raise Unavailable(BadSetting.AUTH_MISSING(name=name, section="[auth]"))
    if len(str(whole["cookie_secret"])) < SHORTEST_COOKIE_SECRET:
        raise Unavailable(BadSetting.COOKIE_SECRET(least=SHORTEST_COOKIE_SECRET))
    sections = {name: value for name, value in whole.items() if isinstance(value, dict) and name != "client_kwargs"}
    if any(whole.get(name) for name in _OF_A_PROVIDER):
        sections = {UNNAMED: whole} | sections
    if not sections:
        raise Unavailable(BadSetting.NO_PROVIDER())
    for name, section in sections.items():
        if not re.fullmatch("[a-z0-9-]+", name):
            raise Unavailable(BadSetting.PROVIDER_NAME(name=name))
        if missing := [one for one in _OF_A_PROVIDER if not section.get(one)]:
            where = "[auth]" if name == UNNAMED else f"[auth.{name}]"
            raise Unavailable(BadSetting.AUTH_MISSING(name=missing[0], section=where))
    return tuple(sections)


def _named(setting: str, text: str) -> Named:
    try:
        return named(text)
    except ValueError as error:
        raise Unavailable(BadSetting.PEOPLE(setting=setting, text=error)) from error


def _session(hours: str) -> timedelta | None:
    found = _whole(hours, 1, LONGEST_SESSION_HOURS, BadSetting.SESSION_HOURS(text=hours, most=LONGEST_SESSION_HOURS))
    return timedelta(hours=found) if found else None


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _services(given: Mapping[str, str]) -> dict[str, Keys]:
    """The keys by service: SHIPDESK_<SERVICE>_KEY, with _SECRET, _URL and _HOOK."""
    stems = [match[1] for name, value in given.items() if value and (match := _KEY.fullmatch(name))]
    return {
        stem.lower(): Keys(*(given.get(f"SHIPDESK_{stem}_{part}", "").strip() for part in ("KEY", "SECRET", "URL", "HOOK")))
        for stem in stems
    }


def _file(text: str) -> Path | None:
    return Path(text) if text and not names_server(text) else None


def _server(text: str) -> Server | None:
    """The database server that is meant; what is wrong with its address is not said with it, since a password may be in it."""
    if not names_server(text):
        return None
    found = server_of(text)
    if found is None:
        raise Unavailable(BadSetting.SERVER())
    return found


def _switch(text: str | None, wrong: Reason = BadSetting.SANDBOX) -> bool | None:
    if text and text.lower() not in ("on", "off"):
        raise Unavailable(wrong(text=text))
    return text.lower() == "on" if text else None


def _speed(text: str | None) -> float | None:
    try:
        speed = float(text) if text else None
    except ValueError:
        speed = 0.0
    if speed is not None and not 0.01 <= speed <= 10_000:
        raise Unavailable(BadSetting.SPEED(text=text))
    return speed


def _login(default: str) -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return default
    return default if name == "root" else name


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Unavailable(BadSetting.ZONE(text=name)) from error


def _country(code: str | None) -> str | None:
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Unavailable(BadSetting.COUNTRY(text=code))
    return code.upper() if code else None


def _number(given: Mapping[str, str], name: str, least: int, wrong: BadSetting, most: int = MOST) -> int | None:
    """The whole number of the setting with this name; None where it is not set. Raises Unavailable."""
    text = given.get(name)
    return _whole(text, least, most, wrong(text=text))


def _whole(text: str | None, least: int, most: int, wrong: Why) -> int | None:
    """The whole number that a setting is; None where it is not set. Raises Unavailable with `wrong` for any other text."""
    if not text:
        return None
    if not (text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise Unavailable(wrong)
    return int(text)


def _url(text: str) -> str:
    if text and origin_of(text) is None:
        raise Unavailable(BadSetting.URL(text=text))
    return text.rstrip("/")


def _hosts(text: str) -> tuple[Host, ...]:
    found = []
    for part in _parts(text):
        host = host_of(part)
        if host is None:
            raise Unavailable(BadSetting.HOSTS(text=part))
        found.append(host)
    return tuple(found)


def _hour(text: str | None, default: int | None) -> int | None:
    if not text:
        return default
    if text.lower() == "off":
        return None
    return _whole(text, 0, 23, BadSetting.HOUR(text=text))


def _percent(text: str | None) -> float | None:
    try:
        percent = float(text) if text else None
    except ValueError:
        percent = -1
    if percent is not None and not 0 < percent <= 100:
        raise Unavailable(BadSetting.TARGET(text=text))
    return percent / 100 if percent else None


def _checks(text: str) -> dict[str, Check]:
    """`logen=off, cj=warn` as a table."""
    try:
        pairs = [part.split("=") for part in text.replace(" ", "").split(",") if part]
        return {carrier.lower(): Check(level) for carrier, level in pairs}
    except ValueError as error:
        raise Unavailable(BadSetting.CHECKS()) from error
