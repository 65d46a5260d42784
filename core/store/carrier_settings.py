"""What admins decided about carriers: appended, the newest counts."""

from collections.abc import Mapping
from datetime import datetime

from core.store.database import Connection, Row, Store, select

Decided = Mapping[str, str | datetime | None]


def newest(store: Store) -> dict[str, Row]:
    """What is decided now, by carrier: service, check_digit (None: as shipped), retired_at, retired_by, updated_at, updated_by."""
    return {row["carrier"]: row for row in store.rows(_NEWEST)}


def add(connection: Connection, carrier: str, changes: Decided, *, by: str, at: datetime) -> None:
    """Appends what an admin decided: `service`, `check_digit`, `retired_at` and `retired_by`; what is not given stays as it was."""
    before = select(connection, _NEWEST + " AND carrier = $carrier", {"carrier": carrier})
    last = before[0] if before else {}
    number = select(connection, "SELECT coalesce(max(setting_id), 0) + 1 AS n FROM carrier_setting")[0]["n"]
    row = {name: changes[name] if name in changes else last.get(name) for name in _DECIDED}
    connection.execute(_ADD, {**row, "number": number, "carrier": carrier, "at": at, "by": by})


_DECIDED = ("service", "check_digit", "retired_at", "retired_by")
_ADD = """
INSERT INTO carrier_setting (setting_id, carrier, service, check_digit, retired_at, retired_by, updated_at, updated_by)
VALUES ($number, $carrier, $service, $check_digit, $retired_at, $retired_by, $at, $by)
"""
_NEWEST = """
SELECT carrier, service, check_digit, retired_at, retired_by, updated_at, updated_by FROM carrier_setting s
WHERE NOT EXISTS (SELECT 1 FROM carrier_setting later WHERE later.carrier = s.carrier AND later.setting_id > s.setting_id)
"""
