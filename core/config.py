"""Settings: read once from the environment, frozen afterwards."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.errors import Unavailable
from core.domain.invoice_number import Check

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What a shop can set. `zone` is the shop's time zone (dates), `home` its country: the border of Domestic."""

    database: Path = ROOT / "data" / "shipping.duckdb"
    user: str = "Staff"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Seoul"))
    home: str = "KR"
    checks: Mapping[str, Check] = field(default_factory=dict)
    demo_shipments: int = 20_000


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises Unavailable with the name of a setting that cannot be read."""
    given = os.environ if environment is None else environment
    default = Settings()
    return Settings(
        database=Path(given["SHIPDESK_DB"]) if given.get("SHIPDESK_DB") else default.database,
        user=given.get("SHIPDESK_USER") or _login(default.user),
        zone=_zone(given.get("SHIPDESK_ZONE")) or default.zone,
        home=_country(given.get("SHIPDESK_COUNTRY")) or default.home,
        checks=_checks(given.get("SHIPDESK_CHECKS", "")),
        demo_shipments=_count(given.get("SHIPDESK_DEMO_SHIPMENTS")) or default.demo_shipments,
    )


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
        raise Unavailable(f"SHIPDESK_ZONE: {name} is no time zone. Use a name such as Asia/Seoul.") from error


def _country(code: str | None) -> str | None:
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Unavailable(f"SHIPDESK_COUNTRY: {code} is no country code. Use two letters such as KR.")
    return code.upper() if code else None


def _count(text: str | None) -> int | None:
    if text and not text.isdecimal():
        raise Unavailable(f"SHIPDESK_DEMO_SHIPMENTS: {text} is no number.")
    return int(text) if text else None


def _checks(text: str) -> dict[str, Check]:
    """`logen=off, cj=warn` as a table."""
    try:
        pairs = [part.split("=") for part in text.replace(" ", "").split(",") if part]
        return {carrier.lower(): Check(level) for carrier, level in pairs}
    except ValueError as error:
        raise Unavailable("SHIPDESK_CHECKS: write carrier=refuse, =warn or =off, such as logen=off,cj=warn.") from error
