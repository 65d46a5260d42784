"""What the fields of a shipment are called, on screen and in files: the one place where their names stand."""

from typing import Final

from core.domain.language import Vocabulary

FIELDS: Final[Vocabulary[str]] = Vocabulary(
    {
        "shipment_no": "Shipment No.",
        "order_no": "Order No.",
        "kind": "General / Claim",
        "ordered_at": "Ordered",
        "released_at": "Released",
        "invoiced_at": "Invoice registered",
        "picked_up_at": "Picked up",
        "first_attempt_at": "First attempt",
        "delivered_at": "Delivered",
        "promised_on": "Promised date",
        "ship_by": "Ship by",
        "warehouse": "Warehouse",
        "policy": "Shipping policy",
        "option": "Shipping option",
        "weight_kg": "Weight",
        "freight": "Freight",
        "currency": "Currency",
        "request": "Shipping request",
        "recipient": "Recipient",
        "phone": "Phone",
        "address": "Address",
        "city": "City",
        "region": "Region",
        "postal_code": "Postal code",
        "country": "Country",
        "product_option": "Product option",
        "product_id": "Product ID",
        "product_name": "Product name",
        "quantity": "Quantity",
        "carrier": "Shipping company",
        "invoice_no": "Invoice No.",
        "items": "Items",
        "status": "Status",
        "word": "Detail",
        "reason": "Reason",
        "status_since": "In status since",
        "flag": "Flag",
        "lane": "Route",
        "detail": "Status detail",
        "age": "In status",
        "order_date": "Order date",
        "destination": "Destination",
        "in_hand": "Assigned to",
    }
)
