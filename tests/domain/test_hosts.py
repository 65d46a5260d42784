"""Whose request it is: the desk answers under its own names, and lets only its own pages change anything."""

import pytest

from core.domain.hosts import Foreign, Host, Provenance, foreign, host_of, origin_of

OURS = (Host("desk.example"), Host("shop.example", 8443), Host("10.0.0.7"))


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("localhost", Host("localhost")),
        ("LocalHost:8501", Host("localhost", 8501)),
        ("desk.example.", Host("desk.example")),
        ("desk.example.:80", Host("desk.example", 80)),
        (" desk.example ", Host("desk.example")),
        ("127.0.0.1:1", Host("127.0.0.1", 1)),
        ("[::1]:8501", Host("::1", 8501)),
        ("[0:0:0:0:0:0:0:1]", Host("::1")),
        ("[2001:DB8::A]", Host("2001:db8::a")),
        ("bücher.example", Host("xn--bcher-kva.example")),
        ("XN--BCHER-KVA.example", Host("xn--bcher-kva.example")),
        ("desk_1.intern", Host("desk_1.intern")),
        ("a" * 63 + ".example", Host("a" * 63 + ".example")),
    ],
)
def test_a_host_is_read_in_its_one_form(text: str, host: Host) -> None:
    assert host_of(text) == host
    assert host_of(str(host)) == host


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "..", "a..b", ":8501", "localhost:", "localhost:0", "localhost:65536", "localhost:-1", "localhost:8501:1",
        "::1", "[::1", "[::1]x", "[::g]", "[127.0.0.1]", "127.1", "2130706433", "127.0.0.1.5", "0127.0.0.1", "256.0.0.1",
        "http://localhost", "localhost/", "user@localhost", "localhost#x", "localhost?x", "localhost, evil.example",
        "local host", "local\thost", "localhost\r\nX: 1", "localhost\0", "*", "*.example", "-a.example", "a-.example",
        "localhost%00", "[fe80::1%25eth0]", "a" * 64 + ".example", "a." * 130, "é" * 300, "localhost:８５０１",
    ],
)  # fmt: skip
def test_what_is_no_host_is_none(text: str) -> None:
    assert host_of(text) is None


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://desk.example", ("https", Host("desk.example"))),
        ("HTTP://[::1]:8501", ("http", Host("::1", 8501))),
        ("https://desk.example/desk", ("https", Host("desk.example"))),
        ("null", None),
        ("desk.example", None),
        ("file://", None),
        ("chrome-extension://abc", None),
        ("https://", None),
        ("https://a@desk.example", None),
        ("http://localhost:8501 http://evil.example", None),
    ],
)
def test_an_origin_is_a_scheme_and_a_host(text: str, origin: tuple[str, Host] | None) -> None:
    assert origin_of(text) == origin


@pytest.mark.parametrize("changes", [False, True])
@pytest.mark.parametrize(
    "host", ["localhost", "localhost:9", "127.0.0.1:8501", "[::1]:8501", "127.8.8.8", "desk.example", "desk.example:8443",
             "DESK.example.", "shop.example:8443", "10.0.0.7:8501"],
)  # fmt: skip
def test_under_its_own_names_it_is_there_for_whoever_sends_no_origin(host: str, changes: bool) -> None:
    assert foreign(Provenance((host,), changes=changes), OURS) is None


@pytest.mark.parametrize("changes", [False, True])
@pytest.mark.parametrize(
    ("hosts", "reason"),
    [
        ((), Foreign.NO_HOST),
        (("",), Foreign.NO_HOST),
        (("localhost", "localhost"), Foreign.NO_HOST),
        (("localhost", "evil.example"), Foreign.NO_HOST),
        (("localhost, evil.example",), Foreign.NO_HOST),
        (("evil.example",), Foreign.HOST),
        (("evil.example:8501",), Foreign.HOST),
        (("localhost.evil.example",), Foreign.HOST),
        (("evil-localhost",), Foreign.HOST),
        (("127.0.0.1.evil.example",), Foreign.HOST),
        (("127.0.0.1.nip.io",), Foreign.HOST),
        (("sub.desk.example",), Foreign.HOST),
        (("desk.example.evil.example",), Foreign.HOST),
        (("shop.example",), Foreign.HOST),
        (("shop.example:443",), Foreign.HOST),
        (("10.0.0.8",), Foreign.HOST),
        (("0.0.0.0:8501",), Foreign.HOST),
        (("[::]:8501",), Foreign.HOST),
        (("[::ffff:10.0.0.7]",), Foreign.HOST),
    ],
)
def test_under_a_name_that_is_not_its_own_nothing_is_answered(hosts: tuple[str, ...], reason: Foreign, changes: bool) -> None:
    why = foreign(Provenance(hosts, changes=changes), OURS)
    assert why and why.reason is reason


@pytest.mark.parametrize(
    ("host", "origin", "encrypted", "looks", "changes"),
    [
        ("localhost:8501", "http://localhost:8501", False, True, True),
        ("LOCALHOST:8501", "http://localhost.:8501", False, True, True),
        ("[::1]:8501", "http://[0:0::1]:8501", False, True, True),
        ("desk.example", "https://desk.example", True, True, True),
        ("desk.example", "https://desk.example:443", True, True, True),
        ("desk.example:443", "https://desk.example", True, True, True),
        ("desk.example", "https://desk.example", False, True, True),  # who ends the encryption does not say so
        ("desk.example", "http://desk.example", True, True, False),
        ("desk.example", "https://desk.example:8443", True, True, False),
        ("localhost:8501", "http://localhost:9999", False, True, False),
        ("localhost:8501", "http://127.0.0.1:8501", False, True, False),
        ("localhost:8501", "http://localhost", False, True, False),
        ("127.0.0.1:8501", "https://desk.example", False, True, False),
        ("localhost:8501", "http://evil.example", False, False, False),
        ("localhost:8501", "http://evil.example:8501", False, False, False),
        ("localhost:8501", "null", False, False, False),
        ("localhost:8501", "", False, False, False),
        ("localhost:8501", "file://", False, False, False),
        ("localhost:8501", "http://localhost.evil.example:8501", False, False, False),
        ("localhost:8501", "http://localhost:8501@evil.example", False, False, False),
        ("desk.example", "https://sub.desk.example", True, False, False),
    ],
)
def test_another_sites_page_is_not_answered_and_another_port_changes_nothing(
    host: str, origin: str, encrypted: bool, looks: bool, changes: bool
) -> None:
    asked = [Provenance((host,), (origin,), encrypted=encrypted, changes=change) for change in (False, True)]
    assert [foreign(one, OURS) is None for one in asked] == [looks, changes]


@pytest.mark.parametrize(
    ("site", "looks", "changes"),
    [
        ("", True, True),
        ("same-origin", True, True),
        ("none", True, True),
        ("same-site", True, False),
        ("cross-site", True, False),
    ],
)
def test_what_a_browser_says_of_the_asking_page_counts_where_something_changes(site: str, looks: bool, changes: bool) -> None:
    asked = [Provenance(("localhost",), site=site, changes=change) for change in (False, True)]
    assert [foreign(one, OURS) is None for one in asked] == [looks, changes]


def test_two_origins_are_none_of_ours() -> None:
    own = "http://localhost:8501"
    why = foreign(Provenance(("localhost:8501",), (own, own)), OURS)
    assert why and why.reason is Foreign.SITE
