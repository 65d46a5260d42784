"""Who is let in as what: a table of names and claims, without a provider."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.domain.people import Role
from core.domain.sign_in import Admission, Named, NotLetIn, SignIn, admission, email_of, identity_of, named

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RULES = SignIn(
    ("google", "entra"),
    named={
        Role.ADMIN: named("ada@shop.example, group:owners"),
        Role.STAFF: named("*@shop.example, group:Warehouse 3"),
        Role.VIEWER: named("Vera@Audit.Example, ada@shop.example"),
    },
    vouched=frozenset({"entra"}),
)


def claims(**said: Any) -> dict[str, Any]:
    """An ordinary verified sign-in of a minute ago, unless said otherwise."""
    ordinary = {"is_logged_in": True, "provider": "google", "sub": "1", "email": "hana@shop.example", "email_verified": True}
    times = {"iat": (NOW - timedelta(minutes=1)).timestamp(), "exp": (NOW + timedelta(hours=1)).timestamp()}
    return ordinary | times | said


def admitted(invited: Role | None = None, *, rules: SignIn = RULES, ended: bool = False, **said: Any) -> Admission:
    return admission(identity_of(claims(**said), rules), rules, invited, now=NOW, ended=ended)


def at(minutes: float) -> float:
    return (NOW + timedelta(minutes=minutes)).timestamp()


@pytest.mark.parametrize(
    ("email", "groups", "role", "entry"),
    [
        ("ada@shop.example", [], Role.ADMIN, "ada@shop.example"),
        ("ADA@Shop.Example", [], Role.ADMIN, "ada@shop.example"),
        ("hana@shop.example", [], Role.STAFF, "*@shop.example"),
        ("hana@shop.example", ["owners"], Role.ADMIN, "group:owners"),
        ("jun@partner.example", ["office", "Warehouse 3"], Role.STAFF, "group:Warehouse 3"),
        ("jun@partner.example", "Warehouse 3", Role.STAFF, "group:Warehouse 3"),
        ("vera@audit.example", [], Role.VIEWER, "vera@audit.example"),
        ("jun@partner.example", ["warehouse 3"], None, ""),
        ("jun@partner.example", [["owners"], {"owners": 1}, None], None, ""),
        ("hana@sub.shop.example", [], None, ""),
        ("hana@shop.example.evil.example", [], None, ""),
        ("hana@notshop.example", [], None, ""),
        ("vera@audit.example.", [], None, ""),
    ],
)
def test_the_strongest_entry_that_names_somebody_gives_the_role(email: str, groups: Any, role: Role | None, entry: str) -> None:
    found = admitted(email=email, groups=groups)
    assert (found.person.role, found.grant.entry if found.grant else "") == (role, entry)


@pytest.mark.parametrize(
    "email",
    [
        "аda@shop.example",  # Cyrillic
        "ada@ѕhop.example",
        "ada＠shop.example",
        "ada@sh\u200bop.example",
        "\u212aim@shop.example",  # the Kelvin sign folds to k
        "ada@shop\u3002example",
        "ada@shop.example\n",
        " ada@shop.example",
        "ada@shop.example,eve@elsewhere.example",
        "eve@elsewhere.example@shop.example",
        "ada@shop.example\x00@elsewhere.example",
        '"ada@shop.example"@elsewhere.example',
        "*@shop.example",
        "ada@[127.0.0.1]",
        "@shop.example",
        "ada",
        f"{'a' * 65}@shop.example",
        f"ada@{'a.' * 130}shop.example",
    ],
)
def test_an_address_that_could_be_mistaken_for_another_is_nobodys(email: str) -> None:
    found = admitted(Role.ADMIN, email=email, groups=["owners"])
    assert found.person.role is None
    assert found.why and found.why.reason is NotLetIn.ODD_EMAIL


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"email": None}, NotLetIn.NO_EMAIL),
        ({"email": ["ada@shop.example"]}, NotLetIn.ODD_EMAIL),
        ({"email_verified": False}, NotLetIn.UNVERIFIED),
        ({"email_verified": None}, NotLetIn.UNVERIFIED),
        ({"email_verified": "false"}, NotLetIn.UNVERIFIED),
        ({"email_verified": 1}, NotLetIn.UNVERIFIED),
        ({"provider": "entra", "email_verified": False}, NotLetIn.UNVERIFIED),
        ({"email": "jun@partner.example", "groups": ["owners"], "email_verified": False}, NotLetIn.UNVERIFIED),
        ({"email": "mallory@elsewhere.example"}, NotLetIn.UNKNOWN),
        ({"exp": at(-2.1)}, NotLetIn.EXPIRED),
        ({"exp": None}, NotLetIn.EXPIRED),
        ({"exp": "soon"}, NotLetIn.EXPIRED),
        ({"exp": float("nan")}, NotLetIn.EXPIRED),
        ({"iat": None}, NotLetIn.EXPIRED),
        ({"iat": True}, NotLetIn.EXPIRED),
        ({"iat": 1e300}, NotLetIn.EXPIRED),
        ({"iat": at(2.1)}, NotLetIn.EXPIRED),
        ({"iat": at(-60 * 12 - 2.1), "exp": at(9_999)}, NotLetIn.EXPIRED),
        ({"ended": True}, NotLetIn.ENDED),
    ],
)
def test_who_is_not_let_in_is_told_why(said: dict[str, Any], why: NotLetIn) -> None:
    found = admitted(**said)
    assert found.person.role is None
    assert found.why and found.why.reason is why
    assert str(found.why)


@pytest.mark.parametrize(
    "said",
    [
        {"email_verified": "true"},
        {"provider": "entra", "email_verified": None},
        {"exp": at(-1.9)},
        {"iat": at(1.9)},
        {"iat": at(-60 * 12 + 1), "exp": at(9_999)},
    ],
)
def test_clocks_may_be_two_minutes_apart_and_a_vouched_provider_may_leave_out_verification(said: dict[str, Any]) -> None:
    assert admitted(**said).person.role is Role.STAFF


def test_the_end_of_the_token_can_be_left_out_of_account_but_not_the_longest_session() -> None:
    rules = SignIn(("google",), named=RULES.named, token_ends=False)
    assert admitted(rules=rules, exp=at(-100)).person.role is Role.STAFF
    assert admitted(rules=rules, exp=at(9_999), iat=at(-60 * 12 - 3)).person.role is None


@pytest.mark.parametrize(
    ("email", "invited", "role"),
    [
        ("kim@partner.example", Role.VIEWER, Role.VIEWER),
        ("hana@shop.example", Role.ADMIN, Role.ADMIN),
        ("hana@shop.example", Role.VIEWER, Role.STAFF),
        ("ada@shop.example", Role.VIEWER, Role.ADMIN),
    ],
)
def test_of_an_invitation_and_the_settings_the_stronger_counts(email: str, invited: Role, role: Role) -> None:
    assert admitted(invited, email=email).person.role is role


@pytest.mark.parametrize("said", [{}, {"is_logged_in": False}, {"is_logged_in": "true"}, {"email": "ada@shop.example"}])
def test_without_a_sign_in_there_is_nobody(said: dict[str, Any]) -> None:
    found = admission(identity_of(said, RULES), RULES, Role.ADMIN, now=NOW)
    assert (found.person.role, found.identity) == (None, None)


def test_each_sign_in_has_a_key_of_its_own() -> None:
    keys = {identity_of(claims(**said), RULES) for said in ({}, {"nonce": "a"}, {"nonce": "b"}, {"provider": "entra"})}
    assert len({one.key for one in keys if one}) == 4


def test_a_setting_names_people_domains_and_groups() -> None:
    assert named(" Ada@Shop.example ,*@shop.example,, group:Night shift ") == Named(
        frozenset({"ada@shop.example"}), frozenset({"shop.example"}), frozenset({"Night shift"})
    )


@pytest.mark.parametrize(
    "entry", ["ada", "*", "*@", "*@*", "*@shop", "@shop.example", "group:", "group: ", "аda@shop.example", "*@*.example"]
)
def test_an_entry_that_names_nobody_is_refused(entry: str) -> None:
    with pytest.raises(ValueError) as caught:
        named(f"ada@shop.example,{entry}")
    assert str(caught.value) == entry.strip()


def test_an_address_is_kept_in_one_form() -> None:
    assert email_of("Ada.Kim+desk@SHOP.Example") == "ada.kim+desk@shop.example"
    assert email_of("ada@xn--bcher-kva.example") == "ada@xn--bcher-kva.example"
