"""Short texts that stand on several screens, each said here: buttons, heads of columns, titles of messages; what services say too is in
`core.domain.phrases`.
"""

from typing import Final

from core.domain.language import marked

CLOSE_BOX: Final = marked("Close this box")
CLEAR_ALL: Final = marked("Clear all")
FIND_ANYTHING: Final = marked("Find anything")
IMPORT_SHIPMENTS: Final = marked("Import shipments")
UPLOAD_INVOICES: Final = marked("Upload invoices from Excel")
READING_FILE: Final = marked("Reading the file")
FILE_NOT_READ: Final = marked("This file was not read")
NOT_DONE: Final = marked("This could not be done")
NOTHING_REGISTERED: Final = marked("Nothing was registered")
NOTHING_UNDONE: Final = marked("Nothing was undone")
NO_ROW_NOW: Final = marked("No row can be registered now")
MODIFY_INVOICE: Final = marked("Modify invoice")
VIEW_DETAILS: Final = marked("View Shipment Details")
REFRESH_TRACKING: Final = marked("Refresh tracking")
BACK_ON_WORKLIST: Final = marked("Back on the worklist")
TAKE_BACK: Final = marked("Take back")
SHOW_CHANGES: Final = marked("Show changes")
PRESS_COPY: Final = marked("Press Ctrl+C")
OFF_THE_WORKLIST: Final = marked("Off the worklist until something new goes wrong")
WHAT_OTHERS_KNOW: Final = marked("What the others should know")
VIEW_WITHOUT_NAME: Final = marked("View without a name")
ALL_COMPANIES: Final = marked("All shipping companies")
ALL_WAREHOUSES: Final = marked("All warehouses")
COMPANIES: Final = marked("Shipping companies")
PACKING_LIST: Final = marked("Packing list")
THIS_LIST: Final = marked("This list")
THIS_PAGE: Final = marked("This page")
THIS_SHIPMENT: Final = marked("This shipment")

ASKED_THROUGH: Final = marked("Asked through")
LIKELY_BETWEEN: Final = marked("Likely between")
NEXT_ACTION: Final = marked("Next action")
STILL_OPEN: Final = marked("Still open")
WHY_AND_WHAT: Final = marked("Why, and what to do")

NO_CHANGE: Final = marked("no change")
NO_CLEAR_CHANGE: Final = marked("no clear change")
WORSE: Final = marked("worse")
BETTER: Final = marked("better")

AND_MORE: Final = marked("and {count:,} more")
ASSIGNED_TO: Final = marked("Assigned to {name}")
BECAME: Final = marked("{before} → {after}")
ORDER: Final = marked("order {order_no}")
SHIP_BY: Final = marked("ship by {day}")
SHOW_COUNT: Final = marked("Show {count:,}")
SNOOZED_UNTIL: Final = marked("Snoozed until {day}")
UNDONE_BY: Final = marked("Undone by B-{batch}")
WAREHOUSE: Final = marked("Warehouse {warehouse}")
