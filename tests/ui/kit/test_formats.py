"""How counts, moments and durations are written on screen."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.ui.kit import formats
from core.ui.kit.sentences import KitText
from tests.builders import NOW, SEOUL, nov

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "zone", "written"),
    [
        (nov(16, 0, 12), SEOUL, "16 Nov 09:12"),
        (nov(5, 0, 5), UTC, "5 Nov 00:05"),
        (nov(15, 23), BERLIN, "16 Nov 00:00"),
        (nov(16).replace(year=2025), SEOUL, "16 Nov 2025 18:00"),
        (datetime(2025, 12, 31, 15, tzinfo=UTC), SEOUL, "1 Jan 00:00"),
        (datetime(2025, 12, 31, 15, tzinfo=UTC), UTC, "31 Dec 2025 15:00"),
        (None, SEOUL, "–"),
    ],
)
def test_a_moment_is_written_in_the_viewers_zone_with_the_year_when_it_is_another(
    at: datetime | None, zone: ZoneInfo, written: str
) -> None:
    assert formats.moment(at, zone, NOW) == written


@pytest.mark.parametrize(
    ("when", "written"),
    [(date(2026, 11, 6), "6 Nov"), (date(2025, 11, 16), "16 Nov 2025"), (date(2027, 1, 1), "1 Jan 2027"), (None, "–")],
)
def test_a_day_is_short_and_has_its_year_when_it_is_another(when: date | None, written: str) -> None:
    assert formats.day(when, date(2026, 11, 16)) == written


def test_a_clock_says_its_zone() -> None:
    assert formats.clock(nov(16, 9, 42, 10), SEOUL) == "18:42:10 KST"
    assert formats.clock(nov(16, 9, 42, 10), BERLIN) == "10:42:10 CET"


@pytest.mark.parametrize(
    ("span", "written", "closely"),
    [
        (timedelta(0), "0 s", "0 s"),
        (timedelta(seconds=-5), "0 s", "0 s"),
        (timedelta(seconds=59, milliseconds=900), "59 s", "59 s"),
        (timedelta(seconds=60), "1 min", "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min", "59 min"),
        (timedelta(hours=1), "1 h", "1 h 0 min"),
        (timedelta(hours=9, minutes=36, seconds=50), "9 h", "9 h 36 min"),
        (timedelta(hours=47, minutes=59), "47 h", "47 h 59 min"),
        (timedelta(hours=48), "2 d 0 h", "2 d 0 h"),
        (timedelta(days=5, hours=11, minutes=59), "5 d 11 h", "5 d 11 h"),
        (timedelta(days=400), "400 d 0 h", "400 d 0 h"),
    ],
)
def test_a_duration_is_as_fine_as_it_matters(span: timedelta, written: str, closely: str) -> None:
    assert (formats.duration(span), formats.closely(span)) == (written, closely)


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (1284, "1,284")])
def test_a_count_is_written_with_commas(number: int, written: str) -> None:
    assert formats.count(number) == written


def test_facts_stand_side_by_side_and_what_is_empty_is_left_out() -> None:
    assert formats.facts("CJ Logistics", "", None, KitText.SHIPMENTS(count=1)) == "CJ Logistics · 1 shipment"


@pytest.mark.parametrize(
    ("city", "country", "written"),
    [("Milan", "IT", "Milan, IT"), ("", "IT", "Italy"), ("", "ZZ", "ZZ"), ("", "", "")],
)
def test_a_place_is_its_city_and_country(city: str, country: str, written: str) -> None:
    assert formats.place(city, country) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("문 앞에 놓아 주세요", "문 앞에 놓아 주세요"),
        ("**bold** _it_", r"\*\*bold\*\* \_it\_"),
        ("[x](http://a.b)", r"\[x\]\(http\://a\.b\)"),
        ("<b>&amp;</b>", r"\<b\>\&amp;\</b\>"),
        (":red[x] $x$ ~~x~~", r"\:red\[x\] \$x\$ \~\~x\~\~"),
        ("# a\n- b", r"\# a \- b"),
        ("a\\b`c`|d", r"a\\b\`c\`\|d"),
    ],
)
def test_a_plain_text_cannot_be_markup(text: str, written: str) -> None:
    assert formats.plain(text) == written
