"""A page with invented shipments that shows everything the table and the timeline can do."""

import streamlit as st

from core.ui.kit.chips import flag_chip, status_chip
from core.ui.kit.table import TableEvent, select, selection, shipment_table, turned
from core.ui.kit.timeline import TimelineItem, timeline

st.set_page_config(layout="wide")
st.html("<style>.stMainBlockContainer{padding-inline:1.25rem!important}</style>")

PAGE = 50
RECIPIENTS = (
    "Sofia Marino",
    "김민서",
    "佐藤 陽菜",
    "Daniel Okafor",
    "Emma Lindqvist",
    "王 小明",
    "<script>alert(1)</script>",
    "Aisha Rahman",
    "Jean-Baptiste de la Rochefoucauld-Montmorency",
    "Mia Hoffmann",
)
PRODUCTS = ("Ceramic pour-over set", "Linen apron, charcoal", "Walnut desk tray", "Oak wall shelf", "<b>Bento</b> box")
PLACES = ("Milan, IT", "Singapore, SG", "Paris, FR", "Osaka, JP", "Vancouver, CA", "Stockholm, SE")
NUMBERS = (
    ("DHL Express", "4829103755"),
    ("UPS", "1Z06116F1269539082"),
    ("EMS Korea Post", "EG034346051KR"),
    ("FedEx", "709747019054"),
    ("Yamato", "086123318944"),
)
STATES = (
    ("in_delivery", None, "no_scan"),
    ("in_delivery", None, "past_promise"),
    ("preparing_to_ship", None, "never_scanned"),
    ("released", None, None),
    ("preparing_to_ship", None, "dispatch_overdue"),
    ("in_delivery", None, None),
    ("in_delivery", None, "at_risk"),
    ("preparing_to_release", "release_failed", "invalid_number"),
    ("preparing_to_release", None, None),
    ("shipping_failed", "undecided", "failed"),
    ("shipping_failed", "redelivery", None),
    ("shipping_failed", "cancellation", "returned"),
    ("delivered", None, None),
)
REASONS = {
    "release_failed": "UPS does not know this number. Compare it with the label, then modify or delete the invoice.",
    "undecided": "Address not found; the carrier asks for a new one.",
}
CAN = {
    "preparing_to_release": ["register", "history"],
    "shipping_failed": ["view", "history"],
    "delivered": ["view", "history"],
}
MOMENTS: list[TimelineItem] = [
    {"at": "24 Nov", "title": "Promised date", "text": "No scan since 18 Nov 07:41: ask DHL.", "icon": "calendar"},
    {
        "at": "18 Nov 07:41",
        "title": "In transit",
        "text": "Departed facility, Leipzig DE",
        "icon": "truck",
        "hue": "orange",
        "right": "5 d 11 h, and counting",
    },
    {
        "at": "17 Nov 22:05",
        "title": "In transit",
        "text": "Arrived at hub, <b>Leipzig</b> " + "and waited for the connecting flight " * 5,
        "icon": "truck",
        "right": "9 h 36 min",
    },
    {"at": "16 Nov 19:30", "title": "Dispatched: picked up", "icon": "dispatch", "right": "26 h 35 min"},
    {"at": "16 Nov 09:12", "title": "Processed: invoice registered", "text": "Hana Seo", "icon": "tag"},
    {"at": "15 Nov 16:20", "title": "Prepared for shipment", "text": "Warehouse ICN1", "icon": "box"},
]


def request(i: int) -> str | None:
    if i == 48:
        return "Ring the bell of the neighbour, then leave it with the doorman. " * 5
    return "Gift: no invoice in the parcel, please." if i % 4 == 0 else None


def invented(i: int) -> dict[str, object]:
    status, word, flag = STATES[i % len(STATES)]
    waiting = status == "preparing_to_release" and word is None
    carrier, number = NUMBERS[i % len(NUMBERS)]
    can = ["modify", "delete", "view", "history"] if word == "release_failed" else CAN.get(status)
    return {
        "id": f"S2611{15 + i // 20}-{3188 + 17 * i:05}",
        "request": request(i),
        "order_no": f"O-{87213 + 13 * i}",
        "ordered": f"{16 + i % 8} Nov {8 + i % 12:02}:{i % 60:02}",
        "products": PRODUCTS[i % len(PRODUCTS)],
        "more": i % 3,
        "recipient": RECIPIENTS[i % len(RECIPIENTS)],
        "destination": PLACES[i % len(PLACES)],
        "warehouse": ("ICN1", "TYO2", "LAX1")[i % 3],
        "carrier": "" if waiting else carrier,
        "invoice_no": "" if waiting else number,
        "status": status_chip(status, word),
        "reason": REASONS.get(word or ""),
        "age": f"{5 - i // 40} d {23 - i % 24} h",
        "flag": flag_chip(flag, 5),
        "can": can or ["modify", "delete", "view", "history"],
    }


@st.cache_data
def shipments() -> list[dict[str, object]]:
    return [invented(i) for i in range(200)]


def sort_rows(event: TableEvent) -> None:
    if event.name == "sort":
        st.session_state.sort = turned(st.session_state.sort, event.id)


st.session_state.setdefault("sort", ("shipment_no", False))
st.session_state.setdefault("presses", 0)
key, descending = st.session_state.sort
field = {"shipment_no": "id", "ordered_at": "ordered"}.get(key, key)
rows = sorted(shipments(), key=lambda row: str(row.get(field)), reverse=descending)

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.markdown(f"**{len(selection('demo'))} selected**")
    if st.button("Clear"):
        select("demo")
        st.rerun()
    st.button("Refresh")
    said = st.empty()
table = st.container()
page = st.pagination(-(-len(rows) // PAGE), key="page")
with table:
    event = shipment_table(
        rows[(page - 1) * PAGE : page * PAGE],
        key="demo",
        caption="Shipments in delivery",
        sort=st.session_state.sort,
        view=f"{page} {st.session_state.sort}",
        on_event=sort_rows,
    )
if event:
    st.session_state.presses += 1
    said.markdown(f"{event.name} {event.id} · press {st.session_state.presses}")


@st.dialog("Shipment", position="right", width=640)
def drawer(shipment_no: str) -> None:
    st.markdown(f"Shipment **{shipment_no}**")
    timeline(MOMENTS, key="tracking", label="Tracking")
    timeline([], key="none")


if event and event.name == "open":
    drawer(event.id)
