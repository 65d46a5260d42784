"""The import of shipments: a file, its mapping to our columns, and what it means for the desk."""

from core.files.read import Source
from core.services.importing.columns import COLUMNS, REQUIRED, ImportColumn, title
from core.services.importing.mapping import Mapping, load_mapping, own_columns, parse_mapping
from core.services.importing.proposing import propose
from core.services.importing.reading import read
from core.services.importing.rows import Finding
from core.services.importing.running import ImportPlan, ImportReport, import_file, plan, run

__all__ = [
    "COLUMNS",
    "REQUIRED",
    "Finding",
    "ImportColumn",
    "ImportPlan",
    "ImportReport",
    "Mapping",
    "Source",
    "import_file",
    "load_mapping",
    "own_columns",
    "parse_mapping",
    "plan",
    "propose",
    "read",
    "run",
    "title",
]
