"""Who is let in now: what a provider says, judged by the settings, by what admins wrote down, and by whether it was ended since."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.domain import sign_in
from core.domain.errors import ShipdeskError, places_of
from core.domain.people import Role
from core.domain.sign_in import Admission, Named, SignedIn, SignIn
from core.store import people
from core.store.database import Connection, Row, Store

NOTED_EVERY = timedelta(minutes=15)
"""How old what is stored of "last seen" may become while somebody works."""
WORKING = [role for role in Role if role.rank >= Role.STAFF.rank]
KEPT = timedelta(days=90)
"""How long it is known when somebody who is gone was seen last."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Stored:
    """What the store says, at one count of its changes."""

    changes: int
    roles: Mapping[str, Row]
    ended: Mapping[str, datetime]
    sign_ins: Mapping[str, Row]


@dataclass
class _Seen:
    """What this process knows of a sign-in before the store does."""

    row: dict[str, Any]
    first: datetime
    noted: datetime
    out: bool = False
    last: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.noted


class SignIns:
    """All sign-ins of a desk. Asking costs no query while nothing is written."""

    def __init__(self, store: Store, rules: SignIn, now: Callable[[], datetime]) -> None:
        self.rules = rules
        self._store, self._now = store, now
        self._lock = threading.Lock()
        self._seen: dict[str, _Seen] = {}
        self._read: _Stored | None = None

    def admission(self, claims: Mapping[str, object]) -> Admission:
        """Whether and as what the person with these claims is let in at this moment."""
        identity, stored = sign_in.identity_of(claims, self.rules), self._stored()
        if identity is None:
            return sign_in.NOBODY
        given = stored.roles.get(identity.email)
        invited = Role(given["role"]) if given else None
        now = self._now()
        return sign_in.admission(identity, self.rules, invited, now=now, ended=self._ended(identity, stored, now))

    def see(self, admitted: Admission) -> None:
        """Remembers that somebody who was let in is here. It is stored behind: nobody waits for it."""
        identity, grant = admitted.identity, admitted.grant
        if identity is None or grant is None:
            return
        now = self._now()
        row = _row(identity, grant.role, grant.entry, self.rules)
        with self._lock:
            known = self._seen.get(identity.key)
            if known and known.row == row and now - known.noted < NOTED_EVERY:
                known.last = now
                return
            first = known.first if known else self._first_stored(identity) or now
            self._seen[identity.key] = _Seen(row, first, now)
        threading.Thread(target=self._write, args=(people.see, row | {"at": now}), name="sign-in noted", daemon=True).start()

    def sign_out(self, identity: SignedIn) -> None:
        """This sign-in counts no more, in whatever tab or copy of its cookie."""
        now = self._now()
        row = _row(identity, Role.VIEWER, "", self.rules)
        with self._lock:
            known = self._seen.setdefault(identity.key, _Seen(row, now, now))
            known.out = True
            row = known.row
        self._write(people.sign_out, row | {"at": now})

    def last_seen(self) -> dict[str, datetime]:
        """By e-mail, when somebody was here last."""
        found: dict[str, datetime] = {}
        for row in self._all():
            found[row["email"]] = max(row["last_seen_at"], found.get(row["email"], row["last_seen_at"]))
        return found

    def working(self) -> set[str]:
        """The e-mails of all who may work here now: named by the settings, invited, or let in before by an entry that still stands."""
        rules, invited = self.rules, self._stored().roles
        named = {email for role in WORKING for email in rules.named.get(role, Named()).emails}
        seen = {
            row["email"] for row in self._all() if any(rules.named.get(role, Named()).holds(row["entry"]) for role in WORKING)
        }
        return named | seen | {email for email, row in invited.items() if Role(row["role"]) in WORKING}

    def open_now(self) -> dict[str, list[Row]]:
        """By e-mail, the sign-ins that still count: first_seen_at, last_seen_at, ends_at, role, entry."""
        stored, now = self._stored(), self._now()
        found: dict[str, list[Row]] = {}
        for row in self._all():
            ended = stored.ended.get(row["email"])
            if row["signed_out_at"] is None and row["ends_at"] > now and (ended is None or row["first_seen_at"] > ended):
                found.setdefault(row["email"], []).append(row)
        return found

    def _all(self) -> list[Row]:
        """Every sign-in as it is known here, over how it is stored."""
        rows = dict(self._stored().sign_ins)
        with self._lock:
            for key, seen in self._seen.items():
                stored = rows.get(key, {"signed_out_at": None})
                out = seen.last if seen.out else stored["signed_out_at"]
                rows[key] = {**seen.row, "first_seen_at": seen.first, "last_seen_at": seen.last, "signed_out_at": out}
        return list(rows.values())

    def _ended(self, identity: SignedIn, stored: _Stored, now: datetime) -> bool:
        seen, row = self._seen.get(identity.key), stored.sign_ins.get(identity.key)
        if (seen and seen.out) or (row and row["signed_out_at"]):
            return True
        ended = stored.ended.get(identity.email)
        if ended is None or identity.issued_at is None:
            return False
        # The provider's clock may run ahead of ours: what was seen before the end is from before the end.
        first = seen.first if seen else row["first_seen_at"] if row else now
        return min(first, identity.issued_at) <= ended

    def _first_stored(self, identity: SignedIn) -> datetime | None:
        row = self._stored().sign_ins.get(identity.key)
        return row["first_seen_at"] if row else None

    def _stored(self) -> _Stored:
        changes, read = self._store.changes_by_people, self._read
        if read is None or read.changes != changes:
            rows = {row["sign_in_key"]: row for row in people.sign_ins(self._store)}
            read = _Stored(changes, people.roles(self._store), people.sessions_ended(self._store), rows)
            self._read = read
        return read

    def _write(self, note: Callable[[Connection, dict[str, Any]], None], row: dict[str, Any]) -> None:
        """What cannot be stored now holds in this process at least."""
        try:
            with suppress(ShipdeskError):
                self._store.write(lambda connection: _noted(connection, note, row))
        except Exception as error:
            log.warning("A sign-in could not be noted: %s at %s", type(error).__name__, places_of(error))


def _noted(connection: Connection, note: Callable[[Connection, dict[str, Any]], None], row: dict[str, Any]) -> None:
    people.forget_sign_ins(connection, row["at"] - KEPT)
    note(connection, row)


def _row(identity: SignedIn, role: Role, entry: str, rules: SignIn) -> dict[str, Any]:
    ends = rules.ends_at(identity)
    return {"sign_in_key": identity.key, "email": identity.email, "role": role, "entry": entry, "ends_at": ends}
