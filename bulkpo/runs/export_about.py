"""The sheet that says what a workbook holds: where it was read, when, and what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulkpo import __version__
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.model.table import Cell


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known once an export is read."""

    instance: str
    now: datetime
    documents: int
    rows: int
    notices: Sequence[str]


def has_sheets(path: Path) -> bool:
    """Whether a file of this name can hold a second sheet."""
    return path.suffix.lower() == ".xlsx"


def about_rows(mapping: ExportMapping, facts: Facts) -> list[tuple[Cell, Cell]]:
    """The sheet's rows: a name and a value each."""
    said: list[tuple[Cell, Cell]] = [("Export", mapping.name)]
    if mapping.description:
        said.append(("Description", mapping.description))
    said += [("Instance", facts.instance), ("Resource", mapping.resource.name)]
    conditions = [str(clause) for clause in mapping.clauses] or ["all"]
    said += [("Where" if number == 0 else None, condition) for number, condition in enumerate(conditions)]
    said.append(("A row for each of", "/".join(mapping.rows) or mapping.resource.object))
    zone = f"in {mapping.zone}" if mapping.zone else "as the instance shows them, in its own zone"
    said += [
        ("Dates", zone),
        ("Read", f"{facts.now:%Y-%m-%d %H:%M} {facts.now.tzname()}"),
        ("Documents", f"{facts.documents:,}"),
        ("Rows", f"{facts.rows:,}"),
    ]
    said += [("Note", notice) for notice in facts.notices]
    said.append(("Written by", f"bulkpo {__version__}"))
    return said
