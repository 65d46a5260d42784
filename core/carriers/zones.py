"""Time zones for times that come without one: of countries with a single zone, and of carriers."""

from functools import cache
from zoneinfo import ZoneInfo

_COUNTRIES = """
AE ARE Asia/Dubai
AT AUT Europe/Vienna
BD BGD Asia/Dhaka
BE BEL Europe/Brussels
BG BGR Europe/Sofia
CH CHE Europe/Zurich
CN CHN Asia/Shanghai
CO COL America/Bogota
CZ CZE Europe/Prague
DE DEU Europe/Berlin
DK DNK Europe/Copenhagen
EE EST Europe/Tallinn
EG EGY Africa/Cairo
FI FIN Europe/Helsinki
FR FRA Europe/Paris
GB GBR Europe/London
GR GRC Europe/Athens
HK HKG Asia/Hong_Kong
HR HRV Europe/Zagreb
HU HUN Europe/Budapest
IE IRL Europe/Dublin
IL ISR Asia/Jerusalem
IN IND Asia/Kolkata
IT ITA Europe/Rome
JP JPN Asia/Tokyo
KE KEN Africa/Nairobi
KH KHM Asia/Phnom_Penh
KR KOR Asia/Seoul
KW KWT Asia/Kuwait
LK LKA Asia/Colombo
LT LTU Europe/Vilnius
LU LUX Europe/Luxembourg
LV LVA Europe/Riga
MA MAR Africa/Casablanca
MO MAC Asia/Macau
MY MYS Asia/Kuala_Lumpur
NG NGA Africa/Lagos
NL NLD Europe/Amsterdam
NO NOR Europe/Oslo
PE PER America/Lima
PH PHL Asia/Manila
PK PAK Asia/Karachi
PL POL Europe/Warsaw
QA QAT Asia/Qatar
RO ROU Europe/Bucharest
RS SRB Europe/Belgrade
SA SAU Asia/Riyadh
SE SWE Europe/Stockholm
SG SGP Asia/Singapore
SI SVN Europe/Ljubljana
SK SVK Europe/Bratislava
TH THA Asia/Bangkok
TR TUR Europe/Istanbul
TW TWN Asia/Taipei
UA UKR Europe/Kyiv
VN VNM Asia/Ho_Chi_Minh
ZA ZAF Africa/Johannesburg
"""
_BY_COUNTRY = {code: line.split()[2] for line in _COUNTRIES.strip().splitlines() for code in line.split()[:2]}
_BY_CARRIER = {
    "cj": "Asia/Seoul",
    "hanjin": "Asia/Seoul",
    "lotte": "Asia/Seoul",
    "logen": "Asia/Seoul",
    "korea_post": "Asia/Seoul",
    "ems": "Asia/Seoul",
    "yamato": "Asia/Tokyo",
    "sagawa": "Asia/Tokyo",
    "japan_post": "Asia/Tokyo",
    "sf": "Asia/Shanghai",
    "ups": "America/New_York",
    "fedex": "America/New_York",
    "usps": "America/New_York",
}


def zone_of_country(code: str) -> ZoneInfo | None:
    """The zone of a country by its ISO code of two or three letters; None when it has several or is not known here."""
    return _zone(_BY_COUNTRY.get(code.upper(), ""))


def zone_of_carrier(code: str) -> ZoneInfo | None:
    """The zone a carrier (our code) writes its local times in; None when it is not known."""
    return _zone(_BY_CARRIER.get(code, ""))


@cache
def _zone(name: str) -> ZoneInfo | None:
    return ZoneInfo(name) if name else None
