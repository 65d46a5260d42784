"""Before an import the Data page says when most of it goes to another country than the desk takes for the shop's own."""

from pathlib import Path

import pytest

from core.config import ROOT
from core.domain.reasons import sentences
from core.services.importing import home_doubt
from tests.screens import a_shop, given, opened, pressed, words

RAKUTEN = ROOT / "tests" / "data" / "orders" / "rakuten_rms_cp932.csv"
OWN = "shipment_no,order_no,ordered_at,country\nS-1,O-1,2026-11-01,JP\nS-2,O-2,2026-11-01,JP\nS-3,O-3,2026-11-01,KR\n"


@pytest.mark.parametrize(
    ("file", "name", "shipments"),
    [(RAKUTEN.read_bytes(), RAKUTEN.name, {"JP": 2}), (OWN.encode(), "own.csv", {"JP": 2, "KR": 1})],
    ids=["orders", "own columns"],
)
@pytest.mark.parametrize("country", ["", "KR", "JP"])
def test_it_is_said_unless_the_country_is_set(
    file: bytes, name: str, shipments: dict[str, int], country: str, tmp_path: Path
) -> None:
    doubt = sentences(home_doubt(shipments, home="KR", home_given=False, zone_given=False))
    with a_shop(tmp_path, 0, SHIPDESK_COUNTRY=country):
        app = given(opened("data"), "import:file", file, name)
        assert app.button(key="import:go") and (doubt in words(app)) is (not country)
        if not country:
            pressed(app, "import:go")
            assert doubt not in words(given(opened("data"), "import:file", file, name))
