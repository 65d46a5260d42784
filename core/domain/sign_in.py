"""Who somebody is by what a sign-in provider says of them, and whether and as what they are let in; the time is handed in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain

from core.domain.people import Person, Role
from core.domain.reasons import Reason, Why

SKEW = timedelta(minutes=2)
"""How far the provider's clock and ours may be apart."""
LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3 with its erratum 1690."""
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'+/=?^_{|}~.-]{1,64}@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])"
)
SETTINGS: Mapping[Role, str] = {Role.ADMIN: "SHIPDESK_ADMINS", Role.STAFF: "SHIPDESK_STAFF", Role.VIEWER: "SHIPDESK_VIEWERS"}
"""The setting that names whom it gives each role."""
UNNAMED = "default"
"""What Streamlit calls the provider whose settings stand in [auth] itself."""
_GROUP = "group:"
_ANYBODY = "*@"


class NotLetIn(Reason):
    """Why somebody who signed in is not let in."""

    NO_EMAIL = (
        "no_email",
        "You are signed in with {provider}, which does not say your e-mail address. "
        "Ask an admin of the shop how to sign in, or take another account.",
    )
    ODD_EMAIL = (
        "odd_email",
        "You are signed in with {provider} under an address that this desk cannot tell from others: only plain e-mail addresses "
        "in Latin letters count. Ask an admin of the shop how to sign in, or take another account.",
    )
    UNVERIFIED = (
        "unverified",
        "You are signed in as {email}, but {provider} does not say that this address is verified. "
        "Verify it there and sign in again, or ask an admin of the shop.",
    )
    UNKNOWN = "unknown", "You are signed in as {email}, who has no role at this desk. Ask an admin of the shop to invite you."
    EXPIRED = "expired", "Your sign-in as {email} has run out. Sign in again."
    ENDED = "ended", "Your sign-in as {email} was ended. Sign in again."


@dataclass(frozen=True)
class SignedIn:
    """What a provider says of somebody. `email` is "" without one that counts; `key` is the same for one sign-in and no other."""

    key: str
    provider: str
    email: str = ""
    said_email: bool = False
    verified: bool | None = None
    groups: frozenset[str] = frozenset()
    issued_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Named:
    """Whom a setting names: single people, all of a domain, all of a group."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def entry_for(self, email: str, groups: frozenset[str]) -> str:
        """The entry that names this person, as it is written; "" for none."""
        if email in self.emails:
            return email
        domain = email.rpartition("@")[2]
        if domain in self.domains:
            return f"{_ANYBODY}{domain}"
        return next((f"{_GROUP}{group}" for group in sorted(self.groups & groups)), "")

    def holds(self, entry: str) -> bool:
        """Whether this entry, as `entry_for` gives it, still stands."""
        written = {
            *self.emails,
            *(f"{_ANYBODY}{domain}" for domain in self.domains),
            *(f"{_GROUP}{group}" for group in self.groups),
        }
        return entry in written


@dataclass(frozen=True)
class Grant:
    """A role, and the entry of the settings that gives it; "" where an admin gave it on the People page."""

    role: Role
    entry: str = ""


@dataclass(frozen=True)
class SignIn:
    """How people sign in. `vouched` are providers whose addresses count although they never say whether they are verified.

    A sign-in counts until its token ends, unless `token_ends` is off, and at most for `longest`.
    """

    providers: tuple[str, ...]
    named: Mapping[Role, Named] = field(default_factory=dict)
    group_claims: tuple[str, ...] = ("groups", "roles")
    vouched: frozenset[str] = frozenset()
    longest: timedelta = timedelta(hours=12)
    token_ends: bool = True

    def grant(self, email: str, groups: frozenset[str] = frozenset()) -> Grant | None:
        """The strongest role that the settings give."""
        for role in reversed(Role):
            if entry := self.named.get(role, Named()).entry_for(email, groups):
                return Grant(role, entry)
        return None

    def ends_at(self, identity: SignedIn) -> datetime:
        """When the sign-in counts no more. One without a time of issue never did."""
        if identity.issued_at is None or (self.token_ends and identity.expires_at is None):
            return datetime.min.replace(tzinfo=UTC)
        longest = identity.issued_at + self.longest
        return min(longest, identity.expires_at) if self.token_ends and identity.expires_at else longest


