"""Files that were made in one language are understood in every other: heads, kinds, companies, dates; nothing changes."""

from datetime import timedelta

import pytest

from core.domain.language import Language, speaking
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.files import export, headers
from core.files.write import Format
from core.languages import speech_of
from core.services import importing, uploading
from core.services.shipments import exporting
from core.services.shipments.changes import Request
from tests.builders import RULES, SEOUL
from tests.desk import SetClock, a_demo_desk
from tests.services.importing.given import IMPORTER, THE_DESK
