"""What admins decided about carriers."""

from core.store import carrier_settings
from core.store.database import Connection
from tests.builders import NOW, a_store


def test_the_newest_setting_of_a_carrier_counts_and_keeps_the_other_half() -> None:
    store = a_store()

    def decide(connection: Connection, **values: str | None) -> None:
        carrier_settings.add(connection, "cj", values, by="Hana", at=NOW)

    store.write(lambda c: decide(c, check_digit="warn"))
    store.write(lambda c: decide(c, service="aftership"))
    row = carrier_settings.newest(store)["cj"]
    assert (row["check_digit"], row["service"]) == ("warn", "aftership")
    store.write(lambda c: decide(c, check_digit=None))
    assert carrier_settings.newest(store)["cj"]["check_digit"] is None