@dataclass(frozen=True)
class Admission:
    """Who is here. `why` is the reason why they are not let in; None too where nobody has signed in: then there is no name."""

    person: Person
    why: Why | None = None
    grant: Grant | None = None
    identity: SignedIn | None = None


NOBODY = Admission(Person(""))


def email_of(text: str) -> str:
    """The e-mail address in the one form in which it is compared; "" for what is none, and for one with any letter outside ASCII.

    Such a letter can look like another, and folding may turn it into that other one.
    """
    folded = text.lower() if text.isascii() else ""
    return folded if len(folded) <= LONGEST_EMAIL and _EMAIL.fullmatch(folded) else ""


def named(text: str) -> Named:
    """Whom a comma-separated setting names. Raises ValueError with an entry that is none."""
    emails, domains, groups = set(), set(), set()
    for entry in filter(None, (part.strip() for part in text.split(","))):
        if entry.lower().startswith(_GROUP) and entry[len(_GROUP) :].strip():
            groups.add(entry[len(_GROUP) :].strip())
        elif entry.startswith(_ANYBODY) and (domain := email_of(f"x{entry[1:]}").partition("@")[2]):
            domains.add(domain)
        elif email := email_of(entry):
            emails.add(email)
        else:
            raise ValueError(entry)
    return Named(frozenset(emails), frozenset(domains), frozenset(groups))


def identity_of(claims: Mapping[str, object], rules: SignIn) -> SignedIn | None:
    """What the claims of an id token say; None for nobody."""
    if claims.get("is_logged_in") is not True:
        return None
    said, verified = claims.get("email"), claims.get("email_verified")
    return SignedIn(
        key=sha256(repr([claims.get(name) for name in _ONE_SIGN_IN]).encode()).hexdigest(),
        provider=str(claims.get("provider", "")),
        email=email_of(said) if isinstance(said, str) else "",
        said_email=bool(said),
        verified=None if verified is None else verified is True or verified == "true",
        groups=frozenset(chain.from_iterable(_texts(claims.get(name)) for name in rules.group_claims)),
        issued_at=_moment(claims.get("iat")),
        expires_at=_moment(claims.get("exp")),
    )


def admission(
    identity: SignedIn | None, rules: SignIn, invited: Role | None, *, now: datetime, ended: bool = False
) -> Admission:
    """Whether and as what somebody is let in. `invited` is the role that an admin gave, `ended` whether the sign-in was."""
    if identity is None:
        return NOBODY
    refused = _refused(identity, rules, now)
    given = rules.grant(identity.email, identity.groups)
    if invited and (given is None or invited.rank > given.role.rank):
        given = Grant(invited)
    if refused or given is None or ended:
        why = refused or (NotLetIn.ENDED if given else NotLetIn.UNKNOWN)(email=identity.email)
        return Admission(Person(identity.email), why, identity=identity)
    return Admission(Person(identity.email, given.role), grant=given, identity=identity)


def _refused(identity: SignedIn, rules: SignIn, now: datetime) -> Why | None:
    if not identity.email:
        return (NotLetIn.ODD_EMAIL if identity.said_email else NotLetIn.NO_EMAIL)(provider=identity.provider)
    unsaid_but_vouched = identity.verified is None and identity.provider in rules.vouched
    if identity.verified is not True and not unsaid_but_vouched:
        return NotLetIn.UNVERIFIED(email=identity.email, provider=identity.provider)
    if identity.issued_at is None or now > rules.ends_at(identity) + SKEW or identity.issued_at > now + SKEW:
        return NotLetIn.EXPIRED(email=identity.email)
    return None


def _texts(said: object) -> tuple[str, ...]:
    """The names in a claim, which is a list of them or one."""
    found = said if isinstance(said, list | tuple) else [said]
    return tuple(name for name in found if isinstance(name, str))


def _moment(said: object) -> datetime | None:
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 < said < _YEAR_9999:
        return None
    return datetime.fromtimestamp(said, UTC)


_YEAR_9999 = 253_370_764_800
_ONE_SIGN_IN = ("provider", "iss", "sub", "iat", "exp", "nonce", "sid", "jti")
