"""The import of shipments: a file, its mapping to our columns, and what it means for the desk."""

from core.files.order_layouts import layouts
from core.files.read import Source, unlocked
from core.services.importing.columns import COLUMNS, REQUIRED, ImportColumn, title
from core.services.importing.home_doubt import home_doubt
from core.services.importing.mapping import ColumnMapping, load_mapping, own_columns, parse_mapping
from core.services.importing.proposing import propose
from core.services.importing.reading import read
from core.services.importing.recognising import (
    FOR_UPLOAD,
    FileKind,
    RecognisedFile,
    keep_mapping,
    kept_mapping,
    parcels_before,
    recognise,
    with_content,
)
from core.services.importing.rows import Finding
from core.services.importing.running import FileOrder, ImportPlan, ImportReport, import_file, plan, run, told
from core.services.importing.translating import ShopHome, TranslatedFile
from core.store.stopping import Stop, Stopped

__all__ = [
    "COLUMNS",
    "FOR_UPLOAD",
    "REQUIRED",
    "ColumnMapping",
    "FileKind",
    "FileOrder",
    "Finding",
    "ImportColumn",
    "ImportPlan",
    "ImportReport",
    "RecognisedFile",
    "ShopHome",
    "Source",
    "Stop",
    "Stopped",
    "TranslatedFile",
    "home_doubt",
    "import_file",
    "keep_mapping",
    "kept_mapping",
    "layouts",
    "load_mapping",
    "own_columns",
    "parcels_before",
    "parse_mapping",
    "plan",
    "propose",
    "read",
    "recognise",
    "run",
    "title",
    "told",
    "unlocked",
    "with_content",
]
