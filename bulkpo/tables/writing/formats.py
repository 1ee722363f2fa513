"""The file formats that can be written, by extension, and what each can hold."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format of tables. `has_sheets` if a file can hold a second sheet; `is_typed` if each column has one type."""

    extension: str
    has_sheets: bool = False
    is_typed: bool = False


XLSX = FileFormat(".xlsx", has_sheets=True)
CSV = FileFormat(".csv")
TSV = FileFormat(".tsv")
JSON_LINES = FileFormat(".jsonl")
PARQUET = FileFormat(".parquet", is_typed=True)
_FORMATS = {each.extension: each for each in (XLSX, CSV, TSV, JSON_LINES, PARQUET)}
_NAMES = list(_FORMATS)
LISTED = f"{', '.join(_NAMES[:-1])} or {_NAMES[-1]}"
"""The extensions, as messages name them."""


def format_of(path: Path) -> FileFormat | None:
    """The format a file of this name is written in; None for an extension that is not known."""
    return _FORMATS.get(path.suffix.lower())
