"""The countries there are: ISO 3166-1 alpha-2 codes, and XK, under which posts and customs know Kosovo; and their time zones."""

from zoneinfo import ZoneInfo

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG
CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL
GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA
LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP
NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK
"""

COUNTRIES: frozenset[str] = frozenset(_CODES.split())

_ZONES = """
AE ARE Asia/Dubai
AT AUT Europe/Vienna
AU AUS Australia/Sydney
BD BGD Asia/Dhaka
BE BEL Europe/Brussels
BG BGR Europe/Sofia
BR BRA America/Sao_Paulo
CA CAN America/Toronto
CH CHE Europe/Zurich
CN CHN Asia/Shanghai
CO COL America/Bogota
CZ CZE Europe/Prague
DE DEU Europe/Berlin
DK DNK Europe/Copenhagen
EE EST Europe/Tallinn
EG EGY Africa/Cairo
ES ESP Europe/Madrid
FI FIN Europe/Helsinki
FR FRA Europe/Paris
GB GBR Europe/London
GR GRC Europe/Athens
HK HKG Asia/Hong_Kong
HR HRV Europe/Zagreb
HU HUN Europe/Budapest
ID IDN Asia/Jakarta
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
MX MEX America/Mexico_City
MY MYS Asia/Kuala_Lumpur
NG NGA Africa/Lagos
NL NLD Europe/Amsterdam
NO NOR Europe/Oslo
NZ NZL Pacific/Auckland
PE PER America/Lima
PH PHL Asia/Manila
PK PAK Asia/Karachi
PL POL Europe/Warsaw
PT PRT Europe/Lisbon
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
US USA America/Chicago
VN VNM Asia/Ho_Chi_Minh
ZA ZAF Africa/Johannesburg
"""
_OF_SEVERAL_ZONES = {"AU", "BR", "CA", "ES", "ID", "MX", "NZ", "PT", "US"}
_LINES = [line.split() for line in _ZONES.strip().splitlines()]
_ALPHA_2 = {alpha_3: alpha_2 for alpha_2, alpha_3, _ in _LINES}

ZONES: dict[str, str] = {alpha_2: zone for alpha_2, _, zone in _LINES}
"""The time zone of most people in a country, of those where one is known well enough."""


def only_zone(code: str) -> ZoneInfo | None:
    """The time zone of a country by its code of two or three letters; None when it has several or is not known here."""
    country = _ALPHA_2.get(code.upper(), code.upper())
    zone = None if country in _OF_SEVERAL_ZONES else ZONES.get(country)
    return ZoneInfo(zone) if zone else None
