"""Settings of tracking: keys from the environment or the secrets file, the sandbox by name."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.config import BadSetting, Keys, load
from core.domain.errors import Unavailable
from core.domain.hosts import Host
from core.domain.sign_in import SignIn


def test_a_service_is_set_up_by_its_key() -> None:
    given = {"SHIPDESK_AFTERSHIP_KEY": "k ", "SHIPDESK_AFTERSHIP_SECRET": "s", "SHIPDESK_DHL_SECRET": "alone"}
    assert load(given).services == {"aftership": Keys("k", "s")}


def test_no_secret_is_in_a_print_of_the_settings() -> None:
    given = {"SHIPDESK_AFTERSHIP_KEY": "k3y", "SHIPDESK_AFTERSHIP_SECRET": "s3cret", "SHIPDESK_AFTERSHIP_HOOK": "h00k"}
    shown = repr(load(given | {"SHIPDESK_SANDBOX_SECRET": "sw1tch"}))
    assert not any(word in shown for word in ("k3y", "s3cret", "h00k", "sw1tch"))


def test_keys_are_read_from_the_secrets_file_under_the_same_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('SHIPDESK_EASYPOST_KEY = "in-the-file"\nSHIPDESK_DHL_KEY = "in-the-file"\n[other]\nkey = "x"\n')
    monkeypatch.setenv("SHIPDESK_DHL_KEY", "in-the-environment")
    assert {name: keys.key for name, keys in load(secrets=[file]).services.items()} == {
        "easypost": "in-the-file",
        "dhl": "in-the-environment",
    }
    file.write_text("not toml")
    with pytest.raises(Unavailable, match=r"secrets\.toml cannot be read"):
        load(secrets=[file])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, (False, False)),
        ({"SHIPDESK_COUNTRY": "", "SHIPDESK_ZONE": ""}, (False, False)),
        ({"SHIPDESK_COUNTRY": "kr"}, (True, False)),
        ({"SHIPDESK_ZONE": "Asia/Seoul"}, (False, True)),
    ],
)
def test_whether_the_shop_has_set_its_country_and_zone_is_known(given: dict[str, str], said: tuple[bool, bool]) -> None:
    settings = load(given)
    assert (settings.home, settings.zone.key) == ("KR", "Asia/Seoul")
    assert (settings.home_given, settings.zone_given) == said


@pytest.mark.parametrize(("text", "wanted"), [("", None), ("on", True), ("OFF", False)])
def test_the_sandbox_is_switched_by_name(text: str, wanted: bool | None) -> None:
    assert load({"SHIPDESK_SANDBOX": text}).sandbox is wanted


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SHIPDESK_SANDBOX", "maybe"),
        ("SHIPDESK_SANDBOX_SPEED", "fast"),
        ("SHIPDESK_SANDBOX_SPEED", "0"),
        ("SHIPDESK_URL", "desk.example"),
        ("SHIPDESK_URL", "ftp://desk.example"),
        ("SHIPDESK_HOSTS", "https://desk.example"),
        ("SHIPDESK_HOSTS", "desk.example; other.example"),
        ("SHIPDESK_HOSTS", "desk.example, *"),
        ("SHIPDESK_HOSTS", "desk.example:https"),
        ("SHIPDESK_SESSIONS", "0"),
        ("SHIPDESK_SESSIONS", "-1"),
        ("SHIPDESK_SESSIONS", "many"),
        *((name, "9" * 5000) for name in ("SHIPDESK_SESSIONS", "SHIPDESK_DEMO_SHIPMENTS", "SHIPDESK_FORGET_AFTER")),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, text: str) -> None:
    with pytest.raises(Unavailable, match=name):
        load({name: text})


@pytest.mark.parametrize(("text", "share"), [("", 0.93), ("90", 0.9), ("97.5", 0.975), ("100", 1.0)])
def test_the_target_is_a_percentage(text: str, share: float) -> None:
    assert load({"SHIPDESK_TARGET": text}).target == pytest.approx(share)


@pytest.mark.parametrize("text", ["0", "101", "-3", "nan", "most"])
def test_a_target_that_is_none_is_named(text: str) -> None:
    with pytest.raises(Unavailable, match=f"SHIPDESK_TARGET: {text} is no percentage"):
        load({"SHIPDESK_TARGET": text})


def test_the_desks_names_are_read_each_with_its_port() -> None:
    given = {"SHIPDESK_HOSTS": " Desk.example,, shop.example:8443 ,[::1]:8501", "SHIPDESK_SESSIONS": "7"}
    assert load(given).hosts == (Host("desk.example"), Host("shop.example", 8443), Host("::1", 8501))
    assert (load(given).sessions, load({}).hosts, load({}).sessions) == (7, (), 20)


AUTH = '[auth]\nredirect_uri = "https://desk.example/oauth2callback"\ncookie_secret = "0123456789abcdef0123456789abcdef"\n'
PROVIDER = 'client_id = "a"\nclient_secret = "b"\nserver_metadata_url = "https://provider.example"\n'
WHO = 'SHIPDESK_ADMINS = "ada@shop.example"\n'


def signing_in(folder: Path, text: str) -> SignIn | None:
    file = folder / "secrets.toml"
    file.write_text(text)
    return load(secrets=[file]).sign_in


def test_nobody_signs_in_without_auth(tmp_path: Path) -> None:
    assert signing_in(tmp_path, WHO) is None


def test_every_provider_of_the_secrets_is_a_way_in(tmp_path: Path) -> None:
    many = f"{WHO}{AUTH}[auth.google]\n{PROVIDER}[auth.my-house]\n{PROVIDER}client_kwargs = {{ prompt = 'login' }}\n"
    found = signing_in(tmp_path, many)
    assert found and found.providers == ("google", "my-house")
    found = signing_in(tmp_path, f"{WHO}{AUTH}{PROVIDER}")
    assert found and found.providers == ("default",)


def test_what_is_said_of_sessions_and_claims_is_read(tmp_path: Path) -> None:
    said = (
        'SHIPDESK_SESSION_HOURS = 8\nSHIPDESK_TOKEN_EXPIRY = "off"\nSHIPDESK_GROUP_CLAIMS = "teams, roles"\n'
        'SHIPDESK_VOUCHED_PROVIDERS = "entra"\n'
    )
    found = signing_in(tmp_path, f"{WHO}{said}{AUTH}[auth.entra]\n{PROVIDER}")
    assert found and (found.longest, found.token_ends) == (timedelta(hours=8), False)
    assert (found.group_claims, found.vouched) == (("teams", "roles"), {"entra"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{AUTH}{PROVIDER}", BadSetting.NO_ADMIN),
        (f"{WHO}{AUTH}", BadSetting.NO_PROVIDER),
        (f"{WHO}[auth]\n", BadSetting.AUTH_MISSING),
        (f'{WHO}auth = "on"\n', BadSetting.AUTH_MISSING),
        (f"{WHO}{AUTH.replace('0123456789abcdef', 'short', 2)}{PROVIDER}", BadSetting.COOKIE_SECRET),
        (f"{WHO}{AUTH}[auth.google]\nclient_id = 'a'\n", BadSetting.AUTH_MISSING),
        (f"{WHO}{AUTH}[auth.my_house]\n{PROVIDER}", BadSetting.PROVIDER_NAME),
        (f"{WHO}{AUTH}[auth.Google]\n{PROVIDER}", BadSetting.PROVIDER_NAME),
        (f'{WHO}SHIPDESK_STAFF = "everybody"\n{AUTH}{PROVIDER}', BadSetting.PEOPLE),
        (f'{WHO}SHIPDESK_VOUCHED_PROVIDERS = "entra"\n{AUTH}{PROVIDER}', BadSetting.VOUCHED),
        (f"{WHO}SHIPDESK_SESSION_HOURS = 0\n{AUTH}{PROVIDER}", BadSetting.SESSION_HOURS),
        (f'{WHO}SHIPDESK_TOKEN_EXPIRY = "maybe"\n{AUTH}{PROVIDER}', BadSetting.TOKEN_EXPIRY),
    ],
)
def test_what_is_wrong_with_sign_in_is_said_at_the_start(tmp_path: Path, text: str, why: BadSetting) -> None:
    with pytest.raises(Unavailable) as caught:
        signing_in(tmp_path, text)
    assert caught.value.reason is why


def test_a_shop_can_be_on_a_server_and_its_password_is_never_said() -> None:
    settings = load({"SHIPDESK_DB": "postgresql://ada:hidden@db:5432/shop"})
    assert settings.place is settings.server
    assert "hidden" not in repr(settings)
    with pytest.raises(Unavailable) as wrong:
        load({"SHIPDESK_DB": "postgresql://ada:hid@den@db/shop"})
    assert wrong.value.reason is BadSetting.SERVER and "hid" not in str(wrong.value)
