"""Short texts that several rooms say, each said here; what only screens say is in `core.ui.kit.shared`."""

from typing import Final

from core.domain.language import marked

ALL_SHIPMENTS: Final = marked("All shipments")
LEFT_OUT: Final = marked("Left out")
NOTHING_CHANGED: Final = marked("Nothing was changed.")
NOT_WRITTEN_YET: Final = marked("Nothing has been written yet.")
NAME_AND_MORE: Final = marked("{name} and {count} more")
GOODS: Final = marked("{name} × {quantity:,}")
IN_COLUMN: Final = marked("{title}: {fault}")
OF_NUMBER: Final = marked("Invoice No.: {fault}")
